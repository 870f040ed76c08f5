"""Servers that are shared by the runs of a process."""

import asyncio
from collections.abc import Callable, Hashable
from typing import TypeVar, cast
from weakref import WeakKeyDictionary, WeakValueDictionary

from metier.servers.source import ToolSource

S = TypeVar("S", bound=ToolSource)


class Pool:
    """Gives the same source for the same key, for as long as somebody holds it, to all runs on one event loop.

    The source counts how often it is entered and closes with the last exit; the pool only makes sure that it is one.
    A run on another event loop gets a source of its own, since a session cannot be used from two.
    """

    def __init__(self) -> None:
        self._loops: WeakKeyDictionary[asyncio.AbstractEventLoop, WeakValueDictionary[Hashable, ToolSource]]
        self._loops = WeakKeyDictionary()

    def share(self, key: Hashable, make: Callable[[], S]) -> S:
        """Returns the source of `key`, made by `make` when nobody holds it; raises what `make` raises.

        All who share a key make sources of the same kind.

        Where no event loop runs there is nobody to share it with, and it is a new one.
        """
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return make()
        sources = self._loops.setdefault(loop, WeakValueDictionary())
        source = cast("S | None", sources.get(key))
        if source is None:
            source = sources[key] = make()
        return source
