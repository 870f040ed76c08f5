"""What a benchmark asks: runs of an agent, turn by turn, as token ids. Pure."""

import random
from dataclasses import dataclass, replace

from metier.errors import InputError

TEXT = "The road from the harbour to the old mill goes by the river, past 12 houses and a bakery."


@dataclass(frozen=True, slots=True)
class Workload:
    """Runs of `turns` turns each. A turn adds `added` tokens, a tool's result, and samples `sampled`.

    The first prompt has `first` tokens: instructions and tools. With `append_only` a turn's prompt begins with the
    whole of the turn before; without, something at its front has changed, and no cache can help. Prompts are made of
    the token ids in `alphabet`: those of TEXT, which the server is asked for, because an id outside of the vocabulary
    ends SGLang's scheduler.
    """

    runs: int = 4
    turns: int = 4
    first: int = 1000
    added: int = 300
    sampled: int = 64
    append_only: bool = True
    seed: int = 0
    alphabet: tuple[int, ...] = ()

    def longest(self) -> int:
        """Returns the tokens of the longest prompt and its sample together."""
        return self.first + (self.turns - 1) * self.added + self.turns * self.sampled


class Script:
    """One run of a workload: gives a prompt after the other. Two runs share no prefix."""

    def __init__(self, workload: Workload, run: int) -> None:
        self._workload = workload
        self._random = random.Random(f"{workload.seed}/{workload.append_only}/{run}")
        self._history: list[int] = self._ids(workload.first)

    def prompt(self) -> tuple[int, ...]:
        """Returns the prompt of this turn."""
        return tuple(self._history)

    def add(self, sampled: tuple[int, ...]) -> None:
        """Takes what was sampled; the next prompt follows it."""
        self._history += [*sampled, *self._ids(self._workload.added)]
        if not self._workload.append_only:
            self._history[:16] = self._ids(16)

    def _ids(self, count: int) -> list[int]:
        return self._random.choices(self._workload.alphabet, k=count)


def fit_workload(workload: Workload, context: int | None) -> Workload:
    """Returns the workload, its first prompt and its results cut so that a run fits into `context` tokens.

    Raises InputError when the samples alone do not fit.
    """
    if min(workload.runs, workload.turns, workload.first, workload.sampled) < 1 or workload.added < 0:
        raise InputError("Runs, turns and tokens of a benchmark are 1 or more.", hint="Look at the numbers given.")
    if context is None or workload.longest() <= context:
        return workload
    left = context - workload.turns * workload.sampled
    if left < 2 * workload.turns:
        raise InputError(
            f"{workload.turns} turns of {workload.sampled} sampled tokens do not fit into a context of {context}.",
            hint="Give fewer --turns or less --sampled.",
        )
    share = left / (workload.first + (workload.turns - 1) * workload.added)
    return replace(workload, first=max(1, int(workload.first * share)), added=int(workload.added * share))
