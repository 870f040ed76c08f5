"""Secrets taken out of text and JSON. Pure."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

from metier.canonical import JSON

MASK = "[secret]"
SHORTEST = 4  # characters; anything shorter occurs in text by chance


@dataclass(frozen=True, slots=True)
class Redaction:
    """Replaces every known secret by a mask. Made by `redaction_of`."""

    pattern: re.Pattern[str] | None = None

    def text(self, text: str) -> str:
        """Returns `text` with every secret masked."""
        return self.pattern.sub(MASK, text) if self.pattern else text

    def json(self, value: JSON) -> JSON:
        """Returns `value` with every secret masked in its strings and keys."""
        if self.pattern is None:
            return value
        match value:
            case str():
                return self.text(value)
            case list():
                return [self.json(item) for item in value]
            case dict():
                return {self.text(key): self.json(item) for key, item in value.items()}
            case _:
                return value


def redaction_of(secrets: Iterable[str]) -> Redaction:
    """Returns the Redaction of `secrets` as they are, percent-encoded, JSON-escaped and in base64.

    Values of fewer than four characters are left alone: they occur in any text by chance.
    """
    spellings = {spelling for secret in secrets if len(secret) >= SHORTEST for spelling in _spellings(secret)}
    if not spellings:
        return Redaction()
    longest_first = sorted(spellings, key=lambda spelling: (-len(spelling), spelling))
    return Redaction(re.compile("|".join(re.escape(spelling) for spelling in longest_first)))


def _spellings(secret: str) -> Iterable[str]:
    yield secret
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield b64encode(secret.encode()).decode().rstrip("=")
