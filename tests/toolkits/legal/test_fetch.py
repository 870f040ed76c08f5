"""JSON is asked for at the one address given: what fails is said in one line, without a secret."""

import json
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from metier.errors import InputError, ServerError
from metier_legal import fetch
from metier_legal.fetch import post_json

SECRET = "sk-very-secret"
Serve = Callable[[Callable[[BaseHTTPRequestHandler], None]], str]


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[tuple[ThreadingHTTPServer, Thread]] = []

    def start(answer: Callable[[BaseHTTPRequestHandler], None]) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                answer(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        started.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/{SECRET}?key={SECRET}"

    yield start
    for server, thread in started:
        server.shutdown()
        thread.join()
        server.server_close()


def say(status: int, body: bytes, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers["Content-Length"]))
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def test_the_answer_is_the_json_and_the_body_and_headers_are_sent(serve: Serve) -> None:
    def echo(handler: BaseHTTPRequestHandler) -> None:
        body = json.loads(handler.rfile.read(int(handler.headers["Content-Length"])))
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(json.dumps([body, handler.headers["X-Key"]]).encode())

    assert post_json(serve(echo), {"问": [1]}, timeout_s=10, headers={"X-Key": "k"}) == [{"问": [1]}, "k"]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (say(500, b"{}"), "status 500"),
        (say(404, b"{}"), "status 404"),
        (say(302, b"", Location="http://127.0.0.1:1/"), "redirects"),
        (say(200, b"<html>"), "not JSON"),
        (say(200, b"NaN"), "not JSON"),
        (say(200, b"[" * 100_000), "not JSON"),
        (say(200, b"{}", **{"Content-Encoding": "gzip"}), "broke off"),
    ],
)
def test_what_fails_is_told_without_a_secret(
    serve: Serve, answer: Callable[[BaseHTTPRequestHandler], None], told: str
) -> None:
    with pytest.raises(ServerError, match=told) as caught:
        post_json(serve(answer), {}, timeout_s=10, headers={"Authorization": f"Bearer {SECRET}"})
    assert SECRET not in str(caught.value)
    assert caught.value.hint


def test_an_answer_that_is_too_large_is_not_read(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "MOST_BYTES", 1000)
    with pytest.raises(ServerError, match="more than 1000 bytes"):
        post_json(serve(say(200, b" " * 5000)), {}, timeout_s=10)


def test_a_silent_server_is_not_waited_for(serve: Serve) -> None:
    done = Event()
    address = serve(lambda handler: done.wait(20) and None)
    try:
        with pytest.raises(ServerError, match=r"did not answer within 0\.2 s"):
            post_json(address, {}, timeout_s=0.2)
    finally:
        done.set()


def test_a_server_that_is_not_there_is_told() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    server.server_close()
    with pytest.raises(ServerError, match="cannot be reached"):
        post_json(f"http://127.0.0.1:{server.server_port}/", {}, timeout_s=2)


def test_a_header_that_cannot_be_sent_is_told_without_a_secret(serve: Serve) -> None:
    with pytest.raises(ServerError) as caught:
        post_json(serve(say(200, b"{}")), {}, timeout_s=2, headers={"Authorization": f"{SECRET}\n密"})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("url", ["", "ftp://x/", "no url", "http://", f"http://user:{SECRET}@x/", "http://[::1"])
def test_an_address_that_cannot_be_used_is_the_callers(url: str) -> None:
    with pytest.raises(InputError) as caught:
        post_json(url, {}, timeout_s=1)
    assert SECRET not in str(caught.value)
