"""Each way in which a server can misbehave ends in a bounded failure that has a name."""

import logging
import subprocess
import sys
import time
import traceback
from pathlib import Path

import pytest

from metier.errors import InputError, MetierError, ServerError, ToolError
from metier.servers.connection import Connection
from metier.servers.source import CallContext, Progress
from metier.servers.target import HttpTarget
from tests.sdk.servers.faults.processes import HERE, raw_http, raw_stdio

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]

TOO_LONG = r"answered with more than 32 MiB"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.parametrize(
    ("manner", "said"),
    [
        ("silent", "did not answer misbehave within 1 s"),
        ("flood", "did not answer misbehave within 1 s"),
        ("huge", TOO_LONG),
        ("huge-with-id-last", TOO_LONG),
        ("endless", "(did not answer misbehave within 1 s|more than 32 MiB)"),
        ("deep", "not JSON, or is nested too deep"),
        ("broken-json", "not JSON, or is nested too deep"),
        ("half-line", "died during a call"),
        ("garbage", "writes other things than messages"),
        ("nagging", "more than 100 questions open"),
    ],
)
async def test_a_server_that_misbehaves_in_a_call_fails_with_a_name_and_is_used_again(
    tmp_path: Path, manner: str, said: str
) -> None:
    slow = manner in ("silent", "flood", "endless")
    target = raw_stdio(tmp_path, manner)
    async with Connection("raw", target, timeout_s=1 if slow else 30, delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError, match=said):
            await connection.call("misbehave", {})
        assert (await connection.call("read", {"call": "1"})).text == "read 1"


@pytest.mark.parametrize(("manner", "text"), [("some-noise", "through the noise"), ("twice", "first")])
async def test_lines_that_are_no_messages_and_answers_to_nothing_are_passed_over(
    tmp_path: Path, manner: str, text: str
) -> None:
    async with Connection("raw", raw_stdio(tmp_path, manner)) as connection:
        assert (await connection.call("misbehave", {})).text == text
        assert (await connection.call("read", {"call": "1"})).text == "read 1"


async def test_a_chatty_server_is_heard_as_much_as_a_person_can_follow(tmp_path: Path) -> None:
    heard: list[Progress] = []
    async with Connection("raw", raw_stdio(tmp_path, "chatty")) as connection:
        result = await connection.call("misbehave", {}, CallContext(on_progress=heard.append))
    assert result.text == "done talking"
    assert 1 <= len(heard) < 5_000
    assert (heard[0].server, heard[0].tool, heard[0].done) == ("raw", "misbehave", 0.0)
    assert len(heard[0].message) <= 500
    assert heard[0].message.isprintable()


async def test_a_server_that_never_gets_ready_is_an_error_after_the_time_allowed(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "never-ready"), connect_s=0.5, delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError, match=r"cannot be reached: it did not answer within 0\.5 s") as caught:
            await connection.tools()
    assert not caught.value.sent


async def test_a_program_that_is_no_server_is_named_at_once(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "print-garbage"), delays_s=(0.0, 60.0)) as connection:
        with pytest.raises(ServerError, match="other things than messages to its standard output"):
            await connection.tools()


async def test_a_list_of_tools_without_end_is_an_error(tmp_path: Path) -> None:
    async with Connection("raw", raw_stdio(tmp_path, "endless-list"), delays_s=(0.0,)) as connection:
        with pytest.raises(ServerError, match="lists its tools without end"):
            await connection.tools()


async def test_a_schema_that_takes_forever_to_hold_a_value_to_is_not_tried(tmp_path: Path) -> None:
    started = time.process_time()
    async with Connection("raw", raw_stdio(tmp_path, "bombs")) as connection:
        result = await connection.call("read", {"call": "1"})
    assert result.value == {"a": "a" * 40 + "!"}
    assert time.process_time() - started < 20


def test_memory_stays_bounded_when_answers_do_not(tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tests.sdk.servers.faults.greedy_client", str(tmp_path)],
        capture_output=True,
        text=True,
        timeout=55,
        cwd=HERE.parents[3],
    )
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) < 160  # MiB: one message, and the copies that reading it takes


