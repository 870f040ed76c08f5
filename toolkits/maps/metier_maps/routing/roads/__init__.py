"""Roads from an OpenStreetMap file to a compact network on disk."""

from metier_maps.routing.roads.importing import RoadCounts, import_roads

__all__ = ["RoadCounts", "import_roads"]
