"""A server and all that it started live and die together, and a death is told with its cause."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from metier.errors import InputError, MissingError, ServerError
from metier.redaction import Redaction, redaction_of
from metier_sglang.serving.launch.launching import Launch, run_until_stopped
from metier_sglang.serving.launch.process import ServerProcess
from metier_sglang.serving.launch.program import check_port, find_program, server_env
from metier_sglang.serving.launch.readiness import is_ready, wait_until_ready

PROGRAM = Path(__file__).with_name("fake_sglang.py")
HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    numbers = (signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    yield
    assert [signal.getsignal(number) for number in numbers] == before


def start(how: str, port: int, folder: Path, *, secret: str = "") -> ServerProcess:
    command = [sys.executable, str(PROGRAM), how, "--port", str(port)]
    secrets = redaction_of([secret]) if secret else None
    return ServerProcess(command, env={**os.environ, "SECRET": secret}, log=folder / "logs" / "a.log", secrets=secrets)


def wait(process: ServerProcess, port: int, phases: list[str] | None = None) -> float:
    say = (phases if phases is not None else []).append
    return wait_until_ready(process, partial(is_ready, HOST, port), deadline_s=60, say=say)


def child_of(process: ServerProcess) -> int:
    return int(process.log.read_text().split()[1])


def is_gone(pid: int) -> bool:
    """Returns whether a process that was killed has ended; gives the kernel a while to end it."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([process], [], [], 10)[0])
    finally:
        os.close(process)


def launch(how: str, port: int, folder: Path) -> Launch:
    command = [sys.executable, str(PROGRAM), how, "--port", str(port)]
    return Launch("server", command, HOST, port, folder / f"{port}.log", dict(os.environ))


def test_a_server_that_answers_is_ready_and_its_phases_are_told(tmp_path: Path, port: int) -> None:
    phases: list[str] = []
    with start("well", port, tmp_path) as process:
        assert wait(process, port, phases) >= 0
    assert phases in ([], ["starting the workers"], ["starting the workers", "loading weights"])


def test_leaving_kills_the_server_and_its_children(tmp_path: Path, port: int) -> None:
    with start("well", port, tmp_path) as process:
        wait(process, port)
        child = child_of(process)
        os.kill(child, 0)
    assert process.exit_code() is not None
    assert is_gone(child)


SERVES = """
import os, sys
from pathlib import Path
from metier_sglang.serving.launch.process import ServerProcess
with ServerProcess(sys.argv[2:], env=dict(os.environ), log=Path(sys.argv[1])) as process:
    print(process.pid, flush=True)
    process.exit_code(wait_s=600)
"""


def test_no_server_outlives_a_parent_that_was_killed(tmp_path: Path, port: int) -> None:
    log = tmp_path / "a.log"
    command = [sys.executable, str(PROGRAM), "well", "--port", str(port)]
    with subprocess.Popen([sys.executable, "-c", SERVES, str(log), *command], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        server = int(parent.stdout.readline())
        os.kill(server, 0)
        parent.kill()
    assert is_gone(server)


@pytest.mark.parametrize(
    ("how", "said"),
    [("oom", "not enough memory"), ("port", "port is taken"), ("other", "rank 7 is not even"), ("mute", "not say why")],
)
def test_a_death_is_told_with_its_cause_and_leaves_no_child(tmp_path: Path, port: int, how: str, said: str) -> None:
    with start(how, port, tmp_path) as process, pytest.raises(ServerError, match=said) as caught:
        wait(process, port)
    assert "Load weight begin." in caught.value.__notes__[0]
    assert str(process.log) in caught.value.hint
    assert is_gone(child_of(process))


def test_a_key_is_never_in_the_log_and_the_log_is_private(tmp_path: Path, port: int) -> None:
    with start("key", port, tmp_path, secret="sk-4d1f9a77") as process:
        wait(process, port)
    text = process.log.read_text()
    assert "api_key=[secret]" in text
    assert "sk-4d1f9a77" not in text
    assert process.log.stat().st_mode & 0o077 == 0


def test_a_server_that_is_not_ready_in_time_is_an_error(tmp_path: Path, port: int) -> None:
    with start("well", port, tmp_path) as process, pytest.raises(ServerError, match="not ready after 0 s"):
        wait_until_ready(process, lambda: False, deadline_s=0)


def run(launches: list[Launch], on_ready: object) -> list[str]:
    said: list[str] = []
    run_until_stopped(
        launches[:-1] if len(launches) > 1 else launches,
        router=launches[-1] if len(launches) > 1 else None,
        secrets=Redaction(),
        deadline_s=60,
        say=lambda name, phase: said.append(phase),
        ready=on_ready,  # type: ignore[arg-type]
    )
    return said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_ctrl_c_sigterm_and_a_terminal_that_closes_stop_every_server_cleanly(
    tmp_path: Path, port: int, number: signal.Signals
) -> None:
    one, two = launch("well", port, tmp_path), launch("well", free_port(), tmp_path)
    children: list[int] = []

    def on_ready(_took_s: float) -> None:
        children.extend(int(each.log.read_text().split()[1]) for each in (one, two))
        signal.raise_signal(number)

    assert "stopping" in run([one, two], on_ready)
    assert len(children) == 2
    assert all(map(is_gone, children))
    assert not is_ready(HOST, port)


@pytest.mark.parametrize(("path", "said"), [("die", r"exit 3"), ("crash", r"Its detokenizer was killed")])
def test_a_server_that_dies_later_ends_the_rest_with_an_error(tmp_path: Path, port: int, path: str, said: str) -> None:
    late = free_port()
    one, two = launch("well", port, tmp_path), launch("late", late, tmp_path)

    def die(_took_s: float) -> None:
        asking = threading.Thread(target=lambda: urllib.request.urlopen(f"http://{HOST}:{late}/{path}").close())
        asking.start()
        asking.join()

    with pytest.raises(ServerError, match=said):
        run([one, two], die)
    assert not is_ready(HOST, port)


def test_a_program_that_is_not_there_is_missing(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no-such-program"):
        ServerProcess(["no-such-program"], env={}, log=tmp_path / "a.log")
    with pytest.raises(MissingError, match="is no program"):
        find_program(tmp_path / "python")


def test_a_python_without_sglang_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="has no sglang"):
        find_program(Path(sys.executable))


def test_a_port_that_is_taken_is_found_before_a_server_is_started() -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with pytest.raises(InputError, match="--port"):
            check_port(HOST, taken.getsockname()[1])


def test_a_server_on_a_cpu_is_told_so_and_keeps_the_threads_that_were_set() -> None:
    env = server_env({"OMP_NUM_THREADS": "3"}, device="cpu")
    assert (env["SGLANG_USE_CPU_ENGINE"], env["OMP_NUM_THREADS"]) == ("1", "3")
    assert "SGLANG_USE_CPU_ENGINE" not in server_env({}, device="")
