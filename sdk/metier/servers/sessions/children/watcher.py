"""A process that starts one server and outlives nobody: when its parent dies, also by `kill -9`, so does the server.

It runs as a script of its own, `python -I -S watcher.py LIFELINE COMMAND ARGUMENT...`, and imports nothing but what
Python has loaded or loads in a millisecond. LIFELINE is the number of an inherited socket whose other end is the
parent's. The watcher says `started PID` on it, or `failed ERRNO`. When the parent asks for it (a byte), or is gone (end
of file), the whole process group of the server gets SIGTERM and, after GRACE_S, SIGKILL. When the server ends by itself
what is left of its group is killed, and the watcher ends with the server's exit code.

The server's own standard streams are the watcher's, which lets go of them once the server has them.
POSIX only. A process that leaves the group on purpose (`setsid`) is not followed.
"""

import contextlib
import os
import select
import signal
import sys
import time

GRACE_S = 2.0


def main(arguments: list[str]) -> int:
    """Returns the exit code of the server: 128 and the signal when one killed it, 127 when it could not be started."""
    lifeline, command = int(arguments[1]), arguments[2:]
    os.set_inheritable(lifeline, False)
    woken = _wake_on_signals()
    try:
        server = os.posix_spawnp(command[0], command, os.environ, setpgroup=0, setsigdef=[signal.SIGPIPE])
    except OSError as error:
        _tell(lifeline, f"failed {error.errno}")
        return 127
    _tell(lifeline, f"started {server}")
    _let_go_of_streams()
    status = _watch(server, lifeline, woken)
    _signal_group(server, signal.SIGKILL)
    return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _watch(server: int, lifeline: int, woken: int) -> int:
    """Returns the wait status of the server, once it has ended or been made to end."""
    asked, kill_at = False, 0.0
    while True:
        pid, status = os.waitpid(server, os.WNOHANG)
        if pid:
            return status
        left = max(0.0, kill_at - time.monotonic()) if kill_at else None
        ready = _wait_for([woken] if asked else [woken, lifeline], left)
        told_to_end = woken in ready and bool({signal.SIGTERM, signal.SIGINT, signal.SIGHUP} & set(os.read(woken, 64)))
        if not asked and (told_to_end or lifeline in ready):
            asked, kill_at = True, time.monotonic() + GRACE_S
            _signal_group(server, signal.SIGTERM)
        elif kill_at and time.monotonic() >= kill_at:
            kill_at = 0.0
            _signal_group(server, signal.SIGKILL)


def _wait_for(files: list[int], seconds: float | None) -> set[int]:
    """Returns those of `files` that can be read, within `seconds`; a number may be above 1023, where `select` ends."""
    polling = select.poll()
    for number in files:
        polling.register(number, select.POLLIN)
    return {number for number, _ in polling.poll(None if seconds is None else seconds * 1000)}


def _wake_on_signals() -> int:
    """Returns a file that can be read when a signal came, one byte each with its number.

    They are caught, not ignored: what is ignored would be ignored in the server too.
    """
    woken, wake = os.pipe()
    os.set_blocking(wake, False)
    signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return woken


def _signal_group(group: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):  # macOS says so of a group of zombies
        os.killpg(group, number)


def _tell(lifeline: int, line: str) -> None:
    with contextlib.suppress(OSError):  # the parent is gone: the loop sees that too
        os.write(lifeline, line.encode() + b"\n")


def _let_go_of_streams() -> None:
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nothing, number)
    os.close(nothing)


if __name__ == "__main__":
    sys.exit(main(sys.argv))
