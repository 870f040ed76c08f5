"""One spelling for every JSON value, so that equal values have equal digests."""

import json
from hashlib import sha256

from pydantic import JsonValue as JSON

__all__ = ["JSON", "canonical_json", "digest_of"]


def canonical_json(value: object) -> str:
    """Returns `value` as JSON with sorted keys and no spaces; raises TypeError or ValueError for what is not JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def digest_of(value: object) -> str:
    """Returns the SHA-256 of the canonical JSON of `value`, as 64 hexadecimal digits."""
    return sha256(canonical_json(value).encode("utf-8", "surrogatepass")).hexdigest()
