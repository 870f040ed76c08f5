"""The one place where an error becomes a line on standard error and an exit code."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Never

import typer

from metier.cli.wording import shorten
from metier.errors import CallerError, MetierError

FAILED, CALLER, INTERRUPTED = 1, 2, 130
MOST = 4_000  # characters of a line on standard error


@contextmanager
def error_boundary() -> Iterator[None]:
    """Ends the program with one line: exit 2 for an error of the caller, 1 for another of metier's, 130 for Ctrl-C."""
    try:
        yield
    except MetierError as error:
        blame = "" if isinstance(error, CallerError) else f" To blame: the {error.blame}."
        complain(f"{error.message.rstrip('.')}.{blame} {error.hint}")
        raise typer.Exit(CALLER if isinstance(error, CallerError) else FAILED) from error
    except KeyboardInterrupt as error:
        complain("interrupted.")
        raise typer.Exit(INTERRUPTED) from error


def leave_now(code: int) -> Never:
    """Ends the process without waiting for threads: a tool that computes cannot be stopped.

    What a run has journaled is on the disk already.
    """
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(code)


def say_defect(error: Exception) -> int:
    """Returns the exit code for an error that nothing has foreseen, after saying it in one line.

    An OSError is a disk, a pipe or a folder that failed; anything else is a defect of metier or of a plug-in.
    """
    logging.getLogger(__name__).debug("A defect.", exc_info=error)
    if isinstance(error, OSError):
        complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
        return CALLER
    said = f"{type(error).__name__}: {error}".rstrip(".")
    complain(f"a defect of metier or of a toolkit: {said}. METIER_LOG=debug shows where; please report it.")
    return FAILED


def complain(text: str) -> None:
    """Writes `text` as one line to standard error, a very long one in part."""
    sys.stderr.write(f"metier: {shorten(text, MOST)}\n")
    sys.stderr.flush()
