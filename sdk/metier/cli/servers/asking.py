"""Questions to the user, asked in the terminal while other work goes on."""

import asyncio
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import TypeVar

import typer

from metier.canonical import JSON
from metier.cli.context import one_line, plain
from metier.servers.pinning.hidden import show
from metier.servers.source import Question, Reply

T = TypeVar("T")


async def ask_user(question: Question) -> Reply:
    """Returns what the user answers to a server's question. Raises nothing: who breaks off cancels."""
    return await in_background(lambda: _ask(question), otherwise=Reply("cancel"))


async def in_background(ask: Callable[[], T], *, otherwise: T) -> T:
    """Returns what `ask` gives, or `otherwise` when the user breaks off.

    It waits for the terminal in a thread that nobody waits for at the end, so that Ctrl-C ends the program and not the
    waiting alone.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[T] = loop.create_future()

    def wait() -> None:
        try:
            said = ask()
        except (typer.Abort, EOFError):
            said = otherwise
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, answer, said)

    threading.Thread(target=wait, name="metier asks the user", daemon=True).start()
    return await answer


def say(text: str) -> None:
    """Writes `text` to standard error, where questions are asked."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _settle(answer: asyncio.Future[T], said: T) -> None:
    if not answer.done():
        answer.set_result(said)


def _ask(question: Question) -> Reply:
    first, *more = show(plain(question.message)).splitlines() or [""]
    say("\n".join([f"\n{question.server} asks: {first}", *(f"  | {line}" for line in more)]))
    if question.url:
        say(f"It wants you to visit {one_line(question.url)}")
        return Reply("accept" if typer.confirm("Did you?", default=False, err=True) else "decline")
    if not typer.confirm("Answer it?", default=True, err=True):
        return Reply("decline")
    content: dict[str, JSON] = {}
    for name, field in _fields(question.schema).items():
        answer = _ask_field(name, field, needed=name in _names(question.schema.get("required")))
        if answer is not None:
            content[name] = answer
    return Reply("accept", content)


def _ask_field(name: str, field: Mapping[str, JSON], *, needed: bool) -> JSON:
    """Returns the value for one field of a form, None for nothing; asks again for what cannot be read."""
    label = one_line(str(field.get("title") or field.get("description") or name))
    choices = [one_line(str(choice)) for choice in _names(field.get("enum"))]
    default = field.get("default")
    hint = f" ({', '.join(choices)})" if choices else "" if needed else " (may be empty)"
    while True:
        shown = "" if default is None else one_line(str(default))
        said = typer.prompt(f"{label}{hint}", default=shown, show_default=bool(shown), err=True)
        if not said.strip():
            if not needed:
                return None
            continue
        try:
            return _read(said.strip(), field)
        except ValueError:
            say(f"That is no {field.get('type', 'string')}.")


def _read(said: str, field: Mapping[str, JSON]) -> JSON:
    """Returns what was typed as the field wants it; raises ValueError."""
    match field.get("type"):
        case "boolean":
            if said.lower() not in {"y", "yes", "true", "n", "no", "false"}:
                raise ValueError
            return said.lower() in {"y", "yes", "true"}
        case "integer":
            return int(said)
        case "number":
            return float(said)
        case "array":
            return [part.strip() for part in said.split(",") if part.strip()]
        case _:
            return said


def _fields(schema: Mapping[str, JSON]) -> dict[str, Mapping[str, JSON]]:
    fields = schema.get("properties")
    found = fields.items() if isinstance(fields, dict) else ()
    return {name: field for name, field in found if isinstance(field, dict)}


def _names(listed: JSON) -> Sequence[JSON]:
    return listed if isinstance(listed, list) else ()
