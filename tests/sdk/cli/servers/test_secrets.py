"""A secret goes to the keyring or stays in the environment: no file, no output and no error of metier has it."""

import sys
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from typer.testing import Result

from metier.servers.catalog import Catalog
from metier.servers.definition import Definition, Endpoint, Login
from metier.servers.oauth.store import Saved, token_file, write_file
from tests.sdk.cli.environment import Environment
from tests.sdk.cli.servers.conftest import FORECAST, Listing, Memory, tool

Metier = Callable[..., Result]

VALUE = "v4lue-0f-the-s3cret"


@pytest.fixture
def nowhere(tmp_path: Path, surroundings: Path) -> Callable[..., None]:
    """Checks that the value of the secret is in no file that metier wrote, and in none of the outputs."""

    def check(*said: Result) -> None:
        for file in (*(tmp_path / "home").rglob("*"), *surroundings.rglob("*")):
            assert not file.is_file() or VALUE.encode() not in file.read_bytes(), file
        for one in said:
            assert VALUE not in one.output

    return check


Nowhere = Callable[..., None]


def test_a_secret_in_the_environment_goes_to_the_keyring_and_from_there_to_the_server(
    metier: Metier, listing: Listing, vault: Memory, nowhere: Nowhere, environment: Environment
) -> None:
    environment.set("KEY", VALUE)
    added = metier("mcp", "add", "tiny", "--yes", "--secret", "KEY", *listing(tool("tell_key")))
    assert (added.exit_code, vault.kept) == (0, {"KEY": VALUE})
    assert "In the keyring: KEY." in added.stdout
    environment.drop("KEY")
    called = metier("mcp", "call", "tiny", "tell_key")
    assert called.stdout == "the key is [secret]\n"
    as_json = metier("mcp", "call", "tiny", "tell_key", "--json")
    assert "[secret]" in as_json.stdout
    nowhere(added, called, as_json, metier("mcp", "show", "tiny"), metier("mcp", "list"), metier("mcp", "export"))


def test_without_a_keyring_the_definition_refers_to_the_environment_and_says_so(
    metier: Metier, listing: Listing, nowhere: Nowhere, tmp_path: Path, environment: Environment
) -> None:
    added = metier("mcp", "add", "tiny", "--yes", "--env", f"KEY={VALUE}", *listing(tool("tell_key")))
    assert added.exit_code == 0
    assert "Set this before you use it: export KEY=...\n" in added.stdout
    assert '"${KEY}"' in (tmp_path / "home" / "metier.toml").read_text()
    missing = metier("mcp", "call", "tiny", "tell_key")
    assert (missing.exit_code, "export KEY=" in missing.stderr) == (2, True)
    environment.set("KEY", VALUE)
    called = metier("mcp", "call", "tiny", "tell_key")
    assert called.stdout == "the key is [secret]\n"
    again = metier("mcp", "add", "tiny", "--yes", "--replace", "--secret", "KEY", *listing(tool("tell_key")))
    assert "Set this" not in again.stdout
    nowhere(added, missing, called, again)


def test_a_secret_in_a_header_an_argument_or_an_address_is_taken_out(
    metier: Metier, vault: Memory, nowhere: Nowhere
) -> None:
    address = f"http://far.example/mcp?api_key={VALUE}"
    said = metier("mcp", "add", "far", "--url", address, "--header", f"Authorization=Bearer {VALUE}x")
    assert (said.exit_code, "over http, where others can read them" in said.stderr) == (1, True)
    assert sorted(vault.kept.values()) == [VALUE, f"{VALUE}x"]
    nowhere(said, metier("mcp", "show", "far"), metier("mcp", "list"))


def test_two_servers_with_secrets_of_one_name_keep_each_their_own(
    metier: Metier, listing: Listing, vault: Memory, environment: Environment
) -> None:
    for name, value in (("one", VALUE), ("two", f"{VALUE}2"), ("three", VALUE)):
        environment.set("KEY", value)
        metier("mcp", "add", name, "--secret", "KEY", "--", "no-such-program")
    assert vault.kept == {"KEY": VALUE, "two.KEY": f"{VALUE}2"}
    metier("mcp", "remove", "one", "--yes")
    metier("mcp", "remove", "two", "--yes")
    assert vault.kept == {"KEY": VALUE}
    said = metier("mcp", "remove", "three", "--yes")
    assert "Deleted from the keyring: KEY." in said.stdout
    assert vault.kept == {}


def test_a_projects_file_never_refers_to_the_keyring(
    metier: Metier, listing: Listing, vault: Memory, nowhere: Nowhere, surroundings: Path
) -> None:
    (surroundings / ".git").mkdir()
    said = metier("mcp", "add", "tiny", "--yes", "--scope", "project", "--env", f"KEY={VALUE}", *listing())
    assert (said.exit_code, vault.kept) == (0, {})
    assert '"${KEY}"' in (surroundings / "metier.toml").read_text()
    nowhere(said)


