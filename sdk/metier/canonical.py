"""One spelling for every JSON value, so that equal values have equal digests."""

import json
import re
from hashlib import sha256

from pydantic import JsonValue as JSON

__all__ = ["JSON", "canonical_json", "digest_of", "read_back"]

_HALF = re.compile("[\ud800-\udfff]")  # half of a surrogate pair: no UTF-8 has it, so it is written escaped
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: object) -> str:
    """Returns `value` as JSON with sorted keys and no spaces; raises TypeError or ValueError for what is not JSON."""
    text = _ENCODER.encode(value)
    return _escape_halves(text) if _HALF.search(text) else text


def read_back(value: object) -> JSON:
    """Returns `value` as its canonical JSON reads; raises TypeError or ValueError for what is not JSON."""
    again: JSON = json.loads(canonical_json(value))
    return again


def digest_of(value: object) -> str:
    """Returns the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return sha256(canonical_json(value).encode()).hexdigest()


def _escape_halves(text: str) -> str:
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", paired)
