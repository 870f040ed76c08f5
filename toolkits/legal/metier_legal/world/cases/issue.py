"""Legal issues as they are written in the package: a rule with its limit, an exception, and the words for both."""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from metier.errors import InputError
from metier_legal.world.language import Both
from metier_legal.world.markup import list_texts, pair_lines, read_lines, split_both
from metier_legal.world.statutes.drafting import Pinned, read_pin

FOLDER = "issues"
COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    ">": operator.gt,
    "<=": operator.le,
    "<": operator.lt,
}
Outcome: TypeAlias = Literal["yes", "no"]
BLOCKS = ("ask", "lay", "facts", "story", "yes", "no", "exempt", "point", "old", "doubt", "near")


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision that decides by a number: `limits` holds it for each version of the provision, oldest first."""

    pin: Pinned
    limits: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Issue:
    """A question that courts decide. The answer is yes where the measure keeps the limit and no exception applies.

    `rules` are the rule and, where there was one, its forerunner in a repealed act. `words` are its texts by block:
    `point` is what the courts hold today, `old` the opposite view, `overruled` whether that once was the law, `doubt`
    the question between the two and `turn` its answer today. `near` is a circumstance that takes a case out of the
    rule; the answer then is `special`, whatever the measure.
    """

    key: str
    title: Both
    criminal: bool
    roles: tuple[Both, Both]
    companies: tuple[bool, bool]
    rules: tuple[Rule, ...]
    exception: Pinned
    sign: str
    unit: str
    low: int
    high: int
    overruled: bool
    turn: Outcome
    special: Outcome
    words: Mapping[str, tuple[Both, ...]]

    def keeps(self, measure: int, limit: int) -> bool:
        """Returns whether a measure is on the side of the limit on which the answer is yes."""
        return COMPARE[self.sign](measure, limit)


def read_issues() -> tuple[Issue, ...]:
    """Returns every issue of the package, in the order of their files."""
    issues: list[Issue] = []
    for name in list_texts(FOLDER):
        lines = tuple(read_lines(FOLDER, name))
        starts = [i for i, line in enumerate(lines) if line.startswith("= ")]
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
            issues.append(_read_issue(lines[start][2:], lines[start + 1 : stop]))
    return tuple(issues)


def _read_issue(key: str, lines: Sequence[str]) -> Issue:
    first = next(i for i, line in enumerate(lines) if line.startswith("* "))
    head = dict(line.split(": ", 1) for line in lines[:first])
    words = read_blocks(lines[first:])
    missing = [name for name in BLOCKS if name not in words]
    if missing:
        raise InputError(f"The issue {key!r} has no {missing[0]!r}.", hint="Write the block.")
    sign, unit, span, *_ = head["measure"].split()
    low, high = span.split("-")
    roles = head["roles"].split(" / ")
    return Issue(
        key=key,
        title=split_both(head["title"]),
        criminal=head.get("area") == "criminal",
        roles=(split_both(roles[0]), split_both(roles[1])),
        companies=("a" in head.get("companies", ""), "b" in head.get("companies", "")),
        rules=tuple(_read_rule(head[name]) for name in ("rule", "former") if name in head),
        exception=read_pin(head["exception"]),
        sign=sign,
        unit=unit,
        low=int(low),
        high=int(high),
        overruled=head["line"].startswith("overruled"),
        turn="yes" if head["line"].endswith("yes") else "no",
        special="yes" if head.get("special") == "yes" else "no",
        words=words,
    )


def _read_rule(text: str) -> Rule:
    act, number, *limits = text.split()
    return Rule(read_pin(f"{act} {number}"), tuple(map(int, limits)))


def read_blocks(lines: Sequence[str]) -> Mapping[str, tuple[Both, ...]]:
    """Returns pairs of lines by the name of the block in which they stand ("* name")."""
    starts = [i for i, line in enumerate(lines) if line.startswith("* ")]
    return {
        lines[start][2:]: pair_lines(lines[start + 1 : stop])
        for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True)
    }
