"""Asking a server for JSON: the one place of this distribution that speaks HTTP.

Only the address that was configured is asked: redirects are refused, answers are capped in size and in time. Errors
name the server by scheme, host and port only, because a path or a query may hold a key.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, NoReturn, Self

import httpx

from metier.errors import InputError, ServerError

_MEBIBYTE: Final = 1 << 20
_CONNECT_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer below 500: its HTTP status and its JSON value."""

    status: int
    value: Any


@dataclass(frozen=True, slots=True)
class Caps:
    """What an answer may cost: seconds from request to last byte, and bytes."""

    time_s: float = 30.0
    size: int = 32 * _MEBIBYTE


_USUAL: Final = Caps()


class Fetcher:
    """A client of one server; safe to use from several threads. Close it, or use it as a context manager."""

    def __init__(
        self, name: str, base_url: str, *, caps: Caps = _USUAL, headers: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self.address, local = _read_address(base_url)
        self._caps = caps
        self._client = httpx.Client(
            base_url=base_url,
            headers={"Accept": "application/json", **(headers or {})},
            timeout=httpx.Timeout(caps.time_s, connect=min(_CONNECT_S, caps.time_s)),
            follow_redirects=False,
            trust_env=not local,  # a proxy has no business between a program and its own machine
        )

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Reply:
        """Returns the answer to a GET; raises ServerError for a server that is dead, silent or failing."""
        return self._ask("GET", path, params=params)

    def post(self, path: str, body: object) -> Reply:
        """Returns the answer to a POST of a JSON body; raises ServerError as `get` does."""
        return self._ask("POST", path, body=body)

    def close(self) -> None:
        """Closes the connections to the server."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: object = None) -> Reply:
        content = None if body is None else json.dumps(body, allow_nan=False)
        headers = {} if body is None else {"Content-Type": "application/json"}
        deadline = time.monotonic() + self._caps.time_s
        try:
            # What httpx raises may quote the whole address, so nothing of it is kept.
            with self._client.stream(method, path, params=params, content=content, headers=headers) as response:
                received = self._receive(response, deadline)
                status = response.status_code
        except httpx.TimeoutException:
            self._fail(f"did not answer within {self._caps.time_s:g} s")
        except httpx.ConnectError:
            self._fail("cannot be reached")
        except (httpx.HTTPError, httpx.InvalidURL):
            self._fail("broke off")
        if status >= 500:
            self._fail(f"failed with status {status}")
        if 300 <= status < 400:
            self._fail("redirects to another address, which is not followed")
        return Reply(status, self._parse(received, status))

    def _receive(self, response: httpx.Response, deadline: float) -> bytes:
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > self._caps.size:
                self._fail(f"sent more than {self._caps.size} bytes")
            if time.monotonic() > deadline:
                self._fail(f"did not finish within {self._caps.time_s:g} s")
            chunks.append(chunk)
        return b"".join(chunks)

    def _parse(self, received: bytes, status: int) -> Any:
        try:
            return json.loads(received, parse_constant=_refuse_constant)
        except (ValueError, RecursionError):
            self._fail(f"answered with status {status} and something that is not JSON")

    def _fail(self, what: str) -> NoReturn:
        raise ServerError(
            f"{self.name} at {self.address} {what}.", hint="Check that it runs and that the address is right."
        ) from None


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)


def _read_address(base_url: str) -> tuple[str, bool]:
    """Returns scheme, host and port of a base address, and whether it is this machine."""
    try:
        url = httpx.URL(base_url)
    except (httpx.InvalidURL, TypeError) as error:
        raise InputError("The address of the server is not a URL.") from error
    if url.scheme not in ("http", "https") or not url.host:
        raise InputError("The address of a server must begin with http:// or https:// and name a host.")
    if url.userinfo or url.query or url.fragment:
        raise InputError(
            "The address of a server must hold no user name, password or query.", hint="Give keys in the settings."
        )
    port = f":{url.port}" if url.port is not None else ""
    return f"{url.scheme}://{url.host}{port}", url.host in ("localhost", "127.0.0.1", "::1")
