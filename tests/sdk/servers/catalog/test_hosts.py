"""Files of other hosts: what each of them writes is read, and what is exported is read back equal."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier.servers.catalog.formats.export import export_servers
from metier.servers.catalog.formats.hosts import Import, import_servers
from metier.servers.catalog.secrecy.inlined import literal_secrets
from metier.servers.definition import Definition, Endpoint, Login, Program
from tests.sdk.servers.catalog.making import definitions

SECRET = "sk-abcdefghijklmnop1234"


def read(document: object, **options: str) -> Import:
    return import_servers(json.dumps(document).encode(), what="f.json", folder="/srv/it", **options)


def one(entry: object) -> Definition:
    imported = read({"mcpServers": {"a": entry}})
    assert imported.refused == {}
    return imported.definitions[0]


@pytest.mark.parametrize(
    ("entry", "reach"),
    [
        (
            {"command": "npx", "args": ["-y", "x"], "env": {"A": "b"}, "cwd": "/w"},
            Program("npx", ("-y", "x"), {"A": "b"}, "/w"),
        ),
        ({"type": "stdio", "command": "x"}, Program("x")),
        (
            {"command": "x", "args": ["-p", 80, True], "env": {"N": 1, "GONE": None}},
            Program("x", ("-p", "80", "true"), {"N": "1"}),
        ),
        ({"type": "http", "url": "https://a/mcp", "headers": {"X-A": "b"}}, Endpoint("https://a/mcp", {"X-A": "b"})),
        ({"type": "streamable-http", "url": "https://a"}, Endpoint("https://a")),
        ({"type": "streamableHttp", "url": "https://a"}, Endpoint("https://a")),
        ({"url": "https://a"}, Endpoint("https://a")),
        ({"httpUrl": "https://a"}, Endpoint("https://a")),
        ({"serverUrl": "https://a"}, Endpoint("https://a")),
        (
            {"url": "https://a", "oauth": {"clientId": "me", "scopes": ["r"]}},
            Endpoint("https://a", {}, Login(client_id="me", scopes=("r",))),
        ),
        ({"command": {"path": "x", "args": ["y"], "env": {"A": "b"}}}, Program("x", ("y",), {"A": "b"})),
        ({"type": "local", "command": ["bun", "x"]}, Program("bun", ("x",))),
        (
            {"command": "x", "env": {"A": "${A:-b}", "B": "${env:HOME}/c"}},
            Program("x", (), {"A": "${A:-b}", "B": "${HOME}/c"}),
        ),
        ({"command": "${workspaceFolder}/x", "args": ["${userHome}"]}, Program("/srv/it/x", ("${HOME}",))),
    ],
)
def test_every_way_to_write_a_server_is_read(entry, reach):
    assert one(entry).reach == reach


@pytest.mark.parametrize("key", ["mcpServers", "servers", "context_servers"])
def test_the_lists_of_claude_vs_code_and_zed_are_found(key):
    assert read({key: {"a": {"command": "x"}}, "other": 1}).definitions == (Definition("a", Program("x")),)
    assert read({"mcp": {"servers": {"a": {"command": "x"}}}}).definitions == (Definition("a", Program("x")),)


def test_switched_off_and_lists_of_tools_are_honoured():
    assert not one({"command": "x", "disabled": True}).enabled
    assert not one({"command": "x", "enabled": False}).enabled
    assert one({"command": "x", "disabled": False}).enabled
    assert one({"command": "x", "disabledTools": ["b"], "includeTools": ["a"]}) == Definition(
        "a", Program("x"), allow=("a",), deny=("b",)
    )
    assert one({"command": "x", "tools": ["*"]}).allow == ()


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"type": "sse", "url": "https://a/sse"}, "old SSE transport"),
        ({"type": "ws", "url": "wss://a"}, "type 'ws' is none that metier knows"),
        ({"url": "wss://a"}, "its URL must begin with https://"),
        ({"command": "x", "url": "https://a"}, "both a command and a url"),
        ({"type": "http"}, "of type http, and has no url"),
        ({}, "neither a command nor a url"),
        ({"command": ""}, "neither a command nor a url"),
        ({"command": "x", "args": "y"}, "args must be a list of texts"),
        ({"command": "x", "args": [[1]]}, "args must hold texts"),
        ({"command": "x", "env": ["A"]}, "env must be an object of texts"),
        ({"command": "x", "args": ["${command:pick}"]}, "${command:pick} has no counterpart"),
        ({"command": "x", "args": ["${keyring:GITHUB}"]}, "${keyring:GITHUB} has no counterpart"),
        ([], "no JSON object"),
    ],
)
def test_an_entry_that_cannot_be_used_says_why_and_stops_no_other(entry, reason):
    imported = read({"mcpServers": {"bad": entry, "good": {"command": "x"}}})
    assert reason in imported.refused["bad"]
    assert [definition.name for definition in imported.definitions] == ["good"]


def test_secrets_become_references_and_are_told():
    document = {
        "mcpServers": {
            "a": {"command": "x", "args": ["--key", SECRET], "env": {"API_KEY": "one", "B_TOKEN": "<your token>"}},
            "b": {"url": "https://b/?token=two", "headers": {"Authorization": "Bearer three"}},
            "c": {"command": "x", "env": {"API_KEY": "other"}},
        }
    }
    imported = read(document)
    assert imported.secrets_found == {
        **{"A_KEY": SECRET, "API_KEY": "one", "C_API_KEY": "other"},
        **{"B_TOKEN": "two", "B_AUTHORIZATION": "three"},
    }
    kept = json.dumps(export_servers(imported.definitions))
    assert not any(value in kept for value in (SECRET, '"one"', "two", "three", '"other"'))
    assert [literal_secrets(definition) for definition in imported.definitions] == [(), (), ()]
    assert "a: B_TOKEN has no value yet." in imported.notes
    assert "${keyring:API_KEY}" in str(read(document, keep="keyring").definitions)


def test_what_vs_code_asks_for_becomes_a_reference_and_passwords_stay_secret():
    imported = read(
        {
            "inputs": [
                {"type": "promptString", "id": "my-pass", "password": True},
                {"type": "promptString", "id": "region", "default": "eu"},
            ],
            "servers": {"a": {"command": "x", "args": ["${input:region}"], "env": {"PW": "${input:my-pass}"}}},
        }
    )
    [definition] = imported.definitions
    assert definition.reach == Program("x", ("${REGION:-eu}",), {"PW": "${MY_PASS}"})
    assert set(definition.secrets) == {"PW", "MY_PASS"}


def test_what_is_passed_over_and_renamed_is_noted():
    imported = read({"mcpServers": {"@me/my server": {"command": "x", "autoApprove": ["*"], "timeout": 5}}})
    assert [definition.name for definition in imported.definitions] == ["me-my-server"]
    assert imported.notes == (
        "me-my-server: it was called '@me/my server'.",
        "me-my-server: passed over: autoApprove, timeout.",
    )
    assert (
        "called 'a-b' as well" in read({"servers": {"a b": {"command": "x"}, "a/b": {"command": "x"}}}).refused["a/b"]
    )


@pytest.mark.parametrize("document", [{}, {"mcpServers": []}, {"servers": 1}, []])
def test_a_file_without_servers_is_refused(document):
    with pytest.raises(InputError, match=r"f\.json holds no"):
        read(document)


@settings(max_examples=50)
@given(definitions)
def test_what_is_exported_is_imported_equal(definition):
    exported = export_servers((definition,))
    login = definition.reach.login if isinstance(definition.reach, Endpoint) else None
    imported = import_servers(json.dumps(exported).encode(), what="f", folder="/")
    reach = definition.reach
    if isinstance(reach, Endpoint):
        # The standard file knows one way to log in, and no http to other machines.
        reach = replace(reach, insecure=False, login=login and replace(login, grant="authorization_code"))
    expected = Definition(definition.name, reach, enabled=definition.enabled)
    if definition.secrets:
        assert [one.name for one in imported.definitions] == [definition.name]
    else:
        assert imported.definitions == (expected,)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["mcpServers", "servers", "command", "args", "env", "url", "type", "headers"]), inner
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_file_is_read_or_refused_with_a_reason(document):
    with suppress(InputError):
        read({"mcpServers": {"a": document, "b": document}, "inputs": document})
