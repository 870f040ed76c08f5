"""A page is fetched from the address that was checked, within limits, and as its site wishes."""

import asyncio
import os
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from metier.errors import InputError, NotCoveredError, ServerError
from metier.testing import FrozenClock, refuse_network
from metier_research.web.http import fetch
from metier_research.web.policy import FetchPolicy, agent_of
from metier_research.web.politeness import Politeness
from tests.toolkits.research.web.site import Site, say, serving

pytestmark = pytest.mark.anyio
SECRET = "k-very-secret"


def policy_for(site: Site, *, robots: bool = False, max_bytes: int = 1 << 20, total_s: float = 30.0) -> FetchPolicy:
    return FetchPolicy(
        agent_of("me@site.example"), max_bytes=max_bytes, total_s=total_s, robots=robots, allow_private=site.allowed
    )


async def test_a_page_is_fetched_with_the_hosts_own_name_and_an_honest_agent() -> None:
    async with serving(lambda *_: say(b"<p>x</p>", Content_Type="Text/HTML; charset=UTF-8", Set_Cookie="a=b")) as site:
        got = await fetch(f"{site.url}/a/b?c=d#e", policy_for(site), resolve=site.resolve)
    assert (got.url, got.status, got.kind, got.charset, got.body) == (
        f"{site.url}/a/b?c=d",
        200,
        "text/html",
        "utf-8",
        b"<p>x</p>",
    )
    [(path, headers, _)] = site.asked
    assert path == "/a/b?c=d"
    assert headers["host"] == f"site.example:{site.port}"
    assert headers["user-agent"].startswith("metier-research/")
    assert headers["user-agent"].endswith("(+me@site.example)")
    assert headers["accept-encoding"] == "gzip, deflate"
    assert "cookie" not in headers
    assert "authorization" not in headers


async def test_redirects_are_followed_by_hand_and_cookies_are_not_kept() -> None:
    def answer(path: str, *_: object) -> bytes:
        return say(b"end") if path == "/end" else say(status=302, Location="/end", Set_Cookie="a=b; Path=/")

    async with serving(answer) as site:
        got = await fetch(f"{site.url}/start", policy_for(site), resolve=site.resolve)
    assert got.url == f"{site.url}/end"
    assert [path for path, _, _ in site.asked] == ["/start", "/end"]
    assert "cookie" not in site.asked[1][1]


async def test_a_redirect_may_lead_to_an_address_with_spaces_but_not_to_none() -> None:
    def answer(path: str, *_: object) -> bytes:
        places = {"/spaces": "/a b/ü", "/nowhere": "http://[::x]/"}
        return say(status=302, Location=places[path]) if path in places else say(path.encode())

    async with serving(answer) as site:
        got = await fetch(f"{site.url}/spaces", policy_for(site), resolve=site.resolve)
        with pytest.raises(InputError):
            await fetch(f"{site.url}/nowhere", policy_for(site), resolve=site.resolve)
    assert got.body == b"/a%20b/%C3%BC"


async def test_redirects_end_after_as_many_as_the_policy_allows() -> None:
    async with serving(lambda path, *_: say(status=301, Location=f"{path}x")) as site:
        with pytest.raises(ServerError, match="more than 5 times"):
            await fetch(f"{site.url}/", policy_for(site), resolve=site.resolve)
    assert len(site.asked) == 6


@contextmanager
def environment(**values: str) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


