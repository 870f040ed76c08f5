"""The kinds of things and their relations, with the words for them, read from one file of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

TERMS: Final = frozenset(("mayor", "head", "coach", "winner"))
"""Relations that are held by one after the other: their facts have years."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words for a relation. `{s}` is the thing that has it, `{o}` what it leads to.

    `own` are sentences of the thing's page, `other` of the page that it leads to, and `heading` that of a table there.
    `ask` and `noun` go along the relation, `ask_back` and `noun_back` against it; `count` asks how many lead to it,
    `clause` is a verb with what it leads to. Of what is held by one after the other, `ask_in` and `noun_in` are about
    the year {y}, `ask_before` and `ask_after` about the holder {h}. `compare` are pairs of questions for {a} and {b}.
    """

    own: tuple[str, ...] = ()
    other: tuple[str, ...] = ()
    heading: str = ""
    ask: tuple[str, ...] = ()
    noun: tuple[str, ...] = ()
    ask_back: tuple[str, ...] = ()
    noun_back: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    ask_in: tuple[str, ...] = ()
    noun_in: tuple[str, ...] = ()
    ask_before: tuple[str, ...] = ()
    ask_after: tuple[str, ...] = ()
    compare: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of a kind. `target` says what it leads to, `share` how many have it; 0 means by a rule of its own."""

    kind: str
    name: str
    target: str
    label: str
    share: float
    words: Wording

    @property
    def key(self) -> str:
        """Returns the name that is unique over all kinds."""
        return f"{self.kind}.{self.name}"

    @property
    def leads_to_thing(self) -> bool:
        """Returns whether it leads to another thing rather than to a number or a day."""
        return self.target.partition(" ")[0].partition(":")[0] not in ("year", "day", "amount")

    @property
    def unit(self) -> str:
        """Returns the unit of an amount, else nothing."""
        return self.target.split(" ", 2)[2] if self.target.startswith("amount ") else ""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing. `the` is whether its names take the article in running text."""

    name: str
    weight: int
    noun: str
    the: bool
    relations: tuple[Relation, ...]
    fillers: tuple[str, ...]

    @property
    def dated(self) -> Relation | None:
        """Returns the relation that says from when it is, or None."""
        return next((one for one in self.relations if one.target.startswith(("year", "day"))), None)


_MARKS: Final = {
    "-": "own", "<": "other", "?": "ask", "n": "noun", "q": "ask_back", "i": "noun_back", "c": "count", "w": "clause",
    "t": "ask_in", "u": "noun_in", "b": "ask_before", "a": "ask_after", "+": "compare",
}  # fmt: skip


@lru_cache(maxsize=1)
def read_kinds() -> dict[str, Kind]:
    """Returns the kinds by name, in the order in which they are made."""
    lines = (files("metier_research.world") / "text" / "kinds.txt").read_text("utf-8").splitlines()
    blocks = _blocks([line for line in lines if line.strip() and not line.startswith("//")], "= ")
    return {kind.name: kind for kind in map(_read_kind, blocks)}


def _blocks(lines: list[str], opening: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in lines:
        if line.startswith(opening) and block:
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _fields(line: str) -> list[str]:
    return [field.strip() for field in line[2:].split("|")]


def _read_kind(block: list[str]) -> Kind:
    name, weight, noun, *article = _fields(block[0])
    fillers = tuple(line[2:] for line in block if line.startswith("~ "))
    rest = [line for line in block[1:] if not line.startswith("~ ")]
    relations = tuple(_read_relation(name, part) for part in _blocks(rest, "@ ")) if rest else ()
    return Kind(name, int(weight), noun, bool(article), relations, fillers)


def _read_relation(kind: str, block: list[str]) -> Relation:
    name, target, label, *share = _fields(block[0])
    words: dict[str, list[str]] = {field: [] for field in _MARKS.values()}
    heading = ""
    for line in block[1:]:
        mark, said = line[0], line[2:]
        if mark == "[":
            heading = said
        else:
            words[_MARKS[mark]].append(said)
    wording = Wording(heading=heading, **{field: tuple(said) for field, said in words.items()})
    return Relation(kind, name, target, label, float(share[0]) if share else 1.0, wording)


@lru_cache(maxsize=1)
def relations_by_key() -> dict[str, Relation]:
    """Returns every relation by its key."""
    return {one.key: one for kind in read_kinds().values() for one in kind.relations}
