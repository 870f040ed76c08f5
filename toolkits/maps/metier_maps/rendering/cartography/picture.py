"""`map.png`: the trip on its region's roads and water, drawn without any tile server."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageDraw

from metier.errors import MissingError
from metier.toolkit import Delivery, Settings
from metier_maps.itinerary import Itinerary
from metier_maps.osm.basemap import AREAS, KINDS, Basemap, load_basemap
from metier_maps.places.regions import find_region
from metier_maps.rendering.cartography.lettering import break_lines, drawable, font_of
from metier_maps.rendering.cartography.palette import BORDER, LAND, RGB, ROADS, WATER, WOOD, day_colour
from metier_maps.rendering.cartography.projection import Projection, fit, round_length
from metier_maps.rendering.cartography.spread import spread_spots
from metier_maps.rendering.cartography.trip import Mark, extent_of, lines_of, marks_of
from metier_maps.rendering.document import itinerary_of, notice_of
from metier_maps.rendering.wording import day_name, kilometres, minutes

WIDTH, HEIGHT, LEGEND = 1000, 1000, 420
SCALE = 2  # drawn twice as large and scaled down, which smooths the lines
RADIUS = 13 * SCALE

_COLOURS: dict[str, RGB] = {"water": WATER, "wood": WOOD, "river": WATER, "border": BORDER}
_COLOURS |= {f"road{i}": colour for i, colour in enumerate(ROADS)}
_WIDTHS = {"river": 2, "border": 3, "road0": 5, "road1": 4, "road2": 2, "road3": 1}
_INK: RGB = (40, 40, 40)
_PALE: RGB = (110, 110, 110)


def background_of(itinerary: Itinerary, settings: Settings) -> Basemap:
    """Returns the background of the trip's region, empty when that region is not installed here."""
    try:
        return load_basemap(find_region(settings, itinerary.region.id).folder)
    except MissingError:
        return Basemap()


