"""Chance that repeats: named streams of numbers, the same for a seed on every Python."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance:
    """A stream of numbers that depends on its seed and its path only.

    Everything derives from `random.Random.random()`, whose sequence Python promises to keep. Streams of different
    paths are independent: drawing more from one changes nothing in another.
    """

    __slots__ = ("_path", "_seed", "_source")

    def __init__(self, seed: int, *path: str) -> None:
        self._seed = seed
        self._path = path
        digest = hashlib.sha256("\x1f".join((str(seed), *path)).encode()).digest()
        self._source = random.Random(int.from_bytes(digest[:16], "big"))

    def stream(self, *path: str) -> "Chance":
        """Returns a fresh stream below this one; it does not depend on what was drawn here."""
        return Chance(self._seed, *self._path, *path)

    def unit(self) -> float:
        """Returns a number in [0, 1)."""
        return self._source.random()

    def between(self, low: float, high: float) -> float:
        """Returns a number in [low, high)."""
        return low + (high - low) * self.unit()

    def whole(self, low: int, high: int) -> int:
        """Returns a whole number from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def happens(self, share: float) -> bool:
        """Returns True in `share` of all draws."""
        return self.unit() < share

    def pick(self, items: Sequence[T]) -> T:
        """Returns one of the items; raises IndexError when there is none."""
        return items[int(self.unit() * len(items))]

    def deal(self, weights: Mapping[str, float]) -> str:
        """Returns one of the keys, each as often as its weight says; raises IndexError when there is none."""
        keys, left = list(weights), self.unit() * sum(weights.values())
        for key in keys:
            left -= weights[key]
            if left < 0:
                return key
        return keys[-1]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Returns the items in a new order."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = int(self.unit() * (last + 1))
            order[last], order[other] = order[other], order[last]
        return order

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Returns `count` different items, or all of them where there are fewer."""
        return self.shuffled(items)[:count]
