"""HTML as a page: what is seen of it, and of that the main text (by trafilatura, where it finds one)."""

from typing import Final

from lxml import etree, html
from trafilatura import bare_extraction
from trafilatura.settings import Document

from metier_research.pages.page import Link, Page
from metier_research.reading.cleaning import one_line
from metier_research.reading.markup.flow import text_of
from metier_research.reading.markup.hidden import drop_hidden
from metier_research.reading.markup.metadata import absolute, read_metadata
from metier_research.reading.markup.tables import expand_spans
from metier_research.reading.markup.tree import parse_markup

MOST_MARKUP: Final = 5_000_000
MOST_LINKS: Final = 1_000
_MOST_ELEMENTS: Final = 30_000  # of a page whose main text is looked for: that costs time with every element
_LEAST_MAIN: Final = 250
_LONGEST_WORDS: Final = 200
_AROUND: Final = frozenset(("nav", "footer", "aside", "menu"))
_AROUND_ROLES: Final = frozenset(("navigation", "banner", "contentinfo", "search", "complementary", "menu", "dialog"))


def read_html(text: str, *, url: str) -> Page:
    """Returns the page; its text is empty when nothing of it is seen. Markup beyond MOST_MARKUP characters is not read.

    Links are those that are seen, each address with its words once, at most MOST_LINKS.
    """
    root = parse_markup(text[:MOST_MARKUP])
    about = read_metadata(root, url)
    base = _base(root, url)
    drop_hidden(root)
    links = _links(root, base)
    expand_spans(root)
    _keep_lines(root)
    return Page(
        url=url,
        title=about.title,
        text=_main_text(root),
        links=links,
        published=about.published,
        modified=about.modified,
        language=about.language,
        canonical=about.canonical,
    )


def _main_text(root: etree._Element) -> str:
    """Returns the main text under its heading; of a page that has hardly any, everything that is not around it."""
    whole = text_of(_without_surroundings(root))
    main = _found_main(root) if len(whole) >= _LEAST_MAIN else ""
    text = main if len(main) >= _LEAST_MAIN else whole
    heading = next((one_line("".join(element.itertext())) for element in root.iter("h1")), "")
    return text if heading in text else f"{heading}\n\n{text}"


def _found_main(root: etree._Element) -> str:
    """Returns the main text as trafilatura finds it; empty where it finds none, or the page is too large to look."""
    if sum(1 for _ in root.iter()) > _MOST_ELEMENTS:
        return ""
    found = bare_extraction(
        root, with_metadata=False, include_tables=True, include_comments=False, favor_recall=True, deduplicate=False
    )
    return text_of(found.body) if isinstance(found, Document) else ""


def _without_surroundings(root: etree._Element) -> etree._Element:
    """Returns the tree without menus and footers, unless nothing else is there."""
    around = [one for one in root.iter() if one.tag in _AROUND or one.get("role") in _AROUND_ROLES]
    if not around:
        return root
    kept = html.fromstring(etree.tostring(root))
    for one in [one for one in kept.iter() if one.tag in _AROUND or one.get("role") in _AROUND_ROLES]:
        if one.getparent() is not None:
            one.drop_tree()
    return kept if "".join(kept.itertext()).strip() else root


def _keep_lines(root: etree._Element) -> None:
    """Writes the line ends of preformatted text as elements: elsewhere white space means nothing."""
    for element in list(root.iter("pre")):
        lines = "".join(element.itertext()).split("\n")[:5_000]
        tail = element.tail
        element.clear()
        element.tail = tail
        element.text = lines[0]
        for line in lines[1:]:
            etree.SubElement(element, "br").tail = line


def _base(root: etree._Element, url: str) -> str:
    named = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    return (absolute(url, named) if named else "") or url


def _links(root: etree._Element, base: str) -> tuple[Link, ...]:
    found: dict[Link, None] = {}
    for element in root.iter("a"):
        href = element.get("href") or ""
        words = one_line("".join(element.itertext()) or element.get("title") or "")[:_LONGEST_WORDS]
        address = absolute(base, href) if href and not href.startswith("#") else ""
        if words and address:
            found[Link(words, address)] = None
            if len(found) == MOST_LINKS:
                break
    return tuple(found)
