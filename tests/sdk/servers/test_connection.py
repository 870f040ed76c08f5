"""A connection outlives its server, its callers outlive the connection, and nothing is left behind."""

import asyncio
import os
import socket
import sys
from pathlib import Path
from typing import Annotated, Any

import pytest
from mcp import StdioServerParameters
from mcp.server import MCPServer
from mcp.server.mcpserver import Context
from mcp.types import CallToolResult, TextContent, ToolAnnotations

from metier.answer import Value
from metier.canonical import canonical_json
from metier.errors import InputError, ServerError, ToolError
from metier.evidence import record_evidence
from metier.servers.connection import Connection
from metier.servers.result import EVIDENCE_KEY, tell_errors, tool_result
from metier.servers.source import CallContext
from metier.servers.target import HttpTarget
from tests.sdk.servers.faults.processes import noted as requests
from tests.sdk.servers.faults.processes import raw_http, wait_for

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

FRAIL = Path(__file__).with_name("frail_server.py")
PATIENT = (0.0, *(0.1,) * 100)  # until a child process listens again


class Sum(Value):
    """A sum."""

    total: int


def make_server(gate: asyncio.Event | None = None, seen: asyncio.Queue[str] | None = None) -> MCPServer[Any]:
    server: MCPServer[Any] = MCPServer("sums")

    @server.tool(annotations=ToolAnnotations(read_only_hint=True))
    @tell_errors
    async def add(left: int, right: int) -> Annotated[CallToolResult, Sum]:
        "The sum of two numbers."
        if left < 0:
            raise InputError("No negative numbers.", hint="Take 0.")
        record = record_evidence(source="arithmetic", locator=f"{left}+{right}", value={"total": left + right})
        return tool_result(Sum(total=left + right), text=f"{left + right}", evidence=[record])

    @server.tool()
    async def wait() -> str:
        "Waits for the gate."
        assert gate is not None
        assert seen is not None
        seen.put_nowait("started")
        try:
            await gate.wait()
        except asyncio.CancelledError:
            seen.put_nowait("cancelled")
            raise
        return "through"

    @server.tool()
    async def lie() -> Annotated[CallToolResult, Sum]:
        "Says a number and shows a broken record."
        return CallToolResult(
            content=[TextContent(type="text", text="x")],
            structured_content={"total": 1},
            _meta={EVIDENCE_KEY: [{"id": "ev-1"}]},
        )

    @server.tool()
    async def plain(word: str) -> str:
        "A tool that knows nothing of metier."
        return word.upper()

    return server


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def stdio(log: Path) -> StdioServerParameters:
    return StdioServerParameters(command=sys.executable, args=[str(FRAIL), str(log)])


def noted(log: Path, word: str) -> int:
    return log.read_text().splitlines().count(word) if log.exists() else 0


async def test_a_call_gives_text_value_and_the_evidence_the_server_stated() -> None:
    async with Connection("sums", make_server()) as connection:
        result = await connection.call("add", {"left": 1, "right": 2})
    assert (result.text, result.value, result.is_error) == ("3", {"total": 3}, False)
    assert [one.source for one in result.evidence] == ["arithmetic"]


async def test_the_tools_are_listed_with_their_schemas_and_whether_they_may_be_repeated() -> None:
    async with Connection("sums", make_server()) as connection:
        tools = {tool.name: tool for tool in await connection.tools()}
    assert tools["add"].repeatable
    assert not tools["wait"].repeatable
    assert set(tools["add"].input_schema["properties"]) == {"left", "right"}
    assert tools["add"].output_schema is not None


async def test_what_a_plain_tool_returns_becomes_one_piece_of_evidence_under_its_name() -> None:
    async with Connection("third", make_server()) as connection:
        result = await connection.call("plain", {"word": "abc"})
    (one,) = result.evidence
    assert (one.source, one.locator) == ("third/plain", canonical_json({"word": "abc"}))
    assert one.text == "ABC"


async def test_a_server_that_is_not_trusted_cannot_speak_under_another_name() -> None:
    async with Connection("stranger", make_server(), trusted=False) as connection:
        result = await connection.call("add", {"left": 1, "right": 2})
    assert [(one.source, one.value) for one in result.evidence] == [("stranger/add", {"total": 3})]


def test_only_a_server_in_this_process_is_trusted_unless_told_otherwise(tmp_path: Path) -> None:
    assert Connection("own", make_server()).trusted
    assert not Connection("child", stdio(tmp_path / "log")).trusted
    assert not Connection("remote", "http://127.0.0.1:1/mcp").trusted
    assert Connection("remote", "http://127.0.0.1:1/mcp", trusted=True).trusted


