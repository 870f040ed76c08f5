"""How an import tells what it does."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Progress: TypeAlias = Callable[[str, float], None]
"""Called with what is being done ("reading places") and the share of the whole that is done, from 0 to 1."""

# The share of the whole at which each step ends; measured on Andorra.
_ENDS: Final = {"checking the file": 0.05, "reading roads": 0.5, "reading places": 0.85, "drawing the background": 0.99}


@dataclass(slots=True)
class Steps:
    """Turns what the steps of an import know of themselves into a share that only grows."""

    tell: Progress | None
    _share: float = field(default=0.0)

    def at(self, step: str, part: float) -> None:
        """Tells that `part` (0 to 1) of the step is done."""
        bounds = [0.0, *_ENDS.values()]
        index = list(_ENDS).index(step)
        self._say(step, bounds[index] + (bounds[index + 1] - bounds[index]) * min(1.0, max(0.0, part)))

    def counted(self, step: str, count: int, expected: float) -> None:
        """Tells that `count` things were read, where only a guess is known of how many there are."""
        self.at(step, 1 - math.exp(-2 * count / max(1.0, expected)))

    def done(self, text: str) -> None:
        """Tells that all is done, and what came of it."""
        self._say(text, 1.0)

    def _say(self, text: str, share: float) -> None:
        self._share = max(self._share, share)
        if self.tell is not None:
            self.tell(text, self._share)
