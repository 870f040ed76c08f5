"""Ending a run with an outcome that nobody can be asked to put right, or with the error of a part of it."""

from typing import NoReturn

from metier.errors import CheckError, MetierError, ModelError, ServerError
from metier.modes.mode import Assignment, Objection, Outcome
from metier.trace import Branch

_BLAMED: dict[str, type[MetierError]] = {f"blame: {kind.blame}": kind for kind in (ServerError, ModelError, CheckError)}


def conclude(assignment: Assignment, outcome: Outcome) -> None:
    """Gives the outcome to the guard until it takes it: objections are spent, then it takes what stands."""
    for _ in range(assignment.desk.limits.repairs + 1):
        try:
            assignment.hold(outcome)
        except Objection:
            continue
        return


def fail(branch: Branch) -> NoReturn:
    """Raises the error that ended a part of the run without which the run cannot go on: resumed, it is tried again."""
    raise _BLAMED.get(branch.reason, ModelError)(f"{branch.name} failed: {branch.error or branch.stop}")
