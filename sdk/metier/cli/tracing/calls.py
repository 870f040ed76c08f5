"""The tool calls of a run, one by one: who answered, from where, after how long, at what cost."""

from collections.abc import Iterator

from rich.table import Column, Table
from rich.text import Text

from metier.cli.context import count, one_line, open_console, seconds, size
from metier.trace import Attempt, CallRecord, ToolCall, Totals, Trace, sum_records, with_parts

COLUMNS = ("Call", "Tool", "Answered by", "Tries", "Waited", "Took", "Size", "Cost")


def show_calls(trace: Trace) -> None:
    """Prints the records of the tool calls, and their sums. Calls that no envelope was round have none."""
    calls = [call for turn in trace.turns for call in turn.calls if call.record is not None]
    console = open_console()
    if not calls:
        console.print("No tool call of this run has a record.")
        return
    table = Table(*(Column(name, overflow="fold") for name in COLUMNS), box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for call in calls:
        for cells in _rows(call):
            table.add_row(*(Text(cell) for cell in cells))
    console.print(table)
    for line in (*(line for call in calls for line in _notes(call)), _sums(_totals(calls))):
        console.print(Text(line), soft_wrap=True)


def _totals(calls: list[ToolCall]) -> Totals:
    return sum_records(call.record for call in calls if call.record is not None)


def _rows(call: ToolCall) -> Iterator[tuple[str, ...]]:
    """Yields a row for the call, and one for each call that was made to answer it."""
    if call.record is not None:
        yield _cells(call.path.removesuffix(f"-{call.tool}"), call.tool, call.record)
        for part in list(with_parts(call.record))[1:]:
            yield _cells("", f"-{part.tool}", part)


def _cells(path: str, tool: str, record: CallRecord) -> tuple[str, ...]:
    waited = sum(attempt.waited_s for attempt in record.attempts)
    return (
        one_line(path),
        one_line(tool),
        _answerer(record),
        str(len(record.attempts)),
        seconds(waited) if waited else "",
        seconds(record.elapsed_s),
        size(record.bytes),
        _money(record.cost_usd) if record.cost_usd else "",
    )


def _answerer(record: CallRecord) -> str:
    from_where = {"hit": " (kept)", "shared": " (shared)"}.get(record.cache, "")
    return one_line(f"{record.provider or 'nobody'}{from_where}")


def _notes(call: ToolCall) -> Iterator[str]:
    record = call.record
    if record is None:
        return
    if record.degraded:
        yield f"{one_line(call.path)}: not the first in order, for {one_line(record.degraded)}"
    for attempt in (attempt for one in with_parts(record) for attempt in one.attempts):
        if attempt.outcome != "ok":
            yield f"{one_line(call.path)}: {_failed(attempt)}"


def _failed(attempt: Attempt) -> str:
    reason = f": {one_line(attempt.reason)[:160]}" if attempt.reason else ""
    return f"{one_line(attempt.provider)} {one_line(attempt.outcome)} after {seconds(attempt.elapsed_s)}{reason}"


def _sums(totals: Totals) -> str:
    cost = f", {_money(totals.cost_usd)}" if totals.cost_usd else ""
    inner = f" and {totals.inner} made to answer them" if totals.inner else ""
    return (
        f"In all: {count(totals.calls, 'call')}{inner}, {count(totals.attempts, 'attempt')}, "
        f"{totals.cached} from kept answers, {totals.degraded} degraded, {size(totals.bytes)}, "
        f"waited {seconds(totals.waited_s)}, took {seconds(totals.elapsed_s)}{cost}."
    )


def _money(usd: float) -> str:
    return f"${usd:.4f}"
