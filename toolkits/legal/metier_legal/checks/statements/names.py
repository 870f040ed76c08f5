"""Parties and courts that a statement names, beside those of its authorities. Pure."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.reading import Exhibit, Fault, Reading, short
from metier_legal.corpus.keys import fold
from metier_legal.records import CourtRecord, ParagraphRecord

_PARTY: Final = r"[A-Z][\w.&'’-]{0,30}(?: (?:of|the|and|&|de|von|la|[A-Z][\w.&'’-]{0,30})){0,6}"
_VERSUS: Final = re.compile(rf"({_PARTY}),? (?:vs?\.?|V\.|versus) ({_PARTY})")
_VERSUS_CHINESE: Final = re.compile(
    r"([\u4e00-\u9fff]{2,20})诉(?!讼|请|求|状|权|前|中|后)([\u4e00-\u9fff]{2,20}?)(?:案|一案|纠纷|[，。；、])"
)
_COURT: Final = re.compile(
    r"\b(?:[A-Z][\w'’]{1,20} ){0,4}(?:Courts?|Tribunal)(?: of [A-Z][\w'’]{1,20}"
    r"(?: (?:of|for|the|and)(?: the)? [A-Z][\w'’]{1,20}| [A-Z][\w'’]{1,20}){0,4})?"
    r"|(?:最高|高等|专门|宪法|海事|高级|中级|基层|上诉|初审|地区|地方|区域|巡回)[\u4e00-\u9fff]{0,6}?法院"
)
_RULES: Final = re.compile(
    r"^(?:,| in (?:the )?[\w ]{1,40}|（[^）]{0,40}）|\([^)]{0,40}\)| also| then)?\s*"
    r"(?:has |had |[在于][^。，：]{0,30}[，]?)?"
    r"(?:held|holds|ruled|rules|decided|found|finds|stated|explained|concluded|reasoned|认为|判决|指出|裁定|裁判|认定)"
)
_ARTICLES: Final = frozenset(("the", "a", "an", "this", "that", "our", "in", "as", "but", "and"))
_SHORTEST_PARTY: Final = 4
_SHORTEST_CHINESE: Final = 2
_MOST_RECORDS: Final = 200
_MOST_WORDS: Final = 40
_LONGEST_PLACE: Final = 10
_HAN: Final = re.compile("[\u4e00-\u9fff]")
_BEFORE: Final = frozenset("由经在据于和及对向与是后该本原而但被到如即为")


def find_party_fault(reading: Reading, text: str, grounds: tuple[Exhibit, ...]) -> Iterator[Fault]:
    """Yields the parties that a text names and no ground has, nor the user's words."""
    named = [*_VERSUS.finditer(text), *_VERSUS_CHINESE.finditer(text)]
    others = _parties_of_others(reading, grounds)
    if not named and not any(party in text for party in others):
        return
    known = fold_long(" ".join((_known_text(grounds), reading.task.text)))
    for match in named:
        if not all(_is_known(side, known) for side in match.groups()):
            yield Fault(
                Code.NAME_MISMATCH, f"{short(match[0])} is none of its authorities", "Name the case that is cited."
            )
    for party in others:
        if _mentions(text, party) and fold(party) not in known:
            told = f"{short(party)} is a party of another case"
            yield Fault(Code.NAME_MISMATCH, told, "Name the parties of the case that is cited.")


def find_court_fault(reading: Reading, text: str, grounds: tuple[Exhibit, ...]) -> Iterator[Fault]:
    """Yields the courts that a text names and no ground is of; one that "held" must be a cited case's own."""
    courts = [fold(one.source.court) for one in grounds if isinstance(one.source, ParagraphRecord)]
    known: str | None = None
    for start, end in _courts_in(reading, text):
        phrase = _strip_articles(text[start:end])
        if not phrase or any(_is_court(phrase, court) for court in courts):
            continue
        if known is None:
            known = fold_long(" ".join((_known_text(grounds), reading.task.text)))
        held = courts and _RULES.match(text[end : end + 80])
        quoted = fold(text[start : end + 12]) in known
        if (held and not quoted) or phrase not in known:
            told = f"{short(text[start:end])} decided none of its authorities"
            yield Fault(Code.NAME_MISMATCH, told, "Name the court of the case that is cited.")


