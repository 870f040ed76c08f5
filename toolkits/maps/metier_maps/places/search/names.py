"""Names as they are compared: folded to one spelling, cut into words and into the pieces that the index holds."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

LONGEST_QUERY: Final = 200
_NAME_KEYS: Final = (
    *(f"{kind}name" for kind in ("", "official_", "int_", "short_", "alt_", "loc_", "old_", "reg_", "nat_")),
    "brand",
)
_LIST_KEYS: Final = ("alt_name", "old_name", "short_name", "loc_name")
_MARKS: Final = re.compile("[\u0300-\u036f]")
_LETTERS: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "þ": "th",
        "ħ": "h",
        "ŧ": "t",
        "·": "",
        "‧": "",
    }
)
_CJK: Final = re.compile("([\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff])")


@dataclass(frozen=True, slots=True)
class Name:
    """One name of a place: the OSM key it has, the text as written, and the folded form it is compared by."""

    key: str
    text: str
    folded: str


def fold(text: str) -> str:
    """Returns the form in which names are compared: small letters without diacritics, words parted by one space.

    "Sant Julià de Lòria" -> "sant julia de loria", "Cal·lís" -> "callis". Chinese, Japanese and Korean stay as written.
    """
    plain = _MARKS.sub("", unicodedata.normalize("NFKD", text[: LONGEST_QUERY * 2]).casefold())
    joined = unicodedata.normalize("NFC", plain.translate(_LETTERS))
    return " ".join("".join(c if _is_letter(c) else " " for c in joined).split())


def words_of(folded: str) -> tuple[str, ...]:
    """Returns the words of a folded text; each CJK character is a word of its own."""
    return tuple(_CJK.sub(r" \1 ", folded).split())


def grams_of(folded: str) -> tuple[str, ...]:
    """Returns the pieces by which near names are found: padded trigrams of words, and pairs of CJK characters.

    "roc" -> ("_ro", "roc", "oc_"); "故宫" -> ("故宫", "宫_"). The last CJK character is padded: it is found too.
    """
    pieces: list[str] = []
    for run in folded.split():
        for part in _runs(run):
            if _CJK.match(part):
                pieces += [f"{part}_"[i : i + 2] for i in range(len(part))]
            else:
                padded = f"_{part}_"
                pieces += [padded[i : i + 3] for i in range(len(padded) - 2)] or [padded]
    return tuple(dict.fromkeys(pieces))


def has_cjk(text: str) -> bool:
    """Returns whether the text holds a Chinese, Japanese or Korean character."""
    return _CJK.search(text) is not None


def names_of(tags: Mapping[str, str]) -> dict[str, str]:
    """Returns the tags that are names, in the order in which they are tried: "name", "name:*", "alt_name", ..."""
    keys = [key for key in _NAME_KEYS if key in tags]
    keys += sorted(key for key in tags if ":" in key and key.split(":", 1)[0] in _NAME_KEYS and _is_language(key))
    return {key: tags[key] for key in sorted(keys, key=lambda key: (_NAME_KEYS.index(key.split(":", 1)[0]), key))}


def is_name_key(key: str) -> bool:
    """Returns whether a tag key is one of those that hold names."""
    return key.split(":", 1)[0] in _NAME_KEYS


def spread_names(names: Mapping[str, str]) -> Iterator[Name]:
    """Returns each name once: lists parted at ";", each in its folded form."""
    seen: set[str] = set()
    for key, value in names.items():
        parts = value.split(";") if key.split(":", 1)[0] in _LIST_KEYS else [value]
        for text in (part.strip() for part in parts):
            folded = fold(text)
            if folded and folded not in seen:
                seen.add(folded)
                yield Name(key, text, folded)


def _is_letter(char: str) -> bool:
    return char.isalnum() or unicodedata.category(char)[0] == "M"


def _is_language(key: str) -> bool:
    return re.fullmatch(r"[a-z_]+:[a-zA-Z]{2,3}([_-][A-Za-z0-9]{2,8})*", key) is not None


def _runs(word: str) -> Iterator[str]:
    run = ""
    for char in word:
        if run and bool(_CJK.match(char)) != bool(_CJK.match(run[-1])):
            yield run
            run = ""
        run += char
    if run:
        yield run
