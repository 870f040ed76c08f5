"""A server program as a child: its own process group, bounded waits, and nothing left behind."""

import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Final, NoReturn, Self

from metier.errors import ServerError

_READY_S: Final = 60.0
_PAUSE_S: Final = 0.05
_STOP_S: Final = 5.0
_TAIL: Final = 300  # characters of a log that go into a message


class RunningServer:
    """A program that answers at `base_url` until it is stopped. Use it as a context manager."""

    def __init__(self, name: str, base_url: str, process: subprocess.Popen[bytes], log: Path) -> None:
        self.name = name
        self.base_url = base_url
        self._process = process
        self._log = log

    @property
    def pid(self) -> int:
        """Returns the process id, which is also that of its process group."""
        return self._process.pid

    def wait(self) -> int:
        """Returns the exit status once the program has ended by itself."""
        return self._process.wait()

    def await_ready(self, answers: Callable[[], bool]) -> None:
        """Returns once `answers()` is true; raises ServerError when the program ends or a minute passes before."""
        deadline = time.monotonic() + _READY_S
        while not answers():
            with suppress(subprocess.TimeoutExpired):
                status = self._process.wait(_PAUSE_S)
                raise ServerError(f"{self.name} ended with status {status}: {read_tail(self._log)}")
            if time.monotonic() > deadline:
                raise ServerError(f"{self.name} did not answer within {_READY_S:g} s.")

    def stop(self) -> None:
        """Ends the program and its children: asks first, then insists. Harmless when it has ended."""
        for sign, patience in ((signal.SIGTERM, _STOP_S), (signal.SIGKILL, None)):
            # The group id stays ours as long as its leader has not been waited for.
            if self._process.returncode is None:
                with suppress(ProcessLookupError):
                    os.killpg(self._process.pid, sign)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience)
                break
        self._log.unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


@contextmanager
def ending_on_signals() -> Iterator[None]:
    """Ends its block quietly on SIGINT or SIGTERM, so that the servers entered in it are stopped.

    For the main thread of a command. Only SIGKILL to the process leaves a server running.
    """
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        with suppress(KeyboardInterrupt):
            yield
    finally:
        signal.signal(signal.SIGTERM, before)


def launch(name: str, command: Sequence[str | Path], *, base_url: str, folder: Path) -> RunningServer:
    """Returns the started program, not yet ready; its working folder is `folder`. Raises ServerError."""
    handle, log = tempfile.mkstemp(prefix="metier-server-", suffix=".log")
    try:
        process = subprocess.Popen(
            list(command),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # it would say a line per request, with positions
            stderr=handle,
            start_new_session=True,
            env=plain_environment(),
        )
    except OSError as error:
        Path(log).unlink(missing_ok=True)
        raise ServerError(f"{name} cannot be started: {error.strerror or error}.") from error
    finally:
        os.close(handle)
    return RunningServer(name, base_url, process, Path(log))


def run_step(name: str, command: Sequence[str | Path], *, folder: Path, time_s: float) -> bytes:
    """Returns the standard output of a program that prepares something; raises ServerError when it fails."""
    with tempfile.TemporaryFile() as log:
        try:
            done = subprocess.run(
                list(command),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                timeout=time_s,
                env=plain_environment(),
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ServerError(f"{name} did not finish within {time_s:g} s.") from error
        except OSError as error:
            raise ServerError(f"{name} cannot be run: {error.strerror or error}.") from error
        if done.returncode:
            log.seek(0)
            said = _shorten(log.read() + done.stdout)
            raise ServerError(f"{name} failed with status {done.returncode}: {said}")
    return done.stdout


def find_port() -> int:
    """Returns a port of this machine's loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def plain_environment() -> dict[str, str]:
    """Returns an environment without the caller's keys and settings."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", "TMPDIR": tempfile.gettempdir()}


def read_tail(log: Path) -> str:
    """Returns the end of a log as one line."""
    try:
        return _shorten(log.read_bytes())
    except OSError:
        return "it left no log"


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


def _shorten(log: bytes) -> str:
    text = " ".join(log.decode("utf-8", errors="replace").split())
    return text[-_TAIL:] or "it said nothing"
