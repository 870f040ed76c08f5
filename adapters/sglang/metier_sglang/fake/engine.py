"""The scheduler of the fake: who runs, who waits, who is held, and what was computed before."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from metier_sglang.fake.cache import PrefixCache
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.sampling.plan import Plan

QUEUE_FULL = "The request queue is full."


class BusyError(RuntimeError):
    """The queue is full; the server answers 503."""


@dataclass(slots=True, eq=False)
class Sample:
    """One request in work. `given` tokens of its plan are out; `finish` is set once it has ended."""

    rid: str
    prompt: tuple[int, ...]
    plan: Plan
    priority: int = 0
    lora: str = ""
    given: int = 0
    cached: int = 0
    held: bool = False
    spans: list[dict[str, Any]] = field(default_factory=list)
    finish: Mapping[str, Any] | None = None

    @property
    def ids(self) -> tuple[int, ...]:
        """Returns the tokens that are out."""
        return self.plan.ids[: self.given]

    def give(self, version: str, *, count: int = 1) -> None:
        """Lets `count` tokens out, sampled by the weights of `version`."""
        if not self.spans or self.spans[-1]["version"] != version:
            self.spans.append({"version": version, "start": self.given, "end": self.given})
        self.given += count
        self.spans[-1]["end"] = self.given
        if self.given == len(self.plan.ids):
            self.finish = self.plan.finish

    def abort(self, message: str = "Aborted") -> None:
        """Ends the sample where it is; what is out stays."""
        if self.finish is None:
            self.finish = {"type": "abort", "message": message, "status_code": None, "err_type": None}


@dataclass(slots=True)
class Totals:
    """What the counters of `/metrics` count."""

    prompt: int = 0
    cached: int = 0
    generated: int = 0
    requests: int = 0
    aborted: int = 0


class Engine:
    """Runs samples token by token, in one event loop; every wait is for a change that somebody makes."""

    def __init__(self, flags: Flags) -> None:
        self.flags = flags
        self.cache = PrefixCache()
        self.version = flags.weight_version
        self.paused = False
        self.hold_at: int | None = None
        self.running: list[Sample] = []
        self.waiting: list[Sample] = []
        self.totals = Totals()
        self._changed = asyncio.Event()

    @property
    def is_idle(self) -> bool:
        """Returns whether nothing runs and nothing waits."""
        return not self.running and not self.waiting

    def wake(self) -> None:
        """Has every waiter look again."""
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()

    async def until(self, ready: Callable[[], bool]) -> None:
        """Returns once `ready` holds."""
        while not ready():
            await self._changed.wait()

    async def run(self, sample: Sample) -> AsyncGenerator[Sample, None]:
        """Yields `sample` after each of its tokens, the last time with its `finish`; raises BusyError.

        Leaving the iterator early takes the sample off the server.
        """
        self._queue(sample)
        done = False
        try:
            await self.until(lambda: sample.finish is not None or self._may_start(sample))
            self._start(sample)
            while not done:
                await self._pass_gate(sample)
                if sample.finish is None:
                    sample.give(self.version, count=len(sample.plan.ids) if self.flags.light else 1)
                    await asyncio.sleep(0)
                done = sample.finish is not None
                yield sample
        finally:
            self._leave(sample)

    def abort(self, rid: str = "", *, everything: bool = False) -> None:
        """Aborts the request `rid`, or all.

        SGLang ignores an id that it does not know, and takes a known one as a prefix: `a` also aborts `ab`.
        """
        live = [*self.running, *self.waiting]
        known = any(sample.rid == rid for sample in live)
        for sample in live:
            if everything or (known and sample.rid.startswith(rid)):
                sample.abort()
        self.wake()

    def _queue(self, sample: Sample) -> None:
        most = self.flags.max_queued
        busy = self.paused or len(self.running) >= self.flags.max_running
        if busy and most is not None and len(self.waiting) >= most:
            raise BusyError(QUEUE_FULL)
        self.totals.requests += 1
        self.waiting.append(sample)
        self.waiting.sort(key=lambda waiting: -waiting.priority)
        self.wake()

    def _may_start(self, sample: Sample) -> bool:
        return not self.paused and len(self.running) < self.flags.max_running and self.waiting[0] is sample

    def _start(self, sample: Sample) -> None:
        self.waiting.remove(sample)
        if sample.finish is not None:
            return
        self.running.append(sample)
        if not self.flags.light:
            sample.cached = self.cache.match(sample.prompt)
            self.cache.add(sample.prompt)
        self.totals.prompt += len(sample.prompt)
        self.totals.cached += sample.cached
        if not sample.plan.ids:
            sample.finish = sample.plan.finish
        self.wake()

    async def _pass_gate(self, sample: Sample) -> None:
        if sample.finish is not None or not self._is_held(sample):
            return
        sample.held = True
        self.wake()
        await self.until(lambda: sample.finish is not None or not self._is_held(sample))
        sample.held = False

    def _is_held(self, sample: Sample) -> bool:
        return self.paused or (self.hold_at is not None and sample.given >= self.hold_at)

    def _leave(self, sample: Sample) -> None:
        for place in (self.running, self.waiting):
            if sample in place:
                place.remove(sample)
        if sample.given and not self.flags.light:
            self.cache.add(sample.prompt + sample.ids)
        self.totals.generated += sample.given
        self.totals.aborted += sample.finish is None or sample.finish.get("type") == "abort"
        self.wake()
