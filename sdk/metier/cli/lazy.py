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
from metier.discovery import COMMANDS, Found, find_plugins, find_toolkits, load_plugin, load_toolkit
from metier.errors import InputError, MissingError

TOOLKITS, MODELS = "Toolkits", "Models"


@dataclass(frozen=True, slots=True)
class Entry:
    """A command of metier itself: the module whose `app` it is, its help in one line, and its panel in the help."""

    module: str
    help: str
    panel: str


class LazyGroup(TyperGroup):
    """The commands of metier, those of every installed toolkit under the toolkit's name, and those of model adapters.

    Of two with one name, metier's own goes before a toolkit, and a toolkit before an adapter.
    """

    entries: ClassVar[Mapping[str, Entry]] = {}

    @cached_property
    def toolkits(self) -> dict[str, Found]:
        """Returns the installed toolkits by name; imports none of them."""
        return {found.name: found for found in find_toolkits()}

    @cached_property
    def adapters(self) -> dict[str, Found]:
        """Returns the commands of installed model adapters by name; imports none of them."""
        return {found.name: found for found in find_plugins(COMMANDS)}

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the names of all commands, metier's own first."""
        return [*dict.fromkeys([*self.entries, *self.toolkits, *self.adapters])]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns a stand-in that has the command's name and help, or None."""
        if (entry := self.entries.get(cmd_name)) is not None:
            return _stand_in(cmd_name, entry.help, entry.panel)
        if (found := self.toolkits.get(cmd_name)) is not None:
            return _stand_in(cmd_name, f"Commands of {found.distribution} {found.version}.", TOOLKITS)
        if (found := self.adapters.get(cmd_name)) is not None:
            return _stand_in(cmd_name, f"Commands of {found.distribution} {found.version}.", MODELS)
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
        command: Any
        if (entry := self.entries.get(name)) is not None:
            command = get_command(import_module(entry.module).app)
        else:
            command = get_group(_commands_of(name) if name in self.toolkits else _adapters_commands(name))
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


def _adapters_commands(name: str) -> typer.Typer:
    commands = load_plugin(COMMANDS, name)
    if not isinstance(commands, typer.Typer):
        raise MissingError(
            f"The commands {name!r} cannot be used: their entry point names a {type(commands).__name__}.",
            hint="This is a defect of the package that gives them.",
        )
    return commands
