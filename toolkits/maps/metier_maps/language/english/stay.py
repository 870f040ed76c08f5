"""Where to sleep and what it may cost, in English."""

import re
from dataclasses import replace
from datetime import date

from metier_maps.facts import Money
from metier_maps.language.draft import Draft, also, ask, note, say
from metier_maps.language.english.numerals import MONEY, NUMBER, money_of, number_of
from metier_maps.language.sheet import Rule, fixed, rule
from metier_maps.language.vocabulary import lodgings_in

_MOST = (
    r"(?:(?:(?:at|the) )*(?:most|max(?:imum)?\.?(?: of)?)|no more than|not more than|not over|not exceeding|"
    r"up to|under|less than|below|within|limited to|of|is|:|=|about|around|roughly|total|only|would be|for)"
)
_STAY = (
    r"(?:hotels?|lodgings?|accommodations?|hostels?|places? to (?:stay|sleep)|guest[\s-]?houses?|camp\s?sites?|"
    r"rooms?|base|beds?|places?|stays?)"
)
_NIGHTLY = r"(?:(?:every|each|per|a|any|one|the) (?:single )?nights?|nightly)"
_KINDS = (
    r"(?:hotels?|hostels?|guest[\s-]?houses?|camp\s?sites?|campgrounds?|apartments?|chalets?|motels?|huts?|"
    r"mountain huts?|alpine huts?|b&bs?|bed and breakfasts?|inns?)"
)


def _budget(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    money = money_of(m.group(1))
    return None if money is None else say(draft, "budget", money)


def _coded(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    money = coded_money(m.group(1), m.group(2))
    return None if money is None else say(draft, "budget", money)


def coded_money(amount: str, code: str) -> Money | None:
    """Returns an amount with a currency code in capitals; None for anything else."""
    count = number_of(amount)
    return Money(cents=round(count * 100), currency=code) if count is not None and code.isupper() else None


def _bare(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask(draft, f"The budget of {m.group(1)} is in which currency?", ("EUR", "USD", "GBP", "CNY"))


def _price(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    return _priced(draft, money_of(m.group(1)))


def _coded_price(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    return _priced(draft, coded_money(m.group(1), m.group(2)))


def _priced(draft: Draft, money: Money | None) -> Draft | None:
    if money is None:
        return None
    return note(say(draft, "lodging_price", money), f"{money} a night is used where the map states no price")


def _stars(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    if count is None or not 0 < count <= 7:
        return None
    return also(say(draft, "min_stars", count), "lodging_categories", lodgings_in(m.group()))


def _kinds(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    found = lodgings_in(m.group(1))
    return also(draft, "lodging_categories", found) if found else None


def _stay_kind(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return replace(_kinds(m, draft, today) or draft, lodging_policy="stay")


_CHANGE = fixed("lodging_policy", "change")
_ABOUT = r"(?:about|around|roughly|approximately|some|~|at|costs?|is|are|of)"
STAY_RULES: tuple[Rule[Draft], ...] = (
    rule(
        rf"(?:\b(?:a |the )?(?:{_STAY}|nights?)(?: price)? (?:(?:will|would|should) )?(?:costs?|is|are|at|for|of)"
        rf" (?:{_ABOUT} )?)(?:{_ABOUT} )?({MONEY})(?: (?:per|a|each|every) (?:night|room)(?: per night)?)?",
        _price,
    ),
    rule(
        rf"(?:\b(?:reckon|assume|count|calculate|expect|estimate|figure)(?: with| on)? )?(?:{_ABOUT} )"
        rf"?(?<!most\s)(?<!than\s)(?<!under\s)(?<!to\s)(?<!below\s)({MONEY}) (?:per|a|each|every)"
        rf" night(?: (?:for|per) (?:a |the )?{_STAY})?\b",
        _price,
    ),
    rule(
        rf"(?:\b(?:reckon|assume|count|calculate|expect|estimate|figure)(?: with| on)? )?(?:{_ABOUT} )?({NUMBER})"
        rf" ([A-Z]{{3}}) (?:per|a|each|every) night\b",
        _coded_price,
    ),
    rule(
        rf"\b(?:(?:with|on|and|my|our|a|the|total|have|we|i|is) )*budget(?: {_MOST})*:?\s*({MONEY})"
        rf"(?: (?:in total|altogether|all in|total|for (?:everything|the (?:whole )?trip)))?",
        _budget,
    ),
    rule(
        rf"\b(?:(?:with|on|and|my|our|a|the|total|have|we|i|is) )*budget(?: {_MOST})*:?\s*({NUMBER}) ([A-Z]{{3}})"
        rf"\b(?: in total| altogether)?",
        _coded,
    ),
    rule(
        rf"(?:\b{_MOST} )*({MONEY})(?: {_MOST})?(?: (?:in total|altogether|all in|budget|total|for (?:everything|"
        rf"the (?:whole )?trip|all)))?(?! (?:per|a|each|every) night)",
        _budget,
    ),
    rule(rf"\b(?:{_MOST} )+({NUMBER}) ([A-Z]{{3}})\b(?: (?:in total|altogether))?(?! (?:per|a|each) night)", _coded),
    rule(rf"\b(?:(?:with|on|my|our|a|the|total) )*budget(?: {_MOST})*:?\s*({NUMBER})\b(?![\w%])", _bare),
    rule(
        rf"\b(?:(?:in|and|at|with|sleep(?:ing)? in|stay(?:ing)? (?:in|at)|chang(?:e|ing)) )*(?:a |the )"
        rf"?(?:different|new|another|other|change of|changing) ({_STAY}) (?:for |on )?{_NIGHTLY}",
        _CHANGE,
    ),
    rule(rf"\bchang(?:e|ing) (?:the )?({_STAY}) (?:{_NIGHTLY}|every day|daily)", _CHANGE),
    rule(rf"\b(?:never|not|don't sleep) (?:the same ({_STAY}) twice|twice in the same (?:{_STAY}))", _CHANGE),
    rule(
        rf"\b(?:(?:in|at|and|with|sleep(?:ing)?|stay(?:ing)?|keep(?:ing)?|always) )*(?:only )?(?:(?:the )?same|"
        rf"one single|one|a single) ({_STAY})(?: (?:for )?(?:{_NIGHTLY}|all (?:the )?nights?|all the time|"
        rf"the whole (?:time|trip)|throughout))?\b",
        _stay_kind,
    ),
    rule(
        r"\bwithout (?:changing|moving) (?:the )?hotels?\b|\bno (?:hotel change|change of hotel)s?\b",
        fixed("lodging_policy", "stay"),
    ),
    rule(
        rf"\b(?:(?:in|and|with|only|of|at) )*(?:at least |minimum(?: of)? |min\.? )?({NUMBER})[\s-]?(?:\+ ?)"
        rf"?stars?(?: (?:{_STAY}))?(?: or (?:more|better|higher|above))?(?: at least)?\b",
        _stars,
    ),
    rule(
        rf"\b(?:(?:we|i)(?:'d| would)? (?:like|want|prefer) to )?(?:(?:sleep|stay|spend the nights?|overnight|"
        rf"camp)(?:ing)? |nights )?(?:only )?(?:in|at|on) ((?:an? |the )?{_KINDS}(?: (?:or|and) {_KINDS})*)"
        rf"\b(?: only)?",
        _kinds,
    ),
    rule(rf"\b({_KINDS}(?: (?:or|and) {_KINDS})*) only\b", _kinds),
    rule(rf"\bonly ({_KINDS})\b", _kinds),
    rule(r"\b(camping)\b", _kinds),
)
