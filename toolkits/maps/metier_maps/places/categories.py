"""The words people use for places and what they mean in tags: English and Chinese, narrower and wider, near misses."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from rapidfuzz import fuzz, process

from metier.errors import InputError
from metier_maps.places.vocabulary.category import Category
from metier_maps.places.vocabulary.nature import NATURE
from metier_maps.places.vocabulary.services import SERVICES
from metier_maps.places.vocabulary.sights import SIGHTS
from metier_maps.places.vocabulary.staying import STAYING

CATEGORIES: Final[Mapping[str, Category]] = MappingProxyType(
    {category.word: category for category in (*STAYING, *SIGHTS, *NATURE, *SERVICES)}
)
NEAR: Final = 70
LONGEST_WORD: Final = 80

_CLOSED: Final = ("disused", "abandoned", "demolished", "razed", "proposed")
_PETS: Final = re.compile(
    r"\b(?:pets?|dogs?)[- ](?:friendly|welcome|allowed)\b|\b(?:that|which|where) (?:takes?|allows?|accepts?|welcomes?)"
    r" (?:pets?|dogs?)\b|(?:允许|可带|可携带|接受|欢迎)(?:宠物|狗|犬|小狗)的?|宠物友好的?",
    re.IGNORECASE,
)
_WHEELCHAIR: Final = re.compile(
    r"\b(?:wheelchair|step)[- ](?:accessible|friendly|free)\b|\baccessible\b|无障碍的?|轮椅(?:友好|通行)的?",
    re.IGNORECASE,
)
_FREE: Final = re.compile(r"\bfree(?: of charge)?\b|免费的?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a phrase asks for: a category ("" for any) and what must be known to be so of each place."""

    category: str
    dogs: bool = False
    wheelchair: bool = False
    free: bool = False


def classify(tags: Mapping[str, str]) -> tuple[str, ...]:
    """Returns the words for a thing with these tags, most specific first, wider ones after; () for no place.

    What is closed for good or private is no lodging, food, shop or service.
    """
    words = [word for order in sorted(set(_match(tags))) if _is_usable(word := _ORDERED[order], tags)]
    wider = [w for word in words for w in ancestors_of(word)]
    return tuple(dict.fromkeys((*words, *wider)))


def ancestors_of(word: str) -> tuple[str, ...]:
    """Returns the wider words of a category, the nearest first: "hotel" -> ("lodging",)."""
    wider: list[str] = []
    while (word := CATEGORIES[word].kind_of) != "":
        wider.append(word)
    return tuple(wider)


def kinds_of(word: str) -> tuple[str, ...]:
    """Returns the category and every narrower one: "castle" -> ("castle", "fort", "palace")."""
    return (word, *sorted(other for other in CATEGORIES if word in ancestors_of(other)))


def find_category(text: str) -> str | None:
    """Returns the category that an English or Chinese word (any number or case) names exactly, or None."""
    return _words().get(_normal(text))


def parse_category(text: str) -> Wanted:
    """Returns what a phrase such as "pet-friendly hotels" asks for; raises InputError, with near names, if nothing."""
    rest = text[:LONGEST_WORD]
    asked = []
    for pattern in (_PETS, _WHEELCHAIR, _FREE):
        rest, count = pattern.subn(" ", rest)
        asked.append(count > 0)
    rest = rest.strip()
    word = find_category(rest) if rest else ""
    if word is None or (not rest and not any(asked)):
        raise InputError(f"No category {text[:LONGEST_WORD]!r}.", hint=_hint(rest))
    return Wanted(word, *asked)


def near_categories(text: str, limit: int = 3) -> tuple[str, ...]:
    """Returns categories whose words look like `text`, most alike first."""
    found = process.extract(
        _normal(text[:LONGEST_WORD]), list(_words()), scorer=fuzz.ratio, limit=10, score_cutoff=NEAR
    )
    return tuple(dict.fromkeys(_words()[word] for word, _, _ in found))[:limit]


def is_kept_nameless(words: tuple[str, ...]) -> bool:
    """Returns whether a place of these categories is worth keeping without a name."""
    return any(CATEGORIES[word].nameless for word in words)


def synonyms() -> Mapping[str, str]:
    """Returns every word known (lower case, plurals included) with its category, for grammars that look for them."""
    return MappingProxyType(_words())


def _hint(text: str) -> str:
    near = near_categories(text)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return "Try a word such as museum, viewpoint, castle, hotel, restaurant or charging station."


def _is_usable(word: str, tags: Mapping[str, str]) -> bool:
    root = (word, *ancestors_of(word))[-1]
    if any(tags.get(key) == "yes" for key in _CLOSED) and root not in ("sight", "settlement"):
        return False
    return not (root in ("service", "sport") and tags.get("access") in ("private", "no"))


_ORDERED: Final = tuple(CATEGORIES)


@dataclass(frozen=True, slots=True)
class _Rule:
    order: int
    rest: tuple[tuple[str, str], ...]


def _split_rules() -> dict[tuple[str, str], list[_Rule]]:
    table: dict[tuple[str, str], list[_Rule]] = {}
    for order, category in enumerate(CATEGORIES.values()):
        for rule in category.rules:
            first, *rest = (_split(part) for part in rule.split("&"))
            table.setdefault(first, []).append(_Rule(order, tuple(rest)))
    return table


def _split(part: str) -> tuple[str, str]:
    key, value = part.split("=", 1)
    return key, value


_RULES: Final = _split_rules()
KEYS: Final = tuple(sorted({key for key, _ in _RULES}))
_KEYS: Final = frozenset(KEYS)


# The tags that make a thing worth keeping without a name; most things have neither, and go no further.
NAMELESS: Final = frozenset(
    pair
    for category in CATEGORIES.values()
    if category.nameless
    for rule in category.rules
    for pair in (_split(rule.split("&")[0]),)
)


def _match(tags: Mapping[str, str]) -> Iterator[int]:
    for key in tags.keys() & _KEYS:
        values = _values_of(tags[key])
        rules = [rule for value in values for rule in _RULES.get((key, value), ())]
        found = [rule.order for rule in rules if all(_holds(tags, k, value) for k, value in rule.rest)]
        # "amenity=*" is for what no other rule of its key knows
        yield from found or (rule.order for rule in _RULES.get((key, "*"), ()) if values)


def _holds(tags: Mapping[str, str], key: str, value: str) -> bool:
    values = _values_of(tags.get(key, "no"))
    return value in values or (value == "*" and values != ())


def _values_of(text: str) -> tuple[str, ...]:
    if text == "no":
        return ()
    return tuple(part.strip() for part in text.split(";")) if ";" in text else (text,)


def _normal(text: str) -> str:
    return re.sub(r"[\s_-]+", " ", text.strip().casefold())


@lru_cache(maxsize=1)
def _words() -> dict[str, str]:
    words: dict[str, str] = {}
    for category in CATEGORIES.values():
        for word in (category.word, *category.also):
            for form in (_normal(word), _plural(_normal(word))):
                words.setdefault(form, category.word)
        words.update({word: category.word for word in category.chinese if word not in words})
    words.update({category: category for category in CATEGORIES})
    return words


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return word if word.endswith("s") and not word.endswith("ss") else f"{word}es"
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return f"{word[:-1]}ies"
    return f"{word}s"
