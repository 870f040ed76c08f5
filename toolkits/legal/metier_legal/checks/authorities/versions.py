"""TIME: the cited version is the law on the relevant day, or says that it is not. Pure."""

import re
from datetime import date
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.language.days import find_days
from metier_legal.checks.reading import Exhibit, Fault, Reading
from metier_legal.law.provision import Provision, Standing, standing_on
from metier_legal.records import Brief, ParagraphRecord, ProvisionRecord

_SAYS_PAST: Final = re.compile(
    r"\b(?:repealed|former(?:ly)?|superseded|no longer|as it (?:stood|was|read)|until|previous(?:ly)?|earlier|abrogated"
    r"|replaced|historical(?:ly)?|then in force|expired|old)\b"
    r"|废止|失效|已被|原(?:第|《|规定|条|法)|旧法|修订前|修正前|修改前|当时|曾|不再",
    re.IGNORECASE,
)
_CODE_OF: Final = {
    Standing.NOT_YET: Code.NOT_YET_IN_FORCE,
    Standing.SUPERSEDED: Code.SUPERSEDED_TEXT,
    Standing.REPEALED: Code.REPEALED,
}


def judge(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns why the version may not be cited as it is, or None."""
    source = exhibit.source
    if isinstance(source, ParagraphRecord):
        return _judge_case(reading, source)
    return _judge_provision(reading, exhibit, source) if isinstance(source, ProvisionRecord) else None


def _judge_provision(reading: Reading, exhibit: Exhibit, source: ProvisionRecord) -> Fault | None:
    day = reading.memo.relevant_day
    standing = standing_of(source, day)
    if standing is Standing.IN_FORCE:
        return None if not exhibit.cited.historical else _judge_mislabelled(reading, source)
    if standing is Standing.UNKNOWN:
        told = f"no source says whether this version was law on {day}"
        return Fault(Code.TIME_UNKNOWN, told, "Look for a version with dates.", unknown=True)
    if _says_when(exhibit, source) if standing is Standing.NOT_YET else _says_past(exhibit):
        return None
    return Fault(_CODE_OF[standing], _tell(source, standing, day), _repair(source, standing, day))


def standing_of(source: ProvisionRecord, day: date) -> Standing:
    """Returns whether the version that was read is the law on the day, beside the other versions of the corpus."""
    standing = _standing(source.version, day)
    if standing is not Standing.IN_FORCE:
        return standing
    current = law_on(source, day)
    if current is None or current.sha256 == source.version.sha256:
        return standing
    return Standing.REPEALED if _standing(current, day) is Standing.REPEALED else Standing.SUPERSEDED


def law_on(source: ProvisionRecord, day: date) -> Brief | None:
    """Returns the version that is law on the day: of several the one that began last; or None.

    A version without an end is over when a later one has begun, also when that one repeals it.
    """
    versions = [one for one in (*source.versions, source.version) if _begin(one) <= day]
    alive = [one for one in versions if one.valid_to is None or day < one.valid_to]
    return max(alive, key=_begin, default=None)


def _begin(version: Brief) -> date:
    return version.valid_from or version.observed or date.max


def _standing(version: Brief, day: date) -> Standing:
    bare = Provision.model_construct(
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        observed=version.observed,
        status=version.status,
    )
    return standing_on(bare, day)


def _judge_case(reading: Reading, source: ParagraphRecord) -> Fault | None:
    if source.decided is None:
        return Fault(Code.TIME_UNKNOWN, f"no date of {source.display}", "Look for its date.", unknown=True)
    if source.decided <= reading.memo.as_of:
        return None
    return Fault(Code.NOT_YET_IN_FORCE, f"{source.display} was decided on {source.decided}", "Cite an earlier case.")


def _judge_mislabelled(reading: Reading, source: ProvisionRecord) -> Fault | None:
    """Law of the day of the facts may be historical on the memo's day; what is law on both days is not."""
    if standing_of(source, reading.memo.as_of) is not Standing.IN_FORCE:
        return None
    told = f"{source.display} is in force on {reading.memo.as_of}"
    return Fault(Code.NOT_IN_FORCE, f"called historical, but {told}", "Cite it without historical.")


def _says_past(exhibit: Exhibit) -> bool:
    """Returns whether the statement shows the law as law of the past."""
    said = exhibit.cited.role == "history" or bool(_SAYS_PAST.search(exhibit.statement.text))
    return exhibit.cited.historical and said


def _says_when(exhibit: Exhibit, source: ProvisionRecord) -> bool:
    """Returns whether the statement names the day from which the future law is law."""
    named = {found.day for found in find_days(exhibit.statement.text)}
    return exhibit.cited.historical and source.version.valid_from in named


def _tell(source: ProvisionRecord, standing: Standing, day: date) -> str:
    version = source.version
    if standing is Standing.NOT_YET:
        return f"{source.display} is law from {version.valid_from} only, not on {day}"
    if standing is Standing.REPEALED:
        note = f" ({version.note[:80]})" if version.note else ""
        return f"{source.display} is {version.status.value} on {day}{note}"
    until = f" until {version.valid_to}" if version.valid_to else ""
    return f"this text of {source.display} was law{until}, and is another on {day}"


def _repair(source: ProvisionRecord, standing: Standing, day: date) -> str:
    replaced = f" {source.work.title} was replaced by {source.work.replaced_by}." if source.work.replaced_by else ""
    if standing is Standing.NOT_YET:
        return f"Read {source.work.id}#{source.number} on {day}, or say from when it is law.{replaced}"
    return f"Read {source.work.id}#{source.number} on {day}, or cite it as history.{replaced}"
