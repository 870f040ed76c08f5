"""A delivery becomes a paper: sources are numbered as they are cited, and quotes found in them. Pure."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from string import ascii_lowercase
from typing import Final

from metier.errors import InputError
from metier.evidence import Citation, Evidence
from metier.toolkit import Delivery
from metier.verdict import Finding, Outcome, Verdict
from metier_research.pages.evidence import OUTPUT, kind_of
from metier_research.reading.quoting import find_quote
from metier_research.rendering.paper import Count, Extract, Line, Note, Paper, Part, Piece, Source
from metier_research.rendering.showing import link_of, one_line, plain_rows, shown
from metier_research.rendering.words import Words, words_for
from metier_research.report import Report, Statement

MOST_TEXT: Final = 6_000  # characters of an evidence that is shown; more only as far as it is quoted
_PLACE: Final = re.compile(r"^/[a-z_]+(?:/[a-z_0-9]+)*: ")
_SYNTHETIC: Final = re.compile(r"(?:copies of |wiki://)?world-\d+(?:[/#\s]|\Z)")  # no host: world-news.example is real


@dataclass(slots=True)
class _Cited:
    """What is cited of one source: its evidence, and its quotes with the span of each where it stands."""

    evidence: dict[str, Evidence] = field(default_factory=dict)
    quotes: dict[Citation, tuple[int, int] | None] = field(default_factory=dict)
    places: list[int] = field(default_factory=list)


def report_of(delivery: Delivery) -> Report:
    """Returns the delivery's report; raises InputError when its answer is something else."""
    if isinstance(delivery.answer, Report):
        return delivery.answer
    raise InputError("The answer is no report.", hint="Render the answer of a run of the research toolkit.")


def lay_out(delivery: Delivery) -> Paper:
    """Returns the report of a delivery laid out; raises InputError when its answer is no report."""
    report, words = report_of(delivery), words_for(delivery.task.text)
    cited = _gather(report, delivery.evidence)
    numbers = {key: number for number, key in enumerate(cited, start=1)}
    notes = _notes(cited, numbers)
    lines = {
        subject: _line(number, subject, statement, notes)
        for number, (subject, statement) in enumerate(report.statements(), start=1)
    }
    verdict, trace = delivery.verdict, delivery.trace
    return Paper(
        words=words,
        notice=notice_of(report, delivery.evidence, words),
        title=one_line(report.title) or words.report,
        question=one_line(delivery.task.text),
        exact=one_line(report.exact),
        answer=lines.get("/answer"),
        sections=_parts([one.heading for one in report.sections], lines, "/sections/{}/"),
        conflicts=_parts([one.topic for one in report.conflicts], lines, "/conflicts/{}/"),
        open_questions=tuple(map(one_line, report.open_questions)),
        sources=tuple(_source(numbers[key], one, notes, words) for key, one in cited.items()),
        counts=_counts(verdict.findings),
        summary=_summary(verdict, words),
        holds=verdict.holds and bool(verdict.findings),
        unsettled=(*verdict.violated, *verdict.unknown),
        removed=tuple(one_line(_PLACE.sub("", text)) for text in trace.removed) if trace else (),
        run=one_line(trace.run) if trace else "",
    )


def _line(number: int, subject: str, statement: Statement, notes: Mapping[Citation, Note]) -> Line:
    own = dict.fromkeys(notes[one] for one in statement.citations)
    return Line(number, subject, one_line(statement.text), statement.confidence, tuple(own))


def _parts(titles: Sequence[str], lines: Mapping[str, Line], place: str) -> tuple[Part, ...]:
    """Returns the parts with these titles, each with the lines whose place begins so."""
    begun = [place.format(number) for number in range(len(titles))]
    return tuple(
        Part(one_line(title), tuple(line for subject, line in lines.items() if subject.startswith(start)))
        for title, start in zip(titles, begun, strict=True)
    )


def notice_of(report: Report, evidence: Mapping[str, Evidence], words: Words) -> str:
    """Returns the first line of every file: that what is generated does not exist, and what was checked."""
    cited = {one.evidence for _, statement in report.statements() for one in statement.citations}
    invented = [is_synthetic(evidence[name]) for name in sorted(cited) if name in evidence]
    said = (words.fictional if all(invented) else words.partly_fictional) if any(invented) else words.notice
    return said


def is_synthetic(item: Evidence) -> bool:
    """Returns whether evidence is of a generated world, and says so by its site."""
    told = (item.source, item.locator, _text(item, "site"), _text(item, "url"))
    return any(_SYNTHETIC.match(part) for part in told)


def _gather(report: Report, evidence: Mapping[str, Evidence]) -> dict[str, _Cited]:
    """Returns what is cited by source, in the order of the first citation: a source is a page, or its evidence."""
    found: dict[str, _Cited] = {}
    for number, (_, statement) in enumerate(report.statements(), start=1):
        for citation in statement.citations:
            item = evidence.get(citation.evidence)
            key = (_text(item, "url") if item else "") or citation.evidence
            one = found.setdefault(key, _Cited())
            if item is not None:
                one.evidence.setdefault(item.id, item)
            one.quotes.setdefault(citation, _span(citation, item))
            if number not in one.places:
                one.places.append(number)
    return found


