"""The subdivisions of a provision as spans of its text, by the way its law numbers them. Pure and linear."""

import re
from collections.abc import Iterator
from typing import Final

from metier_legal.law.markers import Scheme, split_by_markers
from metier_legal.law.numerals import PLAIN_NUMERAL, parse_chinese
from metier_legal.law.provision import Unit
from metier_legal.law.work import Style

_PAREN: Final = re.compile(r"\(([0-9]{1,4}[A-Z]{0,2}|[a-z]{1,6}(?:-[0-9]{1,2})?|[A-Z]{1,7}(?:-[0-9]{1,2})?)\)")
_EU: Final = re.compile(r"(?m)^[ \t]{0,8}([0-9]{1,3}[a-z]?)\.(?=\s)|\(([0-9]{1,3}|[a-z]{1,6})\)")
_GERMAN: Final = re.compile(
    r"(?m)^[ \t]{0,8}(?:\(([0-9]{1,3}[a-z]?)\)|([0-9]{1,3}[a-z]?)\.(?=\s)|([a-z])\)(?=\s)|([a-z]{2})\)(?=\s))"
    r"|(?<=\) )([0-9]{1,3}[a-z]?)\.(?=\s)"
)
_SCHEMES: Final = {
    Style.US_CODE: Scheme(_PAREN, ("lower", "digit", "upper", "roman", "ROMAN", "double")),
    Style.DC_CODE: Scheme(_PAREN, ("lower", "digit", "upper", "roman", "ROMAN", "double")),
    Style.CFR: Scheme(_PAREN, ("lower", "digit", "roman", "upper", "digit", "roman")),
    Style.UK: Scheme(_PAREN, ("digit", "lower", "roman", "upper")),
    Style.PLAIN: Scheme(_PAREN, ("digit", "lower", "roman", "digit", "upper", "roman")),
    Style.EU: Scheme(_EU, ("point", "digit", "lower", "roman")),
    Style.GERMAN: Scheme(_GERMAN, ("digit", "point", "lower", "double"), inline=False),
}

_ITEM: Final = re.compile(
    rf"(?:(?<=[：；。:;])|^)[ \t\u3000]*[（(]({PLAIN_NUMERAL})[）)]"
    r"|(?m:^)[ \t\u3000]*(?:([0-9０-９]{1,2})[.．、]|[（(]([0-9０-９]{1,2})[）)])",
    re.MULTILINE,
)
_SENTENCE_END: Final = re.compile(r"[.!?][\"\u201c\u201d\u00bb\u2018)]?(?=\s+[\"\u201e\u00bb(]?[A-ZÄÖÜ])")
_ABBREVIATIONS: Final = (
    "Abs Art Artt Nr Nrn S Buchst Satz Kap bzw ca d e f ff gem ggf i max mind o s sog u usw v vgl z Ziff Bd BGBl Dr "
    "St Str Anl Lit lit Halbs Unterabs Verf evtl inkl zB dh iV iVm"
)
_SHORT: Final = frozenset(_ABBREVIATIONS.split())


def split_units(text: str, style: Style) -> tuple[Unit, ...]:
    """Returns the subdivisions of a provision's text, outer before inner, in the order of the text.

    Paths are as in `citations.citation.Pin`: ("a", "2") for (a)(2); Chinese 款 are the lines, from "1", with 项 and 目
    below them; German Absätze with Nummern and Buchstaben below, and sentences as "s1", "s2"; French alinéas the
    lines, from "1". Spans lie in the text and nest; no two units have the same path.
    """
    if style is Style.CHINESE:
        return tuple(_split_chinese(text))
    if style is Style.FRENCH:
        return tuple(Unit(path=(str(place),), start=start, end=end) for place, start, end in _lines(text))
    units = split_by_markers(text, _SCHEMES[style])
    return _with_sentences(text, units) if style is Style.GERMAN else units


def _lines(text: str) -> Iterator[tuple[int, int, int]]:
    position = place = 0
    for line in text.split("\n"):
        body = line.strip()
        if body:
            place += 1
            start = position + line.index(body)
            yield place, start, start + len(body)
        position += len(line) + 1


def _split_chinese(text: str) -> Iterator[Unit]:
    for place, (start, end) in enumerate(_clauses(text), start=1):
        path = (str(place),)
        yield Unit(path=path, start=start, end=end)
        yield from _split_items(text, path, start, end)


