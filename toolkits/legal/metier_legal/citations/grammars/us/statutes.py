"""American legislation: codes with lists of sections, rules, the constitution, session laws."""

import re
from collections.abc import Iterator
from typing import Final

from metier_legal.citations.citation import LawCitation, Pin
from metier_legal.citations.grammars.spans import Spanned, cite, read_sections, squeeze
from metier_legal.law.numerals import format_roman
from metier_legal.law.work import Style

_S: Final = r"[ \u00a0]{0,3}(?:\n[ ]{0,12})?"
_CODE: Final = re.compile(
    rf"(?<![\w.§-])(?P<title>\d{{1,2}}){_S}(?:(?P<usc>U\.{_S}S\.{_S}C\.?(?:{_S}A\.)?|USCA?\b|U\.{_S}S\.{_S}Code\b)"
    rf"|(?P<cfr>C\.{_S}F\.{_S}R\.?|CFR\b))"
    rf"(?:,?{_S}App\.)?,?{_S}(?P<sign>§{{1,2}}|[Ss]ec(?:tions?|s?\.)|[Pp](?:ar)?ts?\.?)?{_S}(?=\d)"
)
_DC: Final = re.compile(
    rf"(?<![\w.])D\.{_S}C\.{_S}(?:Official{_S})?Code(?:{_S}Ann\.)?,?{_S}(?P<sign>§{{1,2}}|[Ss]ec(?:tions?"
    rf"|s?\.))?{_S}(?=\d)"
)
_RULES: Final = re.compile(
    rf"(?<!\w)(?P<law>(?:[A-Z][a-z]{{1,6}}\.{_S}(?:R\.|Rules?){_S}|Federal{_S}Rules?{_S}(?:of{_S})?)"
    rf"(?:Civ(?:il|\.){_S}P(?:roc(?:edure|\.)|\.)|Crim(?:inal|\.){_S}P(?:roc(?:edure|\.)|\.)|App(?:ellate"
    rf"|\.){_S}P(?:roc(?:edure|\.)|\.)|Evid(?:ence|\.)|Bankr(?:uptcy|\.){_S}P(?:roc(?:edure|\.)|\.)))"
    rf",?{_S}(?P<sign>Rules?{_S})?(?=\d)"
)
_CONST: Final = re.compile(
    rf"(?<!\w)(?P<law>U\.{_S}S\.{_S}Const(?:itution\b|\.)),?{_S}(?P<kind>[Aa]rt(?:icle|\.)|[Aa]m(?:end(?:ment|\.)"
    rf"|dts?\.)){_S}(?P<number>[IVX]{{1,7}}|\d{{1,2}})\b"
)
_CONST_BARE: Final = re.compile(
    rf"(?<!\w)(?P<kind>Art\.|Amdt\.|[Aa]mend\.){_S}(?P<number>[IVX]{{1,7}}|\d{{1,2}})(?=,{_S}§|\b)"
)
_CONST_PART: Final = re.compile(
    rf",{_S}§{{1,2}}{_S}(?P<section>\d{{1,2}})(?!\d)|,{_S}cls?\.{_S}(?P<clause>\d{{1,2}})(?!\d)"
)
_STAT: Final = re.compile(
    rf"(?<![\w.§-])(?P<volume>\d{{1,3}}){_S}Stat\.{_S}(?P<page>\d{{1,4}}(?:[-–]\d{{1,3}})?)(?!\d)"
)
_PUBLIC: Final = re.compile(
    rf"(?<!\w)(?:Pub(?:lic|\.){_S}L(?:aw|\.)|P\.{_S}L\.){_S}(?:No\.{_S})?(?P<number>\d{{2,3}}[-–]\d{{1,4}})(?!\d)"
)
_PUBLIC_PIN: Final = re.compile(
    rf",{_S}(?:[Tt]it\.{_S}[IVX]{{1,5}},{_S})?(?P<sign>§{{1,2}}|[Ss]ec(?:tions?|s?\.)){_S}(?=\d)"
)
_OF_TITLE: Final = re.compile(rf"(?P<sign>§{{1,2}}|\b[Ss]ections?|\b[Ss]ecs?\.){_S}(?=\d)")
_TITLE: Final = re.compile(
    rf",?{_S}of{_S}[Tt]itle{_S}(?P<title>\d{{1,2}})(?!\d)(?:,?{_S}(?:of{_S}the{_S})?(?:United{_S}States{_S}Code"
    rf"|U\.{_S}S\.{_S}C(?:ode\b|\.)))?"
)
_NOTE: Final = re.compile(rf"{_S}(?:note|nt\.)(?!\w)")