async def test_proxies_and_credentials_of_the_environment_are_not_used(tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text(f"machine site.example login me password {SECRET}")
    proxy = "http://127.0.0.1:1"
    async with serving(lambda *_: say(b"x")) as site:
        with environment(HTTP_PROXY=proxy, ALL_PROXY=proxy, NETRC=str(tmp_path / "netrc")):
            await fetch(f"{site.url}/", policy_for(site), resolve=site.resolve)
    assert "authorization" not in site.asked[0][1]


class Rebinding:
    """A resolver that tells a public address first, and this machine ever after."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return (self.answers[min(self.asked, len(self.answers)) - 1],)


async def test_a_host_that_changes_its_address_after_the_check_is_not_followed_there() -> None:
    resolve = Rebinding("93.184.216.34", "127.0.0.1")
    async with serving(lambda *_: say(b"inner")) as site:
        with refuse_network(), pytest.raises(ServerError, match="cannot be reached"):
            await fetch("http://rebind.example/", FetchPolicy("t/0", robots=False), resolve=resolve)
    assert resolve.asked == 1
    assert site.asked == []


async def test_every_hop_is_resolved_and_checked_anew() -> None:
    async with serving(lambda *_: say(status=302, Location="/again")) as site:
        named = Rebinding("127.0.0.1", "169.254.169.254")
        with pytest.raises(InputError, match="a cloud keeps"):
            await fetch(f"{site.url}/", policy_for(site), resolve=named)
    assert len(site.asked) == 1


async def test_a_host_is_refused_when_any_of_its_addresses_is() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return ("93.184.216.34", "10.0.0.1")

    with refuse_network(), pytest.raises(InputError, match="private network"):
        await fetch("http://half.example/", FetchPolicy("t/0", robots=False), resolve=resolve)


@pytest.mark.parametrize(
    "url", ["http://localhost:8080/", "http://127.0.0.1/", "http://[::1]/", "http://[::ffff:7f00:1]/"]
)
async def test_this_machine_is_refused_unless_it_is_named(url: str) -> None:
    with refuse_network(), pytest.raises(InputError, match="this machine"):
        await fetch(url, FetchPolicy("t/0"))


async def test_a_host_without_an_address_and_a_server_that_is_dead_are_errors_of_the_server() -> None:
    async def nowhere(host: str, port: int) -> Sequence[str]:
        return ()

    with pytest.raises(ServerError, match="no address"):
        await fetch("http://site.example/", FetchPolicy("t/0"), resolve=nowhere)
    async with serving(lambda *_: b"") as site:
        pass
    with pytest.raises(ServerError, match="not found"):
        await fetch("http://other.example/", FetchPolicy("t/0"), resolve=site.resolve)
    with pytest.raises(ServerError, match="cannot be reached") as caught:
        await fetch(f"{site.url}/{SECRET}?key={SECRET}", policy_for(site), resolve=site.resolve)
    assert not caught.value.sent
    assert SECRET not in f"{caught.value} {caught.value.__cause__}"


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (say(b"x" * 5000), "larger than 1000 bytes"),
        (say(b"x", Content_Encoding="br"), "not asked for"),
        (say(status=500), "status 500"),
        (say(status=403), "does not let"),
        (say(status=429, Retry_After="7"), "status 429"),
        (b"garbage\r\n\r\n", "does not speak HTTP"),
    ],
)
async def test_defect_6_what_is_no_page_is_told_without_the_address(answer: bytes, told: str) -> None:
    async with serving(lambda *_: answer) as site:
        with pytest.raises(ServerError, match=told) as caught:
            await fetch(f"{site.url}/{SECRET}?key={SECRET}", policy_for(site, max_bytes=1000), resolve=site.resolve)
    assert SECRET not in str(caught.value)
    if b"429" in answer:
        assert caught.value.retry_after_s == 7


async def test_a_page_that_there_is_not_is_not_covered() -> None:
    async with serving(lambda *_: say(status=404)) as site:
        with pytest.raises(NotCoveredError, match="no such page"):
            await fetch(f"{site.url}/", policy_for(site), resolve=site.resolve)


async def test_defect_6_the_whole_fetch_has_one_limit_of_time() -> None:
    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nbegun")
        await writer.drain()
        await reader.read(-1)
        writer.close()

    server = await asyncio.start_server(slowly, "127.0.0.1", 0)
    site = Site(server.sockets[0].getsockname()[1])
    with pytest.raises(ServerError, match=r"did not answer within 0\.1 s"):
        await fetch(f"{site.url}/", policy_for(site, total_s=0.1), resolve=site.resolve)
    server.close()


def self_signed(folder: Path) -> ssl.SSLContext:
    """Returns the context of a server whose certificate names the host, and is signed by nobody that is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "site.example")])
    begins = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(
            name, name, key.public_key(), x509.random_serial_number(), begins, begins.replace(year=2046)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("site.example")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context


async def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    names: list[str | None] = []
    context = self_signed(tmp_path)
    context.sni_callback = lambda _, name, __: names.append(name)
    async with serving(lambda *_: say(b"x"), secure=context) as site:
        policy = policy_for(site)
        with pytest.raises(ServerError, match="certificate"):
            await fetch(f"https://site.example:{site.port}/", policy, resolve=site.resolve)
    assert site.asked == []
    assert names == ["site.example"]


async def test_what_robots_forbids_is_not_read_and_its_rules_are_asked_for_once_an_hour() -> None:
    def answer(path: str, *_: object) -> bytes:
        rules = b"User-agent: *\nDisallow: /\n\nUser-agent: metier-research\nDisallow: /private\n"
        return say(rules) if path == "/robots.txt" else say(b"page")

    clock = FrozenClock()
    politeness = Politeness(clock)
    async with serving(answer) as site:
        policy = policy_for(site, robots=True)
        assert (await fetch(f"{site.url}/open", policy, resolve=site.resolve, politeness=politeness)).body == b"page"
        with pytest.raises(InputError, match=r"robots\.txt"):
            await fetch(f"{site.url}/private/x", policy, resolve=site.resolve, politeness=politeness)
        assert [path for path, _, _ in site.asked] == ["/robots.txt", "/open"]
        clock.advance(3601)
        await fetch(f"{site.url}/open", policy, resolve=site.resolve, politeness=politeness)
    assert [path for path, _, _ in site.asked][2:] == ["/robots.txt", "/open"]


async def test_a_site_whose_robots_cannot_be_had_is_left_alone_for_a_minute() -> None:
    clock = FrozenClock()
    politeness = Politeness(clock)
    async with serving(lambda path, *_: say(status=503) if path == "/robots.txt" else say(b"page")) as site:
        for _ in range(2):
            with pytest.raises(ServerError, match="cannot be had"):
                await fetch(f"{site.url}/", policy_for(site, robots=True), resolve=site.resolve, politeness=politeness)
        clock.advance(60)
        with pytest.raises(ServerError, match="cannot be had"):
            await fetch(f"{site.url}/", policy_for(site, robots=True), resolve=site.resolve, politeness=politeness)
    assert [path for path, _, _ in site.asked] == ["/robots.txt"] * 2


async def test_robots_holds_for_every_hop() -> None:
    def answer(path: str, *_: object) -> bytes:
        if path == "/robots.txt":
            return say(b"User-agent: *\nDisallow: /private")
        return say(status=302, Location="/private/x") if path == "/open" else say(b"page")

    async with serving(answer) as site:
        with pytest.raises(InputError, match=r"robots\.txt"):
            await fetch(
                f"{site.url}/open",
                policy_for(site, robots=True),
                resolve=site.resolve,
                politeness=Politeness(FrozenClock()),
            )
    assert [path for path, _, _ in site.asked] == ["/robots.txt", "/open"]


async def test_a_site_that_asks_for_more_patience_than_there_is_time_is_left_alone() -> None:
    def answer(path: str, *_: object) -> bytes:
        return say(b"User-agent: *\nCrawl-delay: 100") if path == "/robots.txt" else say(b"page")

    clock = FrozenClock()
    politeness = Politeness(clock)
    async with serving(answer) as site:
        policy = policy_for(site, robots=True)
        await fetch(f"{site.url}/1", policy, resolve=site.resolve, politeness=politeness)
        with pytest.raises(ServerError, match="wait between pages") as caught:
            await fetch(f"{site.url}/2", policy, resolve=site.resolve, politeness=politeness)
        assert caught.value.retry_after_s == 100
        clock.advance(100)
        await fetch(f"{site.url}/2", policy, resolve=site.resolve, politeness=politeness)
    assert [path for path, _, _ in site.asked] == ["/robots.txt", "/1", "/2"]
