"""Google's kinds of places in the words of this toolkit. Pure. What has no word here has no category."""

from collections.abc import Iterable, Mapping
from typing import Final

from metier_maps.places.categories import CATEGORIES

_WORDS: Final[Mapping[str, str]] = {
    "amusement_park": "theme park", "art_gallery": "gallery", "bed_and_breakfast": "guest house",
    "campground": "camp site",
    "coffee_shop": "cafe", "cultural_landmark": "attraction", "department_store": "shopping centre",
    "drugstore": "pharmacy", "electric_vehicle_charging_station": "charging station",
    "fast_food_restaurant": "fast food",
    "gas_station": "fuel", "grocery_store": "supermarket", "hindu_temple": "temple",
    "historical_landmark": "historic site",
    "historical_place": "historic site", "ice_cream_shop": "ice cream", "inn": "guest house", "movie_theater": "cinema",
    "night_club": "nightclub", "observation_deck": "viewpoint", "opera_house": "theatre",
    "performing_arts_theater": "theatre",
    "resort_hotel": "hotel", "shopping_mall": "shopping centre", "tourist_attraction": "attraction",
    "tourist_information_center": "tourist office", "train_station": "railway station", "transit_station": "transport",
    "university": "school", "veterinary_care": "veterinary",
    "visitor_center": "tourist office", "youth_hostel": "hostel",
}  # fmt: skip


def words_of(types: Iterable[str]) -> tuple[str, ...]:
    """Returns the categories of Google's types, in their order; "ski_resort" is "ski resort" where that is a word."""
    words = (_WORDS.get(each, each.replace("_", " ")) for each in types)
    return tuple(dict.fromkeys(word for word in words if word in CATEGORIES))
