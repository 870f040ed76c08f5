"""How high a court stands in its own system, by its name. Pure."""

import re
from typing import Final

HIGHEST: Final = 3
APPEAL: Final = 2
TRIAL: Final = 1
UNKNOWN: Final = 0

_Row = tuple[re.Pattern[str], int]


def _rows(*rows: tuple[str, int]) -> tuple[_Row, ...]:
    return tuple((re.compile(pattern, re.IGNORECASE), level) for pattern, level in rows)


# The first pattern that is found decides, so the odd names stand before the rule they break.
_COURTS: Final = {
    "us": _rows(
        (r"^scotus$|supreme court of the united states|united states supreme court|^u\. ?s\. supreme court$", HIGHEST),
        (r"appellate (?:division|term)|appellate court", APPEAL),
        (r"new york supreme court|supreme court[^,]*,? (?:state )?of new york|^nysup", TRIAL),
        (r"(?:new york|maryland) court of appeals|court of appeals of (?:new york|maryland)|^ny$", HIGHEST),
        (r"district of columbia court of appeals|court of criminal appeals", HIGHEST),
        (r"\bcircuit\b.*\bjudicial\b|\bjudicial circuit\b|^circuit court of", TRIAL),
        (r"^ca(?:\d\d?|dc|fc)$|\bcir(?:cuit|\.)|courts? of appeals?|court of customs", APPEAL),
        (r"supreme (?:judicial )?court|court of last resort", HIGHEST),
        (r"district court|bankruptcy|superior court|court of (?:claims|federal claims|international trade)", TRIAL),
        (r"tax court|trial court|county court|court of common pleas|municipal court|\bd\. [a-z]|[nsewmc]\.d\.", TRIAL),
    ),
    "cn": _rows(
        (r"最高人民法院|最高法", HIGHEST),
        (r"高级人民法院|中级人民法院|知识产权法院|海事法院|金融法院", APPEAL),
        (r"人民法院|互联网法院|铁路运输法院", TRIAL),
    ),
    "de": _rows(
        (r"bundesverfassungsgericht|\bbverfg\b|bundesgerichtshof|\bbgh\b|bundesarbeitsgericht|\bbag\b", HIGHEST),
        (r"bundesverwaltungsgericht|\bbverwg\b|bundesfinanzhof|\bbfh\b|bundessozialgericht|\bbsg\b", HIGHEST),
        (r"oberlandesgericht|\bolg\b|kammergericht|\bkg\b|bayobl", APPEAL),
        (r"oberverwaltungsgericht|\bovg\b|verwaltungsgerichtshof|\bvgh\b|landesarbeitsgericht|\blag\b", APPEAL),
        (r"landessozialgericht|\blsg\b|bundespatentgericht|\bbpatg\b", APPEAL),
        (r"gericht|\b(?:lg|ag|vg|arbg|sg|fg)\b", TRIAL),
    ),
    "uk": _rows(
        (r"supreme court|\buksc\b|house of lords|\bukhl\b|privy council|\bukpc\b", HIGHEST),
        (r"court of appeal|\bewca\b|\bnica\b|court of session.*inner|\bcsih\b", APPEAL),
        (r"high court|\bewhc\b|upper tribunal|\bukut\b|\bukeat\b|employment appeal|county court|crown court", TRIAL),
        (r"tribunal|family court|magistrates", TRIAL),
    ),
    "eu": _rows((r".", HIGHEST)),
}


def level_of_court(jurisdiction: str, name: str) -> int:
    """Returns the level of a court: 3 highest, 2 appeal, 1 trial, 0 where its name does not say.

    The levels of the American states are counted within the state. The EU has one court for this purpose.
    """
    name = name.strip()
    if not name:
        return UNKNOWN
    for pattern, level in _COURTS.get(jurisdiction, ()):
        if pattern.search(name):
            return level
    return UNKNOWN
