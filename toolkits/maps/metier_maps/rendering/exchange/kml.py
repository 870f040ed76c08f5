"""KML 2.2 for Google Earth, OsmAnd and others: a folder per day with its line and places."""

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from metier.toolkit import Delivery, Settings
from metier_maps.itinerary import Day
from metier_maps.rendering.cartography.palette import day_colour
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.wording import clock, day_name, dogs, kilometres, minutes, one_line, opening

NAMESPACE = "http://www.opengis.net/kml/2.2"


def render_kml(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the trip as KML 2.2 (OGC 07-147r2)."""
    itinerary = itinerary_of(delivery)
    root = Element("kml", xmlns=NAMESPACE)
    document = SubElement(root, "Document")
    _describe(document, itinerary.title, notice_of(itinerary))
    for number in range(len(itinerary.days)):
        _style(document, number)
    for number, day in enumerate(itinerary.days):
        _folder(document, number, day)
    indent(root)
    text: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return text + b"\n"


def _describe(parent: Element, name: str, description: str) -> None:
    SubElement(parent, "name").text = one_line(name)
    SubElement(parent, "description").text = one_line(description)


def _style(document: Element, number: int) -> None:
    red, green, blue = day_colour(number)
    style = SubElement(document, "Style", id=f"day{number + 1}")
    line = SubElement(style, "LineStyle")
    SubElement(line, "color").text = f"ff{blue:02x}{green:02x}{red:02x}"  # KML writes alpha, blue, green, red
    SubElement(line, "width").text = "4"


def _folder(document: Element, number: int, day: Day) -> None:
    folder = SubElement(document, "Folder")
    _describe(folder, f"Day {number + 1}, {day_name(day)}", f"{minutes(day.drive_s)}, {kilometres(day.distance_m)}")
    mark = SubElement(folder, "Placemark")
    SubElement(mark, "name").text = f"Day {number + 1}"
    SubElement(mark, "styleUrl").text = f"#day{number + 1}"
    line = SubElement(mark, "LineString")
    SubElement(line, "tessellate").text = "1"
    points = [f"{lon:.6f},{lat:.6f}" for leg in day.legs for lat, lon in leg.line]
    SubElement(line, "coordinates").text = " ".join(points)
    for stop in day.stops:
        if stop.kind == "sight":
            words = f"{clock(stop.begin)}-{clock(stop.leave)}: {opening(stop.hours)}"
            _point(folder, stop.place.name, words, (stop.lat, stop.lon))
    if day.night is not None:
        _point(folder, day.night.place.name, f"Night. {dogs(day.night)}", (day.night.lat, day.night.lon))


def _point(folder: Element, name: str, description: str, where: tuple[float, float]) -> None:
    mark = SubElement(folder, "Placemark")
    _describe(mark, name, description)
    point = SubElement(mark, "Point")
    SubElement(point, "coordinates").text = f"{where[1]:.6f},{where[0]:.6f}"
