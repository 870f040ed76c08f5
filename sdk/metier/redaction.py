"""Secrets taken out of text and JSON. Pure."""

import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import quote, quote_plus

from metier.canonical import JSON

MASK = "[secret]"
SHORTEST = 4  # characters; anything shorter occurs in text by chance
SHORTEST_PART = 8  # characters of base64, of a secret that stands in the middle of what was encoded
_ESCAPE = re.compile("%[0-9A-F]{2}")


class Redaction:
    """Replaces every known secret by a mask. Made by `redaction_of`."""

    __slots__ = ("_pattern",)

    def __init__(self, pattern: re.Pattern[str] | None = None) -> None:
        self._pattern = pattern

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """Returns what matches every secret; None when there is none."""
        return self._pattern

    def text(self, text: str) -> str:
        """Returns `text` with every secret masked."""
        pattern = self.pattern
        return pattern.sub(MASK, text) if pattern else text

    def json(self, value: JSON) -> JSON:
        """Returns `value` with every secret masked in its strings and keys, and numbers that are one."""
        pattern = self.pattern
        return value if pattern is None else _masked(value, pattern)


class LiveRedaction(Redaction):
    """The Redaction of secrets that change while it is in use: of `fixed` ones, and of those that `read` gives now."""

    __slots__ = ("_fixed", "_known", "_made", "_read")

    def __init__(self, fixed: Iterable[str], read: Callable[[], tuple[str, ...]]) -> None:
        super().__init__()
        self._fixed = tuple(fixed)
        self._read = read
        self._known: tuple[str, ...] = ()
        self._made = redaction_of(self._fixed)

    @property
    def pattern(self) -> re.Pattern[str] | None:
        """Returns what matches every secret of now."""
        known = self._read()
        if known != self._known:
            self._made = redaction_of((*self._fixed, *known))
            self._known = known
        return self._made.pattern


_PARAMETERS = (
    *(
        "key",
        "api_key",
        "apikey",
        "api-key",
        "access_key",
        "accesskey",
        "subscription-key",
        "ak",
        "sk",
        "sig",
        "signature",
    ),
    *("token", "access_token", "auth_token", "secret", "client_secret", "app_secret", "password", "passwd", "pwd"),
)
ADDRESSES = Redaction(
    re.compile(f"(?:{'|'.join(f'(?<=[?&;]{name}=)' for name in _PARAMETERS)})[^&;#\\s\"'<>]+", re.IGNORECASE)
)
"""Masks the values of parameters of a URL that are named like secrets, whatever they are."""


def redaction_of(secrets: Iterable[str]) -> Redaction:
    """Returns the Redaction of `secrets` as they are, percent-encoded, escaped for JSON and HTML, and in base64.

    Values of fewer than four characters are left alone: they occur in any text by chance. One who wants to give a
    secret away can spell it in ways that nobody foresees: this is for those who do not mean to.
    """
    spellings = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
    if not spellings:
        return Redaction()
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return Redaction(re.compile("|".join(re.escape(spelling) for spelling in longest_first)))


def _masked(value: JSON, pattern: re.Pattern[str]) -> JSON:
    match value:
        case str():
            return pattern.sub(MASK, value)
        case list():
            return [_masked(item, pattern) for item in value]
        case dict():
            return {pattern.sub(MASK, key): _masked(item, pattern) for key, item in value.items()}
        case bool() | None:
            return value
        case _:
            return MASK if pattern.fullmatch(str(value)) else value


def _spellings(secret: str) -> Iterable[str]:
    yield secret
    for encode in (quote, quote_plus):
        encoded = encode(secret, safe="", errors="surrogatepass")
        yield encoded
        yield _ESCAPE.sub(lambda found: found[0].lower(), encoded)
    yield json.dumps(secret)[1:-1]
    yield json.dumps(secret, ensure_ascii=False)[1:-1]
    yield escape(secret)
    yield from _in_base64(secret.encode("utf-8", "surrogatepass"))


def _in_base64(secret: bytes) -> Iterable[str]:
    """Yields the secret in base64, alone and as it stands inside of what was encoded: three bytes make four signs."""
    for encode in (b64encode, urlsafe_b64encode):
        yield encode(secret).decode().rstrip("=")
        for ahead in range(3):
            whole = encode(bytes(ahead) + secret).decode()
            part = whole[-(-ahead * 8 // 6) : (ahead + len(secret)) * 8 // 6]
            if len(part) >= SHORTEST_PART:
                yield part
