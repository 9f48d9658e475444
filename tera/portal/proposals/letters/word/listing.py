"""A list of units as DOCX, under the letterhead of the office."""

from docx.shared import Cm, Length, Pt

from tera.portal.proposals.letters.criteria import Json
from tera.portal.proposals.letters.word.attachment import GROUND, cells_of, first_of, say_below
from tera.portal.proposals.letters.word.body import add_invented, add_letterhead
from tera.portal.proposals.letters.word.packing import pack
from tera.portal.proposals.letters.word.pieces import begin_table, foot, keep_whole, lines_in, shade
from tera.portal.proposals.letters.word.styles import SMALL, begin, width_of

HEADS = ("No.", "Unit", "Keadaan", "Yang masih kurang", "Nilai")
NARROW = (Cm(1.1), Cm(2.8), Cm(3.7), Cm(3.6))


def word_list(it: Json, logo: bytes) -> bytes:
    """Return the DOCX of a list."""
    made = begin(it)
    section = made.sections[0]
    foot(section, it)
    add_letterhead(made, it, logo)
    if it["is_invented"]:
        add_invented(made)
    heading = made.add_heading(it["subject"], level=1)
    heading.paragraph_format.space_before = Pt(12)
    for line in it["about"]:
        made.add_paragraph(line)
    number, *narrow = NARROW
    widths = [number, Length(width_of(section) - sum(NARROW)), *narrow]
    rows = begin_table(made, len(it["rows"]) + 1, widths)
    for cell, title in zip(cells_of(rows[0], widths), HEADS, strict=True):
        shade(cell, GROUND)
        lines_in(first_of(cell, is_right=title == HEADS[0]), [title], is_bold=True)
    for row, one in zip(rows[1:], it["rows"], strict=True):
        keep_whole(row)
        place, unit, state, missing, values = cells_of(row, widths)
        lines_in(first_of(place, is_right=True), [one["place"]])
        lines_in(first_of(unit), [one["unit"]], is_bold=True)
        say_below(unit, [one["office"]])
        lines_in(first_of(state), [one["state"]])
        lines_in(first_of(missing), one["missing"])
        lines_in(first_of(values, style=SMALL), one["values"])
    for note in it["notes"]:
        made.add_paragraph(note, style=SMALL).paragraph_format.space_before = Pt(6)
    return pack(made)
