"""What belongs to a site, and when two addresses are one page. Pure.

A site of the web is a host with its port, `www.` or not, and the hosts below it; an address that ends in a slash keeps
the walk below that folder. A wiki of this machine is a site of its own.
"""

import posixpath
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from metier.errors import InputError

LONGEST: Final = 2_000  # characters of an address
_NUMBER: Final = re.compile(r"\d+")
_PORTS: Final = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Site:
    """The bounds of a walk: `host` without `www.`, a `port` that was named, and the `folder` below which to stay."""

    scheme: str
    host: str
    port: int | None = None
    folder: str = "/"

    def holds(self, url: str) -> bool:
        """Returns whether the address is one of the site. What is no plain address of a page is not."""
        parts = _split(url)
        if parts is None or _scheme(parts) != self.scheme or _port(parts) != self.port:
            return False
        host = _host(parts)
        if self.scheme == "wiki":
            return host == self.host
        return (host == self.host or host.endswith(f".{self.host}")) and _path(parts).startswith(self.folder)


def site_of(start: str) -> Site:
    """Returns the site that an address is of; raises InputError for what is no address of a page."""
    parts = _split(start)
    if parts is None or not _host(parts):
        raise InputError(
            f"{start[:80]!r} is no site.", hint="Give the address of a page: https://host/, or wiki://NAME."
        )
    scheme = _scheme(parts)
    path = _path(parts)
    folder = path if scheme == "web" and path.endswith("/") else "/"
    return Site(scheme, _host(parts), _port(parts), folder)


def key_of(url: str) -> str:
    """Returns what two addresses of one page have in common: no fragment, no default port, http like https."""
    parts = _split(url)
    if parts is None:
        return url
    query = f"?{parts.query}" if parts.query else ""
    port = f":{port}" if (port := _port(parts)) is not None else ""
    return f"{_scheme(parts)}://{_host(parts)}{port}{parts.path or '/'}{query}"


def shape_of(url: str) -> str:
    """Returns what addresses that a program made by counting have in common: a nought for every number."""
    return _NUMBER.sub("0", key_of(url))


def _split(url: str) -> SplitResult | None:
    if len(url) > LONGEST:
        return None
    try:
        parts = urlsplit(url.strip())
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    if parts.scheme not in ("http", "https", "wiki") or parts.username is not None:
        return None
    return parts


def _scheme(parts: SplitResult) -> str:
    return "wiki" if parts.scheme == "wiki" else "web"


def _host(parts: SplitResult) -> str:
    if parts.scheme == "wiki":
        return parts.netloc
    return (parts.hostname or "").rstrip(".").removeprefix("www.")


def _port(parts: SplitResult) -> int | None:
    return None if parts.port == _PORTS.get(parts.scheme) else parts.port


def _path(parts: SplitResult) -> str:
    """Returns the path with its dots resolved; a slash at its end stays."""
    plain = unquote(parts.path).replace("\\", "/") or "/"
    resolved = posixpath.normpath(f"/{plain.lstrip('/')}")
    return f"{resolved}/" if plain.endswith("/") and resolved != "/" else resolved
