"""Where: region, start, end, places to see and to avoid, interests, in English."""

import re
from dataclasses import replace
from datetime import date

from metier_maps.language.draft import Draft, also, note, say
from metier_maps.language.english.names import NAME, NAME_BEFORE, NAMES, read_name, read_names
from metier_maps.language.sheet import Rule, Upto, rule
from metier_maps.language.vocabulary import category_of

_BEGIN = r"(?:start(?:ing)?|begin(?:ning)?|depart(?:ing)?|leav(?:e|ing)|set(?:ting)? off|setting out)"
_FINISH = (
    r"(?:end(?:ing)?|finish(?:ing)?|stop(?:ping)?|return(?:ing)?|arriv(?:e|ing)|com(?:e|ing) back|(?:be )?back|"
    r"go(?:ing)? back|fly(?:ing)? out)"
)
_WANT = (
    r"(?:(?:i|we)(?:'d| would)? (?:also )?(?:really )?(?:want|like|love|need|hope|plan|wish) to|(?:i|we)"
    r" (?:must|have to|need to|should|absolutely must)|let(?:'s| us)|must|want to|wanna|have to)"
)
_DONT = r"(?:(?:i|we) )?(?:do not|don't|would not|wouldn't|would rather not)(?: want to| wish to| like to| need to)?"
_LIKE = (
    r"(?:(?:i|we)(?:'m|'re| am| are)? (?:really |also |both |all |especially )*(?:like|love|enjoy|adore|prefer|"
    r"fond of|keen on|into|interested in|fans of|a fan of)|interested in|keen on|fond of|interests?(?: are| is)"
    r"?:?|mostly|especially|focus(?:ing|sed)? on|lots of|plenty of|a lot of|fans? of|lovers? of)"
)
# What "to" leads to is then no place: "I want to go somewhere".
_VERB = re.compile(
    r"(?:go|see|visit|do|be|have|plan|book|take|make|spend|stay|travel|get|know|find|relax|say|tell|somewhere|anywhere)\b"
)


def _both_ends(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_name(m.group(1))
    if named is None:
        return None
    draft = say(say(draft, "start", named[0]), "end", named[0])
    return Upto(draft, m.start(1) + named[1])


def _start(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_name(m.group(1))
    return None if named is None else Upto(say(draft, "start", named[0]), m.start(1) + named[1])


def _end(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_name(m.group(1))
    return None if named is None else Upto(say(draft, "end", named[0]), m.start(1) + named[1])


def _from_to(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    start, end = read_name(m.group(1)), read_name(m.group(2))
    if start is None or end is None or start[1] < len(m.group(1).rstrip()):
        return None
    return Upto(say(say(draft, "start", start[0]), "end", end[0]), m.start(2) + end[1])


def _back_to_start(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    return None if draft.start is None else say(draft, "end", draft.start)


def _region(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_name(m.group(1))
    if named is None or _VERB.match(named[0].text) or category_of(re.sub(r"^an? ", "", named[0].text)):
        return None
    if draft.region is not None and draft.region != named[0]:
        return None
    return Upto(replace(draft, region=named[0]), m.start(1) + named[1])


def _must_see(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_names(m.group(1))
    if not named.end:
        return None
    for category in named.categories:
        draft = note(draft, f'"{category}" read as an interest: no place of that name was said')
    draft = also(draft, "interests", named.categories)
    return Upto(also(draft, "must_see", named.places), m.start(1) + named.end)


def _must_be_seen(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    named = read_names(m.group(1))
    if named.end < len(m.group(1).rstrip()):
        return None
    for category in named.categories:
        draft = note(draft, f'"{category}" read as an interest: no place of that name was said')
    return also(also(draft, "interests", named.categories), "must_see", named.places)


def _interests(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_names(m.group(1))
    if not named.categories:
        return None
    draft = also(draft, "interests", named.categories)
    return Upto(also(draft, "must_see", named.places), m.start(1) + named.end)


def _avoid(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_names(m.group(1))
    if not named.end:
        return None
    draft = also(draft, "avoid_categories", named.categories)
    return Upto(also(draft, "avoid", named.places), m.start(1) + named.end)


def _no_category(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    named = read_names(m.group(1))
    if not named.categories or named.places:
        return None
    return Upto(also(draft, "avoid_categories", named.categories), m.start(1) + named.end)


_AT = r"(?:in|at|from|near|out of)"
PLACE_RULES: tuple[Rule[Draft], ...] = (
    rule(rf"\b{_BEGIN} (?:and|&|\+|/) {_FINISH} (?:again )?{_AT} {NAME}", _both_ends),
    rule(rf"\b{_BEGIN} {_AT} (?:and {_FINISH} (?:in|at|to) )?{NAME}(?=\s*,?\s*(?:and )?(?:back|return))", _start),
    rule(rf"\b(?:round trip|loop|circuit|there and back|and back) (?:from|to) {NAME}", _both_ends),
    rule(rf"\bfrom and (?:back )?to {NAME}", _both_ends),
    rule(rf"\b(?:{_BEGIN} )?from ([^\x1f.,;:!?\n]{{1,100}}?) (?:and )?(?:{_FINISH} )?(?:to|in|at) {NAME}", _from_to),
    rule(rf"\b{_FINISH} (?:up )?(?:again )?(?:in|at|to|from) {NAME}", _end),
    rule(rf"\b(?:{_BEGIN} )(?:point )?(?:is )?(?:{_AT} )?{NAME}", _start),
    rule(rf"\bfrom {NAME}", _start),
    rule(rf"\b{NAME_BEFORE} (?:must|should|has to|have to|needs to) be (?:seen|visited|included)\b", _must_be_seen),
    rule(
        r"\b(?:and )?(?:return(?:ing)?|back(?: again)?|(?:ending|finishing|end|finish) there|round trip)"
        r"\b(?: again| there)?",
        _back_to_start,
    ),
    rule(rf"\b{_DONT} (?:see|visit|go to|go near|stop at|drive through|do) {NAMES}", _avoid),
    rule(
        rf"\b(?:please )?(?:avoid(?:ing)?|skip(?:ping)?|leave out|leaving out|keep away from|stay away from|"
        rf"anything but|except(?: for)?) {NAMES}",
        _avoid,
    ),
    rule(
        rf"\b(?:no|not|without(?: any)?|{_DONT} (?:like|enjoy|want)|(?:i|we) (?:hate|dislike)|not interested in)"
        rf" {NAMES}",
        _no_category,
    ),
    rule(rf"\b{_LIKE} {NAMES}", _interests),
    rule(
        rf"(?:\b{_WANT} )?\b(?:(?:see|visit|stop at|not miss|include|go up to|explore|climb|walk up|pass by)|"
        rf"(?:must|should|to) (?:go|stop|pass) (?:to|by|at|through|in)"
        rf"|must[\s-]?sees?|must[\s-]?visits?|don't (?:want to )?miss|do not (?:want to )?miss|without missing|"
        rf"visiting|seeing|including|via|passing(?: through| by)?|with (?:a )?stops? (?:at|in)|stopping (?:at|in|"
        rf"by))(?: is| are)?:? {NAMES}",
        _must_see,
    ),
    rule(
        rf"\b(?:trip|tour|holiday|holidays|vacation|travel|journey|go|going|drive|week|road trip|visit|break|"
        rf"getaway|fly|heading) (?:to|round|around|through|across|of) {NAME}",
        _region,
    ),
    rule(rf"\b(?:in and around|in|around|across|through|throughout|within|to) {NAME}", _region),
)
