"""A stranger's toolkit for tests of the command line: it does what the request says."""

import os
import sys
import threading
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from mcp.server import MCPServer
from mcp.types import CallToolResult, ToolAnnotations
from rich.text import Text

from metier.answer import Answer, Claim, Option, Question, Questions, Refusal, Value
from metier.check import CITED
from metier.cli.context import open_console, toolkit_settings
from metier.errors import InputError, ToolError
from metier.evidence import Citation, record_evidence
from metier.servers.result import tell_errors, tool_result
from metier.task import Task
from metier.toolkit import Call, Calls, Delivery, Finish, Move, Need, Observation, Renderer, Settings, Toolkit

WORLD = "world.txt"
FOREVER_S = 60.0


class Echo(Answer):
    """What was said."""

    said: str
    citations: tuple[Citation, ...]

    def claims(self) -> Iterable[Claim]:
        yield Claim(subject="/said", text=self.said, citations=self.citations)


class Said(Value):
    """What the tool gave."""

    said: str


def make_server(settings: Settings) -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("parrot")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    @tell_errors
    def say(text: str) -> Annotated[CallToolResult, Said]:
        "Says the text again."
        if "nonsense" in text:
            raise ToolError("I do not say that.")
        text = text.upper() if settings.options.get("voice") == "loud" else text
        record = record_evidence(source="parrot", locator="say", text=text, value={"said": text})
        return tool_result(Said(said=text), text=text, evidence=[record])

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    def wait() -> str:
        "Waits, unless PARROT_HURRY is set."
        if not os.environ.get("PARROT_HURRY"):
            sys.stderr.write("the parrot waits\n")
            sys.stderr.flush()
            threading.Event().wait(FOREVER_S)
        return "waited"

    return server


def play(task: Task, observations: Sequence[Observation], objections: Sequence[str]) -> Move:
    word = task.text.split()[0]
    if word == "refuse":
        way_out = Option(change="leave out the cats", cost="no cats")
        return Finish(Refusal(reasons=("It cannot be.",), conflict=("dogs", "cats"), options=(way_out,)))
    if word == "ask":
        return Finish(
            Questions(questions=(Question(text="Which one?", choices=("a", "b")),), not_understood=("blorb",))
        )
    if word == "wait" and not observations:
        return Calls((Call("wait", {}),), thought="Wait first.")
    if not observations or observations[-1].call.tool == "wait":
        return Calls((Call("say", {"text": task.text}),), thought="Say it.")
    seen = observations[-1]
    if seen.is_error:
        return Finish(Refusal(reasons=(seen.text,)))
    return Finish(Echo(said=seen.text, citations=tuple(Citation(one.id) for one in seen.evidence)))


def put_world(settings: Settings, seed: int) -> None:
    settings.data.mkdir(parents=True, exist_ok=True)
    (settings.data / WORLD).write_text(str(seed))


def render_echo(delivery: Delivery, settings: Settings) -> bytes:
    if "renderer" in _said(delivery):
        raise RuntimeError("no ink")
    return f"{_said(delivery)}\n".encode()


def needs(settings: Settings) -> tuple[Need, ...]:
    here = (settings.data / WORLD).exists()
    fix = "metier parrot feed"
    return (Need("seeds", "data", here, required=True, fix=fix), Need("PARROT_KEY", "key", False, required=False))


commands = typer.Typer(help="Look after the parrot.")


@commands.command()
def feed(amount: int) -> None:
    """Give it seeds."""
    if amount < 1:
        raise InputError("That is no amount.", hint="Give 1 or more.")
    put_world(toolkit_settings("parrot"), amount)
    open_console().print(f"fed {amount} [b]seeds[/b]")


toolkit = Toolkit(
    name="parrot",
    summary="Says it again.",
    instructions="Say it.",
    server=make_server,
    answer=Echo,
    checks=(CITED,),
    playbook=play,
    renderers=(
        Renderer("echo.txt", render_echo),
        Renderer("data.txt", lambda delivery, settings: str(settings.data).encode()),
    ),
    show=lambda delivery: Text(f"the parrot says {_said(delivery)}"),
    folder=lambda answer: f"parrot-{answer.said.split()[0] if isinstance(answer, Echo) else ''}",
    commands=commands,
    needs=needs,
    sample="hello world",
    world=put_world,
)


def _said(delivery: Delivery) -> str:
    assert isinstance(delivery.answer, Echo)
    return delivery.answer.said
