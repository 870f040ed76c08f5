"""A tool server in raw JSON-RPC over stdio, which starts in a few milliseconds because it imports nothing of MCP.

Usage: raw_stdio.py FOLDER [MANNER]. It notes its process number in FOLDER/pids and each execution of a tool in
FOLDER/done, one line each, as `TOOL CALL`. MANNER is how it misbehaves: one of MANNERS when its tool `misbehave` is
called, or another from the start. It speaks 2025-11-25.
"""

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FOLDER = Path(sys.argv[1])
MANNER = sys.argv[2] if len(sys.argv) > 2 else ""
MEBI = 1024 * 1024
_OUT = threading.Lock()


def note(file: str, line: str) -> None:
    with (FOLDER / file).open("a") as opened:
        opened.write(line + "\n")


def write(data: bytes) -> None:
    with _OUT:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()


def say(**message: Any) -> None:
    write(json.dumps({"jsonrpc": "2.0", **message}).encode() + b"\n")


def tool(name: str, *, repeatable: bool, **more: Any) -> dict[str, Any]:
    properties = {"call": {"type": "string"}, "sleep_s": {"type": "number"}}
    return {
        "name": name,
        "description": f"The tool {name}.",
        "inputSchema": {"type": "object", "properties": properties},
        "annotations": {"readOnlyHint": repeatable},
        **more,
    }


def listing(params: dict[str, Any]) -> dict[str, Any]:
    tools = [tool("read", repeatable=True), tool("write", repeatable=False), tool("misbehave", repeatable=True)]
    if MANNER == "endless-list":
        page = int(params.get("cursor", "0"))
        return {"tools": [tool(f"t{page}", repeatable=True)], "nextCursor": str(page + 1)}
    if MANNER == "bombs":  # a schema that takes 2^40 steps to hold a value to, and a pattern that takes as many
        bomb: dict[str, Any] = {f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}] * 2} for n in range(40)}
        bomb["s40"] = {"type": "object", "properties": {"a": {"pattern": "^(a+)+$"}}}
        tools[0]["outputSchema"] = {"type": "object", "$ref": "#/$defs/s0", "$defs": bomb}
    return {"tools": tools}


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"content": [{"type": "text", "text": words}], **more}


def call(number: int, params: dict[str, Any]) -> None:
    name, arguments = params["name"], params.get("arguments", {})
    if name == "misbehave":
        MANNERS[MANNER](number)
        return
    if sleep := arguments.get("sleep_s"):
        time.sleep(sleep / 2)
    note("done", f"{name} {arguments.get('call', '')}")
    if sleep:
        time.sleep(sleep / 2)
    result = text(f"{name} {arguments.get('call', '')}")
    if MANNER == "bombs":
        result["structuredContent"] = {"a": "a" * 40 + "!"}
    say(id=number, result=result)


def head_of(number: int) -> bytes:
    return b'{"jsonrpc":"2.0","id":%d,"result":{"content":[{"type":"text","text":"' % number


def silent(number: int) -> None:
    time.sleep(3600)


def huge(number: int) -> None:
    write(head_of(number))
    for _ in range(100):
        write(b"x" * MEBI)
    write(b'"}]}}\n')


def huge_with_id_last(number: int) -> None:
    write(b'{"result":{"content":[{"type":"text","text":"' + b"x" * 40 * MEBI + b'"}]},')
    write(b'"jsonrpc":"2.0","id":%d}\n' % number)


def endless(number: int) -> None:
    while True:
        write(b"x" * MEBI)


def deep(number: int) -> None:
    write(b'{"jsonrpc":"2.0","id":%d,"result":{"a":' % number + b"[" * 100_000 + b"]" * 100_000 + b"}}\n")


def broken_json(number: int) -> None:
    write(b'{"jsonrpc":"2.0","id":%d,"result":{"content":[\xff\xfe}}\n' % number)


def half_line(number: int) -> None:
    write(head_of(number)[:-20])
    os._exit(0)


def garbage(number: int) -> None:
    while True:
        write(os.urandom(4096) + b"\n")


def some_noise(number: int) -> None:
    write(b"INFO starting up\n\x00\x01\xff\n" * 100)
    say(id=number, result=text("through the noise"))


def twice(number: int) -> None:
    say(id=number + 1_000_000, result=text("never asked for"))
    say(id="seven", result=text("never asked for"))
    say(id=number, result=text("first"))
    say(id=number, result=text("second"))


def chatty(number: int) -> None:
    """Floods standard error, and says how far it is a hundred thousand times; the token of progress is the number."""
    sys.stderr.write(("noise " * 20 + "\n") * 20_000)
    start = b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":%d,'
    progress = start + b'"progress":%d,"message":"%s"}}\n'
    write(progress % (number, 0, b"\\u001b[31m" + b"x" * 5_000))
    for first in range(1, 100_001, 1_000):
        write(b"".join(progress % (number, n, b"on") for n in range(first, first + 1_000)))
    say(id=number, result=text("done talking"))


def flood(number: int) -> None:
    while True:
        say(method="notifications/message", params={"level": "info", "data": "x" * 100})


def nagging(number: int) -> None:
    for asked in range(1_000_000):
        say(id=f"q{asked}", method="ping", params={})


MANNERS: dict[str, Callable[[int], None]] = {
    "silent": silent,
    "huge": huge,
    "huge-with-id-last": huge_with_id_last,
    "endless": endless,
    "deep": deep,
    "broken-json": broken_json,
    "half-line": half_line,
    "garbage": garbage,
    "some-noise": some_noise,
    "twice": twice,
    "chatty": chatty,
    "flood": flood,
    "nagging": nagging,
}


def answer(message: dict[str, Any]) -> None:
    number, params = message["id"], message.get("params", {})
    match message["method"]:
        case "initialize":
            if MANNER == "never-ready":
                return
            info = {"protocolVersion": "2025-11-25", "capabilities": {"tools": {}}}
            say(id=number, result={**info, "serverInfo": {"name": "raw", "version": "1"}})
        case "tools/list":
            say(id=number, result=listing(params))
        case "tools/call" if MANNER == "nagging" and params["name"] == "misbehave":
            nagging(number)  # here, where it reads: it asks and does not listen
        case "tools/call":
            threading.Thread(target=call, args=(number, params), daemon=True).start()
        case _:
            say(id=number, error={"code": -32601, "message": "no such method"})


def main() -> None:
    note("pids", str(os.getpid()))
    if MANNER == "print-garbage":
        while True:
            write(os.urandom(4096) + b"\n")
    if MANNER == "stubborn":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        if line.strip():
            message = json.loads(line)
            if "id" in message and "method" in message:
                answer(message)
    if MANNER in ("stubborn", "deaf"):
        time.sleep(3600)
    os._exit(0)


if __name__ == "__main__":
    main()
