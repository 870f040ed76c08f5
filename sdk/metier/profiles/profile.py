"""What a profile is, and what it leaves in a response for the mode that asked.

A profile wraps a model: requests go out as the model was trained to see them, and its text comes back as calls and
answers. What it could not read it names, in the response's `provider_details`, so that it survives the journal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from pydantic_ai.messages import ModelResponse
from pydantic_ai.models import Model

MALFORMED: Final = "malformed"
"""The key of what was written wrongly: a list of objects with `kind` and `observation`."""

FINAL: Final = "final"
"""The key of the text of a final answer."""

Profile: TypeAlias = Callable[[Model], Model]


@dataclass(frozen=True, slots=True)
class Malformed:
    """Something that the model wrote wrongly. `observation` says so to the model, as the result of a tool."""

    kind: str
    observation: str


def malformed_in(response: ModelResponse) -> tuple[Malformed, ...]:
    """Returns what was written wrongly in `response`; nothing where no profile read it.

    Calls of the same response were written well and are to be made.
    """
    noted = _details(response).get(MALFORMED)
    listed: Sequence[Any] = noted if isinstance(noted, list) else ()
    return tuple(
        Malformed(one["kind"], one["observation"])
        for one in listed
        if isinstance(one, dict) and isinstance(one.get("kind"), str) and isinstance(one.get("observation"), str)
    )


def final_in(response: ModelResponse) -> str | None:
    """Returns the text with which the model ends, or None when `response` is no final answer."""
    text = _details(response).get(FINAL)
    return text if isinstance(text, str) else None


def _details(response: ModelResponse) -> dict[str, Any]:
    return response.provider_details or {}