async def test_evidence_that_does_not_hold_together_is_the_servers_fault() -> None:
    async with Connection("sums", make_server()) as connection:
        with pytest.raises(ServerError, match="evidence"):
            await connection.call("lie", {})


async def test_a_tools_own_failure_is_a_result_without_evidence() -> None:
    async with Connection("sums", make_server()) as connection:
        result = await connection.call("add", {"left": -1, "right": 2})
    assert result.is_error
    assert "No negative numbers. Take 0." in result.text
    assert result.evidence == ()


async def test_an_unknown_tool_is_named_with_near_ones() -> None:
    async with Connection("sums", make_server()) as connection:
        with pytest.raises(ToolError, match="Did you mean add"):
            await connection.call("ad", {})


async def test_fifty_calls_run_at_once_on_one_connection() -> None:
    async with Connection("sums", make_server()) as connection:
        results = await asyncio.gather(*(connection.call("add", {"left": n, "right": 1}) for n in range(50)))
    assert [result.value for result in results] == [{"total": n + 1} for n in range(50)]


async def test_fifty_calls_run_at_once_on_one_child_process(tmp_path: Path) -> None:
    async with Connection("frail", stdio(tmp_path / "log")) as connection:
        results = await asyncio.gather(*(connection.call("add", {"left": n, "right": 1}) for n in range(50)))
    assert [result.text for result in results] == [str(n + 1) for n in range(50)]


async def test_a_cancelled_caller_takes_nobody_with_it_and_its_call_stops_at_the_server() -> None:
    gate, seen = asyncio.Event(), asyncio.Queue[str]()
    async with Connection("sums", make_server(gate, seen)) as connection:
        first = asyncio.create_task(connection.call("wait", {}))
        second = asyncio.create_task(connection.call("wait", {}))
        assert [await seen.get(), await seen.get()] == ["started", "started"]
        first.cancel()
        assert await seen.get() == "cancelled"
        gate.set()
        assert (await second).text == "through"
        with pytest.raises(asyncio.CancelledError):
            await first


async def test_a_call_that_is_under_way_when_the_connection_closes_ends_with_an_error() -> None:
    seen = asyncio.Queue[str]()
    connection = Connection("sums", make_server(asyncio.Event(), seen))
    async with connection:
        call = asyncio.create_task(connection.call("wait", {}))
        assert await seen.get() == "started"
    with pytest.raises(ServerError, match="sums"):
        await asyncio.wait_for(call, 10)


async def test_a_silent_server_is_an_error_after_the_time_allowed() -> None:
    async with Connection("sums", make_server(asyncio.Event(), asyncio.Queue()), timeout_s=0.05) as connection:
        with pytest.raises(ServerError, match="did not answer wait within"):
            await connection.call("wait", {})
        assert (await connection.call("add", {"left": 1, "right": 1})).text == "2"


