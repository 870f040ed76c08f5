"""Why a server could not be used, in words: who is to blame and what to do next, without secrets or addresses. Pure."""

import re
from dataclasses import dataclass
from typing import TypeVar

from mcp.shared.exceptions import MCPError
from mcp.types import CONNECTION_CLOSED, INTERNAL_ERROR
from pydantic import ValidationError

from metier.errors import MetierError, ServerError, ToolError
from metier.redaction import Redaction
from metier.servers.sessions.faults import Faults

MOST_WORDS = 300  # characters of what a server wrote that an error repeats
E = TypeVar("E", bound=BaseException | None)
_TOO_LONG = "Server-sent event exceeded"  # how the SDK's reader of event streams begins to say so
_ENDED = ("Connection closed", "SSE stream ")  # how the SDK begins to say that a session or an answer broke off
_URL = re.compile(r"\w+://\S+")


@dataclass(frozen=True, slots=True)
class Reasons:
    """The words for what went wrong with the server `name`."""

    name: str
    redaction: Redaction

    def quoted(self, text: str) -> str:
        """Returns what a server wrote, as an error may repeat it."""
        return _URL.sub("<address>", self.redaction.text(text))[:MOST_WORDS].strip()

    def silent(self, subject: str, seconds: float) -> ServerError:
        """Returns the error for a call that took too long."""
        return ServerError(
            f"The server {self.name!r} did not answer {subject} within {seconds:g} s.",
            hint="Ask for less, or allow it more time.",
        )

    def died(self, faults: Faults) -> MetierError:
        """Returns the error for a call whose session ended before it."""
        if faults.ended is not None:
            return faults.ended
        hint = self._last_words(faults) or "The next call connects again."
        return ServerError(f"The server {self.name!r} died during a call.", hint=hint)

    def unreachable(self, error: BaseException | None, faults: Faults, *, trouble: str = "") -> MetierError:
        """Returns the error for a session that could not be opened: `error` came out of it, or `trouble` says why."""
        error = _innermost(error)
        noted = faults.behind(error) if isinstance(error, MCPError) else error
        known = noted if isinstance(noted, MetierError) else faults.ended
        if isinstance(known, ServerError):
            hint = self._last_words(faults) or known.hint
            return ServerError(known.message, hint=hint, sent=False, retry_after_s=known.retry_after_s)
        if known is not None:
            return known
        return ServerError(
            f"The server {self.name!r} cannot be reached: {trouble or self._told(error)}.",
            hint=self._last_words(faults) or "Is it running, and is its address right?",
            sent=False,
        )

    def behind(self, error: BaseException, faults: Faults, subject: str) -> BaseException:
        """Returns the error to raise for one that came out of the SDK during `subject`."""
        error = _innermost(error)
        if isinstance(error, MCPError):
            return faults.behind(error) or self._refused(error, faults, subject)
        if isinstance(error, ValidationError):
            return ServerError(
                f"The server {self.name!r} answered {subject} out of protocol ({error.error_count()} faults).",
                hint="It may speak another version of MCP.",
            )
        if isinstance(error, RuntimeError):
            return ToolError(f"{subject} of {self.name!r} gave what cannot be used: {self.quoted(str(error))}")
        return error

    def _refused(self, error: MCPError, faults: Faults, subject: str) -> MetierError:
        said = self.quoted(error.message)
        if is_death(error):
            return self.died(faults)
        if error.code == CONNECTION_CLOSED and _TOO_LONG in error.message:  # more than the SDK's reader was allowed
            return ServerError(
                f"The server {self.name!r} answered with more than 32 MiB.",
                hint="Ask for less: a page, a range, fewer fields.",
            )
        if error.code == INTERNAL_ERROR:
            return ServerError(f"The server {self.name!r} failed at {subject}: {said}")
        return ToolError(f"The server {self.name!r} refused {subject}: {said}")

    def _told(self, error: BaseException | None) -> str:
        if error is None:
            return "the connection broke while it was opened"
        if is_death(error):
            return "it closed the connection"
        if isinstance(error, ValidationError):
            return "it answers out of protocol"
        return f"{self.quoted(str(error)).rstrip('.') or 'no message'} ({type(error).__name__})"

    def _last_words(self, faults: Faults) -> str:
        words = self.quoted(faults.last_words)
        return f"It last wrote: {words}" if words else ""


def _innermost(error: E) -> E | BaseException:
    found: E | BaseException = error
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def is_death(error: BaseException) -> bool:
    """Returns whether `error` says that the connection ended, and not only that one answer was too long for it.

    Servers use the code of the SDK for errors of their own.
    """
    if not isinstance(error, MCPError) or error.code != CONNECTION_CLOSED:
        return False
    return error.message.startswith(_ENDED) and _TOO_LONG not in error.message
