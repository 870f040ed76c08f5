"""What a page states: the values of a relation in its sentences, boxes and tables. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from metier_research.language.amounts import find_amounts
from metier_research.language.dates import find_days
from metier_research.playbook.phrases.lexicon import SUBJECT, TIME, TOKEN, Concept, Listing
from metier_research.playbook.seen.sheet import Line, Sheet, bare, same_name

_PERSON: Final = re.compile(r"[A-ZÀ-Þ][\w'’-]+ ([A-ZÀ-Þ][\w'’-]+)")
_TOKEN: Final = re.compile(rf"{TOKEN}(\d+){TOKEN}")
_BARE: Final = re.compile(r"^(?:today|present|now|incumbent|–|-|)$", re.IGNORECASE)
_YEAR: Final = re.compile(r"(?<!\d)(\d{3,4})(?!\d)")
_FROM: Final = re.compile(r"from|since|start|term began|took office|year", re.IGNORECASE)
_TO: Final = re.compile(r"to|until|end|left office", re.IGNORECASE)


YEAR: Final = 4  # digits at most


@dataclass(frozen=True, slots=True)
class Said:
    """A value that a page states, the address that it links to, and the line that states it."""

    value: str
    url: str
    line: Line
    sheet: Sheet


@dataclass(frozen=True, slots=True)
class Term:
    """Who held an office from when to when; 0 where it is not over."""

    said: Said
    since: int
    until: int


def read_values(sheet: Sheet, concept: Concept, subject: str, *, own: bool) -> list[Said]:
    """Returns what a page states of a subject, each value once; `own` is whether the page is the subject's."""
    found = [*_rows(sheet, concept, subject, own=own), *_sentences(sheet, concept, subject, own=own)]
    kept: list[Said] = []
    for one in found:
        if not any(is_same(one.value, other.value, concept) for other in kept):
            kept.append(one)
    return kept


def is_same(one: str, other: str, concept: Concept) -> bool:
    """Returns whether two values are the same: the same name, a time that the other says, or an equal amount."""
    if concept.sort == "thing":
        return same_name(one, other)
    if concept.sort == "time":
        days, others = find_days(one), find_days(other)
        known = bool(days and others)
        return (days[0].is_said_by(others[0]) or others[0].is_said_by(days[0])) if known else one == other
    mine, theirs = _measure(one, concept), _measure(other, concept)
    return mine == theirs if mine and theirs else one == other


def compare(one: str, other: str, concept: Concept) -> int:
    """Returns 1 where the first value is larger, -1 where it is smaller, 0 where that cannot be said."""
    mine, theirs = _measure(one, concept), _measure(other, concept)
    if not mine or not theirs or is_same(one, other, concept):
        return 0
    return (mine > theirs) - (mine < theirs)


def _measure(value: str, concept: Concept) -> tuple[float, ...]:
    """Returns a time as year, month and day, an amount in its base unit; empty for neither."""
    if concept.sort == "time":
        days = find_days(value)
        if days:
            return (days[0].first, days[0].month, days[0].day)
        return (int(value), 0, 0) if value.isdecimal() and len(value) <= YEAR else ()
    amounts = find_amounts(value)
    return (float(amounts[0].base),) if amounts else ()


def _rows(sheet: Sheet, concept: Concept, subject: str, *, own: bool) -> Iterator[Said]:
    for line in sheet.lines:
        if own and len(line.cells) == 2 and concept.label.fullmatch(line.cells[0]):
            yield from _cell(sheet, concept, line, line.cells[1])
        if len(line.cells) == len(line.header) and any(same_name(cell, subject) for cell in line.cells):
            for head, cell in zip(line.header, line.cells, strict=True):
                if concept.label.fullmatch(head) and not same_name(cell, subject) and not own:
                    yield from _cell(sheet, concept, line, cell)


def _cell(sheet: Sheet, concept: Concept, line: Line, cell: str) -> Iterator[Said]:
    if concept.sort == "thing":
        if cell and not _BARE.match(cell):
            yield Said(cell, sheet.links.get(cell, ""), line, sheet)
        return
    match = (TIME if concept.sort == "time" else concept.amount).search(cell)
    if match:
        yield Said(match[0], "", line, sheet)


