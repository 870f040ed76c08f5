"""The prefix cache, as far as its numbers go. Pure."""

from array import array
from collections.abc import Sequence

_ROOM = 1000  # sequences kept; the oldest goes first


class PrefixCache:
    """Knows the token sequences that were computed, and how much of a new prompt they spare.

    As in SGLang's radix tree with pages of one token, the last token of a prompt is always computed anew.
    """

    def __init__(self) -> None:
        self._known: dict[bytes, None] = {}

    def match(self, ids: Sequence[int]) -> int:
        """Returns how many leading tokens of `ids` are known, less than all of them."""
        wanted = _pack(ids[:-1])
        return max((_shared(wanted, known) for known in self._known), default=0)

    def add(self, ids: Sequence[int]) -> None:
        """Remembers a sequence."""
        packed = _pack(ids)
        for known in [known for known in self._known if packed.startswith(known)]:
            del self._known[known]
        self._known[packed] = None
        if len(self._known) > _ROOM:
            del self._known[next(iter(self._known))]

    def flush(self) -> None:
        """Forgets everything."""
        self._known.clear()


def _pack(ids: Sequence[int]) -> bytes:
    return array("Q", ids).tobytes()


def _shared(left: bytes, right: bytes) -> int:
    """Returns the number of leading tokens that are equal, by halving: comparing bytes is far cheaper than a loop."""
    size = array("Q").itemsize
    low, high = 0, min(len(left), len(right)) // size
    while low < high:
        middle = (low + high + 1) // 2
        same = left[low * size : middle * size] == right[low * size : middle * size]
        low, high = (middle, high) if same else (low, middle - 1)
    return low
