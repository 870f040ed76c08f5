"""GROUNDED: a report rests on what was read; its exact answer and its headings claim nothing of their own."""

import re
from collections.abc import Iterator
from typing import Final

from metier_research.checks.labels import deny_kind, find_claim, find_presumed
from metier_research.checks.reading import Exhibit, Fault, Reading
from metier_research.checks.support.numbers import Support
from metier_research.language.amounts import Amount, find_amounts
from metier_research.language.dates import Day, find_days
from metier_research.language.denial import count_denials
from metier_research.language.instructions import find_instruction
from metier_research.language.names import Known, find_names, is_plain_word
from metier_research.language.stretches import cut_stretches, find_values, is_said
from metier_research.language.words import find_content, fold, share_in
from metier_research.pages.evidence import READ, kind_of

_YES: Final = frozenset(("yes", "true", "是", "对"))
_NO: Final = frozenset(("no", "false", "否", "不是", "不"))
_ASKS: Final = re.compile(
    r"[?？]\s*\Z|\b(?:not (?:found|stated|known|given|clear|say|tell)|no (?:source|page|evidence|record|figure)|"
    r"unknown|unclear|open|whether|could not|cannot|which|what|who|when|where|why|how|unanswered|unresolved|remains)\b"
    r"|未|没有|不明|尚|是否|何|谁|哪|多少",
    re.IGNORECASE,
)
_LIST: Final = re.compile(r"\s*(?:,\s*(?:and\s+)?|;\s*|\s+and\s+|、|和)\s*")
_THAN: Final = re.compile(r"\bthan\b", re.IGNORECASE)
_LEAST_OF_QUESTION: Final = 0.5
_LONGEST_LABEL: Final = 1_000  # characters of a title, heading, question or exact answer


def judge_whole(reading: Reading) -> Iterator[tuple[str, str, Fault]]:
    """Yields what is wrong with the report as a whole: where, what is claimed there, and the fault."""
    yield from _judge_bones(reading)
    yield from _judge_exact(reading)
    yield from _judge_labels(reading)


def _judge_bones(reading: Reading) -> Iterator[tuple[str, str, Fault]]:
    report = reading.report
    if not any(kind_of(item) in READ or not kind_of(item) for item in reading.evidence.values()):
        yield "", report.title, Fault("nothing was read in this run", "Search and read first, or refuse.")
    if report.answer is None and not any(section.statements for section in report.sections):
        yield "", report.title, Fault("the report states nothing", "State what was found, or refuse.")
    for at, section in enumerate(report.sections):
        if not section.statements:
            yield (
                f"/sections/{at}",
                section.heading,
                Fault("the section has no statements", "Leave the section out."),
            )


def _judge_exact(reading: Reading) -> Iterator[tuple[str, str, Fault]]:
    report = reading.report
    exact = report.exact.strip()
    if not exact:
        return
    if len(exact) > _LONGEST_LABEL:
        yield "/answer", exact, Fault("the exact answer is too long", "Give it in as few words as can be compared.")
        return
    if report.answer is None:
        yield "", exact, Fault("there is no answer that says it", "Give the answer as a cited statement.")
        return
    exhibits = tuple(one for one in reading.exhibits("/answer") if one.item is not None)
    plain = fold(exact).strip(" .!。")
    if plain in _YES or plain in _NO:
        if told := _deny_word(plain, report.answer.text):
            yield "/answer", exact, Fault(told, "Make the exact answer and the sentence agree.")
        return
    for part in _LIST.split(exact) if not find_amounts(exact) and not find_days(exact) else [exact]:
        if told := deny_kind(exact, reading.task.text) or _deny_part(part, report.answer.text, exhibits, reading):
            yield "/answer", exact, Fault(told, "Give as exact answer what was asked for, as the quoted words say it.")


def _deny_word(plain: str, answer: str) -> str:
    head = fold(answer).lstrip()
    said = re.match(r"(yes|no)\b|(是|否|不)", head)
    if said is None:
        return ""
    yes = said[0] in ("yes", "是")
    return "" if yes == (plain in _YES) else f"the answer begins with “{said[0]}”"


