"""Names of tools that pass for another's: the same, alike but for case and signs, or spelled with foreign letters."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from metier.servers.pinning.hidden import strip_hidden

# Letters of other alphabets that look like Latin ones, by the Latin one; those that NFKC maps itself are left out.
_TWINS = {
    "a": "\u0430\u03b1\u0251",
    "b": "\u0184\u042c",
    "c": "\u0441\u03f2\u1d04",
    "d": "\u0501\u0257",
    "e": "\u0435\u04bd\u0454",
    "g": "\u0261\u0581",
    "h": "\u04bb\u0570",
    "i": "\u0456\u0131\u03b9\u04cf",
    "j": "\u0458\u03f3",
    "k": "\u043a\u03ba",
    "l": "\u0406\u04c0\u2223",
    "m": "\u043c",
    "n": "\u0578\u057c",
    "o": "\u043e\u03bf\u0585\u0ed0",
    "p": "\u0440\u03c1",
    "q": "\u051b\u0563",
    "r": "\u0433\u1d26",
    "s": "\u0455\ua731",
    "t": "\u0442\u03c4",
    "u": "\u0446\u03c5\u057d\u028b",
    "v": "\u03bd\u0475\u1d20",
    "w": "\u051d\u0461\u1d21",
    "x": "\u0445\u03c7",
    "y": "\u0443\u03b3\u04af",
    "z": "\u1d22",
}
_FOLD = str.maketrans({twin: latin for latin, twins in _TWINS.items() for twin in twins})
_DIGITS = str.maketrans({"0": "o", "1": "l", "5": "s"})


def fold_letters(text: str) -> str:
    """Returns `text` in lower case, without hidden characters, with letters that look Latin made Latin."""
    return unicodedata.normalize("NFKC", strip_hidden(text)).casefold().translate(_FOLD)


def skeleton(name: str) -> str:
    """Returns what is left of a name for an eye that reads quickly: equal skeletons are taken for one another."""
    letters = "".join(char for char in fold_letters(name) if char.isalnum()).translate(_DIGITS)
    return letters.replace("i", "l").replace("rn", "m").replace("vv", "w")


def find_doubles(name: str, others: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Yields what `name` could be mistaken for among `others`: names of tools, by whose they are."""
    own = skeleton(name)
    for owner, names in others.items():
        for other in names:
            if name == other:
                yield f"has the name of a tool of {owner}"
            elif own and own == skeleton(other):
                yield f"looks like {other} of {owner}"


def is_foreign(name: str) -> bool:
    """Returns whether a name mixes Latin letters with letters of another alphabet that look Latin."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    return plain != plain.translate(_FOLD) and any("a" <= char <= "z" for char in plain)


def speaks_of(text: str, own: Sequence[str], others: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Yields (tool, owner) for each of the others' tools that `text` names: a tool has no say in another's use.

    Only names that no sentence holds by chance count: of two words or more.
    """
    words = set(_words(text))
    for owner, names in others.items():
        for name in names:
            if name in words and name not in own and _is_compound(name):
                yield name, owner


def _words(text: str) -> Iterator[str]:
    word: list[str] = []
    for char in f"{text} ":
        if char.isalnum() or char in "_-":
            word.append(char)
        elif word:
            yield "".join(word).strip("-")
            word.clear()


def _is_compound(name: str) -> bool:
    inner = name[1:-1]
    return "_" in inner or (any(char.isupper() for char in inner) and any(char.islower() for char in inner))
