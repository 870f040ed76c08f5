"""The address of a server. Pure."""

import re
from urllib.parse import SplitResult, urlsplit, urlunsplit

from metier.errors import InputError

_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\U0010ffff\\]")


def read_address(url: str) -> str:
    """Returns `url` without a slash at its end, its path kept: "http://a:30000", "https://b/models/qwen".

    Raises InputError for anything but http and https with a host, and for what does not belong into an address: user
    names, passwords, a query or a fragment. The error does not repeat what may be a secret.
    """
    if _FORBIDDEN.search(url):
        raise InputError(
            "The address of a server holds spaces, control characters, or letters beyond ASCII.", hint=_EXAMPLE
        )
    parts, port = _split(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError(f"{_shown(parts)!r} is no address of a server.", hint=_EXAMPLE)
    if "@" in parts.netloc:
        raise InputError(
            f"The address of {parts.hostname} holds a user name or a password.", hint="Give the key by itself."
        )
    if parts.query or parts.fragment:
        raise InputError(
            f"The address of {parts.hostname} goes on after its path.", hint="Leave out what follows ? or #."
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{parts.path.rstrip('/')}"


_EXAMPLE = "Write it like http://host:30000."


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        text = "The address of a server can not be read: its host or port is wrong."
        raise InputError(text, hint=_EXAMPLE) from error
    return parts, port


def _shown(parts: SplitResult) -> str:
    """Returns the address as it was typed, without what may be a secret."""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path.rpartition("@")[2], "", ""))
