"""Where a list of names ends in English, and what each of its parts is."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from metier_maps.language.draft import Mention
from metier_maps.language.sheet import TAKEN, split_names
from metier_maps.language.vocabulary import category_of

_ID = r"osm:(?:node|way|relation)/\d+"
NAMES = rf"((?:{_ID}|\b(?:St|Ste|Sta|Mt|Dr)\.|[^{TAKEN}.;:!?\n()]|\.(?=\w))+)"
NAME = rf"((?:{_ID}|\b(?:St|Ste|Sta|Mt|Dr)\.|[^{TAKEN}.,;:!?\n()]|\.(?=\w))+)"
NAME_BEFORE = rf"([^{TAKEN}.,;:!?\n()]{{1,80}}?)"

# These words begin another thought; no name goes on behind them. "On", "of" and "in" may be part of a name.
_CUTS = re.compile(
    r"\b(?:with|without|but|by|for|then|avoid|avoiding|except|start|starting|begin|beginning|end|ending|finish|"
    r"finishing|from"
    r"|at most|please|[Ii]|we|[Ii]'d|we'd|[Ii]'m|we're|because|while|which|that|would|must|should|skip|skipping|"
    r"no|not|don't|do not"
    r"|interested|interests|keen on|fond of|focus(?:ing|sed)? on"
    r"|return|returning|back|budget|max|maximum|travelling|traveling|staying|sleeping|sleep|stay|as well|too|"
    r"if possible"
    r"|on (?:the )?(?:day|(?:first|second|third|last) day)|every|each|if|and back|along the way|on the way|instead)\b"
)
_LIST = re.compile(r"\s*(?:,\s*(?:and|or)\b|,|\band\b|\bor\b|&|\bplus\b|\bas well as\b)\s*", re.IGNORECASE)
_ARTICLE = re.compile(
    r"^(?:also |even |definitely |maybe |to |visit |see |lots of |many |some |any |a few |nice |all )+", re.IGNORECASE
)
_THE = re.compile(r"^(?:the|an?|our|my)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """What a list of names says: places, categories, and where in the phrase it ends."""

    places: tuple[Mention, ...]
    categories: tuple[str, ...]
    end: int


def read_names(phrase: str) -> Named:
    """Returns the places and categories of a phrase such as "Sant Joan and the Roc del Quer, castles, at most"."""
    places: list[Mention] = []
    categories: list[str] = []
    cut = _CUTS.search(phrase)
    whole = phrase[: cut.start()] if cut else phrase
    end = 0
    for part, at in split_names(whole, _LIST):
        words = _ARTICLE.sub("", part.strip(" '\""))
        if not re.search(r"\w", words):
            break
        category = category_of(_THE.sub("", words))
        if category:
            categories.append(category)
        else:
            places.append(Mention(_THE.sub("", words), phrase=_THE.sub("", whole.strip(" ,'\""))))
        end = at
    return Named(tuple(places), tuple(categories), end)


def read_name(phrase: str) -> tuple[Mention, int] | None:
    """Returns the one place that a phrase begins with and where its name ends, or None."""
    cut = _CUTS.search(phrase)
    whole = phrase[: cut.start()] if cut else phrase
    first: Sequence[tuple[str, int]] = split_names(whole, _LIST)
    words, end = first[0]
    text = _THE.sub("", words.strip(" '\""))
    return (Mention(text, phrase=whole.strip(" ,")), end) if re.search(r"\w", text) else None
