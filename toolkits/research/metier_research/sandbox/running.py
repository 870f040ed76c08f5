"""Runs a program of a model in isolation, and ends it with all that it started when its time is over."""

import math
import os
import signal
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import anyio
from anyio import to_thread
from anyio.abc import ByteReceiveStream, Process

from metier.errors import InputError, MissingError
from metier_research.sandbox.command import DISK_MB, has_own_files, make_command, make_order
from metier_research.sandbox.folder import is_too_full, work_folder
from metier_research.sandbox.isolation import INSTALL, choose_isolation
from metier_research.sandbox.launcher.order import BUBBLEWRAP, NONE, Order, environment_of, write_program
from metier_research.sandbox.output import MOST_BYTES, Output, clean_output

MOST_CODE: Final = 1_000_000
LEAST_MEMORY_MB: Final = 64
_WATCH_S: Final = 0.05
_READ: Final = 65_536


async def run_python(
    code: str, *, isolation: str, timeout_s: float, memory_mb: int, packages: Sequence[Path] = ()
) -> Output:
    """Returns what the program printed and how it ended. It has the standard library, and the folders of `packages`.

    It sees none of this process's files, environment or network where the isolation is real; it may read itself, the
    interpreter and the packages, write 64 MiB to its own folder, use `memory_mb` MiB (at least 64) and 64 threads, and
    start no other process. After `timeout_s` seconds, or 1 MB of output, it is ended. Raises InputError for a program
    that is too long or no text, and MissingError when this machine has no such isolation (`choose_isolation`).
    """
    _check(code, timeout_s, memory_mb)
    strength = await to_thread.run_sync(choose_isolation, isolation)
    order = make_order(code, strength, memory_mb=memory_mb, cpu_s=math.ceil(timeout_s) + 1, packages=packages)
    with ExitStack() as stack:
        work = "" if has_own_files(strength) else str(stack.enter_context(work_folder()))
        order = order if strength == BUBBLEWRAP or not work else order._replace(folder=work)
        status = stack.enter_context(_Status())
        async with _started(order, work, status) as process:
            run = _Run(process, work)
            await run.watch(timeout_s)
        status.check(strength)
        return Output(
            stdout=clean_output(bytes(run.stdout), order.folder),
            stderr=clean_output(bytes(run.stderr), order.folder),
            exit=_exit_of(process.returncode),
            isolation=strength,
            truncated=max(len(run.stdout), len(run.stderr)) > MOST_BYTES,
            stopped=run.stopped,
        )


def _check(code: str, timeout_s: float, memory_mb: int) -> None:
    try:
        size = len(code.encode())
    except UnicodeEncodeError as error:
        raise InputError("The program is no text: it has half of a surrogate pair.") from error
    if size > MOST_CODE:
        raise InputError(f"The program has more than {MOST_CODE:,} bytes.", hint="Make it shorter.")
    if not (0 < timeout_s < math.inf) or memory_mb < LEAST_MEMORY_MB:
        raise InputError(f"A program needs some time and {LEAST_MEMORY_MB} MiB of memory.", hint="Raise the limits.")


class _Status:
    """The pipe on which the launcher says why it could not start the program."""

    def __enter__(self) -> "_Status":
        self._reading, self.writing = os.pipe()
        os.set_blocking(self._reading, False)
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._reading)
        os.close(self.writing)

    def check(self, strength: str) -> None:
        """Raises MissingError when the program was not started."""
        try:
            told = os.read(self._reading, _READ)
        except BlockingIOError:
            return
        reason = told.decode("utf-8", "replace")
        raise MissingError(f"The isolation {strength} could not be set up: {reason}.", hint=INSTALL)


@asynccontextmanager
async def _started(order: Order, work: str, status: _Status) -> AsyncIterator[Process]:
    """Gives the process that runs the order; at the end it and its whole group are gone."""
    plain = order.strength == NONE
    with tempfile.TemporaryFile() as orders:
        if plain:
            write_program(order, work)
        else:
            orders.write(order._replace(status=status.writing).dump())
            orders.seek(0)
        process = await anyio.open_process(
            make_command(order, work),
            stdin=orders,
            env=environment_of(order) if plain else {},
            cwd=work if plain else "/",
            start_new_session=True,
            pass_fds=() if plain else (status.writing,),
        )
    async with process:
        try:
            yield process
        finally:
            _kill(process)


@dataclass(slots=True)
class _Run:
    """A program that runs: what it printed so far, and why it was ended, if it was."""

    process: Process
    work: str
    stdout: bytearray = field(default_factory=bytearray)
    stderr: bytearray = field(default_factory=bytearray)
    stopped: str = ""

    async def watch(self, timeout_s: float) -> None:
        """Returns when the program has ended or was ended, with what it printed until then."""
        with anyio.move_on_after(timeout_s) as time:
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._watch_folder)
                async with anyio.create_task_group() as readers:
                    readers.start_soon(self._read, self.process.stdout, self.stdout)
                    readers.start_soon(self._read, self.process.stderr, self.stderr)
                    await self.process.wait()
                    _kill(self.process)  # what it left behind holds the pipes
                tasks.cancel_scope.cancel()
        if time.cancelled_caught:
            self._stop(f"{timeout_s:g} seconds were over")

    async def _read(self, stream: ByteReceiveStream | None, into: bytearray) -> None:
        if stream is None:
            return
        async for chunk in stream:
            if len(into) <= MOST_BYTES:
                into += chunk
            if len(into) > MOST_BYTES:
                self._stop(f"it printed more than {MOST_BYTES:,} bytes")

    async def _watch_folder(self) -> None:
        while self.work:
            if await to_thread.run_sync(is_too_full, Path(self.work), DISK_MB):
                self._stop(f"it wrote more than {DISK_MB} MiB or too many files")
                return
            await anyio.sleep(_WATCH_S)

    def _stop(self, reason: str) -> None:
        self.stopped = self.stopped or reason
        _kill(self.process)


def _kill(process: Process) -> None:
    """Ends the process and all of its group, which it cannot leave where the isolation is real."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:  # all of it is gone
        return


def _exit_of(code: int | None) -> int:
    code = code if code is not None else 0
    return code if code >= 0 else 128 - code
