"""One spelling for every JSON value, so that equal values have equal digests."""

import json
import re
from hashlib import sha256

from pydantic import JsonValue as JSON

__all__ = ["JSON", "Digests", "canonical_json", "digest_of", "read_back"]

_HALF = re.compile("[\ud800-\udfff]")  # half of a surrogate pair: no UTF-8 has it, so it is written escaped
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def canonical_json(value: object) -> str:
    """Returns `value` as JSON with sorted keys and no spaces; raises TypeError or ValueError for what is not JSON."""
    text = _ENCODER.encode(value)
    return _escape_halves(text) if _HALF.search(text) else text


def is_json(value: object) -> bool:
    """Returns whether `value` can be written as JSON: no infinite number, no foreign type, no bottomless depth."""
    try:
        canonical_json(value)
    except (TypeError, ValueError, RecursionError):
        return False
    return True


def read_back(value: object) -> JSON:
    """Returns `value` as its canonical JSON reads; raises TypeError or ValueError for what is not JSON."""
    again: JSON = json.loads(canonical_json(value))
    return again


def digest_of(value: object) -> str:
    """Returns the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return sha256(canonical_json(value).encode()).hexdigest()


class Digests:
    """Digests of mappings with long lists in them that grow: an item that was there before is not digested again.

    An item is known by its identity, so what was given once must not be changed in place. The digest of a mapping is
    that of its other fields and of the digests of its lists' items; of any other value it is `digest_of`.
    """

    def __init__(self) -> None:
        self._known: dict[int, tuple[object, str]] = {}

    def __call__(self, value: JSON) -> str:
        """Returns the digest, as 64 hexadecimal digits; raises what `digest_of` raises."""
        if not isinstance(value, dict):
            return digest_of(value)
        seen: dict[int, tuple[object, str]] = {}
        lists = {name: self._chain(items, seen) for name, items in value.items() if isinstance(items, list)}
        self._known = seen or self._known
        return digest_of([lists, {name: field for name, field in value.items() if name not in lists}])

    def _chain(self, items: list[JSON], seen: dict[int, tuple[object, str]]) -> str:
        digests: list[str] = []
        for item in items:
            found = self._known.get(id(item)) or (item, digest_of(item))
            seen[id(item)] = found
            digests.append(found[1])
        return sha256("".join(digests).encode()).hexdigest()


def _escape_halves(text: str) -> str:
    paired = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", paired)
