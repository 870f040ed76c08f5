"""A server on this machine that answers in the shapes of the live sources."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass(frozen=True)
class Asked:
    """A request as it came in: `words` is the query that it searches for, in whichever field."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def words(self) -> str:
        for fields in (self.body, self.query):
            for name in ("q", "query", "search", "search_query"):
                if name in fields:
                    return str(fields[name])
        return ""


@dataclass(frozen=True)
class Said:
    """An answer: JSON, or text as it is."""

    value: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def written(self) -> bytes:
        return (self.value if isinstance(self.value, str) else json.dumps(self.value)).encode()


@dataclass
class Replay:
    """The server: `answer` decides what is said, `requests` are all that came in."""

    answer: Callable[[Asked], Said]
    address: str = ""
    requests: list[Asked] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


class Handler(BaseHTTPRequestHandler):
    replay: Replay

    def do_GET(self) -> None:
        self._respond({})

    def do_POST(self) -> None:
        self._respond(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

    def _respond(self, body: Mapping[str, Any]) -> None:
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query, keep_blank_values=True).items()}
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, parts.path, query, headers, body)
        with self.replay.lock:
            self.replay.requests.append(asked)
        said = self.replay.answer(asked)
        with suppress(OSError):  # the client had enough
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.written)))
            self.end_headers()
            self.wfile.write(said.written)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def serve(answer: Callable[[Asked], Said]) -> Iterator[Replay]:
    """Gives the server, which is being served."""
    replay = Replay(answer)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"replay": replay}))
    replay.address = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield replay
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
