"""The commands that search and read as the tools do."""

import asyncio
from typing import Annotated, Final

import typer
from rich.text import Text

from metier.cli.context import Harmless, one_line, open_console, read_options, toolkit_settings
from metier.clock import SystemClock
from metier.errors import InputError, MissingError
from metier.toolkit import Settings
from metier_research.commands.wikis import NAME, NO_WIKI
from metier_research.options import read_options as read_research_options
from metier_research.pages.page import Page
from metier_research.server.address import read_address
from metier_research.server.excerpts import excerpt_of, span_of
from metier_research.server.room import Room, policy_of
from metier_research.wiki.shelf import Shelf

SHOWN: Final = 6_000  # characters of passages


def search(
    query: Annotated[str, typer.Argument(help="What to search for.")],
    limit: Annotated[int, typer.Option(min=1, max=100)] = 10,
) -> None:
    """Search the wikis on this machine, best first."""
    if not query.strip():
        raise InputError("There is nothing to search for.", hint="Give words, or the name of a page.")
    shelf = Shelf.open(toolkit_settings(NAME).data)
    if not shelf.wikis:
        raise MissingError(NO_WIKI)
    hits = shelf.search(query, limit)
    console = open_console()
    for hit in hits:
        console.print(Text(f"{hit.rank}. {one_line(hit.title)}  {one_line(hit.url)}"), soft_wrap=True)
        console.print(Text(f"   {one_line(hit.snippet)}"), soft_wrap=True)
    if not hits:
        console.print("Nothing was found.")
        raise typer.Exit(1)


def read(
    url: Annotated[str, typer.Argument(help="An address: wiki://NAME/Title, https://..., or file:NAME.")],
    goal: Annotated[str, typer.Option(help="Show only the passages that help with this.")] = "",
    option: Annotated[
        list[str] | None, typer.Option("--set", help="An option of the toolkit, such as web=on. Repeatable.")
    ] = None,
) -> None:
    """Read a page, or its passages for a goal. Nothing of the web is read without --set web=on."""
    settings = toolkit_settings(NAME, options=read_options(option or ()))
    page, text = asyncio.run(_read(settings, url, goal))
    console = open_console()
    days = [f"{word} {day}" for word, day in (("published", page.published), ("changed", page.modified)) if day]
    console.print(Text(one_line(", ".join([page.title, page.url, *days]))), soft_wrap=True)
    if page.outdated:
        console.print(Text(one_line(f"Marked as outdated: {page.outdated}")), soft_wrap=True)
    if page.rendered:
        console.print(Text("Rendered: scripts of the page made its text."), soft_wrap=True)
    console.print(Harmless(Text(text)), soft_wrap=True)


async def _read(settings: Settings, url: str, goal: str) -> tuple[Page, str]:
    options = read_research_options(settings.options)
    room = Room(settings.data, options, SystemClock(), policy_of(options))
    address = read_address(url)
    page = await room.read(address.url)
    if address.span is not None:
        return page, span_of(page, address.span).text
    if not goal.strip():
        return page, page.text
    excerpt = await excerpt_of(room, page, goal, room_for=SHOWN)
    return page, "\n\n".join(f"{one.start} to {one.end}:\n{one.text}" for one in excerpt.passages)


app = typer.Typer()
app.command("search")(search)
app.command("read")(read)
