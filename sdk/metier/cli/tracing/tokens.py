"""The tokens of a run, turn by turn: what was sent, what the server had in its prefix cache, what it sampled."""

from collections.abc import Sequence

from rich.table import Column, Table
from rich.text import Text

from metier.cli.context import count, one_line, open_console
from metier.tokens import TokenRecord
from metier.trace import Trace, Turn

NUMBERS = ("Prompt", "Cached", "New", "Sampled")


def show_tokens(trace: Trace) -> None:
    """Prints a line for each model call, and their sums. New is what of the prompt the server had to compute."""
    console = open_console()
    records = [turn.tokens for turn in trace.turns if turn.tokens is not None]
    if not records:
        console.print("No turn of this run has a record of its tokens.")
        return
    numbers = (Column(name, justify="right") for name in NUMBERS)
    words = (Column(name, overflow="fold") for name in ("Finish", "Policy"))
    table = Table("Turn", *numbers, *words, box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for turn in trace.turns:
        table.add_row(*(Text(cell) for cell in _cells(turn)))
    console.print(table)
    console.print(Text(_sums(records, len(trace.turns))), soft_wrap=True)


def _cells(turn: Turn) -> tuple[str, ...]:
    path, record = one_line(turn.path), turn.tokens
    if record is None:
        return (path, "", "", "", "", "no record", "")
    cached, new = ("?", "?") if record.cached is None else (str(record.cached), str(record.prompt - record.cached))
    policy = " > ".join(dict.fromkeys(one_line(span.version) for span in record.spans))
    return (path, str(record.prompt), cached, new, str(len(record.sampled)), one_line(record.finish), policy)


def _sums(records: Sequence[TokenRecord], turns: int) -> str:
    prompt, sampled = sum(record.prompt for record in records), sum(len(record.sampled) for record in records)
    told = [record for record in records if record.cached is not None]
    share = _share(sum(record.cached or 0 for record in told), sum(record.prompt for record in told))
    lacking = f" {count(turns - len(records), 'turn')} without a record." if len(records) < turns else ""
    return f"In all: {prompt} tokens in prompts, {share}, {sampled} sampled.{lacking}"


def _share(cached: int, prompt: int) -> str:
    return f"{cached} of them cached (hit rate {cached / prompt:.1%})" if prompt else "no word on cached ones"
