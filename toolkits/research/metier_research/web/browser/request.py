"""What a browser asks its proxy for: a tunnel, or a page without TLS. Pure: bytes in, a request or a refusal out."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from metier.errors import InputError
from metier_research.web.urls import Target, read_target

MOST_HEAD: Final = 64 << 10
END: Final = b"\r\n\r\n"
_METHODS: Final = frozenset(("GET", "HEAD", "POST", "OPTIONS"))
_AUTHORITY: Final = re.compile(r"(?:\[[0-9A-Fa-f:.]{2,60}\]|[A-Za-z0-9._-]{1,253}):[0-9]{1,5}")
_HEADER: Final = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([^\x00\r\n]*)")
_OURS: Final = frozenset(  # what holds between two neighbours only (RFC 9110, section 7.6.1), and what is written anew
    ("connection", "proxy-connection", "proxy-authorization", "keep-alive", "te", "trailer", "upgrade", "host")
)
_HINT: Final = "Only HTTP/1.1 is understood."


@dataclass(frozen=True, slots=True)
class Request:
    """Where a browser wants to go.

    For a tunnel `head` is empty; else it is what that server is sent, and `length` the bytes of a body that follow.
    """

    target: Target
    tunnel: bool
    head: bytes = b""
    length: int = 0


def read_request(head: bytes, allowed: Collection[str]) -> Request:
    """Returns what the head of a request to a proxy (RFC 9112, section 3.2), with its empty line, asks for.

    Raises InputError for what is no such request, and for an address that `read_target` refuses.
    """
    first, *lines = head.decode("latin-1").removesuffix(END.decode()).split("\r\n")
    method, _, rest = first.partition(" ")
    asked, _, version = rest.partition(" ")
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise InputError("That is no request.", hint=_HINT)
    if method == "CONNECT":
        return Request(_tunnel_target(asked, allowed), tunnel=True)
    if method not in _METHODS or not asked.startswith("http://"):
        raise InputError("Only pages are asked for, with http:// before them.", hint=_HINT)
    target = read_target(asked, allowed)
    headers = [_read_header(line) for line in lines]
    length = _length([value for name, value in headers if name == "content-length"])
    if any(name == "transfer-encoding" for name, _ in headers):
        raise InputError("A body of unknown length is not sent on.", hint=_HINT)
    kept = [f"{name}: {value}" for name, value in headers if name not in _OURS]
    wire = "\r\n".join([f"{method} {target.path} HTTP/1.1", f"host: {target.netloc}", *kept, "connection: close"])
    return Request(target, tunnel=False, head=wire.encode("latin-1") + END, length=length)


def _tunnel_target(authority: str, allowed: Collection[str]) -> Target:
    if not _AUTHORITY.fullmatch(authority):
        raise InputError("A tunnel needs a host and a port.", hint=_HINT)
    return read_target(f"https://{authority}/", allowed)


def _read_header(line: str) -> tuple[str, str]:
    found = _HEADER.fullmatch(line)
    if found is None:
        raise InputError("A header of the request is none.", hint=_HINT)
    return found[1].lower(), found[2].strip(" \t")


def _length(written: list[str]) -> int:
    if not written:
        return 0
    if len(written) > 1 or not (written[0].isascii() and written[0].isdecimal()) or len(written[0]) > 9:
        raise InputError("The length of the request's body is no number.", hint=_HINT)
    return int(written[0])
