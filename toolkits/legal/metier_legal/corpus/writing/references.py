"""The references of a case, ready to be kept: how each is read, by which names it may be found, its sentence. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from metier_legal.citations.citation import Citation, LawCitation
from metier_legal.citations.finding import find_citations, systems_of
from metier_legal.corpus.keys import citation_keys, name_keys
from metier_legal.law.case import Case, Reference

LONGEST_QUOTE: Final = 600
# what a full stop after it does not end: an initial ("U. S.", "v.") or an abbreviation before a name
_SHORT: Final = (
    "Co",
    "No",
    "St",
    "Mr",
    "Dr",
    "Id",
    "vs",
    "Cf",
    "Nr",
    "Inc",
    "Abs",
    "Art",
    "Rev",
    "Stat",
    "Corp",
    "Dept",
)
_STOP: Final = re.compile(
    r"(?<!\b\w)"
    + "".join(rf"(?<!\b{word})" for word in _SHORT)
    + r"[.!?][\"”’)]*\s+(?=[\"“‘(]*[A-ZÀ-Þ§])|[。！？；][”’」』）]*|\n[ \t]*\n"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """A reference with what is kept beside it. `keys` are empty for one that its source has resolved."""

    reference: Reference
    citation: Citation | None
    keys: tuple[str, ...]
    quote: str


def prepare(case: Case) -> Iterator[Prepared]:
    """Returns the references of a case in their order."""
    texts = {paragraph.number: paragraph.text for paragraph in case.paragraphs}
    systems = systems_of(case.jurisdiction)
    reader = _Reader(systems)
    for reference in case.references:
        text = texts.get(reference.paragraph or 0, "")
        citation = None if reference.cited else reader.read(reference.written, text)
        yield Prepared(
            reference, citation, keys_of(citation) if citation else (), sentence_around(text, reference.written)
        )


def keys_of(citation: Citation) -> tuple[str, ...]:
    """Returns the keys of the laws or cases that the citation may mean: "w name" or a key of `keys.case_keys`."""
    if isinstance(citation, LawCitation):
        return tuple(f"w {key}" for key in name_keys(citation.law))
    return citation_keys(citation)


def sentence_around(text: str, written: str) -> str:
    """Returns the sentence of `text` in which `written` stands first, at most LONGEST_QUOTE characters of it."""
    at = text.find(written) if written else -1
    if at < 0:
        return ""
    before = _STOP.finditer(text, max(0, at - LONGEST_QUOTE), at + 1)
    begin = max((stop.end() for stop in before if stop.end() <= at), default=0)
    begin = max(begin, at - LONGEST_QUOTE // 2)
    after = _STOP.search(text, at + len(written), at + len(written) + LONGEST_QUOTE)
    end = after.end() if after else len(text)
    return text[begin : min(end, begin + LONGEST_QUOTE)].strip()


class _Reader:
    """Reads what is written; where that says nothing by itself (该法第三条), its paragraph."""

    def __init__(self, systems: tuple[str, ...]) -> None:
        self._systems = systems
        self._paragraph = ""
        self._citations: dict[str, Citation] = {}

    def read(self, written: str, text: str) -> Citation | None:
        found = find_citations(written, systems=self._systems)
        alone = next((citation for citation in found if keys_of(citation)), None)
        if alone is not None:
            return alone
        if text != self._paragraph:
            self._paragraph = text
            self._citations = {}
            for citation in find_citations(text, systems=self._systems):
                self._citations.setdefault(citation.text, citation)
        return self._citations.get(written)
