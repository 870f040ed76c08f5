"""§ 823 Abs. 1 Satz 2 Nr. 3, alone, in lists and in ranges."""

import re
from dataclasses import dataclass
from typing import Final

from metier_legal.citations.citation import Pin
from metier_legal.citations.grammars.spans import Spanned
from metier_legal.law.numerals import parse_roman

_S: Final = r"[ \u00a0\n]{0,2}"
_NUMBER: Final = re.compile(
    r"\d{1,4}(?:\.\d{1,3})?(?:[a-z]|[ \u00a0][a-h](?=[ \u00a0](?:Abs|[A-ZÄÖÜ])))?(?![A-Za-zÄÖÜäöü\d])"
)
_PARTS: Final = re.compile(
    rf"{_S}(?:,{_S})?(?:(?:Abs(?:atz|\.)?|Absätze[n]?){_S}(?P<abs>\d{{1,3}}[a-z]?)"
    rf"|(?:S(?:atz|\.)?|Sätze){_S}(?P<s>\d{{1,2}})|(?:N(?:r|rn|ummer)\.?|Ziff(?:er|\.)){_S}(?P<nr>\d{{1,3}}[a-z]?)"
    rf"|(?:Buchst(?:abe|\.)|lit\.){_S}(?P<buchst>[a-z]{{1,2}})\)?|(?P<letter>[a-z])\)|(?:Halbs(?:atz|\.)"
    rf"|Hs\.){_S}(?P<h>\d)"
    rf"|(?:Alt(?:ernative|\.)|Var(?:iante|\.)){_S}(?P<alt>\d)"
    rf"|(?P<roman>[IVX]{{1,4}}[a-c]?)(?:{_S}(?P<rs>\d{{1,2}})(?=[ \u00a0](?:N|[A-ZÄÖÜ])))?(?=[ \u00a0][A-ZÄÖÜN]"
    rf"|[.,;)]))(?![A-Za-z\d])"
)
_JOIN: Final = re.compile(
    r"[ \u00a0\n]{0,2}(?:,|und|oder|sowie|bzw\.|/)[ \u00a0\n]{0,2}(?=\d|Abs|S(?:atz|\.)|N(?:r|ummer)|Buchst|lit"
    r"|[a-z]\))"
)
_RANGE: Final = re.compile(r"[ \u00a0\n]{0,2}(?:bis|-|–)[ \u00a0\n]{0,2}(?=\d)")
_AMOUNT: Final = re.compile(r"[ \u00a0]?(?:DM|EUR|Euro|€|%|Prozent|Monat|Jahr|Tag|Woche|\.\d|,\d)")
_FOLLOWING: Final = re.compile(r"[ \u00a0]ff?\.")
_LEVELS: Final = {"abs": 0, "roman": 0, "s": 1, "rs": 1, "nr": 2, "buchst": 3, "letter": 3, "h": 4, "alt": 4}


@dataclass(frozen=True, slots=True)
class _Step:
    level: int
    label: str
    end: int


def read_pins(text: str, position: int, *, start: int, plural: bool) -> list[Spanned]:
    """Returns the pins at the position, the first with the span that begins at `start`.

    A number after "und" is a paragraph of the law with the sign "§§", and an Absatz, Satz or Nummer with "§".
    """
    match = _NUMBER.match(text, position)
    if match is None:
        return []
    found, number, begin, end = list[Spanned](), "".join(match[0].split()), start, match.end()
    ranged = _RANGE.match(text, end) if plural else None
    last = _NUMBER.match(text, ranged.end()) if ranged else None
    steps = list[_Step]()
    if last:
        found.append(Spanned(begin, last.end(), Pin(number, last=last[0])))
    else:
        steps = _read_steps(text, end, [])
        found.append(_spanned(begin, number, steps, end))
    while (joined := _JOIN.match(text, found[-1].end)) is not None:
        begin = joined.end()
        if text[begin].isdigit() and (plural or not steps):
            rest = read_pins(text, begin, start=begin, plural=True) if plural else []
            return found + rest
        more = _read_more(text, begin, steps)
        if not more:
            break
        steps = more
        found.append(_spanned(begin, number, steps, begin))
    return found


def _read_steps(text: str, position: int, steps: list[_Step]) -> list[_Step]:
    steps = list(steps)
    while (match := _PARTS.match(text, position)) is not None:
        kind = match.lastgroup or ""
        fresh = [_Step(_LEVELS[name], _label(name, value), match.end()) for name, value in _groups(match)]
        if steps and fresh[0].level <= steps[-1].level and kind not in ("h", "alt"):
            break
        steps += fresh
        position = match.end()
    return steps


def _groups(match: re.Match[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in match.groupdict().items() if value is not None]


def _label(kind: str, value: str) -> str:
    if kind == "roman":
        letter = value[-1] if value[-1] in "abc" else ""
        return f"{parse_roman(value.removesuffix(letter))}{letter}"
    return {"s": "s", "rs": "s", "h": "h", "alt": "alt"}.get(kind, "") + value


def _read_more(text: str, position: int, steps: list[_Step]) -> list[_Step]:
    """Returns the way to a part named after "und": of the kind that it names, or of the kind named last."""
    match = _PARTS.match(text, position)
    if match is None:
        number = _NUMBER.match(text, position)
        if number is None or not steps or _AMOUNT.match(text, number.end()):
            return []
        last = steps[-1]
        prefix = re.match(r"[a-z]*", last.label)
        label = f"{prefix[0] if prefix and last.level in (1, 4) else ''}{number[0]}"
        return _read_steps(text, number.end(), [*steps[:-1], _Step(last.level, label, number.end())])
    level = _LEVELS[_groups(match)[0][0]]
    return _read_steps(text, position, [step for step in steps if step.level < level])


def _spanned(start: int, number: str, steps: list[_Step], end: int) -> Spanned:
    return Spanned(start, steps[-1].end if steps else end, Pin(number, tuple(step.label for step in steps)))


def skip_following(text: str, position: int) -> int:
    """Returns where "f." or "ff." at the position ends."""
    match = _FOLLOWING.match(text, position)
    return match.end() if match else position
