"""A tool server in raw JSON-RPC over HTTP, which starts fast because it imports nothing of MCP. Like raw_stdio.py.

Usage: raw_http.py FOLDER PORT [MANNER]. It has sessions, which it forgets when it dies, and speaks 2025-11-25.
"""

import json
import secrets
import sys
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

FOLDER, PORT = Path(sys.argv[1]), int(sys.argv[2])
MANNER = sys.argv[3] if len(sys.argv) > 3 else ""
SESSION = secrets.token_hex(8)
MEBI = 1024 * 1024


def note(file: str, line: str) -> None:
    with (FOLDER / file).open("a") as opened:
        opened.write(line + "\n")


def tool(name: str, *, repeatable: bool) -> dict[str, Any]:
    return {
        "name": name,
        "description": f"The tool {name}.",
        "inputSchema": {"type": "object", "properties": {"call": {"type": "string"}}},
        "annotations": {"readOnlyHint": repeatable},
    }


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    number = 0

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_GET(self) -> None:
        self.refuse(405)

    do_DELETE = do_GET

    def do_POST(self) -> None:
        message = json.loads(self.rfile.read(int(self.headers["content-length"])))
        note("headers", json.dumps({name.lower(): value for name, value in self.headers.items()}))
        method, number = message["method"], message.get("id")
        if number is None:
            self.refuse(202)
        elif method == "initialize":
            info = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}}
            self.say(number, {**info, "serverInfo": {"name": "raw", "version": "1"}}, ("mcp-session-id", SESSION))
        elif method == "server/discover" or self.headers.get("mcp-session-id") != SESSION:
            self.refuse(404)
        elif method == "tools/list":
            names = {"read": True, "write": False, "misbehave": True}
            self.say(number, {"tools": [tool(name, repeatable=names[name]) for name in names]})
        else:
            self.call(number, message["params"])

    def call(self, number: int, params: dict[str, Any]) -> None:
        if params["name"] == "misbehave":
            self.misbehave(number)
            return
        sleep, name = params["arguments"].get("sleep_s", 0), f"{params['name']} {params['arguments'].get('call', '')}"
        time.sleep(sleep / 2)
        note("done", name)
        time.sleep(sleep / 2)
        self.say(number, {"content": [{"type": "text", "text": name}]})

    def misbehave(self, number: int) -> None:
        self.number = number
        kind, _, detail = MANNER.partition("=")
        MANNERS[kind](self, detail)

    def say(self, number: int, result: dict[str, Any], *headers: tuple[str, str]) -> None:
        body = json.dumps({"jsonrpc": "2.0", "id": number, "result": result}).encode()
        self.start(200, "application/json", *headers, length=len(body))
        self.wfile.write(body)

    def refuse(self, status: int, *headers: tuple[str, str]) -> None:
        self.start(status, "text/plain", *headers, length=0)

    def start(self, status: int, kind: str, *headers: tuple[str, str], length: int | None = None) -> None:
        self.send_response(status)
        size = ("transfer-encoding", "chunked") if length is None else ("content-length", str(length))
        for name, value in (("content-type", kind), size, *headers):
            self.send_header(name, value)
        self.end_headers()

    def piece(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))


def status(handler: Handler, detail: str) -> None:
    number, _, pause = detail.partition(":")
    handler.refuse(int(number), *([("retry-after", pause)] if pause else []))


def huge(handler: Handler, detail: str) -> None:
    handler.start(200, "application/json", length=100 * MEBI)
    for _ in range(100):
        handler.wfile.write(b" " * MEBI)


def huge_event(handler: Handler, detail: str) -> None:
    handler.start(200, "text/event-stream")
    handler.piece(b"event: message\ndata: ")
    for _ in range(100):
        handler.piece(b"x" * MEBI)


def drip(handler: Handler, detail: str) -> None:
    handler.start(200, "text/event-stream")
    while True:
        handler.piece(b": still there\n\n")
        time.sleep(0.01)


def page(handler: Handler, detail: str) -> None:
    body = b"<h1>Hello</h1>"
    handler.start(200, "text/html", length=len(body))
    handler.wfile.write(body)


def garbage(handler: Handler, detail: str) -> None:
    handler.start(200, "application/json", length=4)
    handler.wfile.write(b"\xff\xfe{[")


def cut(handler: Handler, detail: str) -> None:
    handler.start(200, "application/json", length=1000)
    handler.wfile.write(b'{"jsonrpc"')
    handler.close_connection = True


def redirect(handler: Handler, detail: str) -> None:
    handler.refuse(307, ("location", detail))


def own_no(handler: Handler, detail: str) -> None:
    """Says no to the very call, in words that also servers use that do not know the session."""
    note("said", "once")
    error = {"code": -32000, "message": "Your booking session is over."}
    body = json.dumps({"jsonrpc": "2.0", "id": handler.number, "error": error}).encode()
    handler.start(400, "application/json", length=len(body))
    handler.wfile.write(body)


def no_session(handler: Handler, detail: str) -> None:
    """Says once, as servers of the TypeScript SDK do after a restart, that it does not know the session."""
    first = not (FOLDER / "said").exists()
    note("said", "once")
    error = {"code": -32000, "message": "Bad Request: No valid session ID provided"}
    body = json.dumps({"jsonrpc": "2.0", "id": None, "error": error} if first else {}).encode()
    handler.start(400 if first else 200, "application/json", length=len(body))
    handler.wfile.write(body)


def leak(handler: Handler, detail: str) -> None:
    """Answers with an error of its own make, and the key of the request in it."""
    body = json.dumps({"message": f"bad key {handler.headers['x-api-key']}"}).encode()
    handler.start(200, "application/json", length=len(body))
    handler.wfile.write(body)


MANNERS: dict[str, Callable[[Handler, str], None]] = {
    "status": status,
    "huge": huge,
    "huge-event": huge_event,
    "drip": drip,
    "page": page,
    "garbage": garbage,
    "cut": cut,
    "redirect": redirect,
    "no-session": no_session,
    "own-no": own_no,
    "leak": leak,
}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


if __name__ == "__main__":
    server = Server(("127.0.0.1", PORT), Handler)
    note("pids", str(server.server_port))
    print(server.server_port, flush=True)  # noqa: T201 - how the test learns the port
    server.serve_forever()
