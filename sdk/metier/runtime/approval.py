"""A person's word on a tool call that may change something."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from metier.canonical import JSON


@dataclass(frozen=True, slots=True)
class Approval:
    """A tool call that needs a person's approval. `path` names it in the run; server and arguments are data.

    `waited` says that the run has already stopped at this very call, in an earlier session.
    """

    run: str
    path: str
    server: str
    tool: str
    arguments: Mapping[str, JSON]
    waited: bool = False


Approve: TypeAlias = Callable[[Approval], Awaitable[bool | None]]
"""Says yes, no, or (None) nothing yet: the run stops there and can be resumed."""
