"""How a letter looks in a word processor: the paper, the styles, and what the file says of itself."""

from datetime import UTC, date, datetime, time

from docx import Document
from docx.document import Document as Made
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.section import Section
from docx.shared import Cm, Length, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from tera.portal.proposals.letters.document import Json

FONT, LANGUAGE = "Arial", "id-ID"
SHORT_SIDE, LONG_SIDE, SIDE = Cm(21), Cm(29.7), Cm(2.4)
INK, GREY = RGBColor(0x14, 0x20, 0x2B), RGBColor(0x4B, 0x5A, 0x68)
NARROW = "Tabel"  # our style for what stands in cells
SMALL = "Keterangan"  # our style for what explains


def begin(it: Json) -> Made:
    """Return an empty document in Indonesian, A4, with the styles of a letter."""
    made = Document()
    _speak(made)
    _style(made, "Normal", 11, after=6)
    _style(made, "List Number", 10, after=2)
    for level, size in ((1, 11), (2, 11)):
        found = _style(made, f"Heading {level}", size, after=2)
        found.font.bold = True
        found.paragraph_format.keep_with_next = True
    footer = _style(made, "Footer", 8)
    footer.font.color.rgb = GREY
    footer.paragraph_format.tab_stops.clear_all()  # each foot has its own, as wide as its page
    for name, size in ((NARROW, 9), (SMALL, 8)):
        made.styles.add_style(name, 1).base_style = made.styles["Normal"]
        _style(made, name, size)
    _paper(made.sections[0])
    _say(made, it)
    return made


def _paper(section: Section) -> None:
    section.page_width, section.page_height = SHORT_SIDE, LONG_SIDE
    section.left_margin = section.right_margin = SIDE
    section.top_margin, section.bottom_margin = Cm(1.6), Cm(2.2)
    section.header_distance, section.footer_distance = Cm(0.8), Cm(1)


def width_of(section: Section) -> Length:
    """Return how wide the lines of a section are."""
    sides = [section.page_width, section.left_margin, section.right_margin]
    page, left, right = (int(side or 0) for side in sides)
    return Length(page - left - right)


def _style(made: Made, name: str, size: int, *, after: int = 0) -> ParagraphStyle:
    found = made.styles[name]
    if not isinstance(found, ParagraphStyle):
        raise TypeError(name)
    found.font.name, found.font.size, found.font.color.rgb = FONT, Pt(size), INK
    fonts = found.element.get_or_add_rPr().get_or_add_rFonts()
    for name_of_theme in [key for key in fonts.attrib if str(key).endswith("Theme")]:
        del fonts.attrib[name_of_theme]  # a font of the theme would win over ours
    for script in ("w:eastAsia", "w:cs"):
        fonts.set(qn(script), FONT)
    layout = found.paragraph_format
    layout.space_before, layout.space_after, layout.line_spacing = Pt(0), Pt(after), 1.1
    layout.alignment = WD_ALIGN_PARAGRAPH.LEFT
    return found


def _speak(made: Made) -> None:
    """Set the language of the whole text, so that screen readers speak it as it is written."""
    defaults = made.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    for old in defaults.findall(qn("w:lang")):
        defaults.remove(old)
    language = OxmlElement("w:lang")
    for script in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(script), LANGUAGE)
    defaults.append(language)


def _say(made: Made, it: Json) -> None:
    """Say what the file is; of the moment only the day of the letter, so that its bytes stay the same."""
    says, day = made.core_properties, datetime.combine(date(*it["made_on"]), time(), UTC)
    says.title, says.language, says.author = it["title"][:255], LANGUAGE, it["office"][:255]
    says.subject, says.comments = it["subject"][:255], f"SHA-256 {it['sha256']}" if it["sha256"] else ""
    says.created = says.modified = day
    says.last_modified_by, says.revision, says.keywords = it["office"][:255], 1, ""
