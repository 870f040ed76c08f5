"""Files made from an itinerary. `itinerary.json` is the one source; the rest is rendered from it."""

from metier.late import late
from metier.toolkit import Delivery, Renderer, Settings
from metier_maps.rendering.document import FILENAME, document_of, encode_document

__all__ = ["RENDERERS", "render_json"]


def render_json(delivery: Delivery, settings: Settings) -> bytes:
    """Returns `itinerary.json`: the itinerary, its verdict and its evidence."""
    return encode_document(document_of(delivery))


_WITH = "metier_maps.rendering."
RENDERERS = (
    Renderer(FILENAME, render_json),
    Renderer("index.html", late(f"{_WITH}page.html", "render_html")),
    Renderer("map.png", late(f"{_WITH}cartography.picture", "render_png")),
    Renderer("trip.gpx", late(f"{_WITH}exchange.gpx", "render_gpx")),
    Renderer("trip.kml", late(f"{_WITH}exchange.kml", "render_kml")),
    Renderer("trip.geojson", late(f"{_WITH}exchange.geojson", "render_geojson")),
    Renderer("trip.ics", late(f"{_WITH}exchange.ical", "render_ics")),
    Renderer("trip.md", late(f"{_WITH}markdown", "render_markdown")),
)