def _is_court(phrase: str, court: str) -> bool:
    """Returns whether the words name the court; Chinese ones may have words of the sentence before them."""
    if _HAN.match(phrase):
        return phrase.endswith(court) or court.endswith(phrase)
    return phrase in court or court in phrase


def fold_long(text: str) -> str:
    """Returns a text of any length folded as names are."""
    return " ".join(fold(text[i : i + 400]) for i in range(0, len(text), 380))


def _known_text(grounds: tuple[Exhibit, ...]) -> str:
    parts: list[str] = []
    for exhibit in grounds:
        parts += (exhibit.passage, exhibit.display)
        if isinstance(exhibit.source, ParagraphRecord):
            parts += (exhibit.source.name, *exhibit.source.parties)
            parts += (name for treated in exhibit.source.treated_by for name in (treated.name, treated.court))
    return " ".join(parts)


def _parties_of_others(reading: Reading, grounds: tuple[Exhibit, ...]) -> tuple[str, ...]:
    """Returns the parties of the run's cases that are none of the grounds."""
    ours = {one.source.case for one in grounds if isinstance(one.source, ParagraphRecord)}
    found: dict[str, None] = {}
    for _, value in islice(reading.raw("paragraph"), _MOST_RECORDS):
        case, parties = value.get("case"), value.get("parties")
        if isinstance(case, str) and case not in ours and isinstance(parties, list | tuple):
            found.update(dict.fromkeys(party for party in parties if isinstance(party, str)))
    return tuple(party for party in found if len(party) >= (_SHORTEST_PARTY if party.isascii() else _SHORTEST_CHINESE))


def _mentions(text: str, party: str) -> bool:
    if not party.isascii():
        return party in text
    return party in text and re.search(rf"(?<!\w){re.escape(party)}(?!\w)", text) is not None


def _is_known(side: str, known: str) -> bool:
    """Returns whether a side of "X v. Y" is known: its last or first words stand in what is known."""
    if side.isascii():
        words = [word for word in fold(side).split() if word not in _ARTICLES and len(word) > 1]
        return not words or any(f" {word} " in f" {known} " for word in words)
    folded = fold(side)
    return folded[-_SHORTEST_CHINESE:] in known or folded[:_SHORTEST_CHINESE] in known


def _courts_in(reading: Reading, text: str) -> Iterator[tuple[int, int]]:
    yield from ((_widen(text, match.start()), match.end()) for match in _COURT.finditer(text))
    known = (reading.record(name) for name, _ in reading.raw("courts"))
    names = {name for one in known if isinstance(one, CourtRecord) for _, name in one.courts}
    courts = (value.get("court") for _, value in islice(reading.raw("paragraph"), _MOST_RECORDS))
    names |= {court for court in courts if isinstance(court, str)}
    for name in sorted(names, key=len, reverse=True):
        at = text.find(name) if name else -1
        if at >= 0:
            yield at, at + len(name)


def _widen(text: str, start: int) -> int:
    """Returns where the name of a Chinese court begins: its place stands before the kind of court."""
    least = max(0, start - _LONGEST_PLACE)
    while start > least and _HAN.match(text[start]) and _HAN.match(text[start - 1]) and text[start - 1] not in _BEFORE:
        start -= 1
    return start


def _strip_articles(phrase: str) -> str:
    words = fold(phrase).split()
    while words and words[0] in _ARTICLES:
        words.pop(0)
    return "" if words in (["court"], ["courts"], ["tribunal"]) else " ".join(words[:_MOST_WORDS])
