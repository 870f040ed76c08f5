"""The stdio transport of MCP over a child process: one JSON-RPC message a line, each within bounds.

The SDK's own reads lines of any length and logs what it cannot read. This one keeps at most one message of MOST_BYTES,
answers the call that got a longer or unreadable one with that reason, lets a server print some lines that are no
messages, and ends the session with a reason when it prints nothing else.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

import anyio
from mcp import StdioServerParameters
from mcp.shared.message import SessionMessage
from mcp.types import JSONRPCError, jsonrpc_message_adapter

from metier.errors import ServerError
from metier.servers.sessions.children.lines import KEPT, MOST_BYTES, Lines, Overlong, answered_id, claims_protocol
from metier.servers.sessions.children.spawning import BUFFER_BYTES, Child, start_child
from metier.servers.sessions.faults import Faults
from metier.servers.sessions.streams import ClosedAtEnd

NOISE_LINES = 1_000  # in a row, without one message among them
NOISE_BYTES = 1024 * 1024
ENDLESS_BYTES = 8 * MOST_BYTES  # a line that is let go is read on to here for its end
TURN = 64  # messages read before others get a turn


@asynccontextmanager
async def child_streams(
    name: str, parameters: StdioServerParameters, faults: Faults
) -> AsyncIterator[tuple["Incoming", "Outgoing"]]:
    """Starts the program of the server `name` and yields the two streams of a session; ends the program afterwards.

    Raises ServerError for a program that cannot be started. What else goes wrong is noted in `faults`.
    """
    faults.lasting = True  # until it runs: what is not there now will not be there in a second
    child = start_child(name, parameters)
    try:
        await child.attach()
        faults.lasting = False
        yield Incoming(name, child.output, faults), Outgoing(child)
    finally:
        stopping = asyncio.ensure_future(child.stop(0.1) if faults.broken else child.stop())
        try:
            await asyncio.shield(stopping)
        finally:
            while not stopping.done():  # cancelled meanwhile: still nothing may be left behind
                await asyncio.wait({stopping})
            faults.last_words = child.last_words


class Incoming(ClosedAtEnd):
    """What the server writes, as messages."""

    def __init__(self, name: str, output: asyncio.StreamReader, faults: Faults) -> None:
        self._name = name
        self._output = output
        self._faults = faults
        self._lines = Lines()
        self._waiting: deque[bytearray | Overlong] = deque()
        self._noise_lines = self._noise_bytes = self._turn = 0
        self._closed = False

    async def receive(self) -> SessionMessage:
        """Returns the next message; raises EndOfStream when there are no more."""
        while (line := await self._next_line()) is not None:
            if (message := self._read(line)) is not None:
                return message
        raise anyio.EndOfStream

    async def _next_line(self) -> bytearray | Overlong | None:
        self._turn += 1
        if self._turn % TURN == 0:
            await asyncio.sleep(0)
        while not self._waiting:
            if self._closed or self._faults.ended is not None:
                return None
            if not (chunk := await self._output.read(BUFFER_BYTES)):
                self._faults.broken = True
                return None
            self._waiting.extend(self._lines.feed(chunk))
            if self._lines.unfinished > ENDLESS_BYTES:
                self._faults.end(self._too_long())
                return None
        return self._waiting.popleft()

    def _read(self, line: bytearray | Overlong) -> SessionMessage | None:
        if isinstance(line, Overlong):
            return self._blame(self._too_long(), answered_id(line.head, line.tail))
        try:
            message = jsonrpc_message_adapter.validate_json(line, by_name=False)
        except ValueError:
            return self._note_noise(line)
        self._noise_lines = self._noise_bytes = 0
        return SessionMessage(message)

    def _note_noise(self, line: bytearray) -> SessionMessage | None:
        if claims_protocol(line):
            error = ServerError(
                f"The server {self._name!r} wrote a message that is not JSON, or is nested too deep.",
                hint="It is broken, or speaks another protocol.",
            )
            return self._blame(error, answered_id(line[:KEPT], line[-KEPT:]))
        if line.strip():
            self._noise_lines += 1
            self._noise_bytes += len(line)
        if self._noise_lines > NOISE_LINES or self._noise_bytes > NOISE_BYTES:
            self._waiting.clear()
            error = ServerError(
                f"The server {self._name!r} writes other things than messages to its standard output.",
                hint="Is it an MCP server on stdio?",
            )
            self._faults.end(error, lasting=True)
        return None

    def _blame(self, error: ServerError, request: int | None) -> SessionMessage | None:
        """Returns the answer that tells the one call of its failure; where it cannot be known, the session ends."""
        if request is None:
            self._waiting.clear()
            self._faults.end(error)
            return None
        return SessionMessage(JSONRPCError(jsonrpc="2.0", id=request, error=self._faults.note(error)))

    def _too_long(self) -> ServerError:
        return ServerError(
            f"The server {self._name!r} answered with more than {MOST_BYTES // 1024**2} MiB.",
            hint="Ask for less: a page, a range, fewer fields.",
        )

    async def aclose(self) -> None:
        """Ends the stream."""
        self._closed = True

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None


class Outgoing(ClosedAtEnd):
    """What the server reads."""

    def __init__(self, child: Child) -> None:
        self._child = child

    async def send(self, item: SessionMessage, /) -> None:
        """Writes one message; raises BrokenResourceError when the server reads no more."""
        text = item.message.model_dump_json(by_alias=True, exclude_unset=True)
        if not await self._child.input.write(text.encode() + b"\n"):
            raise anyio.BrokenResourceError

    async def aclose(self) -> None:
        """Closes the server's input."""
        self._child.input.close()
