"""Answers on their way to the disk: many are written at once, since each writing costs more than the answer."""

import asyncio
import threading
import weakref

import structlog

from metier.errors import StorageError
from metier.gateway.stores.cache import Cache, Entry, Kept, Stats

DELAY_S = 0.02  # for how long an answer waits for others
MOST_ENTRIES = 64
MOST_BYTES = 1 << 20
_LOG = structlog.get_logger(__name__)


class Backlog:
    """The answers of `cache`, and those that are still to be written to it; safe for threads and event loops.

    A look-up sees an answer from the moment it is kept; other processes see it DELAY_S later at most, while the event
    loop that kept it runs. What waits is also written by `flush`, by `close` and when the process ends by itself: a
    process that is killed loses it, and the calls are made again. A disk that fails is logged, and the answers that
    were to be written are dropped.
    """

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._waiting: dict[str, Entry] = {}
        self._bytes = 0
        self._about_to_write: weakref.WeakSet[asyncio.AbstractEventLoop] = weakref.WeakSet()
        self._lock = threading.Lock()
        self._at_exit = weakref.finalize(self, _write, cache, self._waiting)

    def find(self, key: str) -> Kept | None:
        """Returns the answer kept under `key`, however old, or None; raises StorageError."""
        waiting = self._waiting.get(key)
        return self._cache.find(key) if waiting is None else Kept(waiting.payload, waiting.made_s, waiting.expires_s)

    def keep(self, entry: Entry) -> None:
        """Keeps an answer, in place of what was there under its key. Called in an event loop."""
        self._waiting[entry.key] = entry
        self._bytes += len(entry.payload)
        if len(self._waiting) >= MOST_ENTRIES or self._bytes >= MOST_BYTES:
            self.flush()
            return
        loop = asyncio.get_running_loop()
        if loop not in self._about_to_write:
            self._about_to_write.add(loop)
            loop.call_later(DELAY_S, self._flush_in, loop)

    def flush(self) -> None:
        """Writes what waits."""
        with self._lock:
            self._bytes = 0
            _write(self._cache, self._waiting)

    def forget(self, *, identity: str = "", tool: str = "") -> int:
        """Drops the answers of `identity`, of `tool`, of both, or all; returns how many. Raises StorageError."""
        self.flush()
        return self._cache.forget(identity=identity, tool=tool)

    def stats(self) -> Stats:
        """Returns how many answers there are, and what they take; raises StorageError."""
        self.flush()
        return self._cache.stats()

    def close(self) -> None:
        """Writes what waits, and closes the file; raises StorageError."""
        self.flush()
        self._at_exit.detach()
        self._cache.close()

    def _flush_in(self, loop: asyncio.AbstractEventLoop) -> None:
        self._about_to_write.discard(loop)
        self.flush()


def _write(cache: Cache, waiting: dict[str, Entry]) -> None:
    """Moves the answers from `waiting` to the disk; each can be found in one of both at every moment."""
    entries = list(waiting.values())
    if not entries:
        return
    try:
        cache.keep(entries)
    except StorageError as error:
        _LOG.warning("answers were not kept", answers=len(entries), error=error.message)
    for entry in entries:
        if waiting.get(entry.key) is entry:
            del waiting[entry.key]
