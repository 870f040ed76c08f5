"""The moves: look what law there is, search, read, follow, judge, write; or refuse with reasons."""

from collections.abc import Callable, Sequence
from typing import Final

from metier.answer import Question as Asked
from metier.answer import Questions, Refusal
from metier.errors import MissingError
from metier.history import History, error_of, fields_of
from metier.task import Task
from metier.toolkit import Call, Calls, Finish, Move, Observation
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.playbook.findings import (
    Findings,
    Ground,
    Shelf,
    followings,
    gather,
    named_in_question,
    read_shelf,
    readings,
    searches,
)
from metier_legal.playbook.question import Question, choose_jurisdiction, queries_of, read_question
from metier_legal.playbook.wording import day_words, words_of
from metier_legal.playbook.writing import write_memo

# What the best text must have of a question to speak to it: terms, and a part of their worth. Set on tasks of the
# fictional country, where questions of no law share a single word with the law.
TERMS: Final = 2
SPEAKS: Final = {"en": 0.08, "zh": 0.04}
STAGES: Final[tuple[tuple[Callable[[Ground, History], tuple[Call, ...]], str], ...]] = (
    (searches, "Which statutes and cases speak to this?"),
    (readings, "Read the best of them as they were on the day."),
    (followings, "Follow the cases to what they cite, and to what became of them."),
)


def play(task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
    """Returns the next move of a legal question. Raises InputError for a text that is none, MissingError without law.

    Objections change nothing: the same memo is given again, and the guard takes out what does not stand.
    """
    history = History(observations)
    first = history.last("list_law")
    if first is None:
        return Calls((Call("list_law", {}),), "Which law is here, and which day is today?")
    if first.is_error:
        raise MissingError(error_of(first))
    question, shelf = read_question(task.text, task.constraints), read_shelf(first)
    stopped = _stop_early(question, shelf)
    if stopped is not None:
        return stopped
    jurisdiction, _ = choose_jurisdiction(question, shelf.jurisdictions)
    day = question.event_date or question.as_of or shelf.today
    return _research(Ground(question, jurisdiction, day), history, shelf)


def _stop_early(question: Question, shelf: Shelf) -> Finish | None:
    """Returns the refusal or the question that the words alone call for, or None."""
    words = words_of(question.language)
    _, problem = choose_jurisdiction(question, shelf.jurisdictions)
    there = words.join.join(shelf.jurisdictions)
    if problem == "absent":
        named = question.jurisdiction or words.join.join(question.named)
        return _refuse(words.absent.format(named=named, there=there), "No law of that jurisdiction is here.")
    if problem == "several":
        asked = Asked(text=words.several.format(first=shelf.jurisdictions[0]), choices=shelf.jurisdictions)
        return Finish(Questions(questions=(asked,)), "It must be known whose law applies.")
    days = [day for day in (question.event_date, question.as_of) if day is not None]
    if days and max(days) > shelf.today:
        day = day_words(max(days), question.language)
        return _refuse(words.future.format(day=day), "Nobody can prove the law of a day to come.")
    if question.needs_date and not days:
        return Finish(Questions(questions=(Asked(text=words.ask_date),)), "The day decides which law applies.")
    return None


def _research(ground: Ground, history: History, shelf: Shelf) -> Move:
    for plan, thought in STAGES:
        missing = history.open_calls(plan(ground, history))
        if missing:
            return Calls(missing, thought)
        if blind := _unavailable(history):
            return _refuse(blind, "The index cannot be searched, which is not the same as finding nothing.")
    if missing_law := _missing_law(ground, history):
        return _refuse(missing_law, "The question rests on law that is not here.")
    findings = gather(ground, history)
    speaks = findings.shared >= TERMS and findings.share >= SPEAKS[ground.question.language]
    if not findings.rules or not speaks:
        return _no_issue(ground)
    return _conclude(ground, findings, history, shelf)


def _conclude(ground: Ground, findings: Findings, history: History, shelf: Shelf) -> Move:
    """Returns the memo; where a judge is set, what to ask it, until nothing is left that it does not find supported."""
    memo = write_memo(ground, findings, today=shelf.today)
    while shelf.judge:
        missing = history.open_calls(judgements(memo))
        if missing:
            return Calls(missing, "Does each passage support what is said of it?")
        doubted = doubted_by_judge(memo, history)
        if not doubted:
            break
        findings = findings.without(doubted)
        if not findings.rules:
            return _no_issue(ground)
        memo = write_memo(ground, findings, today=shelf.today)
    return Finish(memo, "Everything in it was read in this run.")


def judgements(memo: Memo) -> tuple[Call, ...]:
    """Returns what to ask the judge: each law statement with each passage that it cites."""
    return tuple(_judgement(statement, cited) for _, statement in memo.statements() for cited in statement.authorities)


def _judgement(statement: Statement, cited: Cited) -> Call:
    return Call("judge_support", {"claim": statement.text, "passage": cited.quote})


def doubted_by_judge(memo: Memo, history: History) -> frozenset[tuple[str, str]]:
    """Returns the authorities, as evidence id and quote, of which the judge did not say that they entail their claim.

    A judge that failed has not said so.
    """
    return frozenset(
        (cited.evidence, cited.quote)
        for _, statement in memo.statements()
        for cited in statement.authorities
        for seen in (history.answer(_judgement(statement, cited)),)
        if seen is None or seen.is_error or fields_of(seen.value).get("verdict") != "entailed"
    )


def _unavailable(history: History) -> str:
    """Returns why no search could be made, or "" where one could."""
    made = [seen for tool in ("search_statutes", "search_cases") for seen in history.of(tool)]
    states = [(seen.value.get("state"), seen) for seen in made if isinstance(seen.value, dict)]
    if any(state != "UNAVAILABLE" for state, _ in states):
        return ""
    reasons = [str(seen.value.get("reason")) for _, seen in states if isinstance(seen.value, dict)]
    return next(iter(reasons or [seen.text for seen in made if seen.is_error]), "")


def _missing_law(ground: Ground, history: History) -> str:
    """Returns which law that the question rests on is not in the corpus, or ""."""
    words = words_of(ground.question.language)
    for row in named_in_question(history):
        if row.get("state") in ("NO_SUCH_SOURCE", "NO_SUCH_PIN", "NOT_IN_CORPUS"):
            return words.not_here.format(written=row.get("written"), state=row.get("state"), reason=row.get("reason"))
    return ""


def _no_issue(ground: Ground) -> Finish:
    words = words_of(ground.question.language)
    queries = words.join.join(f"“{query[:120]}”" for query in queries_of(ground.question))
    reasons = (words.no_issue, words.searched.format(queries=queries))
    return Finish(Refusal(reasons=reasons), "No source, no conclusion.")


def _refuse(reason: str, thought: str) -> Finish:
    return Finish(Refusal(reasons=(reason,)), thought)