def _span(citation: Citation, item: Evidence | None) -> tuple[int, int] | None:
    return find_quote(citation.quote, item.text) if item is not None and citation.quote else None


def _notes(cited: Mapping[str, _Cited], numbers: Mapping[str, int]) -> dict[Citation, Note]:
    notes: dict[Citation, Note] = {}
    for key, one in cited.items():
        for at, (citation, span) in enumerate(one.quotes.items()):
            letter = _letter(at) if len(one.quotes) > 1 else ""
            label = f"{numbers[key]}{letter}"
            item = one.evidence.get(citation.evidence)
            quote = item.text[slice(*span)] if item is not None and span else citation.quote or ""
            found = span is not None or not quote
            notes[citation] = Note(label, f"q-{label}", numbers[key], one_line(plain_rows(quote)), found)
    return notes


def _letter(at: int) -> str:
    return ascii_lowercase[at] if at < len(ascii_lowercase) else f".{at + 1}"


def _source(number: int, cited: _Cited, notes: Mapping[Citation, Note], words: Words) -> Source:
    item = next(iter(cited.evidence.values()), None)
    kind = kind_of(item) if item is not None else ""
    address = (_text(item, "url") or item.locator) if item is not None else ""
    told = words.kinds.get(kind, words.kinds[""])
    missing = [] if item is not None else [words.no_evidence]
    return Source(
        number=number,
        kind=told,
        title=_title(item, words),
        site=one_line(_text(item, "site") or (item.source if item else "")),
        address=one_line(address),
        link=link_of(address),
        facts=tuple(_facts(item, words)),
        warnings=(*missing, *_warnings(item, words)),
        extracts=tuple(_extract(one, cited, notes) for one in cited.evidence.values()),
        places=tuple(cited.places),
    )


def _title(item: Evidence | None, words: Words) -> str:
    if item is None:
        return words.no_evidence
    if kind_of(item) == OUTPUT:
        return words.program
    return one_line(_text(item, "title")) or one_line(item.source)


def _facts(item: Evidence | None, words: Words) -> Iterator[str]:
    for name, form in (("published", words.published), ("modified", words.modified)):
        if told := one_line(_text(item, name)):
            yield form.format(told)
    for name in ("venue", "doi"):
        if told := one_line(_text(item, name)):
            yield told


def _warnings(item: Evidence | None, words: Words) -> Iterator[str]:
    if item is not None and is_synthetic(item):
        yield words.invented
    if told := one_line(_text(item, "outdated")):
        yield words.outdated.format(told)
    canonical = one_line(_text(item, "canonical"))
    if canonical and canonical != one_line(_text(item, "url")):
        yield words.copy_of.format(canonical)


def _extract(item: Evidence, cited: _Cited, notes: Mapping[Citation, Note]) -> Extract:
    marked = [(span, notes[one].anchor) for one, span in cited.quotes.items() if span and one.evidence == item.id]
    text, spans = _window(item.text, marked)
    code = shown(_text(item, "code")) if kind_of(item) == OUTPUT else ""
    return Extract(item.id, tuple(_cut(text, spans)), code)


def _window(
    text: str, spans: Sequence[tuple[tuple[int, int], str]]
) -> tuple[str, Sequence[tuple[tuple[int, int], str]]]:
    """Returns a long text about its first quote, with the quotes that stand there."""
    if len(text) <= MOST_TEXT:
        return text, spans
    middle = spans[0][0][0] if spans else 0
    start = max(0, min(middle - MOST_TEXT // 3, len(text) - MOST_TEXT))
    end = max(start + MOST_TEXT, max((span[1] for span, _ in spans), default=0))
    inside = [((a - start, b - start), anchor) for (a, b), anchor in spans if a >= start]
    return text[start:end], inside


def _cut(text: str, spans: Sequence[tuple[tuple[int, int], str]]) -> Iterator[Piece]:
    edges = sorted({0, len(text), *(edge for span, _ in spans for edge in span)})
    for start, end in pairwise(edges):
        notes = tuple(anchor for (a, b), anchor in spans if a <= start and end <= b)
        opens = tuple(anchor for (a, _), anchor in spans if a == start)
        yield Piece(plain_rows(shown(text[start:end])), notes, opens)


def _counts(findings: Sequence[Finding]) -> tuple[Count, ...]:
    counts = Counter((finding.rule, finding.outcome) for finding in findings)
    return tuple(
        Count(rule, counts[rule, Outcome.HOLDS], counts[rule, Outcome.VIOLATED], counts[rule, Outcome.UNKNOWN])
        for rule in dict.fromkeys(finding.rule for finding in findings)
    )


def _summary(verdict: Verdict, words: Words) -> str:
    found, violated, unknown = len(verdict.findings), len(verdict.violated), len(verdict.unknown)
    return words.summary.format(found, found - violated - unknown, violated, unknown)


def _text(item: Evidence | None, name: str) -> str:
    value = item.value.get(name) if item is not None and isinstance(item.value, dict) else None
    return value if isinstance(value, str) else ""
