"""`metier maps`: map data, and trips that are already written. A command is imported when it is used."""

from collections.abc import Mapping
from typing import ClassVar

from metier.cli.group import Entry, LateGroup, make_commands

__all__ = ["Commands", "commands"]


class Commands(LateGroup):
    """The commands of the maps toolkit."""

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


commands = make_commands(Commands, "Map data and trips.")
