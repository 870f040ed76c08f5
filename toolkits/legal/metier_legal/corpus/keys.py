"""Keys under which names, dockets and citations are the same thing however they are written. Pure."""

import re
import unicodedata
from typing import Final

from metier_legal.citations.citation import CaseCitation
from metier_legal.law.case import Case
from metier_legal.law.work import Work

LONGEST: Final = 400
_BREAK: Final = re.compile(r"[\W_]+")
_SPACE: Final = re.compile(r"\s+")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_HAN: Final = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")
_REPORTER: Final = re.compile(r"(\d{1,4}) (.{1,60}?) (\d{1,6})")
_VERSUS: Final = re.compile(r" (?:versus|vs|v) ")
_LEAD: Final = re.compile(r"(?:(?:nos?|cases?|case nos?|joined cases|az|docket|docket nos?) )+")
_INITIALS: Final = re.compile(r"(?<!\w)\w(?: \w)+(?!\w)")
_STATE: Final = "中华人民共和国"


def normal_text(text: str) -> str:
    """Returns the text for comparing: NFKC, nothing invisible, every run of white space one space."""
    return _SPACE.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))).strip()


def fold(text: str) -> str:
    """Returns the words of `text` in small letters with one space between; Chinese without any space."""
    small = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    words = _BREAK.sub(" ", small).strip()
    return words.replace(" ", "") if _HAN.search(words) else words


def name_keys(name: str) -> tuple[str, ...]:
    """Returns the keys under which a law of that name is kept or sought: as it is, and without 中华人民共和国.

    "U.S.C." and "USC" have one key.
    """
    whole = _INITIALS.sub(lambda initials: initials[0].replace(" ", ""), fold(name))
    short = whole.removeprefix(_STATE)
    bare = short.removeprefix("the ")
    return tuple(dict.fromkeys(key for key in (whole, short, bare) if key))


def work_keys(work: Work) -> tuple[str, ...]:
    """Returns every key of a work: of its title, its short name, its aliases and its id."""
    names = (work.title, work.short, *work.aliases, work.id.partition("/")[2])
    return tuple(dict.fromkeys(key for name in names for key in name_keys(name)))


def case_keys(case: Case) -> tuple[str, ...]:
    """Returns every key of a case: of its citations, its docket and its name."""
    keys = [f"c {citation_key(written)}" for written in case.citations if citation_key(written)]
    keys += [f"c {docket_key(docket)}" for docket in _dockets(case.docket)]
    keys += [f"n {party_key(case.name)}"] if party_key(case.name) else []
    return tuple(dict.fromkeys(keys))


def citation_keys(citation: CaseCitation) -> tuple[str, ...]:
    """Returns the keys that identify the decision; its name is one only when it is cited by nothing else."""
    keys = [f"c {docket_key(docket)}" for docket in _dockets(citation.docket)]
    if citation.neutral:
        keys.append(f"c {citation_key(citation.neutral)}")
    if citation.reporter and citation.page:
        keys.append(f"c {_reporter_key(citation.volume, citation.reporter, citation.page)}")
    if not keys and party_key(citation.name):
        keys.append(f"n {party_key(citation.name)}")
    return tuple(dict.fromkeys(keys))


def citation_key(written: str) -> str:
    """Returns the key of a reporter or neutral citation, an ECLI or a 案号."""
    plain = _SPACE.sub(" ", unicodedata.normalize("NFKC", written[:LONGEST])).strip()
    reporter = _REPORTER.fullmatch(plain)
    return _reporter_key(*reporter.groups()) if reporter else fold(plain)


def docket_key(docket: str) -> str:
    """Returns the key of a court's own number, "No." and the like left out."""
    words = fold(docket)
    return _LEAD.sub("", words, count=1) if _LEAD.match(words) else words


def party_key(name: str) -> str:
    """Returns the key of a case's name."""
    return _VERSUS.sub(" v ", fold(name))


def _dockets(written: str) -> list[str]:
    parts = re.split(r"\s*[;；]\s*", written[:LONGEST])
    return [part for part in parts if docket_key(part)]


def _reporter_key(volume: str, reporter: str, page: str) -> str:
    series = _BREAK.sub("", unicodedata.normalize("NFKC", reporter).casefold())
    return "|".join((volume.strip().lstrip("0"), series, page.strip().lstrip("0")))
