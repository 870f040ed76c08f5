"""Questions in the middle of a run: may this call be made, and what a server wants to know of the user."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatchcase

import typer
from rich.text import Text

from metier.canonical import JSON, canonical_json
from metier.cli.context import Harmless, is_terminal, one_line, open_console, plain
from metier.cli.running.progress import Progress
from metier.runtime.approval import Approval
from metier.servers.source import Question, Reply

_READERS: Mapping[str, Callable[[str], JSON]] = {
    "integer": int,
    "number": float,
    "boolean": lambda text: {"yes": True, "no": False, "true": True, "false": False}[text.strip().lower()],
}


class Desk:
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
                return await asyncio.to_thread(_confirm, approval)

    async def ask(self, question: Question) -> Reply:
        """Returns what the user says to a server's question; "cancel" when nobody sits there."""
        if not is_terminal():
            return Reply("cancel")
        async with self._turn:
            with self._progress.quiet():
                return await asyncio.to_thread(_answer, question)


def _confirm(approval: Approval) -> bool:
    console = open_console(error=True)
    console.print(Text(f"\nThe tool {one_line(approval.tool)} of {one_line(approval.server)} may change something:"))
    for name, value in approval.arguments.items():
        console.print(Harmless(Text(f"  {name} = {canonical_json(value)[:2000]}")), soft_wrap=True)
    return typer.confirm("Make this call?", default=False, err=True)


def _answer(question: Question) -> Reply:
    console = open_console(error=True)
    said = plain(question.message)[:2000]
    console.print(Text(f"\nThe server {one_line(question.server)} asks:\n  {said}"), soft_wrap=True)
    if question.url:
        console.print(Text(f"  It wants you to visit {one_line(question.url)}"), soft_wrap=True)
        return (
            Reply("accept") if typer.confirm("Have you, and is it done?", default=False, err=True) else Reply("decline")
        )
    if not typer.confirm("Answer it?", default=True, err=True):
        return Reply("decline")
    return Reply("accept", {name: _field(name, shape) for name, shape in _fields(question.schema)})


def _fields(schema: Mapping[str, JSON]) -> list[tuple[str, Mapping[str, JSON]]]:
    properties = schema.get("properties")
    fields = properties.items() if isinstance(properties, dict) else ()
    return [(name, shape) for name, shape in fields if isinstance(shape, dict)]


def _field(name: str, shape: Mapping[str, JSON]) -> JSON:
    """Returns what the user enters for one field, asked again until it has the right type."""
    choices, kind = shape.get("enum"), str(shape.get("type", "string"))
    title = one_line(str(shape.get("title") or name))
    hint = f" ({' / '.join(one_line(str(choice)) for choice in choices)})" if isinstance(choices, list) else ""
    read = _READERS.get(kind, str)
    while True:
        text = typer.prompt(f"  {title}{hint}", default=shape.get("default"), err=True)
        try:
            value = read(str(text))
        except (ValueError, KeyError):
            typer.echo(f"  That is no {kind}.", err=True)
            continue
        if not isinstance(choices, list) or value in choices:
            return value
        typer.echo("  Choose one of those.", err=True)
