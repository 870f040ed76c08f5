"""Working a question out step by step: what to search and read next, and what the pages read so far say to it.

Each step is a generator. It yields the calls that it needs, and goes on when the desk has what they brought.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from metier.toolkit import Call
from metier_research.playbook.findings import Known, Lost, Outcome, Step
from metier_research.playbook.phrases.lexicon import Concept
from metier_research.playbook.phrases.question import Back, Larger, Meaning, Named, Number, Of, Office, Pair
from metier_research.playbook.seen.desk import Desk, read_on, search, visit
from metier_research.playbook.seen.linking import COPIES, choose_page, split_title
from metier_research.playbook.seen.sheet import Sheet, same_name
from metier_research.playbook.seen.statements import (
    Said,
    Term,
    compare,
    is_same,
    read_backward,
    read_listed,
    read_terms,
    read_values,
    year_in,
)

ASIDE: Final = 6  # other pages that are looked at for one statement
CANDIDATES: Final = 30  # things that are tried against a second condition


Work: TypeAlias = Generator[tuple[Call, ...], None, Outcome]


@dataclass(frozen=True, slots=True)
class Tracer:
    """Works out meanings from what is on the desk."""

    desk: Desk

    def trace(self, meaning: Meaning) -> Work:
        """Yields the calls that are needed; returns what the meaning comes to."""
        match meaning:
            case Named(name, noun):
                work = self._named(name, noun)
            case Of(concept, inner, words):
                work = self._of(concept, inner, words)
            case Back(concept, inner, words):
                work = self._back(concept, inner, words)
            case Office():
                work = self._office(meaning)
            case Number():
                work = self._number(meaning)
            case Pair():
                work = self._pair(meaning)
            case Larger():
                work = self._larger(meaning)
        return (yield from work)

    def _named(self, name: str, noun: str) -> Work:
        for query in dict.fromkeys((f"{name} {noun}".strip(), name)):
            yield search(query)
            if page := choose_page(self.desk.hits(query), name, noun):
                return Known(name, page.url)
        return Lost(f"No page was found that is about {name}.")

    def _page(self, known: Known, goal: str) -> Generator[tuple[Call, ...], None, Sheet | Lost]:
        """Returns the page of what is known, as far as one visit shows it."""
        url = known.url
        if not url:
            found = yield from self._named(known.value, "")
            if isinstance(found, Lost):
                return Lost(found.reason, known.steps)
            url = found.url
        yield visit([url], goal)
        sheet = self.desk.sheet(url)
        return sheet or Lost(f"The page on {known.value} could not be read.", known.steps)

    def _whole(self, sheet: Sheet, goal: str) -> Generator[tuple[Call, ...], None, Sheet]:
        """Returns the page with everything of it that can be read."""
        if sheet.unread:
            yield read_on(sheet, goal)
        return self.desk.sheet(sheet.url) or sheet

    def _of(self, concept: Concept, inner: Meaning, words: str) -> Work:
        known = yield from self.trace(inner)
        if isinstance(known, Lost):
            return known
        goal = f"{_label(concept)} of {known.value}"
        sheet = yield from self._page(known, goal)
        if isinstance(sheet, Lost):
            return sheet
        found = _today(sheet, concept) or read_values(sheet, concept, known.value, own=True)
        if not found and sheet.unread:
            sheet = yield from self._whole(sheet, goal)
            found = _today(sheet, concept) or read_values(sheet, concept, known.value, own=True)
        aside: list[Said] = []
        if not found or concept.sort != "thing":
            aside = yield from self._aside(concept, known, sheet, words)
        if not found:
            fresh = [one for one in aside if not one.sheet.outdated]
            found = fresh or aside
        if not found:
            return Lost(f"No page that was read states the {_label(concept)} of {known.value}.", known.steps)
        step = Step(known.value, concept, found[0], tuple(_unlike([*found[1:], *aside], found[0], concept)))
        return Known(found[0].value, found[0].url, (*known.steps, step))

    def _aside(
        self, concept: Concept, known: Known, own: Sheet, words: str
    ) -> Generator[tuple[Call, ...], None, list[Said]]:
        """Returns what other pages say of the subject: those that a search for both finds and that name it."""
        subject = known.value
        queries = (f"{subject} {_label(concept)}", _plain(words, known))
        yield search(*queries)
        hits = {hit.url: hit for query in queries for hit in self.desk.hits(query)}.values()
        near = [hit for hit in hits if not same_name(split_title(hit.title)[0], own.name)]
        near = [hit for hit in near if subject in hit.snippet or subject in hit.title]
        near.sort(key=lambda hit: (not concept.label.search(hit.title), not concept.label.search(hit.snippet)))
        urls = [hit.url for hit in near if split_title(hit.title)[1] not in COPIES][:ASIDE]
        if urls:
            yield visit(urls, queries[0])
        sheets = [sheet for url in urls if (sheet := self.desk.sheet(url)) and not sheet.is_copy]
        return [said for sheet in sheets for said in read_values(sheet, concept, subject, own=False)]

    def _back(self, concept: Concept, inner: Meaning, words: str) -> Work:
        known = yield from self.trace(inner)
        if isinstance(known, Lost):
            return known
        found = yield from self._listed(concept, known, words)
        if isinstance(found, Lost):
            return found
        if not found:
            found = yield from self._related(concept, known.value, _plain(words, known))
        if len(found) != 1:
            many = f"{len(found)} things are" if found else "Nothing that was read is"
            return Lost(f"{many} related to {known.value} in the way that is asked ({concept.name}).", known.steps)
        step = Step(known.value, concept, found[0])
        return Known(found[0].value, found[0].url, (*known.steps, step))

    def _listed(
        self, concept: Concept, known: Known, words: str
    ) -> Generator[tuple[Call, ...], None, Sequence[Said] | Lost]:
        goal = _plain(words, known)
        sheet = yield from self._page(known, goal)
        if isinstance(sheet, Lost):
            return sheet
        sheet = yield from self._whole(sheet, goal)
        return read_listed(sheet, concept, words) or read_backward(sheet, concept, known.value)

    def _related(self, concept: Concept, target: str, query: str) -> Generator[tuple[Call, ...], None, list[Said]]:
        """Returns the pages found that say of themselves that the relation leads from them to the target."""
        yield search(query)
        urls = [hit.url for hit in self.desk.hits(query) if target in hit.snippet and not same_name(hit.title, target)]
        if urls[:ASIDE]:
            yield visit(urls[:ASIDE], query)
        found = []
        for sheet in (self.desk.sheet(url) for url in urls[:ASIDE]):
            values = read_values(sheet, concept, sheet.name, own=True) if sheet and not sheet.is_copy else []
            found += [
                Said(one.sheet.name, one.sheet.url, one.line, one.sheet)
                for one in values
                if same_name(one.value, target)
            ]
        return found

    def _office(self, asked: Office) -> Work:
        known = yield from self.trace(asked.inner)
        if isinstance(known, Lost):
            return known
        goal = f"{_label(asked.concept)} of {known.value}"
        sheet = yield from self._page(known, goal)
        if isinstance(sheet, Lost):
            return sheet
        sheet = yield from self._whole(sheet, goal)
        found = _holders(read_terms(sheet, asked.concept), asked)
        if len(found) != 1:
            return Lost(
                f"No page that was read says plainly who it was: the {_label(asked.concept)} of {known.value}.",
                known.steps,
            )
        step = Step(known.value, asked.concept, found[0].said)
        return Known(found[0].said.value, found[0].said.url, (*known.steps, step))

    def _number(self, asked: Number) -> Work:
        known = yield from self.trace(asked.inner)
        if isinstance(known, Lost):
            return known
        found = yield from self._listed(asked.concept, known, asked.words)
        if isinstance(found, Lost):
            return found
        undated = asked.before and any(not year_in(one.line) for one in found)
        counted = tuple(one for one in found if not asked.before or year_in(one.line) < asked.before)
        if not counted or undated:
            return Lost(f"No list that was read lets one count this for {known.value}.", known.steps)
        return Known(str(len(counted)), "", known.steps, counted)

    def _pair(self, asked: Pair) -> Work:
        listed = []
        for side in (asked.first, asked.second):
            known = yield from self.trace(side.inner)
            if isinstance(known, Lost):
                return known
            found = yield from self._listed(side.concept, known, side.words)
            if isinstance(found, Lost):
                return found
            listed.append((side, known, [*found]))
        (one, first, mine), (other, second, theirs) = listed
        if theirs and (not mine or len(theirs) < len(mine)):
            (one, first, mine), (other, second, _) = (other, second, theirs), (one, first, mine)
        if not mine:
            mine = yield from self._related(one.concept, first.value, _plain(one.words, first))
        return (
            yield from self._meet(
                mine[:CANDIDATES], Step(first.value, one.concept, mine[0]) if mine else None, other, second
            )
        )

    def _meet(self, found: Sequence[Said], step: Step | None, other: Back, target: Known) -> Work:
        """Returns the one of the found that meets the other condition as well."""
        goal = f"{_label(other.concept)} {target.value}"
        yield visit([one.url for one in found if one.url], goal) if found else ()
        met = []
        for one in found:
            sheet = self.desk.sheet(one.url) if one.url else None
            values = read_values(sheet, other.concept, one.value, own=True) if sheet else []
            met += [(one, said) for said in values if same_name(said.value, target.value)][:1]
        if len(met) != 1 or step is None:
            return Lost(f"{len(met) or 'No'} things that were read meet both conditions.", target.steps)
        one, said = met[0]
        steps = (*target.steps, Step(step.subject, step.concept, one), Step(one.value, other.concept, said))
        return Known(one.value, one.url, steps)

    def _larger(self, asked: Larger) -> Work:
        sides: list[tuple[Known, Known]] = []
        for inner in (asked.one, asked.other):
            known = yield from self.trace(inner)
            if isinstance(known, Lost):
                return known
            value = yield from self._of(asked.concept, inner, asked.words)
            if isinstance(value, Lost):
                return value
            sides.append((known, value))
        (one, mine), (other, theirs) = sides
        order = compare(mine.value, theirs.value, asked.concept)
        steps = (*mine.steps, *theirs.steps)
        if not order:
            return Lost(f"{one.value} and {other.value} cannot be compared by what was read.", steps)
        won = one if (order > 0) != asked.less else other
        return Known(won.value, won.url, steps)


def _plain(words: str, known: Known) -> str:
    return f"{words.replace(' … ', ' ').strip()} {known.value}"


def _label(concept: Concept) -> str:
    return concept.name.replace("_", " ")


def _today(sheet: Sheet, concept: Concept) -> list[Said]:
    """Returns who holds an office now, where the page has a table of it."""
    return [term.said for term in read_terms(sheet, concept) if not term.until][-1:]


def _unlike(found: Sequence[Said], said: Said, concept: Concept) -> list[Said]:
    return [one for one in found if not is_same(one.value, said.value, concept)]


def _holders(terms: Sequence[Term], asked: Office) -> list[Term]:
    if asked.year:
        return [one for one in terms if one.since <= asked.year <= (one.until or asked.year)]
    places = [at for at, one in enumerate(terms) if same_name(one.said.value, asked.beside)]
    beside = [at + asked.step for at in places]
    return [terms[at] for at in beside if 0 <= at < len(terms)] if len(places) == 1 else []