def _deny_part(part: str, answer: str, exhibits: tuple[Exhibit, ...], reading: Reading) -> str:
    """Returns why a part of the exact answer is not what the answer and its sources say, or ""."""
    if values := find_values(part):
        source, said = Support(exhibits, reading.task.text), find_values(answer)
        wrong = [one for one in values if not any(is_said(one, other) for other in said)]
        wrong += [one for one in values if isinstance(one, Amount) and source.deny_amount(one, find_amounts(answer))]
        wrong += [one for one in values if isinstance(one, Day) and not source.has_day(one)]
        if wrong:
            return f"“{wrong[0].written}” is not what the answer and its quotes say"
        return _deny_rest(part, answer)
    words = tuple(re.findall(r"\w[\w'’.-]*", part))
    known = Known([*(one.said for one in exhibits), *(text for one in exhibits for text in one.naming)])
    if words and not Known((answer,)).has(words):
        return f"“{part}” does not stand in the answer"
    if words and not known.has(words) and not _is_all_in(part, exhibits):
        return f"“{part}” stands in none of the quotes of the answer"
    than = _THAN.search(answer)
    if than and fold(part) in fold(answer[than.end() :]) and fold(part) not in fold(answer[: than.start()]):
        return f"the answer sets “{part}” second"
    return ""


def _deny_rest(part: str, answer: str) -> str:
    """Returns the words around the numbers of an exact answer that the answer does not have, or ""."""
    known, have = Known((answer,)), find_content(answer)
    for stretch in cut_stretches(part):
        name = next((one for one in stretch.names if not known.has(tuple(one.split()))), "")
        if name or not stretch.body <= have:
            return f"“{name or part}” does not stand in the answer"
    return ""


def _is_all_in(part: str, exhibits: tuple[Exhibit, ...]) -> bool:
    share = share_in(part, [one.said for one in exhibits])
    return share is not None and share >= 1


def _judge_labels(reading: Reading) -> Iterator[tuple[str, str, Fault]]:
    """Yields headings, topics and open questions that claim something, which has no citation there."""
    report, asked = reading.report, reading.task.text
    known = [asked, *(statement.text for _, statement in reading.statements), report.exact]
    labels = [("/title", report.title), ("/question", report.question)]
    labels += [(f"/sections/{at}/heading", one.heading) for at, one in enumerate(report.sections)]
    labels += [(f"/conflicts/{at}/topic", one.topic) for at, one in enumerate(report.conflicts)]
    for subject, text in labels:
        if told := _deny_label(text, known) or find_claim(text, known):
            yield subject, text, Fault(told, "A heading claims nothing: move it into a cited statement.")
    if report.question and (share_in(report.question, (asked,)) or 0.0) < _LEAST_OF_QUESTION and _is_comparable(asked):
        yield "/question", report.question, Fault("this was not asked", "Repeat the question of the task.")
    for at, question in enumerate(report.open_questions):
        subject = f"/open_questions/{at}"
        if told := _deny_label(question, known, read=reading) or find_presumed(question, reading, known):
            yield subject, question, Fault(told, "An open question says only what was not found.")
        elif not _ASKS.search(question) and not count_denials(question):
            yield subject, question, Fault("it asks nothing", "Write what was not found, or leave it out.")


def _is_comparable(asked: str) -> bool:
    return bool(find_content(asked))


def _deny_label(text: str, known: list[str], read: Reading | None = None) -> str:
    """Returns the number, name or order in a text without citations that no statement nor the question has, or ""."""
    if len(text) > _LONGEST_LABEL:
        return "it is too long for a heading"
    if told := find_instruction(text):
        return f"“{told}” addresses the assistant"
    said = [one for part in known for one in find_values(part)]
    for value in find_values(text):
        if not any(is_said(value, one) for one in said):
            return f"“{value.written}” is in no statement"
    titles = [title for item in read.evidence.values() if (title := _title(item.value))] if read else []
    names = Known([*known, *titles])
    for name in find_names(text):
        if not name.starts and not names.has(name.words) and not all(map(is_plain_word, name.words)):
            return f"“{name.text}” is named in no statement"
    return ""


def _title(value: object) -> str:
    title = value.get("title") if isinstance(value, dict) else None
    return title if isinstance(title, str) else ""
