"""The names in a text: words with a capital, codes, titles in quotation marks, addresses. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from metier_research.language.sentences import find_sentences
from metier_research.language.words import fold, stem_of

REMEMBERED: Final = 1_024
_TOKEN: Final = re.compile(r"[^\W_]+(?:['’][^\W\d_]+|[-.&](?=[^\W_])[^\W_]+)*")
_QUOTED: Final = re.compile(r"“([^“”\n]{2,200})”|\"([^\"\n]{2,200})\"|《([^《》\n]{1,100})》|「([^「」\n]{1,100})」")
_ACRONYM: Final = re.compile(r"\b(?:[A-Z]\.?){2,6}(?![a-z])")
_JOINTS: Final = ("", "&")
_CODE: Final = re.compile(r"(?<![A-Za-z\d])(?:[A-Z][A-Za-z]{0,11}-?\d[\w-]*|\d+(?:[.:]\d+){2,}|\d{1,2}:\d{2})\b")
_URL: Final = re.compile(r"(?:https?|wiki|file)://?[^\s<>\"'）)\]]+", re.IGNORECASE)
_CALENDAR_WORDS: Final = (
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec monday tuesday wednesday thursday friday saturday sunday i ad bc ce bce"
)
_CALENDAR: Final = frozenset(_CALENDAR_WORDS.split())
_STARTER_WORDS: Final = (
    "a about above according across after again all almost along also although always among an and another any apart "
    "archives are around as at attendance based because before beginning behind below beside besides between beyond "
    "both built but by can census children citizens collectively combined compared completed consequently "
    "construction contrary could data date dated de death designed despite details did directed do does during each "
    "earlier early eight eighteen eighty either eleven employees engineers established estimates even eventually "
    "every everyone evidence except experts farmers few fewer fifteen fifty figures finally first five following for "
    "former formerly forty founded four fourteen from further given had half has have having he her here hers him his "
    "historians history how however hundreds if in indeed initially inside instead into is it its itself just last "
    "late later latest less letters life like likewise literature little local locals located many may meanwhile "
    "members membership men more moreover most much music named names nearby nearly neither nevertheless next nine "
    "nineteen ninety no nobody none nor not notably nothing now numerous of officially officials older on once one "
    "only opened or original originally other others our out output over overall part peace people per perhaps "
    "population previously prior production published rather readers recent recently records report reports research "
    "researchers residents revenue role sales scholars scientists second seven seventeen several she should since six "
    "sixteen sixty so some sometimes source sources statistics still students subsequently such surveys ten thanks "
    "that the their them then there therefore these they third thirteen thirty this those though thousands three "
    "through throughout thus to today together total town trade traffic twelve twenty two under unlike until upon "
    "various visitors war was water we were what when where whereas whether which while who whose why will with "
    "within without women work workers works would written yes yet you younger your"
)
_STARTERS: Final = frozenset(_STARTER_WORDS.split())
_PLAIN_ENDINGS: Final = ("tion", "sion", "ment", "ness", "ing", "ly", "ity", "ance", "ence", "ship", "ed")
_DEMONYM: Final = ("ian", "ean", "an", "ish", "ese", "ic", "i", "er", "s")
_TONGUES: Final = ("ian", "ean", "ish", "ese")  # after which a name may have changed: Norway, Norwegian
_SHARED: Final = 4
_WINDOW: Final = 2
_SHORTEST_TITLE: Final = 2


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: its words, and whether it begins a sentence, where any word has a capital."""

    words: tuple[str, ...]
    starts: bool
    start: int
    end: int

    @property
    def text(self) -> str:
        """Returns the name on one line."""
        return " ".join(self.words)


@lru_cache(maxsize=REMEMBERED)
def find_names(text: str) -> tuple[Name, ...]:
    """Returns the runs of words with a capital, in order; months, days of the week and words of grammar are none."""
    return tuple(_runs(text))


def titles_in(text: str) -> tuple[str, ...]:
    """Returns what stands in quotation marks."""
    found = (next(part for part in match.groups() if part) for match in _QUOTED.finditer(text))
    return tuple(part.strip(" ,.;") for part in found if len(part.strip(" ,.;")) >= _SHORTEST_TITLE)


def codes_in(text: str) -> tuple[str, ...]:
    """Returns the codes, versions and clock times of a text: A380, 3.11.2, 14:30."""
    return tuple(dict.fromkeys(match[0] for match in _CODE.finditer(_URL.sub(" ", text))))


def addresses_in(text: str) -> tuple[str, ...]:
    """Returns the addresses in a text, without the sign that ends their sentence."""
    return tuple(dict.fromkeys(match[0].rstrip(".,;:!?。，；") for match in _URL.finditer(text)))


def is_plain_word(word: str) -> bool:
    """Returns whether a word at the head of a sentence may have its capital only from there."""
    plain = word.lower()
    return plain in _STARTERS or (plain.endswith(_PLAIN_ENDINGS) and len(plain) > _SHARED + 1)


