"""The commands about the law that is on this machine: adding it, listing it, taking it away."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import JustifyMethod
from rich.table import Table
from rich.text import Text

from metier.cli.bar import show_bar
from metier.cli.boundary import INTERRUPTED, complain
from metier.cli.context import count, one_line, open_console, size, toolkit_settings
from metier.errors import InputError, MissingError
from metier.toolkit import Settings
from metier_legal.corpus.corpus import Source
from metier_legal.corpus.importing import add_source, remove_source, remove_unfinished
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.corpus.writing.staging import unfinished
from metier_legal.intake.reading import FORMATS
from metier_legal.search.backend import Filters
from metier_legal.search.library import Unavailable, open_search
from metier_legal.world.sample import install_sample

NAME: Final = "legal"
NO_LAW: Final = "There is no law yet. Add some: metier legal add PATH, or metier legal sample."
SHOWN_WARNINGS: Final = 10
_MORE: Final = re.compile(r"\.\.\. and ([0-9]+) more\.")
_FORMAT_HELP: Final = f"One of: {', '.join(FORMATS)}. Default: found from what the files hold."


def add(
    paths: Annotated[list[Path], typer.Argument(readable=False, help="Files, folders or archives of law.")],
    format: Annotated[str, typer.Option(help=_FORMAT_HELP)] = "",
    name: Annotated[str, typer.Option(help="What to call the source. Default: the name of the file.")] = "",
) -> None:
    """Import law: statutes, regulations, cases. Interrupted, the same command goes on where it stopped."""
    settings = _settings()
    for path in paths:
        there = _sources(settings)
        try:
            with show_bar() as tell:
                source = add_source(settings, path, format=format, name=name, progress=tell)
        except KeyboardInterrupt as error:
            complain("interrupted. What was there is as it was, and the same command goes on where it stopped.")
            raise typer.Exit(INTERRUPTED) from error
        _tell_source(source, is_new=source not in there)
    _index(settings)


def sample() -> None:
    """Install the law of the fictional country: no file and no network needed."""
    settings = _settings()
    there = _sources(settings)
    with show_bar() as tell:
        source = install_sample(settings, progress=tell)
    _tell_source(source, is_new=source not in there)
    _index(settings)


def show_sources(
    notes: Annotated[bool, typer.Option("--notes", help="Also show what was noted while each was imported.")] = False,
) -> None:
    """List what was imported: how much law, from when, under which licence, and with how many faults."""
    sources = _sources(_settings())
    console = open_console()
    if not sources:
        console.print(NO_LAW, soft_wrap=True)
    for source in sources:
        for line in _lines_of(source, notes=notes):
            console.print(Text(line), soft_wrap=True)
    for path, kept in unfinished(_settings().data):
        begun = f"Not finished: {one_line(path)}, {size(kept)} read. Add it again to go on, or"
        console.print(Text(f"{begun} metier legal remove --unfinished"), soft_wrap=True)


def remove(
    name: Annotated[str, typer.Argument(help="The source, by its name (every one of that name) or id.")] = "",
    half: Annotated[bool, typer.Option("--unfinished", help="Remove what was read of unfinished imports.")] = False,
) -> None:
    """Remove a source, with all that only it brought."""
    settings = _settings()
    if half:
        open_console().print(f"Removed {count(remove_unfinished(settings), 'unfinished import')}.")
    if half and not name:
        return
    if not name:
        raise InputError("There is no source to remove.", hint="Give its name or id: metier legal list shows them.")
    for source in remove_source(settings, name):
        open_console().print(Text(f"Removed {source.id}."), soft_wrap=True)
    _index(settings)


def stats() -> None:
    """Show how much law there is, of which jurisdictions, and whether the index is up to date."""
    corpus = _corpus(_settings())
    console = open_console()
    if corpus is None:
        console.print(NO_LAW, soft_wrap=True)
        return
    counts = corpus.counts()
    table = _table("jurisdiction", "works", "all of its law", "courts", "complete courts")
    for jurisdiction in corpus.jurisdictions():
        courts = [court for _, court in corpus.courts(jurisdiction)]
        complete = sum(corpus.covers(jurisdiction, court) == "complete" for court in courts)
        whole = "yes" if corpus.covers(jurisdiction) == "complete" else "no"
        works = len(corpus.works(jurisdiction))
        table.add_row(*map(_cell, (jurisdiction, str(works), whole, str(len(courts)), str(complete))))
    console.print(table)
    console.print(f"{count(counts['provisions'], 'provision')} in {count(counts['versions'], 'version')}")
    console.print(f"{count(counts['cases'], 'case')} with {count(counts['paragraphs'], 'paragraph')}")
    console.print(f"{count(counts['references'], 'reference')}, {counts['resolved']} of them resolved")
    console.print(Text(f"snapshot {corpus.snapshot()}"), soft_wrap=True)
    _index(_settings())


def _settings() -> Settings:
    return toolkit_settings(NAME)


def _corpus(settings: Settings) -> StoredCorpus | None:
    try:
        corpus = open_corpus(settings)
    except MissingError:
        return None
    return corpus if corpus.sources() else None


def _sources(settings: Settings) -> tuple[Source, ...]:
    corpus = _corpus(settings)
    return () if corpus is None else corpus.sources()


def _index(settings: Settings) -> None:
    """Brings the index up to what the corpus has now, and says so; ends with 1 when it cannot be used."""
    with show_bar() as tell:
        index = open_search(settings, open_corpus(settings), progress=tell)
    if isinstance(index, Unavailable):
        found = index.search("", filters=Filters(), limit=1)
        open_console(error=True).print(Text(one_line(found.reason)), soft_wrap=True)
        raise typer.Exit(1)
    open_console().print("The index is up to date.")


def _lines_of(source: Source, *, notes: bool) -> Iterator[str]:
    """Returns a source in lines, none of which needs a wide terminal."""
    yield one_line(source.id)
    facts = (size(source.bytes), source.format, f"added {source.added[:10]}")
    yield f"  {_count_law(source)}; {', '.join(map(one_line, facts))}"
    yield f"  Licence: {one_line(source.licence) or 'not told'}"
    if source.warnings:
        seen = "" if notes else ": metier legal list --notes"
        yield f"  {count(_count_notes(source.warnings), 'note')} from its import{seen}"
    if notes:
        yield from (f"    {one_line(warning)}" for warning in source.warnings)


def _count_law(source: Source) -> str:
    counts = ((source.works, "work"), (source.provisions, "provision"), (source.cases, "case"))
    return ", ".join(count(number, noun) for number, noun in counts if number)


def _tell_source(source: Source, *, is_new: bool) -> None:
    console = open_console()
    there = "" if is_new else " It was there already and was not read again."
    console.print(Text(one_line(f"{source.id}: {_count_law(source)}.{there}")), soft_wrap=True)
    if source.licence:
        console.print(Text(one_line(f"Licence: {source.licence}")), soft_wrap=True)
    if is_new:
        _tell_warnings(source.warnings)


def _tell_warnings(warnings: Sequence[str]) -> None:
    console = open_console(error=True)
    for warning in warnings[:SHOWN_WARNINGS]:
        console.print(Text(one_line(f"Note: {warning}")), soft_wrap=True)
    total = _count_notes(warnings)
    if total > SHOWN_WARNINGS:
        console.print(f"... and {total - SHOWN_WARNINGS} more: metier legal list --notes")


def _count_notes(warnings: Sequence[str]) -> int:
    """Returns how many there were; of very many, the last one counts those that were not kept."""
    more = _MORE.fullmatch(warnings[-1]) if warnings else None
    return len(warnings) - 1 + int(more[1]) if more else len(warnings)


def _table(*titles: str) -> Table:
    numbers = ("works", "provisions", "cases", "size", "courts", "complete courts")
    table = Table(box=None, pad_edge=False)
    for title in titles:
        side: JustifyMethod = "right" if title in numbers else "left"
        table.add_column(title, justify=side, no_wrap=title in ("name", "id"), overflow="fold")
    return table


def _cell(text: str) -> Text:
    return Text(one_line(text))


app = typer.Typer()
for _name, _command in (
    ("add", add),
    ("list", show_sources),
    ("remove", remove),
    ("sample", sample),
    ("stats", stats),
):
    app.command(_name)(_command)
