"""Addresses out of what a source sent: whole, of the web, and not of a counter in between. Pure."""

import re
from typing import Final
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

_LONGEST: Final = 2_000
_HOPS: Final = 3
_COUNTERS: Final = (  # host (or what it ends with), path, and the field that holds the address meant
    ("duckduckgo.com", "/l/", "uddg"),
    ("google.com", "/url", "q"),
    ("google.com", "/url", "url"),
)
_TRACKING: Final = re.compile(r"utm_\w{1,20}|gclid|fbclid|msclkid|srsltid|mc_[ce]id|igshid", re.I)
_DOI: Final = re.compile(r"10\.\d{4,9}/[^\s\"]{1,200}")
_RESOLVER: Final = re.compile(r"(?:https?://)?(?:dx\.)?doi\.org/|doi:\s?", re.I)


def clean_url(written: str, base: str = "") -> str:
    """Returns the address that is meant, absolute, http or https, unwrapped from a redirect that counts clicks.

    "" for what is none: no host, another scheme, a user name before the host, white space or control characters.
    """
    url = _joined(base, written.strip())
    for _ in range(_HOPS):
        if not _is_address(url):
            return ""
        inner = _unwrap(url)
        if not inner:
            return url
        url = inner
    return ""


def url_key(url: str) -> str:
    """Returns what two addresses of one page have in common: no scheme, fragment, last slash or tracking fields."""
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, True) if not _TRACKING.fullmatch(name)]
    host = (parts.hostname or "").removeprefix("www.")
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    return urlunsplit(("", host + port, parts.path.rstrip("/"), urlencode(query), ""))


def clean_doi(written: str) -> str:
    """Returns a DOI in small letters and without a resolver before it (ISO 26324 tells no case apart); else ""."""
    text = _RESOLVER.sub("", written.strip(), count=1)
    return text.lower() if _DOI.fullmatch(text) else ""


def _joined(base: str, written: str) -> str:
    try:
        return urljoin(base, written) if base else written
    except ValueError:  # brackets that hold no IPv6 address
        return ""


def _is_address(url: str) -> bool:
    if not url or len(url) > _LONGEST or any(sign.isspace() or not sign.isprintable() for sign in url):
        return False
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc and port != 0


def _unwrap(url: str) -> str:
    """Returns the address inside one that only counts a click, "" when it is not one."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    for suffix, path, name in _COUNTERS:
        if (host == suffix or host.endswith(f".{suffix}")) and parts.path.rstrip("/") == path.rstrip("/"):
            inner = parse_qs(parts.query).get(name, [""])[0].strip()
            if inner.startswith(("http://", "https://")):
                return inner
    return ""
