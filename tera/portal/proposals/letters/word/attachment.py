"""The table of units, on pages of its own, across; its header stands on each of them."""

from collections.abc import Sequence
from itertools import count

from docx.document import Document as Made
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Cm, Length, Pt
from docx.table import _Cell, _Row
from docx.text.paragraph import Paragraph

from tera.portal.proposals.letters.document import Json
from tera.portal.proposals.letters.word.body import add_invented
from tera.portal.proposals.letters.word.pieces import begin_table, foot, keep_whole, lines_in, link_in, shade
from tera.portal.proposals.letters.word.styles import GREY, LONG_SIDE, NARROW, SHORT_SIDE, SMALL, width_of

SIDE, GROUND = Cm(1.6), "E5EEF7"
RIGHT = WD_ALIGN_PARAGRAPH.RIGHT
VALUE = Cm(2.5)  # how wide the column of a measure is


def add_attachment(made: Made, it: Json) -> None:
    """Write the attachment after the letter."""
    section = made.add_section(WD_SECTION.NEW_PAGE)
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, LONG_SIDE, SHORT_SIDE
    section.left_margin = section.right_margin = SIDE
    foot(section, it)
    made.add_paragraph(it["belongs"], style=SMALL)
    heading = made.add_heading(it["attachment"], level=2)
    heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(4), Pt(8)
    for run in heading.runs:
        run.font.size = Pt(13)
    if it["is_invented"]:
        add_invented(made)
    _table(made, it, width_of(section))
    for place, note in enumerate(it["notes"]):
        paragraph = made.add_paragraph(note, style=SMALL)
        paragraph.paragraph_format.space_before = Pt(0 if place else 8)
    made.add_paragraph(f"Sidik SHA-256 naskah surat ini (JSON): {it['sha256']}", style=SMALL)


def _table(made: Made, it: Json, width: Length) -> None:
    """Write the table: for each unit a row of numbers, and one for what is said of it."""
    columns: list[Json] = it["columns"]
    narrow = [Cm(1.1), Cm(2.1), *[VALUE] * len(columns), Cm(2.5)]
    left = width - sum(narrow)
    unit, decision = (Length(round(left * share)) for share in (0.46, 0.54))
    widths = [narrow[0], unit, *narrow[1:], decision]
    heads = [(one["name"], one["limits"]) for one in columns]
    titles = [("No.", []), ("Unit dan periode", []), ("Predikat", []), *heads]
    titles += [("Responden", it["n_limits"]), ("Putusan", [])]
    rows = begin_table(made, 2 * len(it["rows"]) + 1, widths)
    right = {0, *range(3, 4 + len(columns))}
    for place, (cell, (title, limits)) in enumerate(zip(cells_of(rows[0], widths), titles, strict=True)):
        shade(cell, GROUND)
        lines_in(first_of(cell, is_right=place in right), [title], is_bold=True)
        if limits:
            say_below(cell, limits).alignment = RIGHT
    for numbers, words, one in zip(rows[1::2], rows[2::2], it["rows"], strict=True):
        keep_whole(numbers)
        keep_whole(words)
        above, below = cells_of(numbers, widths), cells_of(words, widths)
        _fill(above, one)
        _say(below, one)
        above[0].merge(below[0])


def _say(cells: Sequence[_Cell], one: Json) -> None:
    """Write below a unit what no survey measures, and what proves its row, across the table."""
    said = cells[1].merge(cells[-1])
    paragraph = first_of(said, style=SMALL)
    if one["others"]:
        paragraph.add_run(one["others"]).add_break()
    paragraph.add_run(f"Bukti: {one['proofs']}")
    for way in one["addresses"]:
        paragraph.add_run(" ")
        link_in(paragraph, way["url"], way["shown"])


def cells_of(row: _Row, widths: Sequence[Length]) -> list[_Cell]:
    """Return the cells of a row, as wide as they are to be: word processors do not agree on who says so."""
    cells = list(row.cells)
    for cell, width in zip(cells, widths, strict=True):
        cell.width = width
    return cells


def _fill(cells: Sequence[_Cell], one: Json) -> None:
    """Write a unit into its row."""
    at = count()
    lines_in(first_of(cells[next(at)], is_right=True), [one["place"]])
    unit = cells[next(at)]
    lines_in(first_of(unit), [one["unit"]], is_bold=True)
    say_below(unit, [one["period"]])
    lines_in(first_of(cells[next(at)]), [one["target"]])
    for value in (*one["values"], one["n"]):
        cell = cells[next(at)]
        lines_in(first_of(cell, is_right=True), [value["now"]], is_bold=value is not one["n"])
        if value["was"]:
            say_below(cell, [value["was"]]).alignment = RIGHT
    decision = cells[next(at)]
    lines_in(first_of(decision), [one["decision"]], is_bold=True)
    say_below(decision, one["facts"])
    for cell in cells:  # so that what is said of the unit stands on the same page
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.keep_with_next = True


def first_of(cell: _Cell, *, is_right: bool = False, style: str = NARROW) -> Paragraph:
    paragraph = Paragraph(cell._tc.p_lst[0], cell)  # noqa: SLF001 - what `paragraphs` gives has no type
    paragraph.style = style
    if is_right:
        paragraph.alignment = RIGHT
    return paragraph


def say_below(cell: _Cell, lines: list[str]) -> Paragraph:
    paragraph = lines_in(cell.add_paragraph(style=SMALL), lines)
    for run in paragraph.runs:
        run.font.color.rgb = GREY
    return paragraph
