"""American cases: what stands round a reporter citation, "id." and "supra".

eyecite's tables say where a reporter citation is. What it reads around them bleeds (names over other words, years of
other cases), so that is read here: a name must stand directly before its citation, a year in its own bracket.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from metier.late import late
from metier_legal.citations.citation import CaseCitation, Citation, LawCitation, Pin
from metier_legal.citations.grammars.parties import names_of_parties, short_name_before
from metier_legal.citations.grammars.spans import split_path, squeeze
from metier_legal.citations.grammars.us.stretches import OF_STATE, VOLUME
from metier_legal.law.work import Style

if TYPE_CHECKING:
    from metier_legal.citations.grammars.us.reporters import Reported

_S: Final = r"[ \u00a0]{0,3}(?:\n[ ]{0,12})?"
_NOTES: Final = rf"(?:,?{_S}(?:and{_S})?\(?nn?\.{_S}\d{{1,3}}(?:[-–]\d{{1,3}})?\)?)?"
_PAGES: Final = rf"(?:\d{{1,5}}(?:[ ]?[-–][ ]?\d{{1,5}})?|_{{2,4}}){_NOTES}"
_PIN: Final = re.compile(
    rf",{_S}(?:at{_S})?(?P<pin>{_PAGES})(?![\d\w])(?!{_S}[A-Z][A-Za-z]*\.)(?!{_S}(?:U\.|WL"
    rf"|F\.))"
)
_NOTE: Final = re.compile(rf"{_NOTES}")
_YEAR: Final = re.compile(rf"{_S}\((?P<court>[A-Z][^()]{{0,40}}?{_S})?(?P<year>1[6-9]\d{{2}}|20\d{{2}})\)")
_COURT: Final = re.compile(
    rf"{_S}\((?P<court>(?:[1-9A-Z][^()\n]{{0,50}}?[ \n]{{1,3}})?)(?P<year>1[6-9]\d{{2}}|20\d{{2}})\)"
)
_GAP: Final = re.compile(rf",{_S}")
_GAP_BEFORE: Final = re.compile(rf",{_S}$")
_ID: Final = re.compile(
    rf"(?<![\w.])(?:[Ii]d\.|[Ii]bid\.)(?:,?{_S}at{_S}(?P<pin>{_PAGES}))?"
    rf"(?:,?{_S}§{{1,2}}{_S}(?P<section>\d{{1,5}}[a-z]{{0,2}}(?:-\d{{1,4}})?)(?P<path>"
    rf"(?:\([A-Za-z0-9]{{1,4}}\)){{0,6}}))?"
)
_SUPRA: Final = re.compile(rf",?{_S}\bsupra\b(?:,?{_S}at{_S}(?P<pin>{_PAGES}))?")
_find_reported = late("metier_legal.citations.grammars.us.reporters", "find_reported")  # eyecite loads slowly


def find_cases(text: str) -> list[Citation]:
    """Returns full, short, "id." and "supra" citations, and codes of states by eyecite's table of laws.

    Which case a short one means is said by `carrying`.
    """
    worth = VOLUME.search(text) or OF_STATE.search(text)
    reported: list[Reported] = _find_reported(text) if worth else []
    cases = [one for one in reported if one.source == "reporters"]
    found: list[Citation] = [*_full(text, cases)]
    found += [_law(text, one) for one in reported if one.source == "laws" and one.section]
    found += [_id(match) for match in _ID.finditer(text)]
    found += [case for match in _SUPRA.finditer(text if "supra" in text else "") if (case := _supra(text, match))]
    return found


def _full(text: str, reported: Sequence["Reported"]) -> list[CaseCitation]:
    found, before, floor = list[CaseCitation](), 0, 0
    for number, one in enumerate(reported):
        limit = reported[number + 1].start if number + 1 < len(reported) else len(text)
        case, reached = _case(text, one, floor, limit)
        if not one.short and found and not found[-1].carried and _GAP.fullmatch(text[before : one.start]):
            case = replace(case, name=found[-1].name)
        found.append(case)
        before, floor = reached, case.end
    return _share_years(text, found)


def _share_years(text: str, found: list[CaseCitation]) -> list[CaseCitation]:
    """Returns parallel citations with the year that stands behind the last of them."""
    for number in range(len(found) - 2, -1, -1):
        one, following = found[number], found[number + 1]
        parallel = not one.year and not one.carried and not following.carried
        if parallel and _GAP.fullmatch(text[one.end : following.start]):
            found[number] = replace(one, year=following.year, court=following.court)
    return found


def _case(text: str, one: "Reported", floor: int, limit: int) -> tuple[CaseCitation, int]:
    if one.short:
        return _short(text, one), one.end
    end, pin = one.end, ""
    if (match := _PIN.match(text, end, limit)) is not None and _ends(text, match.end(), limit):
        pin, end = squeeze(match["pin"]), match.end()
        while (more := _PIN.match(text, end, limit)) is not None and _ends(text, more.end(), limit):
            end = more.end()
    bracket = _COURT.match(text, end)
    name, whole = names_of_parties(text, one.start, floor)
    start, stop = one.start - len(whole), bracket.end() if bracket else end
    case = CaseCitation(
        start,
        stop,
        text[start:stop],
        "us",
        name=name,
        court=_court(one.reporter, bracket),
        year=int(bracket["year"]) if bracket else None,
        volume=one.volume,
        reporter=one.reporter,
        page=one.page,
        pin=pin,
    )
    return case, end


def _ends(text: str, position: int, limit: int) -> bool:
    """Returns whether the pin is not the volume of the citation that follows."""
    return position < limit or position >= len(text)


def _court(reporter: str, bracket: re.Match[str] | None) -> str:
    written = squeeze(bracket["court"]).rstrip(",") if bracket else ""
    return written or (
        "Supreme Court of the United States" if reporter in ("U.S.", "S. Ct.", "L. Ed.", "L. Ed. 2d") else ""
    )


def _short(text: str, one: "Reported") -> CaseCitation:
    gap = _GAP_BEFORE.search(text[max(0, one.start - 16) : one.start])
    reached = one.start - (len(gap[0]) if gap else 0)
    name = short_name_before(text, reached) if gap else ""
    start = reached - len(name) if name else one.start
    note = _NOTE.match(text, one.end)
    end = note.end() if note else one.end
    ranged = re.match(r"[-–]\d{1,5}", text[end : end + 6])
    end += ranged.end() if ranged else 0
    pin = one.page + (ranged[0] if ranged else "")
    return CaseCitation(
        start,
        end,
        text[start:end],
        "us",
        name=squeeze(name),
        volume=one.volume,
        reporter=one.reporter,
        pin=pin,
        carried=True,
    )


def _law(text: str, one: "Reported") -> LawCitation:
    path = re.compile(r"(?:\([A-Za-z0-9]{1,4}\)){0,6}").match(text, one.end)
    end = path.end() if path else one.end
    pin = Pin(one.section, split_path(path[0]) if path else ())
    written = text[one.start : one.end]
    law = squeeze(written[: written.rfind(one.section)].rstrip(" §\n,"))
    return LawCitation(one.start, end, text[one.start : end], Style.PLAIN, law, (pin,))


def _id(match: re.Match[str]) -> Citation:
    if match["section"]:
        pin = Pin(match["section"], split_path(match["path"]))
        return LawCitation(match.start(), match.end(), match[0], Style.PLAIN, "", (pin,), carried=True)
    return CaseCitation(match.start(), match.end(), match[0], "us", pin=squeeze(match["pin"] or ""), carried=True)


def _supra(text: str, match: re.Match[str]) -> CaseCitation | None:
    _, whole = names_of_parties(text, match.start(), ended=True)
    name = whole or short_name_before(text, match.start())
    if not name:
        return None
    start = match.start() - len(name)
    pin = squeeze(match["pin"] or "")
    return CaseCitation(start, match.end(), text[start : match.end()], "us", name=squeeze(name), pin=pin, carried=True)
