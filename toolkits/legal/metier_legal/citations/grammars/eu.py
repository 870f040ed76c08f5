"""Law of the European Union: CELEX numbers, articles of acts and treaties, cases and ECLI."""

import re
from collections.abc import Collection
from typing import Final

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation
from metier_legal.citations.grammars.spans import PATH, Spanned, cite, read_sections, split_path, squeeze
from metier_legal.law.work import Style

_S: Final = r"[ \u00a0\n]{1,3}"
_ACT: Final = (
    rf"(?:(?:Commission|Council|Implementing|Delegated|Framework|Common|Joint){_S}){{0,3}}(?:Regulation|Directive"
    rf"|Decision){_S}"
    rf"(?:\((?:EU|EC|EEC|Euratom|EU,[ ]Euratom|EC,[ ]Euratom|CFSP)\){_S})?(?:(?:No|Nos|nº|n°){_S})?"
    r"\d{1,4}/\d{1,4}(?:/(?:EC|EEC|EU|JHA|CFSP|Euratom|ECSC)\b)?"
)
_TREATY: Final = (
    rf"(?:the{_S})?(?P<treaty>Charter(?:{_S}of{_S}Fundamental{_S}Rights(?:{_S}of{_S}the{_S}European{_S}Union)?)?"
    rf"|EEC{_S}Treaty|EC{_S}Treaty|EU{_S}Treaty"
    rf"|Treaty{_S}on{_S}(?:the{_S}Functioning{_S}of{_S}the{_S})?European{_S}Union|Treaty{_S}on{_S}European{_S}Union"
    rf"|European{_S}Convention{_S}on{_S}Human{_S}Rights|(?:Rome|Brussels|Lugano){_S}(?:Convention|I{_S}Regulation"
    rf"|II{_S}Regulation)"
    rf"|General{_S}Data{_S}Protection{_S}Regulation|(?:[A-Z][a-z]+{_S}){{1,4}}(?:Act|Regulation|Directive|Decision))"
)
_ACTS: Final = re.compile(rf"(?<!\w){_ACT}(?![/\d])")
_SIGN: Final = re.compile(rf"\b(?P<sign>Articles?|Arts?\.)(?P<gap>{_S})(?=\d)")
_BEHIND: Final = re.compile(
    rf"{_S}(?:of{_S}(?:the{_S})?)?(?P<act>{_ACT})(?![/\d])|{_S}of{_S}{_TREATY}(?!\w)"
    rf"|(?:[ \u00a0]|{_S}of{_S}(?:the{_S})?(?=(?:GDPR|TFEU|TEU|ECHR|DSA|DMA|DGA|EUTMR|MiCA)\b))(?P<short>TFEU|TEU"
    rf"|CFR|ECHR|EAEC|EC|EEC|UCC|[A-Z]{{2,}}[A-Z0-9]*"
    rf"|[A-Z][A-Za-z]{{1,12}}[A-Z]{{1,4}})(?![\w/])(?![ \u00a0]\d{{1,4}}/\d)"
)
_GENERIC: Final = re.compile(
    rf"{_S}(?:of{_S}(?P<that>that|this|the(?:{_S}(?:said|same|basic|contested|present))?){_S}(?P<kind>Regulation"
    rf"|Directive|Decision|Treaty|regulation|directive)\b|thereof\b)"
)
_OTHER: Final = re.compile(rf"{_S}of{_S}(?:that|this|the|its|their|a|an|our|your|[A-Z])\w*")
_RANGE: Final = re.compile(rf"{_S}to{_S}(?=\d)")
_POINTS: Final = re.compile(rf",?{_S}(?:first{_S}subparagraph,?{_S})?(?:points?|paragraphs?|letters?){_S}(?=\()")
_PATHS: Final = re.compile(PATH)
_CELEX: Final = re.compile(
    r"(?<![\w-])(?P<celex>[0-9CE](?:19"
    r"|20)\d{2}[A-Z]{1,2}\d{4}(?:\(\d{2}\))?(?:R\(\d{2}\))?)(?P<version>-\d{8})?(?!\w)"
)
_ECLI: Final = re.compile(
    r"\bECLI:(?P<country>[A-Z]{2}):(?P<court>[A-Z0-9]{1,7}):(?P<year>\d{4}):(?P<number>[A-Z0-9.]{1,25}?)"
    r"(?![A-Z0-9]|\.[A-Z0-9])"
)
_CASE: Final = re.compile(
    rf"(?:\b(?:Joined{_S})?Cases?{_S})?(?<![\w-])(?P<docket>[CTF][-‑–]\d{{1,4}}/\d{{2}}(?:{_S}P(?:PU)?\b"
    rf"(?:\(R\))?)?)(?![\d/])"
)


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns citations of acts, with and without articles, of treaties, and of cases by number or ECLI.

    "Article 5" with no act behind it bears no law and is `carried`; an article of something that is no law is none.
    """
    found = list[Citation]()
    reached = 0
    named = _pattern_of(names)
    for sign in _SIGN.finditer(text):
        if sign.start() >= reached:
            fresh = _article(text, sign, named)
            found += fresh
            reached = fresh[-1].end if fresh else sign.end()
    if "/" in text:
        found += [_whole(match) for match in _ACTS.finditer(text)]
        found += [_case(match) for match in _CASE.finditer(text)]
    found += [_celex(match) for match in _CELEX.finditer(text)]
    return found + [_ecli(match) for match in _ECLI.finditer(text)]


def _article(text: str, sign: re.Match[str], named: re.Pattern[str] | None) -> list[LawCitation]:
    plural = "s" in sign["sign"][1:]
    pins = [_pointed(text, pin) for pin in read_sections(text, sign.end(), start=sign.start(), plural=plural)]
    if not pins:
        return []
    end = pins[-1].end
    for pattern in (named, _BEHIND):
        match = pattern.match(text, end) if pattern else None
        if match:
            law = next(group for group in match.groups() if group)
            return cite(text, pins, Style.EU, squeeze(law), end=match.end())
    if match := _GENERIC.match(text, end):
        return cite(text, pins, Style.EU, "", end=match.end(), carried=True)
    bare = sign["sign"].startswith("Article") and not _OTHER.match(text, end)
    return [] if not bare else cite(text, pins, Style.EU, "", carried=True)


def _pointed(text: str, pin: Spanned) -> Spanned:
    """Returns the pin with ", point (f)" behind it."""
    points = _POINTS.match(text, pin.end)
    path = _PATHS.match(text, points.end()) if points else None
    if path is None:
        return pin
    whole = type(pin.pin)(pin.pin.number, pin.pin.path + split_path(path[0]), pin.pin.last)
    return Spanned(pin.start, path.end(), whole)


def _whole(match: re.Match[str]) -> LawCitation:
    return LawCitation(match.start(), match.end(), match[0], Style.EU, squeeze(match[0]))


def _celex(match: re.Match[str]) -> Citation:
    if match["celex"][0] == "6":
        return CaseCitation(match.start(), match.end(), match[0], "eu", docket=match["celex"])
    version = (match["version"] or "").removeprefix("-")
    return LawCitation(match.start(), match.end(), match[0], Style.EU, match["celex"], version=version)


def _ecli(match: re.Match[str]) -> CaseCitation:
    system = {"EU": "eu", "DE": "german"}.get(match["country"], "eu")
    return CaseCitation(match.start(), match.end(), match[0], system, year=int(match["year"]), neutral=match[0])


def _case(match: re.Match[str]) -> CaseCitation:
    docket = squeeze(match["docket"]).replace("‑", "-").replace("–", "-")
    court = {"C": "Court of Justice", "T": "General Court", "F": "Civil Service Tribunal"}[docket[0]]
    return CaseCitation(match.start(), match.end(), match[0], "eu", court=court, docket=docket)


def _pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    words = sorted((re.escape(name) for name in names), key=len, reverse=True)
    return re.compile(rf"{_S}(?:of{_S}(?:the{_S})?)?({'|'.join(words)})(?!\w)") if words else None
