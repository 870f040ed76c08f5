"""Whatever ends a run, its children end with it, and nothing stays open."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mcp import StdioServerParameters
from mcp.server import MCPServer

from metier.errors import ServerError
from metier.servers.connection import Connection
from tests.sdk.servers.faults.processes import (
    HERE,
    gone_within,
    kill,
    needs_proc,
    noted,
    open_files,
    parent_of,
    raw_http,
    raw_stdio,
    resident_kib,
    running,
    wait_for,
)

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(90), needs_proc]


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_children_are_gone_soon_after_their_parent_was_killed(tmp_path: Path, end: signal.Signals) -> None:
    command = [sys.executable, "-m", "tests.sdk.servers.faults.mortal_parent", str(tmp_path)]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=HERE.parents[3])
    assert parent.stdout
    with parent.stdout:
        assert parent.stdout.readline() == b"ready\n"
        assert len(noted(tmp_path, "pids")) == 2
        parent.send_signal(end)
        parent.wait(10)
    assert gone_within(str(tmp_path), 10)


async def test_a_server_that_will_not_end_is_made_to(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "stubborn")) as connection:
        await connection.tools()
    assert running(str(tmp_path)) == []


async def test_what_the_server_started_itself_ends_with_it(tmp_path: Path) -> None:
    script = f"""
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)", {str(tmp_path)!r}], stdin=subprocess.DEVNULL)
os.execv(sys.executable, [sys.executable, {str(HERE / "raw_stdio.py")!r}, {str(tmp_path)!r}])
"""
    async with Connection("raw", StdioServerParameters(command=sys.executable, args=["-c", script])) as connection:
        await connection.tools()
        assert len(running(str(tmp_path))) == 3  # the watcher, the server, and its own child
    assert gone_within(str(tmp_path), 5)


@pytest.fixture
def many_files() -> Iterator[None]:
    """Holds more files open than `select` can count."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(1_100)]
    yield
    for number in opened:
        os.close(number)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
async def test_a_process_with_a_thousand_open_files_leaves_no_child_either(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "stubborn")) as connection:
        await connection.tools()
        assert len(running(str(tmp_path))) == 2  # the watcher and the server
    assert running(str(tmp_path)) == []


async def test_a_server_whose_watcher_was_killed_is_not_left_alone(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "deaf")) as connection:
        await connection.tools()
        assert kill(parent_of(int(noted(tmp_path, "pids")[0])))
    assert gone_within(str(tmp_path), 5)


async def test_a_cancelled_run_leaves_no_child(tmp_path: Path) -> None:
    started = asyncio.Event()

    async def run() -> None:
        async with Connection("raw", raw_stdio(tmp_path, "silent")) as connection:
            await connection.tools()
            started.set()
            await connection.call("misbehave", {})

    task = asyncio.create_task(run())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert gone_within(str(tmp_path), 5)


async def test_an_attempt_to_connect_is_given_up_when_the_last_caller_leaves(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "never-ready")) as connection:
        callers = [asyncio.create_task(connection.tools()) for _ in range(2)]
        await asyncio.to_thread(wait_for, lambda: len(noted(tmp_path, "pids")) == 1)
        callers[0].cancel()
        await asyncio.wait({callers[0]})
        assert running(str(tmp_path))
        callers[1].cancel()
        await asyncio.wait({callers[1]})
        await asyncio.to_thread(wait_for, lambda: not running(str(tmp_path)))
        assert len(noted(tmp_path, "pids")) == 1


async def test_forty_sessions_leave_no_file_open(tmp_path: Path) -> None:
    with raw_http(tmp_path) as server:

        async def visit(number: int) -> None:
            async with Connection("raw", raw_stdio(tmp_path) if number % 4 == 0 else server.url) as connection:
                assert (await connection.call("read", {"call": str(number)})).text == f"read {number}"

        await visit(0)
        await visit(1)
        before = open_files()
        for first in range(0, 40, 20):
            await asyncio.gather(*(visit(first + number) for number in range(20)))
        assert open_files() <= before


async def test_memory_is_flat_over_ten_thousand_calls() -> None:
    server: MCPServer[Any] = MCPServer("sums")

    @server.tool()
    async def add(left: int, right: int) -> int:
        "The sum."
        return left + right

    async with Connection("sums", server) as connection:

        async def call(times: int) -> None:
            for number in range(times):
                await connection.call("add", {"left": number, "right": 1})

        await call(1_000)
        before = resident_kib()
        await call(10_000)
        assert resident_kib() - before < 8 * 1024


async def test_a_program_gets_the_variables_named_for_it_and_no_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("METIER_TEST_SECRET", "hunter2hunter2")
    script = "import os, sys; sys.exit(' '.join(f'{k}={v}' for k, v in os.environ.items() if 'METIER' in k))"
    target = StdioServerParameters(
        command=sys.executable, args=["-c", script], env={"METIER_GIVEN": "x", "METIER_API_KEY": "hunter3hunter3"}
    )
    async with Connection("nosy", target, delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError) as caught:
            await connection.tools()
    assert "METIER_GIVEN=x" in str(caught.value)
    assert "hunter" not in str(caught.value)


async def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    marker = tmp_path / "made-by-a-shell"
    for command, args in ((f"touch {marker}", []), (sys.executable, [f"; touch {marker}", f"$(touch {marker})"])):
        async with Connection("odd", StdioServerParameters(command=command, args=args), delays_s=(0.0,)) as odd:
            with pytest.raises(ServerError, match="cannot be reached"):
                await odd.tools()
    assert not marker.exists()
