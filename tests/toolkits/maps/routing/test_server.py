"""Promises about programs that run as children."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from metier.errors import MissingError, ServerError
from metier_maps.routing.programs.server import find_port, launch, plain_environment, run_step
from metier_maps.routing.programs.wheels import WHEELS, install_program

HOLDER = """
import sys
from pathlib import Path
from metier_maps.routing.programs.server import ending_on_signals, launch
folder = Path(sys.argv[1])
with ending_on_signals(), launch("sleeper", ["sleep", "600"], base_url="http://127.0.0.1:9", folder=folder) as server:
    print(server.pid, flush=True)
    server.wait()
"""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_command_that_is_told_to_end_takes_its_server_along(number: signal.Signals, tmp_path: Path) -> None:
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    pid = int(holder.stdout.readline())
    os.kill(pid, 0)
    holder.send_signal(number)
    assert holder.wait(timeout=30) == 0
    holder.stdout.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_program_that_will_not_end_is_ended(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(flush=True); time.sleep(600)"
    with launch("stubborn", [sys.executable, "-c", stubborn], base_url="http://x", folder=tmp_path) as server:
        pass
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)


def test_a_program_that_ends_before_it_answers_says_what_it_said(tmp_path: Path) -> None:
    complain = "import sys; sys.exit('the port is taken')"
    with (
        launch("short", [sys.executable, "-c", complain], base_url="http://x", folder=tmp_path) as server,
        pytest.raises(ServerError, match="short ended with status 1: the port is taken"),
    ):
        server.await_ready(lambda: False)


def test_a_program_that_is_not_there_is_a_server_error(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="cannot be started"):
        launch("none", [tmp_path / "none"], base_url="http://x", folder=tmp_path)
    with pytest.raises(ServerError, match="cannot be run"):
        run_step("none", [tmp_path / "none"], folder=tmp_path, time_s=5)


def test_a_step_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match=r"did not finish within 0\.1 s"):
        run_step("slow", ["sleep", "600"], folder=tmp_path, time_s=0.1)


def test_programs_do_not_see_the_callers_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "s3cr3t")
    assert "s3cr3t" not in str(plain_environment())
    assert b"s3cr3t" not in run_step("env", ["env"], folder=tmp_path, time_s=30)


def test_a_free_port_is_found_on_loopback() -> None:
    assert 1024 < find_port() < 65536


def test_a_program_that_is_there_is_not_fetched_again(tmp_path: Path) -> None:
    wheel = WHEELS["osrm"]
    folder = tmp_path / "programs" / f"osrm-{wheel.version}-{wheel.sha256[:12]}"
    (folder / wheel.probe).parent.mkdir(parents=True)
    (folder / wheel.probe).write_bytes(b"")
    assert install_program("osrm", tmp_path) == folder


def test_without_an_index_the_wheel_is_missing_and_nothing_half_made_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_FIND_LINKS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    with pytest.raises(MissingError, match="could not be downloaded"):
        install_program("osrm", tmp_path)
    assert list((tmp_path / "programs").iterdir()) == []
