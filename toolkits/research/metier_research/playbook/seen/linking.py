"""Which page a name means: by the titles of what a search found."""

import re
from collections.abc import Sequence
from typing import Final

from metier_research.language.words import fold
from metier_research.playbook.seen.desk import Pointer
from metier_research.playbook.seen.sheet import same_name

_TAIL: Final = re.compile(r"\A(.*?)\s*\(([^()]*)\)\Z")
COPIES: Final = frozenset(("copy", "mirror"))
_MEANS: Final = {"novel": {"book"}, "railway": {"line"}}


def choose_page(hits: Sequence[Pointer], name: str, noun: str) -> Pointer | None:
    """Returns the hit that a name means, or None where none bears it or several do and nothing tells them apart.

    A title may say in brackets what it is: that decides between namesakes when the question says it too.
    """
    bearers = [(hit, tail) for hit in hits for base, tail in (split_title(hit.title),) if same_name(base, name)]
    bearers = [(hit, tail) for hit, tail in bearers if tail not in COPIES]
    bearers.sort(key=lambda one: split_title(one[0].title)[0] != name)  # "The Mill" is not "Mill" where both are there
    told = [hit for hit, tail in bearers if tail and noun and _fits(noun, tail)]
    if told:
        return told[0]
    apart = [hit for hit, tail in bearers if tail]
    plain = [hit for hit, tail in bearers if not tail]
    if plain:
        return plain[0]
    return apart[0] if len(apart) == 1 else None


def split_title(title: str) -> tuple[str, str]:
    """Returns a title and what it has in brackets at its end, in small letters."""
    match = _TAIL.match(title)
    return (match[1], match[2].casefold()) if match else (title, "")


def _fits(noun: str, tail: str) -> bool:
    mine, theirs = fold(noun), fold(tail)
    return mine in theirs or theirs in mine or bool(_MEANS.get(mine, set()) & {theirs})
