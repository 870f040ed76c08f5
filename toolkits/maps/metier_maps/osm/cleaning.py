"""Text from a map file made harmless: what names and tags may look like once they are inside."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

LONGEST_NAME: Final = 200
LONGEST_VALUE: Final = 500
LONGEST_KEY: Final = 100
MOST_TAGS: Final = 1_000

# Control characters, lone surrogates, marks that turn the reading direction round, invisible fillers, non-characters.
_HARMFUL: Final = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ufeff\ufff0-\uffff\U000e0000-\U000e0fff]"
)


def clean_text(text: str, limit: int = LONGEST_VALUE) -> str:
    """Returns the text in NFC on one line, without control and direction marks, at most `limit` characters.

    HTML stays as it is: it is text here, and is escaped where it is shown.
    """
    shown = _HARMFUL.sub("", unicodedata.normalize("NFC", text[: limit * 4]))
    return " ".join(shown.split())[:limit].rstrip()


def clean_tags(tags: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Returns the tags cleaned, at most MOST_TAGS of them, without those whose key or value is then empty."""
    kept: dict[str, str] = {}
    for key, value in _cleaned(tags):
        if len(kept) == MOST_TAGS:
            break
        kept.setdefault(key, value)
    return kept


def _cleaned(tags: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for raw_key, raw_value in tags:
        key, value = clean_text(raw_key, LONGEST_KEY), clean_text(raw_value)
        if key and value:
            yield key, value
