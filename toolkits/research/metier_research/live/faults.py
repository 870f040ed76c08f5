"""What an answer means that is not the results asked for: who is to blame, and whether another source may do. Pure.

A key that is refused is the caller's to mend. Everything else is the source's: it may pass, or another may be asked.
"""

import json
from typing import Any, Final

from metier.canonical import JSON
from metier.errors import MetierError, MissingError, NotCoveredError, ServerError
from metier_research.live.fields.reading import told_in
from metier_research.live.source import Source

PAUSE_S: Final = 30.0
"""After "too many requests" by a source that does not say for how long."""
_REFUSED: Final = frozenset((401, 403))
_THROTTLED: Final = 429
_KEY_CODES: Final = ("SUBSCRIPTION_TOKEN_INVALID", "INVALID_API_KEY")
_SPENT_CODES: Final = ("Not enough credits", "NO_MORE_CREDITS", "API_KEY_BUDGET_EXCEEDED", "QUOTA_LIMITED")


def fault_of(source: Source[Any], status: int, body: str, *, retry_after_s: float | None, key: str = "") -> MetierError:
    """Returns the error that an answer with a status other than 200 is. `key` is masked in what the source says."""
    said = _said(body)
    words = f": {said.replace(key, '[secret]') if key else said}" if said else ""
    if status in source.refusals:
        return NotCoveredError(f"{source.title} does not answer. {source.refusals[status]}{words}.")
    if any(code in body for code in _SPENT_CODES):
        return NotCoveredError(f"{source.title} does not answer, for what was paid for is used up{words}.")
    if source.option and (status in _REFUSED or any(code in body for code in _KEY_CODES)):
        return refused_key(source, words)
    if status == _THROTTLED:
        pause = PAUSE_S if retry_after_s is None else retry_after_s
        told = f"{source.title} was asked too often{words}."
        return ServerError(told, hint=f"Ask again in {pause:g} s.", retry_after_s=pause)
    told = f"{source.title} answered with status {status}{words}."
    return ServerError(told, hint="Ask another source, or later.", retry_after_s=retry_after_s)


def refused_key(source: Source[Any], words: str = "") -> MissingError:
    """Returns the error that the source does not take the key that it was given."""
    return MissingError(f"{source.title} refuses the key{words}.", hint=_how(source))


def lacking_key(source: Source[Any]) -> MissingError:
    """Returns the error that there is no key for a source that answers nobody without one."""
    return MissingError(f"{source.title} needs a key, and there is none.", hint=_how(source))


def leave_to_others(error: MetierError) -> MetierError:
    """Returns the error as the tool raises it: a refused key is no reason not to ask the next source."""
    return NotCoveredError(error.message, hint=error.hint) if isinstance(error, MissingError) else error


def worst_of(errors: list[MetierError]) -> MetierError:
    """Returns the error that stands for all of a call's queries: one that asks for patience with the longest pause.

    Where none does it is the first.
    """
    throttled = [one for one in errors if isinstance(one, ServerError) and one.retry_after_s is not None]
    return leave_to_others(max(throttled, key=lambda one: one.retry_after_s or 0.0) if throttled else errors[0])


def _how(source: Source[Any]) -> str:
    return f"Set the option {source.option} or the environment variable {source.variable} to your key."


def _said(body: str) -> str:
    try:
        value: JSON = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    return told_in(value).rstrip(".")
