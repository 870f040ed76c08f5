"""The ends of a child's pipes: one that remembers the last of what comes, and one that writes at the child's pace."""

import asyncio

TAIL_BYTES = 4_096


class Tail(asyncio.Protocol):
    """Keeps the last TAIL_BYTES that came and lets the rest go."""

    def __init__(self) -> None:
        self.kept = bytearray()
        self.ended = asyncio.Event()

    def data_received(self, data: bytes) -> None:
        """Takes what came."""
        self.kept += data[-TAIL_BYTES:]
        del self.kept[:-TAIL_BYTES]

    def connection_lost(self, exc: Exception | None) -> None:
        """Notes that no more comes."""
        self.ended.set()


class Input(asyncio.BaseProtocol):
    """The child's standard input."""

    def __init__(self) -> None:
        self._transport: asyncio.WriteTransport | None = None
        self._free = asyncio.Event()
        self._free.set()

    async def write(self, data: bytes) -> bool:
        """Returns whether `data` is on its way; waits while too much is waiting. False: nobody reads any more."""
        await self._free.wait()
        if self._transport is None or self._transport.is_closing():
            return False
        self._transport.write(data)
        return True

    def close(self) -> None:
        """Closes the input once what was written has been read."""
        if self._transport is not None:
            self._transport.close()
        self._free.set()

    def abort(self) -> None:
        """Closes the input at once."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Takes the pipe to write to."""
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Lets the pipe go, and those who wait to write to it."""
        self._transport = None
        self._free.set()

    def pause_writing(self) -> None:
        """Lets writers wait."""
        self._free.clear()

    def resume_writing(self) -> None:
        """Lets writers go on."""
        self._free.set()
