"""How to travel and how the days go: mode, driving, pace, lunch and hours, in English."""

import re
from datetime import date, time

from metier_maps.language.draft import Draft, say
from metier_maps.language.english.numerals import CLOCK, HOURS, clock_of, seconds_of
from metier_maps.language.sheet import Rule, fixed, rule

_MOST = (
    r"(?:(?:(?:at|the) )*(?:most|max(?:imum)?\.?(?: of)?)|no(?:t)? more than|not (?:over|exceeding|beyond)|"
    r"up to|under|less than|below|within|limited to|limit(?: of)?|of|is|:|only|never more than|about)"
)
_DRIVING = (
    r"(?:driving(?: time)?|drive(?: time)?|in the car|behind the wheel|on the road|at the wheel|travel(?:ling)"
    r"? time|(?:by|in the) car|on the bike|in the saddle|cycling|riding|walking)"
)
_DAILY = r"(?:(?:a|per|each|every|any|in a|in one|on any) (?:single )?day|daily|/ ?day|a day)"
_EACH = r"(?:(?:every|each|the|my|our|a) days?|days|daily|every morning|each morning|in the morning|mornings)"


def _drive_limit(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    seconds = seconds_of(m.group(1))
    return None if seconds is None else say(draft, "drive_limit_s", seconds)


def _hours(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    first, last = clock_of(m.group(1)), clock_of(m.group(2))
    if first is None or last is None:
        return None
    if not re.search(r":|[ap]\.?m|day|noon|morning", m.group(), re.IGNORECASE):
        return None  # "from 4 to 7" alone may be days of a month
    if last <= first and last.hour < 12:
        last = time(last.hour + 12, last.minute)
    return say(say(draft, "day_start", first), "day_end", last)


def _day_start(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    clock = clock_of(m.group(1))
    return None if clock is None else say(draft, "day_start", clock)


def _day_end(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    clock = clock_of(m.group(1))
    return None if clock is None else say(draft, "day_end", clock)


_C = rf"({CLOCK})(?![\w:])"
WAY_RULES: tuple[Rule[Draft], ...] = (
    rule(
        rf"\b(?:(?:with|and|but|please|drive) )*(?:{_MOST} )+({HOURS})(?: of)? {_DRIVING}(?: time)?(?: {_DAILY})?",
        _drive_limit,
    ),
    rule(rf"\b({HOURS})(?: of)? {_DRIVING}(?: time)?(?: (?:{_DAILY}|at most|max(?:imum)?|or less))+", _drive_limit),
    rule(
        rf"\b(?:(?:don't|do not|i|we|want|to|and|but|please|with|a|the|my|our|total|daily|never|must|should|will)"
        rf" )*{_DRIVING}(?: {_DAILY})?(?: (?:limit|limited|for|should be|must be|time))*:?(?: {_MOST})+ ({HOURS})"
        rf"(?: {_DAILY})?",
        _drive_limit,
    ),
    rule(
        rf"\b(?:(?:don't|do not|never|not|i|we|want|to|but|and) )+(?:drive|driving|be on the road|sit in the car)"
        rf"(?: for)? (?:more|longer|over) than ({HOURS})(?: {_DAILY})?",
        _drive_limit,
    ),
    rule(rf"\b(?:daily )?(?:driving|drive) limit:? ({HOURS})(?: {_DAILY})?", _drive_limit),
    rule(
        rf"\b(?:(?:don't|do not|want|to|and) )*(?:drive|driving) ({HOURS})(?: {_DAILY})(?: at most| max(?:imum)?)?",
        _drive_limit,
    ),
    rule(
        r"\b(?:(?:by|in|with) (?:my |our |a |the |rental |hire |hired |rented )*car|by (?:camper|van|campervan|"
        r"motorhome)|self[\s-]?driv(?:e|ing)|(?:a )?road ?trip|driving)\b",
        fixed("mode", "car"),
    ),
    rule(
        r"\b(?:(?:by|on|with) (?:my |our |a |the )?(?:bikes?|bicycles?|e-bikes?)|(?:a )?(?:cycling|biking|"
        r"bicycle|bike)(?: (?:trip|tour|holiday))?)\b",
        fixed("mode", "bicycle"),
    ),
    rule(r"\b(?:on foot|by foot|(?:a )?(?:walking|hiking) (?:trip|tour|holiday)|walking)\b", fixed("mode", "foot")),
    rule(
        r"\b(?:(?:at|in|with|and|keep|make|it|should|be|a|an|very) )*(?:relaxed|relaxing|slow|easy|"
        r"easy[\s-]?going|leisurely|gentle|unhurried)(?: (?:pace|days?|trip|holiday))?\b|\bnot too (?:full|much|"
        r"busy|packed)\b|\btake it (?:easy|slow)\b",
        fixed("pace", "relaxed"),
    ),
    rule(
        r"\b(?:(?:at|in|with|and|a|an) )*(?:packed|intense|intensive|fast|brisk|busy|full|tight)(?: (?:pace|"
        r"days|days|schedule|programme|program))\b|\bas much as possible\b|\bpacked\b",
        fixed("pace", "full"),
    ),
    rule(r"\b(?:(?:at|in|with|and|a) )*(?:normal|medium|moderate|average) pace\b", fixed("pace", "normal")),
    rule(
        r"\b(?:with no|no|without(?: a)?|skip(?:ping)?(?: the)?) lunch(?: ?breaks?)?\b|\bno midday break\b",
        fixed("lunch", False),
    ),
    rule(
        r"\b(?:(?:with|and|a|have|include|including|time|for|one hour|hour) )*lunch(?: ?breaks?)?(?: every day|"
        r" each day| daily)?\b",
        fixed("lunch", True),
    ),
    rule(
        rf"\b(?:{_EACH} )?(?:(?:go|run|last)(?:ing)? )?(?:from|between) {_C}\s*(?:to|-|until|till|and)"
        rf" {_C}(?:(?: {_EACH})|(?: each| every) day)?",
        _hours,
    ),
    rule(rf"\b{_EACH},? (?:from )?{_C}\s*(?:to|-|until|till) {_C}", _hours),
    rule(
        rf"\b(?:(?:not|never) (?:start(?:ing)? |leave |leaving |out )?before|(?:(?:start|begin|leav|depart|"
        rf"set out|set off)(?:ing|e|s)?|up)(?: {_EACH})? (?:at|after|from|around)) {_C}(?: {_EACH})?",
        _day_start,
    ),
    rule(rf"\b{_EACH} (?:start|begin)s? (?:at|from) {_C}", _day_start),
    rule(
        rf"\b(?:(?:be|and|always) )*(?:back|return|in|at the hotel|at the lodging|end|ending|finish|finishing|"
        rf"stop|stopping|home|done)(?: (?:at|in|to) the (?:hotel|lodging))?(?: {_EACH})? (?:by|at|before|"
        rf"no later than|until|around) {_C}(?: {_EACH})?",
        _day_end,
    ),
    rule(rf"\b{_EACH} ends? (?:at|by) {_C}", _day_end),
    rule(rf"\b(?:until|till) {_C}(?: {_EACH})", _day_end),
)
