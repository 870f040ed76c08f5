"""What was measured of requests, and the figures that follow from it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timed:
    """One request. Times in seconds: until its first token, and between the chunks after it.

    `cached` are prompt tokens that the server had in its cache, None when it did not say.
    """

    prompt: int
    sampled: int
    cached: int | None
    first_s: float
    gaps_s: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The figures of one level: `concurrency` runs at a time. Times are in milliseconds, rates in tokens per second.

    `input_rate` counts prompt tokens, those in the cache too. `cached` is their share among prompt tokens.
    """

    concurrency: int
    append_only: bool
    requests: int
    wall_s: float
    input_rate: float
    output_rate: float
    first_p50_ms: float
    first_p95_ms: float
    gap_p50_ms: float
    gap_p95_ms: float
    cached: float | None


def summarise(timed: Sequence[Timed], *, wall_s: float, concurrency: int, append_only: bool) -> Level:
    """Returns the figures of the requests of one level, which took `wall_s` seconds together; at least one."""
    gaps = [gap for each in timed for gap in each.gaps_s]
    firsts = [each.first_s for each in timed]
    prompt, sampled = sum(each.prompt for each in timed), sum(each.sampled for each in timed)
    known = all(each.cached is not None for each in timed)
    return Level(
        concurrency=concurrency,
        append_only=append_only,
        requests=len(timed),
        wall_s=wall_s,
        input_rate=prompt / wall_s,
        output_rate=sampled / wall_s,
        first_p50_ms=1000 * percentile(firsts, 50),
        first_p95_ms=1000 * percentile(firsts, 95),
        gap_p50_ms=1000 * percentile(gaps, 50),
        gap_p95_ms=1000 * percentile(gaps, 95),
        cached=sum(each.cached or 0 for each in timed) / prompt if known and prompt else None,
    )


def percentile(values: Sequence[float], rank: float) -> float:
    """Returns the smallest value that at least `rank` percent of the values do not exceed; 0 of no values."""
    if not values:
        return 0.0
    place = max(0, -(-len(values) * rank // 100) - 1)
    return sorted(values)[int(place)]
