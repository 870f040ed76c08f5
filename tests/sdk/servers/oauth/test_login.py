"""One logs in once: tokens are kept, renewed, shared by processes, and never seen anywhere else."""

import asyncio
import json
import logging
import stat
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from metier.errors import InputError, ServerError
from metier.gateway.gateway import Gateway
from metier.gateway.providing import Provided
from metier.servers.connection import Connection
from metier.servers.definition import Login
from metier.servers.oauth import forget, logged_in, make_auth
from metier.servers.oauth.safety import may_send
from metier.servers.policy import Policy
from metier.servers.target import HttpTarget
from tests.sdk.servers.oauth.authority import Authority, Counter, counting, guarded_by, guarded_for, tell_token

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]


@pytest.fixture
def authority() -> Authority:
    return Authority()


@pytest.fixture
def address(authority: Authority) -> Iterator[str]:
    with guarded_by(authority) as address:
        yield address


def browse(url: str) -> None:
    """Goes where a browser would: to the login page, which sends it back with a code."""
    assert "logged in" in httpx2.get(url, follow_redirects=True).raise_for_status().text


def connect(address: str, auth: httpx2.Auth) -> Connection:
    return Connection("guarded", HttpTarget(address, auth=auth), delays_s=(0.0,))


async def greet(address: str, auth: httpx2.Auth) -> str:
    async with connect(address, auth) as connection:
        return (await connection.call("hello", {})).text


async def log_in(address: str, folder: Path) -> None:
    assert await greet(address, make_auth("guarded", address, Login(), folder=folder, open_browser=browse)) == "hello"


def kept(folder: Path) -> dict[str, object]:
    found = json.loads((folder / "guarded.json").read_text())
    assert isinstance(found, dict)
    return found


def change(folder: Path, **changes: object) -> None:
    (folder / "guarded.json").write_text(json.dumps(kept(folder) | changes))


async def test_after_one_login_another_run_needs_no_browser(authority: Authority, address: str, tmp_path: Path) -> None:
    await log_in(address, tmp_path)
    assert await greet(address, make_auth("guarded", address, Login(), folder=tmp_path)) == "hello"
    assert (authority.logins, authority.registered) == (1, 1)


async def test_the_file_and_its_folder_are_for_their_owner_alone(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "tokens"
    await log_in(address, folder)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "guarded.json").stat().st_mode) == 0o600
    assert sorted(path.name for path in folder.iterdir()) == ["guarded.json"]


