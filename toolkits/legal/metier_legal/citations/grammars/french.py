"""French codes, statutes and their articles."""

import re
from collections.abc import Collection
from typing import Final

from metier_legal.citations.citation import Citation, LawCitation, Pin
from metier_legal.citations.grammars.spans import Spanned, cite, squeeze
from metier_legal.law.work import Style

_S: Final = r"[ \u00a0\n]{1,3}"
_CODES: Final = """
civil | pénal | du travail | de commerce | de procédure civile | de procédure pénale | de la consommation | de
la construction et de l['’]habitation | de la défense | de la justice administrative | de justice administrative
| de justice militaire | de l['’]action sociale et des familles | de l['’]aviation civile | de l['’]éducation |
de l['’]énergie | de l['’]environnement | de l['’]urbanisme | de l['’]artisanat | de la mutualité | de
l['’]expropriation pour cause d['’]utilité publique | de la commande publique | de la famille et de l['’]aide
sociale | de la propriété intellectuelle | de la recherche | de la route | de la santé publique | de la sécurité
intérieure | de la sécurité sociale | de la voirie routière | de déontologie des architectes | des assurances |
des communes | des douanes | des juridictions financières | des pensions civiles et militaires de retraite | des
ports maritimes | des postes et des communications électroniques | des procédures civiles d['’]exécution | des
relations entre le public et l['’]administration | des transports | du cinéma et de l['’]image animée | du
patrimoine | du service national | du sport | du tourisme | disciplinaire et pénal de la marine marchande |
électoral | forestier | général de la fonction publique | général de la propriété des personnes publiques |
général des collectivités territoriales | général des impôts | minier | monétaire et financier | rural et de la
pêche maritime | rural | de l['’]entrée et du séjour des étrangers et du droit d['’]asile | de l['’]organisation
judiciaire
"""
_NAMES: Final = sorted((" ".join(code.split()) for code in _CODES.split("|")), key=len, reverse=True)
_CODE: Final = f"[Cc]ode{_S}(?:" + "|".join(_NAMES).replace(" ", _S) + ")"
_MONTH: Final = "(?:janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
_DATED: Final = rf"(?:{_S}du{_S}\d{{1,2}}(?:er)?{_S}{_MONTH}{_S}\d{{4}})"
_ACT: Final = (
    rf"(?:[Ll]oi(?:{_S}organique|{_S}constitutionnelle)?|[Dd]écret(?:-loi)?|[Oo]rdonnance|[Aa]rrêté)"
    rf"(?:{_S}n[°o]{_S}?\d{{2,4}}[-‑–]\d{{1,5}}{_DATED}?|{_DATED})"
)
_OTHER: Final = (
    rf"Constitution(?:{_S}du{_S}4{_S}octobre{_S}1958)?"
    rf"|Convention{_S}européenne{_S}des{_S}droits{_S}de{_S}l['’]homme|RGPD|TFUE"
)
_NUMBER: Final = (
    r"(?:(?P<letter>[LRDA])\*?(?:\.[ \u00a0]?"
    r"|[ \u00a0])?)?(?P<number>\d{1,5}(?:[-‑–]\d{1,4}){0,4})(?:er)?(?P<bis>[ \u00a0](?:bis|ter|quater))?(?![\w/])"
)
_SIGN: Final = re.compile(
    rf"(?P<lead>l['’]|les{_S}|des{_S}|aux{_S}|d['’])?(?P<sign>\b[Aa]rt(?:icles?|s?\.)){_S}(?=[LRDA\d])"
)
_ITEM: Final = re.compile(_NUMBER)
_ORDINALS: Final = ("premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième")
_PARTS: Final = re.compile(
    rf",?{_S}(?:(?:alinéa|al\.){_S}(?P<al>\d{{1,2}})|(?P<ordinal>{'|'.join(_ORDINALS)}){_S}alinéa"
    rf"|(?P<count>\d{{1,2}})(?:er|e|ème){_S}alinéa"
    rf"|(?P<degree>\d{{1,2}})°|(?P<letter>[a-z])\))"
)
_JOIN: Final = re.compile(rf"(?:,{_S}|{_S}(?:et|ou){_S}|,{_S}(?:et|ou){_S})(?=(?:[LRDA]\.?[ \u00a0]?)?\d)")
_RANGE: Final = re.compile(rf"{_S}à{_S}(?=(?:[LRDA]\.?[ \u00a0]?)?\d)")
_BEHIND: Final = re.compile(
    rf",?{_S}(?:du|de{_S}la|des|de{_S}l['’]|de{_S})[ \u00a0\n]{{0,2}}(?P<law>{_CODE}|{_ACT}|{_OTHER})(?!\w)"
)
_SHORT: Final = re.compile(
    r"[ \u00a0](?P<law>C\.[ ]civ\.|C\.[ ]pén\.|C\.[ ]com\.|C\.[ ]trav\.|C\.[ ]consom\.|C\.[ ]pr\.[ ]civ\.|CPC|CGI"
    r"|CPP|CESEDA|RGPD)(?!\w)"
)
_AGAIN: Final = re.compile(
    rf"{_S}(?:du{_S}même{_S}|dudit{_S}|de{_S}ce{_S}|du{_S}présent{_S})[Cc]ode\b|{_S}de{_S}(?:la{_S}même|ladite"
    rf"|cette){_S}loi\b"
)
_UNKNOWN: Final = re.compile(rf",?{_S}(?:du|de{_S}la|des|de{_S}l['’]){_S}?\w")
_ALONE: Final = re.compile(rf"(?<!\w){_ACT}")


