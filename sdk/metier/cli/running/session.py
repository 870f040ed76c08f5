"""Drives one run for a command: steps on standard error, the outcome on standard output, its files in a folder."""

import asyncio
import json
import shlex
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.text import Text

from metier.cli.boundary import INTERRUPTED, complain, leave_now
from metier.cli.context import Harmless, is_terminal, open_console, toolkit_settings
from metier.cli.running.folder import choose_folder, hold_folder, name_folder, write_delivery
from metier.cli.running.progress import Progress
from metier.cli.running.report import Written, delivery_of, describe, exit_code, to_json
from metier.discovery import load_toolkit
from metier.errors import InputError
from metier.runtime.copilot import Listener
from metier.runtime.result import Result
from metier.toolkit import Toolkit

GRACE_S = 2.0
Start = Callable[[Listener], Awaitable[Result]]


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the user wants the outcome: the folder (None: named after the answer), as JSON, without being asked."""

    out: Path | None = None
    as_json: bool = False
    yes: bool = False
    home: Path | None = None
    options: Mapping[str, str] | None = None

    @property
    def program(self) -> str:
        """Returns how a shell calls metier on the same runs and data."""
        return f"METIER_HOME={shlex.quote(str(self.home))} metier" if self.home else "metier"


def drive(start: Start, toolkits: Sequence[str], wishes: Wishes, progress: Progress | None = None) -> int:
    """Returns the exit code of the run that `start` begins, after showing and writing what came of it.

    `progress` shows its steps; it is given when somebody else must be able to silence it.

    Raises InputError before the run when the folder wished for holds something that metier did not write.
    """
    if wishes.out is not None and hold_folder(wishes.out).kind == "foreign":
        raise InputError(
            f"The folder {wishes.out} holds something that metier did not write.", hint="Name another with --out."
        )
    loaded = [load_toolkit(name) for name in toolkits]
    progress = progress or Progress(open_console(error=True))
    with progress.shown():
        result = asyncio.run(_watch(start, progress, wishes))
    if result is None:
        _say_interrupted(progress, wishes)
        return INTERRUPTED
    toolkit = _toolkit_of(result, loaded)
    if not wishes.as_json:
        open_console().print(Harmless(describe(result, toolkit)))
    written = _write(result, toolkit, wishes)
    _tell(result, written, wishes)
    return exit_code(result)


async def _watch(start: Start, progress: Progress, wishes: Wishes) -> Result | None:
    """Returns what came of the run, or None when Ctrl-C stopped it."""
    running = asyncio.ensure_future(start(progress))
    interrupted = asyncio.Event()
    if sys.platform != "win32":
        asyncio.get_running_loop().add_signal_handler(signal.SIGINT, interrupted.set)
    waiting = asyncio.create_task(interrupted.wait())
    await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if not running.done():
        running.cancel()
        await asyncio.wait({running}, timeout=GRACE_S)
    if not running.done():
        _say_interrupted(progress, wishes)
        leave_now(INTERRUPTED)
    return None if running.cancelled() else running.result()


def _say_interrupted(progress: Progress, wishes: Wishes) -> None:
    hint = f" Go on with it: {wishes.program} resume {progress.run}" if progress.run else ""
    complain(f"interrupted.{hint}")


def _toolkit_of(result: Result, toolkits: Sequence[Toolkit]) -> Toolkit:
    return next((kit for kit in toolkits if isinstance(result.answer, kit.answer)), toolkits[0])


def _write(result: Result, toolkit: Toolkit, wishes: Wishes) -> Written:
    if result.answer is None:
        return Written()
    wanted = wishes.out or Path(name_folder(toolkit, result.answer))
    folder = choose_folder(
        wanted, result.trace.task.id, named=wishes.out is not None, replaces=lambda path: _may_replace(path, wishes)
    )
    settings = toolkit_settings(toolkit.name, home=wishes.home, options=wishes.options)
    return Written(folder, write_delivery(toolkit, delivery_of(result, result.answer), folder, settings))


def _may_replace(folder: Path, wishes: Wishes) -> bool:
    if wishes.yes:
        return True
    question = f"{folder} holds the answer to another request. Replace it?"
    return is_terminal() and not wishes.as_json and typer.confirm(question, err=True)


def _tell(result: Result, written: Written, wishes: Wishes) -> None:
    console = open_console()
    if wishes.as_json:
        typer.echo(json.dumps(to_json(result, written), ensure_ascii=False, indent=2))
        return
    lines = []
    if written.folder is not None:
        lines.append(f"Files in {written.folder}: {', '.join(path.name for path in written.files)}")
    lines.append(f"Every step of it: {wishes.program} trace show {result.run}")
    console.print(Text("\n" + "\n".join(lines)), soft_wrap=True)
