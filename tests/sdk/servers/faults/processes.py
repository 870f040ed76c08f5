"""What fault tests need to know of processes, on Linux: which run, what they hold open, and ending them."""

import contextlib
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from mcp import StdioServerParameters

HERE = Path(__file__).parent
needs_proc = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="reads /proc, which is Linux's")


def raw_stdio(folder: Path, manner: str = "") -> StdioServerParameters:
    args = ["-I", "-S", str(HERE / "raw_stdio.py"), str(folder), *([manner] if manner else [])]
    return StdioServerParameters(command=sys.executable, args=args)


class RawHttp:
    """The server of raw_http.py on one port, which can be killed and started again."""

    def __init__(self, folder: Path, manner: str = "") -> None:
        self._folder, self._manner, self._port = folder, manner, 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/mcp"

    def start(self) -> None:
        command = [
            sys.executable,
            "-I",
            "-S",
            str(HERE / "raw_http.py"),
            str(self._folder),
            str(self._port),
            self._manner,
        ]
        self._child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        assert self._child.stdout
        self._port = int(self._child.stdout.readline())

    def kill(self) -> None:
        self._child.kill()
        self._child.wait(10)
        assert self._child.stdout
        self._child.stdout.close()


@contextmanager
def raw_http(folder: Path, manner: str = "") -> Iterator[RawHttp]:
    server = RawHttp(folder, manner)
    try:
        yield server
    finally:
        server.kill()


def noted(folder: Path, file: str) -> list[str]:
    path = folder / file
    return path.read_text().splitlines() if path.exists() else []


def kill(pid: int) -> bool:
    """Returns whether there was such a process; it is no more."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
        return True
    return False


def running(marker: str) -> list[int]:
    """Returns the numbers of the processes that have `marker` in their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit() and int(folder.name) != os.getpid():
            with contextlib.suppress(OSError):
                if marker.encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Returns whether `condition` holds, by then at the latest. For what tells nobody, such as another process."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True


def gone_within(marker: str, seconds: float) -> bool:
    """Returns whether no process with `marker` runs any more, by then at the latest."""
    return wait_for(lambda: not running(marker), seconds)


def parent_of(pid: int) -> int:
    """Returns the number of the parent of a process; 0 when it is not there."""
    with contextlib.suppress(OSError):
        return int((Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
    return 0


def open_files() -> int:
    gc.collect()
    return len(os.listdir("/proc/self/fd"))


def resident_kib() -> int:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") // 1024
