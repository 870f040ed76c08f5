"""The styles of the Word document: fonts for both scripts, headings, quotes, header and footer."""

from typing import Any, Final

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from metier_legal.rendering.office.marks import add_field
from metier_legal.rendering.paper import Paper
from metier_legal.rendering.wording import phrases

BODY: Final = ("Georgia", "SimSun")  # Latin, Chinese: both are on every machine that has Word
HEAD: Final = ("Calibri", "SimHei")
PALE: Final = RGBColor(0x5F, 0x5A, 0x52)
ACCENT: Final = RGBColor(0x1F, 0x4E, 0x79)
TONES: Final = {
    phrases.GOOD: RGBColor(0x22, 0x60, 0x3B),
    phrases.MIND: RGBColor(0x7A, 0x4D, 0x00),
    phrases.BAD: RGBColor(0x8F, 0x1D, 0x1D),
}
AUTHORITY: Final = "Authority"
_THEMES: Final = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


def set_styles(document: Document, paper: Paper) -> None:
    """Sets page, fonts and spacing of the document, its header with the notice and its footer with the page."""
    styles = document.styles
    _set_font(styles["Normal"], BODY, 10.5)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    styles["Normal"].paragraph_format.line_spacing = 1.2
    for name, size, before in (("Title", 15, 6), ("Heading 1", 13, 18), ("Heading 2", 11, 12)):
        style = styles[name]
        _set_font(style, HEAD, size)
        style.font.color.rgb, style.font.bold = RGBColor(0, 0, 0), True
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(5)
        style.paragraph_format.keep_with_next = True
        _drop_border(style)
    quote = styles["Quote"]
    _set_font(quote, BODY, 10.5)
    quote.font.color.rgb, quote.font.italic = RGBColor(0x20, 0x20, 0x20), False
    quote.paragraph_format.left_indent = Cm(1.4)
    quote.paragraph_format.keep_with_next = True
    whose = styles.add_style(AUTHORITY, WD_STYLE_TYPE.PARAGRAPH)
    whose.base_style = styles["Normal"]
    whose.paragraph_format.left_indent = Cm(1.4)
    _set_language(styles["Normal"])
    _set_page(document, paper)


def _set_page(document: Document, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.6)
    section.top_margin, section.bottom_margin = Cm(2.6), Cm(2.3)
    head = section.header.paragraphs[0].add_run(paper.notice)
    head.font.size, head.font.color.rgb = Pt(8), TONES[phrases.MIND]
    foot = section.footer.paragraphs[0]
    foot.add_run(f"{paper.words.memo}\t\t")
    add_field(foot, "PAGE")
    foot.add_run(" / ")
    add_field(foot, "NUMPAGES")
    for run in foot.runs:
        run.font.size, run.font.color.rgb = Pt(8), PALE


def _set_font(style: Any, fonts: tuple[str, str], size: float) -> None:
    latin, chinese = fonts
    style.font.name, style.font.size = latin, Pt(size)
    given = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in _THEMES:
        given.attrib.pop(qn(f"w:{theme}"), None)
    given.set(qn("w:eastAsia"), chinese)
    given.set(qn("w:cs"), latin)


def _set_language(style: Any) -> None:
    """Says that the Latin text is British English and the East Asian text is Chinese."""
    properties = style.element.get_or_add_rPr()
    for found in properties.findall(qn("w:lang")):
        properties.remove(found)
    language = properties.makeelement(qn("w:lang"), {qn("w:val"): "en-GB", qn("w:eastAsia"): "zh-CN"})
    properties.append(language)


def _drop_border(style: Any) -> None:
    properties = style.element.get_or_add_pPr()
    for found in properties.findall(qn("w:pBdr")):
        properties.remove(found)
