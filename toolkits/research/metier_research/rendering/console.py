"""The report in the terminal: every statement with its sources, the conflicts, the sources and the verdict."""

from collections.abc import Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from metier.toolkit import Delivery
from metier_research.rendering.layout import lay_out
from metier_research.rendering.paper import Line, Paper, Part, Source
from metier_research.rendering.showing import one_line

_DOUBT: Final = {"high": "green", "medium": "", "low": "yellow"}


def show(delivery: Delivery) -> RenderableType:
    """Returns the report for a terminal: the notice first, then what report.md says, in the same order."""
    paper = lay_out(delivery)
    words = paper.words
    parts: list[RenderableType] = [Text(paper.notice, style="bold yellow"), Text(""), Text(paper.title, style="bold")]
    if paper.question != paper.title:
        parts.append(Text(f"{words.question}{words.colon}{paper.question}", style="dim"))
    if paper.answer is not None:
        parts += [*_heading(words.answer), *([Text(paper.exact, style="bold green")] if paper.exact else [])]
        parts += [_statement(paper.answer, paper)]
    for section in paper.sections:
        parts += _part(section, paper)
    if paper.conflicts:
        parts += [*_heading(words.conflicts), Text(words.conflict_note, style="dim")]
        for conflict in paper.conflicts:
            parts += [Text(conflict.title, style="bold"), *(_item(line, paper) for line in conflict.lines)]
    if paper.open_questions:
        parts += [*_heading(words.open_questions), *(_bullet(Text(one)) for one in paper.open_questions)]
    parts += [*_heading(words.sources), *(_source(one, paper) for one in paper.sources)]
    return Group(*parts, *_heading(words.verification), *_verdict(paper))


def _heading(title: str) -> Iterator[RenderableType]:
    yield Text("")
    yield Text(title, style="bold underline")


def _part(part: Part, paper: Paper) -> Iterator[RenderableType]:
    yield from _heading(part.title)
    yield from (_item(line, paper) for line in part.lines)


def _item(line: Line, paper: Paper) -> RenderableType:
    return _bullet(_statement(line, paper))


def _bullet(text: Text) -> Table:
    # a long Chinese line has no blanks: wrapped as one word, it would leave its dash alone on a line
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    grid.add_row("-", text)
    return grid


def _statement(line: Line, paper: Paper) -> Text:
    text = Text(line.text)
    for note in line.notes:
        text.append(f" [{note.label}]", style="cyan")
    if line.confidence != "medium":
        text.append(f" ({paper.words.confidence[line.confidence]})", style=_DOUBT[line.confidence])
    return text


def _source(source: Source, paper: Paper) -> RenderableType:
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=4, justify="right", style="cyan")
    grid.add_column(overflow="fold")
    text = Text(source.title, style="bold")
    text.append(
        "\n" + " · ".join(part for part in (source.site, source.address, *source.facts) if part), style="not bold dim"
    )
    for warning in source.warnings:
        text.append(f"\n{warning}", style="not bold yellow")
    notes = {note.anchor: note for line in paper.lines() for note in line.notes if note.source == source.number}
    for note in notes.values():
        if note.quote:
            text.append(f"\n[{note.label}] “{note.quote}”", style="not bold italic")
        if not note.found:
            text.append(f" {paper.words.not_found}", style="not bold red")
    grid.add_row(f"[{source.number}]", text)
    return Padding(grid, (0, 0, 0, 0))


def _verdict(paper: Paper) -> Iterator[RenderableType]:
    words = paper.words
    state = words.confirmed if paper.holds else words.provisional
    yield Text(f"{state}. {paper.summary}", style="green" if paper.holds else "yellow")
    for finding in paper.unsettled:
        yield _bullet(Text(one_line(finding.sentence())))
    if paper.removed:
        yield Text(words.removed, style="bold")
        yield Text(words.removed_note, style="dim")
        yield from (_bullet(Text(one, style="strike")) for one in paper.removed)
