"""Making the country: from a seed to the whole."""

from datetime import date

from metier.world.chance import Chance
from metier.world.country import Calendar, Country, Frame
from metier.world.landscape import survey_landscape
from metier.world.names import NATURE, TOWN, Register, coin_name, to_cyrillic, to_hanzi
from metier.world.people import establish, populate, relate
from metier.world.settlements import settle

FRAME = Frame(south=47.19, west=13.69, timezone="Europe/Vienna", country="AT")
TODAY = date(2026, 1, 15)


def make_country(seed: int) -> Country:
    """Returns the fictional country of a seed: the same seed gives the same values on every Python.

    It lies on real ground in the Alps (zone Europe/Vienna, holidays of Austria), which lends it clocks and a sun;
    its names, people and towns are invented.
    """
    chance = Chance(seed, "country")
    register = Register()
    name = register.take(coin_name(TOWN, chance.stream("name")).rstrip("aeiouk") + "ia")
    nature = [register.coin(NATURE, chance.stream("nature", str(i))) for i in range(8)]
    landscape = survey_landscape(chance.stream("landscape"), nature)
    calendar = _make_calendar(chance.stream("calendar"))
    towns = settle(landscape, chance.stream("towns"), register)
    people = populate(towns, calendar, chance.stream("people"))
    institutions = establish(name, towns, calendar, chance.stream("institutions"))
    return Country(
        seed=seed,
        names={"": name, "qaa": to_cyrillic(name), "zh": to_hanzi(name)},
        demonym=f"{name}n",
        frame=FRAME,
        landscape=landscape,
        calendar=calendar,
        towns=towns,
        people=people,
        institutions=institutions,
        relations=relate(towns, people, institutions, chance.stream("relations")),
    )


def _make_calendar(chance: Chance) -> Calendar:
    return Calendar(
        today=TODAY, national_day=(chance.whole(1, 12), chance.whole(1, 28)), founded=chance.whole(1780, 1920)
    )
