"""Addresses of pages as they may be asked for: one spelling, and only what a public site uses. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from metier.errors import InputError

PORTS: Final = frozenset((80, 443, 8080, 8443))
_DEFAULT: Final = {"http": 80, "https": 443}
_LONGEST: Final = 4096
_NEVER: Final = re.compile("[\x00-\x20\x7f-\xa0\\\\\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
_NUMBER: Final = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)", re.I)
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PATH_SIGNS: Final = "/%:@!$&'()*+,;=~-._"
_HINT: Final = "Give the address of a public page, with http:// or https://."


@dataclass(frozen=True, slots=True)
class Target:
    """A page's address in one spelling. `named` says that the user allowed this host and port by name."""

    scheme: str
    host: str
    port: int
    path: str
    named: bool

    @property
    def netloc(self) -> str:
        """Returns the host with its port where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        """Returns scheme, host and port: what errors may say, for a path or a query may hold a secret."""
        return f"{self.scheme}://{self.netloc}"

    @property
    def url(self) -> str:
        """Returns the whole address."""
        return self.origin + self.path


def read_target(url: str, allowed: Collection[str] = (), *, any_port: bool = False) -> Target:
    """Returns the address in its one spelling; raises InputError, which names the rule, for one that is refused.

    Refused are schemes other than http and https, user names and passwords, ports that public sites do not use
    (unless `any_port`), and hosts that are numbers written otherwise than as four decimal ones. `allowed` are the
    hosts with port that the user named. Fragments are dropped; nothing is resolved here.
    """
    if len(url) > _LONGEST or (_NEVER.search(url) is not None):
        raise InputError("The address is too long, or holds spaces or signs that no address has.", hint=_HINT)
    parts = _split(url)
    if parts.scheme not in _DEFAULT:
        raise InputError(f"Addresses that begin with {parts.scheme[:20]!r} are not fetched.", hint=_HINT)
    if "@" in parts.netloc:
        raise InputError("The address holds a user name or a password.", hint="Give it without.")
    host, port = read_host(parts.hostname or ""), _port(parts)
    named = f"{host}:{port}" in allowed or f"[{host}]:{port}" in allowed
    if not named and not any_port and port not in PORTS:
        raise InputError(f"Port {port} is not one that public sites use.", hint=_HINT)
    path = quote(parts.path or "/", safe=_PATH_SIGNS)
    query = f"?{quote(parts.query, safe=_PATH_SIGNS + '?')}" if parts.query else ""
    return Target(parts.scheme, host, port, path + query, named)


def follow(target: Target, location: str, allowed: Collection[str] = ()) -> Target:
    """Returns where a redirect leads, spaces allowed; raises InputError where nobody may go."""
    try:
        joined = urljoin(target.url, location.strip().replace(" ", "%20"))
    except ValueError as error:
        raise InputError(f"{target.host} redirects to something that is no address.") from error
    return read_target(joined, allowed)


def read_host(host: str) -> str:
    """Returns the host in small ASCII letters (UTS 46) or an IP address; raises InputError for what is neither."""
    if ":" in host:
        return _read_v6(host)
    try:
        plain = idna.encode(host, uts46=True, std3_rules=True).decode("ascii") if not host.isascii() else host
    except (idna.IDNAError, UnicodeError) as error:
        raise InputError("The address has a host that is no name.", hint=_HINT) from error
    plain = plain.lower().removesuffix(".")
    labels = plain.split(".")
    if _NUMBER.fullmatch(labels[-1]):
        return _read_v4(plain)
    if len(plain) > 253 or not all(map(_LABEL.fullmatch, labels)):
        raise InputError("The address has a host that is no name.", hint=_HINT)
    return plain


def _read_v4(host: str) -> str:
    """Returns an IPv4 address that is written as four decimal numbers; other spellings serve to deceive."""
    try:
        return str(IPv4Address(host))
    except ValueError as error:
        raise InputError("The host is a number that is not written as an address is.", hint=_HINT) from error


def _read_v6(host: str) -> str:
    try:
        parsed = ip_address(host)
    except ValueError as error:
        raise InputError("The host is no IPv6 address.", hint=_HINT) from error
    if not isinstance(parsed, IPv6Address) or parsed.scope_id is not None:
        raise InputError("The host is bound to one network card (a zone).", hint=_HINT)
    return str(parsed)


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:
        raise InputError("That is no address of a page.", hint=_HINT) from error


def _port(parts: SplitResult) -> int:
    try:
        port = parts.port
    except ValueError as error:
        raise InputError("The address has a port that is no number.", hint=_HINT) from error
    return _DEFAULT[parts.scheme] if port is None else port
