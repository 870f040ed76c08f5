"""The client that the conformance suite tests: metier's own connection and login, driven through one scenario.

The suite passes the server's address as the last argument, and the scenario, its context (JSON) and the version of the
protocol in the environment.
"""

import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import httpx2

from metier.canonical import JSON
from metier.errors import MetierError
from metier.servers.connection import Connection
from metier.servers.definition import Era, Login
from metier.servers.oauth import make_auth
from metier.servers.source import Question, Reply
from metier.servers.target import HttpTarget

DOCUMENT = "https://conformance-test.local/client-metadata.json"  # the client id that the suite's servers know
NOT_OFFERED = ("auth/client-credentials-jwt", "auth/enterprise-managed-authorization", "auth/dpop", "auth/wif")
STAND_INS: Mapping[str, JSON] = {"integer": 0, "number": 0, "boolean": False, "object": {}, "array": [], "null": None}
Scene = Callable[[Connection], Awaitable[None]]


async def look(connection: Connection) -> None:
    """Lists the tools."""
    await connection.tools()


async def add(connection: Connection) -> None:
    """Has two numbers added."""
    await connection.call("add_numbers", {"a": 5, "b": 3})


async def reconnect(connection: Connection) -> None:
    """Makes a call whose stream is closed by the server before it answers."""
    await connection.call("test_reconnection", {})


async def fill_in(connection: Connection) -> None:
    """Makes a call that asks the user."""
    await connection.call("test_client_elicitation_defaults", {})


async def go_rounds(connection: Connection) -> None:
    """Makes calls that are answered by a question, with and without a state, and some that are not."""
    for tool in ("test_mrtr_echo_state", "test_mrtr_unrelated", "test_mrtr_no_state", "test_mrtr_no_result_type"):
        await connection.call(tool, {})


async def echo_schema(connection: Connection) -> None:
    """Sends a schema back as it was listed."""
    spec = next(spec for spec in await connection.tools() if spec.name == "json_schema_2020_12_tool")
    await connection.call("json_schema_echo", {"schema": dict(spec.input_schema)})


async def call_all(connection: Connection) -> None:
    """Calls every tool that is listed; a server may refuse."""
    for spec in await connection.tools():
        properties = spec.input_schema.get("properties", {})
        wanted = spec.input_schema.get("required", [])
        await try_to_call(
            connection, spec.name, {name: STAND_INS.get(properties[name].get("type"), "x") for name in wanted}
        )


async def call_named(connection: Connection) -> None:
    """Makes the calls that the scenario names, of the tools that are listed."""
    listed = {spec.name for spec in await connection.tools()}
    for wanted in context().get("toolCalls", []):
        if wanted["name"] in listed:
            await try_to_call(connection, wanted["name"], wanted.get("arguments") or {})


async def call_first(connection: Connection) -> None:
    """Calls the first tool; a server may refuse."""
    for spec in (await connection.tools())[:1]:
        await try_to_call(connection, spec.name, {})


SCENES: Mapping[str, Scene] = {
    "initialize": look,
    "json-schema-ref-no-deref": look,
    "json-schema-2020-12-preservation": echo_schema,
    "tools_call": add,
    "sse-retry": reconnect,
    "request-metadata": look,
    "http-standard-headers": add,
    "http-custom-headers": call_named,
    "http-invalid-tool-headers": call_all,
    "elicitation-sep1034-client-defaults": fill_in,
    "sep-2322-client-request-state": go_rounds,
}


async def try_to_call(connection: Connection, tool: str, arguments: Mapping[str, JSON]) -> None:
    """Calls `tool`, and says on standard error when that failed."""
    try:
        await connection.call(tool, arguments)
    except MetierError as error:
        sys.stderr.write(f"{tool}: {error}\n")


async def answer(question: Question) -> Reply:
    """Answers as a user who leaves a form as it is, and says yes to what has no default."""
    properties: Any = question.schema.get("properties", {})
    return Reply("accept", {name: field.get("default", True) for name, field in properties.items()})


def browse(url: str) -> None:
    """Logs in: the suite's page asks nobody and sends the browser back at once."""
    httpx2.get(url, follow_redirects=True).raise_for_status()


def login(scenario: str) -> Login:
    """Returns the login that the scenario provides for."""
    given = context()
    if scenario == "auth/client-credentials-basic":
        return Login("client_credentials", client_id=given["client_id"], client_secret=given["client_secret"])
    if given.get("client_id"):
        return Login(client_id=given["client_id"], client_secret=given.get("client_secret", ""))
    return Login(client_id=DOCUMENT)


def context() -> dict[str, Any]:
    """Returns what the suite says of the scenario."""
    found = json.loads(os.environ.get("MCP_CONFORMANCE_CONTEXT") or "{}")
    assert isinstance(found, dict)
    return found


def era(scenario: str) -> Era:
    """Returns how to connect: the suite's server of one scenario speaks only the older protocol whatever it says."""
    modern = os.environ.get("MCP_CONFORMANCE_PROTOCOL_VERSION", "") >= "2026"
    return "auto" if modern and scenario != "json-schema-ref-no-deref" else "legacy"


async def play(scenario: str, url: str, folder: Path) -> None:
    """Plays `scenario` against the server at `url`."""
    target = HttpTarget(url)
    if scenario.startswith("auth/"):
        target = HttpTarget(url, auth=make_auth("suite", url, login(scenario), folder=folder, open_browser=browse))
    scene = call_first if scenario.startswith("auth/") else SCENES[scenario]
    async with Connection("suite", target, era=era(scenario), ask=answer, delays_s=(0.0,)) as connection:
        await scene(connection)


def main() -> None:
    """Plays the scenario that the environment names; exits with 1 when it fails."""
    scenario = os.environ["MCP_CONFORMANCE_SCENARIO"]
    if scenario.startswith(NOT_OFFERED):
        sys.exit(f"metier does not offer {scenario}.")
    with tempfile.TemporaryDirectory() as folder:
        try:
            asyncio.run(play(scenario, sys.argv[-1], Path(folder)))
        except MetierError as error:
            sys.exit(f"{scenario}: {error}")


if __name__ == "__main__":
    main()
