"""第…条第…款第…项第…目, alone, in lists and in ranges."""

import re
from dataclasses import dataclass
from typing import Final

from metier_legal.citations.citation import Pin
from metier_legal.law.numerals import NUMERAL, parse_chinese

WIDEST: Final = 40  # a range of paragraphs or items wider than this is not written out

_N: Final = rf"[{NUMERAL}]{{1,12}}"
_M: Final = rf"[{NUMERAL}]{{1,12}}[a-z]?"  # 第14a条: a letter after the number, as translated laws have it
_ROW: Final = rf"{_M}(?:[、和及至—-]{_M}){{0,12}}"
_SIGNS: Final = rf"[（(]?\s?{_N}\s?[）)]?(?:[、和及至]?[（(]\s?{_N}\s?[）)]){{0,12}}"
_NOT_LAW: Final = r"(?!件|款|路|线|道(?!路)|船|腿|狗|河|街|巷|胡同|航线|消息|信息|生产线|高速|建议|短信|裤)"
_LEVELS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"第\s?(?P<row>{_ROW})\s?条(?:\s?之(?P<of>[一二三四五六七八九十]{{1,3}}|\d{{1,2}})(?!分))?{_NOT_LAW}",
        rf"第?\s?(?P<row>{_ROW})\s?款",
        rf"第?\s?(?P<row>{_SIGNS})\s?项",
        rf"第?\s?(?P<row>[（(]?{_N}[）)]?)\s?目",
    )
)
_JOINED: Final = re.compile(r"\s?(?:、|和|及|以及|与|或者|或|并|至|到|-|—|－|～|~)\s?(?=[第（(])")
_RANGE: Final = "至到-—－～~"
_NUMBER: Final = re.compile(rf"(?P<digits>{_N})(?P<letter>[a-z]?)")


@dataclass(frozen=True, slots=True)
class Spanned:
    """Pins that share one span of the text."""

    start: int
    end: int
    pins: tuple[Pin, ...]


@dataclass(frozen=True, slots=True)
class _Label:
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Part:
    level: int
    labels: tuple[_Label, ...]
    ranged: bool
    end: int


def read_pins(text: str, position: int) -> tuple[Spanned, ...]:
    """Returns the pins that stand at the position, one for each that has a span of its own; empty when none does.

    A 项 with no 款 before it is one of the first 款: only articles of one paragraph are cited so.
    """
    found, way, start = list[Spanned](), tuple[str, ...](), position
    chain = _read_chain(text, position, 0, 0)
    while chain:
        way, spanned = _spell(way, chain, start)
        found += spanned
        reached, highest = chain[-1].end, chain[-1].level
        joined = _JOINED.match(text, reached)
        if joined and any(sign in _RANGE for sign in joined[0]):
            last = _read_part(text, joined.end(), 0, highest)
            if last is None:
                break
            found[-1] = _close_range(found[-1], last)
            way = (*way[: last.level], last.labels[-1].value)
            joined = _JOINED.match(text, last.end)
        if joined is None:
            break
        start = joined.end()
        chain = _read_chain(text, start, 0, highest)
    return tuple(found)


def _read_chain(text: str, position: int, lowest: int, highest: int) -> list[_Part]:
    chain = list[_Part]()
    part = _read_part(text, position, lowest, highest)
    while part is not None:
        chain.append(part)
        part = _read_part(text, part.end, part.level + 1, 3) if len(part.labels) == 1 else None
    return chain


def _read_part(text: str, position: int, lowest: int, highest: int) -> _Part | None:
    for level in range(lowest, highest + 1):
        match = _LEVELS[level].match(text, position)
        if match:
            return _part_of(text, level, match)
    return None


def _part_of(text: str, level: int, match: re.Match[str]) -> _Part | None:
    labels = list[_Label]()
    for number in _NUMBER.finditer(text, *match.span("row")):
        meant = parse_chinese(number["digits"])
        if meant is None:
            return None
        start, end = number.span()
        labels.append(
            _Label(f"{meant}{number['letter']}", start - (text[start - 1] in "（("), end + (text[end] in "）)"))
        )
    last, suffix = labels[-1], match.groupdict().get("of")
    value = f"{last.value}-{parse_chinese(suffix)}" if suffix else last.value
    labels[-1] = _Label(value, last.start, match.end())
    ranged = len(labels) == 2 and any(sign in _RANGE for sign in match["row"])
    return _Part(level, tuple(labels), ranged, match.end())


def _spell(way: tuple[str, ...], chain: list[_Part], start: int) -> tuple[tuple[str, ...], list[Spanned]]:
    for part in chain[:-1]:
        way = (*_fill(way, part.level), part.labels[-1].value)
    last = chain[-1]
    way = _fill(way, last.level)
    if last.ranged:
        pins = _range_of(_pin((*way, last.labels[0].value)), last.labels[1].value)
        return (*way, last.labels[-1].value), [Spanned(start, last.end, pins)]
    spanned = [
        Spanned(label.start if i else start, label.end, (_pin((*way, label.value)),))
        for i, label in enumerate(last.labels)
    ]
    return (*way, last.labels[-1].value), spanned


def _fill(way: tuple[str, ...], level: int) -> tuple[str, ...]:
    return way[:level] + ("1",) * (level - len(way))


def _close_range(first: Spanned, last: _Part) -> Spanned:
    label = last.labels[-1].value
    return Spanned(first.start, last.end, first.pins[:-1] + _range_of(first.pins[-1], label))


def _range_of(pin: Pin, last: str) -> tuple[Pin, ...]:
    """Returns articles as a range and parts of one article each by itself."""
    if not pin.path:
        return (Pin(pin.number, last=last),)
    way, first = pin.path[:-1], pin.path[-1]
    if first.isdigit() and last.isdigit() and int(first) < int(last) < int(first) + WIDEST:
        return tuple(Pin(pin.number, (*way, str(one))) for one in range(int(first), int(last) + 1))
    return (pin, Pin(pin.number, (*way, last)))


def _pin(way: tuple[str, ...]) -> Pin:
    return Pin(way[0], way[1:])
