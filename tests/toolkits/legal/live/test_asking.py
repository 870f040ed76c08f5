"""What a server says to a request is handed on as it is: an answer, a redirect not followed, or a failure."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from metier.errors import InputError, ServerError
from metier_legal.fetch import PAUSE_S, ask, read_json
from tests.toolkits.legal.live.replay import Replay, Said, serve

SECRET = "sk-very-secret"


@pytest.fixture
def server() -> Iterator[Replay]:
    with serve({}) as made:
        yield made


def said(server: Replay, answer: Said) -> str:
    server.routes["/"] = lambda _: answer
    return f"{server.address}/{SECRET}"


def test_query_form_and_headers_are_sent_as_data(server: Replay) -> None:
    url = said(server, Said(b"[1]"))
    reply = ask(url, timeout_s=10, query={"q": "a&b=c#d é"}, headers={"X-Key": "k"})
    ask(url, timeout_s=10, form={"text": "a&b=c"})
    first, second = server.requests
    assert (read_json(reply), reply.kind) == ([1], "application/json")
    assert (first.query, first.headers["X-Key"]) == ({"q": "a&b=c#d é"}, "k")
    assert second.form == {"text": "a&b=c"}


def test_not_found_is_an_answer_and_a_redirect_is_not_followed(server: Replay) -> None:
    assert ask(said(server, Said(b"", status=404)), timeout_s=10).is_missing
    moved = ask(said(server, Said(b"", status=302, headers={"Location": "http://192.0.2.1/"})), timeout_s=10)
    assert (moved.is_redirect, moved.location, len(server.requests)) == (True, "http://192.0.2.1/", 2)


@pytest.mark.parametrize(
    ("told", "least", "most"),
    [
        ("30", 30.0, 30.0),
        ("", PAUSE_S, PAUSE_S),
        ("soon", PAUSE_S, PAUSE_S),
        ("-5", PAUSE_S, PAUSE_S),
        ("9" * 40, 86_400.0, 86_400.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0, 0.0),
    ],
)
def test_the_pause_that_a_server_asks_for_is_told(server: Replay, told: str, least: float, most: float) -> None:
    url = said(server, Said(b"", status=429, headers={"Retry-After": told}))
    with pytest.raises(ServerError, match="asked too often") as caught:
        ask(url, timeout_s=10)
    assert caught.value.retry_after_s is not None
    assert least <= caught.value.retry_after_s <= most
    assert SECRET not in str(caught.value)


def test_the_pause_may_be_told_as_a_date(server: Replay) -> None:
    in_an_hour = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    url = said(server, Said(b"", status=429, headers={"Retry-After": in_an_hour}))
    with pytest.raises(ServerError) as caught:
        ask(url, timeout_s=10)
    assert caught.value.retry_after_s == pytest.approx(3_600, abs=600)


@pytest.mark.parametrize("status", [201, 202, 300, 400, 401, 403, 500, 502])
def test_what_is_neither_an_answer_nor_missing_is_a_failure(server: Replay, status: int) -> None:
    url = said(server, Said(b"{}", status=status))
    if status == 300:
        assert ask(url, timeout_s=10).is_redirect
        return
    with pytest.raises(ServerError, match=f"status {status}") as caught:
        ask(url, timeout_s=10)
    assert caught.value.sent
    assert SECRET not in str(caught.value)


def test_a_server_that_was_not_reached_got_nothing() -> None:
    with serve({}) as gone:
        address = gone.address
    with pytest.raises(ServerError, match="cannot be reached") as caught:
        ask(address, timeout_s=2)
    assert not caught.value.sent


@pytest.mark.parametrize("url", ["", "file:///etc/passwd", f"http://user:{SECRET}@x/"])
def test_an_address_that_cannot_be_used_is_the_callers(url: str) -> None:
    with pytest.raises(InputError) as caught:
        ask(url, timeout_s=1)
    assert SECRET not in str(caught.value)
