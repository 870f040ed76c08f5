"""Persons: those of the country, those that are added, and their lives."""

from datetime import date, timedelta

from metier.world import Chance
from metier_research.world.truth.building import MODERN, TODAY_YEAR, Building
from metier_research.world.truth.facts import Thing
from metier_research.world.truth.naming import Namer, read_words

NAMESAKES = 0.02
OLDEST_BIRTH, YOUNGEST_BIRTH = 1838, 1996
MARRIED = 0.45
TRIES = 1000


def add_citizens(build: Building) -> None:
    """Adds the persons of the country with their days of birth and death and their birthplaces."""
    for person in build.country.people:
        draw = build.chance.stream("citizen", person.id)
        thing = Thing(person.id, "person", person.name, person.name, person.occupation, _pronoun(draw))
        build.add(thing, drawn=person.born.year >= MODERN)
        build.lives[person.id] = (person.born.year, person.died.year if person.died else TODAY_YEAR)
        build.state(person.id, "person.born", person.born)
        if person.died:
            build.state(person.id, "person.died", person.died)
    for relation in build.country.relations:
        if relation.kind == "born_in":
            build.state(relation.subject, "person.birthplace", relation.object)


def add_people(build: Building, count: int) -> None:
    """Adds `count` persons with a role; a few have the name of another person of another role."""
    namer, roles = Namer(build.country), read_words()["role"]
    for number in range(count):
        draw = build.chance.stream("people", str(number))
        role = roles[number % len(roles)]
        build.add(_person(build, f"person/x{number + 1}", role, namer, draw))
        _live(build, f"person/x{number + 1}", draw.stream("life"))


def _person(build: Building, key: str, role: str, namer: Namer, draw: Chance) -> Thing:
    namesake = build.things[draw.pick(build.pools["person"])]
    if draw.happens(NAMESAKES) and _is_alone(build, namesake) and namesake.role != role:
        return Thing(key, "person", namesake.name, namesake.name, role, _pronoun(draw))
    names = (namer.person(draw.stream("name", str(attempt))) for attempt in range(TRIES))
    name = next(name for name in names if ("person", name.casefold()) not in build.names)
    return Thing(key, "person", name, name, role, _pronoun(draw))


def _is_alone(build: Building, person: Thing) -> bool:
    """Returns whether nobody else has the person's name yet: two of a name are told apart by what they do."""
    return sum(build.things[one].name == person.name for one in build.pools["person"]) == 1


def _pronoun(draw: Chance) -> str:
    return "she" if draw.happens(0.5) else "he"


def _live(build: Building, key: str, draw: Chance) -> None:
    born = date(draw.whole(OLDEST_BIRTH, YOUNGEST_BIRTH), 1, 1) + timedelta(days=draw.whole(0, 364))
    age = draw.whole(58, 96)
    died = born + timedelta(days=age * 365 + draw.whole(0, 364))
    gone = died.year < TODAY_YEAR
    build.lives[key] = (born.year, died.year if gone else TODAY_YEAR)
    build.state(key, "person.born", born)
    if gone:
        build.state(key, "person.died", died)
    build.state(key, "person.birthplace", draw.pick(build.pools["town"]))


def relate_people(build: Building) -> None:
    """States who studied where, who taught whom and who was married to whom."""
    single = dict.fromkeys(build.pools["person"])
    by_birth = sorted(build.pools["person"], key=lambda one: (build.lives[one][0], one))
    for place, key in enumerate(by_birth):
        draw = build.chance.stream("bonds", key)
        born = build.lives[key][0]
        if born > 1700 and draw.happens(0.5):
            build.state(key, "person.alma_mater", draw.pick(build.pool("university")))
        elders = [one for one in by_birth[max(0, place - 400) : place] if 14 <= born - build.lives[one][0] <= 45]
        elders = [one for one in elders if build.lives[one][1] >= born + 18]
        peers = [one for one in elders if build.things[one].role == build.things[key].role]
        if elders and draw.happens(0.4):
            build.state(key, "person.teacher", draw.pick(peers or elders))
        if key in single and draw.happens(MARRIED):
            _marry(build, key, by_birth[place + 1 : place + 30], single)


def _marry(build: Building, key: str, nearby: list[str], single: dict[str, None]) -> None:
    born = build.lives[key][0]
    free = [one for one in nearby if one in single and abs(build.lives[one][0] - born) <= 14]
    if free:
        other = build.chance.stream("match", key).pick(free)
        del single[key], single[other]
        build.state(key, "person.spouse", other)
        build.state(other, "person.spouse", key)
