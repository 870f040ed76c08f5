"""A thousand attacks of ten kinds are all caught and a thousand correct answers never rejected: world and real law."""

import sys
from collections import Counter
from itertools import islice

import pytest

from metier.check import CITED
from metier.verdict import Finding
from metier_legal.attacks import KINDS, Sample, Stock, make_attacks, make_honest
from metier_legal.checks import CHECKS

EACH = 50  # attacks of each kind, in each of the two languages
HONEST = 500  # correct answers, in each of the two languages


def violations(sample: Sample) -> list[Finding]:
    return [
        finding for check in (*CHECKS, CITED) for finding in check(sample.task, sample.memo, sample.evidence).violated
    ]


@pytest.fixture(params=["world", "world_chinese", "american", "chinese"])
def stock(request: pytest.FixtureRequest) -> Stock:
    found: Stock = request.getfixturevalue(request.param)
    return found


def test_every_attack_is_caught(stock: Stock, capsys: pytest.CaptureFixture[str]) -> None:
    missed, codes, made = [], Counter[str](), 0
    for kind in KINDS:
        attacks = list(islice(make_attacks(stock, kind, seed=1), EACH))
        assert len(attacks) == EACH, f"only {len(attacks)} attacks of kind {kind!r}"
        for attack in attacks:
            made += 1
            found = violations(attack)
            codes[found[0].found.partition(":")[0] if found else "MISSED"] += 1
            missed += [] if found else [(kind, attack.memo.rules[0], attack.memo.cases_for)]
    with capsys.disabled():
        told = f"{made} attacks, {made - len(missed)} caught: {dict(codes.most_common())}"
        sys.stdout.write(f"\n{stock.jurisdiction}: {told}\n")
    assert not missed, f"{len(missed)} missed, first: {missed[0]}"


def test_no_correct_answer_is_rejected(stock: Stock, capsys: pytest.CaptureFixture[str]) -> None:
    rejected = []
    for sample in islice(make_honest(stock, seed=2), HONEST):
        found = violations(sample)
        rejected += [(finding.sentence(), sample.memo.rules[0], sample.memo.cases_for) for finding in found]
    with capsys.disabled():
        sys.stdout.write(f"\n{stock.jurisdiction}: {HONEST} correct answers, {len(rejected)} objections\n")
    assert not rejected, f"{len(rejected)} rejected, first: {rejected[0]}"
