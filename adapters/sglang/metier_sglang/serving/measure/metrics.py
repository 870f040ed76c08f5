"""Numbers out of a server's `/metrics`, the text format of Prometheus. Pure."""

import math
import re
from collections.abc import Mapping

_LINE = re.compile(r"^([A-Za-z_:][A-Za-z0-9_:]*)(?:\{[^\n]*\})?[ \t]+([^ \t\n]+)", re.MULTILINE)


def read_metrics(text: str) -> dict[str, float]:
    """Returns each metric's sum over its labels; lines that are no sample are passed over."""
    sums: dict[str, float] = {}
    for name, value in _LINE.findall(text):
        try:
            number = float(value)
        except ValueError:
            continue
        if math.isfinite(number):
            sums[name] = sums.get(name, 0.0) + number
    return sums


def hit_ratio(metrics: Mapping[str, float]) -> float | None:
    """Returns the share of all prompt tokens since the server's start that its prefix cache had; None before any.

    The counters are asked: the gauge `cache_hit_rate` is only of the last batch.
    """
    prompt = metrics.get("sglang:prompt_tokens_total", 0.0)
    return metrics.get("sglang:cached_tokens_total", 0.0) / prompt if prompt else None
