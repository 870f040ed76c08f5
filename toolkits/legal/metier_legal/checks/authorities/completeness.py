"""COMPLETENESS: no negation, exception or proviso near the quote is cut away. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from metier_legal.checks.authorities.quotes import deepest
from metier_legal.checks.codes import Code
from metier_legal.checks.language.negation import (
    clause_after,
    clause_before,
    find_negation,
    find_proviso,
    sentence_after,
    sentence_before,
)
from metier_legal.checks.reading import Exhibit, Fault, Reading, short
from metier_legal.law.provision import Unit
from metier_legal.quoting.signs import ENDERS
from metier_legal.records import ParagraphRecord, ProvisionRecord

_MARKS_ONLY: Final = re.compile(r"(?:\s|[(（][\w一二三四五六七八九十]{1,5}[)）]|\d{1,3}[.、)]|[—:：-])*")


def judge(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns what the quote leaves out that changes it, or None."""
    others = [one for one in reading.exhibits if one.subject == exhibit.subject and one is not exhibit]
    for told, start, end in _negations(exhibit):
        if not _is_quoted(others, exhibit, start, end):
            found = f"the quote leaves out “{short(told)}” of its own sentence in {exhibit.display}"
            return Fault(Code.TRUNCATED_PROVISO, found, "Quote the whole sentence.")
    if exhibit.statement.qualified or any(_is_exception(one, exhibit) for one in others):
        return None
    for told, start, end in _provisos(exhibit):
        if not _is_quoted(others, exhibit, start, end):
            found = f"{exhibit.display} goes on “{short(exhibit.text[start : start + 100])}”, which is not quoted"
            repair = f"Quote “{told}” too, cite it with the role exception, or mark the statement qualified."
            return Fault(Code.TRUNCATED_PROVISO, found, repair)
    return None


def _is_quoted(others: list[Exhibit], exhibit: Exhibit, start: int, end: int) -> bool:
    """Returns whether the statement quotes those words of the same text with another authority."""
    same = (one for one in others if one.cited.evidence == exhibit.cited.evidence)
    return any(first <= start and end <= last for one in same for first, last in one.match.spans)


def _is_exception(other: Exhibit, exhibit: Exhibit) -> bool:
    """Returns whether the other authority is an exception in the same work or case."""
    if other.cited.role != "exception" or not other.match.holds or other.source is None or exhibit.source is None:
        return False
    return _origin(other) == _origin(exhibit)


def _origin(exhibit: Exhibit) -> str:
    source = exhibit.source
    if isinstance(source, ProvisionRecord):
        return source.work.id
    return "" if source is None else source.case


_Cut = tuple[str, int, int]  # the word that was cut away, and where it stands


def _negations(exhibit: Exhibit) -> Iterator[_Cut]:
    """Yields denials that govern the quote and stand outside of it: before it, in a gap, after it, over its list."""
    text, spans = exhibit.text, exhibit.match.spans
    first, last = spans[0][0], spans[-1][1]
    yield from _deny(clause_before(text, first), ending=first)
    for (_, end), (start, _) in pairwise(spans):
        gap = text[end:start]
        yield from _deny(clause_after(gap, 0), beginning=end)
        yield from _deny(clause_before(gap, len(gap)), ending=start)
    yield from _deny(_rest_of(text, last), beginning=last)
    yield from _denied_list(exhibit, first)


def _deny(part: str, *, beginning: int = 0, ending: int = 0) -> Iterator[_Cut]:
    word = find_negation(part)
    if word:
        start = ending - len(part) if ending else beginning
        yield word, start, start + len(part)


def _rest_of(text: str, last: int) -> str:
    """Returns the rest of the clause; of the sentence where a Chinese quote ends with its topic (……的)."""
    if text[last - 1 : last] in ENDERS:
        return ""
    return sentence_after(text, last) if text[last - 1 : last] == "的" else clause_after(text, last)


def _denied_list(exhibit: Exhibit, first: int) -> Iterator[_Cut]:
    """Yields the denial in the words that lead into the list of which the quote is an item."""
    units = exhibit.source.units if isinstance(exhibit.source, ProvisionRecord) else ()
    path = deepest(units, first, first + 1)
    for depth in range(len(path), 0, -1):
        unit = exhibit.find_unit(path[:depth])
        if unit is None or not _MARKS_ONLY.fullmatch(exhibit.text[unit.start : first]):
            return  # the quote is a sentence of its own inside the item
        start, end = _lead_of(units, path[:depth])
        if start < end <= first:
            lead = sentence_before(exhibit.text[start:end], end - start)
            if lead.rstrip().endswith(("—", "-", ":", "：", "–")) and (word := find_negation(lead)):
                yield word, end - len(lead), end


def _lead_of(units: tuple[Unit, ...], path: tuple[str, ...]) -> tuple[int, int]:
    """Returns where the words stand that lead into the list that the part is in."""
    parent = next((unit for unit in units if unit.path == path[:-1]), None)
    siblings = [unit.start for unit in units if len(unit.path) == len(path) and unit.path[:-1] == path[:-1]]
    start = parent.start if parent is not None else 0
    return start, min(siblings, default=start)


def _provisos(exhibit: Exhibit) -> Iterator[_Cut]:
    """Yields what takes the quoted rule back: in its sentence before it, in a gap, and in the rest of its part."""
    text, spans = exhibit.text, exhibit.match.spans
    first, last = spans[0][0], spans[-1][1]
    before = sentence_before(text, first)
    yield from _take_back(before, first - len(before))
    for (_, end), (start, _) in pairwise(spans):
        yield from _take_back(text[end:start], end)
    rest = "" if text[last - 1] in ENDERS else sentence_after(text, last)
    scope = max(_end_of_scope(exhibit, first, last), last + len(rest))
    yield from _take_back(text[last:scope], last)


def _take_back(part: str, start: int) -> Iterator[_Cut]:
    found = find_proviso(part)
    if found is not None:
        yield found[1], start + found[0], start + found[0] + len(found[1])


def _end_of_scope(exhibit: Exhibit, first: int, last: int) -> int:
    """Returns where the part ends that the quote is of: the pinned one, or the smallest that holds it."""
    if isinstance(exhibit.source, ParagraphRecord):
        return last
    units = exhibit.source.units if exhibit.source is not None else ()
    path = exhibit.cited.pin or deepest(units, first, last)
    unit = exhibit.find_unit(path) if path else None
    if unit is not None:
        return unit.end
    line = exhibit.text.find("\n", last)
    return line if line >= 0 else len(exhibit.text)
