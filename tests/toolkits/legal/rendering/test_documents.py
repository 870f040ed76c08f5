import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import docx
import pypdf
import pytest
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from rich.console import Console

from metier.toolkit import Delivery, Settings
from metier_legal.memo import Memo
from metier_legal.rendering import show
from metier_legal.rendering.document import memo_of
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.markdown import escape, render_markdown
from metier_legal.rendering.office.word import render_docx
from metier_legal.rendering.print.pdf import render_pdf
from metier_legal.rendering.wording.cleaning import one_line

HIDDEN = re.compile("[\u202a-\u202e\u2066-\u2069\u200b-\u200f\x00-\x08\x0b\x0c\x0e-\x1f\x7f\U000e0000-\U000e007f]")


def tight(text: str) -> str:
    """Returns the text without white space: a PDF breaks its lines anywhere."""
    return "".join(text.split())


def said(delivery: Delivery) -> list[str]:
    """Returns what every rendering of the memo must say."""
    memo, paper = delivery.answer, lay_out(delivery)
    assert isinstance(memo, Memo)
    texts = [one_line(memo.question), paper.notice, *(one_line(one.text) for _, one in memo.statements())]
    texts += [section.title for section in paper.sections]
    texts += [note.quote for note in paper.notes]
    texts += [note.display for note in paper.notes]
    return [tight(text) for text in texts]


@pytest.fixture
def reader(delivery: Delivery, settings: Settings) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(render_pdf(delivery, settings)))


def pdf_text(reader: pypdf.PdfReader) -> str:
    return tight("".join(page.extract_text() for page in reader.pages))


def docx_of(delivery: Delivery, settings: Settings) -> Any:
    return docx.Document(BytesIO(render_docx(delivery, settings)))


