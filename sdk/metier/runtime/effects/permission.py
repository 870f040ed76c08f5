"""Whether a tool call may be made: a person's approval, and no second time for what may have been done already."""

from collections.abc import Mapping
from typing import Any

from metier.canonical import JSON
from metier.clock import iso_time
from metier.errors import ServerError, ToolError
from metier.journal import Entry
from metier.runtime.approval import Approval
from metier.runtime.effects.ledger import Ledger, Slot

DENIED = "The user does not allow this call. Do not make it again; go on without it, or end the run."
WAITS = "This call waits for the user's approval. The run stops here."
UNKNOWN = (
    "It is not known whether this call was carried out: the run broke off during it, and it may change something. "
    "Find out with another tool before you call it again."
)
CUT = "It may have been carried out all the same."


def check_unchanged(name: str, listed: Mapping[str, Any], now: Mapping[str, Any]) -> None:
    """Raises ToolError for a tool that is not the one that the run was begun with, or that may do more than it said.

    `listed` is what the journal has of it, by which it was decided whether to ask; `now` is what the servers say.
    """
    if any(key in listed and now.get(key) != listed[key] for key in ("server", "tool")):
        raise ToolError(f"The tool {name!r} is another than when the run began.", hint="Begin a new run to use it.")
    asks_more = bool(now.get("needs_approval")) and not listed.get("needs_approval")
    does_more = listed.get("repeatable", True) and not now.get("repeatable", True)
    if asks_more or does_more:
        raise ToolError(
            f"The tool {name!r} may change something now, which it did not when the run began.",
            hint="Begin a new run to use it.",
        )


async def refuse(ledger: Ledger, slot: Slot, content: JSON, approval: Approval) -> str:
    """Returns what the model is told instead of the result, or nothing when a person approves of the call.

    The answer is journaled, so that it is asked for once. Without one, the call is noted in `ledger.waiting`.
    """
    path = f"{slot.path}/approval"
    entry = ledger.find(path, content)
    if entry is None:
        waited = ledger.journal.lookup(f"{slot.path}/waiting", content) is not None
        said = await ledger.ask_approval(approval, waited=waited)
        if said is None:
            if not waited:
                _note(ledger, "waiting", slot, content, {})
            return WAITS
        entry = _note(ledger, "approval", slot, content, {"approved": said})
    return "" if isinstance(entry.output, dict) and entry.output.get("approved") is True else DENIED


def is_doubtful(ledger: Ledger, slot: Slot, content: JSON) -> bool:
    """Returns whether the call began in an earlier session and may have reached its server."""
    begun = ledger.journal.lookup(f"{slot.path}/begun", content)
    return begun is not None and isinstance(begun.output, dict) and begun.output.get("sent") is not False


def begin(ledger: Ledger, slot: Slot, content: JSON) -> None:
    """Writes down that a call that may change something is about to be made."""
    _note(ledger, "begun", slot, content, {})


def take_back(ledger: Ledger, slot: Slot, content: JSON, error: ServerError) -> None:
    """Writes down that the call that had begun never left this machine, if that is so."""
    if not error.sent:
        _note(ledger, "begun", slot, content, {"sent": False})


def _note(ledger: Ledger, kind: str, slot: Slot, content: JSON, output: dict[str, JSON]) -> Entry:
    now = iso_time(ledger.clock.now())
    entry = Entry(f"{slot.path}/{kind}", kind, content, output, now, 0.0, ledger.wall())
    ledger.journal.record(entry)
    return entry
