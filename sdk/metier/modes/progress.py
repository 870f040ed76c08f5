"""Whether a run gets anywhere: counted in new evidence, not in repeated calls. Pure."""

from dataclasses import dataclass

from metier.errors import InputError
from metier.limits import Pace

PATIENCE = 8
"""Turns with calls and without anything new before the model is told; after twice as many it has to end."""


def check_patience(patience: int) -> None:
    """Raises InputError for a patience below 0."""
    if patience < 0:
        raise InputError(f"A patience of {patience} turns is none.", hint="Give 0 to be without it, or more.")


@dataclass(slots=True)
class Progress:
    """Counts the turns since the tools last returned something new.

    A call that is made again and returns something else has brought news; one that differs and returns what is known
    has not. `patience` 0 never loses it.
    """

    patience: int = PATIENCE
    stale: int = 0

    def see(self, fresh: int) -> Pace:
        """Counts a turn of calls that brought `fresh` new pieces of evidence; returns what follows."""
        self.stale = 0 if fresh else self.stale + 1
        if not self.patience or self.stale < self.patience:
            return Pace.GO
        return Pace.STOP if self.stale >= 2 * self.patience else Pace.CONCLUDE

    def tell(self) -> str:
        """Returns what the model is told when nothing new has come for a while."""
        return (
            f"The last {self.stale} turns brought no evidence that was not there before. Try something else, or end "
            "with what you have."
        )
