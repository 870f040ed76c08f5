"""What a server may say unasked, held within bounds: notifications and requests of its own cost the client work.

Notifications that nobody here listens to are dropped. Of progress so much is passed on as a person can follow. A server
that has more than MOST_OPEN requests of its own open ends the session.
"""

import time
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING, Any, Self

from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, JSONRPCNotification, JSONRPCRequest, JSONRPCResponse

from metier.errors import ServerError
from metier.servers.sessions.faults import Faults
from metier.servers.sessions.streams import ClosedAtEnd

if TYPE_CHECKING:
    from mcp.client._transport import ReadStream, TransportStreams, WriteStream

BURST = 100  # notes of progress that may come at once
PER_S = 50.0  # and then, every second
MOST_OPEN = 100


@asynccontextmanager
async def guarded(
    name: str, transport: "AbstractAsyncContextManager[TransportStreams]", faults: Faults
) -> AsyncIterator[tuple["GuardedRead", "GuardedWrite"]]:
    """Yields the two streams of `transport` under one guard."""
    guard = Guard(name, faults)
    async with transport as (read, write):
        yield GuardedRead(read, guard), GuardedWrite(write, guard)


class Guard:
    """The counts of one session."""

    def __init__(self, name: str, faults: Faults) -> None:
        self._name = name
        self._faults = faults
        self._open = 0
        self._left = float(BURST)
        self._at = time.monotonic()

    def lets_in(self, item: SessionMessage | Exception) -> bool:
        """Returns whether the session shall see `item`."""
        message = item.message if isinstance(item, SessionMessage) else None
        if isinstance(message, JSONRPCNotification):
            return message.method == "notifications/cancelled" or (
                message.method == "notifications/progress" and self._may_pass()
            )
        if isinstance(message, JSONRPCRequest):
            self._open += 1
            if self._open > MOST_OPEN:
                error = ServerError(
                    f"The server {self._name!r} has more than {MOST_OPEN} questions open.", hint="It is broken."
                )
                self._faults.end(error, lasting=True)
        return True

    def note_sent(self, item: SessionMessage) -> None:
        """Counts an answer to a request of the server."""
        if isinstance(item.message, JSONRPCResponse | JSONRPCError):
            self._open -= 1

    @property
    def ended(self) -> bool:
        """Returns whether the session is over."""
        return self._faults.ended is not None

    def _may_pass(self) -> bool:
        now = time.monotonic()
        self._left = min(float(BURST), self._left + (now - self._at) * PER_S)
        self._at = now
        if self._left < 1.0:
            return False
        self._left -= 1.0
        return True


class GuardedRead(ClosedAtEnd):
    """A stream of what the server says, without what the guard keeps out."""

    def __init__(self, stream: "ReadStream[SessionMessage | Exception]", guard: Guard) -> None:
        self._stream = stream
        self._guard = guard

    @property
    def last_context(self) -> Any:
        """Returns the context of the sender of the last message, where the stream has one."""
        return getattr(self._stream, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """Returns the next message; raises what the stream raises."""
        while True:
            item = await self._stream.receive()
            if self._guard.lets_in(item):
                return item

    async def aclose(self) -> None:
        """Closes the stream."""
        await self._stream.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        while not self._guard.ended:
            item = await anext(self._stream)
            if self._guard.lets_in(item):
                return item
        raise StopAsyncIteration


class GuardedWrite(ClosedAtEnd):
    """A stream of what the client says, its answers counted."""

    def __init__(self, stream: "WriteStream[SessionMessage]", guard: Guard) -> None:
        self._stream = stream
        self._guard = guard

    async def send(self, item: SessionMessage, /) -> None:
        """Sends one message; raises what the stream raises."""
        await self._stream.send(item)
        self._guard.note_sent(item)

    async def aclose(self) -> None:
        """Closes the stream."""
        await self._stream.aclose()
