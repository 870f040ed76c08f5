"""A server on this machine that speaks the shapes of the live sources over synthetic law, with faults to switch on.

The acts, sections and decisions are invented. The shapes are those of the reference; what of them is unconfirmed is
said in `metier_legal.live.endpoints`.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qs, urlsplit

JSON_KIND = "application/json; charset=utf-8"
XML_KIND = "application/xml;charset=UTF-8"
WALL = b"<!DOCTYPE html><html><body><h1>Are you a human? No such citation exists.</h1></body></html>"
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation">&b;</Legislation>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    b'<DIV8 N="9910.12" TYPE="SECTION"><HEAD>&a;</HEAD><P>&a;</P></DIV8>'
)


@dataclass(frozen=True)
class Asked:
    """A request as it came in."""

    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str]


@dataclass(frozen=True)
class Said:
    """An answer: status, media type, body and further headers."""

    body: bytes
    kind: str = JSON_KIND
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


Route = Callable[[Asked], Said | None]


@dataclass
class Replay:
    """The server: `requests` are all that came in, `fault` is the fault that is on, "" for none."""

    routes: dict[str, Route]
    fault: str = ""
    requests: list[Asked] = field(default_factory=list)
    sent_bytes: int = 0
    address: str = ""
    released: Event = field(default_factory=Event)
    lock: Lock = field(default_factory=Lock)

    @property
    def paths(self) -> list[str]:
        return [one.path for one in self.requests]

    def answer(self, asked: Asked) -> Said:
        with self.lock:
            self.requests.append(asked)
        if self.fault:
            return FAULTS[self.fault](self)
        for start, route in self.routes.items():
            if asked.path.startswith(start) and (said := route(asked)) is not None:
                return said
        return Said(b"{}", status=404)


def _hang(replay: Replay) -> Said:
    replay.released.wait(20)
    return Said(b"")


FAULTS: dict[str, Callable[[Replay], Said]] = {
    "patience": lambda _: Said(b"{}", status=429, headers={"Retry-After": "17"}),
    "impatience": lambda _: Said(b"{}", status=429),
    "broken": lambda _: Said(b"{}", status=500),
    "busy": lambda _: Said(b"{}", status=503, headers={"Retry-After": "9"}),
    "forbidden": lambda _: Said(WALL, "text/html", status=403),
    "wall": lambda _: Said(WALL, "text/html"),
    "cut": lambda _: Said(b'{"results": [{"clus', headers={"Content-Length": "5000"}),
    "short": lambda _: Said(b'{"results": [{"clus'),
    "moved": lambda _: Said(b"", status=302, headers={"Location": "http://192.0.2.1/steal"}),
    "huge": lambda _: Said(b"", headers={"X-Huge": "1"}),
    "charset": lambda _: Said('{"results": "é"}'.encode("utf-16-le")),
    "empty": lambda _: Said(b""),
    "null": lambda _: Said(b"null"),
    "hang": _hang,
}


class Handler(BaseHTTPRequestHandler):
    replay: Replay

    def do_GET(self) -> None:
        self._respond({})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self._respond(_flat(body))

    def _respond(self, form: Mapping[str, str]) -> None:
        parts = urlsplit(self.path)
        said = self.replay.answer(Asked(parts.path, _flat(parts.query), dict(self.headers), form))
        self.send_response(said.status)
        self.send_header("Content-Type", said.kind)
        for name, value in said.headers.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):  # the client had enough
            self._write(said)

    def _write(self, said: Said) -> None:
        self.wfile.write(said.body)
        if "X-Huge" in said.headers:
            for _ in range(200):
                self.wfile.write(b" " * (1 << 20))
                self.replay.sent_bytes += 1 << 20

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _flat(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}


@contextmanager
def serve(routes: dict[str, Route]) -> Iterator[Replay]:
    """Gives the server, which is being served."""
    replay = Replay(routes)
    bound = type("Bound", (Handler,), {"replay": replay})
    server = ThreadingHTTPServer(("127.0.0.1", 0), bound)
    replay.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        replay.released.set()
        server.shutdown()
        server.server_close()
        thread.join()


def say_json(value: object) -> Said:
    return Said(json.dumps(value).encode())


def say_xml(text: str) -> Said:
    return Said(text.encode(), XML_KIND)
