"""How definitions are written in metier.toml: what is written reads back equal, and every fault is named."""

import tomllib
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier.servers.catalog.checking import check_definition
from metier.servers.catalog.files.documents import MOST_BYTES, parse_json, parse_toml
from metier.servers.catalog.files.editing import drop_server, put_server, switch_server
from metier.servers.catalog.notation import read_definition, read_orders, write_definition
from metier.servers.catalog.sources import read_source
from metier.servers.catalog.tables import Table
from metier.servers.definition import Definition, Order
from tests.sdk.servers.catalog.making import definitions

OTHERS = b"""# my servers
[servers.first]   # keep me
command = "one"
args = [
  "a",  # why a
]

[toolkits.maps]
providers = ["first", "local"]
"""


def read_back(data: bytes, name: str) -> Definition:
    return read_definition(name, Table("f", f"servers.{name}", tomllib.loads(data.decode())["servers"][name]))


@settings(max_examples=40)
@given(definitions)
def test_what_is_written_reads_back_equal_beside_what_was_there(definition):
    written = put_server(OTHERS, definition.name, write_definition(definition), "f")
    assert read_back(written, definition.name) == definition
    if definition.name != "first":
        assert all(line in written.decode() for line in OTHERS.decode().splitlines())
        assert tomllib.loads(drop_server(written, definition.name, "f").decode()) == tomllib.loads(OTHERS.decode())
    switched = switch_server(written, definition.name, "f", on=not definition.enabled)
    assert read_back(switched, definition.name).enabled is not definition.enabled


@pytest.mark.parametrize(
    "start",
    [
        b"",
        b"# nothing yet",
        b"servers.a.command = 'x'\n",
        b"[servers]\na = {command = 'x'}\n",
        b"servers = {}\n",
        b"[servers.a]\ncommand='x'\n[toolkits.maps]\n[servers.b]\ncommand='y'\n",
        b"[servers.a]\r\ncommand='x'\r\n",
        b"\xef\xbb\xbf[servers.a]\ncommand='x'\n",
        b"[servers.new]\ncommand='old'\n[servers.new.env]\nA='b'\n",
    ],
)
def test_a_server_is_put_into_a_file_of_any_style(start):
    before = tomllib.loads(start.decode("utf-8-sig"))
    after = tomllib.loads(put_server(start, "new", {"command": "n", "env": {"B": "c"}}, "f").decode())
    assert after == {**before, "servers": {**before.get("servers", {}), "new": {"command": "n", "env": {"B": "c"}}}}


def test_a_file_that_the_library_would_write_wrong_is_left_alone():
    with pytest.raises(InputError, match="f is written in a way that cannot be changed safely"):
        put_server(b"servers.e={command='w'}\nservers.d.command='q'\n", "new", {"command": "n"}, "f")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[servers.a]\ncomand = 'x'", "[servers.a] has a key 'comand' that means nothing. Did you mean command"),
        ("[servers.a]\nargs = ['x']", "[servers.a] must have either a command or a url, not neither"),
        ("[servers.a]\ncommand='x'\nurl='https://a'", "must have either a command or a url, not both"),
        ("[servers.a]\nurl='https://a'\nargs=['x']", "args in [servers.a] means nothing beside url"),
        ("[servers.a]\ncommand='x'\nargs='y'", "args in [servers.a] must be a list of texts, and is 'y'"),
        ("[servers.a]\ncommand='x'\nargs=[1]", "args in [servers.a] must be a list of texts"),
        ("[servers.a]\ncommand='x'\nenv={A=1}", "A in [servers.a.env] must be a text, and is a number"),
        ("[servers.a]\ncommand='x'\nenabled='no'", "enabled in [servers.a] must be true or false, and is 'no'"),
        ("[servers.a]\ncommand='x'\nera='old'", "era in [servers.a] must be one of auto, legacy"),
        ("[servers.a]\ncommand=''", "has no command"),
        ("[servers.a]\nurl='ftp://a'", "its URL must begin with https://"),
        ("[servers.a]\nurl='https://'", "name a host"),
        ("[servers.a]\nurl='https://a b'", "spaces or control characters"),
        ("[servers.a]\nurl='https://a'\nheaders={'X Y'='z'}", "the header 'X Y' cannot be sent"),
        ("[servers.a]\nurl='https://a'\nheaders={X=\"a\\nb\"}", "the header 'X' cannot be sent"),
        ("[servers.a]\ncommand='x'\nenv={'A=B'='z'}", "'A=B' is no name of an environment variable"),
        ('[servers.a]\ncommand="a\\u0000b"', "characters that cannot be passed on"),
        ("[servers.a]\ncommand='x'\npolicy={ttl=1}", "no setting 'ttl' in the policy of 'a'"),
        ("[servers.a]\ncommand='x'\n[servers.a.tools.t]\nattempts=0", "attempts in the policy of 't' of 'a' is 0"),
        ("[servers.a]\ncommand='x'\npolicy={ttl_s=2024-01-01}", "holds what is not JSON, such as a date"),
        ("[servers.local]\ncommand='x'", "No server may be called 'local'"),
        ("[servers.'a b']\ncommand='x'", "'a b' is no name of a server"),
        ("servers=1", "servers in the file must be a table, and is a number"),
        ("[server.a]\ncommand='x'", "the file has a key 'server' that means nothing. Did you mean servers"),
        ("[toolkits.maps]\nproviders=[]", "providers in [toolkits.maps] must name at least one provider"),
        (
            "[toolkits.maps.tools]\nroute=['a','a']",
            "route in [toolkits.maps] must name at least one provider, and none twice",
        ),
        ("[servers.a", "is not TOML"),
    ],
)
def test_a_fault_names_the_file_the_table_and_what_is_wrong(tmp_path: Path, text, said):
    path = tmp_path / "metier.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(InputError) as caught:
        read_source(path, "user")
    assert said in str(caught.value)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_the_providers_of_a_toolkit_are_read():
    table = {"maps": {"providers": ["amap", "local"], "tools": {"route": ["google"]}, "servers": {"amap": "mine"}}}
    orders = read_orders(Table("f", "toolkits", {**table, "legal": {}}))
    assert orders["maps"] == Order(("amap", "local"), {"route": ("google",)}, {"amap": "mine"})
    assert orders["legal"] == Order()


nested = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["command", "url", "env", "x"]), inner),
    max_leaves=8,
)


@settings(max_examples=50)
@given(st.dictionaries(st.sampled_from(["command", "url", "args", "env", "policy", "tools", "login", "era"]), nested))
def test_any_table_is_read_or_refused_with_a_reason(table):
    with suppress(InputError):
        check_definition(read_definition("a", Table("f", "servers.a", table)))


@settings(max_examples=50)
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(data):
    for parse in (parse_toml, parse_json):
        with suppress(InputError):
            parse(data, "f")


@pytest.mark.parametrize(
    "data",
    [
        *(b"[" * 100_000, b'{"a":' * 100_000, b'{"a": 1, "a": 2}', b"{" + b'"' * 900_000, b"/*" * 400_000),
        *(b"9" * 100_000, b"\xff\xfe", b" " * (MOST_BYTES + 1), b"{" + b"," * 900_000 + b"}"),
    ],
)
def test_hostile_json_is_refused_at_once(data):
    with pytest.raises(InputError):
        parse_json(data, "f")


def test_comments_and_commas_too_many_are_passed_over_and_strings_are_not_touched():
    text = b'{ // one\n "a": "x // y /* z */, }", /* two */ "b": [1, 2,],\n}'
    assert parse_json(text, "f") == {"a": "x // y /* z */, }", "b": [1, 2]}
