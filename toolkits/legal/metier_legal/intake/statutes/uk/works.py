"""Works by the identifiers of legislation.gov.uk, ELI and Akoma Ntoso."""

import re
from collections.abc import Sequence
from typing import Final

from metier_legal.intake.statutes.eu.celex import celex_of, make_eu_work
from metier_legal.law.work import Level, Style, Work

_UK: Final = re.compile(r"legislation\.gov\.uk/(?:id/)?([a-z]{3,5})/(\d{4}|[A-Z][\w-]+/[\w-]+)/(\d+)")
_PRIMARY: Final = frozenset(("ukpga", "ukla", "asp", "asc", "anaw", "nia", "ukppa", "aep", "apgb", "ukcm", "mwa"))
_EU: Final = re.compile(r"/eli/(reg|dir|dec)/(\d{4})/(\d+)|celex[:/](3\d{4}[A-Z]\d{4})", re.IGNORECASE)
_EU_LETTER: Final = {"reg": "R", "dir": "L", "dec": "D"}
_NUMBER: Final = re.compile(r"\d+[A-Za-z]*(?:[-.\u2013/]\d+[A-Za-z]*)*")
_ROMAN: Final = re.compile(r"\b[IVXLC]+\b")
_PLAIN: Final = re.compile(r"/akn/([a-z]{2})(?:-[a-z]+)?/(act|bill|doc)/(?:[a-z]+/)?([\w-]+)(?:/([\w-]+))?")
_LANGUAGES: Final = {
    "eng": "en", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "zho": "zh", "ita": "it", "spa": "es", "nld": "nl",
}  # fmt: skip


def find_work(uris: Sequence[str], title: str, country: str, language: str, name: str) -> Work:
    """Returns the work that the identifiers of an act name; by its country and title when they name none."""
    joined = " ".join(uris)
    spoken = _LANGUAGES.get(language.lower(), language.lower()[:2] or "en")
    british = _UK.search(joined)
    if british:
        return make_uk_work(british[1], british[2], british[3], title)
    european = _EU.search(joined)
    celex = _celex_of(european) if european else celex_of(title, name)
    if celex and (european or country.lower() in ("eu", "")):
        return make_eu_work(celex, title, spoken)
    return _make_plain(joined, title, country, spoken, name)


def make_uk_work(kind: str, year: str, number: str, title: str) -> Work:
    """Returns the work of an act or instrument of the United Kingdom."""
    return Work(
        id=f"uk/{kind}/{year}/{number}",
        jurisdiction="uk",
        title=title,
        short=title,
        level=Level.STATUTE if kind in _PRIMARY else Level.REGULATION,
        style=Style.UK,
        source_url=f"https://www.legislation.gov.uk/{kind}/{year}/{number}",
        licence="Open Government Licence v3.0",
    )


def read_number(written: str) -> str:
    """Returns the number in "Section 6.", "Article 12a", "SCHEDULE 1", "PART II"; "" when there is none."""
    found = _NUMBER.search(written) or _ROMAN.search(written)
    return found[0].replace("\u2013", "-") if found else ""


def is_dots(text: str) -> bool:
    """Returns whether nothing is left of a provision but the dots that stand for a repealed text."""
    return bool(text) and not text.replace(".", "").strip(" \u2026\n\u00a0")


def _celex_of(european: re.Match[str]) -> str:
    if european[4]:
        return european[4].upper()
    return f"3{european[2]}{_EU_LETTER[european[1].lower()]}{int(european[3]):04d}"


def _make_plain(joined: str, title: str, country: str, language: str, name: str) -> Work:
    found = _PLAIN.search(joined)
    place = (found[1] if found else country.lower()[:2]) or "xx"
    place = "uk" if place == "gb" else place
    stem = "/".join(part for part in found.groups()[1:] if part) if found else name.rpartition("/")[2].partition(".")[0]
    return Work(
        id=f"{place}/{stem}",
        jurisdiction=place,
        title=title or stem,
        short=title or stem,
        language=language,
        style=Style.UK if place == "uk" else Style.EU if place == "eu" else Style.PLAIN,
    )
