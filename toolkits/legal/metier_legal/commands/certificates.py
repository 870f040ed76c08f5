"""The command about certificates: judging a memo again, offline, from what its certificate holds."""

import json
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.table import Table
from rich.text import Text

from metier.cli.context import one_line, open_console, shorten, toolkit_settings
from metier.errors import InputError, StorageError
from metier.verdict import Outcome
from metier_legal.certificate import LONGEST, Row, Verification, verify_certificate
from metier_legal.corpus.store import open_corpus

NAME: Final = "legal"
FILENAME: Final = "certificate.json"
_WORDS: Final = {"same": "same text", "changed": "another text", "absent": "not in the corpus", "not compared": ""}
_QUOTE: Final = 60


def verify(
    file: Annotated[Path, typer.Argument(readable=False, help="A certificate.json, or the folder that holds one.")],
    with_corpus: Annotated[
        bool, typer.Option("--corpus", help="Also compare the cited texts with the law on this machine.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON, for a program.")] = False,
) -> None:
    """Judge a memo again from its certificate. Exit 1 when something is wrong, 2 when it is no certificate.

    Nothing is trusted: every digest, quote, offset and verdict is computed anew from what the certificate holds.
    """
    corpus = open_corpus(toolkit_settings(NAME)) if with_corpus else None
    found = verify_certificate(read_certificate(file), corpus)
    if as_json:
        report = {"holds": found.holds, **found.model_dump(mode="json")}
        typer.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        _show(found)
    raise typer.Exit(0 if found.holds else 1)


def read_certificate(path: Path) -> bytes:
    """Returns the bytes of a certificate; raises InputError for a file too large, StorageError for none."""
    path = path / FILENAME if path.is_dir() else path
    try:
        with path.open("rb") as file:
            data = file.read(LONGEST + 1)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.", hint="Give a certificate.json.") from error
    if len(data) > LONGEST:
        raise InputError(f"{path} is too large to be a certificate.", hint="Give the certificate.json of a memo.")
    return data


def _show(found: Verification) -> None:
    console = open_console()
    table = Table(box=None, pad_edge=False)
    for title in ("statement", "authority", "quote", "verdict", "corpus"):
        table.add_column(title, overflow="fold")
    for row in found.rows:
        cells = (row.subject, one_line(row.display), shorten(row.quote, _QUOTE), _verdict(row), _WORDS[row.corpus])
        table.add_row(*map(Text, cells))
    console.print(table)
    for line in (*found.problems, *found.violated, *found.unknown):
        console.print(Text(one_line(line)), soft_wrap=True)
    console.print(Text(one_line(found.notice)), soft_wrap=True)
    console.print("Everything holds." if found.holds else "Something is wrong.", soft_wrap=True)


def _verdict(row: Row) -> str:
    wrong = [rule for rule, outcome in row.checks.items() if outcome is Outcome.VIOLATED]
    open_ = [rule for rule, outcome in row.checks.items() if outcome is Outcome.UNKNOWN]
    if wrong:
        return f"violated: {', '.join(wrong)}"
    return f"holds; unknown: {', '.join(open_)}" if open_ else f"holds ({len(row.checks)} checks)"


app = typer.Typer()
app.command("verify")(verify)
