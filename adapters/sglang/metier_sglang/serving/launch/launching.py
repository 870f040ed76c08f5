"""Servers that come up together, run until one dies or somebody stops them, and go down together."""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Never

from metier.redaction import Redaction
from metier_sglang.serving.launch.diagnosis import tells_crash
from metier_sglang.serving.launch.process import ServerProcess
from metier_sglang.serving.launch.readiness import died, is_ready, wait_until_ready

LOOK_S = 0.5
GRACE_S = 30.0  # SGLang needs about 16 s to end by itself
ANYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Launch:
    """One program to start: its command, where it listens, where its log goes. `answers` is False without HTTP."""

    name: str
    command: Sequence[str]
    host: str
    port: int
    log: Path
    env: Mapping[str, str] = field(repr=False)
    answers: bool = True


Say = Callable[[str, str], None]
"""Is told the name of a program and its phase."""


def run_until_stopped(
    workers: Sequence[Launch],
    *,
    router: Launch | None = None,
    secrets: Redaction,
    deadline_s: float,
    say: Say,
    ready: Callable[[float], None],
) -> None:
    """Starts the workers, then the router, calls `ready` with the seconds that it took, and waits.

    Returns once Ctrl-C, SIGTERM or SIGHUP asked for the end and all of them are gone. Raises ServerError when one of
    them ends by itself, before or after it was ready; the others are killed. A second Ctrl-C kills instead of stopping.
    """
    with terminate_as_interrupt(), ExitStack() as stack:
        running: list[ServerProcess] = []
        try:
            for launch in workers:
                running.append(stack.enter_context(_start(launch, secrets)))
            took = max(
                _wait(process, launch, deadline_s, say) for process, launch in zip(running, workers, strict=True)
            )
            if router is not None:
                running.append(stack.enter_context(_start(router, secrets)))
                took += _wait(running[-1], router, deadline_s, say)
            ready(took)
            _watch(running)
        except KeyboardInterrupt:
            say("", "stopping")
        for process in running:
            process.ask_to_stop()
        for process in running:
            process.stop(grace_s=GRACE_S)


def _start(launch: Launch, secrets: Redaction) -> ServerProcess:
    return ServerProcess(launch.command, env=launch.env, log=launch.log, folder=launch.log.parent, secrets=secrets)


def _wait(process: ServerProcess, launch: Launch, deadline_s: float, say: Say) -> float:
    if not launch.answers:
        return 0.0
    host = "127.0.0.1" if launch.host in ANYWHERE else launch.host
    probe = partial(is_ready, host, launch.port)
    return wait_until_ready(process, probe, deadline_s=deadline_s, say=partial(say, launch.name))


def _watch(running: Sequence[ServerProcess]) -> Never:
    while True:
        for process in running:
            code = process.exit_code(wait_s=LOOK_S)
            if code is not None or any(map(tells_crash, process.new_lines())):
                raise died(process, code)


@contextmanager
def terminate_as_interrupt() -> Iterator[None]:
    """Makes SIGTERM, and SIGHUP of a terminal that closes, do what Ctrl-C does: the servers are stopped cleanly."""
    before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> Never:
    raise KeyboardInterrupt
