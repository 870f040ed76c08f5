"""The article of a thing: what it is, a box of facts, prose, and tables of what leads to it."""

from collections.abc import Iterator
from typing import Final

from metier.world import Chance
from metier_research.pages.page import Page
from metier_research.world.truth.facts import Fact, Thing, Truth
from metier_research.world.truth.kinds import TERMS, relations_by_key
from metier_research.world.writing.markup import Library, capitalise, table
from metier_research.world.writing.prose import Writer
from metier_research.world.writing.values import draw_manner

IN_PROSE: Final = 0.8
IN_BOX: Final = 0.6
PLURALS: Final = {"company": "companies", "species": "species", "country": "countries", "pass": "passes"}
BOXED: Final = frozenset(("mayor", "head", "coach"))


def footer(truth: Truth) -> str:
    """Returns the line with which every page ends."""
    country = truth.country.name
    return f"This page is from {truth.wiki}, a generated encyclopaedia of {country}, a country that does not exist."


def write_article(truth: Truth, thing: Thing) -> Page:
    """Returns the article of a thing."""
    library = Library(truth.wiki, truth.things)
    chance = Chance(truth.country.seed, "research", "article", thing.id)
    writer = Writer(library, thing, draw_manner(chance.stream("manner")), chance.stream("prose"))
    stated = [fact for fact in truth.of_subject.get(thing.id, ()) if fact.stated and not _is_term(fact)]
    said, boxed = _share_out(stated, chance.stream("share"))
    box = _box(truth, writer, boxed)
    told = chance.stream("order").shuffled([writer.state(fact) for fact in said])
    lead = 1 + chance.stream("lead").whole(0, 2)
    rest = _interleave([*told[lead:], *_echoes(truth, writer)], thing, chance.stream("fillers"))
    blocks = [
        f"# {thing.title}",
        " ".join([_definition(truth, thing, chance.stream("definition")), *told[:lead]]),
        box,
        *rest,
        *_terms(truth, writer),
        *_lists(truth, writer),
        f"Category: {PLURALS.get(thing.kind_of.noun, thing.kind_of.noun + 's')} of {truth.country.name}",
        footer(truth),
    ]
    text, links = library.read("\n\n".join(block for block in blocks if block))
    modified = f"{chance.stream('modified').whole(2021, 2025)}-{chance.stream('month').whole(1, 12):02d}-15"
    return Page(library.url(thing.id), thing.title, text, links, modified=modified, language="en", site=truth.wiki)


def _is_term(fact: Fact) -> bool:
    return fact.relation.partition(".")[2] in TERMS


def _share_out(facts: list[Fact], draw: Chance) -> tuple[list[Fact], list[Fact]]:
    """Returns the facts that the prose states and those of the box: each is in one of them, or in both."""
    said: list[Fact] = []
    boxed: list[Fact] = []
    for fact in facts:
        in_box = draw.happens(IN_BOX)
        if in_box:
            boxed.append(fact)
        if draw.happens(IN_PROSE) or not in_box:
            said.append(fact)
    return said, boxed


def _definition(truth: Truth, thing: Thing, draw: Chance) -> str:
    noun, country = thing.noun, truth.country
    article = "an" if noun[0] in "aeiou" else "a"
    forms = (
        f"{thing.called} is {article} {noun} of {country.name}.",
        f"{thing.called} is a {country.demonym} {noun}.",
        f"{thing.called}, {article} {noun}, has an entry in every guide to {country.name}.",
    )
    if thing.kind == "country":
        return f"{thing.name} is a country of mountains and lakes."
    return capitalise(draw.pick(forms))


def _box(truth: Truth, writer: Writer, facts: list[Fact]) -> str:
    relations = relations_by_key()
    present = [fact for fact in truth.of_subject.get(writer.thing.id, ()) if _is_present(fact)]
    rows = [(relations[fact.relation].label, _cell(writer, fact)) for fact in (*facts, *present)]
    return table((writer.thing.kind_of.noun.capitalize(), writer.thing.name), rows) if rows else ""


def _is_present(fact: Fact) -> bool:
    return fact.relation.partition(".")[2] in BOXED and not fact.until


def _cell(writer: Writer, fact: Fact) -> str:
    if isinstance(fact.object, str):
        return f"[[{fact.object}|{writer.library.things[fact.object].name}]]"
    return writer.manner.value(fact.object, relations_by_key()[fact.relation])


def _interleave(told: list[str], thing: Thing, draw: Chance) -> list[str]:
    """Returns paragraphs under headings, with sentences between the facts that say nothing."""
    fillers = draw.shuffled(thing.kind_of.fillers)
    sentences = [one for pair in zip(told, [*fillers, *[""] * len(told)], strict=False) for one in pair if one]
    middle = (len(sentences) + 1) // 2
    parts = [part for part in (sentences[:middle], sentences[middle:]) if part]
    headings = draw.pick((("History", "Details"), ("Background", "Later years"), ("Overview", "Reception")))
    return [f"## {heading}\n\n{' '.join(part)}" for heading, part in zip(headings, parts, strict=False)]


def _echoes(truth: Truth, writer: Writer) -> Iterator[str]:
    """Yields sentences about what leads to the thing, where the relation has words for that."""
    for fact in truth.of_object.get(writer.thing.id, ()):
        words = relations_by_key()[fact.relation].words
        if words.other and fact.stated:
            subject = writer.library.mention(fact.subject)
            yield capitalise(writer.chance.pick(words.other).format(s=subject, o=writer.thing.called))


def _terms(truth: Truth, writer: Writer) -> Iterator[str]:
    """Yields the tables of who held the offices of the thing, or won it."""
    for relation in (one for one in writer.thing.kind_of.relations if one.name in TERMS):
        facts = truth.about(writer.thing.id, relation.key)
        heading = f"## {PLURALS.get(relation.label, relation.label + 's')}"
        if facts and relation.name == "winner":
            won = [(str(fact.since), _cell(writer, fact)) for fact in facts]
            yield f"{heading}\n\n{table(('Year', 'Winner'), won)}"
        elif facts:
            held = [(str(fact.since), str(fact.until or "today"), _cell(writer, fact)) for fact in facts]
            yield f"{heading}\n\n{table(('From', 'To', relation.label), held)}"


def _lists(truth: Truth, writer: Writer) -> Iterator[str]:
    """Yields the tables of what leads to the thing, the oldest first."""
    groups: dict[str, list[Fact]] = {}
    for fact in truth.of_object.get(writer.thing.id, ()):
        if fact.stated and relations_by_key()[fact.relation].words.heading:
            groups.setdefault(fact.relation, []).append(fact)
    for key, facts in groups.items():
        relation = relations_by_key()[key]
        rows = sorted(_row(truth, writer, fact.subject) for fact in facts)
        kind = truth.things[facts[0].subject].kind_of
        year = "Born" if kind.name == "person" else "Year"
        yield f"## {relation.words.heading}\n\n{table((year, kind.noun.capitalize()), rows)}"


def _row(truth: Truth, writer: Writer, key: str) -> tuple[str, str]:
    """Returns the row of a thing in a table: its year, where a page states it, and its name."""
    thing = truth.things[key]
    dated = thing.kind_of.dated
    facts = [fact for fact in truth.about(key, dated.key) if fact.stated] if dated else []
    year = str(facts[0].object)[:4] if facts else "–"
    return year, f"[[{key}|{thing.name}]]"
