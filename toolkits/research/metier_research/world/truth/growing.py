"""Growing the truth of the wiki from a country: the same seed and size give the same, on every Python."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from metier.world import Chance, Country, Spot
from metier_research.world.truth.building import TODAY_YEAR, Building
from metier_research.world.truth.facts import Object, Thing, Truth
from metier_research.world.truth.kinds import TERMS, Kind, Relation, read_kinds
from metier_research.world.truth.naming import Namer
from metier_research.world.truth.people import add_citizens, add_people, relate_people
from metier_research.world.truth.rumours import dispute
from metier_research.world.truth.terms import add_coaches, add_offices, add_winners

NEAR_KM: Final = 4.5
TRIES: Final = 60
SILENT: Final = 0.05


def grow(country: Country, things: int) -> Truth:
    """Returns the truth of a country with about that many things; at least those that the country itself has."""
    build = Building(country, Chance(country.seed, "research", "wiki"))
    _add_land(build)
    _add_towns(build)
    add_citizens(build)
    kinds = {name: kind for name, kind in read_kinds().items() if kind.weight}
    total = sum(kind.weight for kind in kinds.values())
    spare = max(0, things - len(build.things))
    add_people(build, spare * kinds.pop("person").weight // total)
    for kind in kinds.values():
        _add_kind(build, kind, spare * kind.weight // total)
    relate_people(build)
    add_offices(build)
    add_coaches(build)
    _hush(build)
    dispute(build)
    return Truth(country, _entitled(build.things), tuple(build.facts), tuple(build.rumours))


def _add_land(build: Building) -> None:
    country, land = build.country, build.country.landscape
    build.add(Thing("country/1", "country", country.name, country.name))
    build.state("country/1", "country.capital", country.capital.id)
    for number, lake in enumerate(land.lakes, 1):
        build.add(Thing(f"lake/{number}", "lake", f"Lake {lake.name}", f"Lake {lake.name}"))
    lakes = {f"lake/{number}": lake.shore for number, lake in enumerate(land.lakes, 1)}
    for number, river in enumerate(land.rivers, 1):
        build.add(Thing(f"river/{number}", "river", river.name, f"{river.name} (river)"))
        if mouth := _near(river.line[-1], lakes):
            build.state(f"river/{number}", "river.mouth", mouth)
    for number, one in enumerate(land.passes, 1):
        build.add(Thing(f"pass/{number}", "pass", f"{one.name} Pass", f"{one.name} Pass"))
    _measure(build, "lake", "river", "pass")


def _near(spot: Spot, lines: Mapping[str, Sequence[Spot]]) -> str:
    """Returns the key of the nearest line, "" where none is near."""
    distance, key = min((min(map(spot.distance, line)), key) for key, line in lines.items())
    return key if distance <= NEAR_KM else ""


def _add_towns(build: Building) -> None:
    rivers = {f"river/{number}": one.line for number, one in enumerate(build.country.landscape.rivers, 1)}
    for town in build.country.towns:
        build.add(Thing(town.id, "town", town.name, town.name, town.rank if town.rank != "capital" else "city"))
        build.state(town.id, "town.population", town.population)
        build.state(town.id, "town.founded", town.founded)
        if river := _near(town.spot, rivers):
            build.state(town.id, "town.river", river)
    for body in build.country.institutions:
        build.add(Thing(body.id, "institution", body.name, body.name, body.kind))
        build.state(body.id, "institution.seat", body.town)
        build.state(body.id, "institution.founded", body.founded)
    for relation in build.country.relations:
        if relation.kind == "founder_of":
            build.state(relation.object, "town.founder", relation.subject)
        if relation.kind == "twin_of":
            build.state(relation.subject, "town.twin", relation.object)
            build.state(relation.object, "town.twin", relation.subject)


def _measure(build: Building, *kinds: str) -> None:
    for kind in kinds:
        for relation in (one for one in read_kinds()[kind].relations if one.unit):
            for key in build.pools[kind]:
                build.state(key, relation.key, build.draw_object(relation, build.chance.stream(relation.key, key)))


def _add_kind(build: Building, kind: Kind, count: int) -> None:
    namer = Namer(build.country)
    for number in range(count):
        for attempt in range(TRIES):
            draw = build.chance.stream(kind.name, str(number), str(attempt))
            values = _draw_values(build, kind, draw.stream("facts"))
            year = _year_of(kind, values) or draw.whole(1901, 2024)
            name = namer.thing(kind.name, year, draw.stream("name"))
            if (kind.name, name.casefold()) not in build.names:
                _add_thing(build, kind, f"{kind.name}/{number + 1}", name, values)
                break


def _draw_values(build: Building, kind: Kind, draw: Chance) -> dict[str, Object]:
    values: dict[str, Object] = {}
    for relation in kind.relations:
        if relation.name not in TERMS and draw.stream("has", relation.name).happens(relation.share):
            source = draw.stream(relation.name)
            plain = relation.target != "year"
            values[relation.name] = build.draw_object(relation, source) if plain else _active(build, values, source)
    return values


def _active(build: Building, values: dict[str, Object], draw: Chance) -> int:
    """Returns a year in which the first person among the values was grown up."""
    agent = next(one for one in values.values() if isinstance(one, str) and one in build.lives)
    born, died = build.lives[agent]
    return draw.whole(born + 24, max(born + 25, min(born + 66, died, TODAY_YEAR - 1)))


def _year_of(kind: Kind, values: dict[str, Object]) -> int:
    value = values.get(kind.dated.name) if kind.dated else 0
    return value if isinstance(value, int) else 0


def _add_thing(build: Building, kind: Kind, key: str, name: str, values: dict[str, Object]) -> None:
    build.add(Thing(key, kind.name, name, name))
    for relation, value in values.items():
        build.state(key, f"{kind.name}.{relation}", value)
    if kind.name == "award":
        add_winners(build, key, _year_of(kind, values))


def _hush(build: Building) -> None:
    """Marks a share of the facts as stated by no page: what one would expect a page to say, and it does not."""
    hushed = {one.key for kind in read_kinds().values() if kind.weight for one in kind.relations if _may_hush(one)}
    for place, fact in enumerate(build.facts):
        draw = build.chance.stream("silent", fact.relation, fact.subject)
        if fact.relation in hushed and draw.happens(SILENT):
            build.facts[place] = replace(fact, stated=False)


def _may_hush(relation: Relation) -> bool:
    return relation.name not in TERMS and relation.share == 1.0 and bool(relation.words.ask)


def _entitled(things: dict[str, Thing]) -> dict[str, Thing]:
    """Returns the things with titles that are theirs alone: namesakes say in brackets what they are."""
    bearers = Counter(thing.title.casefold() for thing in things.values())
    return {
        key: replace(thing, title=f"{thing.name} ({thing.noun})") if bearers[thing.title.casefold()] > 1 else thing
        for key, thing in things.items()
    }
