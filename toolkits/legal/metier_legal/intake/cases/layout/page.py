"""What the HTML of a decision shows to a reader: its paragraphs, its pages and its links. Pure."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

from lxml import etree
from lxml import html as markup

from metier_legal.intake.cases.layout.hidden import hides, remove_unseen
from metier_legal.intake.cases.layout.pieces import BLANK, Piece, split_text

_WORDS: Final = """
address article aside author blockquote body center dd div dl dt footer h1 h2 h3 h4 h5 h6 header hr li main ol opinion
p parties pre section summary table td th tr ul headnotes syllabus judges attorneys footnote
"""
_BLOCKS: Final = frozenset(_WORDS.split())
_SKIPPED: Final = frozenset(("script", "style", "template", "head", "title", "noscript", "iframe", "object", "svg"))
_SPACE: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Page:
    """What an HTML page shows.

    `text` is all of it as it stands between the tags. A link is (the text of a citation, its address). `unseen` counts
    what was hidden from a reader and is left out.
    """

    pieces: tuple[Piece, ...]
    text: str
    links: tuple[tuple[str, str], ...] = ()
    unseen: int = 0


@dataclass(slots=True)
class _Flow:
    """The state of a walk over a page. `opened` is the page on which the paragraph at hand began."""

    unseen: int = 0
    pieces: list[Piece] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    plain: list[str] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    page: str = ""
    opened: str = ""
    begun: bool = False
    exact: int = 0


def read_page(source: str) -> Page:
    """Returns the paragraphs and links of an HTML or XML page, what is hidden left out.

    Outside <pre>, white space is one blank, as a browser shows it. Text without a tag is read as plain text. Entities
    of its own are not expanded, nothing is fetched, and depth is bounded by the parser.
    """
    clean, unseen = remove_unseen(source)
    if "<" not in clean:
        return Page(split_text(clean), clean, unseen=unseen)
    parser = markup.HTMLParser(no_network=True, huge_tree=False, encoding="utf-8")
    try:
        root = markup.document_fromstring(clean.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):
        return Page((), "", unseen=unseen)
    flow = _Flow(unseen)
    _walk(root, flow)
    _flush(flow)
    return Page(tuple(flow.pieces), "".join(flow.plain), tuple(flow.links), flow.unseen)


def _walk(root: Any, flow: _Flow) -> None:
    hidden: Any = None
    for event, node in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if event == "start":
            if hidden is None and _is_hidden(node):
                hidden = node
                flow.unseen += node.tag not in _SKIPPED and any(text.strip() for text in node.itertext())
            elif hidden is None:
                _open(node, flow)
            continue
        if event == "end" and hidden is None:
            _close(node, flow)
        if node is hidden:
            hidden = None
        if hidden is None and node is not root:
            _add(node.tail, flow)


def _is_hidden(node: Any) -> bool:
    return node.tag in _SKIPPED or "hidden" in node.attrib or hides(node.get("style") or "")


def _is_block(node: Any) -> bool:
    # CourtListener wraps the plain text between two links in <pre class="inline">.
    return node.tag in _BLOCKS and not (node.tag == "pre" and "inline" in (node.get("class") or "").split())


def _open(node: Any, flow: _Flow) -> None:
    if _is_block(node):
        _flush(flow)
    flow.exact += node.tag == "pre"
    _turn(node, flow)
    _add("\n" if node.tag == "br" else node.text, flow)


def _turn(node: Any, flow: _Flow) -> None:
    kind = node.get("class") or ""
    if "star-pagination" in kind or "page-label" in kind or node.tag in ("page-number", "page_number"):
        label = node.get("number") or node.get("label") or node.get("data-label") or "".join(node.itertext())
        flow.page = label.strip().lstrip("*").strip()


def _close(node: Any, flow: _Flow) -> None:
    flow.exact -= node.tag == "pre"
    if "citation" in (node.get("class") or "").split():
        address = next((link.get("href") or "" for link in node.iter("a")), "")
        flow.links.append((" ".join("".join(node.itertext()).split()), address))
    if _is_block(node):
        _flush(flow)


def _add(text: str | None, flow: _Flow) -> None:
    if not text:
        return
    if not flow.begun and text.strip():
        flow.begun = True
        flow.opened = flow.page
    flow.plain.append(text)
    flow.words.append(text if flow.exact or text == "\n" else _SPACE.sub(" ", text))


def _flush(flow: _Flow) -> None:
    text = "".join(flow.words).replace("\r\n", "\n")
    flow.words.clear()
    flow.plain.append("\n")
    flow.begun = False
    flow.pieces.extend(Piece(part.strip(), flow.opened) for part in BLANK.split(text) if part.strip())
