"""A server program in a process group of its own, its output in a file."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from metier.errors import MissingError
from metier.home import make_folder
from metier.redaction import Redaction
from metier.servers.sessions.children import watcher

WRITTEN_S = 5.0  # what the end of a log may take to reach the disk
TAIL = 64 * 1024  # bytes read back from the end of a log


class ServerProcess:
    """A server and everything that it starts.

    SGLang runs its scheduler and its detokenizer as processes of their own, which outlive a parent that was killed: so
    whatever ends the server ends its group, and the SDK's watcher ends it when this process is killed. `command` is run
    as it is, without a shell, in `folder`. Leaving the context kills what is left. Only its owner can read the log, and
    `secrets` are masked in it. Raises MissingError when the program can not be run.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        log: Path,
        folder: Path | None = None,
        secrets: Redaction | None = None,
    ) -> None:
        self.log = log
        self._secrets = secrets or Redaction()
        self._seen = 0
        make_folder(log.parent)
        log.unlink(missing_ok=True)
        output = os.fdopen(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._watcher, self._lifeline = _start(command, env, folder)
        self._writer = threading.Thread(target=self._write_log, args=(output,), daemon=True)
        self._writer.start()
        said = self._lifeline.recv(64).decode().split()
        if said[:1] != ["started"]:
            self._lifeline.close()
            self._watcher.wait()
            self._writer.join()
            reason = os.strerror(int(said[1])) if said else "its watcher ended"
            raise MissingError(
                f"{command[0]} cannot be run: {reason}.",
                hint="Give --python with the Python of the environment that sglang is installed in.",
            )
        self.pid = int(said[1])  # of the server, and of its group

    def exit_code(self, *, wait_s: float = 0.0) -> int | None:
        """Returns the exit code once the server has ended, or None when it still runs after `wait_s` seconds.

        It is 128 and the signal when one killed it.
        """
        try:
            return self._watcher.wait(timeout=wait_s)
        except subprocess.TimeoutExpired:
            return None

    def new_lines(self) -> list[str]:
        """Returns the whole lines written since the last call, at most the last TAIL bytes of them."""
        text = _read_end(self.log, self._seen)
        whole, _, _ = text.rpartition(b"\n")
        self._seen = self.log.stat().st_size - (len(text) - len(whole) - (1 if whole else 0))
        return whole.decode("utf-8", "replace").splitlines()

    def tail(self, lines: int) -> str:
        """Returns the last `lines` lines of the log."""
        return "\n".join(_read_end(self.log).decode("utf-8", "replace").splitlines()[-lines:])

    def ask_to_stop(self) -> None:
        """Asks the server to end; does not wait."""
        if self.exit_code() is None:
            self._signal(signal.SIGTERM)

    def stop(self, *, grace_s: float = 20.0) -> None:
        """Asks the server to end, and kills the group when it has not after `grace_s` seconds."""
        self.ask_to_stop()
        self.exit_code(wait_s=grace_s)
        self.kill()

    def kill(self) -> None:
        """Kills whatever is left of the group, the children of a dead parent too."""
        self._signal(signal.SIGKILL)
        self._watcher.wait()
        self._lifeline.close()
        self._writer.join(timeout=WRITTEN_S)

    def _write_log(self, output: BinaryIO) -> None:
        """Copies what the server writes, line by line: SGLang logs its keys as it starts."""
        assert self._watcher.stdout is not None
        with self._watcher.stdout as source, output:
            for line in source:
                with suppress(OSError):  # a full disk must not stop the server
                    output.write(self._secrets.text(line.decode("utf-8", "replace")).encode())
                    output.flush()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says EPERM for a group of zombies
            os.killpg(self.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def _start(
    command: Sequence[str], env: Mapping[str, str], folder: Path | None
) -> tuple[subprocess.Popen[bytes], socket.socket]:
    """Starts the watcher that starts the server; returns it with our end of its lifeline."""
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", watcher.__file__, str(theirs.fileno()), *command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(env),
            cwd=folder,
            pass_fds=(theirs.fileno(),),
            start_new_session=True,
        )
    return process, ours


def _read_end(path: Path, start: int = 0) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(start, size - TAIL))
        return file.read()