async def test_a_repeatable_call_survives_the_death_of_its_server(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with Connection("frail", stdio(log), delays_s=(0.0, 0.0)) as connection:
        assert (await connection.call("die_once", {})).text == "alive"
    assert noted(log, "die_once") == 2


async def test_a_call_with_side_effects_is_never_made_twice_and_the_next_call_connects_again(tmp_path: Path) -> None:
    log = tmp_path / "log"
    async with Connection("frail", stdio(log), delays_s=(0.0, 0.0)) as connection:
        others = [asyncio.create_task(connection.call("add", {"left": n, "right": 0})) for n in range(5)]
        with pytest.raises(ServerError, match="frail"):
            await connection.call("book_and_die", {})
        assert {(await other).text for other in others} == {"0", "1", "2", "3", "4"}
        assert (await connection.call("add", {"left": 2, "right": 2})).text == "4"
    assert noted(log, "book_and_die") == 1


async def test_no_child_process_is_left_after_the_connection_closed(tmp_path: Path) -> None:
    async with Connection("frail", stdio(tmp_path / "log")) as connection:
        pid = int((await connection.call("process", {})).text)
        os.kill(pid, 0)
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_connection_closes_with_its_last_exit(tmp_path: Path) -> None:
    connection = Connection("sums", make_server())
    async with connection:
        async with connection:
            await connection.tools()
        assert await connection.tools()
    with pytest.raises(ServerError, match="not open"):
        await connection.tools()


async def test_a_server_over_http_that_was_killed_and_started_again_is_reached_again(tmp_path: Path) -> None:
    with raw_http(tmp_path) as server:
        async with Connection("remote", server.url, delays_s=PATIENT) as connection:
            assert (await connection.call("read", {"call": "a"})).text == "read a"
            server.kill()
            server.start()
            assert (await connection.call("read", {"call": "b"})).text == "read b"


async def test_callers_of_a_server_over_http_that_dies_get_an_error_and_are_not_cancelled(tmp_path: Path) -> None:
    with raw_http(tmp_path) as server:
        async with Connection("remote", server.url, delays_s=PATIENT) as connection:
            await connection.tools()
            before = len(requests(tmp_path, "headers"))
            calling = asyncio.create_task(connection.call("write", {"call": "a", "sleep_s": 600}))
            assert await asyncio.to_thread(wait_for, lambda: len(requests(tmp_path, "headers")) > before)
            server.kill()
            with pytest.raises(ServerError, match="closed the connection"):
                await calling
            server.start()
            assert (await connection.call("read", {"call": "b"})).text == "read b"
    assert requests(tmp_path, "done") == ["read b"]
    task = asyncio.current_task()
    assert task is not None
    assert task.cancelling() == 0


async def test_a_server_that_is_not_there_is_one_error_for_all_who_wait(tmp_path: Path) -> None:
    async with Connection("gone", f"http://127.0.0.1:{free_port()}/mcp", delays_s=(0.0,)) as connection:
        errors = await asyncio.gather(*(connection.tools() for _ in range(10)), return_exceptions=True)
    assert {type(error) for error in errors} == {ServerError}
    assert len({id(error) for error in errors}) == 1
    assert "http" not in str(errors[0])


async def test_a_program_that_cannot_start_says_its_last_words(tmp_path: Path) -> None:
    target = StdioServerParameters(command=sys.executable, args=["-c", "raise SystemExit('the key is missing')"])
    async with Connection("broken", target, delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError, match="the key is missing"):
            await connection.tools()


async def test_a_program_that_is_not_there_is_a_server_error(tmp_path: Path) -> None:
    target = StdioServerParameters(command=str(tmp_path / "no-such-program"))
    async with Connection("absent", target, delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError, match="cannot be reached"):
            await connection.tools()


async def test_a_call_that_could_not_reach_its_server_says_so() -> None:
    async with Connection("gone", f"http://127.0.0.1:{free_port()}/mcp", delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError) as caught:
            await connection.call("add", {})
    assert not caught.value.sent


async def test_no_error_repeats_a_key_or_an_address(tmp_path: Path) -> None:
    target = HttpTarget(f"http://127.0.0.1:{free_port()}/mcp?key=hunter2hunter2", {"x-api-key": "hunter3hunter3"})
    last_words = "raise SystemExit('cannot log in at https://x/?a=1 with ' + __import__('os').environ['MY_TOKEN'])"
    child = StdioServerParameters(command=sys.executable, args=["-c", last_words], env={"MY_TOKEN": "hunter4hunter4"})
    for reached in (target, child):
        async with Connection("shy", reached, delays_s=(0.0,)) as connection:
            with pytest.raises(ServerError) as caught:
                await connection.tools()
        assert "hunter" not in str(caught.value)
        assert "://" not in str(caught.value)


async def test_a_connection_that_is_entered_again_while_it_closes_opens_again(tmp_path: Path) -> None:
    connection = Connection("frail", stdio(tmp_path / "log"))
    async with connection:
        first = (await connection.call("process", {})).text
        leaving = asyncio.create_task(connection.__aexit__(None, None, None))
        await asyncio.sleep(0)
        await connection.__aenter__()
        assert (await connection.call("process", {})).text != first
        await leaving
        assert (await connection.call("add", {"left": 1, "right": 1})).text == "2"


async def test_a_listener_hears_of_progress_only_in_its_own_call() -> None:
    server: MCPServer[Any] = MCPServer("steps")

    @server.tool()
    async def step(name: str, context: Context[Any, Any]) -> str:
        "One step."
        await context.report_progress(1, 2, name)
        return name

    heard: dict[str, list[str]] = {"a": [], "b": []}

    def listener(name: str) -> CallContext:
        return CallContext(on_progress=lambda progress: heard[name].append(progress.message))

    async with Connection("steps", server, era="legacy") as connection:
        await asyncio.gather(*(connection.call("step", {"name": name}, listener(name)) for name in "ab"))
        await connection.call("step", {"name": "c"})
    assert heard == {"a": ["a"], "b": ["b"]}
