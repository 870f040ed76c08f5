"""`metier maps`: map data, and trips that are already written. A command is imported when it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any, ClassVar

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_group

__all__ = ["commands"]


@dataclass(frozen=True, slots=True)
class Entry:
    """The module whose `app` has the command, or is the group itself, and its help in one line."""

    module: str
    help: str
    is_group: bool = False


class Commands(TyperGroup):
    """The commands by name; listing them imports none."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "add": Entry("metier_maps.commands.data", "Import a map: its places and roads."),
        "list": Entry("metier_maps.commands.data", "List the regions whose maps are on this machine."),
        "remove": Entry("metier_maps.commands.data", "Remove a region's map."),
        "sample": Entry("metier_maps.commands.data", "Install the fictional sample region."),
        "search": Entry("metier_maps.commands.data", "Search the places of a map."),
        "verify": Entry("metier_maps.commands.trips", "Hold a trip against the map and the router as they are now."),
        "edit": Entry("metier_maps.commands.trips", "Change a trip: everything else stays as it is."),
        "export": Entry("metier_maps.commands.trips", "Write all files of a trip again from its itinerary.json."),
        "router": Entry("metier_maps.commands.engines", "Routing engines that run on this machine.", is_group=True),
    }

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
        return name, stand_in and load(str(name)), rest


def load(name: str) -> Any:
    """Returns a command, imported."""
    entry = Commands.entries[name]
    group = get_group(import_module(entry.module).app)
    command: Any = group if entry.is_group else group.commands[name]
    command.name = name
    return command


commands = typer.Typer(cls=Commands, help="Map data and trips.", no_args_is_help=True, add_completion=False)


@commands.callback()
def _maps() -> None:
    """Map data and trips."""
