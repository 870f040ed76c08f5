"""Roads from an OpenStreetMap file to a compact network on disk."""

from metier_maps.routing.roads.importing import SOURCE_NAME, RoadCounts, import_roads

__all__ = ["SOURCE_NAME", "RoadCounts", "import_roads"]
