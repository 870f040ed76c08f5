"""INDEPENDENT: a source counts once, however many copies of it are cited. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote, urlsplit

from metier_research.checks.reading import Exhibit, Fault, Reading, ids_of
from metier_research.language.numerals import read_english
from metier_research.language.words import fold
from metier_research.pages.evidence import OUTPUT, PASSAGE
from metier_research.report import Statement

SHINGLE: Final = 5  # words
ALIKE: Final = 0.8  # share of the shorter text's shingles that the other has
_LEAST: Final = 8  # shingles below which likeness says nothing
_SEVERAL: Final = re.compile(
    r"\b(?P<count>several|multiple|many|numerous|various|both|different|independent|two|three|four|five|six|\d{1,2})"
    r"(?:\s+(?:other|different|independent|separate|distinct|reliable|of the))*\s+"
    r"(?:sources|pages|sites|websites|articles|reports|accounts|outlets|publications|newspapers|references)\b"
    r"|\b(?P<apart>independently (?:confirmed|reported|verified)|independent sources?)\b"
    r"|(?P<han>多个|多家|若干|几个|不同|独立)(?:独立)?(?:的)?(?:来源|网站|媒体|报道|消息源)",
    re.IGNORECASE,
)
_SINGLE: Final = re.compile(
    r"\b(?:one|a single|only one|the only|a sole|single|sole) (?:source|page|site|account|report)\b"
    r"|唯一来源|单一来源|仅一个来源",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"\w+")


def judge_independent(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields that a statement makes more of its sources than they are: copies are one source."""
    exhibits = tuple(one for one in reading.exhibits(subject) if one.item is not None)
    if not exhibits:
        return
    groups = group_sources(exhibits)
    claimed = _claimed(statement.text, exhibits)
    sites = {group[0].field("site") or (group[0].item.source if group[0].item else "") for group in groups}
    if claimed > len(groups):
        yield Fault(
            f"its citations are {_count(len(groups))} when copies are counted once",
            "Cite sources that do not copy each other, or say that there is one source.",
            evidence=ids_of(exhibits),
        )
    elif claimed and "independent" in fold(statement.text) and claimed > len(sites):
        yield Fault(
            f"all of its sources are of {len(sites)} site", "Do not call them independent.", evidence=ids_of(exhibits)
        )
    sure = statement.confidence == "high" and not _SINGLE.search(statement.text)
    if sure and len(groups) == 1 and not _is_computed(exhibits):
        yield Fault(
            f"the confidence is high on {_count(1)}",
            'Cite a second source that is no copy, or set the confidence to "medium".',
            evidence=ids_of(exhibits),
        )


def group_sources(exhibits: Sequence[Exhibit]) -> list[list[Exhibit]]:
    """Returns the citations by their source: the same page, a copy that says so, or all but the same words."""
    groups: list[list[Exhibit]] = []
    for exhibit in exhibits:
        same = [group for group in groups if any(_is_same(exhibit, other) for other in group)]
        merged = [one for group in same for one in group] + [exhibit]
        groups = [group for group in groups if group not in same] + [merged]
    return groups


def _is_same(one: Exhibit, other: Exhibit) -> bool:
    if one.cited.evidence == other.cited.evidence:
        return True
    if _addresses(one) & _addresses(other):
        return True
    mine, theirs = _shingles(one.text), _shingles(other.text)
    if min(len(mine), len(theirs)) >= _LEAST:
        return len(mine & theirs) >= ALIKE * min(len(mine), len(theirs))
    mine, theirs = _shingles(one.quoted), _shingles(other.quoted)
    return min(len(mine), len(theirs)) >= _LEAST and mine == theirs


def _addresses(exhibit: Exhibit) -> set[str]:
    if exhibit.kind != PASSAGE:
        doi = exhibit.field("doi")
        return {doi.lower()} if doi else set()
    return {normalise_address(url) for name in ("url", "canonical") if (url := exhibit.field(name))}


def normalise_address(url: str) -> str:
    """Returns an address as addresses of one page are compared: without scheme, "www.", fragment and last slash."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    host = parts.netloc.lower().removeprefix("www.").removeprefix("m.")
    scheme = "" if parts.scheme in ("http", "https") else f"{parts.scheme}:"
    query = f"?{parts.query}" if parts.query else ""
    return f"{scheme}{host}{unquote(parts.path).rstrip('/')}{query}"


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(fold(text))
    return frozenset(tuple(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))


def _claimed(text: str, exhibits: Sequence[Exhibit]) -> int:
    """Returns how many sources a statement says it has; 0 when it says nothing of them, or its quotes do."""
    match = _SEVERAL.search(text)
    if match is None or any(match[0].lower() in one.said.lower() for one in exhibits):
        return 0
    written = (match["count"] or "").lower()
    if written.isdecimal():
        return int(written)
    return max(2, read_english(written) or 0) if written else 2


def _is_computed(exhibits: Sequence[Exhibit]) -> bool:
    return any(one.kind == OUTPUT for one in exhibits)


def _count(number: int) -> str:
    return "one source" if number == 1 else f"{number} sources"