def _clauses(text: str) -> list[tuple[int, int]]:
    """Returns the spans of the 款: the lines, an item's line going with the line before it."""
    clauses: list[tuple[int, int]] = []
    for _, start, end in _lines(text):
        if clauses and _ITEM.match(text, start, end):
            clauses[-1] = (clauses[-1][0], end)
        else:
            clauses.append((start, end))
    return clauses


def _split_items(text: str, path: tuple[str, ...], start: int, end: int) -> Iterator[Unit]:
    items: list[tuple[int, int]] = []
    points: list[tuple[int, int, int]] = []
    for match in _ITEM.finditer(text, start, end):
        value = parse_chinese(match[1] or match[2] or match[3])
        begin = match.start() + len(match[0]) - len(match[0].lstrip())
        if value is None:
            continue
        if match[1] and value == (items[-1][0] + 1 if items else 1):
            items.append((value, begin))
        elif not match[1] and value == (points[-1][0] + 1 if points and points[-1][2] == len(items) else 1):
            points.append((value, begin, len(items)))
    yield from _nest_items(text, path, end, items, points)


def _nest_items(
    text: str, path: tuple[str, ...], end: int, items: list[tuple[int, int]], points: list[tuple[int, int, int]]
) -> Iterator[Unit]:
    below: dict[int, list[tuple[int, int, int]]] = {}
    for point in points:
        below.setdefault(point[2], []).append(point)
    for index, (value, begin) in enumerate(items):
        stop = _trim(text, begin, items[index + 1][1] if index + 1 < len(items) else end)
        yield Unit(path=(*path, str(value)), start=begin, end=stop)
        yield from _nest_points(text, (*path, str(value)), stop, below.get(index + 1, []))
    if not items:
        yield from _nest_points(text, path, end, points)


def _nest_points(text: str, path: tuple[str, ...], end: int, points: list[tuple[int, int, int]]) -> Iterator[Unit]:
    for index, (value, begin, _) in enumerate(points):
        stop = _trim(text, begin, points[index + 1][1] if index + 1 < len(points) else end)
        yield Unit(path=(*path, str(value)), start=begin, end=stop)


def _trim(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def _with_sentences(text: str, units: tuple[Unit, ...]) -> tuple[Unit, ...]:
    """Returns the units with the sentences of each Absatz, or of the whole text when it has none."""
    tops = [unit for unit in units if len(unit.path) == 1 and text.startswith("(", unit.start)]
    wholes = [(unit.path, unit.start, unit.end) for unit in tops] or [((), 0, len(text.rstrip()))]
    atoms = [unit for unit in units if unit not in tops]
    found = list(units)
    index = 0
    for path, start, end in wholes:
        inside: list[tuple[int, int]] = []
        while index < len(atoms) and atoms[index].start < end:
            inside.append((atoms[index].start, atoms[index].end))
            index += 1
        found.extend(_sentences(text, path, start, end, inside))
    return tuple(sorted(found, key=lambda unit: (unit.start, -unit.end, len(unit.path))))


def _sentences(text: str, path: tuple[str, ...], start: int, end: int, atoms: list[tuple[int, int]]) -> Iterator[Unit]:
    begin, place, atom = start, 0, 0
    ends = [match.end() for match in _SENTENCE_END.finditer(text, start, end) if _ends_sentence(text, match.start())]
    for stop in [*ends, end]:
        while atom < len(atoms) and atoms[atom][1] < stop:
            atom += 1
        if stop < end and atom < len(atoms) and atoms[atom][0] < stop < atoms[atom][1]:
            continue
        lead = len(text[begin:stop]) - len(text[begin:stop].lstrip())
        if begin + lead < stop:
            place += 1
            yield Unit(path=(*path, f"s{place}"), start=begin + lead, end=_trim(text, begin + lead, stop))
        begin = stop


def _ends_sentence(text: str, stop: int) -> bool:
    if text[stop] != ".":
        return True
    word = re.search(r"[^\W_]*\Z", text[max(stop - 20, 0) : stop])
    written = word[0] if word else ""
    return bool(written) and not written.isdecimal() and written not in _SHORT and len(written) > 1
