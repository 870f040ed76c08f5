"""A person at a terminal: a program run on a pseudo-terminal, whose questions are read and answered."""

import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

PATIENCE_S = 60.0


class Terminal:
    """What a program at the terminal `master` has written so far, and how to answer."""

    def __init__(self, process: "subprocess.Popen[bytes]", master: int) -> None:
        self.process = process
        self.seen = ""
        self._master = master
        self._read = 0

    def expect(self, text: str) -> None:
        """Returns once the program has written `text` after what was expected before; raises AssertionError."""
        end = time.monotonic() + PATIENCE_S
        while (at := self.seen.find(text, self._read)) < 0:
            if not self._more(end):
                raise AssertionError(f"{text!r} was never written, but:\n{self.seen[self._read :]}")
        self._read = at + len(text)

    def answer(self, line: str) -> None:
        """Types a line."""
        os.write(self._master, f"{line}\n".encode())

    def finish(self) -> int:
        """Returns the exit code, after reading to the end."""
        end = time.monotonic() + PATIENCE_S
        while self._more(end):
            pass
        return self.process.wait(timeout=PATIENCE_S)

    def _more(self, end: float) -> bool:
        ready, _, _ = select.select([self._master], [], [], max(0.0, end - time.monotonic()))
        try:
            data = os.read(self._master, 65536) if ready else b""
        except OSError:
            data = b""  # the other side is closed
        self.seen += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)


@contextmanager
def at_a_terminal(command: Sequence[str], environ: Mapping[str, str]) -> Iterator[Terminal]:
    """Runs `command` with its input and outputs on a pseudo-terminal of 80 columns, which echoes what is typed."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (50, 80))
    process = subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=dict(environ), start_new_session=True, close_fds=True
    )
    os.close(slave)
    try:
        yield Terminal(process, master)
    finally:
        process.kill()
        process.wait()
        os.close(master)
