"""Which addresses a secret may be sent to. Pure."""

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_safe(url: str) -> bool:
    """Returns whether what is sent to `url` is encrypted, or stays on this machine."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def may_send(url: str, *, server: str) -> bool:
    """Returns whether the tool server at `server` may have something sent to `url`.

    A server elsewhere has no business with the programs on this machine.
    """
    return is_safe(url) and (urlsplit(url).hostname not in LOOPBACK or urlsplit(server).hostname in LOOPBACK)
