"""Law of the United Kingdom: acts and instruments with sections, neutral citations and law reports."""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation
from metier_legal.citations.grammars.acts import S, name_before
from metier_legal.citations.grammars.parties import names_of_parties
from metier_legal.citations.grammars.spans import cite, read_sections, squeeze
from metier_legal.law.work import Style

_ACT: Final = re.compile(
    rf"\b(?:Act|Rules|Regulations|Order|Measure)(?:{S}\((?:Northern{S}Ireland|Scotland|Wales)\))?{S}(?:1[2-9]"
    rf"|20)\d{{2}}(?!\d)"
)
_SHORT_ACT: Final = re.compile(rf"(?<![\w.])[A-Z]{{2,6}}{S}(?:1[89]|20)\d{{2}}(?={S}?,?{S}?ss?\.?{S}?\d)")
_SIGN: Final = re.compile(
    rf"(?<![\w'’.])(?P<sign>ss?\.?|[Ss]ections?|[Rr]egulations?|[Rr]egs?\.?|[Aa]rticles?|rr?\.?)(?P<gap>{S}|(?<=s)"
    rf"|(?<=s\.))(?=\d)"
)
_OF_ACT: Final = re.compile(
    rf"{S}of{S}(?:the{S})?(?P<law>(?:\(?[A-Z][\w’'&.()-]{{0,30}},?{S}(?:(?:of|and|the|for|to|in|on|with"
    rf"|etc\.?){S}){{0,2}}){{0,10}}?"
    rf"(?:Act|Rules|Regulations|Order|Measure)(?:{S}\((?:Northern{S}Ireland|Scotland|Wales)\))?{S}(?:1[2-9]"
    rf"|20)\d{{2}}|[A-Z]{{2,6}}{S}(?:1[89]|20)\d{{2}})(?!\d)"
)
_AGAIN: Final = re.compile(rf"{S}of{S}(?:the{S}same|that|the{S}(?:19|20)\d{{2}}|the){S}Act\b")
_BETWEEN: Final = re.compile(rf",?{S}(?=s|S|r|R|art)")
_INSTRUMENT: Final = re.compile(r"\bS\.?I\.?[ ](?:No[ ])?\d{4}/\d{1,4}(?!\d)")
_COURTS: Final = (
    r"UKSC|UKHL|UKPC|EWCA[ ](?:Civ|Crim)|EWHC|EWCOP|EWFC|CSOH|CSIH|HCJAC|HCJ|NICA|NIQB|NIKB|NICh"
    r"|NIFam|UKUT|UKFTT|UKEAT|EAT|CAT|UKIPTrib"
)
_DIVISION: Final = (
    r"(?P<division>[ ]\((?:Ch|QB|KB|Admin|Comm|Fam|Pat|TCC|Admlty|IPEC|Costs|Mercantile|AAC|IAC|LC"
    r"|TC|GRC|HESC|SCCO|B)\))?"
)
_NEUTRAL: Final = re.compile(
    rf"\[(?P<year>\d{{4}})\][ ](?P<court>{_COURTS})[ ](?P<number>\d{{1,5}}){_DIVISION}(?![\d/])"
)
_REPORT: Final = re.compile(
    r"[\[(](?P<year>1[6-9]\d{2}|20\d{2})[\])][ ](?P<volume>\d{1,3}[ ])?"
    r"(?P<reporter>AC|QB|KB|Ch(?:[ ]D)?|WLR|All[ ]ER(?:[ ]\(Comm\)|[ ]\(EC\))?|Fam|P|ICR|IRLR|BCLC|BCC|EMLR|FSR"
    r"|RPC|FLR|FCR|HLR|Lloyd['’]s[ ]Rep|Cr[ ]App[ ]R(?:[ ]\(S\))?|App[ ]Cas|LGR|P[ ]&[ ]CR|EHRR|QBD|SLT|NI|STC"
    r"|CMLR|ECR)"
    r"[ ](?P<page>\d{1,5})(?![\d/])"
)
_PIN: Final = re.compile(
    r",?[ ](?:at[ ])?(?:(?:paras?\.?[ ])?\[(?P<first>\d{1,4})\](?:\s?[-–][ ]?\[\d{1,4}\])?|(?:paras?\.?"
    r"|paragraphs?)[ ](?P<para>\d{1,4}))"
)
_PAGE: Final = re.compile(r"(?:,[ ]|[ ]at[ ]|,[ ]at[ ])(?P<page>\d{1,5})(?:[A-H](?:-[A-H])?)?(?![\d/])")


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns acts (with their year) with and without sections, statutory instruments, and cases.

    "s 6" with no act bears no law and is `carried`; the word "section" alone is looked at only with "of the Act".
    """
    found = list[Citation]()
    for sign in _SIGN.finditer(text):
        found += _section(text, sign)
    for act in [*_ACT.finditer(text), *_SHORT_ACT.finditer(text)]:
        found += _act(text, act, names)
    found += [_law(match.start(), match.end(), text) for match in _INSTRUMENT.finditer(text)]
    return found + _cases(text)


def _cases(text: str) -> list[CaseCitation]:
    found = list[CaseCitation]()
    for match in sorted((*_NEUTRAL.finditer(text), *_REPORT.finditer(text)), key=lambda one: one.start()):
        read = _neutral if match.re is _NEUTRAL else _report
        found.append(read(text, match, found[-1].end if found else 0))
    return found


def _plural(sign: str) -> bool:
    return sign.rstrip(".").lower() in ("ss", "sections", "regulations", "regs", "articles", "rr")


def _section(text: str, sign: re.Match[str]) -> list[LawCitation]:
    pins = read_sections(text, sign.end(), start=sign.start(), plural=_plural(sign["sign"]))
    if not pins:
        return []
    if match := _OF_ACT.match(text, pins[-1].end):
        return cite(text, pins, Style.UK, squeeze(match["law"]), end=match.end())
    if match := _AGAIN.match(text, pins[-1].end):
        return cite(text, pins, Style.UK, "", end=match.end(), carried=True)
    return cite(text, pins, Style.UK, "", carried=True) if sign["sign"].rstrip(".") in ("s", "ss") else []


def _act(text: str, act: re.Match[str], names: Collection[str]) -> list[LawCitation]:
    begin = max(0, act.start() - 120)
    name = name_before(text[begin : act.end()], names) or act[0]
    if not name.strip() or name.startswith(("Act ", "Rules ", "Order ", "Regulations ")):
        return []
    start = act.end() - len(name)
    gap = _BETWEEN.match(text, act.end())
    sign = _SIGN.match(text, gap.end()) if gap else None
    pins = read_sections(text, sign.end(), start=start, plural=_plural(sign["sign"])) if sign else []
    if pins:
        return cite(text, pins, Style.UK, squeeze(name))
    return [_law(start, act.end(), text)]


def _law(start: int, end: int, text: str) -> LawCitation:
    return LawCitation(start, end, text[start:end], Style.UK, squeeze(text[start:end]))


def _neutral(text: str, match: re.Match[str], floor: int) -> CaseCitation:
    pin = _PIN.match(text, match.end())
    case = _case(text, match, pin, floor)
    pinned = (pin["first"] or pin["para"]) if pin else ""
    return replace(case, court=match["court"], neutral=match[0], pin=pinned)


def _report(text: str, match: re.Match[str], floor: int) -> CaseCitation:
    pin = _PAGE.match(text, match.end())
    case = _case(text, match, pin, floor)
    volume = (match["volume"] or "").strip()
    return replace(case, volume=volume, reporter=match["reporter"], page=match["page"], pin=pin["page"] if pin else "")


def _case(text: str, match: re.Match[str], pin: re.Match[str] | None, floor: int) -> CaseCitation:
    name, whole = names_of_parties(text, match.start(), floor)
    start, end = match.start() - len(whole), pin.end() if pin else match.end()
    return CaseCitation(start, end, text[start:end], "uk", name=name, year=int(match["year"]))
