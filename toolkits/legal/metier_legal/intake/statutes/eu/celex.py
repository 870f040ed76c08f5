"""Acts of the European Union by their CELEX numbers and titles."""

import re
from typing import Final

from metier_legal.law.work import Level, Style, Work

_IN_NAME: Final = re.compile(r"(?<![0-9A-Z])[03](\d{4})([RLD])(\d{4})(?:-(\d{4})(\d{2})(\d{2}))?(?!\d)")
_KINDS: Final = (
    ("R", re.compile(r"\b(?:regulation|verordnung|r\u00e8glement|reglamento|regolamento)\b", re.I)),
    ("L", re.compile(r"\b(?:directive|richtlinie|directiva|direttiva)\b", re.I)),
    ("D", re.compile(r"\b(?:decision|beschluss|entscheidung|d\u00e9cision)\b", re.I)),
)
_NUMBER: Final = re.compile(
    r"(?:\b(No|Nr\.?|n[o\u00b0])\s*)?(\d{1,4})/(\d{1,4})(?:/(EU|EC|EEC|EG|EWG|CE|CEE|UE))?", re.I
)
_WORD: Final = {"R": "Regulation", "L": "Directive", "D": "Decision"}
_KNOWN: Final = {
    "32016R0679": ("GDPR", "General Data Protection Regulation", "DSGVO", "Datenschutz-Grundverordnung", "RGPD"),
    "32024R1689": ("AI Act", "Artificial Intelligence Act", "KI-Verordnung"),
    "32022R2065": ("DSA", "Digital Services Act"),
    "32022R1925": ("DMA", "Digital Markets Act"),
    "32008R0593": ("Rome I", "Rome I Regulation", "Rom I"),
    "32007R0864": ("Rome II", "Rome II Regulation", "Rom II"),
    "32012R1215": ("Brussels Ia", "Brussels I bis", "Br\u00fcssel Ia"),
    "31995L0046": ("Data Protection Directive",),
}
_BY_NAME: Final = {name.casefold(): celex for celex, names in _KNOWN.items() for name in names}
_NEW_NUMBERS: Final = 2015


def celex_of(title: str, name: str = "") -> str:
    """Returns the CELEX number in a file's name or told by an act's title ("Regulation (EU) 2016/679"), or ""."""
    named = _IN_NAME.search(name)
    if named:
        return f"3{named[1]}{named[2]}{named[3]}"
    kinds = [(found.start(), letter) for letter, pattern in _KINDS if (found := pattern.search(title))]
    number = _NUMBER.search(title)
    if not kinds or number is None:
        return ""
    letter = min(kinds)[1]
    first, second = number[2], number[3]
    old_order = bool(number[1]) or (letter == "R" and len(first) < 4)
    year, serial = (second, first) if old_order else (first, second)
    year = f"19{year}" if len(year) == 2 else year
    return f"3{year}{letter}{int(serial):04d}" if len(year) == 4 else ""


def celex_of_name(name: str) -> str:
    """Returns the CELEX number of an act by a name that everybody knows it by ("GDPR"), or ""."""
    return _BY_NAME.get(name.strip().casefold(), "")


def consolidated_day(name: str) -> str:
    """Returns the day in the name of a consolidated text, "02016R0679-20160504", as ISO, or ""."""
    named = _IN_NAME.search(name)
    return f"{named[4]}-{named[5]}-{named[6]}" if named and named[4] else ""


def make_eu_work(celex: str, title: str, language: str) -> Work:
    """Returns the work of an act of the Union by its CELEX number."""
    year, letter, serial = int(celex[1:5]), celex[5], int(celex[6:])
    word = _WORD[letter]
    if letter == "L":
        short = (
            f"{word} (EU) {year}/{serial}" if year >= _NEW_NUMBERS else f"{word} {_year(year)}/{serial}/{_body(year)}"
        )
    else:
        short = f"{word} (EU) {year}/{serial}" if year >= _NEW_NUMBERS else f"{word} ({_body(year)}) No {serial}/{year}"
    return Work(
        id=f"eu/{celex}",
        jurisdiction="eu",
        title=title or short,
        short=short,
        aliases=(celex, *_KNOWN.get(celex, ())),
        level=Level.REGULATION if letter == "D" else Level.STATUTE,
        language=language,
        style=Style.EU,
        source_url=f"https://eur-lex.europa.eu/eli/{word.lower()[:3]}/{year}/{serial}",
        licence="European Union, reuse with attribution (Decision 2011/833/EU)",
    )


def _year(year: int) -> str:
    return str(year) if year >= 1999 else str(year)[2:]


def _body(year: int) -> str:
    return "EU" if year >= 2010 else "EC" if year >= 1994 else "EEC"
