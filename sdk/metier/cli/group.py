"""A toolkit's own commands: listed without being imported, and imported when one is used. Public for toolkits."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

__all__ = ["Entry", "LateGroup", "make_commands"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The module whose `app` has the command, or is the group itself, and its help in one line."""

    module: str
    help: str
    is_group: bool = False


class LateGroup(TyperGroup):
    """The commands by name; listing them imports none."""

    entries: ClassVar[Mapping[str, Entry]] = {}

    def list_commands(self, ctx: Any) -> list[str]:
        """Returns the names of all commands."""
        return [*self.entries]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Returns a stand-in that has the command's name and help, or None."""
        entry = self.entries.get(cmd_name)
        return None if entry is None else TyperCommand(cmd_name, help=entry.help)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Returns the name, the command itself, now loaded, and the rest of the arguments."""
        name, stand_in, rest = super().resolve_command(ctx, args)
        return name, stand_in and self.load(str(name)), rest

    @classmethod
    def load(cls, name: str) -> Any:
        """Returns a command, imported."""
        entry = cls.entries[name]
        group = get_group(import_module(entry.module).app)
        command: Any = group if entry.is_group else group.commands[name]
        command.name = name
        return command


def make_commands(group: type[LateGroup], text: str) -> typer.Typer:
    """Returns the commands of `group` as a toolkit's `commands`; `text` is their help."""
    commands = typer.Typer(cls=group, help=text, no_args_is_help=True, add_completion=False)
    commands.callback()(lambda: None)
    return commands
