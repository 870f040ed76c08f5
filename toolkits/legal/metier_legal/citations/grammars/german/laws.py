"""German laws: a sign, pins, and the law's abbreviation or name behind them."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from metier_legal.citations.citation import LawCitation
from metier_legal.citations.grammars.german.pins import read_pins, skip_following
from metier_legal.citations.grammars.spans import Spanned, cite, squeeze
from metier_legal.law.work import Style

_SIGN: Final = re.compile(
    r"(?P<sign>§{1,2}(?:[ \u00a0\n]{0,2})|\b(?:Artt?\.|Art|Artikels?|Paragra(?:ph|f)(?:en)?)[ \u00a0]{0,2})(?=\d)"
)
_S: Final = r"[ \u00a0\n]{1,2}"
_ABBREVIATION: Final = re.compile(
    rf"{_S}(?:de[rs]{_S})?(?P<law>SGB{_S}[IVX]{{1,4}}|(?:[A-ZÄÖÜ][A-Za-zÄÖÜäöüß]{{0,12}}-)?"
    r"[A-ZÄÖÜ][A-Za-zÄÖÜäöüß]{0,14}[A-ZÄÖÜ][A-Za-zäöüßÄÖÜ]{0,3}(?:-[A-Z][A-Za-z]{0,4})?)(?![A-Za-zÄÖÜäöüß])"
    r"(?P<state>[ \u00a0](?:BW|Bay|NRW|NW|Bbg|Bln|Nds|RP|SH|LSA|MV|Hess|Sachs|Thür)\b)?"
    r"(?P<old>[ \u00a0](?:a\.[ ]?F\.|n\.[ ]?F\.|aF\b|nF\b))?"
)
_LONG: Final = re.compile(
    rf"{_S}(?:de[rs]{_S})?(?P<law>(?:[A-ZÄÖÜ][a-zäöüß]{{1,30}}{_S}){{0,3}}"
    r"(?:[A-ZÄÖÜ][A-Za-zäöüß]{2,40}-){0,2}(?:[A-ZÄÖÜ][A-Za-zäöüß]{2,40})?(?:[Gg]esetz(?:es|buch(?:e?s)?)?"
    r"|[Oo]rdnung|[Vv]erordnung|[Rr]ichtlinie|[Vv]erfassung)"
    r"(?:[ \u00a0][A-ZÄÖÜ][a-zäöüß-]{2,30}(?:[ \u00a0][A-ZÄÖÜ][a-zäöüß-]{2,30})?)?)(?![A-Za-zäöüß])"
)
_MARGIN: Final = re.compile(rf"\[|,?(?:{_S})?(?:Rn|Rdn|Rdnr|RdNr|Tz|Rz|Anm)\b")  # then it is a commentary's section
_UNKNOWN: Final = re.compile(
    rf"{_S}(?:de[rs]){_S}(?:Gesetz|Verordnung|Ordnung|Richtlinie)(?:es)?{_S}(?:über|zu[rm]?|gegen|betreffend|vom)\b"
)
_PAPER: Final = re.compile(
    rf"{_S}(?:de[rs]|unseres|ihres|seines){_S}(?:[a-zäöüß]{{3,20}}{_S}){{0,2}}"
    r"(?:Satzung|[A-ZÄÖÜ]?[a-zäöüß]*[Vv]ertrag(?:e?s)?|[Vv]ereinbarung|AGB|Bedingungen|Geschäftsordnung"
    r"|Hausordnung)\b"
)
_REPORTED: Final = re.compile(r"SozR[ ]\d-\d{4}[ ]$")  # a reporter that counts its decisions by section
_LEADING: Final = re.compile(r"(?<![\w.-])(?P<law>[A-ZÄÖÜ][A-Za-zäöüß]{0,8}[A-Z])[ \u00a0]$")
_ANY_LAW: Final = frozenset(("Gesetz", "Gesetzes", "Verordnung", "Ordnung", "Richtlinie", "Verfassung"))
_NOT_LAWS: Final = frozenset(
    [
        "BGH",
        "BGHZ",
        "BVERFG",
        "BVERWG",
        "BAG",
        "BFH",
        "BSG",
        "EUGH",
        "OLG",
        "LG",
        "AG",
        "KG",
        "NJW",
        "FAMRZ",
        "GRUR",
        "USC",
        "CFR",
        "GDPR",
        "TFEU",
        "TEU",
        "ECHR",
        "DSA",
        "DMA",
        "RDNR",
        "RN",
        "DM",
        "EUR",
        "USD",
        "HS",
    ]
)
_CHAIN: Final = re.compile(
    rf"[ \u00a0\n]{{0,2}}(?:,|und|i\.?[ ]?V\.?[ ]?m\.?|in{_S}Verbindung{_S}mit)[ \u00a0\n]{{0,2}}(?=§|Art)"
)


def find_laws(text: str, names: Collection[str] = ()) -> list[LawCitation]:
    """Returns the citations of German laws; those with no law behind them bear none and are `carried`."""
    named = _pattern_of(names)
    found = list[LawCitation]()
    reached = chained = 0
    for sign in _SIGN.finditer(text):
        if sign.start() < reached:
            continue
        plural = sign["sign"].startswith(("§§", "Art")) or sign["sign"].rstrip().endswith("en")
        pins = read_pins(text, sign.end(), start=sign.start(), plural=plural)
        if pins:
            fresh = _cite(text, pins, sign["sign"], named)
            if fresh and fresh[-1].law:
                found[chained:] = [replace(one, law=fresh[-1].law, carried=False) for one in found[chained:]]
            found += fresh
            reached = fresh[-1].end if fresh else sign.end()
            if not fresh or fresh[-1].law or not _CHAIN.match(text, reached):
                chained = len(found)
    return found


def _cite(text: str, pins: list[Spanned], sign: str, named: re.Pattern[str] | None) -> list[LawCitation]:
    position = skip_following(text, pins[-1].end)
    law, end = _read_law(text, position, named)
    if _MARGIN.match(text, max(end, position)) or (not law and _PAPER.match(text, position)):
        return []
    before = text[max(0, pins[0].start - 20) : pins[0].start]
    if _REPORTED.search(before):
        return []
    if not law and (match := _LEADING.search(before)) and match["law"].upper() not in _NOT_LAWS:
        pins[0] = Spanned(pins[0].start - len(match[0]), pins[0].end, pins[0].pin)
        return cite(text, pins, Style.GERMAN, match["law"])
    if not law and sign.startswith(("Art", "P")):
        return []
    return cite(text, pins, Style.GERMAN, law, end=end, carried=not law and not _UNKNOWN.match(text, position))


def _read_law(text: str, position: int, named: re.Pattern[str] | None) -> tuple[str, int]:
    for pattern in (named, _ABBREVIATION, _LONG):
        match = pattern.match(text, position) if pattern else None
        law = squeeze(match["law"]) if match else ""
        if match and law not in _ANY_LAW and law.upper() not in _NOT_LAWS:
            return law, match.end("law")
    return "", position


def _pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    words = sorted((re.escape(name) for name in names if name[:1].isupper()), key=len, reverse=True)
    return re.compile(rf"{_S}(?:de[rs]{_S})?(?P<law>{'|'.join(words)})(?!\w)") if words else None
