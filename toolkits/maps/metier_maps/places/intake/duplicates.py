"""The same place mapped twice, as a point and as its outline, say: one is kept, the one that the map knows more of."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from metier_maps.place import Place
from metier_maps.places.categories import ancestors_of
from metier_maps.places.search.names import fold
from metier_maps.routing.router import Point
from metier_maps.routing.sphere import measure

NEAR_M: Final = 150.0
# Several stops, machines and car parks of one name stand side by side on purpose.
_OFTEN_SEVERAL: Final = ("transport", "service")


@dataclass(frozen=True, slots=True)
class _Seen:
    num: int
    at: Point
    known: int


@dataclass(slots=True)
class Duplicates:
    """Remembers the named places of an import."""

    _seen: dict[tuple[str, str], list[_Seen]] = field(default_factory=lambda: defaultdict(list))
    dropped: list[int] = field(default_factory=list)

    def is_new(self, place: Place, num: int) -> bool:
        """Returns whether the place, which would get the number `num`, is to be kept.

        Where it replaces one that came before, the number of that one goes to `dropped`.
        """
        root = (place.categories[0], *ancestors_of(place.categories[0]))[-1]
        if not place.names or root in _OFTEN_SEVERAL:
            return True
        new = _Seen(num, Point(place.lat, place.lon), len(place.tags) + len(place.names))
        others = self._seen[fold(place.name), root]
        same = next((other for other in others if measure(other.at, new.at) <= NEAR_M), None)
        if same is not None and same.known >= new.known:
            return False
        if same is not None:
            others.remove(same)
            self.dropped.append(same.num)
        others.append(new)
        return True
