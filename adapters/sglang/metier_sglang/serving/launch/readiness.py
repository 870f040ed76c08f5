"""Waiting until a server answers."""

import http.client
from collections.abc import Callable
from contextlib import closing

from metier.clock import Clock, SystemClock
from metier.errors import ServerError
from metier_sglang.serving.launch.diagnosis import explain_death, phase_of
from metier_sglang.serving.launch.process import ServerProcess

PAUSE_S = 0.25
READ = 200  # lines of the log in which the cause of a death is looked for
SHOWN = 15  # lines of the log in an error's note


def is_ready(host: str, port: int) -> bool:
    """Returns whether the server at `port` answers `/health` with 200: it is up and has made one token."""
    with closing(http.client.HTTPConnection(host, port, timeout=5)) as connection:
        try:
            connection.request("GET", "/health")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False


def wait_until_ready(
    process: ServerProcess,
    probe: Callable[[], bool],
    *,
    deadline_s: float,
    say: Callable[[str], None] = lambda phase: None,
    clock: Clock | None = None,
) -> float:
    """Returns how many seconds it took until `probe` was true; `say` is told each new phase of the start.

    Raises ServerError, with the usual cause and the end of the log as a note, for a server that ends before or that is
    not ready after `deadline_s` seconds.
    """
    clock = clock or SystemClock()
    start, phase = clock.seconds(), ""
    while not probe():
        if (code := process.exit_code(wait_s=PAUSE_S)) is not None:
            raise died(process, code)
        if clock.seconds() - start > deadline_s:
            raise _with_log(
                ServerError(
                    f"The server is not ready after {deadline_s:.0f} s ({phase or 'starting'}).",
                    hint=f"Give it longer with --ready-within, or read {process.log}.",
                ),
                process.tail(SHOWN),
            )
        for line in process.new_lines():
            if (new := phase_of(line)) and new != phase:
                phase = new
                say(phase)
    return clock.seconds() - start


def died(process: ServerProcess, code: int | None) -> ServerError:
    """Kills what is left of `process`; returns the error that says how it ended, why as far as its log tells."""
    process.kill()  # its children too: then the log is whole
    end = process.tail(READ)
    message, hint = explain_death(code, end)
    error = ServerError(message, hint=f"{hint} Its log: {process.log}")
    return _with_log(error, "\n".join(end.splitlines()[-SHOWN:]))


def _with_log(error: ServerError, lines: str) -> ServerError:
    error.add_note(f"The end of its log:\n{lines}")
    return error
