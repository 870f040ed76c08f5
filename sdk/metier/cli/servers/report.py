"""How servers and their tools are put before a person. What they say is data: all of it shows, and nothing steers."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.text import Text

from metier.cli.context import Harmless, count, one_line, plain, shorten
from metier.servers.admission import is_allowed, needs_approval
from metier.servers.catalog.secrecy.inlined import secrets_of
from metier.servers.catalog.secrecy.spots import Spot, change_texts
from metier.servers.definition import Definition, Program, Reach
from metier.servers.pinning.changes import describe_difference
from metier.servers.pinning.hidden import show
from metier.servers.pinning.pin import Difference
from metier.servers.pinning.suspicion import Suspicion
from metier.servers.tool import ToolSpec

MOST = 600  # characters of a description, unless all of it is wanted
_STYLES = {"-": "red", "+": "green"}


def without_secrets(definition: Definition) -> Reach:
    """Returns how a server is reached, with every secret that stands in it as it is masked; references stay."""

    def mask(spot: Spot, text: str) -> str:
        for part in reversed(secrets_of(spot, text, definition.secrets)):
            text = f"{text[: part.start]}[secret]{text[part.end :]}"
        return text

    return change_texts(definition.reach, mask)


def how_reached(definition: Definition) -> str:
    """Returns the command or the address of a server on one line, without secrets."""
    reach = without_secrets(definition)
    if isinstance(reach, Program):
        return one_line(show(" ".join([reach.command, *(_quoted(part) for part in reach.args)])))
    return one_line(show(reach.url))


def short_path(path: Path) -> str:
    """Returns a path as one reads it: from here or from the home folder where that is shorter."""
    text = str(path)
    for start, name in ((os.getcwd(), "."), (os.path.expanduser("~"), "~")):
        if text.startswith(f"{start}{os.sep}"):
            return name + text[len(start) :]
    return text


def show_tools(console: Console, specs: Sequence[ToolSpec], definition: Definition, *, whole: bool = False) -> None:
    """Prints each tool: its name, whether it reads or writes, what it says of itself, and its parameters."""
    for spec in specs:
        asks = ", asks you first" if needs_approval(definition, spec) else ""
        use = asks if is_allowed(definition, spec.name) else ", never used: your lists do not allow it"
        title = f" ({shorten(show(spec.title), 60)})" if spec.title and spec.title != spec.name else ""
        console.print(Text(f"{one_line(show(spec.name))}{title}: {kind_of(spec)}{use}"), style="bold")
        for text in (_described(spec, whole=whole), parameters_of(spec)):
            if text:
                _indented(console, text)


def kind_of(spec: ToolSpec) -> str:
    """Returns what a tool says that it does: it reads, writes, destroys, or does not say."""
    hints = spec.annotations
    if hints.get("readOnlyHint") is True:
        return "reads"
    if hints.get("destructiveHint") is True:
        return "destroys"
    return "writes" if hints.get("readOnlyHint") is False else "does not say whether it writes"


def parameters_of(spec: ToolSpec) -> str:
    """Returns the parameters of a tool on one line: `city: string, days: integer (optional)`."""
    properties = spec.input_schema.get("properties")
    required = spec.input_schema.get("required")
    needed = required if isinstance(required, list) else []
    if not isinstance(properties, dict) or not properties:
        return "no parameters"
    return ", ".join(
        f"{one_line(show(name))}: {_type_of(field)}{'' if name in needed else ' (optional)'}"
        for name, field in properties.items()
    )


def show_suspicions(console: Console, suspicions: Sequence[Suspicion]) -> None:
    """Prints what deserves a second look, what is serious first."""
    if not suspicions:
        return
    serious = sum(one.is_serious for one in suspicions)
    what = f"{count(len(suspicions), 'warning')}, {serious} of them serious" if serious else "To be noted"
    console.print(Text(f"{what}:"), style="bold red" if serious else "bold yellow")
    for one in sorted(suspicions, key=lambda one: not one.is_serious):
        said = f': "{one.excerpt}"' if one.excerpt and one.place != "name" else ""
        where = "" if one.place == "name" else f", {one_line(show(one.place))}"
        line = f"{'!' if one.is_serious else '-'} {one_line(show(one.tool))}{where}: {one.what}{said}"
        _indented(console, line)


def show_difference(console: Console, difference: Difference) -> None:
    """Prints what changed, line by line: what was there in red, what is there now in green."""
    for line in describe_difference(difference):
        console.print(
            Harmless(Text(line, style=_STYLES.get(line[0], "" if line.startswith(" ") else "bold"))), soft_wrap=True
        )


def lines_of(settings: Mapping[str, Any]) -> Iterator[str]:
    """Yields `name = value` for each setting that is there."""
    for name, value in settings.items():
        if value not in ("", (), {}, None, False):
            yield f"{name} = {one_line(show(_spelled(value)))}"


def say(console: Console, text: str) -> None:
    """Prints a line, whoever made parts of it."""
    console.print(Text(plain(text)), soft_wrap=True)


def _indented(console: Console, text: str) -> None:
    for line in Text(plain(text)).wrap(console, max(console.width - 2, 20)):
        line.rstrip()
        console.print(Text("  ") + line if line else Text(), soft_wrap=True)


def _spelled(value: object) -> str:
    match value:
        case tuple() | list():
            return ", ".join(map(str, value))
        case dict():
            return ", ".join(f"{key}={inner}" for key, inner in value.items())
        case _:
            return "yes" if value is True else str(value)


def _described(spec: ToolSpec, *, whole: bool) -> str:
    text = "\n".join(show(line) for line in spec.description.strip().split("\n"))
    if whole or len(text) <= MOST:
        return text
    return f"{text[:MOST]}… ({len(text) - MOST} more characters)"


def _type_of(field: object) -> str:
    said = field.get("type") if isinstance(field, dict) else None
    if isinstance(said, list):
        return " or ".join(one_line(str(one)) for one in said)
    return one_line(str(said or "any"))


def _quoted(part: str) -> str:
    return f'"{part}"' if " " in part or not part else part
