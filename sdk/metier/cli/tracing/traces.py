"""`metier trace`: the runs that are kept."""

import sys
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from metier.answer import Answer
from metier.cli.context import count, open_console, plain, seconds, shorten
from metier.cli.running.origins import tell_origins
from metier.cli.running.report import verification
from metier.cli.tracing.calls import show_calls
from metier.cli.tracing.export import export_them
from metier.cli.tracing.tokens import show_tokens
from metier.cli.wording import in_short
from metier.discovery import load_toolkit
from metier.errors import JournalError, MissingError
from metier.modes.heavy.provenance import read_origins
from metier.runtime.runs import list_runs, open_header, open_trace, replay
from metier.trace import Branch, Trace, Turn

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Look at runs: list, show, replay, export.")

app.command("export")(export_them)

Run = Annotated[str, typer.Argument(help="The run, as `metier trace list` names it.")]


@app.command("list")
def list_them() -> None:
    """List the runs, the newest first."""
    console = open_console()
    runs = list_runs()
    if not runs:
        console.print('No runs yet. Try: metier run maps "..."')
        return
    table = Table("Run", "Ended", "Toolkits", "Model", "Request", box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for line in runs:
        request = shorten(line.text, 60)
        table.add_row(Text(line.run), line.stop, Text(",".join(line.toolkits)), Text(plain(line.model)), Text(request))
    console.print(table)


@app.command()
def show(
    run: Run,
    as_json: Annotated[bool, typer.Option("--json", help="Print the whole trace as JSON.")] = False,
    tools: Annotated[bool, typer.Option("--tools", help="Show who answered each tool call, and at what cost.")] = False,
    tokens: Annotated[bool, typer.Option("--tokens", help="Show each turn's tokens: sent, cached, sampled.")] = False,
) -> None:
    """Show a run: turns, tool calls, evidence, verdict, and what it cost."""
    trace = open_trace(run)
    if as_json:
        sys.stdout.write(trace.to_json() + "\n")
        return
    if tools or tokens:
        (show_calls if tools else show_tokens)(trace)
        return
    origins = read_origins(trace, _answers_of(open_header(run).toolkits if trace.branches else ()))
    open_console().print(Text(plain("\n".join([*_lines(trace), *tell_origins(origins)]))), soft_wrap=True)


@app.command("replay")
def replay_it(run: Run) -> None:
    """Run the code again on what the journal holds, without network or model, and compare it with what was recorded.

    Exit 0 when the trace is the same byte for byte; exit 2 when the journal is incomplete or the code came to
    something else.
    """
    recorded, again = open_trace(run), replay(run)
    if again.to_json() != recorded.to_json():
        raise JournalError(f"The run {run!r} replays to another trace.", hint="The code or the toolkit changed since.")
    size = len(recorded.to_json().encode())
    calls = sum(len(turn.calls) for turn in again.turns)
    open_console().print(
        f"The same, byte for byte ({size} bytes): {count(len(again.turns), 'turn')}, {count(calls, 'tool call')}."
    )


def _answers_of(toolkits: Sequence[str]) -> list[type[Answer]]:
    """Returns the types of the answers of those toolkits that are there: a run is shown without them too."""
    shapes: list[type[Answer]] = []
    for name in toolkits:
        try:
            shapes.append(load_toolkit(name).answer)
        except MissingError:
            continue
    return shapes


def _lines(trace: Trace) -> Iterator[str]:
    used = trace.usage
    reason = f", {trace.reason}" if trace.reason else ""
    yield f"Run {trace.run} ({trace.mode}, {trace.model}): {trace.stop.value}{reason}"
    yield f"Asked: {trace.task.text}"
    for turn in trace.turns:
        yield from _turn(turn)
    for branch in trace.branches:
        yield from _branch(branch)
    yield from (f"Warning at {warned.path.partition('/warning')[0]}: {warned.text}" for warned in trace.warnings)
    if trace.error:
        yield f"Error: {trace.error}"
    yield from verification(trace.verdict, trace.removed)
    yield (
        f"Used: {count(used.model_calls, 'model call')}, {count(used.tool_calls, 'tool call')}, "
        f"{used.input_tokens} tokens in, {used.output_tokens} out, {seconds(used.wall_s)}; "
        f"{count(len(trace.evidence), 'piece of evidence', 'pieces of evidence')}."
    )


def _branch(branch: Branch) -> Iterator[str]:
    used = branch.usage
    yield (
        f"{branch.name}: {branch.stop}, {count(used.model_calls, 'model call')}, "
        f"{count(used.tool_calls, 'tool call')}, {used.input_tokens} tokens in, {used.output_tokens} out, "
        f"{count(len(branch.evidence), 'piece of evidence', 'pieces of evidence')}"
    )
    yield from (f"  {shorten(line, 140)}" for line in (branch.error, branch.reason) if line)


def _turn(turn: Turn) -> Iterator[str]:
    said = f": {shorten(turn.text, 100)}" if turn.text.strip() else ""
    purpose = f" ({turn.purpose})" if turn.purpose else ""
    yield f"{turn.path}{purpose}  {seconds(turn.elapsed_s)}{said}"
    if turn.retry:
        yield f"  after the objection: {shorten(turn.retry, 140)}"
    for call in turn.calls:
        came = "failed" if call.is_error else count(len(call.evidence), "piece of evidence", "pieces of evidence")
        yield f"  {call.server}/{call.tool}({in_short(call.arguments)})  {seconds(call.elapsed_s)}, {came}"
