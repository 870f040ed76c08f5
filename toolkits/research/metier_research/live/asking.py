"""Asking a live source for several queries at once: the thin driver between the pure functions and the network."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, Generic

from metier.canonical import JSON
from metier.errors import MetierError, ServerError
from metier_research.live.faults import fault_of
from metier_research.live.pacing import Pace
from metier_research.live.source import Access, Found, Inquiry, Source, read_wish
from metier_research.web.http import Fetched, ask

TIMEOUT_S: Final = 30.0
AT_ONCE: Final = 4
"""Requests of one call that are out at the same time, where the source sets no lower number."""


@dataclass(frozen=True, slots=True)
class Finding(Generic[Found]):
    """What one query came to: what was found, as the source had it, or the error that it failed with."""

    query: str
    found: tuple[Found, ...] = ()
    error: MetierError | None = None


@dataclass(frozen=True, slots=True)
class Asking(Generic[Found]):
    """A source with the way to it. `allowed` are hosts with port that the user named and that may be private."""

    source: Source[Found]
    access: Access
    pace: Pace
    limit: int
    allowed: frozenset[str] = frozenset()
    timeout_s: float = TIMEOUT_S
    at_once: int = AT_ONCE
    _agent: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_agent", {"User-Agent": self.access.agent})

    async def find(self, queries: Sequence[str]) -> list[Finding[Found]]:
        """Returns what each query came to, in their order; one that fails does not lose the others.

        Queries are asked at the same time, as far as the pace of the source allows; the same one is asked once.
        """
        room = asyncio.Semaphore(self.at_once)
        distinct = dict.fromkeys(queries)
        findings = await asyncio.gather(*(self._find(query, room) for query in distinct))
        answers = dict(zip(distinct, findings, strict=True))
        return [answers[query] for query in queries]

    async def _find(self, query: str, room: asyncio.Semaphore) -> Finding[Found]:
        wish = read_wish(query, self.limit)
        if not wish.query:
            return Finding(query)
        try:
            async with room:
                await self.pace.turn()
                fetched = await self._ask(self.source.build(wish, self.access))
            return Finding(query, tuple(self.source.read(self._read(fetched))))
        except MetierError as error:
            return Finding(query, error=error)

    async def _ask(self, inquiry: Inquiry) -> Fetched:
        return await ask(
            inquiry.url,
            query=inquiry.query,
            headers={**self._agent, **inquiry.headers},
            json=inquiry.body,
            timeout_s=self.timeout_s,
            allow_private=self.allowed,
        )

    def _read(self, fetched: Fetched) -> JSON:
        """Returns what the source sent, as text or as JSON; raises what its status means, and ServerError for noise."""
        title = self.source.title
        text = fetched.body.decode(errors="replace")
        if not 200 <= fetched.status < 300:
            raise fault_of(self.source, fetched.status, text, retry_after_s=fetched.retry_after_s, key=self.access.key)
        if self.source.is_text:
            return text
        try:
            value: JSON = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ServerError(
                f"{title} answered with something that is not JSON.", hint="Ask another source."
            ) from error
        return value
