"""A server program in a process group of its own, its output in a file."""

import os
import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from metier.errors import MissingError
from metier.home import make_folder
from metier.redaction import Redaction

WRITTEN_S = 5.0  # what the end of a log may take to reach the disk
TAIL = 64 * 1024  # bytes read back from the end of a log


class ServerProcess:
    """A server and everything that it starts.

    SGLang runs its scheduler and its detokenizer as processes of their own, which outlive a parent that was killed: so
    whatever ends the server ends its group. `command` is run as it is, without a shell, in `folder`. Leaving the
    context kills what is left. Only its owner can read the log, and `secrets` are masked in it.
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
        try:
            self._process = subprocess.Popen(
                list(command),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=dict(env),
                cwd=folder,
                start_new_session=True,
            )
        except OSError as error:
            output.close()
            raise MissingError(
                f"{command[0]} cannot be run: {error.strerror or error}.",
                hint="Give --python with the Python of the environment that sglang is installed in.",
            ) from error
        self._writer = threading.Thread(target=self._write_log, args=(output,), daemon=True)
        self._writer.start()

    @property
    def pid(self) -> int:
        """Returns the id of the process, which is the id of its group."""
        return self._process.pid

    def exit_code(self, *, wait_s: float = 0.0) -> int | None:
        """Returns the exit code once the process has ended, or None when it still runs after `wait_s` seconds."""
        try:
            return self._process.wait(timeout=wait_s)
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
        self._process.wait()
        self._writer.join(timeout=WRITTEN_S)

    def _write_log(self, output: BinaryIO) -> None:
        """Copies what the server writes, line by line: SGLang logs its keys as it starts."""
        assert self._process.stdout is not None
        with self._process.stdout as source, output:
            for line in source:
                with suppress(OSError):  # a full disk must not stop the server
                    output.write(self._secrets.text(line.decode("utf-8", "replace")).encode())
                    output.flush()

    def _signal(self, number: signal.Signals) -> None:
        with suppress(ProcessLookupError, PermissionError):  # nobody is left; macOS says EPERM for a group of zombies
            os.killpg(self._process.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def _read_end(path: Path, start: int = 0) -> bytes:
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(start, size - TAIL))
        return file.read()
