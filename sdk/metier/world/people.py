"""Who lives in the country, what they founded and what they lead."""

from collections.abc import Sequence
from datetime import date, timedelta

from metier.world.chance import Chance
from metier.world.country import Calendar, Institution, Person, Relation, Town
from metier.world.names import FAMILY, GIVEN, Register, coin_name

OCCUPATIONS = (
    "baker", "botanist", "carpenter", "composer", "engineer", "farmer", "historian", "judge", "mayor", "miner",
    "notary", "painter", "physician", "poet", "printer", "teacher",
)  # fmt: skip
SEATS = {
    "capital": ("parliament", "supreme court", "university", "national bank", "national museum", "newspaper"),
    "city": ("regional court", "university", "newspaper", "hospital"),
    "town": ("district court", "company"),
    "village": ("cooperative",),
    "hamlet": (),
}
LIVING_PER_TOWN = 3
OLDEST_DAYS = 88 * 365
YOUNGEST_DAYS = 24 * 365


def populate(towns: Sequence[Town], calendar: Calendar, chance: Chance) -> tuple[Person, ...]:
    """Returns people: for each town some who live and one founder long dead. Full names are unique."""
    register = Register()
    people: list[Person] = []
    for town in towns:
        for index in range(LIVING_PER_TOWN + 1):
            draw = chance.stream(town.id, str(index))
            given, family = _full_name(register, draw)
            born, died = _life(town, calendar, draw, living=index < LIVING_PER_TOWN)
            key = f"person/{len(people) + 1}"
            people.append(Person(key, given, family, born, died, town.id, draw.pick(OCCUPATIONS)))
    return tuple(people)


def _full_name(register: Register, draw: Chance) -> tuple[str, str]:
    while True:
        given, family = coin_name(GIVEN, draw), coin_name(FAMILY, draw)
        if register.is_free(f"{given} {family}"):
            register.take(f"{given} {family}")
            return given, family


def _life(town: Town, calendar: Calendar, draw: Chance, *, living: bool) -> tuple[date, date | None]:
    if living:
        return calendar.today - timedelta(days=draw.whole(YOUNGEST_DAYS, OLDEST_DAYS)), None
    born = date(max(town.founded, 1000) + draw.whole(0, 60), 1, 1) + timedelta(days=draw.whole(0, 364))
    return born, born + timedelta(days=draw.whole(45 * 365, 80 * 365))


def establish(country: str, towns: Sequence[Town], calendar: Calendar, chance: Chance) -> tuple[Institution, ...]:
    """Returns the institutions of every town by its rank; names are unique."""
    found: list[Institution] = []
    for town in towns:
        for kind in SEATS[town.rank]:
            draw = chance.stream(town.id, kind)
            of = country if kind in ("parliament", "supreme court", "national bank", "national museum") else town.name
            year = draw.whole(max(town.founded + 80, calendar.founded - 90), calendar.today.year - 4)
            name = f"{kind.title()} of {of}"
            found.append(Institution(f"institution/{len(found) + 1}", kind, name, town.id, year))
    return tuple(found)


def relate(
    towns: Sequence[Town], people: Sequence[Person], institutions: Sequence[Institution], chance: Chance
) -> tuple[Relation, ...]:
    """Returns mayors, heads, founders, births and twin towns. A person holds at most one office."""
    relations: list[Relation] = []
    homes = {town.id: [p for p in people if p.town == town.id and p.died is None] for town in towns}
    every = [p for p in people if p.died is None]
    busy: set[str] = set()
    for town in towns:
        mayor = homes[town.id][0]
        busy.add(mayor.id)
        relations.append(Relation("mayor_of", mayor.id, town.id, chance.stream("mayor", town.id).whole(2014, 2025)))
        founder = next(p for p in people if p.town == town.id and p.died is not None)
        relations.append(Relation("founder_of", founder.id, town.id, town.founded))
    for body in institutions:
        draw = chance.stream("head", body.id)
        free = [p for p in homes[body.town] if p.id not in busy] or [p for p in every if p.id not in busy]
        head = draw.pick(free)
        busy.add(head.id)
        relations.append(Relation("head_of", head.id, body.id, max(body.founded, draw.whole(2009, 2025))))
    for person in people:
        birthplace = chance.stream("birth", person.id).pick(towns)
        relations.append(Relation("born_in", person.id, birthplace.id, person.born.year))
    order = chance.stream("twins").shuffled([t for t in towns if t.rank in ("city", "town", "village")])
    for one, other in zip(order[0:16:2], order[1:16:2], strict=True):
        relations.append(Relation("twin_of", one.id, other.id, chance.stream("twin", one.id).whole(1951, 2019)))
    return tuple(relations)