def docx_text(document: Any) -> str:
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_the_text_of_the_pdf_holds_everything_the_memo_says(reader: pypdf.PdfReader, delivery: Delivery) -> None:
    text = pdf_text(reader)
    # The head and foot of a page may stand between the halves of a statement: only what is on one page is looked for.
    pages = [tight(page.extract_text()) for page in reader.pages]
    for part in said(delivery):
        assert part in text or any(part[: len(part) // 2] in page for page in pages)


def test_every_page_of_the_pdf_says_that_the_law_is_fictional_and_its_number(
    reader: pypdf.PdfReader, delivery: Delivery
) -> None:
    notice = tight(lay_out(delivery).notice)
    for number, page in enumerate(reader.pages, start=1):
        text = tight(page.extract_text())
        assert notice in text
        assert f"{number}/{len(reader.pages)}" in text


def test_citations_in_the_pdf_are_links_to_the_table(reader: pypdf.PdfReader, delivery: Delivery) -> None:
    paper = lay_out(delivery)
    numbers = {page.indirect_reference.idnum: i for i, page in enumerate(reader.pages) if page.indirect_reference}
    links = [note.get_object() for page in reader.pages for note in page.get("/Annots", [])]
    assert {str(link["/Subtype"]) for link in links} == {"/Link"}
    assert not [link for link in links if "/URI" in str(link.get("/A", ""))]
    places = [link["/Dest"] for link in links if isinstance(link["/Dest"], list)]
    table = next(i for i, page in enumerate(reader.pages) if paper.words.table in page.extract_text().splitlines())
    into_table = [place for place in places if numbers[place[0].idnum] >= table]
    assert len(into_table) >= sum(len(line.notes) for section in paper.sections for line in section.lines)
    assert len({tuple(map(str, place)) for place in into_table}) >= len(paper.authorities)


def test_the_pdf_has_a_title_a_date_of_the_memo_and_an_outline(reader: pypdf.PdfReader, delivery: Delivery) -> None:
    assert reader.metadata is not None
    dates = {str(reader.metadata[name]) for name in ("/CreationDate", "/ModDate")}
    assert dates == {"D:20260701000000Z"}
    titles = [str(getattr(entry, "title", "")) for entry in reader.outline if not isinstance(entry, list)]
    assert [section.title for section in lay_out(delivery).sections] == titles[:7]


def test_the_pdf_is_set_in_the_fonts_that_come_with_metier(reader: pypdf.PdfReader) -> None:
    fonts = {
        str(font.get_object()["/BaseFont"]).partition("+")[2]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert fonts
    assert all(font.startswith(("NotoSerif-", "NotoSerifSC-", "NotoSansSC-")) for font in fonts)


def test_no_text_of_a_memo_runs_typst_code(hostile: Delivery, settings: Settings) -> None:
    text = pdf_text(pypdf.PdfReader(BytesIO(render_pdf(hostile, settings))))
    assert tight('#import "@preview/x:1.0.0": * #read("/etc/passwd") $x^2$ #panic() @ref <label>') in text
    assert "root:" not in text
    assert not HIDDEN.search(text)


def test_word_opens_the_memo_and_it_says_everything(delivery: Delivery, settings: Settings) -> None:
    document = docx_of(delivery, settings)
    text = tight(docx_text(document))
    for part in said(delivery):
        assert part in text
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    paper = lay_out(delivery)
    assert headings == [
        paper.words.question,
        *(section.title for section in paper.sections),
        paper.words.table,
        paper.words.verification,
    ]
    assert document.sections[0].header.paragraphs[0].text == paper.notice


def test_links_in_word_lead_to_bookmarks_that_are_there(
    delivery: Delivery, hostile: Delivery, settings: Settings
) -> None:
    for one in (delivery, hostile):
        body = docx_of(one, settings).element.body
        names = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
        targets = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
        assert targets
        assert targets <= set(names)
        assert len(names) == len(set(names))
        assert not [link for link in body.iter(qn("w:hyperlink")) if link.get(qn("r:id"))]


def test_only_quoted_words_have_the_style_of_a_quotation(delivery: Delivery, settings: Settings) -> None:
    paragraphs = docx_of(delivery, settings).paragraphs
    quoted = {cited.quote for _, one in memo_of(delivery).statements() for cited in one.authorities}
    said = [paragraph.text.strip("“”") for paragraph in paragraphs if paragraph.style.name == "Quote"]
    assert said
    assert {text.replace("\n", "") for text in said} <= {quote.replace("\n", "") for quote in quoted}


def test_a_page_of_word_does_not_end_before_whose_words_these_are(english: Delivery, settings: Settings) -> None:
    memo = memo_of(english)
    saying = memo.rules[0].model_copy(update={"text": f"It says “{memo.rules[0].authorities[0].quote}”"})
    one = replace(english, answer=memo.model_copy(update={"rules": (saying, *memo.rules[1:])}))
    paragraphs = docx_of(one, settings).paragraphs
    (at,) = [at for at, paragraph in enumerate(paragraphs) if "It says" in paragraph.text]
    assert paragraphs[at + 1].style.name == "Authority"
    assert paragraphs[at].paragraph_format.keep_with_next


def test_hostile_words_are_plain_text_in_word(hostile: Delivery, settings: Settings) -> None:
    document = docx_of(hostile, settings)
    text = docx_text(document)
    assert "<script>alert(1)</script>" in text
    assert not HIDDEN.search(text)
    assert not [part for part in document.part.rels.values() if part.is_external]


def test_chinese_in_word_has_a_chinese_font(chinese: Delivery, settings: Settings) -> None:
    styles = docx_of(chinese, settings).styles
    for name in ("Normal", "Heading 1", "Quote"):
        fonts = styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("SimSun", "SimHei")
        assert fonts.get(qn("w:eastAsiaTheme")) is None


def test_markdown_says_everything_and_its_links_have_anchors(delivery: Delivery, settings: Settings) -> None:
    text = render_markdown(delivery, settings).decode()
    plain = tight(text.replace("\\", ""))
    for part in said(delivery):
        assert part in plain
    targets = set(re.findall(r"\]\(#([a-z]+-\d+)\)", text))
    anchors = set(re.findall(r'<a id="([a-z]+-\d+)"></a>', text))
    assert targets
    assert targets <= anchors


def tokens_of(text: str) -> list[Any]:
    parsed = MarkdownIt("commonmark").enable("table").parse(text)
    return [inner for token in parsed for inner in (token, *(token.children or ()))]


def test_hostile_words_format_nothing_in_markdown(hostile: Delivery, settings: Settings) -> None:
    tokens = tokens_of(render_markdown(hostile, settings).decode())
    html = {token.content for token in tokens if token.type in ("html_inline", "html_block")}
    assert all(re.fullmatch(r'<br>|</a>|<a id="(?:s|authority)-\d+">', part) for part in html)
    assert not [token for token in tokens if token.type in ("image", "code_inline", "code_block", "fence")]
    links = {token.attrs["href"] for token in tokens if token.type == "link_open"}
    assert all(link.startswith("#") for link in links)
    headings = [token for token in tokens if token.type == "heading_open" and token.tag == "h2"]
    assert len(headings) == 10


@given(st.text() | st.text("-+=:.)1#>*_~|\\`[]()!<&; a\n\t"))
def test_an_escaped_text_is_one_paragraph_of_plain_text(text: str) -> None:
    escaped = escape(text)
    tokens = tokens_of(escaped)
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    assert "".join(token.content for token in tokens if token.type in ("text", "text_special")) == one_line(text)


@pytest.mark.parametrize("width", [80, 120])
def test_the_terminal_shows_everything_in_its_width(delivery: Delivery, width: int) -> None:
    console = Console(width=width, force_terminal=False, color_system=None)
    with console.capture() as captured:
        console.print(show(delivery))
    lines = captured.get().splitlines()
    text = tight("".join(line.strip("─ ") for line in lines))
    for part in said(delivery):
        assert part in text
    for search in ("GROUNDED", "NO_MATCH", "UNAVAILABLE"):
        assert search in text
    assert not any(line.strip() == "-" for line in lines)  # a long Chinese line must not leave its dash alone


def test_hostile_words_do_not_steer_the_terminal(hostile: Delivery) -> None:
    console = Console(width=80, force_terminal=False, color_system=None)
    with console.capture() as captured:
        console.print(show(hostile))
    assert not HIDDEN.search(captured.get())
    assert "<script>alert(1)</script>" in captured.get()


@pytest.mark.parametrize("words", [100, 140, 900, 6000])
def test_nothing_of_a_long_memo_is_cut_off_in_the_pdf(english: Delivery, settings: Settings, words: int) -> None:
    memo = english.answer
    assert isinstance(memo, Memo)
    text = " ".join(f"word{number}" for number in range(words))
    rule = memo.rules[0]
    long = rule.authorities[0].model_copy(update={"quote": f"Quoted {text}"})
    changed = rule.model_copy(update={"text": text, "authorities": (long,)})
    answer = memo.model_copy(update={"question": text, "rules": (changed,) * 2, "facts": (changed,)})
    reader = pypdf.PdfReader(BytesIO(render_pdf(replace(english, answer=answer), settings)))
    shown = "\n".join(page.extract_text() for page in reader.pages)
    # The question, three statements and the quote, which is printed once.
    assert len(re.findall(rf"\bword{words - 1}\b", shown)) == 5
