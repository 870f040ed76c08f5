"""How long a visit lasts where nobody says: defaults by category, scaled by pace."""

from collections.abc import Mapping, Sequence
from typing import Literal, TypeAlias

Pace: TypeAlias = Literal["relaxed", "normal", "full"]

MINUTES: Mapping[str, int] = {
    "theme park": 240,
    "zoo": 180,
    "water park": 150,
    "aquarium": 120,
    "museum": 90,
    "gallery": 60,
    "castle": 75,
    "palace": 75,
    "fort": 60,
    "garden": 60,
    "nature reserve": 90,
    "park": 45,
    "beach": 90,
    "lake": 45,
    "waterfall": 45,
    "cave": 60,
    "hot spring": 90,
    "archaeological site": 45,
    "ruins": 45,
    "church": 30,
    "cathedral": 45,
    "mosque": 30,
    "synagogue": 30,
    "planetarium": 90,
    "national park": 120,
    "historic site": 30,
    "lighthouse": 30,
    "windmill": 30,
    "city gate": 15,
    "square": 20,
    "cape": 30,
    "island": 90,
    "forest": 60,
    "valley": 45,
    "cliff": 30,
    "glacier": 60,
    "spring": 15,
    "volcano": 90,
    "monastery": 45,
    "temple": 30,
    "place of worship": 30,
    "monument": 15,
    "memorial": 15,
    "statue": 15,
    "artwork": 15,
    "fountain": 15,
    "bridge": 15,
    "tower": 30,
    "viewpoint": 30,
    "peak": 60,
    "pass": 20,
    "town": 60,
    "village": 45,
    "winery": 60,
}
OTHERWISE = 45
PACE_PERCENT: Mapping[Pace, int] = {"relaxed": 130, "normal": 100, "full": 80}
SIGHTS_PER_DAY: Mapping[Pace, int] = {"relaxed": 3, "normal": 7, "full": 10}
LUNCH_S = 45 * 60
STEP_MINUTES = 5


def estimate_dwell(categories: Sequence[str], pace: Pace) -> int:
    """Returns the seconds a visit takes: the first category that is known decides; rounded up to five minutes."""
    minutes = next((MINUTES[c] for c in categories if c in MINUTES), OTHERWISE)
    scaled = minutes * PACE_PERCENT[pace]
    return -(-scaled // (100 * STEP_MINUTES)) * STEP_MINUTES * 60
