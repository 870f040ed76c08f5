"""Laws and cases of everywhere else, the fictional country included: acts with sections or articles, dockets."""

import re
from collections.abc import Collection
from datetime import date
from typing import Final

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation
from metier_legal.citations.grammars.acts import AGAIN, BEHIND, KINDS, S, dated, name_before, pattern_behind
from metier_legal.citations.grammars.parties import names_of_parties
from metier_legal.citations.grammars.spans import Spanned, cite, read_sections, squeeze
from metier_legal.law.work import Style

_SIGN: Final = re.compile(
    r"(?P<sign>§{1,2}|\b(?:[Ss]ections?|[Ss]ecs?\.|[Aa]rts?\."
    r"|[Aa]rticles?))(?P<gap>[ \u00a0\n]{0,3}(?:\n[ ]{0,12})?)(?=\d)"
)
_ELSEWHERE: Final = re.compile(r"\[|,?[ ](?:de[rs]|unseres|Rn|Rdn|Rdnr|Rz|Abs|Satz|Nr)\b")  # a treatise, or German
_BEFORE: Final = re.compile(r",?[ \u00a0\n]{0,3}$")
_MONTHS_WORDS: Final = """
January February March April May June July August September October November December
"""
_MONTHS: Final = tuple(_MONTHS_WORDS.split())
_DAY: Final = rf"(?P<day>\d{{1,2}}){S}(?P<month>{'|'.join(_MONTHS)}){S}(?P<year>\d{{4}})"
_DOCKET: Final = r"(?P<docket>[A-Z]{1,6}[ -]?\d{1,6}/(?:\d{4}|\d{2}))"
_DOCKETED: Final = rf"(?:\bNo\.{S})?(?<![\w/]){_DOCKET}(?![\w/])"
_COURT_DAY: Final = re.compile(
    rf"(?:^|,{S})(?P<court>(?:[A-Z][\w’'.-]{{0,30}}{S}(?:(?:of|the|for|and|in){S}){{0,2}}){{0,6}}(?:Court|Tribunal"
    rf"|Court{S}of{S}[A-Z]\w+)(?:{S}of{S}(?:the{S})?[A-Z][\w’'-]{{1,30}}"
    rf"(?:{S}[A-Z][\w’'-]{{1,30}})?){{0,2}}),{S}{_DAY},{S}$"
)
_NEUTRAL: Final = r"\[(?P<of>\d{4})\][ ](?P<court>[A-Z]{1,6}[A-Za-z]{0,4})[ ](?P<number>\d{1,5})(?![\d/])"
_NUMBERED: Final = re.compile(f"{_DOCKETED}|{_NEUTRAL}")
_WORTH: Final = re.compile(r"\d/\d|\[\d{4}\]")
_PARAGRAPH: Final = re.compile(rf",?{S}(?:at{S})?(?:¶[ ]?|paras?\.?{S}|paragraph{S}|\[)(?P<pin>\d{{1,4}})\]?")
_LOOK_BACK: Final = 130
_REPORTS: Final = frozenset(("AC", "QB", "KB", "WLR", "Ch", "Fam", "P", "UKSC", "UKHL", "UKPC", "EWHC", "EWCA"))


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns sections and articles of acts named before or behind them, and cases by docket or neutral number.

    "§ 12" with no act bears no law and is `carried`; the words section and article alone are no citation.
    """
    cases = list[CaseCitation]()
    for match in _NUMBERED.finditer(text) if _WORTH.search(text) else ():
        floor = cases[-1].end if cases else 0
        if match["docket"]:
            cases.append(_docketed(text, match, floor))
        elif match["court"] not in _REPORTS:
            cases.append(_neutral(text, match, floor))
    return [*find_laws(text, names), *cases]


def find_laws(text: str, names: Collection[str] = ()) -> list[LawCitation]:
    """Returns the sections and articles alone."""
    found = list[LawCitation]()
    reached, behind = 0, pattern_behind(names)
    for sign in _SIGN.finditer(text):
        if sign.start() >= reached:
            fresh = _section(text, sign, names, behind, reached)
            found += fresh
            reached = fresh[-1].end if fresh else sign.end()
    return found


def _section(
    text: str, sign: re.Match[str], names: Collection[str], behind: re.Pattern[str] | None, floor: int
) -> list[LawCitation]:
    plural = sign["sign"].lower() in ("§§", "sections", "secs.", "arts.", "articles")
    pins = read_sections(text, sign.end(), start=sign.start(), plural=plural)
    if not pins:
        return []
    start, name = _name_before(text, sign.start(), floor, names)
    if name and name not in KINDS:
        pins[0] = Spanned(start, pins[0].end, pins[0].pin)
        return cite(text, pins, Style.PLAIN, name)
    for pattern in (behind, BEHIND):
        match = pattern.match(text, pins[-1].end) if pattern else None
        if match:
            law = squeeze(match["law"])
            style = Style.UK if dated(law) and not sign["sign"].startswith("§") else Style.PLAIN
            bare = law in KINDS
            return cite(text, pins, style, "" if bare else law, end=match.end(), carried=bare)
    return _bare(text, sign["sign"], pins)


def _bare(text: str, sign: str, pins: list[Spanned]) -> list[LawCitation]:
    again = AGAIN.match(text, pins[-1].end)
    bare = sign.startswith("§") or (sign == "Section" and pins[0].pin.path)
    if _ELSEWHERE.match(text, pins[-1].end) or not (again or bare):
        return []
    return cite(text, pins, Style.PLAIN, "", end=again.end() if again else 0, carried=True)


def _name_before(text: str, position: int, floor: int, names: Collection[str]) -> tuple[int, str]:
    """Returns the name that ends before the position, with white space or a comma between, and where it begins."""
    start = max(floor, position - _LOOK_BACK)
    before = text[start:position]
    gap = _BEFORE.search(before)
    core = before[: gap.start()] if gap else before
    if not gap or not (gap[0] or core.endswith(tuple(names) or "\0")):
        return position, ""
    name = name_before(core, names)
    return start + len(core) - len(name), squeeze(name)


def _docketed(text: str, match: re.Match[str], floor: int) -> CaseCitation:
    before = text[max(floor, match.start() - 160) : match.start()]
    heading = _COURT_DAY.search(before)
    start = match.start()
    court, decided = "", None
    if heading:
        court, decided = squeeze(heading["court"]), _day(heading)
        start -= len(before) - heading.start("court")
    name, whole = names_of_parties(text, start, floor)
    start -= len(whole)
    pin = _PARAGRAPH.match(text, match.end())
    end = pin.end() if pin else match.end()
    return CaseCitation(
        start,
        end,
        text[start:end],
        "plain",
        name=name,
        court=court,
        decided=decided,
        year=decided.year if decided else None,
        docket=squeeze(match["docket"]),
        pin=pin["pin"] if pin else "",
    )


def _day(match: re.Match[str]) -> date | None:
    try:
        return date(int(match["year"]), _MONTHS.index(match["month"]) + 1, int(match["day"]))
    except ValueError:
        return None


def _neutral(text: str, match: re.Match[str], floor: int) -> CaseCitation:
    name, whole = names_of_parties(text, match.start(), floor)
    pin = _PARAGRAPH.match(text, match.end())
    start, end = match.start() - len(whole), pin.end() if pin else match.end()
    return CaseCitation(
        start,
        end,
        text[start:end],
        "plain",
        name=name,
        year=int(match["of"]),
        neutral=match[0],
        pin=pin["pin"] if pin else "",
    )
