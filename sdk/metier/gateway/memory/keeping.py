"""Answers and lists of tools kept in the cache: which may be, for how long, and what is served in which mode."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

import structlog

from metier.clock import Clock
from metier.errors import StorageError
from metier.gateway.keys import key_of
from metier.gateway.providing import Offer, Provided, Request
from metier.gateway.results.codec import read_result, read_specs, write_specs
from metier.gateway.stores.backlog import Backlog
from metier.gateway.stores.cache import Entry, Kept
from metier.servers.tool import ToolResult, ToolSpec

CacheMode: TypeAlias = Literal["off", "read-write", "replay"]
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Recalled:
    """An answer from the cache: `size` in bytes as it was kept, `degraded` why a later provider gave it, if one did."""

    result: ToolResult
    size: int
    degraded: str


class Keeping:
    """The cache as the calls of one gateway see it. A disk that fails is no reason for a call to fail: it is logged."""

    def __init__(self, cache: Backlog, clock: Clock, mode: CacheMode) -> None:
        self._cache = cache
        self._clock = clock
        self.mode = mode

    def find(self, offer: Offer, request: Request) -> Recalled | None:
        """Returns the answer that may be served for the call: a fresh one, or in replay one of any age."""
        ttl_s = offer.policy.ttl_s
        if self.mode == "off" or not offer.may_cache or (ttl_s <= 0 and self.mode != "replay"):
            return None
        kept = self._read(request.key(offer), offer.name)
        if kept is None or (self.mode != "replay" and not 0 <= self._now_s() - kept.made_s < ttl_s):
            return None
        degraded, _, payload = kept.payload.partition(b"\n")
        result = read_result(payload)
        return None if result is None else Recalled(result, len(payload), degraded.decode())

    def keep(self, offer: Offer, request: Request, payload: bytes, *, degraded: str) -> None:
        """Keeps an answer, as `write_result` wrote it, when it may be kept; `degraded` is one line."""
        if self.mode != "read-write" or not offer.may_cache:
            return
        key = request.key(offer)
        self._write(
            key, degraded.encode() + b"\n" + payload, offer.provided, tool=request.tool, ttl_s=offer.policy.ttl_s
        )

    def find_specs(self, provided: Provided) -> tuple[ToolSpec, ...] | None:
        """Returns the tools that the provider had when it was last asked."""
        kept = None if self.mode == "off" else self._read(_list_key(provided), provided.name)
        return None if kept is None else read_specs(kept.payload)

    def keep_specs(self, provided: Provided, specs: tuple[ToolSpec, ...]) -> None:
        """Keeps the tools of a provider, for replay and for when it cannot be asked."""
        if self.mode != "read-write":
            return
        try:
            payload = write_specs(specs)
        except ValueError:
            _LOG.warning("a list of tools cannot be kept", server=provided.name)
            return
        self._write(_list_key(provided), payload, provided, tool="", ttl_s=0.0)

    def flush(self) -> None:
        """Writes to the disk what waits for it."""
        self._cache.flush()

    def _read(self, key: str, server: str) -> Kept | None:
        try:
            return self._cache.find(key)
        except StorageError as error:
            if self.mode == "replay":
                raise
            _LOG.warning("the cache cannot be read", server=server, error=error.message)
            return None

    def _write(self, key: str, payload: bytes, provided: Provided, *, tool: str, ttl_s: float) -> None:
        now_s = self._now_s()
        self._cache.keep(Entry(key, payload, provided.identity, tool, now_s, now_s + ttl_s))

    def _now_s(self) -> float:
        return self._clock.now().timestamp()


def _list_key(provided: Provided) -> str:
    return key_of(provided.identity, "", {})  # no tool has an empty name