def render_png(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the trip as a PNG of 1420 x 1000 pixels: the map, and a legend by day."""
    itinerary = itinerary_of(delivery)
    view = fit(extent_of(itinerary), width=WIDTH * SCALE, height=HEIGHT * SCALE)
    image = Image.new("RGB", (WIDTH * SCALE, HEIGHT * SCALE), LAND)
    draw = ImageDraw.Draw(image)
    basemap = background_of(itinerary, settings)
    _draw_background(draw, view, basemap)
    _draw_lines(draw, view, itinerary)
    marks = marks_of(itinerary)
    _draw_towns(draw, view, basemap, marks)
    _draw_marks(draw, view, marks)
    _draw_scale(draw, view)
    sheet = Image.new("RGB", (WIDTH + LEGEND, HEIGHT), (255, 255, 255))
    sheet.paste(image.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS), (0, 0))
    _draw_legend(ImageDraw.Draw(sheet), itinerary, marks)
    out = BytesIO()
    sheet.save(out, "PNG", optimize=True)
    return out.getvalue()


def _draw_background(draw: ImageDraw.ImageDraw, view: Projection, basemap: Basemap) -> None:
    for kind in KINDS:
        for shape in basemap.shapes:
            if shape.kind != kind:
                continue
            pixels = view.pixels(shape.points)
            if not _is_visible(pixels, view):
                continue
            points = [(float(x), float(y)) for x, y in pixels]
            if kind in AREAS:
                draw.polygon(points, fill=_COLOURS[kind])
            else:
                draw.line(points, fill=_COLOURS[kind], width=_WIDTHS[kind] * SCALE, joint="curve")


def _is_visible(pixels: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]", view: Projection) -> bool:
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    return bool(high[0] >= 0 and high[1] >= 0 and low[0] <= view.width and low[1] <= view.height)


def _draw_lines(draw: ImageDraw.ImageDraw, view: Projection, itinerary: Itinerary) -> None:
    for width, white in ((9, True), (5, False)):
        for line in lines_of(itinerary):
            points = [view.pixel(lat, lon) for lat, lon in line.points]
            draw.line(
                points, fill=(255, 255, 255) if white else day_colour(line.day), width=width * SCALE, joint="curve"
            )


def _draw_towns(draw: ImageDraw.ImageDraw, view: Projection, basemap: Basemap, marks: tuple[Mark, ...]) -> None:
    taken = [(x - 30, y - 30, x + 30, y + 30) for x, y in (view.pixel(mark.lat, mark.lon) for mark in marks)]
    taken.append((0, view.height - 60 * SCALE, 260 * SCALE, view.height))  # where the scale is
    for town in sorted(basemap.towns, key=lambda town: (town.rank, town.name)):
        font = font_of((17, 15, 13)[town.rank] * SCALE)
        at, name = view.pixel(town.lat, town.lon), drawable(town.name, "")
        box = draw.textbbox(at, name, font=font, anchor="mm")
        inside = box[0] >= 0 and box[1] >= 0 and box[2] <= view.width and box[3] <= view.height
        if inside and box[2] > box[0] and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            draw.text(at, name, _PALE, font, anchor="mm", stroke_width=2 * SCALE, stroke_fill=LAND)


def _overlap(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _draw_marks(draw: ImageDraw.ImageDraw, view: Projection, marks: tuple[Mark, ...]) -> None:
    true = [view.pixel(mark.lat, mark.lon) for mark in marks]
    placed = spread_spots(true, 2.1 * RADIUS)
    for at, real in zip(placed, true, strict=True):
        if at != real:
            draw.line((real, at), fill=_INK, width=SCALE)
            draw.ellipse((real[0] - 6, real[1] - 6, real[0] + 6, real[1] + 6), fill=_INK)
    for mark, at in zip(marks, placed, strict=True):
        _draw_mark(draw, at, mark)


def _draw_mark(draw: ImageDraw.ImageDraw, at: tuple[float, float], mark: Mark) -> None:
    x, y = at
    box = (x - RADIUS, y - RADIUS, x + RADIUS, y + RADIUS)
    is_sight = mark.kind == "sight"
    fill = day_colour(mark.day) if is_sight else (255, 255, 255)
    if mark.kind == "night":
        draw.rounded_rectangle(box, 5 * SCALE, fill=fill, outline=day_colour(mark.day), width=3 * SCALE)
    else:
        draw.ellipse(box, fill=fill, outline=(255, 255, 255) if is_sight else _INK, width=2 * SCALE)
    draw.text((x, y), mark.label, (255, 255, 255) if is_sight else _INK, font_of(14 * SCALE), anchor="mm")


def _draw_scale(draw: ImageDraw.ImageDraw, view: Projection) -> None:
    metres = round_length(view.metres_per_pixel * 200 * SCALE)
    length = metres / view.metres_per_pixel
    x, y = 24 * SCALE, view.height - 24 * SCALE
    draw.line(((x, y), (x + length, y)), fill=_INK, width=3 * SCALE)
    label = f"{metres // 1000} km" if metres >= 1000 else f"{metres} m"
    draw.text((x, y - 6 * SCALE), label, _INK, font_of(14 * SCALE), anchor="lb")


def _draw_legend(draw: ImageDraw.ImageDraw, itinerary: Itinerary, marks: tuple[Mark, ...]) -> None:
    x, y = WIDTH + 20, 24.0
    y = _write(draw, (x, y), itinerary.title, 18, _INK) + 6
    for number, day in enumerate(itinerary.days):
        heading = f"Day {number + 1}, {day_name(day)}: {minutes(day.drive_s)}, {kilometres(day.distance_m)}"
        y = _write(draw, (x, y + 8), heading, 14, day_colour(number))
        for mark in marks:
            if mark.day == number and mark.kind in ("sight", "night"):
                y = _write(draw, (x + 8, y), f"{mark.label}  {drawable(mark.name, '(name: see trip.md)')}", 13, _INK)
        if y > HEIGHT - 90:
            y = _write(draw, (x, y + 8), f"and {len(itinerary.days) - number - 1} more days: see trip.md", 13, _PALE)
            break
    _write(draw, (x, HEIGHT - 60), notice_of(itinerary), 12, _PALE)


def _write(draw: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: RGB) -> float:
    """Returns the y below the text, which is broken into lines that fit the legend."""
    x, y = at
    for line in break_lines(drawable(text, ""), size, WIDTH + LEGEND - 12 - x):
        draw.text((x, y), line, colour, font_of(size))
        y += size * 1.35
    return y