async def test_without_a_terminal_nobody_is_asked_and_the_way_out_is_named(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    with pytest.raises(ServerError, match="metier mcp login guarded"):
        await greet(address, make_auth("guarded", address, Login(), folder=tmp_path))
    assert authority.registered == 0


async def test_an_old_token_is_renewed_and_the_new_one_kept(authority: Authority, address: str, tmp_path: Path) -> None:
    await log_in(address, tmp_path)
    before = kept(tmp_path)["tokens"]
    change(tmp_path, expires_at=1.0)
    assert await greet(address, make_auth("guarded", address, Login(), folder=tmp_path)) == "hello"
    assert (authority.logins, authority.renewals) == (1, 1)
    after = kept(tmp_path)
    assert after["tokens"] != before
    assert isinstance(after["expires_at"], float)
    assert await greet(address, make_auth("guarded", address, Login(), folder=tmp_path)) == "hello"
    assert authority.renewals == 1


async def test_a_token_refused_before_its_time_is_renewed_too(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    await log_in(address, tmp_path)
    authority.access.clear()
    assert await greet(address, make_auth("guarded", address, Login(), folder=tmp_path)) == "hello"
    assert (authority.logins, authority.renewals) == (1, 1)


async def test_runs_side_by_side_renew_once_and_use_no_refresh_token_twice(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    await log_in(address, tmp_path)
    authority.access.clear()
    change(tmp_path, expires_at=1.0)
    auths = [make_auth("guarded", address, Login(), folder=tmp_path) for _ in range(8)]
    assert await asyncio.gather(*(greet(address, auth) for auth in auths)) == ["hello"] * 8
    assert (authority.renewals, authority.reused, authority.logins) == (1, 0, 1)


async def test_a_revoked_login_is_asked_for_anew(authority: Authority, address: str, tmp_path: Path) -> None:
    await log_in(address, tmp_path)
    authority.access.clear()
    authority.refresh.clear()
    with pytest.raises(ServerError, match="metier mcp login guarded"):
        await greet(address, make_auth("guarded", address, Login(), folder=tmp_path))
    await log_in(address, tmp_path)
    assert (authority.logins, authority.registered) == (2, 1)


async def test_a_token_revoked_in_the_middle_of_a_session_is_replaced_within_the_call(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    auth = make_auth("guarded", address, Login(), folder=tmp_path, open_browser=browse)
    async with connect(address, auth) as connection:
        await connection.call("hello", {})
        authority.access.clear()
        assert (await connection.call("hello", {})).text == "hello"
        authority.access.clear()
        authority.refresh.clear()
        assert (await connection.call("hello", {})).text == "hello"
    assert (authority.renewals, authority.logins) == (1, 2)


async def test_callers_in_parallel_bring_up_one_login_page(authority: Authority, address: str, tmp_path: Path) -> None:
    auth = make_auth("guarded", address, Login(), folder=tmp_path, open_browser=browse)
    async with connect(address, auth) as connection:
        await connection.call("hello", {})
        authority.access.clear()
        authority.refresh.clear()
        answers = await asyncio.gather(*(connection.call("hello", {}) for _ in range(6)))
    assert {answer.text for answer in answers} == {"hello"}
    assert authority.logins == 2


async def test_an_answer_with_another_state_is_refused_and_the_login_goes_on(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    refused: list[int] = []

    def attack_then_browse(url: str) -> None:
        back = parse_qs(urlsplit(url).query)["redirect_uri"][0]
        for query in ("code=stolen&state=guessed", "code=stolen", "error=access_denied", "code=stolen&state="):
            refused.append(httpx2.get(f"{back}?{query}").status_code)
        refused.append(httpx2.get(back.replace("/callback", "/other")).status_code)
        browse(url)

    auth = make_auth("guarded", address, Login(), folder=tmp_path, open_browser=attack_then_browse)
    assert await greet(address, auth) == "hello"
    assert refused == [400, 400, 400, 400, 404]


async def test_a_person_who_refuses_ends_the_login(address: str, tmp_path: Path) -> None:
    def refuse(url: str) -> None:
        query = parse_qs(urlsplit(url).query)
        page = httpx2.get(f"{query['redirect_uri'][0]}?error=access_denied&state={query['state'][0]}")
        assert "refused" in page.text

    with pytest.raises(ServerError, match="access_denied"):
        await greet(address, make_auth("guarded", address, Login(), folder=tmp_path, open_browser=refuse))
    assert not logged_in("guarded", tmp_path)


async def test_a_login_that_nobody_finishes_ends_in_time(address: str, tmp_path: Path) -> None:
    auth = make_auth("guarded", address, Login(), folder=tmp_path, open_browser=lambda url: None, login_s=0.2)
    with pytest.raises(ServerError, match="Nobody logged in"):
        await greet(address, auth)


async def test_a_person_may_take_longer_than_a_server_may(address: str, tmp_path: Path) -> None:
    def browse_slowly(url: str) -> None:
        assert not passed.wait(2.2)
        browse(url)

    passed = threading.Event()
    auth = make_auth("guarded", address, Login(), folder=tmp_path, open_browser=browse_slowly)
    async with Connection("guarded", HttpTarget(address, auth=auth), delays_s=(0.0,), connect_s=2.0) as connection:
        assert (await connection.call("hello", {})).text == "hello"


async def test_a_token_goes_only_to_the_address_it_was_given_for(address: str, tmp_path: Path) -> None:
    await log_in(address, tmp_path)
    thief = Authority()
    with guarded_by(thief) as other, pytest.raises(ServerError, match="metier mcp login guarded"):
        await greet(other, make_auth("guarded", other, Login(), folder=tmp_path))
    assert thief.shown == []


async def test_logging_out_revokes_at_the_server_and_removes_the_file(
    authority: Authority, address: str, tmp_path: Path
) -> None:
    await log_in(address, tmp_path)
    assert logged_in("guarded", tmp_path)
    assert await asyncio.to_thread(forget, "guarded", tmp_path) is True
    assert (authority.access, authority.refresh) == ({}, {})
    assert not logged_in("guarded", tmp_path)
    assert not (tmp_path / "guarded.json").exists()
    assert forget("guarded", tmp_path) is False


async def test_logging_out_of_a_server_that_is_gone_removes_the_file_all_the_same(tmp_path: Path) -> None:
    with guarded_by(Authority()) as address:
        await log_in(address, tmp_path)
    assert forget("guarded", tmp_path) is False
    assert not logged_in("guarded", tmp_path)


async def test_tokens_are_in_no_log_and_no_error(
    authority: Authority, address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    auth = make_auth("guarded", address, Login(), folder=tmp_path, open_browser=browse)
    errors: list[str] = []
    async with connect(address, auth) as connection:
        await connection.call("hello", {})
        authority.access.clear()
        await connection.call("hello", {})
        authority.access.clear()
        authority.refresh.clear()
        authority.clients.clear()  # now even the login fails
        try:
            await connection.call("hello", {})
        except ServerError as error:
            errors = [str(error), repr(error.__cause__), repr(error.__context__)]
    assert errors
    assert len(authority.given) >= 4
    secrets = [*authority.given, *(str(client["client_secret"]) for client in [kept(tmp_path)["client"]] if client)]
    for secret in secrets:
        assert secret not in caplog.text
        assert secret not in " ".join(errors)


async def test_a_token_that_the_server_repeats_is_in_no_result_and_on_no_disk_also_once_it_was_renewed(
    authority: Authority, tmp_path: Path
) -> None:
    with guarded_by(authority, tell_token) as address:
        auth = make_auth("guarded", address, Login(), folder=tmp_path / "tokens", open_browser=browse)
        connection = Connection("guarded", HttpTarget(address, auth=auth), delays_s=(0.0,))
        policy = Policy(ttl_s=60, cacheable=True, attempts=1)
        provided = Provided(connection, "guarded", lambda spec: policy, connection.redaction)
        gateway = Gateway(tmp_path / "gateway")
        async with gateway.envelope("guarded", [provided]) as envelope:
            said = [(await envelope.call("tell_token", {"of": "Ada"})).text]
            authority.access.clear()
            said.append((await envelope.call("tell_token", {"of": "Eve"})).text)
        gateway.close()
    assert said == ["The token of Ada is [secret].", "The token of Eve is [secret]."]
    assert len(authority.given) == 4
    assert all(connection.redaction.text(token) == "[secret]" for token in authority.given)
    written = b"".join(path.read_bytes() for path in (tmp_path / "gateway").rglob("*") if path.is_file())
    assert not [token for token in authority.given if token.encode() in written]


@pytest.mark.parametrize(
    ("url", "server", "allowed"),
    [
        ("https://login.example/token", "https://tools.example/mcp", True),
        ("http://login.example/token", "https://tools.example/mcp", False),
        ("http://127.0.0.1:8080/token", "https://tools.example/mcp", False),
        ("https://localhost/token", "https://tools.example/mcp", False),
        ("http://127.0.0.1:8080/token", "http://localhost:9000/mcp", True),
        ("file:///etc/passwd", "http://localhost:9000/mcp", False),
    ],
)
def test_a_server_elsewhere_sends_nobody_to_the_programs_of_this_machine(url: str, server: str, allowed: bool) -> None:
    assert may_send(url, server=server) is allowed


async def test_a_damaged_file_means_a_new_login(authority: Authority, address: str, tmp_path: Path) -> None:
    await log_in(address, tmp_path)
    (tmp_path / "guarded.json").write_text('{"tokens": {"access')
    assert not logged_in("guarded", tmp_path)
    await log_in(address, tmp_path)
    assert authority.logins == 2


def test_a_name_or_an_address_that_could_lead_elsewhere_is_refused(tmp_path: Path) -> None:
    for name in ("../guarded", "a/b", "", ".hidden", "a\0b"):
        with pytest.raises(InputError):
            make_auth(name, "https://example.org/mcp", Login(), folder=tmp_path)
        with pytest.raises(InputError):
            logged_in(name, tmp_path)
        with pytest.raises(InputError):
            forget(name, tmp_path)
    for address in ("http://example.org/mcp", "ftp://127.0.0.1/", "http://[::1/mcp", "127.0.0.1"):
        with pytest.raises(InputError, match="clear text"):
            make_auth("guarded", address, Login(), folder=tmp_path)


@pytest.mark.parametrize("method", ["client_secret_basic", "client_secret_post"])
async def test_a_program_logs_in_with_its_own_secret(method: str, tmp_path: Path) -> None:
    counter = Counter("program", "its-secret", method=method)
    login = Login(grant="client_credentials", client_id="program", client_secret="its-secret", scopes=("read",))
    with counting(counter), guarded_for(counter.tokens, counter.issuer) as address:
        assert await greet(address, make_auth("guarded", address, login, folder=tmp_path)) == "hello"
        assert await greet(address, make_auth("guarded", address, login, folder=tmp_path)) == "hello"
        counter.tokens.clear()
        assert await greet(address, make_auth("guarded", address, login, folder=tmp_path)) == "hello"
    assert len(counter.asked) == 2
    header, form = counter.asked[0]
    assert (form["grant_type"], form["scope"]) == ("client_credentials", "read")
    assert header.startswith("Basic ") == (method == "client_secret_basic")
    assert (form.get("client_secret") == "its-secret") == (method == "client_secret_post")
    assert "its-secret" not in (tmp_path / "guarded.json").read_text()


async def test_a_programs_secret_is_not_shown_to_another_authorization_server(tmp_path: Path) -> None:
    first, thief = Counter("program", "its-secret"), Counter("program", "its-secret")
    login = Login(grant="client_credentials", client_id="program", client_secret="its-secret")
    with counting(first), counting(thief):
        with guarded_for(first.tokens, first.issuer) as address:
            assert await greet(address, make_auth("guarded", address, login, folder=tmp_path)) == "hello"
        with guarded_for(set(), thief.issuer) as address:
            change(tmp_path, url=address)
            with pytest.raises(ServerError, match="log in at"):
                await greet(address, make_auth("guarded", address, login, folder=tmp_path))
    assert thief.asked == []


async def test_what_a_server_repeats_of_a_failed_login_is_in_no_log_and_no_error(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    counter = Counter("program", "its-secret", refuses=True)
    login = Login(grant="client_credentials", client_id="program", client_secret="its-secret")
    with (
        counting(counter),
        guarded_for(counter.tokens, counter.issuer) as address,
        pytest.raises(ServerError, match="invalid_client") as failed,
    ):
        await greet(address, make_auth("guarded", address, login, folder=tmp_path))
    assert counter.asked
    encoded = counter.asked[0][0].removeprefix("Basic ")
    for secret in ("its-secret", encoded):
        assert secret not in caplog.text
        assert secret not in str(failed.value)
