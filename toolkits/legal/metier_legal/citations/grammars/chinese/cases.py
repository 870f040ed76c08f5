"""Chinese decisions: case numbers, guiding cases, and numbers of the people's courts' case database."""

import re
from typing import Final

from metier_legal.citations.citation import CaseCitation

_NUMBER: Final = re.compile(
    r"[（(〔\[【]\s?(?P<year>(?:19|20)\d{2})\s?[）)〕\]】]\s?"
    r"(?P<code>[\u4e00-\u9fffA-Z0-9]{2,16}?)第?\s?(?P<number>\d{1,7})\s?(?P<sub>(?:[-—之][一二三四五六七八九十\d]{1,3})?)\s?号"
    r"(?P<after>之[一二三四五六七八九十]{1,2})?"
)
_OF_COURTS: Final = re.compile(r"[民刑行执知赔破清辖司商经督监认]")
_OF_OTHERS: Final = re.compile(r"[检证仲税权]|国用|公诉")
_GUIDING: Final = re.compile(r"指导(?:性)?案例\s?第?\s?(?P<number>\d{1,4})\s?号")
_DATABASE: Final = re.compile(r"(?<![\d-])(?P<number>\d{4}-\d{2}-\d-\d{3}-\d{3})(?![\d-])")
_BEFORE_GUIDING: Final = re.compile(r"最高人民法院(?:发布的)?(?:第[一二三四五六七八九十\d]{1,3}批)?$")


def find_cases(text: str) -> list[CaseCitation]:
    """Returns the decisions cited, in order. Papers of prosecutors, notaries and arbitrators are none."""
    found = [case for match in _NUMBER.finditer(text) if (case := _numbered(match))]
    for match in _GUIDING.finditer(text):
        earlier = _BEFORE_GUIDING.search(text[max(0, match.start() - 20) : match.start()])
        start = match.start() - (len(earlier[0]) if earlier else 0)
        found.append(_cite(match, start, docket=f"指导案例{match['number']}号", court="最高人民法院"))
    for match in _DATABASE.finditer(text) if "-" in text else ():
        found.append(_cite(match, match.start(), docket=match["number"]))
    return sorted(found, key=lambda case: case.start)


def _numbered(match: re.Match[str]) -> CaseCitation | None:
    code = match["code"]
    if not _OF_COURTS.search(code) or _OF_OTHERS.search(code):
        return None
    row = "第" if match[0].rstrip().find(f"{code}第") >= 0 else ""
    docket = f"（{match['year']}）{code}{row}{match['number']}{match['sub']}号{match['after'] or ''}"
    court = "最高人民法院" if code.startswith("最高法") else ""
    return _cite(match, match.start(), docket=docket, court=court, year=int(match["year"]))


def _cite(match: re.Match[str], start: int, *, docket: str, court: str = "", year: int | None = None) -> CaseCitation:
    return CaseCitation(
        start=start,
        end=match.end(),
        text=match.string[start : match.end()],
        system="chinese",
        court=court,
        year=year,
        docket=docket,
    )
