"""Whether a provision is law on the day of the document. Pure, given a corpus."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from metier_legal.citations.citation import LawCitation
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.resolution import has_part
from metier_legal.law.provision import Provision, Standing, standing_on
from metier_legal.law.work import Work
from metier_legal.review.verdicts.items import OK, Code, Finding

NEAR: Final = 90
_SAYS_PAST: Final = re.compile(
    r"\b(?:former|formerly|repealed|expired|superseded|rescinded|then in force|no longer in force)\b"
    r"|\b(?:aufgehoben|außer Kraft|a\.\s?F\.|abrogée?|ancien(?:ne)?)\b"
    r"|原《|旧《|废止|失效|修[订正]前|当时有效|当时施行",
    re.IGNORECASE,
)
_SAYS_FUTURE: Final = re.compile(
    r"\b(?:will|not yet in force|comes? into force|enters? into force|takes? effect|effective from)\b"
    r"|将于|尚未(?:施行|生效)|自\S{4,14}起施行|tritt\b.{0,40}\bin Kraft",
    re.IGNORECASE,
)
_YEAR: Final = re.compile(r"\d{4}")


def says_past(text: str) -> bool:
    """Returns whether words near a citation say that the law is no longer good."""
    return _SAYS_PAST.search(text) is not None


def judge_standing(work: Work, number: str, path: tuple[str, ...], corpus: Corpus, *, on: date, near: str) -> Finding:
    """Returns whether the provision, or the part of it, is law on `on`; wrong when it is not and `near` is silent."""
    current = corpus.provision(work.id, number, on)
    versions = corpus.versions(work.id, number)
    if current is None:
        return _judge_gap(work, versions, corpus, on=on, near=near)
    standing = standing_on(current, on)
    if standing is Standing.IN_FORCE:
        if has_part(current, path) is False and not says_past(near):
            part = "".join(f"({step})" for step in path)
            return Finding("wrong", Code.NOT_IN_FORCE, f"There is no part {part} in the text of {on}.", _tell(versions))
        return OK
    if standing is Standing.REPEALED:
        return _past(near, Code.REPEALED, f"It is {current.status.value} on {on}.", _reason(current, work, corpus))
    if standing is Standing.NOT_YET:
        return _future(near, versions, on)
    says = f"The corpus does not say since when this text is law, so whether it was on {on} is not known."
    return Finding("unknown", Code.STANDING_UNKNOWN, says, _tell(versions))


def _judge_gap(work: Work, versions: Sequence[Provision], corpus: Corpus, *, on: date, near: str) -> Finding:
    begins = [version.valid_from for version in versions if version.valid_from is not None]
    if begins and min(begins) > on:
        return _future(near, versions, on)
    last = next((version for version in reversed(versions) if version.valid_to and version.valid_to <= on), None)
    if last is None:
        return Finding("unknown", Code.STANDING_UNKNOWN, f"No version of it is known for {on}.", _tell(versions))
    later = next((version for version in versions if version.valid_from and version.valid_from > on), None)
    code = Code.NOT_IN_FORCE if later else Code.REPEALED
    return _past(near, code, f"It is no longer law on {on}: it ended on {last.valid_to}.", _reason(last, work, corpus))


def _past(near: str, code: Code, says: str, corpus: str) -> Finding:
    if says_past(near):
        return Finding("ok", Code.OK, f"{says} The document says so.", corpus)
    return Finding("wrong", code, says, corpus)


def _future(near: str, versions: Sequence[Provision], on: date) -> Finding:
    begin = min(version.valid_from for version in versions if version.valid_from is not None)
    says = f"It is not yet law on {on}: it begins on {begin}."
    if _SAYS_FUTURE.search(near):
        return Finding("ok", Code.OK, f"{says} The document says so.", _tell(versions))
    return Finding("wrong", Code.NOT_YET_IN_FORCE, says, _tell(versions))


def _reason(version: Provision, work: Work, corpus: Corpus) -> str:
    heir = corpus.work(work.replaced_by) if work.replaced_by else None
    replaced = f"Replaced by {heir.title if heir else work.replaced_by}." if work.replaced_by else ""
    return " ".join(part for part in (version.note, replaced) if part)


def judge_work(work: Work, corpus: Corpus, *, on: date, near: str) -> Finding:
    """Returns whether a law that is cited as a whole is law on `on`: its first provision tells."""
    numbers = corpus.numbers(work.id)
    if not numbers:
        return OK
    finding = judge_standing(work, numbers[0], (), corpus, on=on, near=near)
    # One article may have gone while the law stands: only a law that has an heir, or all of which is gone, is repealed.
    gone = finding.code in (Code.REPEALED, Code.NOT_YET_IN_FORCE)
    if not gone or not (work.replaced_by or _all_gone(work, numbers, corpus, on)):
        return OK
    return finding


def _all_gone(work: Work, numbers: Sequence[str], corpus: Corpus, on: date) -> bool:
    found = (corpus.provision(work.id, number, on) for number in numbers)
    return all(version is None or standing_on(version, on) is not Standing.IN_FORCE for version in found)


def versions_meant(
    citation: LawCitation, work: Work, number: str, corpus: Corpus, *, on: date, near: str
) -> tuple[Provision, ...]:
    """Returns the versions that a citation can mean: that of the day, or older ones where it says so."""
    versions = corpus.versions(work.id, number)
    years = set(_YEAR.findall(citation.version))
    named = tuple(version for version in versions if _begins_in(version, years)) if years else ()
    if named:
        return named
    current = corpus.provision(work.id, number, on)
    if says_past(near):
        return versions
    return () if current is None else (current,)


def names_version(citation: LawCitation, work: Work, number: str, corpus: Corpus, *, on: date) -> bool:
    """Returns whether a citation names a version by its year, and that is not the one of the day."""
    years = set(_YEAR.findall(citation.version))
    current = corpus.provision(work.id, number, on)
    named = [version for version in corpus.versions(work.id, number) if _begins_in(version, years)]
    return bool(named) and current not in named


def _begins_in(version: Provision, years: set[str]) -> bool:
    begin = version.valid_from or version.observed
    # A law is often named by the year in which it was passed, the one before it came into force.
    return begin is not None and bool({str(begin.year), str(begin.year - 1)} & years)


def _tell(versions: Sequence[Provision]) -> str:
    spans = [interval_of(version) for version in versions[-3:]]
    return f"Versions: {'; '.join(spans)}." if spans else ""


def interval_of(version: Provision) -> str:
    """Returns the words for the time in which a version is law."""
    begin = version.valid_from or version.observed
    start = f"from {begin}" if begin else "from an unknown day"
    return f"{start} until {version.valid_to}" if version.valid_to else start
