"""The ground that the replay servers stand on: places, and straight lines between them. Synthetic, and says so."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from metier_maps.routing.router import Mode, Point
from metier_maps.routing.sphere import measure

SPEEDS_M_S: dict[Mode, float] = {"car": 14.0, "bicycle": 4.5, "foot": 1.3}
_DETOUR = 1.3  # roads are about a third longer than the crow flies


@dataclass(frozen=True, slots=True)
class Landmark:
    """A place. `number` makes its ids; `word` is a category of this toolkit; `town` and `district` are where it is."""

    number: int
    name: str
    at: Point
    word: str
    names: tuple[str, ...] = ()
    address: str = ""
    town: str = ""
    district: str = ""
    phone: str = ""
    takes_dogs: bool = False


@dataclass(frozen=True, slots=True)
class Ground:
    """All places, and what is asked of them."""

    landmarks: Sequence[Landmark]

    def named(self, text: str) -> Iterator[Landmark]:
        """Returns the places with the text in a name, or of the kind that it names."""
        wanted = text.casefold()
        for landmark in self.landmarks:
            if wanted in (landmark.word, f"{landmark.word}s") or any(
                wanted in name.casefold() for name in (landmark.name, *landmark.names)
            ):
                yield landmark

    def around(self, centre: Point, radius_m: float) -> list[Landmark]:
        """Returns the places within the radius, the nearest first."""
        near = sorted((measure(centre, landmark.at), landmark.number, landmark) for landmark in self.landmarks)
        return [landmark for away, _, landmark in near if away <= radius_m]

    def nearest(self, point: Point) -> Landmark:
        """Returns the place that is nearest to a position."""
        return min(self.landmarks, key=lambda landmark: measure(point, landmark.at))


def travel(origin: Point, destination: Point, mode: Mode) -> tuple[int, int]:
    """Returns the seconds and metres of a way: straight, a third longer, at one speed. No road was looked at."""
    metres = measure(origin, destination) * _DETOUR
    return round(metres / SPEEDS_M_S[mode]), round(metres)
