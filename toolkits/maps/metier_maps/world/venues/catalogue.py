"""Every kind of thing that stands on the map: its tags, its words, its hours, and how many a town of a rank has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from metier_maps.world.venues import timetables as hours

Counts: TypeAlias = tuple[float, float, float, float, float]
RANKS = ("capital", "city", "town", "village", "hamlet")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind. `word`, `english` and `chinese` make names; `charge` bounds an entrance fee in euros; `area_km` a size.

    `counts` are per town of each rank; a fraction is a share of the towns. Kinds without `chinese` are services: they
    bear a family name and no translation.
    """

    tags: Mapping[str, str]
    word: str
    hours: tuple[str, ...]
    counts: Counts
    english: str = ""
    chinese: str = ""
    charge: tuple[int, int] | None = None
    area_km: float = 0.0


TOWN_KINDS: tuple[Kind, ...] = (
    Kind({"tourism": "museum"}, "Muzeon", hours.INDOOR, (6, 3, 1.4, 0.25, 0), "Museum", "博物馆", (4, 14)),
    Kind({"tourism": "gallery"}, "Galeta", hours.INDOOR, (3, 1, 0.3, 0, 0), "Gallery", "美术馆", (3, 9)),
    Kind({"historic": "castle", "tourism": "attraction"}, "Kastel", hours.INDOOR, (1, 1, 0.4, 0.1, 0), "Castle", "城堡",
         (5, 16), 0.035),
    Kind({"amenity": "place_of_worship", "religion": "christian", "building": "church"}, "Kirna", hours.CHURCH,
         (4, 3, 1.5, 1, 0.4), "Church", "教堂"),
    Kind({"historic": "monument"}, "Monum", hours.OUTDOOR, (3, 1, 0.5, 0.1, 0), "Monument", "纪念碑"),
    Kind({"amenity": "theatre"}, "Teatra", hours.STAGE, (2, 1, 0.2, 0, 0), "Theatre", "剧院", (15, 40)),
    Kind({"amenity": "cinema"}, "Kinema", hours.STAGE, (2, 1, 0.2, 0, 0)),
    Kind({"amenity": "library"}, "Biblora", hours.OFFICE, (1, 1, 0.5, 0, 0)),
    Kind({"leisure": "garden"}, "Jardun", hours.GARDEN, (2, 1, 0.3, 0.05, 0), "Garden", "花园", (2, 7), 0.03),
    Kind({"leisure": "park"}, "Parka", hours.GARDEN, (3, 2, 0.7, 0.1, 0), "Park", "公园", None, 0.04),
    Kind({"tourism": "zoo"}, "Zoona", hours.FAMILY, (1, 0.4, 0, 0, 0), "Zoo", "动物园", (9, 18), 0.045),
    Kind({"tourism": "aquarium"}, "Akvara", hours.FAMILY, (1, 0.4, 0, 0, 0), "Aquarium", "水族馆", (8, 15)),
    Kind({"leisure": "water_park"}, "Termina", hours.FAMILY, (1, 0.6, 0.2, 0, 0), "Baths", "水上乐园", (12, 24)),
    Kind({"amenity": "restaurant"}, "Taverna", hours.MEALS, (14, 7, 3.5, 1, 0.1)),
    Kind({"amenity": "cafe"}, "Kafina", hours.CAFE, (8, 4, 2, 0.6, 0)),
    Kind({"amenity": "bar"}, "Bareta", hours.NIGHT, (5, 2, 0.6, 0, 0)),
    Kind({"amenity": "pub"}, "Pivna", hours.NIGHT, (3, 1, 0.5, 0.2, 0)),
    Kind({"amenity": "fast_food"}, "Snaka", hours.CAFE, (4, 2, 0.8, 0, 0)),
    Kind({"amenity": "fuel"}, "Petrola", hours.FUEL, (3, 2, 1, 0.25, 0)),
    Kind({"amenity": "charging_station", "socket:type2": "2"}, "Voltana", hours.ALWAYS, (4, 2, 0.8, 0.25, 0)),
    Kind({"amenity": "pharmacy"}, "Apoteka", hours.PHARMACY, (4, 2, 1, 0.15, 0)),
    Kind({"amenity": "hospital", "emergency": "yes"}, "Klinara", hours.ALWAYS, (1, 1, 0.1, 0, 0)),
    Kind({"shop": "supermarket"}, "Markena", hours.SHOP, (4, 3, 1.3, 0.4, 0)),
    Kind({"shop": "bakery"}, "Pekara", hours.SHOP, (4, 2, 1, 0.4, 0)),
    Kind({"leisure": "playground"}, "Spilena", hours.UNSTATED, (5, 3, 1.2, 0.5, 0), area_km=0.015),
    Kind({"tourism": "information", "information": "office"}, "Informa", hours.OFFICE, (1, 1, 0.7, 0.1, 0)),
    Kind({"amenity": "bank"}, "Banka", hours.OFFICE, (3, 2, 0.7, 0, 0)),
    Kind({"amenity": "parking"}, "Parkina", hours.ALWAYS, (4, 2, 1, 0.2, 0), area_km=0.02),
)  # fmt: skip

