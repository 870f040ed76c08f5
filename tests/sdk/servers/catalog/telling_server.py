"""A stdio server with one tool, which tells its arguments, environment and folder. Bare JSON-RPC, to be quick."""

import json
import os
import sys

TOOL = {
    "name": "tell",
    "description": "Tells.",
    "inputSchema": {"type": "object"},
    "annotations": {"readOnlyHint": True},
}


def answer(method: str, params: dict[str, object]) -> dict[str, object] | None:
    if method == "initialize":
        info = {"name": "telling", "version": "1"}
        return {"protocolVersion": params["protocolVersion"], "capabilities": {"tools": {}}, "serverInfo": info}
    if method == "tools/list":
        return {"tools": [TOOL]}
    if method == "tools/call":
        told = {"args": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()}
        return {"content": [{"type": "text", "text": "told"}], "structuredContent": told}
    return None


for line in sys.stdin:
    message = json.loads(line)
    if "id" not in message:
        continue
    result = answer(message["method"], message.get("params") or {})
    reply = {"result": result} if result is not None else {"error": {"code": -32601, "message": "no such method"}}
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": message["id"], **reply}) + "\n")
    sys.stdout.flush()