def find_statutes(text: str) -> list[LawCitation]:
    """Returns the citations of American legislation; a bare "§ 1988" is not among them (the plain grammar has it)."""
    found = list[LawCitation]()
    for finder in (_codes, _dc, _rules, _constitution, _session_laws, _of_titles):
        found += finder(text)
    return found


def _plural(sign: str | None) -> bool:
    return sign is not None and (sign == "§§" or sign.lower().rstrip(".").endswith("s"))


def _codes(text: str) -> Iterator[LawCitation]:
    for match in _CODE.finditer(text):
        style, code = (Style.US_CODE, "U.S.C.") if match["usc"] else (Style.CFR, "C.F.R.")
        pins = read_sections(text, match.end(), start=match.start(), plural=_plural(match["sign"]))
        yield from cite(text, _noted(text, pins), style, f"{match['title']} {code}")


def _dc(text: str) -> Iterator[LawCitation]:
    for match in _DC.finditer(text):
        plural = _plural(match["sign"])
        pins = read_sections(text, match.end(), start=match.start(), plural=plural, hyphened=True)
        yield from cite(text, _noted(text, pins), Style.DC_CODE, "D.C. Code")


def _noted(text: str, pins: list[Spanned]) -> list[Spanned]:
    note = _NOTE.match(text, pins[-1].end) if pins else None
    if note is None:
        return pins
    last = pins[-1]
    return [*pins[:-1], Spanned(last.start, note.end(), Pin(last.pin.number, last.pin.path, last.pin.last, note=True))]


def _rules(text: str) -> Iterator[LawCitation]:
    for match in _RULES.finditer(text):
        plural = "Rules" in (match["sign"] or match["law"].split("Civ")[0])
        pins = read_sections(text, match.end(), start=match.start(), plural=plural, hyphened=True)
        yield from cite(text, pins, Style.PLAIN, squeeze(match["law"]))


def _constitution(text: str) -> Iterator[LawCitation]:
    reached = 0
    for match in _CONST.finditer(text):
        end, path = _read_clauses(text, match.end())
        yield _constitutional(text, match, end, path, squeeze(match["law"]))
        reached = end
        while (more := _CONST_BARE.match(text, _skip_join(text, reached))) is not None:
            reached, path = _read_clauses(text, more.end())
            yield _constitutional(text, more, reached, path, squeeze(match["law"]))
    for match in _CONST_BARE.finditer(text):
        end, path = _read_clauses(text, match.end())
        if path:
            yield _constitutional(text, match, end, path, "")


def _skip_join(text: str, position: int) -> int:
    match = re.compile(rf"[,;]{_S}(?:and{_S})?").match(text, position)
    return match.end() if match else len(text)


def _read_clauses(text: str, position: int) -> tuple[int, tuple[str, ...]]:
    path = tuple[str, ...]()
    while (match := _CONST_PART.match(text, position)) is not None and len(path) < 2:
        path += (match["section"] or match["clause"],)
        position = match.end()
    return position, path


def _constitutional(text: str, match: re.Match[str], end: int, path: tuple[str, ...], law: str) -> LawCitation:
    word = "art." if match["kind"].lower().startswith("art") else "amend."
    start = match.start()
    number = format_roman(int(match["number"])) if match["number"].isdigit() else match["number"]
    pin = Pin(f"{word} {number}", path)
    return LawCitation(start, end, text[start:end], Style.PLAIN, law or "U.S. Const.", (pin,), carried=not law)


def _session_laws(text: str) -> Iterator[LawCitation]:
    for match in _STAT.finditer(text):
        pin = (Pin(match["page"].replace("–", "-")),)
        yield LawCitation(match.start(), match.end(), match[0], Style.PLAIN, f"{match['volume']} Stat.", pin)
    for match in _PUBLIC.finditer(text):
        law = f"Pub. L. {match['number'].replace('–', '-')}"
        sign = _PUBLIC_PIN.match(text, match.end())
        pins = read_sections(text, sign.end(), start=match.start(), plural=_plural(sign["sign"])) if sign else []
        if pins:
            yield from cite(text, pins, Style.PLAIN, law)
        else:
            yield LawCitation(match.start(), match.end(), match[0], Style.PLAIN, law)


def _of_titles(text: str) -> Iterator[LawCitation]:
    if "itle" not in text:
        return
    for sign in _OF_TITLE.finditer(text):
        pins = read_sections(text, sign.end(), start=sign.start(), plural=_plural(sign["sign"]))
        title = _TITLE.match(text, pins[-1].end) if pins else None
        if title:
            yield from cite(text, pins, Style.US_CODE, f"{title['title']} U.S.C.", end=title.end())