VIEWPOINT = Kind({"tourism": "viewpoint"}, "Vidra", hours.OUTDOOR, (0,) * 5, "Viewpoint", "观景台")
FORTRESS = Kind({"historic": "castle"}, "Fortra", hours.INDOOR, (0,) * 5, "Fortress", "要塞", (5, 15), 0.04)
RUINS = Kind({"historic": "ruins"}, "Ruina", hours.OUTDOOR, (0,) * 5, "Ruins", "遗址")
WATERFALL = Kind({"waterway": "waterfall"}, "Kaskena", hours.OUTDOOR, (0,) * 5, "Falls", "瀑布")
CAVE = Kind({"natural": "cave_entrance"}, "Grotta", hours.FAMILY, (0,) * 5, "Cave", "洞穴", (7, 14))
MONASTERY = Kind(
    {"historic": "monastery", "amenity": "place_of_worship"}, "Klosta", hours.CHURCH, (0,) * 5, "Abbey", "修道院"
)
THEME_PARK = Kind({"tourism": "theme_park"}, "Fantara", hours.FAMILY, (0,) * 5, "Fun Park", "游乐园", (18, 32), 0.08)
DIG = Kind({"historic": "archaeological_site"}, "Arkona", hours.GARDEN, (0,) * 5, "Excavations", "考古遗迹", (3, 8))
OPEN_AIR = Kind({"tourism": "museum"}, "Skansa", hours.FAMILY, (0,) * 5, "Open-Air Museum", "民俗村", (6, 12))
PICNIC = Kind({"tourism": "picnic_site"}, "Piknika", hours.UNSTATED, (0,) * 5)

COUNTRYSIDE: tuple[tuple[Kind, int], ...] = (
    (VIEWPOINT, 26), (FORTRESS, 5), (RUINS, 8), (WATERFALL, 5), (CAVE, 4), (MONASTERY, 4), (THEME_PARK, 2), (DIG, 4),
    (OPEN_AIR, 3), (PICNIC, 10),
)  # fmt: skip
REMOTE: tuple[Kind, ...] = (VIEWPOINT, FORTRESS, WATERFALL, MONASTERY, CAVE, VIEWPOINT)
TOPICS = (
    ("Salt", "Salira", "盐业"), ("Clock", "Horola", "钟表"), ("Railway", "Ferrona", "铁路"), ("Toy", "Ludena", "玩具"),
    ("Wine", "Vinora", "葡萄酒"), ("Mining", "Minara", "矿业"), ("Weaving", "Tessina", "纺织"),
    ("Boat", "Navena", "船舶"), ("Glass", "Vitrina", "玻璃"), ("Postal", "Postina", "邮政"),
)  # fmt: skip
