"""Colours of days and of the map, as red, green, blue."""

RGB = tuple[int, int, int]

# Distinct for the commonest kinds of colour blindness (Okabe and Ito 2008), darkened for thin lines.
_DAYS: tuple[RGB, ...] = (
    (0, 98, 155),
    (196, 78, 0),
    (0, 128, 96),
    (170, 60, 130),
    (150, 105, 0),
    (40, 130, 190),
    (90, 90, 90),
)

LAND: RGB = (246, 243, 236)
WATER: RGB = (170, 205, 226)
WOOD: RGB = (226, 236, 214)
BORDER: RGB = (170, 150, 175)
ROADS: tuple[RGB, ...] = ((226, 164, 110), (236, 196, 130), (214, 208, 196), (228, 223, 213))


def day_colour(number: int) -> RGB:
    """Returns the colour of day `number`, counted from 0."""
    return _DAYS[number % len(_DAYS)]


def web_colour(colour: RGB) -> str:
    """Returns the colour as CSS writes it."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
