"""QUOTE: the words stand in the pinned part, exactly, and fragments are of one part. Pure."""

import re
from itertools import pairwise
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.reading import Exhibit, Fault, Reading
from metier_legal.law.provision import Unit
from metier_legal.quoting.matching import match_quote
from metier_legal.quoting.suggestion import suggest
from metier_legal.records import ParagraphRecord, ProvisionRecord

_PARAGRAPH: Final = re.compile(r"\n\s*\n")


def judge(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns why the quote does not stand in the pinned part, or None."""
    if exhibit.match.holds:
        return _splice(exhibit)
    return _elsewhere(reading, exhibit) or _mismatch(exhibit)


def _mismatch(exhibit: Exhibit) -> Fault:
    near = suggest(exhibit.cited.quote, exhibit.passage or exhibit.text, language=exhibit.language)
    repair = f"Quote {near}" if near else "Quote the part letter by letter."
    return Fault(Code.QUOTE_MISMATCH, f"{exhibit.match.problem} in {exhibit.display}", repair)


def _elsewhere(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns where else in this run the words stand, or None."""
    quote, source = exhibit.cited.quote, exhibit.source
    if exhibit.cited.pin and match_quote(quote, exhibit.text, language=exhibit.language).holds:
        place = _unit_with(exhibit, quote)
        told = f"the words stand in {exhibit.display}, part {'/'.join(place) or 'outside its parts'}"
        return Fault(Code.QUOTE_ELSEWHERE, told, "Pin that part." if place else "Leave the pin out.")
    for key, record in reading.records.items():
        if not isinstance(record, ProvisionRecord | ParagraphRecord) or key == exhibit.cited.evidence:
            continue
        language = record.work.language if isinstance(record, ProvisionRecord) else record.language
        if not match_quote(quote, reading.evidence[key].text, language=language).holds:
            continue
        if _is_same_provision(source, record):
            told = f"the words are of another version of {record.display}"
            return Fault(Code.SUPERSEDED_TEXT, told, "Quote the version that is law on the day.")
        return Fault(Code.QUOTE_ELSEWHERE, f"the words stand in {record.display} ({key})", "Cite that source.")
    return None


def _is_same_provision(one: object, other: object) -> bool:
    if not isinstance(one, ProvisionRecord) or not isinstance(other, ProvisionRecord):
        return False
    return (one.work.id, one.number) == (other.work.id, other.number)


def _unit_with(exhibit: Exhibit, quote: str) -> tuple[str, ...]:
    units = exhibit.source.units if isinstance(exhibit.source, ProvisionRecord) else ()
    for unit in sorted(units, key=lambda unit: unit.end - unit.start):
        if match_quote(quote, exhibit.text[unit.start : unit.end], language=exhibit.language).holds:
            return unit.path
    return ()


def _splice(exhibit: Exhibit) -> Fault | None:
    """Returns that an ellipsis joins words of two parts, or None: a part and its own sub-part are one."""
    units = exhibit.source.units if isinstance(exhibit.source, ProvisionRecord) else ()
    for (start, end), (first, last) in pairwise(exhibit.match.spans):
        here, there = deepest(units, start, end), deepest(units, first, last)
        inside = here[: len(there)] == there or there[: len(here)] == here
        if not inside or _PARAGRAPH.search(exhibit.text, end, first):
            told = (
                f"words of {'/'.join(here) or 'one paragraph'} and {'/'.join(there) or 'another'} joined to one quote"
            )
            return Fault(Code.QUOTE_MISMATCH, told, "Cite each part with a quote of its own.")
    return None


def deepest(units: tuple[Unit, ...], start: int, end: int) -> tuple[str, ...]:
    """Returns the path of the smallest part that holds `start:end`, () where none does."""
    holding = [unit for unit in units if unit.start <= start and end <= unit.end]
    return min(holding, key=lambda unit: unit.end - unit.start).path if holding else ()
