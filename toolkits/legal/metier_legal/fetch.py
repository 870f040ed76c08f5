"""Asking a server over HTTP: the one place of this distribution that speaks it.

Only the address that was configured is asked: redirects are refused or handed back unfollowed, answers are capped in
size and in time. Errors name the server by scheme, host and port only, because a path, a query or a header may hold a
key.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final, NoReturn

import httpx

from metier.canonical import JSON
from metier.errors import InputError, ServerError

MOST_BYTES: Final = 32 << 20
PAUSE_S: Final = 60.0  # after "too many requests" by a server that does not say for how long
_LONGEST_PAUSE_S: Final = 86_400.0
_CONNECT_S: Final = 5.0
_HERE: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_THROTTLED: Final = 429
_GONE: Final = frozenset((404, 410))
_HINT: Final = "Check that it runs and that the address is right."


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server answered: 200, 404, 410 or a redirect. `address` is what errors may call the server.

    `kind` is the media type, in small letters and without parameters; `location` is where a redirect points.
    """

    address: str
    status: int
    kind: str
    body: bytes
    location: str = ""

    @property
    def is_missing(self) -> bool:
        """Returns whether the server says that there is nothing at that address."""
        return self.status in _GONE

    @property
    def is_redirect(self) -> bool:
        """Returns whether the server points to another address."""
        return 300 <= self.status < 400


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    timeout_s: float
    content: str | None = None
    form: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Received:
    status: int
    headers: httpx.Headers
    body: bytes | None


def post_json(url: str, body: JSON, *, timeout_s: float, headers: Mapping[str, str] | None = None) -> JSON:
    """Returns the JSON answer to a POST of `body`.

    Raises InputError for an address that cannot be used, and ServerError for a server that is dead, slower than
    `timeout_s` seconds in all, failing, redirecting, or answering with more than MOST_BYTES or with no JSON.
    """
    parsed = _read_address(url)
    sent = {"Accept": "application/json", "Content-Type": "application/json", **(headers or {})}
    request = _Request("POST", parsed, sent, timeout_s, content=json.dumps(body, allow_nan=False))
    received = _exchange(request)
    _refuse_failure(parsed, received)
    if received.status >= 300:
        redirected = ", which redirects to another address that is not followed" if received.status < 400 else ""
        _fail(_address_of(parsed), f"answered with status {received.status}{redirected}")
    return _parse(_whole(request, received), _address_of(parsed))


def ask(
    url: str,
    *,
    timeout_s: float,
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
    form: Mapping[str, str] | None = None,
) -> Reply:
    """Returns the answer to a GET, or to a POST of `form`. Not found is an answer, a redirect is one not followed.

    Raises InputError for an address that cannot be used, and ServerError for everything that is no answer: a server
    that is dead, slow, failing or breaking off, that asks for patience (with the pause that it names, or PAUSE_S), or
    that sends more than MOST_BYTES.
    """
    parsed = _read_address(url)
    if query:
        parsed = parsed.copy_merge_params(dict(query))
    request = _Request("GET" if form is None else "POST", parsed, headers or {}, timeout_s, form=form)
    received = _exchange(request)
    _refuse_failure(parsed, received)
    if received.status != 200 and received.status not in _GONE and not 300 <= received.status < 400:
        _fail(_address_of(parsed), f"answered with status {received.status}")
    kind = received.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    location = received.headers.get("Location", "")
    return Reply(_address_of(parsed), received.status, kind, _whole(request, received), location)


def read_json(reply: Reply) -> JSON:
    """Returns the JSON that a server answered with; raises ServerError for anything else."""
    return _parse(reply.body, reply.address)


def is_here(url: str) -> bool:
    """Returns whether the address is on this machine; raises InputError for one that cannot be used."""
    return _read_address(url).host in _HERE


def _exchange(request: _Request) -> _Received:
    address = _address_of(request.url)
    try:
        # What httpx raises may quote the whole address, so nothing of it is kept.
        return _send(request)
    except httpx.ConnectTimeout:
        _fail(address, f"did not answer within {request.timeout_s:g} s", sent=False)
    except httpx.TimeoutException:
        _fail(address, f"did not answer within {request.timeout_s:g} s")
    except httpx.ConnectError:
        _fail(address, "cannot be reached", sent=False)
    except httpx.HTTPError:
        _fail(address, "broke off")
    except (OverflowError, UnicodeError):
        _fail(address, "cannot be asked with these headers", sent=False)


def _send(request: _Request) -> _Received:
    deadline = time.monotonic() + request.timeout_s
    timeout = httpx.Timeout(request.timeout_s, connect=min(_CONNECT_S, request.timeout_s))
    sent = {"content": request.content} if request.form is None else {"data": request.form}
    # a proxy has no business between a program and its own machine
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=request.url.host not in _HERE) as client,
        client.stream(request.method, request.url, headers=request.headers, **sent) as response,
    ):
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MOST_BYTES or time.monotonic() > deadline:
                return _Received(response.status_code, response.headers, None)
            chunks.append(chunk)
        return _Received(response.status_code, response.headers, b"".join(chunks))


def _refuse_failure(url: httpx.URL, received: _Received) -> None:
    told = _pause_of(received.headers.get("Retry-After", ""))
    if received.status == _THROTTLED:
        pause = PAUSE_S if told is None else told
        _fail(
            _address_of(url),
            f"answered with status {_THROTTLED}: it was asked too often",
            hint=f"Ask again in {pause:g} s.",
            retry_after_s=pause,
        )
    if received.status >= 500:
        _fail(_address_of(url), f"answered with status {received.status}", retry_after_s=told)


def _pause_of(written: str) -> float | None:
    """Returns the seconds that a Retry-After means, which is a number or a date; None when it means nothing."""
    if written.strip().isascii() and written.strip().isdecimal():
        return min(float(written.strip()[:12]), _LONGEST_PAUSE_S)
    try:
        until = parsedate_to_datetime(written)
        seconds = (until.astimezone(UTC) - datetime.now(UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_PAUSE_S)


def _whole(request: _Request, received: _Received) -> bytes:
    if received.body is None:
        told = f"sent more than {MOST_BYTES} bytes or did not finish within {request.timeout_s:g} s"
        _fail(_address_of(request.url), told)
    return received.body


def _parse(received: bytes, address: str) -> JSON:
    try:
        value: JSON = json.loads(received, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _fail(address, "answered with something that is not JSON")
    return value


def _read_address(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, TypeError) as error:
        raise InputError("The address of the server is not a URL.") from error
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise InputError("The address of a server must begin with http:// or https:// and name a host.")
    if parsed.userinfo or parsed.fragment:
        raise InputError("The address of a server must hold no user name or password.", hint="Give keys as headers.")
    return parsed


def _address_of(url: httpx.URL) -> str:
    return f"{url.scheme}://{url.host}" + (f":{url.port}" if url.port is not None else "")


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _fail(
    address: str, what: str, *, hint: str = _HINT, sent: bool = True, retry_after_s: float | None = None
) -> NoReturn:
    raise ServerError(f"The server at {address} {what}.", hint=hint, sent=sent, retry_after_s=retry_after_s) from None
