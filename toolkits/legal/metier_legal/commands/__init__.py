"""`metier legal`: the law on this machine, and documents and memos held against it. A command is imported when used."""

from collections.abc import Mapping
from typing import ClassVar

from metier.cli.group import Entry, LateGroup, make_commands

__all__ = ["Commands", "commands"]


class Commands(LateGroup):
    """The commands of the legal toolkit."""

    entries: ClassVar[Mapping[str, Entry]] = {
        "add": Entry("metier_legal.commands.sources", "Import law: statutes and cases."),
        "list": Entry("metier_legal.commands.sources", "List what was imported."),
        "remove": Entry("metier_legal.commands.sources", "Remove what was imported."),
        "stats": Entry("metier_legal.commands.sources", "Count what the corpus has."),
        "sample": Entry("metier_legal.commands.sources", "Install the law of the fictional country."),
        "search": Entry("metier_legal.commands.learning", "Search statutes and cases."),
        "learn": Entry("metier_legal.commands.learning", "Learn from past questions and their provisions."),
        "check": Entry("metier_legal.commands.review", "Verify every citation and quote of a document."),
        "verify": Entry("metier_legal.commands.certificates", "Judge a memo again from its certificate."),
        "export": Entry("metier_legal.commands.exports", "Write all files of a memo again from its memo.json."),
    }


commands = make_commands(Commands, "The law on this machine, and documents held against it.")
