"""The made-up country of the sample region as the ground of the replay servers."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from statistics import fmean
from typing import Final, overload

from metier.world import make_country
from metier_maps.places.categories import classify
from metier_maps.providers.replay.ground import Ground, Landmark
from metier_maps.routing.router import Point
from metier_maps.world.region import sketch_region
from metier_maps.world.sample import SAMPLE_SEED

_PHONE: Final = ("phone", "contact:phone")


def sample_ground(*, seed: int = SAMPLE_SEED) -> Ground:
    """Returns the named places of the country of a seed, where the sample region has them."""
    return Ground(_Drawn(seed))


class _Drawn(Sequence[Landmark]):
    """The places of a country, drawn when one first looks at them: that takes seconds, and listing tools needs none."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    @cached_property
    def _landmarks(self) -> tuple[Landmark, ...]:
        return tuple(_draw(self._seed))

    @overload
    def __getitem__(self, index: int) -> Landmark: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Landmark]: ...

    def __getitem__(self, index: int | slice) -> Landmark | Sequence[Landmark]:
        return self._landmarks[index]

    def __len__(self) -> int:
        return len(self._landmarks)


def _draw(seed: int) -> Iterator[Landmark]:
    sketch = sketch_region(make_country(seed))
    at = {node.id: Point(node.lat, node.lon) for node in sketch.nodes}
    drawn: list[tuple[int, Sequence[int], Mapping[str, str]]]
    drawn = [(node.id, (node.id,), node.tags) for node in sketch.nodes]
    drawn += [(len(at) + way.id, way.nodes, way.tags) for way in sketch.ways]
    for number, nodes, tags in drawn:
        words = classify(tags) if "name" in tags else ()
        if words:
            yield _landmark(number, _middle([at[node] for node in nodes]), words[0], tags)


def _middle(points: Sequence[Point]) -> Point:
    return Point(fmean(point.lat for point in points), fmean(point.lon for point in points))


def _landmark(number: int, at: Point, word: str, tags: Mapping[str, str]) -> Landmark:
    street, house = tags.get("addr:street", ""), tags.get("addr:housenumber", "")
    return Landmark(
        number=number,
        name=tags["name"],
        at=at,
        word=word,
        names=tuple(text for key, text in tags.items() if key.startswith("name:")),
        address=f"{street} {house}".strip(),
        town=tags.get("addr:city", tags["name"]),
        phone=next((tags[key] for key in _PHONE if key in tags), ""),
        takes_dogs=tags.get("dog") == "yes",
    )
