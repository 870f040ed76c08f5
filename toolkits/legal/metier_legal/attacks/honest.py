"""Correct answers, in any number. Pure and seeded."""

from collections.abc import Iterator
from random import Random
from typing import Final

from metier_legal.attacks.material import Stock
from metier_legal.attacks.sample import Sample, compose, read_version

OTHERS: Final = 3


def make_honest(stock: Stock, *, seed: int) -> Iterator[Sample]:
    """Yields correct answers without end: what they say is what their sources say, in force on their day.

    Beside what is cited, each run has read a few other provisions. Equal stocks and seeds give equal answers.
    """
    random = Random(seed)
    while True:
        yield draw_honest(stock, random)


def draw_honest(stock: Stock, random: Random) -> Sample:
    """Returns one correct answer."""
    passage = random.choice(stock.passages)
    holding = random.choice(stock.holdings) if stock.holdings else None
    others = [random.choice(stock.passages) for _ in range(OTHERS)]
    return compose(stock, random, passage, holding, [read_version(one.law, one.version) for one in others])
