"""Questions in the middle of a run: may this call be made, and what a server wants to know of the user."""

import asyncio
from collections.abc import Sequence
from fnmatch import fnmatchcase

import typer

from metier.canonical import canonical_json
from metier.cli.context import is_terminal, one_line
from metier.cli.running.progress import Progress
from metier.cli.servers.asking import ask_user, in_background, say
from metier.runtime.approval import Approval
from metier.servers.pinning.hidden import show
from metier.servers.source import Question, Reply

MOST_SHOWN = 2_000  # characters of one argument


class Asking:
    """Puts questions to the person at the terminal, one at a time. Where nobody sits there, nothing is answered."""

    def __init__(self, progress: Progress, *, approved: Sequence[str] = (), verdict: bool | None = None) -> None:
        """`approved` are tools allowed in advance (`server/tool`, with * and ?); `verdict` is for calls that waited."""
        self._progress = progress
        self._approved = tuple(approved)
        self._verdict = verdict
        self._turn = asyncio.Lock()

    async def approve(self, approval: Approval) -> bool | None:
        """Returns whether the call may be made, or None when nobody can say."""
        name = f"{approval.server}/{approval.tool}"
        if any(fnmatchcase(name, pattern) for pattern in self._approved):
            return True
        if approval.waited and self._verdict is not None:
            return self._verdict
        if not is_terminal():
            return None
        async with self._turn:
            with self._progress.quiet():
                return await in_background(lambda: _confirm(approval), otherwise=None)

    async def ask(self, question: Question) -> Reply:
        """Returns what the user says to a server's question; "cancel" when nobody sits there."""
        if not is_terminal():
            return Reply("cancel")
        async with self._turn:
            with self._progress.quiet():
                return await ask_user(question)


def _confirm(approval: Approval) -> bool:
    say(f"\nThe tool {one_line(approval.tool)} of {one_line(approval.server)} may change something:")
    for name, value in approval.arguments.items():
        text = one_line(show(canonical_json(value)))
        more = f"… ({len(text) - MOST_SHOWN} more characters)" if len(text) > MOST_SHOWN else ""
        say(f"  {one_line(show(name))} = {text[:MOST_SHOWN]}{more}")
    return typer.confirm("Make this call?", default=False, err=True)
