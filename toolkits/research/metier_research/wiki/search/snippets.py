"""The stretch of a page's text that shows best why it was found. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import islice
from typing import Final

WIDTH: Final = 240
"""Characters of a snippet, about."""

_LOOKED_AT: Final = 60_000
_MOST_MATCHES: Final = 1_000
_LEAST: Final = 0.1  # of the heaviest word's weight: lighter ones stand everywhere
_EQUAL: Final = 1e-6
_STEM: Final = 4
_BLANK: Final = re.compile(r"\s+")
_BASE: Final = {
    code: unicodedata.normalize("NFKD", chr(code))[0].lower() for code in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00))
}


class Snippets:
    """What makes snippets for one query, whose words weigh as `weights` says."""

    def __init__(self, weights: Mapping[str, float]) -> None:
        least = _LEAST * max(weights.values(), default=0.0)
        self._by_stem: dict[str, float] = {}
        for word, weight in weights.items():
            stem = _same_length_fold(word)[: max(_STEM, len(word) - 3)]
            if stem and weight >= least:
                self._by_stem[stem] = max(self._by_stem.get(stem, 0.0), weight)
        longest_first = sorted(self._by_stem, key=lambda stem: (-len(stem), stem))
        self._pattern = re.compile(
            "|".join(rf"\b{re.escape(s)}" if s.isascii() else re.escape(s) for s in longest_first)
        )

    def snippet(self, text: str) -> str:
        """Returns about WIDTH characters of the text on one line: where the words that weigh most stand together.

        Of equal places the first; the beginning of the text where none of the words stands. "…" marks what is cut.
        """
        looked_at = text[:_LOOKED_AT]
        start = self._best_start(_same_length_fold(looked_at)) if self._by_stem else 0
        start, end = _whole_words(looked_at, start, min(len(looked_at), start + WIDTH))
        shown = _BLANK.sub(" ", looked_at[start:end]).strip()
        return f"{'…' if start else ''}{shown}{'…' if end < len(text.rstrip()) else ''}"

    def _best_start(self, folded: str) -> int:
        matches = [(match.start(), match[0]) for match in islice(self._pattern.finditer(folded), _MOST_MATCHES)]
        best, best_score, begin, score = 0, 0.0, 0, 0.0
        inside = dict.fromkeys(self._by_stem, 0)
        for at, stem in matches:
            inside[stem] += 1
            score += self._by_stem[stem] if inside[stem] == 1 else 0.0
            while at + len(stem) - matches[begin][0] > WIDTH * 3 // 4:
                left = matches[begin][1]
                inside[left] -= 1
                score -= 0.0 if inside[left] else self._by_stem[left]
                begin += 1
            if score > best_score + _EQUAL:
                best, best_score = matches[begin][0], score
        return max(0, best - WIDTH // 8)


def _whole_words(text: str, start: int, end: int) -> tuple[int, int]:
    """Returns the stretch without the pieces of words at its ends; a script without blanks is cut anywhere."""
    if start and (blank := _BLANK.search(text, start, min(end, start + WIDTH // 8))):
        start = blank.end()
    if (
        end < len(text)
        and (blank_at := max(text.rfind(" ", start, end), text.rfind("\n", start, end))) > end - WIDTH // 8
    ):
        end = blank_at
    return start, end


def _same_length_fold(text: str) -> str:
    lowered = text.lower()
    if len(lowered) != len(text):
        lowered = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
    return lowered if lowered.isascii() else lowered.translate(_BASE)
