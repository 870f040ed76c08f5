"""What a run may spend, what it has spent, and what follows from both."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Limits:
    """What a run may spend; None is no limit. At `conclude_at` of any limit the run is told to conclude."""

    model_calls: int | None = 60
    tool_calls: int | None = 300
    input_tokens: int | None = None
    output_tokens: int | None = None
    wall_s: float | None = 1800.0
    money_usd: float | None = None
    per_tool: Mapping[str, int] = field(default_factory=dict)
    repairs: int = 2
    conclude_at: float = 0.9


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run has spent. `wall_s` is the sum over its sessions, so a resumed run does not start afresh."""

    model_calls: int = 0
    tool_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    wall_s: float = 0.0
    money_usd: float = 0.0
    per_tool: Mapping[str, int] = field(default_factory=dict)


class Pace(StrEnum):
    """What the limits say of the run: go on, conclude with what is there, or stop."""

    GO = "go"
    CONCLUDE = "conclude"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Standing:
    """The pace, and the limit that sets it (empty when none does)."""

    pace: Pace
    limit: str = ""


_COUNTED = ("model_calls", "tool_calls", "input_tokens", "output_tokens", "wall_s", "money_usd")


def standing_of(limits: Limits, usage: Usage) -> Standing:
    """Returns the strictest standing over all limits; the first limit reached is named."""
    shares = [
        (getattr(usage, name) / limit if limit else 1.0, name)
        for name in _COUNTED
        if (limit := getattr(limits, name)) is not None
    ]
    over = [name for share, name in shares if share >= 1.0]
    if over:
        return Standing(Pace.STOP, over[0])
    near = [name for share, name in shares if share >= limits.conclude_at]
    return Standing(Pace.CONCLUDE, near[0]) if near else Standing(Pace.GO)


def share_limits(limits: Limits, parts: int, keep: float) -> Limits:
    """Returns what each of `parts` parallel parts of a run may spend when the share `keep` is kept back for the rest.

    Time runs for all at once: each has all of it but what is kept. Counts are rounded down.
    """

    def whole(limit: int | None) -> int | None:
        return None if limit is None else int(limit * (1 - keep)) // parts

    return replace(
        limits,
        model_calls=whole(limits.model_calls),
        tool_calls=whole(limits.tool_calls),
        input_tokens=whole(limits.input_tokens),
        output_tokens=whole(limits.output_tokens),
        wall_s=None if limits.wall_s is None else limits.wall_s * (1 - keep),
        money_usd=None if limits.money_usd is None else limits.money_usd * (1 - keep) / parts,
        per_tool={tool: limit // parts for tool, limit in limits.per_tool.items()},
    )


def add_usage(one: Usage, other: Usage) -> Usage:
    """Returns what both have spent together; their time is not added, for it may have run at once."""
    names = dict.fromkeys([*one.per_tool, *other.per_tool])
    return Usage(
        model_calls=one.model_calls + other.model_calls,
        tool_calls=one.tool_calls + other.tool_calls,
        input_tokens=one.input_tokens + other.input_tokens,
        output_tokens=one.output_tokens + other.output_tokens,
        wall_s=max(one.wall_s, other.wall_s),
        money_usd=one.money_usd + other.money_usd,
        per_tool={name: one.per_tool.get(name, 0) + other.per_tool.get(name, 0) for name in names},
    )


def is_tool_spent(limits: Limits, usage: Usage, tool: str) -> bool:
    """Returns whether `tool` has used up its own limit of calls."""
    limit = limits.per_tool.get(tool)
    return limit is not None and usage.per_tool.get(tool, 0) >= limit
