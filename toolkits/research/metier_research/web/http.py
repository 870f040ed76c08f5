"""Asking servers over HTTP: the one place of this distribution that speaks it.

Every host is resolved once, every address of it checked, and the connection goes to the checked address. Redirects are
followed by hand, each checked like the first. No cookies, no credentials, no proxies of the environment; bodies are
capped. Errors name a server by scheme, host and port only: a path, a query or a header may hold a secret.
"""

import asyncio
import json as text_of_json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from ssl import SSLContext
from typing import Final, NoReturn
from urllib.parse import urlencode

import httpx

from metier.canonical import JSON
from metier.errors import InputError, NotCoveredError, ServerError
from metier_research.web.addresses import is_on_this_machine
from metier_research.web.headers import media_type, pause_of
from metier_research.web.policy import FetchPolicy
from metier_research.web.politeness import SHARED, Politeness
from metier_research.web.resolving import Resolver, find_addresses, resolve_host
from metier_research.web.robots import EVERYTHING, NOTHING, Rules, read_rules
from metier_research.web.unpacking import ACCEPTED, PackedError, Unpacker
from metier_research.web.urls import Target, follow, read_target

MOST_ANSWER_BYTES: Final = 32 << 20
_MOST_ROBOTS_BYTES: Final = 4 << 20
_CONNECT_S: Final = 10.0
_MOST_ADDRESSES: Final = 3
_REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
_READS: Final = "text/html,application/xhtml+xml,application/pdf,text/*;q=0.9,application/json;q=0.8,*/*;q=0.5"
_HINT, _SECRET = "Try again later, or read another page.", ("auth", "key", "token", "secret", "cookie")


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a server sent. `url` is the address after redirects, `kind` its media type in small letters.

    `location` is where a redirect points that was not followed; `retry_after_s` the pause that the server asked for.
    """

    url: str
    status: int
    kind: str
    charset: str
    body: bytes = field(repr=False)
    location: str = ""
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Request:
    target: Target
    headers: Mapping[str, str] = field(repr=False)
    max_bytes: int
    method: str = "GET"
    content: bytes = field(default=b"", repr=False)


async def fetch(
    url: str, policy: FetchPolicy, *, resolve: Resolver = resolve_host, politeness: Politeness = SHARED
) -> Fetched:
    """Returns what is at the address, redirects followed.

    Raises InputError, which says the rule, for an address that is refused, at the first or any later hop, or by the
    site's robots.txt. Raises NotCoveredError for a page that there is not, and ServerError for a server that is dead,
    slower than the policy allows or failing, that sends more than it allows or what cannot be unpacked, or that
    redirects too often.
    """
    target = read_target(url, policy.allow_private)
    async with _within(policy.total_s, target):
        for _ in range(policy.redirects + 1):
            if policy.robots:
                await _obey_robots(target, policy, resolve, politeness)
            fetched = await _get(target, policy, resolve)
            if not fetched.location:
                return _check_status(fetched, target)
            target = follow(target, fetched.location, policy.allow_private)
    _fail(target, f"redirects more than {policy.redirects} times")


async def ask(
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json: JSON = None,
    timeout_s: float,
    allow_private: frozenset[str] = frozenset(),
) -> Fetched:
    """Returns what a service that this toolkit or its user configured answers to a GET, or to a POST of `json`.

    Every status is an answer here; redirects are not followed. The host may be this machine when the address says so
    itself, or one of `allow_private` ("host:port"), at any port. Keys are not sent without https except on this
    machine. Raises InputError for an address that is refused, ServerError for a server that is dead, slow or broken.
    """
    content = b"" if json is None else text_of_json.dumps(json, allow_nan=False).encode()
    sent = {"Accept": "*/*", **({"Content-Type": "application/json"} if content else {}), **(headers or {})}
    target = _service(url, query, sent, allow_private)
    request = _Request(target, sent, MOST_ANSWER_BYTES, "POST" if content else "GET", content)
    async with _within(timeout_s, target):
        return await _exchange(request, resolve_host)


async def ask_json(
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    json: JSON = None,
    timeout_s: float,
    allow_private: frozenset[str] = frozenset(),
) -> JSON:
    """Returns the JSON that a configured service answers with; asks as `ask` does.

    Raises also NotCoveredError for not found, and ServerError for a status that is no success and for what is no JSON.
    """
    sent = {"Accept": "application/json", **(headers or {})}
    fetched = await ask(url, query=query, headers=sent, json=json, timeout_s=timeout_s, allow_private=allow_private)
    target = _check_answer(fetched)
    try:
        value: JSON = text_of_json.loads(fetched.body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _fail(target, "answered with something that is not JSON")
    return value


async def ask_text(
    url: str,
    *,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    timeout_s: float,
    allow_private: frozenset[str] = frozenset(),
) -> str:
    """Returns the text that a configured service answers a GET with, in UTF-8 unless it says otherwise: for XML.

    Asks and raises as `ask_json` does.
    """
    fetched = await ask(url, query=query, headers=headers, timeout_s=timeout_s, allow_private=allow_private)
    target = _check_answer(fetched)
    try:
        return fetched.body.decode(fetched.charset or "utf-8")
    except (LookupError, ValueError):
        _fail(target, "answered with something that is no text")


def _service(url: str, query: Mapping[str, str] | None, headers: Mapping[str, str], allowed: frozenset[str]) -> Target:
    """Returns the address of a configured service; raises InputError where a key would travel in the clear."""
    joint = "&" if "?" in url else "?"
    target = read_target(f"{url}{joint}{urlencode(query)}" if query else url, allowed, any_port=True)
    target = replace(target, named=target.named or is_on_this_machine(target.host))
    secret = any(word in name.lower() for name in headers for word in _SECRET)
    if secret and target.scheme != "https" and not is_on_this_machine(target.host):
        raise InputError("A key is not sent over an address without https.", hint="Set the address to https://...")
    return target


def _check_answer(fetched: Fetched) -> Target:
    """Returns the address that answered with what it was asked for; raises ServerError for another answer."""
    target = read_target(fetched.url, any_port=True)
    if fetched.status in (401, 403):
        _fail(target, f"answered with status {fetched.status}: it wants a key, or another one", hint="Check the key.")
    if fetched.location:
        _fail(target, "redirects to another address, which is not followed", hint="Check the address.")
    _check_status(fetched, target)
    return target


def _check_status(fetched: Fetched, target: Target) -> Fetched:
    if 200 <= fetched.status < 300:
        return fetched
    told = f"answered with status {fetched.status}"
    if fetched.status in (404, 410):
        raise NotCoveredError(f"The server at {target.origin} {told}: there is no such page.", hint=_HINT)
    if fetched.status in (401, 402, 403, 451):
        told += ": it does not let this page be read"
    _fail(target, told, retry_after_s=fetched.retry_after_s)


async def _obey_robots(target: Target, policy: FetchPolicy, resolve: Resolver, politeness: Politeness) -> None:
    rules = politeness.recall(target.origin)
    if rules is None:
        rules = await _ask_robots(target, policy, resolve)
        politeness.keep(target.origin, rules)
    if not rules.allow(target.url):
        if rules is NOTHING:
            _fail(target, "does not tell what programs may read: its robots.txt cannot be had")
        raise InputError(f"{target.host} does not let programs read this page (robots.txt).", hint="Read another page.")
    pause = politeness.pause_s(target.origin, rules.delay_s)
    if pause > policy.total_s:
        _fail(target, "asks programs to wait between pages", sent=False, retry_after_s=pause)
    await asyncio.sleep(politeness.take_turn(target.origin, rules.delay_s))


async def _ask_robots(target: Target, policy: FetchPolicy, resolve: Resolver) -> Rules:
    """Returns the rules of the target's site: one whose robots.txt cannot be had allows nothing for now.

    Raises ServerError for a site that cannot be reached at all.
    """
    here = replace(target, path="/robots.txt")
    try:
        for _ in range(policy.redirects + 1):
            fetched = await _get(here, policy, resolve, most=_MOST_ROBOTS_BYTES)
            if not fetched.location:
                return read_rules(fetched.status, fetched.body)
            here = follow(here, fetched.location, policy.allow_private)
    except ServerError as error:
        if not error.sent:
            raise
        return NOTHING
    return EVERYTHING


async def _get(target: Target, policy: FetchPolicy, resolve: Resolver, *, most: int | None = None) -> Fetched:
    headers = {"User-Agent": policy.user_agent, "Accept": _READS}
    return await _exchange(_Request(target, headers, policy.max_bytes if most is None else most), resolve)


async def _exchange(request: _Request, resolve: Resolver) -> Fetched:
    """Returns the answer of the first address of the host that can be reached."""
    target = request.target
    addresses = await find_addresses(target, resolve)
    for address in addresses[:_MOST_ADDRESSES]:
        try:
            # What httpx raises may quote the whole address, so nothing of it is kept.
            return await _send(request, address)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            if "CERTIFICATE" in str(error):
                _fail(target, "shows a certificate that nobody vouches for", sent=False)
        except httpx.HTTPError:
            _fail(target, "broke off, or does not speak HTTP")
        except PackedError as error:
            _fail(target, f"sent something that {error}")
        except (httpx.InvalidURL, OverflowError, UnicodeError):
            _fail(target, "cannot be asked with this address or these headers", sent=False)
    _fail(target, "cannot be reached", sent=False)


async def _send(request: _Request, address: str) -> Fetched:
    target = request.target
    host = f"[{address}]" if ":" in address else address
    wire = httpx.Request(
        request.method,
        f"{target.scheme}://{host}:{target.port}{target.path}",
        headers={"Accept-Encoding": ACCEPTED, **request.headers, "Host": target.netloc, "Connection": "close"},
        content=request.content or None,
        extensions={"sni_hostname": target.host, "timeout": {"connect": _CONNECT_S}},
    )
    async with httpx.AsyncHTTPTransport(verify=_trusted(), trust_env=False) as transport:
        response = await transport.handle_async_request(wire)
        try:
            return await _receive(response, request)
        finally:
            await response.aclose()


async def _receive(response: httpx.Response, request: _Request) -> Fetched:
    headers = response.headers
    location = headers.get("Location", "") if response.status_code in _REDIRECTS else ""
    kind, charset = media_type(headers.get("Content-Type", ""))
    unpacker = Unpacker(headers.get("Content-Encoding", ""), request.max_bytes)
    chunks: list[bytes] = []
    if not location and isinstance(response.stream, httpx.AsyncByteStream):
        chunks = [unpacker.feed(chunk) async for chunk in response.stream]
        unpacker.close()
    pause = pause_of(headers.get("Retry-After", ""), datetime.now(UTC))
    return Fetched(request.target.url, response.status_code, kind, charset, b"".join(chunks), location, pause)


@asynccontextmanager
async def _within(seconds: float, target: Target) -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(seconds):
            yield
    except TimeoutError:
        _fail(target, f"did not answer within {seconds:g} s")


@cache
def _trusted() -> SSLContext:
    """Returns the certificates that are trusted; made once, for that takes longer than many an answer."""
    return httpx.create_ssl_context(trust_env=False)


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _fail(
    target: Target, what: str, *, hint: str = _HINT, sent: bool = True, retry_after_s: float | None = None
) -> NoReturn:
    told = f"The server at {target.origin} {what}."
    raise ServerError(told, hint=hint, sent=sent, retry_after_s=retry_after_s) from None