def is_head(name: Name) -> bool:
    """Returns whether a name is but the first word of its sentence, which is capitalised for that."""
    return name.starts and len(name.words) == 1 and is_plain_word(name.words[0])


class Known:
    """The names that a statement may use: those of the texts given."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._tokens: list[str] = []
        self._acronyms: set[str] = set()
        for text in texts:
            self._tokens += [*_tokens_of(text), "|"]
            self._acronyms.update(found.replace(".", "").lower() for found in _ACRONYM.findall(text))
        self._set = frozenset(self._tokens)
        self._stems = frozenset(stem_of(token) for token in self._set)
        self._places: dict[str, list[int]] = {}
        for at, token in enumerate(self._tokens):
            self._places.setdefault(token, []).append(at)

    def has_stem(self, word: str) -> bool:
        """Returns whether a word stands in the texts in any form: "Built" where they say "built"."""
        return fold(word) in self._set or stem_of(fold(word)) in self._stems

    def has(self, words: tuple[str, ...]) -> bool:
        """Returns whether the texts have the name: every word of it, within two words more than it has."""
        folded = [token for word in words for token in _tokens_of(word)]
        if not folded:
            return True
        if len(folded) == 1:
            return self._has_token(folded[0]) or self._has_initials(words[0]) or self._has_demonym(folded[0])
        rarest = max(folded, key=len)
        return any(self._is_near(folded, at) for at in self._places.get(rarest, ())) or self._is_initials(folded)

    def _has_token(self, token: str) -> bool:
        return token in self._set

    def _is_near(self, folded: list[str], at: int) -> bool:
        reach = len(folded) - 1 + _WINDOW
        near = self._tokens[max(0, at - reach) : at + reach + 1]
        return all(token in near or _initial_in(token, near) for token in folded)

    def _has_demonym(self, token: str) -> bool:
        if len(token) <= _SHARED:
            return False
        alike = (other for other in self._set if other[:_SHARED] == token[:_SHARED] and other != token)
        return any(_is_demonym(token, other) or _is_demonym(other, token) for other in alike)

    def _has_initials(self, word: str) -> bool:
        """Returns whether the texts spell an abbreviation out: "UN" where they say "United Nations"."""
        letters = word.replace(".", "").lower()
        if not word.isupper() or not 2 <= len(letters) <= 6:
            return False
        firsts = "".join(token[0] for token in self._tokens if token not in ("of", "and", "the", "for"))
        return letters in firsts

    def _is_initials(self, folded: list[str]) -> bool:
        return len(folded) >= _SHORTEST_TITLE and "".join(token[0] for token in folded) in self._acronyms


def _initial_in(token: str, near: list[str]) -> bool:
    return len(token) == 1 and any(other.startswith(token) for other in near)


def _is_demonym(longer: str, shorter: str) -> bool:
    """Returns whether the longer word is the shorter one with an ending that names its people or tongue."""
    if longer.endswith(_TONGUES) and shorter[:_SHARED] == longer[:_SHARED] and len(shorter) <= len(longer):
        return True
    for ending in _DEMONYM:
        stem = longer.removesuffix(ending)
        if stem != longer and len(stem) >= _SHARED and shorter.startswith(stem) and len(shorter) - len(stem) <= 3:
            return True
    return False


def _tokens_of(text: str) -> list[str]:
    tokens: list[str] = []
    for match in _TOKEN.finditer(fold(text)):
        whole = match[0].removesuffix("'s").removesuffix("'")
        tokens.append(whole)
        tokens += [part for part in re.split(r"[-.&']", whole) if part != whole and part]
    return tokens


def _runs(text: str) -> Iterator[Name]:
    text = _URL.sub(lambda match: "·" * len(match[0]), text)
    for first, last in find_sentences(text):
        matches = list(_TOKEN.finditer(text, first, last))
        run: list[re.Match[str]] = []
        for at, match in enumerate(matches):
            if run and text[run[-1].end() : match.start()].strip() not in _JOINTS:
                yield from _named(run, opens=run[0] is matches[0])
                run = []
            if _is_capital(match[0]) and not (at == 0 and match[0].lower() in _STARTERS):
                run.append(match)
            else:
                yield from _named(run, opens=run[:1] == matches[:1])
                run = []
        yield from _named(run, opens=run[:1] == matches[:1])


def _named(run: list[re.Match[str]], *, opens: bool) -> Iterator[Name]:
    """Yields the name that a run of words is; a letter alone is none (25 °C)."""
    words = tuple(match[0].removesuffix("'s").removesuffix("’s") for match in run)
    if words and len("".join(words)) > 1:
        yield Name(words, opens, run[0].start(), run[-1].end())


def _is_capital(word: str) -> bool:
    return word[0].isupper() and word.lower().rstrip(".") not in _CALENDAR and not any(sign.isdigit() for sign in word)
