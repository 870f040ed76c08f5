"""A configured service is asked at its address alone; keys go nowhere else and into no message."""

import json
from datetime import UTC, datetime

import pytest

from metier.errors import InputError, NotCoveredError, ServerError
from metier.testing import refuse_network
from metier_research.web.headers import media_type, pause_of
from metier_research.web.http import ask, ask_json, ask_text
from metier_research.web.policy import agent_of
from tests.toolkits.research.web.site import say, serving

pytestmark = pytest.mark.anyio
SECRET = "k-very-secret"


async def test_json_is_asked_for_with_a_query_and_headers_or_by_a_body() -> None:
    async with serving(
        lambda path, headers, body: say(json.dumps([path, headers.get("x-key"), body.decode()]).encode())
    ) as site:
        got = await ask_json(f"{site.here}/s?a=1", query={"q": "ü &"}, headers={"X-Key": SECRET}, timeout_s=30)
        sent = await ask_json(f"{site.here}/s", json={"问": [1]}, timeout_s=30)
    assert got == ["/s?a=1&q=%C3%BC+%26", SECRET, ""]
    assert sent == ["/s", None, '{"\\u95ee": [1]}']


@pytest.mark.parametrize(
    ("answer", "error", "told"),
    [
        (say(b"{}", 500), ServerError, "status 500"),
        (say(b"{}", 404), NotCoveredError, "status 404"),
        (say(b"{}", 401), ServerError, "wants a key"),
        (say(b"{}", 302, Location="http://127.0.0.1:1/"), ServerError, "redirects"),
        (say(b"<html>"), ServerError, "not JSON"),
        (say(b"NaN"), ServerError, "not JSON"),
        (say(b"[" * 100_000), ServerError, "not JSON"),
        (say(b"{}", Content_Encoding="br"), ServerError, "not asked for"),
    ],
)
async def test_what_is_no_answer_is_told_without_a_secret(answer: bytes, error: type[ServerError], told: str) -> None:
    async with serving(lambda *_: answer) as site:
        with pytest.raises(error, match=told) as caught:
            await ask_json(f"{site.here}/{SECRET}?key={SECRET}", headers={"X-Api-Key": SECRET}, timeout_s=30)
    assert SECRET not in f"{caught.value!r} {caught.value}"
    assert len(site.asked) == 1


async def test_every_status_is_an_answer_to_who_reads_it_himself() -> None:
    async with serving(lambda *_: say(b"slow down", 429, Retry_After="3")) as site:
        got = await ask(f"{site.here}/x?key={SECRET}", timeout_s=30)
    assert (got.status, got.body, got.retry_after_s) == (429, b"slow down", 3)


async def test_text_is_read_in_its_charset() -> None:
    async with serving(lambda *_: say("é".encode("latin-1"), Content_Type="text/xml; charset=ISO-8859-1")) as site:
        assert await ask_text(f"{site.here}/", timeout_s=30) == "é"
    async with serving(lambda *_: say("é".encode("latin-1"), Content_Type="text/xml")) as site:
        with pytest.raises(ServerError, match="no text"):
            await ask_text(f"{site.here}/", timeout_s=30)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/", "http://169.254.169.254/", "https://[fd00::1]:9200/", "ftp://127.0.0.1/"]
)
async def test_a_service_on_a_private_network_must_be_named(url: str) -> None:
    with refuse_network(), pytest.raises(InputError):
        await ask_json(url, timeout_s=30)


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key", "x-subscription-token", "Cookie"])
async def test_a_key_is_not_sent_in_the_clear(name: str) -> None:
    with refuse_network(), pytest.raises(InputError, match="without https") as caught:
        await ask_json("http://api.site.example/", headers={name: SECRET}, timeout_s=30)
    assert SECRET not in str(caught.value)


def test_headers_mean_what_they_say_or_nothing() -> None:
    assert media_type('Text/HTML ; Charset="UTF-8"; x=y') == ("text/html", "utf-8")
    assert media_type("nonsense") == ("", "")
    assert media_type("") == ("", "")
    now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    assert pause_of("120", now) == 120
    assert pause_of("Thu, 26 Nov 2026 12:00:30 GMT", now) == 30
    assert pause_of("Thu, 26 Nov 2020 12:00:30 GMT", now) == 0
    assert pause_of("9" * 40, now) == 86_400
    assert [pause_of(written, now) for written in ("", "soon", "-5", "1e3", "²")] == [None] * 5


def test_the_agent_names_this_toolkit_and_who_answers_for_it() -> None:
    assert agent_of().startswith("metier-research/")
    assert agent_of("mailto:me@site.example").endswith(" (+mailto:me@site.example)")
    with pytest.raises(InputError):
        agent_of("me\r\nX: y")