@pytest.mark.parametrize(
    ("manner", "said", "hint"),
    [
        ("status=401", "does not know who asks", "metier mcp login raw"),
        ("status=403", "does not allow this", "check its key"),
        ("status=500", r"failed \(HTTP 500\)", ""),
        ("huge", TOO_LONG, ""),
        ("huge-event", TOO_LONG, ""),
        ("drip", "did not answer misbehave within 1 s", ""),
        ("cut", "closed the connection during a call", ""),
    ],
)
async def test_a_server_over_http_that_misbehaves_fails_with_a_name_and_is_used_again(
    tmp_path: Path, manner: str, said: str, hint: str
) -> None:
    timeout_s = 1 if manner == "drip" else 30
    with raw_http(tmp_path, manner) as server:
        async with Connection("raw", server.url, timeout_s=timeout_s, delays_s=(0.0,)) as connection:
            with pytest.raises(ServerError, match=said) as caught:
                await connection.call("misbehave", {})
            assert (await connection.call("read", {"call": "1"})).text == "read 1"
    assert hint in caught.value.hint


@pytest.mark.parametrize("manner", ["page", "garbage"])
async def test_an_answer_that_is_no_message_is_an_error_of_its_call(tmp_path: Path, manner: str) -> None:
    with raw_http(tmp_path, manner) as server:
        async with Connection("raw", server.url) as connection:
            with pytest.raises(MetierError, match="raw"):
                await connection.call("misbehave", {})
            assert (await connection.call("read", {"call": "1"})).text == "read 1"


async def test_a_throttle_says_how_long_to_wait_and_that_nothing_was_done(tmp_path: Path) -> None:
    with raw_http(tmp_path, "status=429:17") as server:
        async with Connection("raw", server.url) as connection:
            with pytest.raises(ServerError, match="asked too often") as caught:
                await connection.call("misbehave", {})
    assert (caught.value.retry_after_s, caught.value.sent) == (17.0, False)


async def test_a_server_that_is_down_for_a_while_says_when_it_is_back(tmp_path: Path) -> None:
    with raw_http(tmp_path, "status=503:Fri, 31 Dec 2100 23:59:59 GMT") as server:
        async with Connection("raw", server.url) as connection:
            with pytest.raises(ServerError, match="failed") as caught:
                await connection.call("misbehave", {})
    assert caught.value.retry_after_s is not None
    assert caught.value.retry_after_s > 1e9


async def test_no_header_follows_a_redirect_to_another_place(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with raw_http(tmp_path / "other") as other, raw_http(tmp_path, f"redirect={other.url}") as server:
        target = HttpTarget(server.url, {"x-api-key": "hunter2hunter2"})
        async with Connection("raw", target) as connection:
            with pytest.raises(ToolError, match="Redirect"):
                await connection.call("misbehave", {})
    assert not (tmp_path / "other" / "headers").exists()
    assert "hunter2hunter2" in (tmp_path / "headers").read_text()


async def test_a_session_that_a_restarted_server_does_not_know_is_begun_anew(tmp_path: Path) -> None:
    with raw_http(tmp_path, "no-session") as server:
        async with Connection("raw", server.url) as connection:
            with pytest.raises(MetierError):  # the second time it answers with an empty object
                await connection.call("misbehave", {})
    assert len((tmp_path / "said").read_text().split()) == 2


async def test_a_servers_no_to_a_call_is_not_taken_for_a_session_that_it_forgot(tmp_path: Path) -> None:
    with raw_http(tmp_path, "own-no") as server:
        async with Connection("raw", server.url) as connection:
            with pytest.raises(MetierError, match="booking session is over"):
                await connection.call("misbehave", {})
    assert (tmp_path / "said").read_text().split() == ["once"]


async def test_a_server_of_this_machine_is_not_asked_by_way_of_a_proxy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    with raw_http(tmp_path) as server:
        async with Connection("raw", server.url, delays_s=(0.0,)) as connection:
            assert (await connection.call("read", {"call": "1"})).text == "read 1"


async def test_what_a_server_wrote_is_neither_in_the_cause_of_an_error_nor_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with raw_http(tmp_path, "leak") as server:
        target = HttpTarget(f"{server.url}?ak=hunter2hunter2", {"x-api-key": "hunter2hunter2"})
        async with Connection("raw", target, delays_s=(0.0,)) as connection:
            with caplog.at_level(logging.DEBUG), pytest.raises(MetierError) as caught:
                await connection.call("misbehave", {})
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))
    assert "hunter2" not in caplog.text


async def test_a_header_that_cannot_be_sent_is_the_callers_fault_and_not_shown(tmp_path: Path) -> None:
    with raw_http(tmp_path) as server:
        target = HttpTarget(server.url, {"x-api-key": "hunter2\nhunter2"})
        async with Connection("raw", target, delays_s=(0.0,)) as connection:
            with pytest.raises(InputError, match="cannot be sent") as caught:
                await connection.tools()
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["", "no address", "ftp://host/mcp", "http://", "http://[::1/mcp", "file:///etc/passwd"]
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="address"):
        Connection("raw", url)
