"""Token ids back to marked text, piece by piece: never half a letter, in time linear in the tokens. Pure."""

import codecs
from collections.abc import Callable, Mapping, Sequence

from metier_sglang.text.masking import BREAK, Mask, escape


def byte_alphabet() -> dict[str, int]:
    """Returns the byte that each letter of a byte-level vocabulary stands for.

    Visible Latin-1 letters stand for themselves, the other bytes for the letters from U+0100 on, in order (GPT-2,
    Radford et al. 2019, `bytes_to_unicode`).
    """
    visible = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    hidden = [byte for byte in range(256) if byte not in frozenset(visible)]
    letters = {chr(byte): byte for byte in visible}
    return letters | {chr(0x100 + place): byte for place, byte in enumerate(hidden)}


class StreamDecoder:
    """Turns the ids of one response into marked text, as they come; all pieces joined are the text of the whole.

    Bytes that are no UTF-8 become U+FFFD. Letters that might begin the spelling of a marker are held back until it is
    known whether they do.
    """

    def __init__(self, mask: Mask, markers: Mapping[int, str], bytes_of: Callable[[int], bytes]) -> None:
        self._mask = mask
        self._markers = markers
        self._bytes_of = bytes_of
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""

    def feed(self, ids: Sequence[int]) -> str:
        """Returns the text that `ids` complete."""
        pieces: list[str] = []
        waiting: list[bytes] = []
        for number in ids:
            marker = self._markers.get(number)
            if marker is None:
                waiting.append(self._bytes_of(number))
                continue
            pieces += (self._flush(b"".join(waiting), before_marker=True), marker)
            waiting.clear()
        self._held += escape(self._utf8.decode(b"".join(waiting)))
        end = self._mask.open_at(self._held)
        pieces.append(self._mask.hide_until(end, self._held))
        self._held = self._held[end:]
        return "".join(pieces)

    def finish(self) -> str:
        """Returns what was held back, at the end of the response."""
        return self._flush(b"", before_marker=False)

    def _flush(self, data: bytes, *, before_marker: bool) -> str:
        """Returns all that is held and `data`, masked: half a spelling too, where a marker would stand beside it."""
        text = self._held + escape(self._utf8.decode(data, final=True))
        self._held = ""
        is_open = before_marker and self._mask.open_at(text) < len(text)
        return self._mask.hide(text) + (BREAK if is_open else "")
