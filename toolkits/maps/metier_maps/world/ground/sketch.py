"""Map elements before they are written: nodes, ways and relations with ids in the order of their making."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from metier.world import Frame, Spot


@dataclass(frozen=True, slots=True)
class SketchedNode:
    """A node. `lat` and `lon` in degrees."""

    id: int
    lat: float
    lon: float
    spot: Spot
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SketchedWay:
    """A way over node ids."""

    id: int
    nodes: tuple[int, ...]
    tags: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SketchedRelation:
    """A relation over members (type, id, role)."""

    id: int
    members: tuple[tuple[str, int, str], ...]
    tags: Mapping[str, str]


@dataclass(slots=True)
class Sketch:
    """The map under construction."""

    frame: Frame
    nodes: list[SketchedNode] = field(default_factory=list)
    ways: list[SketchedWay] = field(default_factory=list)
    relations: list[SketchedRelation] = field(default_factory=list)

    def add_node(self, spot: Spot, tags: Mapping[str, str] | None = None) -> int:
        """Returns the id of a new node."""
        lat, lon = self.frame.position(spot)
        self.nodes.append(SketchedNode(len(self.nodes) + 1, lat, lon, spot, tags or {}))
        return len(self.nodes)

    def add_way(self, nodes: Sequence[int], tags: Mapping[str, str]) -> int:
        """Returns the id of a new way."""
        self.ways.append(SketchedWay(len(self.ways) + 1, tuple(nodes), tags))
        return len(self.ways)

    def add_ring(self, spots: Sequence[Spot], tags: Mapping[str, str]) -> int:
        """Returns the id of a new closed way through new nodes."""
        nodes = [self.add_node(spot) for spot in spots]
        return self.add_way([*nodes, nodes[0]], tags)

    def add_relation(self, members: Sequence[tuple[str, int, str]], tags: Mapping[str, str]) -> int:
        """Returns the id of a new relation."""
        self.relations.append(SketchedRelation(len(self.relations) + 1, tuple(members), tags))
        return len(self.relations)

    def spot_of(self, node: int) -> Spot:
        """Returns where a node is."""
        return self.nodes[node - 1].spot
