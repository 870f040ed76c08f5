"""A delivery becomes a paper: statements and citations are numbered and quotes found in their sources. Pure."""

from collections.abc import Iterator, Mapping
from typing import Final

from metier.evidence import Evidence
from metier.toolkit import Delivery
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_law
from metier_legal.law.case import HOLDING_PARTS
from metier_legal.memo import SECTIONS, Cited, Memo, Statement
from metier_legal.quoting.matching import match_quote
from metier_legal.records import ParagraphRecord, ProvisionRecord, read_record
from metier_legal.rendering.authorities.entry import Force
from metier_legal.rendering.authorities.table import entry_numbers
from metier_legal.rendering.document import MemoDocument, document_of
from metier_legal.rendering.paper import Line, Note, Paper, Section, Source
from metier_legal.rendering.wording.cleaning import one_line, paragraphs
from metier_legal.rendering.wording.phrases import BAD, MIND, caveats_of, name_day, short_standing, tone_of, words_of
from metier_legal.rendering.wording.words import Words

BLOCKS: Final = frozenset(("rules", "cases_for", "cases_against"))  # sections that print the quotes of what they cite
MOST_TITLE: Final = 120  # letters


def lay_out(delivery: Delivery) -> Paper:
    """Returns the memo of a delivery laid out; raises InputError when its answer is no memo."""
    document = document_of(delivery)
    memo, words = document.memo, words_of(document.memo.language)
    evidence = {item.id: item for item in document.evidence}
    labels = {subject: number for number, (subject, _) in enumerate(memo.statements(), start=1)}
    notes = _notes(document, evidence)
    sections = tuple(_section(key, memo, labels, notes) for key in SECTIONS)
    return Paper(
        memo=memo,
        words=words,
        notice=document.notice,
        title=_title(memo),
        head=_head(memo, words),
        question=paragraphs(memo.question),
        sections=sections,
        notes=tuple(notes.values()),
        sources=tuple(_sources(document, evidence, tuple(notes.values()))),
        authorities=document.authorities,
        report=document.report,
        holds=document.verdict.holds and bool(document.verdict.findings),
        labels=labels,
    )


def display_of(record: ProvisionRecord | ParagraphRecord, pin: tuple[str, ...]) -> str:
    """Returns the citation of a record, with the pin, on one line."""
    if isinstance(record, ProvisionRecord) and pin:
        return one_line(form_law(record.work, Pin(record.number, pin)))
    return one_line(record.display)


def _title(memo: Memo) -> str:
    whole = one_line(memo.question)
    return whole if len(whole) <= MOST_TITLE else f"{whole[: MOST_TITLE - 1].rstrip()}…"


def _head(memo: Memo, words: Words) -> tuple[tuple[str, str], ...]:
    rows = [(words.jurisdiction, one_line(memo.jurisdiction)), (words.as_of, name_day(memo.as_of, words))]
    if memo.event_date is not None:
        rows.append((words.event_date, name_day(memo.event_date, words)))
    return tuple(rows)


def _homes(memo: Memo) -> dict[Cited, str]:
    """Returns the statement at which each citation's quote is printed: the first in rules or cases, else the first."""
    homes: dict[Cited, str] = {}
    places = sorted(memo.statements(), key=lambda place: place[0].split("/")[1] not in BLOCKS)
    for subject, statement in places:
        for cited in statement.authorities:
            homes.setdefault(cited, subject)
    return homes


def _notes(document: MemoDocument, evidence: Mapping[str, Evidence]) -> dict[Cited, Note]:
    homes = _homes(document.memo)
    cited = dict.fromkeys(one for _, statement in document.memo.statements() for one in statement.authorities)
    return {one: _note(number, one, homes[one], document, evidence) for number, one in enumerate(cited, start=1)}


