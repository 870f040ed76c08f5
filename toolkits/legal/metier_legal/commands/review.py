"""The command that verifies a document, whoever wrote it."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from metier.cli.context import one_line, open_console, toolkit_settings
from metier_legal.commands.days import read_day
from metier_legal.corpus.store import open_corpus
from metier_legal.review.files.opening import read_document
from metier_legal.review.reviewing import review_document
from metier_legal.review.verdicts.items import Item, Review, Status

NAME: Final = "legal"
_COLOURS: Final[dict[Status, str]] = {"wrong": "red", "unknown": "yellow", "ok": "green"}
_SHOWN: Final = 160


def check(
    file: Annotated[Path, typer.Argument(readable=False, help="A document: .docx, .pdf, .md or .txt.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, for a program.")] = False,
    on: Annotated[str, typer.Option(help="The day whose law counts, as YYYY-MM-DD. Default: today.")] = "",
    jurisdiction: Annotated[str, typer.Option(help='Whose law an ambiguous name means, such as "us" or "cn".')] = "",
    strict: Annotated[bool, typer.Option("--strict", help="Count what is not known as wrong.")] = False,
) -> None:
    """Verify the citations and quotes of a document against the corpus. Exit 1 when something is wrong.

    "Does not exist" is said only where the corpus has everything of that law or court; otherwise it is not known.
    """
    day = read_day(on)
    document = read_document(file)
    corpus = open_corpus(toolkit_settings(NAME))
    review = review_document(document, corpus, file=file.name, on=day, jurisdiction=jurisdiction.strip().lower())
    failed = not review.holds or (strict and review.count("unknown") > 0)
    if as_json:
        typer.echo(review.model_dump_json(indent=2))
    else:
        _show(review, open_console())
    raise typer.Exit(1 if failed else 0)


def _show(review: Review, console: Console) -> None:
    shown = [item for item in review.items if item.status != "ok"]
    if shown:
        console.print(_table(shown))
    for line in _summary(review):
        console.print(Text(one_line(line)), soft_wrap=True)


def _table(items: list[Item]) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("where", "verdict", "written", "what is the matter"):
        table.add_column(title, no_wrap=title in ("where", "verdict"), overflow="fold")
    seen = Counter(map(_sameness, items))
    firsts = {_sameness(item): item for item in reversed(items)}
    for item in sorted(firsts.values(), key=lambda item: (item.status != "wrong", item.offset)):
        where = f"p. {item.page}" if item.page else f"¶ {item.block}"
        where += f"\n{seen[_sameness(item)]} times" if seen[_sameness(item)] > 1 else ""
        verdict = Text(f"{item.status}\n{item.code.value}", style=_COLOURS[item.status])
        table.add_row(Text(where), verdict, Text(_written(item)), Text("\n".join(_matter(item))))
    return table


def _sameness(item: Item) -> tuple[str, ...]:
    """Returns what makes two items one line of the table."""
    return (item.status, item.code, item.written, item.citation, item.says)


def _written(item: Item) -> str:
    words = one_line(item.written)
    words = words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
    return f"“{words}”\n{one_line(item.citation)}" if item.kind == "quote" else words


def _matter(item: Item) -> Iterator[str]:
    yield one_line(item.says)
    if item.corpus and item.corpus not in item.says:
        yield one_line(item.corpus)
    if item.display and item.display != item.written:
        yield f"It reads as: {one_line(item.display)}"


def _summary(review: Review) -> Iterator[str]:
    citations = sum(item.kind == "citation" for item in review.items)
    quotes = len(review.items) - citations
    yield from review.warnings
    yield f"{review.file}: {citations} citations and {quotes} quotes held against the law of {review.on}."
    if not review.items:
        yield "No citation was found, so nothing was verified."
        return
    yield f"{review.count('ok')} ok, {review.count('wrong')} wrong, {review.count('unknown')} not known to the corpus."


app = typer.Typer()
app.command("check")(check)
