"""What a source says instead of an answer: who is to mend it, whether to wait, and that no key is ever told."""

import json
from pathlib import Path
from typing import Any

import pytest
from mcp import Client

from metier.errors import InputError, MissingError, NotCoveredError, ServerError
from metier.servers.result import FAILURE_KEY
from metier.toolkit import Settings
from metier_research.live.endpoints import access_of, interval_of, timeout_of
from metier_research.live.faults import PAUSE_S, fault_of
from metier_research.live.serving import CATALOGUES, ENGINES, WAYS, make_provider
from metier_research.pages.tools import read_hits
from tests.toolkits.research.live.conftest import KEYS, SEARCHES, Open, settings_of
from tests.toolkits.research.live.recorded import ANSWERS
from tests.toolkits.research.live.replay import Replay, Said

pytestmark = pytest.mark.anyio
SOURCES = {**ENGINES, **CATALOGUES}
KEYED = sorted(name for name, source in SOURCES.items() if source.needs_key)


def fault(name: str, status: int, body: Any = "", pause: float | None = None) -> Exception:
    return fault_of(SOURCES[name], status, json.dumps(body), retry_after_s=pause)


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("serper", 403, {"message": "Unauthorized.", "statusCode": 403}),
        ("serper_scholar", 403, {"message": "Unauthorized."}),
        ("brave", 422, {"type": "ErrorResponse", "error": {"code": "SUBSCRIPTION_TOKEN_INVALID", "detail": "No."}}),
        ("tavily", 401, {"detail": {"error": "Unauthorized: missing or invalid API key."}}),
        ("exa", 401, {"requestId": "0f", "error": "Invalid API key", "tag": "INVALID_API_KEY"}),
        ("semantic_scholar", 403, {"message": "Forbidden"}),
        ("openalex", 401, {"error": "Invalid key"}),
    ],
)
def test_a_refused_key_is_the_callers_to_mend_and_names_its_option(name: str, status: int, body: Any) -> None:
    error = fault(name, status, body)
    assert isinstance(error, MissingError)
    assert SOURCES[name].option in error.hint
    assert SOURCES[name].variable in error.hint


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("serper", 400, {"message": "Not enough credits", "statusCode": 400}),
        ("tavily", 432, {"detail": {"error": "This request exceeds your plan's set usage limit."}}),
        ("exa", 402, {"error": "You have exceeded your credits limit", "tag": "NO_MORE_CREDITS"}),
        ("openalex", 403, {"error": "Forbidden", "message": "Rate limit exceeded"}),
        ("searxng", 403, {}),
    ],
)
def test_a_source_that_will_not_serve_leaves_it_to_the_next(name: str, status: int, body: Any) -> None:
    assert isinstance(fault(name, status, body), NotCoveredError)


def test_a_source_that_was_asked_too_often_says_for_how_long_to_wait() -> None:
    body = {
        "type": "ErrorResponse",
        "error": {"code": "RATE_LIMITED", "detail": "Request rate limit exceeded for plan"},
    }
    told, untold = fault("brave", 429, body, 17.0), fault("semantic_scholar", 429)
    assert isinstance(told, ServerError)
    assert isinstance(untold, ServerError)
    assert (told.retry_after_s, untold.retry_after_s) == (17.0, PAUSE_S)
    assert "Request rate limit exceeded for plan" in str(told)


@pytest.mark.parametrize("status", [400, 404, 500, 503, 302])
@pytest.mark.parametrize("name", sorted(SOURCES))
def test_any_other_status_is_the_servers(name: str, status: int) -> None:
    error = fault(name, status)
    assert type(error) is ServerError
    assert str(status) in error.message


def test_a_source_without_keys_that_refuses_is_the_servers_fault() -> None:
    assert type(fault("arxiv", 403)) is ServerError


@pytest.mark.parametrize("body", ["", "[", "null", '{"error": 7}', '{"error": {}}', "[[[[[[[[[[]]]]]]]]]]", "<html>"])
def test_no_body_breaks_the_reading_of_an_error(body: str) -> None:
    assert isinstance(fault_of(SOURCES["exa"], 500, body, retry_after_s=None), ServerError)


@pytest.mark.parametrize("name", KEYED)
def test_without_a_key_nothing_is_opened(name: str, tmp_path: Path) -> None:
    source = SOURCES[name]
    with pytest.raises(MissingError, match="needs a key") as caught:
        access_of(source, WAYS[name].endpoint, Settings(tmp_path), environ={})
    assert source.option in caught.value.hint
    access = access_of(source, WAYS[name].endpoint, Settings(tmp_path), environ={source.variable: " k-2 "})
    assert access.key == "k-2"


