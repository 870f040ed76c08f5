"""Untrusted text that cannot become structure: the spellings of a tokenizer's markers are broken up. Pure.

A marker is an added token, such as `<|im_end|>` or `<tool_call>`. In *marked* text a marker's spelling stands for the
marker. Text from a tool, a document or a user must not hold one, nor a part of one that could become whole beside other
text. So an invisible private-use character, the break, is put into each spelling, and at an end of the text where half
a spelling stands. It is taken out when the text is turned into tokens, so that what the model reads is the text itself.
"""

import re
from collections.abc import Iterable, Sequence

BREAK = "\U0010fffd"
LITERAL = "\U0010fffc"  # before a digit: one of the reserved characters, which the text itself held
SENTINEL = "\U0010fffb"  # never left in masked text, so a template's rendering can be searched for it

_RESERVED = (BREAK, LITERAL, SENTINEL)
_HOSTILE = re.compile("[" + "".join(_RESERVED) + "]")
_HIDDEN = re.compile(f"{BREAK}|{LITERAL}([0-2])")


class Mask:
    """Masks and unmasks text for one set of markers. Text masked by one mask can be unmasked by any."""

    def __init__(self, markers: Sequence[str]) -> None:
        self._spelling = re.compile(_breakable(markers)) if markers else None
        self._heads = frozenset(marker[:end] for marker in markers for end in range(1, len(marker)))
        self._tails = frozenset(marker[start:] for marker in markers for start in range(1, len(marker)))
        self._firsts = frozenset(marker[0] for marker in markers)
        self._lasts = frozenset(marker[-1] for marker in markers)
        self._all = "\n\n".join(markers)
        self._longest = max(map(len, markers), default=0)

    def mask(self, text: str, *, whole: bool = True) -> str:
        """Returns `text` with every spelling of a marker broken; `unmask` gives `text` back.

        Half a spelling at either end is broken too, white space aside, since templates strip text. With `whole`, so is
        text that is a part from inside a marker, for a template may put it between the other two.
        """
        bare = text.strip()
        if not bare:
            return text
        start = len(text) - len(text.lstrip())
        inside = whole and len(bare) < self._longest and bare in self._all
        head = BREAK if inside or self._starts_with_tail(bare) else ""
        tail = BREAK if self._ends_with_head(bare) else ""
        hidden = self.hide(escape(bare))
        return f"{text[:start]}{head}{hidden}{tail}{text[start + len(bare) :]}"

    def unmask(self, text: str) -> str:
        """Returns the text as it was before `mask`."""
        return unmask(text)

    def hide(self, escaped: str) -> str:
        """Returns `escaped` with every whole spelling of a marker broken, and nothing else."""
        return self._spelling.sub(rf"\g<0>{BREAK}", escaped) if self._spelling else escaped

    def hide_until(self, end: int, escaped: str) -> str:
        """Returns the first `end` letters of `escaped`, with every spelling broken that begins in them."""
        if self._spelling is None:
            return escaped[:end]
        cuts = [found.end() for found in self._spelling.finditer(escaped) if found.end() <= end]
        return BREAK.join(escaped[start:stop] for start, stop in zip([0, *cuts], [*cuts, end], strict=True))

    def open_at(self, text: str) -> int:
        """Returns where a spelling may begin that `text` does not finish; the length of `text` for nowhere."""
        for at in range(max(len(text) - self._longest + 1, 0), len(text)):
            if text[at] in self._firsts and text[at:] in self._heads:
                return at
        return len(text)

    def _starts_with_tail(self, text: str) -> bool:
        if self._lasts.isdisjoint(text[: self._longest]):
            return False  # most text: no spelling ends near its start
        return any(text[:size] in self._tails for size in range(1, min(self._longest, len(text) + 1)))

    def _ends_with_head(self, text: str) -> bool:
        return self.open_at(text) < len(text)


def escape(text: str) -> str:
    """Returns `text` with the reserved characters that it holds written so that they stand for themselves."""
    return _HOSTILE.sub(lambda found: f"{LITERAL}{_RESERVED.index(found[0])}", text)


def unmask(text: str) -> str:
    """Returns the text as it was before it was masked, by whatever mask."""
    return _HIDDEN.sub(lambda found: _RESERVED[int(found[1])] if found[1] else "", text)


def pattern_of(markers: Iterable[str]) -> str:
    """Returns a regular expression that finds the longest marker at a place, in time that does not grow with them.

    It is a tree of the markers by letters: a thousand of them cost a search hardly more than one.
    """
    by_letter: dict[str, list[str]] = {}
    ends = False
    for marker in markers:
        if marker:
            by_letter.setdefault(marker[0], []).append(marker[1:])
        else:
            ends = True
    branches = [re.escape(letter) + pattern_of(rest) for letter, rest in sorted(by_letter.items())]
    if not branches:
        return ""
    joined = branches[0] if len(branches) == 1 and not ends else f"(?:{'|'.join(branches)})"
    return f"{joined}?" if ends else joined


def _breakable(markers: Sequence[str]) -> str:
    by_letter: dict[str, list[str]] = {}
    for marker in markers:
        by_letter.setdefault(marker[0], []).append(marker[1:])
    return "|".join(f"{re.escape(letter)}(?={pattern_of(rest)})" for letter, rest in sorted(by_letter.items()))
