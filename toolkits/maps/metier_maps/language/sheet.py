"""A text from which rules take what they understand, part by part."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Generic, TypeVar

from metier.errors import InputError
from metier_maps.language.draft import Draft, say

TAKEN = "\x1f"
LONGEST_TEXT = 4000
LONGEST_RUN = 9  # optional words in a row, such as "and with my": without a bound, long runs cost their square
_RUN = re.compile(r" +")
_STUTTER = re.compile(r"\b(\w+)(?: \1\b){2,}")

S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Upto(Generic[S]):
    """What a match says, and where in the text it really ends."""

    said: S
    end: int


@dataclass(frozen=True, slots=True)
class Rule(Generic[S]):
    """A pattern and what its match says.

    The reader gets the match, what was said so far and the day of writing; it returns what is said now, or None when
    the match says nothing after all.
    """

    source: str
    read: Callable[[re.Match[str], S, date], S | Upto[S] | None]

    @property
    def pattern(self) -> re.Pattern[str]:
        """Returns the pattern, compiled when it is first used: most commands read no sentence."""
        return _compile(self.source)


@cache
def _compile(source: str) -> re.Pattern[str]:
    return re.compile(source, re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A normalised text. What rules have taken is replaced, sign by sign, so that positions stay."""

    text: str

    def take(self, start: int, end: int) -> "Sheet":
        """Returns the sheet without the signs from `start` to `end`."""
        return replace(self, text=self.text[:start] + TAKEN * (end - start) + self.text[end:])


def rule(pattern: str, read: Callable[[re.Match[str], S, date], S | Upto[S] | None]) -> Rule[S]:
    """Returns the rule of a pattern, which does not mind case and where a space is any run of spaces."""
    bounded = pattern.replace(" )*", f" ){{0,{LONGEST_RUN}}}").replace(" )+", f" ){{1,{LONGEST_RUN}}}")
    return Rule(bounded.replace(" ", r"\s+"), read)


def lay_out(text: str) -> Sheet:
    """Returns the text in one spelling: NFKC, one kind of quote and dash, single spaces, no stuttered word.

    Raises InputError for a text beyond LONGEST_TEXT characters.
    """
    if len(text) > LONGEST_TEXT:
        raise InputError(
            f"The request has {len(text)} characters; at most {LONGEST_TEXT} are read.", hint="Say it in fewer words."
        )
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(" " if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp", "Zs") else c for c in plain)
    for odd, usual in (("’", "'"), ("‘", "'"), ("–", "-"), ("—", "-"), ("−", "-"), ("“", '"'), ("”", '"')):
        plain = plain.replace(odd, usual)
    return Sheet(_STUTTER.sub(r"\1", _RUN.sub(" ", plain)))


def apply_rules(rules: Iterable[Rule[S]], sheet: Sheet, said: S, *, today: date) -> tuple[Sheet, S]:
    """Returns what is left of the sheet and what was said, after every rule has read all it can, in their order."""
    for each in rules:
        at = 0
        while (match := each.pattern.search(sheet.text, at)) is not None:
            read = each.read(match, said, today) if match.end() > match.start() else None
            if read is None:
                at = match.start() + 1
                continue
            said, at = (read.said, read.end) if isinstance(read, Upto) else (read, match.end())
            sheet = sheet.take(match.start(), at)
    return sheet, said


def leftovers(sheet: Sheet, is_filler: Callable[[str], bool], words: re.Pattern[str]) -> tuple[str, ...]:
    """Returns the parts that no rule has taken and that are more than filler words, in order."""
    found = []
    for chunk in re.split(rf"[{TAKEN},.;:!?()\[\]\"，。；：！？、（）]+", sheet.text):
        spans = [m.span() for m in words.finditer(chunk) if not is_filler(m.group().lower())]
        if spans:
            found.append(chunk[spans[0][0] : spans[-1][1]])
    return tuple(found)


def split_names(phrase: str, separators: re.Pattern[str]) -> Sequence[tuple[str, int]]:
    """Returns the parts of a list of names, each with the position where it ends in the phrase."""
    parts, at = [], 0
    for match in separators.finditer(phrase):
        parts.append((phrase[at : match.start()], match.start()))
        at = match.end()
    parts.append((phrase[at:], len(phrase)))
    return parts


def fixed(field: str, value: object) -> Callable[[re.Match[str], Draft, date], Draft]:
    """Returns the reader of words that always say the same."""

    def read(match: re.Match[str], draft: Draft, today: date) -> Draft:
        return say(draft, field, value)

    return read