def _note(number: int, cited: Cited, home: str, document: MemoDocument, evidence: Mapping[str, Evidence]) -> Note:
    words = words_of(document.memo.language)
    place = entry_numbers(document.authorities)[cited.evidence]
    entry = document.authorities[place - 1]
    item = evidence.get(cited.evidence)
    record = read_record(item) if item is not None else None
    tone, standing, caveats = tone_of(entry), short_standing(entry, document.memo, words), caveats_of(entry, words)[:1]
    spans: tuple[tuple[int, int], ...] = ()
    if item is None or not isinstance(record, ProvisionRecord | ParagraphRecord):
        display, problem = f"{words.unread} [{one_line(cited.evidence)}]", words.unread
    else:
        display, spans = display_of(record, cited.pin), find_spans(cited, record, item.text)
        problem = "" if spans else words.no_quote
        if isinstance(record, ParagraphRecord) and record.part not in HOLDING_PARTS:
            tone, caveats = MIND, (words.forces[Force.NOT_A_HOLDING],)
            standing = words.parts[record.part]
    return Note(
        number=number,
        display=display,
        quote=one_line(cited.quote),
        cited=cited,
        entry=place,
        standing=problem or standing,
        caveats=caveats,
        tone=BAD if problem else tone,
        spans=spans,
        problem=problem,
        home=home,
    )


def find_spans(cited: Cited, record: ProvisionRecord | ParagraphRecord, text: str) -> tuple[tuple[int, int], ...]:
    """Returns where the quote stands in the text: in the pinned part where the provision has it, else anywhere."""
    language = record.work.language if isinstance(record, ProvisionRecord) else record.language
    units = record.units if isinstance(record, ProvisionRecord) else ()
    start, end = next(
        ((unit.start, unit.end) for unit in units if cited.pin and unit.path == cited.pin), (0, len(text))
    )
    found = match_quote(cited.quote, text[start:end], language=language)
    spans = tuple((a + start, b + start) for a, b in found.spans) if found.holds else ()
    stop = cited.quote.rstrip()[-1:]
    if spans and not stop.isalnum() and text.startswith(stop, spans[-1][1]):  # matching leaves out the full stop
        spans = (*spans[:-1], (spans[-1][0], spans[-1][1] + 1))
    return spans


def _section(key: str, memo: Memo, labels: Mapping[str, int], notes: Mapping[Cited, Note]) -> Section:
    words = words_of(memo.language)
    by_id = {statement.id: labels[subject] for subject, statement in reversed(list(memo.statements()))}
    lines = []
    for i, statement in enumerate(getattr(memo, key)):
        subject = f"/{key}/{i}"
        line = Line(
            number=labels[subject],
            subject=subject,
            statement=statement,
            text=paragraphs(statement.text),
            notes=tuple(notes[cited] for cited in dict.fromkeys(statement.authorities)),
            premises=tuple(sorted({by_id[name] for name in statement.premises if name in by_id})),
            flags=_flags(statement, words),
        )
        lines.append(line)
    return Section(key, words.sections[key], tuple(lines), words.nothing[key])


def _flags(statement: Statement, words: Words) -> tuple[str, ...]:
    flags = [words.persuasive] if statement.weight == "persuasive" else []
    if statement.qualified:
        flags.append(words.qualified)
    if statement.kind == "procedural":
        flags.append(words.procedural)
    return tuple(flags)


def _sources(document: MemoDocument, evidence: Mapping[str, Evidence], notes: tuple[Note, ...]) -> Iterator[Source]:
    numbers = entry_numbers(document.authorities)
    for name, number in numbers.items():
        item = evidence.get(name)
        record = read_record(item) if item is not None else None
        if item is not None and isinstance(record, ProvisionRecord | ParagraphRecord):
            quoting = tuple(note for note in notes if note.cited.evidence == name)
            places = tuple(
                place
                for place, (_, statement) in enumerate(document.memo.statements(), start=1)
                if any(cited.evidence == name for cited in statement.authorities)
            )
            yield Source(item, record, display_of(record, ()), number, quoting, places)
