"""The moves: take the question apart, find the pages, follow the links, and report what they say; or refuse."""

from collections.abc import Sequence
from typing import Final

from metier.answer import Refusal
from metier.task import Task
from metier.toolkit import Calls, Finish, Move, Observation
from metier_research.playbook.findings import Lost, Outcome
from metier_research.playbook.phrases.question import read_question
from metier_research.playbook.reporting import write_report
from metier_research.playbook.seen.desk import Desk
from metier_research.playbook.tracing import Tracer

MOST_CALLS: Final = 90
NOT_UNDERSTOOD: Final = (
    "This question is not of a form that the playbook understands: it follows relations between named things, such as "
    "who designed what, where, when and how many. Ask with a model for others."
)


def play(task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
    """Returns the next move of a research question. Pure: it knows only what the observations say.

    At the guard's first objection the report is given again without the way to its answer; at the second one it is
    refused, with the objection as the reason.
    """
    meaning = read_question(task.text)
    if meaning is None:
        return Finish(Refusal(reasons=(NOT_UNDERSTOOD,)), "Nothing is guessed.")
    desk = Desk(observations)
    work = Tracer(desk).trace(meaning)
    outcome: Outcome | None = None
    while outcome is None:
        try:
            wanted = next(work)
        except StopIteration as done:
            outcome = done.value
            break
        missing = desk.history.open_calls(wanted)
        if missing and len(observations) + len(missing) > MOST_CALLS:
            outcome = Lost(f"The search was given up after {len(observations)} calls.")
        elif missing:
            return Calls(missing, "What is needed next for the question.")
    if isinstance(outcome, Lost):
        return _refuse(desk, outcome.reason)
    if len(objections) > 1:
        return _refuse(desk, f"What was found does not stand: {objections[-1]}")
    return Finish(write_report(task, meaning, outcome, brief=bool(objections)), "Every step was read in this run.")


def _refuse(desk: Desk, reason: str) -> Finish:
    searched = ", ".join(f"“{query}”" for query in desk.queries[-8:])
    read = ", ".join(f"“{sheet.title}”" for sheet in desk.sheets[-8:])
    reasons = [reason, *([f"Searched: {searched}."] if searched else []), *([f"Read: {read}."] if read else [])]
    return Finish(Refusal(reasons=tuple(reasons)), "What no page states is not answered.")
