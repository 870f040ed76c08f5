"""A group of commands that lists its commands without loading them, and loads the one that is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command, get_group

from metier.cli.boundary import error_boundary
from metier.discovery import Found, find_toolkits, load_toolkit
from metier.errors import InputError

TOOLKITS = "Toolkits"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of metier itself: the module whose `app` it is, its help in one line, and its panel in the help."""

    module: str
    help: str
    panel: str


class LazyGroup(TyperGroup):
    """The commands of metier, and those of every installed toolkit under the toolkit's name."""

    entries: ClassVar[Mapping[str, Entry]] = {}

    @cached_property
    def toolkits(self) -> dict[str, Found]:
        """Returns the installed toolkits by name; imports none of them."""
        return {found.name: found for found in find_toolkits()}

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the names of all commands, metier's own first."""
        return [*self.entries, *(name for name in self.toolkits if name not in self.entries)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns a stand-in that has the command's name and help, or None."""
        if (entry := self.entries.get(cmd_name)) is not None:
            return _stand_in(cmd_name, entry.help, entry.panel)
        if (found := self.toolkits.get(cmd_name)) is not None:
            return _stand_in(cmd_name, f"Commands of {found.distribution} {found.version}.", TOOLKITS)
        return None

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Returns the name, the command itself, now loaded, and the rest of the arguments."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, stand_in and self._load(str(name)), rest

    def invoke(self, ctx: Any) -> Any:
        """Runs the command inside the error boundary, with logging set up."""
        with error_boundary():
            import_module("metier.log").configure_logging()
            return super().invoke(ctx)

    def _load(self, name: str) -> Any:
        entry = self.entries.get(name)
        command = get_command(import_module(entry.module).app) if entry else get_group(_commands_of(name))
        command.name = name
        return command


def _stand_in(name: str, text: str, panel: str) -> TyperCommand:
    return TyperCommand(name, help=text, rich_help_panel=panel)


def _commands_of(toolkit: str) -> typer.Typer:
    commands = load_toolkit(toolkit).commands
    if commands is None:
        raise InputError(
            f"The toolkit {toolkit!r} has no commands of its own.", hint=f'Try: metier run {toolkit} "..."'
        )
    return commands
