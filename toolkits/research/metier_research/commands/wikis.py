"""The commands about the wikis on this machine: adding them, listing them, taking them away."""

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.text import Text

from metier.cli.bar import show_bar
from metier.cli.boundary import INTERRUPTED, complain
from metier.cli.context import count, one_line, open_console, size, toolkit_settings
from metier.errors import InputError
from metier_research.wiki.collections import Installed, add_dump, list_wikis, remove_wiki
from metier_research.wiki.entries import Counts
from metier_research.world.sample import SAMPLE_PAGES, SAMPLE_SEED, install_sample

NAME: Final = "research"
NO_WIKI: Final = "There is no wiki yet. Get one: metier research sample, or metier research add DUMP."


def sample(
    seed: Annotated[int, typer.Option(min=0, help="Which fictional country.")] = SAMPLE_SEED,
    pages: Annotated[int, typer.Option(min=1, max=100_000, help="How many pages.")] = SAMPLE_PAGES,
) -> None:
    """Install the wiki of the fictional country: no file and no network needed."""
    settings = toolkit_settings(NAME)
    with show_bar() as tell:
        install_sample(settings, seed=seed, pages=pages, progress=tell)
    _tell(list_wikis(settings.data))


def add(
    dump: Annotated[Path, typer.Argument(readable=False, help="A dump: MediaWiki XML, ZIM or JSONL.")],
    name: Annotated[str, typer.Option(help="What to call the wiki: small letters, digits, '.', '_', '-'.")],
    licence: Annotated[str, typer.Option(help="Under which licence its texts are, such as CC-BY-SA-4.0.")],
) -> None:
    """Import a wiki from a dump: MediaWiki XML, ZIM or JSONL. Interrupted, what was there stays as it was."""
    if not licence.strip():
        raise InputError("The licence is empty.", hint="Say what the publisher of the dump says, or: unknown.")
    settings = toolkit_settings(NAME)
    try:
        with show_bar() as tell:
            counts = add_dump(dump, settings.data, name=name, licence=licence, progress=tell)
    except KeyboardInterrupt as error:
        complain("interrupted. The wikis are as they were; the same command begins again.")
        raise typer.Exit(INTERRUPTED) from error
    _tell_counts(name, counts)


def show_wikis() -> None:
    """List the wikis on this machine."""
    _tell(list_wikis(toolkit_settings(NAME).data))


def remove(name: Annotated[str, typer.Argument(help="The wiki, by its name.")]) -> None:
    """Remove a wiki."""
    gone = remove_wiki(toolkit_settings(NAME).data, name)
    open_console().print(Text(one_line(f"Removed {gone.name}: {count(gone.pages, 'page')}.")), soft_wrap=True)


def _tell(wikis: tuple[Installed, ...]) -> None:
    console = open_console()
    if not wikis:
        console.print(NO_WIKI, soft_wrap=True)
    for wiki in wikis:
        console.print(Text(one_line(_line_of(wiki))), soft_wrap=True)


def _line_of(wiki: Installed) -> str:
    if wiki.fault:
        return f"{wiki.name}: cannot be read. {wiki.fault}"
    made = "; synthetic, about a fictional country" if wiki.synthetic else ""
    return f"{wiki.name}: {count(wiki.pages, 'page')}, {size(wiki.size)}; {wiki.licence or 'licence not told'}{made}"


def _tell_counts(name: str, counts: Counts) -> None:
    console = open_console()
    console.print(
        Text(f"{name}: {count(counts.pages, 'page')}, {count(counts.redirects, 'redirect')}."), soft_wrap=True
    )
    told = [
        *([count(counts.duplicates, "duplicate")] if counts.duplicates else []),
        *([count(counts.broken, "redirect") + " to nowhere"] if counts.broken else []),
        *([f"{counts.skipped} that are no page"] if counts.skipped else []),
    ]
    if told:
        console.print(Text(f"Left out: {', '.join(told)}."), soft_wrap=True)
    for reason in counts.reasons:
        open_console(error=True).print(Text(one_line(f"Note: {reason}")), soft_wrap=True)


app = typer.Typer()
for _name, _command in (("sample", sample), ("add", add), ("list", show_wikis), ("remove", remove)):
    app.command(_name)(_command)
