"""What all streams of messages have in common: used as a context manager, they are closed at its end."""

from types import TracebackType
from typing import Self


class ClosedAtEnd:
    """A stream that is closed when its `async with` block is left."""

    async def aclose(self) -> None:
        """Closes the stream."""
        raise NotImplementedError

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