def test_the_secrets_of_an_imported_file_are_taken_out_and_its_servers_are_not_started(
    metier: Metier, vault: Memory, nowhere: Nowhere, tmp_path: Path
) -> None:
    file = tmp_path / "claude.json"
    file.write_text(
        '{"mcpServers": {"one": {"command": "no-such-program", "env": {"API_KEY": "' + VALUE + '", "MODE": "a"}},'
        '"two": {"type": "http", "url": "https://two.example/mcp"}, "old": {"type": "sse", "url": "https://o.example"}}}'
    )
    said = metier("mcp", "import", str(file))
    assert said.exit_code == 1
    assert said.stderr.startswith("metier: old was not registered: ")
    assert said.stderr.count("\n") == 1
    assert vault.kept == {"API_KEY": VALUE}
    nowhere(said)
    assert [line.split()[0] for line in metier("mcp", "list").stdout.splitlines()] == ["Server", "one", "two"]
    exported = metier("mcp", "export")
    assert '"API_KEY": "${API_KEY}"' in exported.stdout
    nowhere(exported)
    out = tmp_path / "out.json"
    assert metier("mcp", "export", "--out", str(out)).exit_code == 0
    assert metier("mcp", "export", "--out", str(out)).exit_code == 2
    assert out.read_text() == exported.stdout
    again = metier("mcp", "import", str(out), "--only", "two")
    assert (again.exit_code, "two was not registered" in again.stderr) == (1, True)
    assert metier("mcp", "import", str(out), "--only", "two", "--replace").exit_code == 0
    assert metier("mcp", "import", str(out), "--only", "three").exit_code == 2


def test_a_secret_that_was_written_into_a_file_by_hand_is_not_shown(
    metier: Metier, surroundings: Path, tmp_path: Path
) -> None:
    (surroundings / ".mcp.json").write_text(
        '{"mcpServers": {"one": {"command": "npx", "args": ["--token", "'
        + VALUE
        + '"], "env": {"API_KEY": "'
        + VALUE
        + '"}}}}'
    )
    for command in (("list",), ("show", "one"), ("trust", "--yes"), ("list",), ("show", "one"), ("export",)):
        assert VALUE not in metier("mcp", *command).output


def test_a_secret_is_stored_from_standard_input_and_dropped(metier: Metier, vault: Memory) -> None:
    said = metier("mcp", "secret", "KEY", stdin=f"{VALUE}\n")
    assert (said.exit_code, vault.kept) == (0, {"KEY": VALUE})
    assert VALUE not in said.output
    assert metier("mcp", "secret", "EMPTY", stdin="\n").exit_code == 2
    assert metier("mcp", "secret", "KEY", "--forget").exit_code == 0
    assert vault.kept == {}
    assert metier("mcp", "secret", "KEY", "--forget").exit_code == 2


def test_a_server_json_is_filled_in_and_its_secret_is_kept_apart(
    metier: Metier, vault: Memory, nowhere: Nowhere, tmp_path: Path, environment: Environment
) -> None:
    environment.set("PATH", str(tmp_path))
    file = tmp_path / "server.json"
    file.write_text(
        '{"name": "io.example/maps", "description": "Maps.", "version": "1.0.0", "packages": [{"registryType": "npm",'
        '"identifier": "@example/maps; touch x", "version": "1.0.0", "transport": {"type": "stdio"}}]}'
    )
    assert metier("mcp", "add", "maps", "--server-json", str(file)).exit_code == 2
    file.write_text(
        '{"name": "io.example/maps", "description": "Maps.", "version": "1.0.0", "packages": [{"registryType": "npm",'
        '"identifier": "@example/maps", "version": "1.0.0", "transport": {"type": "stdio"},'
        '"environmentVariables": [{"name": "MAPS_KEY", "isRequired": true, "isSecret": true}, {"name": "MODE"}]}]}'
    )
    said = metier("mcp", "add", "maps", "--server-json", str(file), "--env", f"MAPS_KEY={VALUE}", "--env", "MODE=$(id)")
    assert said.exit_code == 1
    assert "npx, which" not in said.stdout
    assert "nodejs.org" in said.stderr
    assert vault.kept == {"MAPS_KEY": VALUE}
    assert "MODE=$(id)" in metier("mcp", "show", "maps").stdout
    nowhere(said)


