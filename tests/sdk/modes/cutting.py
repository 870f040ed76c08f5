"""A run killed after any of its effects: its journal, cut there."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from metier.home import run_folder
from metier.journal import FILE
from metier.trace import Trace


def effects_of(home: Path, run: str) -> list[str]:
    """Returns the paths in the journal of a run, in the order in which they were written, without its header."""
    with closing(sqlite3.connect(run_folder(home, run) / FILE)) as journal:
        return [path for (path,) in journal.execute("select path from entries where seq > 1 order by seq")]


def cut_journal(home: Path, run: str, kept: int, into: Path) -> None:
    """Copies the journal of a run to the home `into`, with the first `kept` effects of it."""
    target = run_folder(into, run)
    target.mkdir(parents=True)
    shutil.copy(run_folder(home, run) / FILE, target / FILE)
    with closing(sqlite3.connect(target / FILE)) as journal, journal:
        journal.execute("delete from entries where seq > ?", (kept + 1,))


def untimed(trace: Trace) -> str:
    """Returns a trace as JSON without the records of its calls, which hold the seconds that they took."""
    turns = [replace(turn, calls=tuple(replace(call, record=None) for call in turn.calls)) for turn in trace.turns]
    return replace(trace, turns=tuple(turns)).to_json()
