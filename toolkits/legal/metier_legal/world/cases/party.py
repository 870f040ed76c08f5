"""The parties of cases: people of the country, companies, and the public prosecutor."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from metier.world import Chance, Person
from metier.world.names import to_hanzi
from metier_legal.world.cases.courts import name_both
from metier_legal.world.cases.issue import Issue
from metier_legal.world.language import Both

TRADES = (
    ("Estates Ltd", "置业有限公司"), ("Trading Ltd", "贸易有限公司"), ("Works Ltd", "实业有限公司"),
    ("Holding Ltd", "控股有限公司"), ("Service Ltd", "服务有限公司"), ("Transport Ltd", "运输有限公司"),
)  # fmt: skip
GROWN_UP_DAYS = 22 * 365


@dataclass(frozen=True, slots=True)
class Party:
    """A party: the whole name, and the short one that names the case."""

    name: Both
    short: Both


PROSECUTOR = Party(Both("Public Prosecutor", "检察院"), Both("Public Prosecutor", "检察院"))


def draw_parties(people: Sequence[Person], issue: Issue, day: date, chance: Chance) -> tuple[Party, Party]:
    """Returns two parties for the issue: grown-up people, or companies where the issue allows them."""
    grown = [person for person in people if person.died is None and (day - person.born).days > GROWN_UP_DAYS]
    one, other = chance.sample(grown, 2)
    first = PROSECUTOR if issue.criminal else _make_party(one, chance, company=issue.companies[0])
    return first, _make_party(other, chance, company=issue.companies[1])


def _make_party(person: Person, chance: Chance, *, company: bool) -> Party:
    if company and chance.happens(0.8):
        en, zh = chance.pick(TRADES)
        name = Both(f"{person.family} {en}", to_hanzi(person.family, 3) + zh)
        return Party(name, name)
    whole = name_both(person)
    return Party(whole, Both(person.family, whole.zh))