def test_a_projects_servers_wait_until_they_are_trusted_and_again_after_a_change(
    metier: Metier, surroundings: Path, listing: Listing
) -> None:
    _, python, script, tools = listing(FORECAST)
    file = surroundings / ".mcp.json"
    file.write_text(f'{{"mcpServers": {{"near": {{"command": "{python}", "args": ["{script}", "{tools}"]}}}}}}')
    listed = metier("mcp", "list")
    assert "not trusted" in listed.stdout
    assert "./.mcp.json is not trusted: look at it, then: metier mcp trust" in listed.stdout
    for command in (("test", "near"), ("call", "near", "forecast"), ("approve", "near", "--yes"), ("trust",)):
        said = metier("mcp", *command)
        assert (said.exit_code, "metier mcp trust" in said.stderr) == (2, True), command
    trusted = metier("mcp", "trust", "--yes")
    assert (trusted.exit_code, "Trusted: near." in trusted.stdout) == (0, True)
    assert metier("mcp", "approve", "near", "--yes").exit_code == 0
    assert metier("mcp", "call", "near", "forecast", "city=Pau").exit_code == 0
    assert "nothing here" in metier("mcp", "trust").stdout
    file.write_text(file.read_text().replace(tools, f"{tools}2"))
    assert metier("mcp", "test", "near").exit_code == 2
    assert metier("mcp", "remove", "near", "--yes").exit_code == 2


def test_a_secret_that_a_server_writes_into_its_tools_is_shown_to_nobody_and_kept_nowhere(
    metier: Metier, listing: Listing, vault: Memory, nowhere: Nowhere, environment: Environment
) -> None:
    environment.set("PIN", VALUE)
    tells = tool(
        "read",
        f"Reads with {VALUE}.",
        title=VALUE,
        annotations={"readOnlyHint": True, "of": VALUE},
        _meta={"of": VALUE},
        inputSchema={"type": "object", "properties": {"a": {"type": "string", "default": VALUE}}},
    )
    added = metier("mcp", "add", "tiny", "--yes", "--secret", "PIN", *listing(tells))
    assert (added.exit_code, "[secret]" in added.stdout) == (0, True)
    commands = (("tools", "tiny"), ("tools", "tiny", "--json"), ("call", "tiny", "read"), ("diff", "tiny"), ("list",))
    said = [metier("mcp", *command) for command in commands]
    assert [one.exit_code for one in said] == [0] * 5
    Path(listing(tells)[-1]).unlink()
    nowhere(added, *said)


def test_a_secret_of_any_name_in_the_last_words_of_a_server_is_masked(
    metier: Metier, vault: Memory, nowhere: Nowhere, environment: Environment
) -> None:
    environment.set("PIN", VALUE)
    environment.set("METIER_LOG", "debug")
    script = "import os, sys; sys.exit('wrong pin ' + os.environ['PIN'])"
    added = metier("mcp", "add", "tiny", "--secret", "PIN", "--", sys.executable, "-c", script)
    assert "wrong pin [secret]" in added.stderr
    nowhere(added, metier("mcp", "test", "tiny"), metier("mcp", "list", "--check"))


class Revocations(BaseHTTPRequestHandler):
    """Notes what it is sent."""

    heard: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"])).decode()
        self.heard.append(f"{self.headers.get('authorization', '')} {body}")
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def test_a_login_is_ended_with_the_credentials_that_the_definition_only_refers_to(
    metier: Metier, tmp_path: Path, environment: Environment
) -> None:
    environment.set("CLIENT_SECRET", VALUE)
    home = tmp_path / "home"
    Revocations.heard.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Revocations) as server:
        threading.Thread(target=server.serve_forever).start()
        at = f"http://127.0.0.1:{server.server_address[1]}"
        login = Login(client_id="known", client_secret="${CLIENT_SECRET}")
        for name in ("one", "two"):
            Catalog.open(home, home).add(Definition(name, Endpoint(f"{at}/{name}", login=login)))
            metadata = {"issuer": at, "authorization_endpoint": at, "token_endpoint": at, "revocation_endpoint": at}
            tokens = {"access_token": "t0ken-0ne", "token_type": "Bearer"}
            saved = Saved.model_validate({"url": f"{at}/{name}", "tokens": tokens, "server": metadata})
            write_file(token_file(name, home / "servers" / "tokens"), saved)
        said = [metier("mcp", "logout", "one").stdout, metier("mcp", "remove", "two", "--yes").stdout]
        server.shutdown()
    assert said == ["Logged out of one.\n", "Removed two.\nIts login was ended.\n"]
    assert len(Revocations.heard) == 2
    assert all(VALUE in heard and "t0ken-0ne" in heard for heard in Revocations.heard)


def test_before_a_projects_file_is_trusted_it_is_said_which_variables_its_servers_get(
    metier: Metier, surroundings: Path
) -> None:
    (surroundings / ".mcp.json").write_text(
        '{"mcpServers": {"far": {"type": "http", "url": "https://far.example/${TEAM:-a}", "headers": {"X-Trace": '
        '"${CLOUD_SECRET}"}}}}'
    )
    shown = metier("mcp", "trust", "--yes").stdout
    assert "    gets these variables of yours: TEAM, CLOUD_SECRET\n" in shown
