"""An event loop whose time is told, not waited for: it jumps to the next thing to do."""

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class JumpingSelector(selectors.SelectSelector):
    """Waits for nothing: moves the time on by what it was asked to wait."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Returns what is ready now."""
        if timeout is None:
            raise AssertionError("Everybody waits, and nothing will wake them.")
        self.now += max(timeout, 0.0)
        return super().select(0)


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop on the time of its selector."""

    def __init__(self) -> None:
        self.jumping = JumpingSelector()
        super().__init__(self.jumping)

    def time(self) -> float:
        """Returns the seconds that have passed."""
        return self.jumping.now


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Returns what `main` gives, in no time; `asyncio.get_running_loop().time()` is its clock."""
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        return runner.run(main)


def seconds() -> float:
    """Returns the seconds that have passed on the running loop."""
    return asyncio.get_running_loop().time()
