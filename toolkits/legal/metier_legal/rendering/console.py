"""The memo in the terminal: all of it, with every citation and quote, at 80 columns."""

from collections.abc import Iterator
from typing import Final

from rich.box import SIMPLE_HEAD
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from metier.toolkit import Delivery
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.listing import Row, groups_of
from metier_legal.rendering.paper import Line, Note, Paper, Section
from metier_legal.rendering.wording import phrases

_STYLES: Final = {phrases.GOOD: "green", phrases.MIND: "yellow", phrases.BAD: "red"}
_INDENT: Final = 4


def show(delivery: Delivery) -> RenderableType:
    """Returns the whole memo for a terminal: the notice first, then what memo.md says, in the same order."""
    paper = lay_out(delivery)
    words = paper.words
    parts: list[RenderableType] = [Text(paper.notice, style="bold yellow"), Text("")]
    parts += [Text(words.memo, style="dim"), *_heading(words.question, first=True)]
    parts += [Text(line) for line in paper.question]
    head = words.joint.join(f"{name}{words.colon}{value}" for name, value in paper.head)
    parts.append(Text(head, style="dim"))
    for section in paper.sections:
        parts += _section(section, paper)
    parts += [*_heading(words.table), *_authorities(paper)]
    parts += [*_heading(words.verification), *_report(paper)]
    return Group(*parts)


def _heading(title: str, *, first: bool = False) -> Iterator[RenderableType]:
    if not first:
        yield Text("")
    yield Text(title, style="bold underline")


def _section(section: Section, paper: Paper) -> Iterator[RenderableType]:
    yield from _heading(section.title)
    if not section.lines:
        yield Text(section.empty, style="dim")
    for line in section.lines:
        yield from _statement(line, paper)


def _statement(line: Line, paper: Paper) -> Iterator[RenderableType]:
    words, printed = paper.words, line.printed()
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=_INDENT - 1, justify="right", style="dim")
    grid.add_column(overflow="fold")
    text = Text("\n".join(line.text))
    for flag in line.flags:
        text.append(f" [{flag}]", style="yellow")
    grid.add_row(Text(str(line.number)), text)
    yield grid
    for note in printed:
        yield Padding(_quote(note, line, paper), (0, 0, 0, _INDENT + 2))
    cites = words.joint.join(note.display for note in line.notes if note not in printed)
    follows = words.follows.format(_places(line.premises, paper)) if line.premises else ""
    if cites or follows:
        rest = " · ".join(part for part in (cites, follows) if part)
        yield Padding(Text(rest, style="dim"), (0, 0, 0, _INDENT))


def _quote(note: Note, line: Line, paper: Paper) -> Text:
    words = paper.words
    quote = "" if line.repeats(note) else f"{words.quote.format(note.quote)}\n"
    text = Text(quote, style="italic" if paper.memo.language == "en" else "")
    text.append(note.display, style="not italic bold")
    standing = words.joint.join((note.standing, *note.caveats))
    return text.append(f"{words.colon}{standing}", style=f"not italic not bold {_STYLES[note.tone]}")


def _bullets(lines: tuple[str, ...]) -> Table:
    # a long Chinese line has no blanks: wrapped as one word, it would leave its dash alone on a line
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(width=1)
    grid.add_column(overflow="fold")
    for line in lines:
        grid.add_row("-", Text(line))
    return grid


def _authorities(paper: Paper) -> Iterator[RenderableType]:
    for title, rows in groups_of(paper):
        table = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.show_edge = False
        number, authority, status, cited = paper.words.columns
        table.add_column(number, justify="right", no_wrap=True)
        table.add_column(authority, ratio=5, overflow="fold")
        table.add_column(status, ratio=4, overflow="fold")
        table.add_column(cited, max_width=12, overflow="fold")
        for row in rows:
            table.add_row(*_cells(row, paper))
        yield table


def _cells(row: Row, paper: Paper) -> tuple[Text, Text, Text, Text]:
    what = Text(row.display, style="bold")
    for line in (*row.lines, row.kind):
        if line:
            what.append(f"\n{line}", style="not bold dim")
    how = Text(row.standing, style=_STYLES[row.tone])
    for line in (*row.caveats, row.force):
        if line:
            how.append(f"\n{line}", style="default")
    return Text(str(row.number)), what, how, Text(_places(row.places, paper))


def _places(numbers: tuple[int, ...], paper: Paper) -> str:
    return paper.words.listing.join(paper.words.place.format(number) for number in numbers)


def _report(paper: Paper) -> Iterator[RenderableType]:
    report, words = paper.report, paper.words
    yield Text(phrases.summary_of(report, words), style="green" if paper.holds else "yellow")
    if report.rules:
        table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
        table.show_edge = False
        table.add_column(words.checks)
        for outcome in ("holds", "violated", "unknown"):
            table.add_column(words.outcomes[outcome], justify="right")
        for one in report.rules:
            counts = (Text(str(count or "")) for count in (one.holds, one.violated, one.unknown))
            table.add_row(Text(phrases.rule_name(one.rule, words)), *counts)
        yield table
    for title, lines in phrases.report_lists(report, words, paper.labels):
        yield Text(title, style="bold")
        yield _bullets(lines)
    yield from (Text(line, style="dim") for line in phrases.corpus_lines(report, words))
