"""Files made from an itinerary. `itinerary.json` is the one source; the rest is rendered from it."""

from metier.toolkit import Delivery, Renderer, Settings
from metier_maps.rendering.cartography.picture import render_png
from metier_maps.rendering.console import show
from metier_maps.rendering.document import FILENAME, document_of, encode_document
from metier_maps.rendering.exchange.geojson import render_geojson
from metier_maps.rendering.exchange.gpx import render_gpx
from metier_maps.rendering.exchange.ical import render_ics
from metier_maps.rendering.exchange.kml import render_kml
from metier_maps.rendering.markdown import render_markdown
from metier_maps.rendering.page.html import render_html

__all__ = ["RENDERERS", "render_json", "show"]


def render_json(delivery: Delivery, settings: Settings) -> bytes:
    """Returns `itinerary.json`: the itinerary, its verdict and its evidence."""
    return encode_document(document_of(delivery))


RENDERERS = (
    Renderer(FILENAME, render_json),
    Renderer("index.html", render_html),
    Renderer("map.png", render_png),
    Renderer("trip.gpx", render_gpx),
    Renderer("trip.kml", render_kml),
    Renderer("trip.geojson", render_geojson),
    Renderer("trip.ics", render_ics),
    Renderer("trip.md", render_markdown),
)
