"""Exporting runs: from their journals to one file and the card beside it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from metier.canonical import JSON, canonical_json
from metier.errors import InputError, JournalError, MissingError, StorageError
from metier.export.card import Tally, card_of, describe
from metier.export.files import Row, check_parquet, digest_file, open_rows
from metier.export.formats import Format
from metier.export.record import Record, record_of
from metier.home import write_atomically
from metier.runtime.runs import open_run
from metier.trace import Stop

UNFINISHED = "has not ended"
OTHER_STOP = "ended otherwise than asked for"
NO_ROWS = "has nothing for this format, no token ids for instance"
DAMAGED = "cannot be read"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written, and which runs were left out and why."""

    card: dict[str, JSON]
    skipped: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be written: a format, to a file (whose old content goes only when `force`), of runs that ended so."""

    form: Format
    out: Path
    parquet: bool = False
    force: bool = False
    stops: Collection[Stop] = ()


def export_runs(
    runs: Sequence[str], wish: Wish, *, home: Path | None = None, tell: Callable[[str, float], None] | None = None
) -> Exported:
    """Returns what was written of `runs`, one after the other; `tell` hears of each with the share that is done.

    The file and its card, `FILE.card.md` and `FILE.card.json`, are whole or not there. Raises InputError when a file is
    in the way or no run is left, MissingError for a run that is not there, StorageError.
    """
    check_place(wish)
    tally, skipped = Tally(), list[tuple[str, str]]()
    with open_rows(wish.out, wish.form.columns, parquet=wish.parquet) as put:
        for at, run in enumerate(runs):
            if tell is not None:
                tell(run, at / len(runs))
            found = _open(run, wish, home)
            rows = found if isinstance(found, str) else _rows(found, wish)
            if isinstance(found, str) or isinstance(rows, str):
                skipped.append((run, str(rows)))
                tally.skipped[skipped[-1][1]] += 1
                continue
            put(rows)
            tally.add(found, len(rows))
        if not tally.rows:
            raise InputError(
                f"None of the runs asked for ({len(runs)}) can be exported{_why(skipped)}.",
                hint="See: metier trace list",
            )
    return Exported(_write_card(wish, tally), tuple(skipped))


def check_place(wish: Wish) -> None:
    """Raises InputError when something is in the way, MissingError for an extra, StorageError for a missing folder."""
    if wish.parquet:
        check_parquet()
    if not wish.out.absolute().parent.is_dir():
        raise StorageError(f"There is no folder {wish.out.absolute().parent}.", hint="Make it first.")
    if wish.out.is_dir():
        raise InputError(f"{wish.out} is a folder.", hint="Name a file with --out.")
    there = [path for path in (wish.out, *_cards(wish.out)) if path.exists()]
    if there and not wish.force:
        raise InputError(f"{there[0]} is there already.", hint="Name another file, or use --force.")


def _open(run: str, wish: Wish, home: Path | None) -> Record | str:
    """Returns the run, or why it is left out; raises MissingError for one that is not there."""
    try:
        header, entries, end = open_run(run, home)
        if end is None:
            return UNFINISHED
        return OTHER_STOP if wish.stops and end.stop not in wish.stops else record_of(header, entries, end)
    except MissingError:
        raise
    except (JournalError, StorageError):
        return DAMAGED


def _rows(record: Record, wish: Wish) -> list[Row] | str:
    """Returns the rows of a run, or why it has none."""
    try:
        return list(wish.form.rows(record)) or NO_ROWS
    except InputError:
        return DAMAGED  # its token records go on from what is not there


def _write_card(wish: Wish, tally: Tally) -> dict[str, JSON]:
    card = card_of(tally, wish.form, name=wish.out.name, digest=digest_file(wish.out), size=wish.out.stat().st_size)
    text, plain = _cards(wish.out)
    write_atomically(text, describe(card).encode())
    write_atomically(plain, f"{canonical_json(card)}\n".encode())
    return card


def _cards(out: Path) -> tuple[Path, Path]:
    return out.with_name(f"{out.name}.card.md"), out.with_name(f"{out.name}.card.json")


def _why(skipped: Sequence[tuple[str, str]]) -> str:
    return f": {skipped[0][0]} {skipped[0][1]}" if skipped else ""
