"""The rules of plain English."""

from metier_maps.language.english.company import COMPANY_RULES
from metier_maps.language.english.dates import DATE_RULES
from metier_maps.language.english.stay import STAY_RULES
from metier_maps.language.english.trip import PLACE_RULES
from metier_maps.language.english.ways import WAY_RULES

__all__ = ["FILLERS", "RULES"]

# Limits come before dates, for "3 hours a day" is no duration of a trip; places come last, for they take what is left.
RULES = (*WAY_RULES, *COMPANY_RULES, *STAY_RULES, *DATE_RULES, *PLACE_RULES)

_FILLERS = (
    "a an the i i'd i'm we we'd we're me us my our you your it its it's he she they to of in on at by for from with and"
    " or is are am be been was will would should could can may might must shall do does have has had need"
    " needs want wants like likes love prefer hope wish please kindly thanks thank hello hi hey dear plan planning"
    " make create give find"
    " book organise organize suggest propose arrange help trip trips tour travel travels travelling traveling holiday"
    " holidays vacation journey visit visiting itinerary route getaway break go going drive car there here then also"
    " too so that this which as some lots just about around all each every day days daily long short nice lovely great"
    " beautiful good starting start ending end beginning begin see seeing let's lets get during while when where how"
    " stay staying sleep night nights hotel hotels place places sights stop stops time along way if possible well"
    " total whole ok okay very really quite definitely absolutely sure course looking thinking interested something"
    " anything who what pls"
)
FILLERS = frozenset(_FILLERS.split())
