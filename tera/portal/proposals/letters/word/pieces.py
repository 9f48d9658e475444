"""Pieces of a document for which python-docx has no word: rules, fields, links, header rows."""

from collections.abc import Sequence

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph

from tera.portal.proposals.letters.document import Json
from tera.portal.proposals.letters.word.styles import width_of

INVENTED = "Data contoh: semua angka rekaan"
RED = RGBColor(0xB3, 0x26, 0x1E)
BLUE = RGBColor(0x0F, 0x4C, 0x81)


def element(name: str, **values: str) -> BaseOxmlElement:
    """Return an element of WordprocessingML with these attributes."""
    made = OxmlElement(f"w:{name}")
    for key, value in values.items():
        made.set(qn(f"w:{key}"), value)
    return made


def lines_in(paragraph: Paragraph, lines: list[str], *, is_bold: bool = False) -> Paragraph:
    """Write lines into a paragraph."""
    for place, line in enumerate(lines):
        run = paragraph.add_run(line)
        run.bold = is_bold or None
        if place < len(lines) - 1:
            run.add_break()
    return paragraph


def underline(paragraph: Paragraph) -> None:
    """Draw the double rule of a letterhead below a paragraph."""
    borders = element("pBdr")
    borders.append(element("bottom", val="thickThinSmallGap", sz="24", space="4", color="14202B"))
    # Its place among the properties of a paragraph is fixed: before spacing, indents and alignment.
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - python-docx has no way around it
        borders, "w:shd", "w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def link_in(paragraph: Paragraph, url: str, shown: str) -> None:
    """Write a link into a paragraph."""
    target = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), target)
    run = paragraph.add_run(shown)
    run.font.color.rgb = BLUE
    link.append(run._r)  # noqa: SLF001 - the run moves into the link
    paragraph._p.append(link)  # noqa: SLF001 - as above


def _field_in(paragraph: Paragraph, code: str) -> None:
    """Write a field into a paragraph, such as PAGE, which the word processor counts."""
    field = element("fldSimple", instr=code)
    run = paragraph.add_run("1")
    field.append(run._r)  # noqa: SLF001 - the run moves into the field
    paragraph._p.append(field)  # noqa: SLF001 - as above


def foot(section: Section, it: Json) -> None:
    """Write at the foot of a section's pages which letter and page it is; above them, if it is void."""
    section.footer.is_linked_to_previous = section.header.is_linked_to_previous = False
    line = section.footer.paragraphs[0]
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(width_of(section), WD_TAB_ALIGNMENT.RIGHT)
    line.add_run(f"{it['foot']}\tHalaman ")
    _field_in(line, "PAGE")
    line.add_run(" dari ")
    _field_in(line, "NUMPAGES")
    line.add_run().add_break()
    line.add_run(it["office"])
    if it["is_invented"]:
        line.add_run("\t")
        line.add_run(INVENTED).bold = True
    if it["mark"]:
        mark = section.header.paragraphs[0]
        mark.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = mark.add_run(it["mark"])
        run.bold, run.font.color.rgb = True, RED


def begin_table(made: Document, rows: int, widths: Sequence[Length]) -> list[_Row]:
    """Add a table with columns of these widths and return its rows; the first one is its header."""
    table = made.add_table(rows, len(widths), style="Table Grid")
    table.autofit = False
    _pad(table)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    found = list(table.rows)
    _repeat(found[0])
    return found


def _repeat(row: _Row) -> None:
    """Let a row stand again at the top of each page of its table, as its header."""
    row._tr.get_or_add_trPr().append(element("tblHeader"))  # noqa: SLF001 - python-docx has no way around it


def keep_whole(row: _Row) -> None:
    """Let a row stand on one page."""
    row._tr.get_or_add_trPr().append(element("cantSplit"))  # noqa: SLF001 - as above


def _pad(table: Table) -> None:
    """Let the text of a table stand off its lines."""
    margins = element("tblCellMar")
    for side, twentieths in (("top", "50"), ("left", "90"), ("bottom", "50"), ("right", "90")):
        margins.append(element(side, w=twentieths, type="dxa"))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")  # noqa: SLF001 - as above


def shade(cell: _Cell, colour: str) -> None:
    """Colour the ground of a cell."""
    made = element("shd", val="clear", color="auto", fill=colour)
    cell._tc.get_or_add_tcPr().append(made)  # noqa: SLF001 - as above
