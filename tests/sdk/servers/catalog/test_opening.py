"""Opening a registered server: references are read, secrets known, the way to it checked, a real child started."""

import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from metier.errors import InputError, MissingError, ServerError
from metier.servers.catalog import Catalog
from metier.servers.catalog.secrecy.entries import set_secret
from metier.servers.definition import Definition, Endpoint, Login, Program
from metier.servers.opening import Opened, identity_of, open_server, resolve, timeout_of
from metier.servers.policy import Policy

TELLING = Path(__file__).with_name("telling_server.py")
ENVIRON = {
    "PATH": "/usr/bin:/bin",
    "API_KEY": "s3cret-key",
    "REGION": "eu",
    "TOKEN": "t0ken-value",
    "PLAIN": "pl4in-value",
    "ODD": "odd${X}",
}


def open_(home: Path, reach: object, **options: object) -> Opened:
    return open_server(Definition("amap", reach, **options), home=home, environ=ENVIRON)


@pytest.mark.anyio
async def test_a_registered_program_gets_what_is_named_and_nothing_of_the_users_else(home, memory, tmp_path):
    set_secret("MAPS", "from-the-keyring")
    reach = Program(
        sys.executable,
        (str(TELLING), "--region", "${REGION}", "; touch ${REGION}", "$(id)"),
        {"API_KEY": "${API_KEY}", "MAPS": "${keyring:MAPS}"},
        str(tmp_path),
    )
    Catalog.open(home, tmp_path).add(Definition("telling", reach))
    assert not {"s3cret-key", "from-the-keyring"} & set((home / "metier.toml").read_text().split('"'))
    entry = Catalog.open(home, tmp_path).find("telling")
    environ = {**ENVIRON, "UNRELATED_TOKEN": "never-passed-on"}
    opened = open_server(entry.definition, home=home, environ=environ)
    assert set(opened.secrets) == {"s3cret-key", "from-the-keyring"}
    async with opened.source as source:
        told = (await source.call("tell", {})).value
    assert told["args"] == ["--region", "eu", "; touch eu", "$(id)"]
    assert (told["cwd"], told["env"]["API_KEY"], told["env"]["MAPS"]) == (
        str(tmp_path),
        "s3cret-key",
        "from-the-keyring",
    )
    assert "never-passed-on" not in str(told)
    assert list(tmp_path.iterdir()) == [home]


def test_an_endpoint_gets_its_url_and_headers(home):
    reach = Endpoint(
        "https://${REGION}.example.com/mcp?key=${API_KEY}", {"Authorization": "Bearer ${TOKEN}", "X-A": "b"}
    )
    resolved, secrets = resolve(Definition("amap", reach), ENVIRON)
    headers = {"Authorization": "Bearer t0ken-value", "X-A": "b"}
    assert resolved == Endpoint("https://eu.example.com/mcp?key=s3cret-key", headers)
    assert set(secrets) == set(open_(home, reach).secrets) == {"s3cret-key", "t0ken-value"}


class Noting(BaseHTTPRequestHandler):
    """Refuses every request, and notes what it was sent."""

    seen: ClassVar[list[tuple[str, str | None]]] = []

    def do_POST(self) -> None:
        self.seen.append((self.path, self.headers["Authorization"]))
        self.send_error(403)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.anyio
async def test_a_registered_endpoint_is_sent_its_secrets_and_an_error_tells_none(home):
    with ThreadingHTTPServer(("127.0.0.1", 0), Noting) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}/mcp?key=${{API_KEY}}"
        async with open_(home, Endpoint(url, {"Authorization": "Bearer ${TOKEN}"})).source as source:
            with pytest.raises(ServerError) as caught:
                await source.tools()
        server.shutdown()
    assert set(Noting.seen) == {("/mcp?key=s3cret-key", "Bearer t0ken-value")}
    assert "s3cret-key" not in str(caught.value)
    assert "t0ken-value" not in str(caught.value)


@pytest.mark.parametrize(
    ("reach", "secrets"),
    [
        (Program(sys.executable, ("--api-key", "abcd1")), {"abcd1"}),
        (Program(sys.executable, (), {"API_KEY": "${PLAIN}"}), {"pl4in-value"}),
        (Program(sys.executable, (), {"API_KEY": "${ODD}"}), {"odd${X}"}),
        (Program(sys.executable, (), {"DSN": "db://me:p%40ss@h/x"}), {"p%40ss", "p@ss"}),
        (Program(sys.executable, (), {"LANG": "en", "WHO": "me-too"}), {"me-too"}),
        (
            Endpoint("https://a", {"Authorization": "Basic bWU6cGFzc3dvcmQ="}),
            {"bWU6cGFzc3dvcmQ=", "me:password", "password"},
        ),
        (Endpoint("https://me:pa55word@a/?q=1&token=abc1"), {"pa55word", "abc1"}),
        (Endpoint("https://a", {}, Login("client_credentials", "id", "${PLAIN}")), {"pl4in-value"}),
        (Endpoint("https://a/${REGION}"), set()),
    ],
)
def test_every_value_that_is_secret_is_known(home, reach, secrets):
    assert set(open_(home, reach, secrets=("WHO",)).secrets) == secrets


