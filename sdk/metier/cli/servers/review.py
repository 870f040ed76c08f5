"""A person looks at the tools of a server and says whether they may be used."""

from collections.abc import Sequence

import typer

from metier.cli.boundary import complain
from metier.cli.context import count, is_terminal, open_console, toolkit_settings
from metier.cli.servers.desk import Desk, wait_for
from metier.cli.servers.report import say, show_difference, show_suspicions, show_tools
from metier.discovery import check_toolkits
from metier.errors import InputError, MetierError
from metier.servers.connection import Connection
from metier.servers.definition import Definition
from metier.servers.pinning.pin import Difference, Pin, compare
from metier.servers.pinning.store import tools_of_others
from metier.servers.pinning.suspicion import Suspicion, suspect
from metier.servers.tool import ToolSpec
from metier.toolkit import Toolkit


def review(
    desk: Desk, definition: Definition, specs: Sequence[ToolSpec], *, yes: bool, accept: bool, whole: bool = False
) -> bool:
    """Returns whether the tools are approved, now or before, after showing them, or what changed, with all warnings.

    Where they are not, it says so.

    `yes` approves without asking, unless a warning is serious: then only with `accept`. Where nobody can be asked and
    nothing was said, they are not.
    """
    console = open_console()
    before = approved_of(desk, definition)
    difference = compare(before, specs) if before else Difference(added=tuple(specs))
    if before and not difference:
        say(console, f"The tools of {definition.name} are as you approved them ({count(len(specs), 'tool')}).")
        return True
    if before:
        show_difference(console, difference)
    else:
        show_tools(console, specs, definition, whole=whole)
    fresh = {new.name for _, new in (*difference.changed, *difference.renamed)} | {s.name for s in difference.added}
    found = [one for one in suspect(specs, others=others_of(desk, definition.name)) if one.tool in fresh]
    show_suspicions(console, found)
    if not _agreed(definition, specs, found, yes=yes, accept=accept):
        return False
    desk.pins.approve(definition, specs)
    say(console, f"Approved: {count(len(specs), 'tool')} of {definition.name}.")
    return True


def approved_of(desk: Desk, definition: Definition) -> Pin | None:
    """Returns what was approved of a server, None for nothing or for what can no longer be read."""
    try:
        return desk.pins.find(definition)
    except InputError:
        return None


def others_of(desk: Desk, name: str) -> dict[str, Sequence[str]]:
    """Returns the names of the tools of all other servers and of the installed toolkits, by owner."""
    toolkits = {f"the toolkit {toolkit.name}": _tools_of(toolkit) for _, toolkit in check_toolkits() if toolkit}
    return {**tools_of_others(desk.definitions(), name, desk.pins), **toolkits}


def _tools_of(toolkit: Toolkit) -> list[str]:
    """Returns the names of a toolkit's tools; none of one that cannot be opened here: `metier doctor` says why."""

    async def look() -> list[str]:
        async with Connection(toolkit.name, toolkit.server(toolkit_settings(toolkit.name))) as connection:
            return [spec.name for spec in await connection.tools()]

    try:
        return wait_for(look)
    except MetierError:
        return []


def _agreed(
    definition: Definition, specs: Sequence[ToolSpec], found: Sequence[Suspicion], *, yes: bool, accept: bool
) -> bool:
    serious = sum(one.is_serious for one in found)
    name = definition.name
    if yes and serious and not accept:
        complain(
            f"the tools of {name} are not approved, because of {count(serious, 'serious warning')}. "
            f"If you want them nevertheless: metier mcp approve {name} --yes --accept-warnings"
        )
        return False
    if yes:
        return True
    what = f"Use these {count(len(specs), 'tool')}" + (" in spite of the warnings" if serious else "")
    if is_terminal() and typer.confirm(f"\n{what}?", default=False, err=True):
        return True
    how = "" if is_terminal() else " --yes"
    complain(f"the tools of {name} are not approved, and not used. To approve them: metier mcp approve {name}{how}")
    return False
