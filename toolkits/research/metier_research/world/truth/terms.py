"""Who held an office when: mayors, heads, coaches and winners, one after the other."""

from metier_research.world.truth.building import TODAY_YEAR, Building

EARLIEST = 1936


def add_offices(build: Building) -> None:
    """States the holders of the country's offices: those of today as the country has them, and who was before."""
    offices = {"mayor_of": "town.mayor", "head_of": "institution.head"}
    for relation in build.country.relations:
        if relation.kind in offices:
            key = offices[relation.kind]
            _hold(build, relation.object, key, relation.year, build.pools["person"])
            build.state(relation.object, key, relation.subject, since=relation.year)


def _hold(build: Building, place: str, relation: str, end: int, people: list[str]) -> list[str]:
    """States the holders from `EARLIEST` up to `end`, nobody twice. Returns them."""
    draw = build.chance.stream(relation, place)
    held: list[str] = []
    since = EARLIEST + draw.whole(0, 20)
    while since < end:
        until = min(since + draw.whole(3, 13), end)
        holder = build.draw_able(people, (since, until), draw, held) if end - until != 1 else ""
        if holder:
            held.append(holder)
            build.state(place, relation, holder, since=since, until=until)
        since = until
    return held


def add_coaches(build: Building) -> None:
    """States the coaches of every club; the last one is in office today."""
    for club in build.pools.get("club", ()):
        draw = build.chance.stream("coach", club)
        people = build.pool("person:footballer")
        last = draw.whole(2012, 2023)
        held = _hold(build, club, "club.coach", last, people)
        holder = build.draw_able(people, (last, TODAY_YEAR), draw, held)
        if holder:
            build.state(club, "club.coach", holder, since=last)


def add_winners(build: Building, award: str, established: int) -> None:
    """States the winners of an award, every few years one."""
    draw = build.chance.stream("winners", award)
    year, won = established + draw.whole(0, 3), set[str]()
    while year < TODAY_YEAR:
        winner = build.draw_able(build.pools["person"], (year, year), draw, won)
        if winner:
            won.add(winner)
            build.state(award, "award.winner", winner, since=year, until=year)
        year += draw.whole(2, 6)
