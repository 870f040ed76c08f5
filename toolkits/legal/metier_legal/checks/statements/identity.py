"""IDENTITY: what a statement names (citations, parties, courts) is what its authorities are. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.mentions import find_mentions
from metier_legal.checks.reading import Exhibit, Fault, Reading, short
from metier_legal.checks.statements.names import find_court_fault, find_party_fault
from metier_legal.checks.statements.remainder import remainder_of
from metier_legal.citations.citation import CaseCitation, Citation, LawCitation, Pin
from metier_legal.corpus.keys import case_keys, citation_keys, fold, name_keys, work_keys
from metier_legal.corpus.naming import other_names, work_ids
from metier_legal.law.case import Case
from metier_legal.law.courts import level_of_court
from metier_legal.law.work import Work
from metier_legal.memo import Statement
from metier_legal.quoting.normal import normalise
from metier_legal.records import ParagraphRecord, ProvisionRecord

_WORD: Final = re.compile(r"[^\W\d_]{3,}|[\u4e00-\u9fff]{2,}")
_EMPTY_WORDS: Final = "the and inc llc ltd corp company for state united states people"
_EMPTY: Final = frozenset(_EMPTY_WORDS.split())


def judge(reading: Reading, subject: str, statement: Statement) -> Fault | None:
    """Returns what the statement names that none of its grounds is, or None."""
    grounds = reading.grounds(statement)
    return next(_faults(reading, statement, grounds), None)


def _faults(reading: Reading, statement: Statement, grounds: tuple[Exhibit, ...]) -> Iterator[Fault]:
    text = remainder_of(statement, grounds)
    names = {name for one in grounds if isinstance(one.source, ProvisionRecord) for name in _names_of(one.source.work)}
    for citation in find_mentions(text, names):
        fault = _judge_mention(citation, grounds)
        if fault is not None and not _stands_quoted(citation.text, grounds):
            yield fault
    yield from find_party_fault(reading, text, grounds)
    yield from find_court_fault(reading, text, grounds)


def _names_of(work: Work) -> tuple[str, ...]:
    return tuple(name for name in (work.title, work.short, *work.aliases) if name)


def _stands_quoted(written: str, grounds: tuple[Exhibit, ...]) -> bool:
    """Returns whether the citation is a cross-reference inside the quoted words."""
    return any(
        normalise(written, language=one.language).text in normalise(one.quoted, language=one.language).text
        for one in grounds
        if one.quoted
    )


def _judge_mention(citation: Citation, grounds: tuple[Exhibit, ...]) -> Fault | None:
    if isinstance(citation, LawCitation):
        return _judge_law(citation, grounds)
    return _judge_case(citation, grounds)


def _judge_law(citation: LawCitation, grounds: tuple[Exhibit, ...]) -> Fault | None:
    near = [
        one for one in grounds if isinstance(one.source, ProvisionRecord) and _is_law(citation.law, one.source.work)
    ]
    if not near:
        told = f"the statement cites {short(citation.text)}, which is none of its authorities"
        return Fault(Code.NO_SUCH_SOURCE, told, "Read and cite it, or leave it out.")
    for pin in citation.pins:
        if not any(_is_pinned(pin, one) for one in near):
            known = ", ".join(dict.fromkeys(one.display for one in near))
            told = f"the statement cites {short(citation.text)}, but its authorities are {known}"
            return Fault(Code.NO_SUCH_PIN, told, "Cite the provision that the statement names.")
    return None


def _is_law(name: str, work: Work) -> bool:
    if not name:
        return True
    if work.id in work_ids(name):
        return True
    keys = {key for one in (name, *other_names(name)) for key in name_keys(one)}
    return not keys.isdisjoint(work_keys(work))


def _is_pinned(pin: Pin, exhibit: Exhibit) -> bool:
    source = exhibit.source
    if not isinstance(source, ProvisionRecord) or fold(source.number) not in (fold(pin.number), fold(pin.last)):
        return False
    path, cited = pin.path, exhibit.cited.pin
    if not path or cited[: len(path)] == path:
        return True
    unit = exhibit.find_unit(path)
    if unit is None:  # a sentence (s2) or an alternative is not kept as a part: its parent decides
        parent = tuple(part for part in path if part.isalnum() and not re.fullmatch(r"(?:s|h|alt)\d+", part))
        return parent != path and (not parent or cited[: len(parent)] == parent)
    return all(unit.start <= start and end <= unit.end for start, end in exhibit.match.spans)


def _judge_case(citation: CaseCitation, grounds: tuple[Exhibit, ...]) -> Fault | None:
    keys = set(citation_keys(citation))
    if not keys:
        return None  # "id." and short forms name nothing of their own
    for exhibit in grounds:
        source = exhibit.source
        if isinstance(source, ParagraphRecord) and not keys.isdisjoint(case_keys(_case_of(source))):
            return _judge_details(citation, source)
    told = f"the statement cites {short(citation.text)}, which is none of its authorities"
    return Fault(Code.NO_SUCH_SOURCE, told, "Read and cite it, or leave it out.")


def _case_of(source: ParagraphRecord) -> Case:
    return Case(
        id=source.case,
        jurisdiction=source.jurisdiction,
        name=source.name,
        court=source.court,
        docket=source.docket,
        citations=source.citations,
    )


def _judge_details(citation: CaseCitation, source: ParagraphRecord) -> Fault | None:
    """Returns what name, year or court of the citation is not the case's, or None."""
    if citation.name and not _is_named(citation.name, source):
        return Fault(Code.NAME_MISMATCH, f"{source.display} is {source.name}", "Name the case as it is named.")
    year = citation.decided.year if citation.decided else citation.year
    if year and source.decided and year != source.decided.year:
        return Fault(Code.NAME_MISMATCH, f"{source.display} was decided on {source.decided}", "Give its own year.")
    level = level_of_court(source.jurisdiction, citation.court)
    if level and source.court_level and level != source.court_level:
        return Fault(Code.NAME_MISMATCH, f"{source.display} is of the {source.court}", "Name its own court.")
    return None


def _is_named(name: str, source: ParagraphRecord) -> bool:
    known = fold(" ".join((source.name, *source.parties)))
    words = [word for word in _WORD.findall(fold(name)) if word not in _EMPTY]
    return not words or sum(word in known for word in words) * 2 > len(words)
