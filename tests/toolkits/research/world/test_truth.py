"""The truth of the wiki: repeatable, whole, and rich enough for long questions."""

from collections import Counter
from datetime import date
from itertools import pairwise

from metier.world import make_country
from metier_research.world.pages import make_truth, open_truth
from metier_research.world.truth.facts import Truth
from metier_research.world.truth.kinds import TERMS, read_kinds, relations_by_key


def test_a_seed_gives_the_same_truth_and_another_seed_another() -> None:
    one, again, other = (make_truth(make_country(seed), 500) for seed in (4, 4, 5))
    assert one.facts == again.facts
    assert one.rumours == again.rumours
    assert {thing.name for thing in one.things.values()} != {thing.name for thing in other.things.values()}


def test_every_fact_is_of_a_relation_of_its_kind_and_leads_to_something_there(truth: Truth) -> None:
    relations = relations_by_key()
    for fact in truth.facts:
        relation = relations[fact.relation]
        assert truth.things[fact.subject].kind == relation.kind
        if relation.leads_to_thing:
            assert str(fact.object) in truth.things
        else:
            assert isinstance(fact.object, date) == relation.target.startswith("day")


def test_titles_are_unique_and_namesakes_say_what_they_are() -> None:
    things = open_truth(3, 1600).things.values()
    titles = Counter(thing.title.casefold() for thing in things)
    assert set(titles.values()) == {1}
    named = Counter(thing.name for thing in things)
    twice = [thing for thing in things if named[thing.name] > 1]
    assert len(twice) > 2
    assert all(thing.title == f"{thing.name} ({thing.noun})" for thing in twice)


def test_nobody_makes_anything_before_birth_or_after_death(truth: Truth) -> None:
    for kind in (kind for kind in read_kinds().values() if kind.weight and kind.name != "person"):
        agents = [one for one in kind.relations if one.target.startswith("person:")]
        dated = kind.dated
        if not agents or dated is None or dated.target != "year" or kind.relations.index(agents[0]):
            continue
        for key in (key for key, thing in truth.things.items() if thing.kind == kind.name):
            year = truth.about(key, dated.key)[0].object
            agent = str(truth.about(key, agents[0].key)[0].object)
            born = truth.about(agent, "person.born")[0].object
            assert isinstance(born, date)
            assert isinstance(year, int)
            assert born.year + 20 < year < born.year + 70


def test_marriage_goes_both_ways_and_nobody_is_married_twice(truth: Truth) -> None:
    married = [(fact.subject, fact.object) for fact in truth.facts if fact.relation == "person.spouse"]
    assert {(other, one) for one, other in married} == set(married)
    assert len(dict(married)) == len(married) > 20


def test_one_holds_an_office_at_a_time(truth: Truth) -> None:
    for key, thing in truth.things.items():
        for relation in (one for one in thing.kind_of.relations if one.name in TERMS):
            terms = truth.about(key, relation.key)
            starts = [fact.since for fact in terms]
            assert starts == sorted(starts)
            assert all(one.until <= other.since for one, other in pairwise(terms))


def test_a_share_of_facts_is_disputed_outdated_or_unsaid(truth: Truth) -> None:
    assert sum(not rumour.year for rumour in truth.rumours) >= 10
    assert sum(bool(rumour.year) for rumour in truth.rumours) >= 3
    assert sum(not fact.stated for fact in truth.facts) >= 20
    assert all(rumour.other != rumour.fact.object and rumour.fact.stated for rumour in truth.rumours)


def test_every_kind_of_thing_is_there(truth: Truth) -> None:
    assert {thing.kind for thing in truth.things.values()} == set(read_kinds())