def test_the_identity_is_of_the_way_and_not_of_the_name_or_the_secrets():
    def identity(reach: object, name: str = "a", **environ: str) -> str:
        return identity_of(Definition(name, reach), {**ENVIRON, **environ})

    web = Endpoint("https://${REGION}.a/?key=${API_KEY}", {"X": "1", "Authorization": "Bearer ${TOKEN}"})
    again = Endpoint(web.url, dict(reversed(web.headers.items())))
    assert identity(web) == identity(again, "b", API_KEY="other", TOKEN="other")
    assert identity(web) != identity(web, REGION="us")
    assert identity(web) != identity(Endpoint(web.url, {"X": "2", "Authorization": "Bearer ${TOKEN}"}))
    other_account = Endpoint(web.url, {"X": "1", "Authorization": "Bearer ${OTHER_TOKEN}"})
    assert identity(web) != identity(other_account)
    assert identity(Program("x", (), {"API_KEY": "one"})) == identity(Program("x", (), {"API_KEY": "two"}))
    assert identity(Program("x", ("a", "b"))) != identity(Program("x", ("b", "a")))
    assert identity(Program("x", ("${NOT_SET_TOKEN}",))) != ""


@pytest.mark.parametrize(
    ("reach", "said"),
    [
        (Program("npx-that-is-not-there"), "not a program on this machine. Install it, or give its whole path."),
        (Program("uvx"), "It comes with uv: https://docs.astral.sh/uv"),
        (Program("./server"), "a path from nowhere"),
        (Program("sh", cwd="/no/such/folder"), "runs in /no/such/folder, which is no folder"),
        (Endpoint("http://example.com/mcp"), "reached over http, where others can read and change"),
        (
            Endpoint("http://example.com/mcp", {"Authorization": "Bearer ${TOKEN}"}, insecure=True),
            "sent secrets over http",
        ),
        (Endpoint("http://example.com/mcp?key=${API_KEY}", insecure=True), "sent secrets over http"),
        (Endpoint("http://example.com/mcp", login=Login(), insecure=True), "sent secrets over http"),
        (Endpoint("${REGION}"), "its URL must begin with https://"),
        (Endpoint("https://a", {"X-A": "${BROKEN}"}), "the header 'X-A' cannot be sent"),
        (Program("${EMPTY:-}"), "has no command"),
    ],
)
def test_a_way_that_cannot_be_gone_is_refused_before_anything_is_started(home, reach, said):
    environ = {**ENVIRON, "PATH": "/bin", "BROKEN": "a\r\nX-Evil: b"}
    with pytest.raises(InputError) as caught:
        open_server(Definition("amap", reach), home=home, environ=environ)
    assert said in str(caught.value)
    assert not {"s3cret-key", "t0ken-value"} & set(str(caught.value).split())


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/mcp", "http://localhost/mcp", "http://[::1]/mcp", "http://a.localhost/mcp"]
)
def test_http_to_this_machine_may_carry_secrets(home, url):
    assert open_(home, Endpoint(url, {"Authorization": "Bearer ${TOKEN}"})).secrets == ("t0ken-value",)


def test_http_to_another_machine_can_be_allowed_where_nothing_is_secret(home):
    assert open_(home, Endpoint("http://example.com/mcp", insecure=True)).secrets == ()


def test_a_value_that_is_missing_and_a_server_that_is_off_say_what_to_do(home, memory):
    with pytest.raises(MissingError, match="'amap' needs the environment variable NOPE"):
        open_(home, Program(sys.executable, ("${NOPE}",)))
    with pytest.raises(MissingError, match="metier mcp secret NOPE"):
        open_(home, Program(sys.executable, ("${keyring:NOPE}",)))
    with pytest.raises(InputError, match="metier mcp enable amap"):
        open_(home, Program(sys.executable), enabled=False)


def test_the_connection_waits_as_long_as_the_policy_with_the_most_time():
    slow = Definition("a", Program("x"), tools={"b": {"timeout_s": 900}}, policy={"timeout_s": 5})
    assert timeout_of(slow) == 900.0
    assert timeout_of(Definition("a", Program("x"))) > Policy().timeout_s
