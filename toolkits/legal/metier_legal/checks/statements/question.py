"""The memo answers what was asked, for the day that was asked about. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from metier.verdict import Finding, Outcome
from metier_legal.checks.codes import Code
from metier_legal.checks.language.days import find_days
from metier_legal.checks.reading import Fault, Reading, short
from metier_legal.quoting.normal import normalise
from metier_legal.quoting.signs import is_shown
from metier_legal.records import ParagraphRecord, ProvisionRecord

NAME: Final = "question"
_LABELLED: Final = re.compile(
    r"(?:date of (?:the )?(?:facts?|events?|accident|incident)|facts? (?:are )?of"
    r"|(?:事实|案发|行为|事件|事发)(?:发生)?(?:日期|时间|之日|日))"
    r"\s*(?:is|was|于|为|是)?\s*[:：]?\s*",
    re.IGNORECASE,
)
_SHORTEST: Final = 6


def judge(reading: Reading) -> Iterator[Finding]:
    """Yields whether question, jurisdiction and days are the task's, and whether there is a conclusion."""
    memo = reading.memo
    steps = (
        ("/question", memo.question, _question_fault(reading)),
        ("/as_of", memo.as_of.isoformat(), _day_fault(reading)),
        ("/event_date", str(memo.event_date or "none"), _event_fault(reading)),
        ("/jurisdiction", memo.jurisdiction, _jurisdiction_fault(reading)),
        ("/short_answer", "a conclusion", _conclusion_fault(reading)),
    )
    for subject, claimed, fault in steps:
        yield fault.finding(NAME, subject, claimed) if fault else Finding(NAME, subject, Outcome.HOLDS, short(claimed))


def _question_fault(reading: Reading) -> Fault | None:
    language = reading.memo.language
    asked = normalise(reading.task.text, language=language).text.strip()
    question = normalise(reading.memo.question, language=language).text.strip()
    if question == asked and is_shown(reading.memo.question):
        return None
    if len(question) >= _SHORTEST and question in asked and is_shown(reading.memo.question):
        return None
    return Fault(Code.MALFORMED, "another question than the task's", "Repeat the question as it was asked.")


def _day_fault(reading: Reading) -> Fault | None:
    memo = reading.memo
    wanted = _constraint(reading, "as_of")
    days = [record.today for record in reading.corpora]
    allowed = [wanted] if wanted else [*days, *_days_in(reading.task.text)]
    if memo.as_of in allowed:
        return None
    repair = f"State the law as of {allowed[0]}." if allowed else "Ask the corpus for its day first."
    return Fault(Code.WRONG_DAY, f"neither the corpus's day nor one of the task: {_list(allowed)}", repair)


def _event_fault(reading: Reading) -> Fault | None:
    memo = reading.memo
    wanted = _constraint(reading, "event_date") or _labelled_day(reading.task.text)
    if wanted is not None:
        if memo.event_date == wanted:
            return None
        return Fault(Code.WRONG_DAY, f"the facts are of {wanted}", f"Set event_date to {wanted}.")
    days = _days_in(reading.task.text)
    if memo.event_date is None:
        if not days or memo.as_of in days:
            return None
        return Fault(Code.WRONG_DAY, f"the task's {_list(days)} is ignored", f"Set event_date to {days[0]}.")
    if memo.event_date in days:
        return None
    return Fault(Code.WRONG_DAY, "a day that the task does not name", "Leave event_date out, or take the task's day.")


def _jurisdiction_fault(reading: Reading) -> Fault | None:
    known = {name for record in reading.corpora for name in record.jurisdictions}
    wanted = (reading.task.constraints or {}).get("jurisdiction")
    jurisdiction = reading.memo.jurisdiction
    if isinstance(wanted, str) and wanted and jurisdiction != wanted:
        return Fault(Code.WRONG_JURISDICTION, f"the task asks about {short(wanted)}", f"Answer for {short(wanted)}.")
    if not known or jurisdiction in known | _read(reading):
        return None
    told = f"the corpus has law of {', '.join(sorted(known))} only"
    return Fault(Code.WRONG_JURISDICTION, told, "Refuse, or answer for a jurisdiction of the corpus.")


def _read(reading: Reading) -> set[str]:
    """Returns the jurisdictions whose law was read in the run: a live source has law that no corpus here has."""
    records = reading.records.values()
    laws = {record.work.jurisdiction for record in records if isinstance(record, ProvisionRecord)}
    return laws | {record.jurisdiction for record in records if isinstance(record, ParagraphRecord)}


def _conclusion_fault(reading: Reading) -> Fault | None:
    if any(reading.grounds(statement) for statement in reading.memo.short_answer):
        return None
    return Fault(Code.UNCITED, "no short answer that rests on law", "Rest the short answer on law, or refuse.")


def _constraint(reading: Reading, name: str) -> date | None:
    value = (reading.task.constraints or {}).get(name)
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _labelled_day(text: str) -> date | None:
    for match in _LABELLED.finditer(text):
        dated = next((found for found in find_days(text) if found.start == match.end()), None)
        if dated is not None:
            return dated.day
    return None


def _days_in(text: str) -> list[date]:
    return [found.day for found in find_days(text)]


def _list(days: list[date]) -> str:
    return ", ".join(day.isoformat() for day in days[:4]) or "none is known"
