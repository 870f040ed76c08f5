"""A quote as its writer marked it: words left out, and what stands in brackets. Pure; linear time."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from metier_legal.quoting.normal import normalise

_ELLIPSIS: Final = re.compile(r"\[?(?:…+|\.(?:[ \u00a0]?\.){2,}|·{6}|⋯+)\.?\]?")
_REMARK: Final = re.compile(
    r"\s?[\[［(（](?:sic|emphasis (?:added|in original|supplied|mine)|原文如此|着重号?(?:为引者|系引者)?所?加)"
    r"[\]］)）]",
    re.IGNORECASE,
)
_CASE: Final = re.compile(r"\[([A-Za-z])\]")
_PLURAL: Final = re.compile(r"(?<=[A-Za-z])\[(?:s|es)\](?![A-Za-z])")
_WORD: Final = re.compile(r"\w+(?:['-]\w+)*")
_EDGES: Final = " '.,;:-"


@dataclass(frozen=True, slots=True)
class Fragment:
    """Normalised words that stand together; the letters at `free` may be of either case."""

    text: str
    free: frozenset[int] = frozenset()

    def agrees(self, found: str) -> bool:
        """Returns whether words of the text, equal but for case, are these."""
        if found == self.text:
            return True
        pairs = enumerate(zip(self.text, found, strict=True))
        return bool(self.free) and all(ours == theirs or i in self.free for i, (ours, theirs) in pairs)


def split_ellipsis(quote: str) -> tuple[str, ...]:
    """Returns the parts of a quote between the ellipses, empty ones left out."""
    return tuple(part for part in _ELLIPSIS.split(quote) if part.strip(" \t\r\n.,;:'\"“”‘’「」。，；"))


def read_fragments(parts: Sequence[str], language: str, *, brackets: bool, joined: bool) -> tuple[Fragment, ...]:
    """Returns the parts as fragments, signs at their edges put aside; none when a part has no words.

    With `brackets`, [T] is a T of either case, a plural [s] and remarks such as [sic] are taken away; any other
    bracket stays, and so does not stand in the text.
    """
    found = []
    for part in parts:
        fragment = _read(_without_remarks(part) if brackets else part, language, brackets, joined)
        if not fragment.text:
            return ()
        found.append(fragment)
    return tuple(found)


def _without_remarks(part: str) -> str:
    return _PLURAL.sub("", _REMARK.sub("", part))


def _read(part: str, language: str, brackets: bool, joined: bool) -> Fragment:
    if not (brackets and _CASE.search(part)):
        return Fragment(_trim(normalise(part, language=language, marks=False, joined=joined).text))
    bare = _CASE.sub(lambda match: match[1], part)
    normal = normalise(bare, language=language, marks=False, joined=joined)
    shift, changed = 0, set[int]()
    for match in _CASE.finditer(part):
        changed.add(match.start() - shift)
        shift += 2
    text = _trim(normal.text)
    at = normal.text.find(text)
    free = {i - at for i in range(at, at + len(text)) if normal.offsets[i] in changed}
    return Fragment(text, frozenset(free))


def _trim(text: str) -> str:
    return text.strip(_EDGES)


def count_words(text: str) -> int:
    """Returns how many words normalised text of a language with spaces has."""
    return len(_WORD.findall(text))