def find(text: str, names: Collection[str] = ()) -> list[Citation]:
    """Returns the articles of French codes and acts, and acts by their number alone.

    "l'article 1241" with nothing behind it bears no law and is `carried`; an article of a contract is none.
    """
    found = list[Citation]()
    reached, named = 0, _pattern_of(names)
    for sign in _SIGN.finditer(text):
        if sign.start() >= reached:
            fresh = _articles(text, sign, named)
            found += fresh
            reached = fresh[-1].end if fresh else sign.end()
    for match in _ALONE.finditer(text):
        found.append(LawCitation(match.start(), match.end(), match[0], Style.FRENCH, squeeze(match[0])))
    return found


def _articles(text: str, sign: re.Match[str], named: re.Pattern[str] | None) -> list[LawCitation]:
    pins = _read_pins(text, sign.end(), sign.start("sign"))
    if not pins:
        return []
    end = pins[-1].end
    for pattern in (named, _BEHIND, _SHORT):
        match = pattern.match(text, end) if pattern else None
        if match:
            return cite(text, pins, Style.FRENCH, squeeze(match["law"]), end=match.end())
    if match := _AGAIN.match(text, end):
        return cite(text, pins, Style.FRENCH, "", end=match.end(), carried=True)
    if not sign["lead"] or _UNKNOWN.match(text, end):
        return []
    return cite(text, pins, Style.FRENCH, "", carried=True)


def _read_pins(text: str, position: int, start: int) -> list[Spanned]:
    found = list[Spanned]()
    while (match := _ITEM.match(text, position)) is not None:
        path, end = _read_path(text, match.end())
        ranged = _RANGE.match(text, end) if not path else None
        last = _ITEM.match(text, ranged.end()) if ranged else None
        if last:
            found.append(Spanned(start, last.end(), Pin(_label(match), last=_label(last))))
        else:
            found.append(Spanned(start, end, Pin(_label(match), path)))
        joined = _JOIN.match(text, found[-1].end)
        if joined is None:
            break
        start = position = joined.end()
    return found


def _label(match: re.Match[str]) -> str:
    number = match["number"].replace("‑", "-").replace("–", "-")
    return f"{match['letter'] or ''}{number}{(match['bis'] or '').replace(chr(160), ' ')}"


def _read_path(text: str, position: int) -> tuple[tuple[str, ...], int]:
    path = tuple[str, ...]()
    while (match := _PARTS.match(text, position)) is not None:
        if match["ordinal"]:
            path += (str(_ORDINALS.index(match["ordinal"]) + 1),)
        else:
            path += tuple(value for value in match.groups() if value)
        position = match.end()
    return path, position


def _pattern_of(names: Collection[str]) -> re.Pattern[str] | None:
    words = sorted((re.escape(name) for name in names), key=len, reverse=True)
    return (
        re.compile(rf",?{_S}(?:du|de{_S}la|des|de{_S}l['’])[ \u00a0\n]{{0,2}}(?P<law>{'|'.join(words)})(?!\w)")
        if words
        else None
    )
