"""German decisions: court, kind, day and docket; dockets alone; volumes of reporters."""

import re
from datetime import date
from typing import Final

from metier_legal.citations.citation import CaseCitation

_S: Final = r"(?:[ \u00a0\n]{1,2})"
_DASH: Final = (
    r"(?:,[ \u00a0\n]{0,2}(?:Az\.:?[ ])?|[ \u00a0]Rs\.[ ]|[ \u00a0\n]{0,2}[-–—][ \u00a0\n]{0,2}"
    r"|[ \u00a0](?:\((?:Az\.:?[ ])?)?)"
)
_MONTHS: Final = (
    "Januar", "Februar", "März", "April", "Mai", "Juni",
    "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip
_COURT: Final = (
    r"(?:BGH|BVerfG|BVerwG|BAG|BFH|BSG|BPatG|EuGH|EuG|EGMR|RG|KG|BayObLG|BayVGH|Bundesgerichtshof|"
    r"Bundesverfassungsgericht|Bundesverwaltungsgericht|Bundesarbeitsgericht|"
    r"(?:Brandenburgisches[ ]|Hanseatisches[ ]|Schleswig-Holsteinisches[ ])?"
    r"(?:OLG|LG|AG|OVG|VGH|VG|LAG|ArbG|LSG|SG|FG|Oberlandesgericht|Landgericht|Amtsgericht|Verwaltungsgericht"
    r"|Oberverwaltungsgericht|"
    r"Finanzgericht|Sozialgericht|Landessozialgericht|Landesarbeitsgericht|Arbeitsgericht|Verwaltungsgerichtshof)"
    r"(?:[ \u00a0][A-ZÄÖÜ][A-Za-zäöüßÄÖÜ/.-]{1,30}){1,3}?)"
)
_DOCKET: Final = (
    r"(?:(?:[IVX]{1,5}|\d{1,3})[a-z]?[ \u00a0]?(?:[A-Z][A-Za-z]{0,6}|[a-z]{1,2}"
    r"|\([A-Z][A-Za-z]{0,4}\))(?:[ \u00a0]\([A-Za-z]{1,8}\)"
    r"|[ \u00a0][A-Z][A-Za-z]?)?[ \u00a0]\d{1,5}[/.]\d{2,4}(?:\.[A-Z]{1,2})?(?:[ \u00a0][A-Z]{1,3}\b)?"
    r"|[BLS][ ]\d{1,3}[ ][A-Z]{1,3}[ ]\d{1,5}/\d{2}(?:[ ](?:B[ ]ER|B[ ]PKH|RH?|BH?|ER|WA))?|[CT][-‑–]\d{1,4}/\d{2})"
)
_DATE: Final = rf"(?P<day>\d{{1,2}})\.{_S}?(?P<month>{'|'.join(_MONTHS)}|\d{{1,2}}\.){_S}?(?P<year>\d{{4}})"
_FULL: Final = re.compile(
    rf"(?<![A-Za-zÄÖÜäöü])(?P<court>{_COURT})(?:{_S}\([^()\n]{{1,30}}\))?(?:,?{_S}|-)"
    rf"(?:(?:Versäumnis|Teil|Grund|Anerkenntnis|Senats|Kammer|Vorlage|Nichtannahme)?(?:[Uu]rteile?n?"
    rf"|[Bb]eschl(?:uss|uß|üsse)e?n?|Urt\.|Beschl\.|U\.|B\.|Verfügung|Entscheidung){_S})?"
    rf"(?:vom|v\.){_S}{_DATE}(?:{_DASH}(?P<docket>{_DOCKET}))?"
)
_ALONE: Final = re.compile(
    r"(?<![\w/.-])(?P<docket>[IVX]{1,5}[a-z]?[ \u00a0](?:Z[RBAQ]|ARZ|StR|BLw|NotZ|AnwZ|(?:R|B|S|E|K)"
    r"|[A-Z]{1,2})(?:[ \u00a0]\([A-Za-z]{1,6}\))?[ \u00a0]\d{1,4}/\d{2}"
    r"|\d{1,2}[ \u00a0](?:BvR|BvL|BvF|BvE|BvQ|BvN|StR|ARs|StE|StB|AZR|ABR|AZB|AZN|BGs"
    r"|KLs)[ \u00a0]\d{1,4}/\d{2}"
    r"|\d{1,2}[ \u00a0][A-Z]{1,2}[ \u00a0]\d{1,4}\.\d{2,4}"
    r"|[BLS][ \u00a0]\d{1,2}[ \u00a0][A-Z]{1,3}[ \u00a0]\d{1,4}/\d{2}(?:[ ](?:B[ ]ER|B[ ]PKH|RH?|BH?|ER"
    r"|WA))?|\d{1,2}[ \u00a0][KVLBWUO][ \u00a0]\d{1,5}/\d{2})(?![\w/])"
)
_REPORTER_NAMES: Final = """
UR RNotZ MM EFG BtPrax BayObLGZ BGHZ BGHSt BVerfGE BVerfGK BVerwGE BAGE BSGE BFHE RGZ RGSt Slg. NJW-RR NJW NStZ-RR
NStZ NVwZ-RR NVwZ NZA-RR NZA NZM NZG NZI NZV NZBau NZFam NZS GRUR-RR GRUR-Prax GRUR-Int GRUR FamRZ FamRB FamFR
FGPrax MDR WRP WM ZIP ZMR ZInsO ZUM-RD ZUM ZfBR ZGR ZHR ZOV BauR DÖV DVBl DStR DB BB VersR RdTW StV StraFo wistra JZ
JR JuS JA EuZW EuGRZ EWiR AfP CR K&R MMR WuM GE Rpfleger AuR AP BRAK-Mitt. VBlBW BayVBl NordÖR InfAuslR ZAR UPR NuR
ZfWG AGS JurBüro PatG VRS DAR SVR LKV KommJur BeckRS BStBl BFH/NV HFR ArbRB BKR
"""
_REPORTERS: Final = sorted(_REPORTER_NAMES.split(), key=len, reverse=True)
_REPORTED: Final = re.compile(
    rf"(?<![\w-])(?P<reporter>{'|'.join(map(re.escape, _REPORTERS))})[ \u00a0]"
    rf"(?:[IV]{{1,3}}[ \u00a0])?"
    rf"(?P<volume>\d{{1,4}}),[ \u00a0](?P<page>\d{{1,6}})(?![\d.]\d)"
    rf"(?P<pin>[ \u00a0](?:\((?:\d{{1,5}}(?:\s?ff?\.)?)\)|Rn\.[ \u00a0]\d{{1,4}})"
    rf"|,[ \u00a0]\d{{1,5}}(?:[ \u00a0]ff?\.)?(?![\d/]))?"
)
_MARGIN: Final = re.compile(r",?[ \u00a0](?:Rn\.|Rdn\.|Rdnr\.|Tz\.|Rz\.)[ \u00a0](\d{1,4})")


def find_cases(text: str) -> list[CaseCitation]:
    """Returns decisions by court and day, dockets that stand alone, and reporter citations: each a citation."""
    found = [_full(text, match) for match in _FULL.finditer(text)] if "vom" in text or "v." in text else []
    taken = {index for case in found for index in (case.end,)}
    found += [_cite(match, docket=match["docket"]) for match in _ALONE.finditer(text) if match.end() not in taken]
    found += [_reported(match) for match in _REPORTED.finditer(text)]
    return found


def _full(text: str, match: re.Match[str]) -> CaseCitation:
    month = match["month"].rstrip(".")
    number = int(month) if month.isdigit() else _MONTHS.index(month) + 1
    margin = _MARGIN.match(text, match.end())
    return _cite(
        match,
        court=" ".join(match["court"].split()),
        decided=_day(int(match["year"]), number, int(match["day"])),
        docket=match["docket"] or "",
        pin=margin[1] if margin else "",
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _reported(match: re.Match[str]) -> CaseCitation:
    pin = re.search(r"\d+", match["pin"] or "")
    end = match.start() + len(match[0]) - len(match["pin"] or "")
    return CaseCitation(
        start=match.start(),
        end=end,
        text=match.string[match.start() : end],
        system="german",
        volume=match["volume"],
        reporter=match["reporter"],
        page=match["page"],
        pin=pin[0] if pin else "",
        year=int(match["volume"]) if len(match["volume"]) == 4 else None,
    )


def _cite(
    match: re.Match[str], *, court: str = "", decided: date | None = None, docket: str = "", pin: str = ""
) -> CaseCitation:
    return CaseCitation(
        start=match.start(),
        end=match.end(),
        text=match[0],
        system="german",
        court=court,
        decided=decided,
        year=decided.year if decided else None,
        docket=" ".join(docket.split()),
        pin=pin,
    )
