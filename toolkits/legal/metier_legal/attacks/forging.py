"""Attacks: answers that look like correct ones and are wrong in one way. Pure and seeded."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from random import Random
from typing import Final

from metier_legal.attacks.forgeries import cases, injections, passages
from metier_legal.attacks.honest import draw_honest
from metier_legal.attacks.material import Stock
from metier_legal.attacks.sample import Sample

Forge = Callable[[Stock, Random, Sample], Sample | None]

KINDS: Final[Mapping[str, Forge]] = {
    "invented case": cases.invent_case,
    "real case, wrong holding": cases.turn_holding,
    "misquote by one word": passages.misquote,
    "dropped not": passages.drop_negation,
    "wrong section": passages.move_quote,
    "repealed text": passages.revive,
    "overruled case": cases.overrule,
    "wrong court or year": cases.rename_court,
    "spliced quote": passages.splice,
    "injected instruction": injections.inject,
}
MOST_TRIES: Final = 20_000  # draws of a correct answer that the kind can do nothing with, before the stock is at fault


def make_attacks(stock: Stock, kind: str, *, seed: int) -> Iterator[Sample]:
    """Yields attacks of one of the `KINDS` without end, or none where the stock has nothing to make them of.

    Each is a correct answer with one change, so that nothing but the change can be what is found.
    """
    random = Random(f"{kind}/{seed}")
    tries = 0
    while tries < MOST_TRIES:
        made = KINDS[kind](stock, random, draw_honest(stock, random))
        tries += 1
        if made is not None:
            tries = 0
            yield replace(made, kind=kind)
