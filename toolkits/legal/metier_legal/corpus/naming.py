"""Other names under which a law that is cited may be kept. Pure; nothing here makes one law out of another."""

import re
import unicodedata
from typing import Final

_CATEGORIES: Final = "宪法相关法|民法商法|民商法|行政法|经济法|社会法|刑法|诉讼与非诉讼程序法"
_CATEGORY: Final = re.compile(rf"^(?:{_CATEGORIES})(?=.{{2,}})")
_AGE: Final = re.compile(r"^(?:原|旧|新|现行)(?=.{2,})")
_BOOK: Final = re.compile(r"^(.{0,20}?法典)[^法]{1,12}编$")
_VERSION: Final = re.compile(
    r"[（(〔\[][^（(〔\[）)〕\]]{0,40}(?:修正|修订|年|版|实施|文本)[^（(〔\[）)〕\]]{0,20}[)）〕\]]$"
)
_CODE: Final = re.compile(r"^(\d{1,2}[a-z]?) ?(u\.? ?s\.? ?c|c\.? ?f\.? ?r)\.?(?: ?a\.?| ?app\.?)?$", re.IGNORECASE)
_ACT: Final = re.compile(
    r"\b(regulation|directive|decision|verordnung|richtlinie|beschluss|règlement|décision)\b[^0-9]{0,40}"
    r"(\d{1,4})/(\d{1,4})(?:/(?:EC|EEC|EU|EG|EWG|CE|CEE|UE|JHA|Euratom))?\b",
    re.IGNORECASE,
)
_LETTERS: Final = {"regulation": "R", "verordnung": "R", "règlement": "R", "directive": "L", "richtlinie": "L"}
_FIRST_YEAR: Final = 1951
_LAST_YEAR: Final = 2100
_CENTURY: Final = 1900
_TWO_DIGITS: Final = range(51, 100)


def other_names(law: str) -> tuple[str, ...]:
    """Returns the names to try after `law` itself has not been found, the nearest first.

    Chinese: without a note of the version (（2018修正）), without 旧 or 原, a code for one of its books
    (民法典婚姻家庭编), without the category that catalogues put before a name (民法商法).
    """
    plain = unicodedata.normalize("NFKC", law[:400]).strip().strip("《》〈〉<>").strip()
    names = []
    for shorten in (_drop_version, _drop_age, _drop_book, _drop_category):
        shorter = shorten(plain).strip("《》 ")
        if shorter != plain:
            names.append(shorter)
            plain = shorter
    return tuple(dict.fromkeys(names))


def work_ids(law: str) -> tuple[str, ...]:
    """Returns the ids that the name spells out: "17 U.S.C." us/usc/17, "Regulation (EU) 2016/679" eu/32016R0679."""
    plain = unicodedata.normalize("NFKC", law[:400]).strip()
    code = _CODE.match(plain)
    if code:
        return (f"us/{'usc' if 's' in code[2].casefold() else 'cfr'}/{code[1].casefold()}",)
    act = _ACT.search(plain)
    return _celex_ids(act[1].casefold(), act[2], act[3]) if act else ()


def _celex_ids(kind: str, one: str, two: str) -> tuple[str, ...]:
    """Returns the ids of both readings of "2016/679" and "45/2001" that are possible."""
    letter = _LETTERS.get(kind, "D")
    found = []
    for year, number in ((one, two), (two, one)):
        full = int(year) + _CENTURY if int(year) in _TWO_DIGITS and len(year) == 2 else int(year)
        if _FIRST_YEAR <= full <= _LAST_YEAR:
            found.append(f"eu/3{full}{letter}{int(number):04d}")
    return tuple(dict.fromkeys(found))


def _drop_version(name: str) -> str:
    return _VERSION.sub("", name)


def _drop_age(name: str) -> str:
    return _AGE.sub("", name)


def _drop_book(name: str) -> str:
    return _BOOK.sub(r"\1", name)


def _drop_category(name: str) -> str:
    return _CATEGORY.sub("", name)
