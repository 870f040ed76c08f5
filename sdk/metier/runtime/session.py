"""What one session of a run needs."""

from collections.abc import Callable
from dataclasses import dataclass

from pydantic_ai.models import Model
from pydantic_ai.toolsets import AbstractToolset

from metier.clock import Clock
from metier.journal import Journal
from metier.redaction import Redaction
from metier.runtime.approval import Approve
from metier.runtime.events import Event
from metier.runtime.fold import Header
from metier.toolkit import Toolkit


@dataclass(frozen=True, slots=True)
class Session:
    """All that one session of a run needs. `replaying` performs no effect."""

    header: Header
    toolkits: tuple[Toolkit, ...]
    model: Model
    toolset: AbstractToolset[None]
    journal: Journal
    clock: Clock
    redaction: Redaction
    emit: Callable[[Event], None]
    replaying: bool = False
    approve: Approve | None = None
