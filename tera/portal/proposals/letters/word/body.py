"""The letter itself: letterhead, number, subject, addressee, paragraphs, signatory, and who gets a copy."""

import base64
import io

from docx.document import Document as Made
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.shared import Cm, Length, Pt
from docx.text.paragraph import Paragraph

from tera.portal.proposals.letters.document import Json
from tera.portal.proposals.letters.word.pieces import INVENTED, foot, lines_in, underline
from tera.portal.proposals.letters.word.styles import width_of

LOGO_WIDTH, LOGO_HEIGHT = Cm(2.2), Cm(2)
LABELS, SIGNATURE = Cm(2.6), Cm(8.4)  # how far in what follows "Nomor" and the signatory stand
LONG_NUMBER = 44  # characters, beside which the day does not fit on a line


def add_body(made: Made, it: Json, logo: Json) -> None:
    """Write the letter into an empty document."""
    foot(made.sections[0], it)
    add_letterhead(made, it, base64.b64decode(logo.get("content", "")))
    if it["is_invented"]:
        add_invented(made)
    _references(made, it)
    to = made.add_paragraph()
    to.paragraph_format.space_before = to.paragraph_format.space_after = Pt(12)
    lines_in(to, [f"Yth. {it['addressee'][0]}", *it["addressee"][1:]])
    for lines in (*it["opening"], *it["closing"]):
        paragraph = lines_in(made.add_paragraph(), lines)
        # Lines that the office broke itself must not be spread.
        paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if len(lines) == 1 else WD_ALIGN_PARAGRAPH.LEFT
    _signature(made, it["signatory"])
    if it["copies"]:
        heading = made.add_heading("Tembusan", level=2)
        heading.paragraph_format.space_before = Pt(18)
        style = "List Number" if len(it["copies"]) > 1 else "Normal"
        for line in it["copies"]:
            made.add_paragraph(line, style=style)


def add_invented(made: Made) -> None:
    """Say that the numbers are invented."""
    says = made.add_paragraph()
    says.alignment, says.paragraph_format.space_before = WD_ALIGN_PARAGRAPH.CENTER, Pt(6)
    says.add_run(INVENTED).bold = True


def add_letterhead(made: Made, it: Json, logo: bytes) -> None:
    """Write the lines of the letterhead, beside the logo if there is one, and the rule below them."""
    if not logo:
        for place, line in enumerate(it["letterhead"]):
            _headline(made.add_paragraph(), line, is_first=place == 0)
        underline(made.paragraphs[-1])
        return
    table = made.add_table(1, 3)
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    side, cells = Cm(2.5), table.rows[0].cells
    widths = (side, Length(width_of(made.sections[0]) - 2 * side), side)
    for column, cell, width in zip(table.columns, cells, widths, strict=True):
        column.width = cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
    _draw(cells[0].paragraphs[0], logo, f"Logo {it['office']}")
    for place, line in enumerate(it["letterhead"]):
        paragraph = cells[1].paragraphs[0] if place == 0 else cells[1].add_paragraph()
        _headline(paragraph, line, is_first=place == 0)
    rule = made.add_paragraph()
    rule.paragraph_format.line_spacing = Pt(4)
    underline(rule)


def _headline(paragraph: Paragraph, line: str, *, is_first: bool) -> None:
    """Write a line of a letterhead: names in capitals stand out, an address does not."""
    paragraph.alignment, paragraph.paragraph_format.space_after = WD_ALIGN_PARAGRAPH.CENTER, Pt(0)
    run, is_name = paragraph.add_run(line), line == line.upper()
    run.bold = is_name
    run.font.size = (Pt(12) if is_first else Pt(14)) if is_name else Pt(9)


def _draw(paragraph: Paragraph, logo: bytes, says: str) -> None:
    """Draw a picture as large as it fits, with what a screen reader says of it."""
    paragraph.paragraph_format.space_after = Pt(0)
    drawn = paragraph.add_run().add_picture(io.BytesIO(logo))
    scale = min(LOGO_WIDTH / drawn.width, LOGO_HEIGHT / drawn.height)
    drawn.width, drawn.height = Length(round(drawn.width * scale)), Length(round(drawn.height * scale))
    drawn._inline.docPr.set("descr", says)  # noqa: SLF001 - python-docx has no word for it


def _references(made: Made, it: Json) -> None:
    """Write number, attachment and subject, and the day at the right."""
    day, number = f"{it['place']}, {it['day']}", it["named"]
    width = width_of(made.sections[0])
    if len(number) > LONG_NUMBER:
        alone = made.add_paragraph(day)
        alone.alignment, day = WD_ALIGN_PARAGRAPH.RIGHT, ""
    _reference(made, f"Nomor\t: {number}" + (f"\t{day}" if day else ""), width)
    _reference(made, f"Lampiran\t: {it['attached']}", width)
    subject = made.add_heading("", level=1)
    subject.add_run("Hal\t: ").bold = False
    subject.add_run(it["subject"])
    _hang(subject, width)


def _reference(made: Made, text: str, width: Length) -> None:
    paragraph = made.add_paragraph(text)
    paragraph.paragraph_format.space_after = Pt(2)
    _hang(paragraph, width)


def _hang(paragraph: Paragraph, width: Length) -> None:
    """Let what follows a label begin at the same place on each line."""
    layout, colon = paragraph.paragraph_format, Cm(0.25)
    layout.left_indent, layout.first_line_indent = Length(LABELS + colon), Length(-LABELS - colon)
    layout.tab_stops.add_tab_stop(LABELS)
    layout.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)


def _signature(made: Made, signatory: Json) -> None:
    """Write who signs, with room for the signature; it stays on one page."""
    title = lines_in(made.add_paragraph(), signatory["title"])
    title.paragraph_format.space_before, title.paragraph_format.space_after = Pt(24), Pt(56)
    name = lines_in(made.add_paragraph(), [signatory["name"]], is_bold=True)
    name.paragraph_format.space_after = Pt(0)
    signed = [title, name]
    if signatory["nip"]:
        signed.append(made.add_paragraph(f"NIP {signatory['nip']}"))
    for paragraph in signed:
        paragraph.paragraph_format.left_indent = SIGNATURE
        paragraph.paragraph_format.keep_with_next = paragraph is not signed[-1]
        paragraph.paragraph_format.keep_together = True