def _sentences(sheet: Sheet, concept: Concept, subject: str, *, own: bool) -> Iterator[Said]:
    patterns = concept.own if own else concept.elsewhere
    for line in sheet.lines:
        if not line.cells:
            yield from _match(sheet, line, patterns, subject)


def _match(sheet: Sheet, line: Line, patterns: Sequence[re.Pattern[str]], subject: str) -> Iterator[Said]:
    marked, texts = mark_names(line.text, sheet, subject)
    for pattern in patterns:
        for match in pattern.finditer(marked):
            token = _TOKEN.fullmatch(match["o"])
            value = texts[int(token[1])] if token else match["o"].strip()
            if TOKEN not in value and not same_name(value, subject):
                yield Said(value, sheet.links.get(value, ""), line, sheet)


def mark_names(text: str, sheet: Sheet, subject: str) -> tuple[str, list[str]]:
    """Returns a sentence with its subject and the other names as tokens, and the words of those by their number.

    Longer names go first: what is said of the mill of a town is not said of the town.
    """
    others = {one for one in (*sheet.links, sheet.name) if one and one in text and not same_name(one, subject)}
    marked = text
    texts: list[str] = []
    for words in sorted({*others, subject}, key=lambda one: (-len(one), one)):
        token = SUBJECT if words == subject else f"{TOKEN}{len(texts)}{TOKEN}"
        replaced = _replace(marked, words, token)
        if replaced != marked and words != subject:
            texts.append(words)
        marked = replaced
    person = _PERSON.fullmatch(subject)
    return (_replace(marked, person[1], SUBJECT) if person and same_name(sheet.name, subject) else marked), texts


def _replace(text: str, words: str, token: str) -> str:
    if not words or words not in text:
        return text
    return re.sub(rf"(?<![\w{TOKEN}]){re.escape(words)}(?!\w)", token, text)


def read_listed(sheet: Sheet, concept: Concept, words: str) -> list[Said]:
    """Returns what a page lists as related to its subject: the names in a table of that heading and column.

    `words` are those of the question, which say what sort of thing is wanted; the row's year stands in its line.
    """
    fit = [one for one in concept.lists if one.column.search(words)] or list(concept.lists)
    for listing in fit:
        found = [said for line in sheet.lines if (said := _listed(sheet, listing, line)) is not None]
        if found:
            return found
    return []


def _listed(sheet: Sheet, listing: Listing, line: Line) -> Said | None:
    if not line.header or len(line.cells) != len(line.header) or not listing.heading.fullmatch(line.heading):
        return None
    columns = [at for at, head in enumerate(line.header) if listing.column.fullmatch(head)]
    if not columns or not line.cells[columns[0]]:
        return None
    cell = line.cells[columns[0]]
    return Said(cell, sheet.links.get(cell, ""), line, sheet)


def read_backward(sheet: Sheet, concept: Concept, subject: str) -> list[Said]:
    """Returns what the sentences of a page say is related to its subject."""
    found: dict[str, Said] = {}
    for line in sheet.lines:
        for said in _match(sheet, line, concept.backward, subject) if not line.cells else ():
            found.setdefault(bare(said.value), said)
    return list(found.values())


def year_in(line: Line) -> int:
    """Returns the first year of a row, 0 for none."""
    match = next((found for cell in line.cells[:2] if (found := _YEAR.search(cell))), None)
    return int(match[1]) if match else 0


def read_terms(sheet: Sheet, concept: Concept) -> list[Term]:
    """Returns who held an office when, as a table of the page has it, in its order."""
    found: list[Term] = []
    for line in sheet.lines:
        if len(line.cells) == len(line.header) and line.cells:
            holder = [at for at, head in enumerate(line.header) if concept.label.fullmatch(head)]
            since = [at for at, head in enumerate(line.header) if _FROM.fullmatch(head)]
            if holder and since and (begin := _YEAR.search(line.cells[since[0]])):
                name = line.cells[holder[0]]
                said = Said(name, sheet.links.get(name, ""), line, sheet)
                found.append(Term(said, int(begin[1]), _until(line, int(begin[1]))))
    return found


def _until(line: Line, since: int) -> int:
    """Returns the year in which a term ended: its own year where the table has one column of years, 0 for today."""
    ends = [at for at, head in enumerate(line.header) if _TO.fullmatch(head)]
    if not ends:
        return since
    match = _YEAR.search(line.cells[ends[0]])
    return int(match[1]) if match else 0
