"""Finds citations of every system in a text, in time linear in its length."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final

from metier.errors import InputError
from metier.late import late
from metier_legal.citations.carrying import carry_over
from metier_legal.citations.citation import CaseCitation, Citation
from metier_legal.citations.grammars import eu, french, plain, uk
from metier_legal.citations.grammars.chinese import grammar as chinese
from metier_legal.citations.grammars.german import grammar as german
from metier_legal.law.work import Style

Finder = Callable[[str, Collection[str]], list[Citation]]

_FINDERS: Final[Mapping[str, Finder]] = {
    "us": late("metier_legal.citations.grammars.us.grammar", "find"),  # eyecite takes a second to load
    "german": german.find,
    "chinese": chinese.find,
    "eu": eu.find,
    "uk": uk.find,
    "french": french.find,
    "plain": plain.find,
}
ALL: Final = tuple(_FINDERS)
_CITED_BY_COURTS_OF: Final[Mapping[str, tuple[str, ...]]] = {
    "us": ("us",),
    "cn": ("chinese",),
    "de": ("german", "eu"),
    "eu": ("eu",),
    "uk": ("uk", "eu"),
    "fr": ("french", "eu"),
}
# without these only the Chinese grammar can find
_WESTERN: Final = re.compile(r"[A-Za-z]{2}|[A-Z]\.|§|\[\d{4}\]|\d/\d|s \d")


def find_citations(text: str, *, systems: Collection[str] = ALL, names: Collection[str] = ()) -> tuple[Citation, ...]:
    """Returns the citations of a text by where they begin; none overlaps another.

    `systems` are among "us", "german", "chinese", "eu", "uk", "french" and "plain" (everything else, the fictional
    country included). `names` are names of works that mean laws besides those that a grammar knows. Where two systems
    read the same words the longer reading is kept. What is carried over (本法, "id.", a bare "§ 4") bears the law or
    case that it was taken from where the text says so, and otherwise none.

    Raises:
      InputError: a system is not known.
    """
    unknown = sorted(set(systems) - set(ALL))
    if unknown:
        raise InputError(f"There is no grammar {unknown[0]!r}.", hint=f"Choose among {', '.join(ALL)}.")
    known = frozenset(name for name in names if len(name) > 1 and name in text)
    worth = ALL if known or _WESTERN.search(text) else ("chinese",)
    found = [citation for system in worth if system in systems for citation in _FINDERS[system](text, known)]
    return carry_over(text, keep_longest(found))


def systems_of(jurisdiction: str) -> tuple[str, ...]:
    """Returns the systems by which the courts of a jurisdiction cite: all for one that is not known here."""
    return _CITED_BY_COURTS_OF.get(jurisdiction, ALL)


def keep_longest(found: Iterable[Citation]) -> list[Citation]:
    """Returns the citations by their start, without those that overlap a longer one.

    Of equal readings a named law or a case is kept before a bare section, and else the one found first.
    """
    kept = list[Citation]()
    for citation in sorted(found, key=lambda one: (one.start, -_weight(one))):
        if kept and citation.start < kept[-1].end:
            if _weight(citation) > _weight(kept[-1]):
                kept[-1] = citation
        else:
            kept.append(citation)
    return kept


def _weight(citation: Citation) -> int:
    """Returns more for more signs; of equal readings more for a named law, and most in a style of its own."""
    if isinstance(citation, CaseCitation):
        return (citation.end - citation.start) * 4 + 2
    own = citation.law != "" and citation.style is not Style.PLAIN
    return (citation.end - citation.start) * 4 + 2 * (citation.law != "") + own
