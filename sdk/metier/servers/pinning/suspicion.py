"""What in a listing of tools deserves a second look before a person approves of it. Pure; a flag is no proof."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from metier.canonical import JSON
from metier.servers.pinning.hidden import excerpt, find_hidden
from metier.servers.pinning.lookalikes import find_doubles, is_foreign, speaks_of
from metier.servers.pinning.phrases import find_orders
from metier.servers.pinning.pin import content_of
from metier.servers.tool import ToolSpec

Kind: TypeAlias = Literal["hidden", "instruction", "unread", "shadow", "size", "schema"]

SERIOUS: frozenset[Kind] = frozenset({"hidden", "instruction", "unread"})
LONG = 5_000  # characters in one text; of 235 tools of 23 real servers two have a longer one
LONG_IN_ALL = 40_000  # characters in all of a tool
READ_IN_ALL = 1_000_000  # characters of a listing that are looked through, which takes some seconds
MOST = 50  # flags of one tool; a listing cannot flood the terminal


@dataclass(frozen=True, slots=True)
class Suspicion:
    """One thing that deserves a second look: in which tool, where in it, what, and an excerpt with all of it visible.

    `place` is "name", "title", "description", or a path into a schema: "input schema/properties/city/description".
    """

    tool: str
    place: str
    kind: Kind
    what: str
    excerpt: str = ""

    @property
    def is_serious(self) -> bool:
        """Returns whether nobody should approve of it without having read it."""
        return self.kind in SERIOUS


Others: TypeAlias = Mapping[str, Sequence[str]]


def suspect(specs: Sequence[ToolSpec], *, others: Others | None = None) -> tuple[Suspicion, ...]:
    """Returns what is suspicious in `specs`, tool by tool; `others` are the names of all other tools, by owner."""
    own = [spec.name for spec in specs]
    found: list[Suspicion] = []
    read = 0
    for spec in specs:
        read += sum(len(text) for _, text in texts_of(spec))
        if read > READ_IN_ALL:
            found.append(Suspicion(spec.name, "all of it", "unread", "the tools say too much to be looked through"))
            break
        found += _limited(_look(spec, own, others or {}))
    return tuple(found)


def texts_of(spec: ToolSpec) -> Iterator[tuple[str, str]]:
    """Yields every text of a tool that a model may be shown, keys of schemas too, each with its place."""
    waiting: list[tuple[str, JSON]] = list(reversed(content_of(spec).items()))
    while waiting:
        place, value = waiting.pop()
        match value:
            case str():
                yield place, value
            case dict():
                yield from ((f"{place}/{key}", key) for key in value if place != "annotations")
                waiting += reversed([(f"{place}/{key}", inner) for key, inner in value.items()])
            case list():
                waiting += reversed([(f"{place}/{at}", inner) for at, inner in enumerate(value)])


def _limited(found: Iterator[Suspicion]) -> list[Suspicion]:
    kept: dict[tuple[str, str], Suspicion] = {}
    for one in found:
        kept.setdefault((one.place, one.what), one)
        if len(kept) == MOST:
            break
    return list(kept.values())


def _look(spec: ToolSpec, own: Sequence[str], others: Others) -> Iterator[Suspicion]:
    for what in find_doubles(spec.name, others):
        yield Suspicion(spec.name, "name", "shadow", what, spec.name)
    if is_foreign(spec.name):
        yield Suspicion(spec.name, "name", "shadow", "mixes letters of two alphabets", spec.name)
    in_all = 0
    for place, text in texts_of(spec):
        in_all += len(text)
        for look in _LOOKS:
            yield from look(spec.name, place, text)
        if place != "name":
            for name, owner in speaks_of(text, own, others):
                yield Suspicion(
                    spec.name,
                    place,
                    "shadow",
                    f"speaks of {name} of {owner}",
                    excerpt(text, text.find(name), len(name)),
                )
    if in_all > LONG_IN_ALL:
        yield Suspicion(spec.name, "all of it", "size", f"{in_all} characters, all of which a model would read")


def _look_for_hidden(tool: str, place: str, text: str) -> Iterator[Suspicion]:
    for what, shown in find_hidden(text):
        yield Suspicion(tool, place, "hidden", what, shown)


def _look_for_orders(tool: str, place: str, text: str) -> Iterator[Suspicion]:
    for what, shown in find_orders(text):
        yield Suspicion(tool, place, "instruction", what, shown)


def _look_at_size(tool: str, place: str, text: str) -> Iterator[Suspicion]:
    if len(text) > LONG:
        yield Suspicion(tool, place, "size", f"{len(text)} characters", excerpt(text, 0, 40))


def _look_at_references(tool: str, place: str, text: str) -> Iterator[Suspicion]:
    last = place.rpartition("/")[2]
    if last in {"$ref", "$dynamicRef"} and text != last and not text.startswith("#"):
        yield Suspicion(tool, place, "schema", "refers to a schema elsewhere, which can change", excerpt(text, 0, 60))


_LOOKS: tuple[Callable[[str, str, str], Iterator[Suspicion]], ...] = (
    _look_for_hidden,
    _look_for_orders,
    _look_at_size,
    _look_at_references,
)
