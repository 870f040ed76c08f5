"""A tool server for tests that starts at once: no library, only lines of JSON. Usage: tiny_server.py TOOLS.json [DIE]

What it lists is in the file, read at each start. A call gives back its arguments; `fail` fails, `tell_key` tells the
environment variable KEY, and `ask` asks the user for a city first.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

LISTED = json.loads(Path(sys.argv[1]).read_text())


def send(message: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", **message}) + "\n")
    sys.stdout.flush()


def ask() -> str:
    """Returns what the user answered, as JSON."""
    schema = {
        "type": "object",
        "properties": {"city": {"type": "string", "title": "Which city"}, "days": {"type": "integer"}},
        "required": ["city"],
    }
    send({"id": "q1", "method": "elicitation/create", "params": {"message": "Where to?", "requestedSchema": schema}})
    for line in sys.stdin:
        message = json.loads(line)
        if message.get("id") == "q1":
            return json.dumps(message.get("result", message.get("error")))
    return ""


def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    if name == "tell_key":
        text = f"the key is {os.environ.get('KEY')}"
    elif name == "ask":
        text = ask()
    else:
        text = json.dumps(arguments, ensure_ascii=False)
    result: dict[str, Any] = {"content": [{"type": "text", "text": text}], "isError": name == "fail"}
    if name == "forecast":
        result["structuredContent"] = {"sky": "sunny", "for": arguments}
    return result


def answer(message: dict[str, Any]) -> dict[str, Any]:
    match message["method"]:
        case "initialize":
            info = {"name": "tiny", "version": "1"}
            version = message["params"]["protocolVersion"]
            return {"result": {"protocolVersion": version, "capabilities": {"tools": {}}, "serverInfo": info}}
        case "tools/list":
            return {"result": {"tools": LISTED}}
        case "tools/call":
            return {"result": call(message["params"]["name"], message["params"].get("arguments") or {})}
        case "ping":
            return {"result": {}}
        case _:
            return {"error": {"code": -32601, "message": "no such method"}}


if len(sys.argv) > 2:
    sys.exit("it is broken")
for line in sys.stdin:
    message = json.loads(line)
    if "id" in message and "method" in message:
        send({"id": message["id"], **answer(message)})
