"""Asking a server for JSON: the one place of this distribution that speaks HTTP.

Only the address that was configured is asked: redirects are refused, answers are capped in size and in time. Errors
name the server by scheme, host and port only, because a path, a query or a header may hold a key.
"""

import json
import time
from collections.abc import Mapping
from typing import Final, NoReturn

import httpx

from metier.canonical import JSON
from metier.errors import InputError, ServerError

MOST_BYTES: Final = 32 << 20
_CONNECT_S: Final = 5.0
_HERE: Final = frozenset(("localhost", "127.0.0.1", "::1"))


def post_json(url: str, body: JSON, *, timeout_s: float, headers: Mapping[str, str] | None = None) -> JSON:
    """Returns the JSON answer to a POST of `body`.

    Raises InputError for an address that cannot be used, and ServerError for a server that is dead, slower than
    `timeout_s` seconds in all, failing, redirecting, or answering with more than MOST_BYTES or with no JSON.
    """
    parsed = _read_address(url)
    address = f"{parsed.scheme}://{parsed.host}" + (f":{parsed.port}" if parsed.port is not None else "")
    try:
        # What httpx raises may quote the whole address, so nothing of it is kept.
        status, received = _post(parsed, body, timeout_s, headers or {})
    except httpx.TimeoutException:
        _fail(address, f"did not answer within {timeout_s:g} s")
    except httpx.ConnectError:
        _fail(address, "cannot be reached")
    except httpx.HTTPError:
        _fail(address, "broke off")
    except (OverflowError, UnicodeError):
        _fail(address, "cannot be asked with these headers")
    if status >= 300:
        redirected = ", which redirects to another address that is not followed" if status < 400 else ""
        _fail(address, f"answered with status {status}{redirected}")
    if received is None:
        _fail(address, f"sent more than {MOST_BYTES} bytes or did not finish within {timeout_s:g} s")
    return _parse(received, address)


def _post(url: httpx.URL, body: JSON, timeout_s: float, headers: Mapping[str, str]) -> tuple[int, bytes | None]:
    deadline = time.monotonic() + timeout_s
    sent = {"Accept": "application/json", "Content-Type": "application/json", **headers}
    timeout = httpx.Timeout(timeout_s, connect=min(_CONNECT_S, timeout_s))
    content = json.dumps(body, allow_nan=False)
    # a proxy has no business between a program and its own machine
    with (
        httpx.Client(timeout=timeout, follow_redirects=False, trust_env=url.host not in _HERE) as client,
        client.stream("POST", url, content=content, headers=sent) as response,
    ):
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MOST_BYTES or time.monotonic() > deadline:
                return response.status_code, None
            chunks.append(chunk)
        return response.status_code, b"".join(chunks)


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


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _fail(address: str, what: str) -> NoReturn:
    raise ServerError(
        f"The server at {address} {what}.", hint="Check that it runs and that the address is right."
    ) from None