def test_a_searxng_server_has_to_be_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="searxng_url"):
        make_provider("searxng", Settings(tmp_path))


def test_a_key_does_not_travel_in_the_clear(tmp_path: Path) -> None:
    options = {**KEYS, "openalex_url": "http://openalex.example"}
    with pytest.raises(InputError, match="without https"):
        make_provider("openalex", Settings(tmp_path, options))


def test_a_key_with_a_line_end_is_refused_without_being_told(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        make_provider("exa", Settings(tmp_path, {"exa_key": "secret\nHost: evil"}))
    assert "secret" not in str(caught.value)


def test_a_source_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="no live source 'bing'"):
        make_provider("bing", Settings(tmp_path))


@pytest.mark.parametrize("written", ["0", "51", "-1", "ten", "1e3", "٣"])
def test_a_number_of_hits_is_a_number(written: str) -> None:
    with pytest.raises(InputError):
        read_hits({"hits": written})


@pytest.mark.parametrize("written", ["0", "601", "nan", "soon"])
def test_a_time_limit_is_a_number(written: str, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        timeout_of(Settings(tmp_path, {"live_timeout_s": written}), 30.0)


def test_a_paid_plan_may_be_asked_faster_and_a_free_source_may_not(tmp_path: Path) -> None:
    faster = Settings(tmp_path, {"brave_interval_s": "0.05", "arxiv_interval_s": "0.05"})
    assert interval_of(SOURCES["brave"], faster, 1.05) == 0.05
    assert interval_of(SOURCES["arxiv"], faster, 3.0) == 3.0
    assert interval_of(SOURCES["arxiv"], Settings(tmp_path, {"arxiv_interval_s": "9"}), 3.0) == 9.0


@pytest.mark.parametrize("status", [400, 403, 429])
@pytest.mark.parametrize("name", KEYED)
async def test_a_key_that_a_source_repeats_is_not_told(live: Open, replay: Replay, name: str, status: int) -> None:
    key = KEYS[SOURCES[name].option]
    replay.answer = lambda _: Said({"error": f"The key {key} is wrong", "message": key}, status=status)
    async with live(name) as desk:
        result = await desk.call("search" if name in SEARCHES else "scholar", query=["salt", "roads"])
    assert result.is_error
    assert key not in result.model_dump_json()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (Said({}, status=401), "elsewhere"),
        (Said({}, status=500), "unavailable"),
        (Said({}, status=429, headers={"Retry-After": "17"}), "throttled"),
        (Said("<html>a wall</html>"), "unavailable"),
        (Said({}, status=302, headers={"Location": "http://192.0.2.1/steal"}), "unavailable"),
    ],
)
async def test_a_failed_call_says_whether_another_source_or_time_may_help(
    live: Open, replay: Replay, said: Said, kind: str
) -> None:
    replay.answer = lambda _: said
    async with live("tavily") as desk:
        result = await desk.call("search", query=["salt"])
    failure = (result.meta or {})[FAILURE_KEY]
    assert failure["kind"] == kind
    assert failure.get("retry_after_s") == (17.0 if kind == "throttled" else None)
    assert len(replay.requests) == 1, "a redirect is not followed"


async def test_the_longest_pause_stands_for_all_queries(live: Open, replay: Replay) -> None:
    pauses = {"one": "5", "two": "40"}
    replay.answer = lambda asked: Said({}, status=429, headers={"Retry-After": pauses[asked.words]})
    async with live("tavily") as desk:
        result = await desk.call("search", query=["one", "two"])
    assert (result.meta or {})[FAILURE_KEY]["retry_after_s"] == 40.0


async def test_a_dead_source_is_the_servers_fault(tmp_path: Path, replay: Replay) -> None:
    settings = settings_of(replay, tmp_path, exa_url="http://127.0.0.1:9")
    async with Client(make_provider("exa", settings)) as client:
        result = await client.call_tool("search", {"query": ["salt"]})
    assert (result.meta or {})[FAILURE_KEY]["kind"] == "unavailable"


async def test_a_query_is_data_in_the_request_and_nothing_else(live: Open, replay: Replay) -> None:
    query = "salt&kl=xx#frag\r\nX-Evil: 1"
    replay.answer = lambda _: Said(ANSWERS["duckduckgo"])
    async with live("duckduckgo") as desk:
        await desk.ask("search", query=[query])
    (asked,) = replay.requests
    assert asked.query == {"q": "salt&kl=xx#frag X-Evil: 1", "kl": "us-en"}
    assert "x-evil" not in asked.headers
