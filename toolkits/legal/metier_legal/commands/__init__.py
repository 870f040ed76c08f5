"""`metier legal`: the law on this machine, and documents and memos held against it. A command is imported when used."""

from collections.abc import Mapping
from typing import ClassVar

from metier.cli.group import Entry, LateGroup, make_commands

__all__ = ["Commands", "commands"]


class Commands(LateGroup):
    """The commands of the legal toolkit."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "add": Entry("metier_legal.commands.sources", "Import law: statutes, regulations, cases."),
        "list": Entry("metier_legal.commands.sources", "List what was imported."),
        "remove": Entry("metier_legal.commands.sources", "Remove a source, with all that only it brought."),
        "stats": Entry(
            "metier_legal.commands.sources",
            "Show how much law there is, of which jurisdictions, and whether the index is up to date.",
        ),
        "sample": Entry(
            "metier_legal.commands.sources", "Install the law of the fictional country: no file and no network needed."
        ),
        "search": Entry("metier_legal.commands.learning", "Search statutes, or cases with --cases, best first."),
        "learn": Entry(
            "metier_legal.commands.learning", "Learn which provisions answered past questions: similar ones find them."
        ),
        "check": Entry(
            "metier_legal.commands.review", "Verify the citations and quotes of a document against the corpus."
        ),
        "verify": Entry("metier_legal.commands.certificates", "Judge a memo again from its certificate."),
        "export": Entry("metier_legal.commands.exports", "Write all files of a memo again from its memo.json."),
    }


commands = make_commands(Commands, "The law on this machine, and documents held against it.")
