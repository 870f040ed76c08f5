"""The tool calls of a run, one by one: who answered, from where, after how long, at what cost."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from metier.cli.context import count, one_line, open_console, seconds, size
from metier.trace import Attempt, CallRecord, ToolCall, Totals, Trace, sum_records

COLUMNS = ("Call", "Tool", "Answered by", "Attempts", "Waited", "Took", "Size", "Cost")


def show_calls(trace: Trace) -> None:
    """Prints the records of the tool calls, and their sums. Calls that no envelope was round have none."""
    calls = [call for turn in trace.turns for call in turn.calls if call.record is not None]
    console = open_console()
    if not calls:
        console.print("No tool call of this run has a record.")
        return
    table = Table(*COLUMNS, box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for call in calls:
        table.add_row(*(Text(cell) for cell in _cells(call)))
    console.print(table)
    for line in (*(line for call in calls for line in _notes(call)), _sums(_totals(calls))):
        console.print(Text(line), soft_wrap=True)


def _totals(calls: list[ToolCall]) -> Totals:
    return sum_records(call.record for call in calls if call.record is not None)


def _cells(call: ToolCall) -> tuple[str, ...]:
    record = call.record or CallRecord("", "off", (), 0.0, 0)
    waited = sum(attempt.waited_s for attempt in record.attempts)
    return (
        one_line(call.path),
        one_line(call.tool),
        _answerer(record),
        str(len(record.attempts)),
        seconds(waited) if waited else "",
        seconds(record.elapsed_s),
        size(record.bytes),
        _money(record.cost_usd) if record.cost_usd else "",
    )


def _answerer(record: CallRecord) -> str:
    from_where = {"hit": ", kept answer", "shared": ", another call's answer"}.get(record.cache, "")
    return one_line(f"{record.provider or 'nobody'}{from_where}")


def _notes(call: ToolCall) -> Iterator[str]:
    record = call.record
    if record is None:
        return
    if record.degraded:
        yield f"{one_line(call.path)}: not the first in order, for {one_line(record.degraded)}"
    for attempt in record.attempts:
        if attempt.outcome != "ok":
            yield f"{one_line(call.path)}: {_failed(attempt)}"


def _failed(attempt: Attempt) -> str:
    reason = f": {one_line(attempt.reason)[:160]}" if attempt.reason else ""
    return f"{one_line(attempt.provider)} {one_line(attempt.outcome)} after {seconds(attempt.elapsed_s)}{reason}"


def _sums(totals: Totals) -> str:
    cost = f", {_money(totals.cost_usd)}" if totals.cost_usd else ""
    return (
        f"In all: {count(totals.calls, 'call')}, {count(totals.attempts, 'attempt')}, "
        f"{totals.cached} from kept answers, {totals.degraded} degraded, {size(totals.bytes)}, "
        f"waited {seconds(totals.waited_s)}, took {seconds(totals.elapsed_s)}{cost}."
    )


def _money(usd: float) -> str:
    return f"${usd:.4f}"
