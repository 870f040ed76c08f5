"""arXiv: GET /api/query, an Atom feed. The version ("v2") is kept apart from the number, and the address names it."""

import re
from collections.abc import Sequence
from typing import Final

from lxml import etree

from metier.canonical import JSON
from metier.errors import ServerError
from metier_research.live.catalogues.works import Draft, make_work
from metier_research.live.fields.dates import read_date
from metier_research.live.source import Access, Inquiry, Source, Wish
from metier_research.pages.shapes import Work

NAME: Final = "arxiv"
_ATOM: Final = "{http://www.w3.org/2005/Atom}"
_ARXIV: Final = "{http://arxiv.org/schemas/atom}"
_NUMBER: Final = re.compile(r"https?://arxiv\.org/abs/([a-zA-Z.-]{0,20}/?\d{4}[.\d]{1,8}?)(v\d{1,3})?")
_FIELDED: Final = re.compile(r"\b(?:ti|au|abs|co|jr|cat|rn|id|all):\S")
_TERM: Final = re.compile(r'"[^"]{1,200}"|[^\s"():]+')
_WORDS: Final = 12


def build_search(wish: Wish, access: Access) -> Inquiry:
    """Returns the request: all words of the query, or the query as it is when it names fields ("ti:...", "au:...")."""
    terms = " AND ".join(f"all:{term}" for term in _TERM.findall(wish.query)[:_WORDS])
    search = wish.query if _FIELDED.search(wish.query) else terms
    query = {"search_query": search, "start": "0", "max_results": str(wish.limit), "sortBy": "relevance"}
    return Inquiry(access.address, query)


def read_search(answer: JSON) -> Sequence[Work]:
    """Returns the works of a feed; raises ServerError for what is none, and for a feed that tells an error."""
    feed = _parse(answer if isinstance(answer, str) else "")
    works = []
    for entry in feed.iterfind(f"{_ATOM}entry"):
        if "arxiv.org/api/errors" in _text(entry, f"{_ATOM}id"):
            raise ServerError("arXiv could not answer the query.", hint="Put it in plain words, without brackets.")
        if work := make_work(NAME, _draft(entry)):
            works.append(work)
    return works


def _draft(entry: etree._Element) -> Draft:
    address = _text(entry, f"{_ATOM}id").strip()
    found = _NUMBER.fullmatch(address)
    return Draft(
        title=_text(entry, f"{_ATOM}title"),
        url=re.sub(r"^http:", "https:", address),
        doi=_text(entry, f"{_ARXIV}doi"),
        version=(found[2] or "") if found else "",
        year=int(read_date(_text(entry, f"{_ATOM}published"))[:4] or 0) or None,
        authors=[_text(author, f"{_ATOM}name") for author in entry.iterfind(f"{_ATOM}author")],
        venue=_text(entry, f"{_ARXIV}journal_ref") or "arXiv",
        abstract=_text(entry, f"{_ATOM}summary"),
        open_access_url=next(
            (link.get("href", "") for link in entry.iterfind(f"{_ATOM}link") if link.get("title") == "pdf"), ""
        ),
    )


def _parse(written: str) -> etree._Element:
    """Returns the feed; nothing outside of it is read, and no entity of its own is expanded."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(written.encode(errors="replace"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ServerError("arXiv answered with something that is no feed.", hint="Ask another source.") from error
    if root.tag != f"{_ATOM}feed":
        raise ServerError("arXiv answered with something that is no feed of works.", hint="Ask another source.")
    return root


def _text(element: etree._Element, tag: str) -> str:
    return element.findtext(tag) or ""


ARXIV: Final = Source(NAME, "arXiv", build_search, read_search, is_text=True)
