"""`metier research`: the wikis on this machine, reading pages, the sandbox, tasks. A command is imported when used."""

from collections.abc import Mapping
from typing import ClassVar

from metier.cli.group import Entry, LateGroup, make_commands

__all__ = ["Commands", "commands"]


class Commands(LateGroup):
    """The commands of the research toolkit."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "sample": Entry(
            "metier_research.commands.wikis",
            "Install the wiki of the fictional country: no file and no network needed.",
        ),
        "add": Entry("metier_research.commands.wikis", "Import a wiki from a dump: MediaWiki XML, ZIM or JSONL."),
        "list": Entry("metier_research.commands.wikis", "List the wikis on this machine."),
        "remove": Entry("metier_research.commands.wikis", "Remove a wiki."),
        "search": Entry("metier_research.commands.pages", "Search the wikis on this machine, best first."),
        "read": Entry("metier_research.commands.pages", "Read a page, or its passages for a goal."),
        "sandbox": Entry(
            "metier_research.commands.sandbox", "Show how programs are isolated on this machine, and why no better."
        ),
        "tasks": Entry("metier_research.commands.tasks", "Print tasks with known answers, a line of JSON each."),
    }


commands = make_commands(Commands, "Wikis on this machine, reading pages, and the sandbox.")
