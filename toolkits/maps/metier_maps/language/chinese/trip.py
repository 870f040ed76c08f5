"""Where: region, start, end, places to see and to avoid, interests, in Chinese."""

import re
from dataclasses import replace
from datetime import date

from metier_maps.language.draft import Draft, Mention, also, note, say
from metier_maps.language.sheet import TAKEN, Rule, Upto, rule, split_names
from metier_maps.language.vocabulary import category_of

_ID = r"osm:(?:node|way|relation)/\d+"
_NAME = rf"((?:{_ID}|[^{TAKEN}，。；：！？、,.;:!?\n（）()]){{1,100}}?)"
_NAMES = rf"((?:{_ID}|[^{TAKEN}，。；：！？,.;:!?\n（）()])+)"
_STOP = rf"(?=[{TAKEN}，。；：！？、,.;:!?\n（）()]|$)"
_LIST = re.compile(r"\s*(?:、|以及|还有|和|与|及|跟)\s*")
_CUTS = re.compile(
    r"(?:出发|返回|结束|然后|但是?|不要|不想|避开|避免|必去|一定要|想去|想看|喜欢|带着?|每天|预算|开车|自驾|住|请|我们?|希望|最多|这些?地方|这?[两几三四]个地方)"
)
_LEADS = re.compile(r"^(?:要?去|要?看|参观|游览|去看看?|打卡|逛逛?|到|看看|一下|那个|这个|很多|一些|各种|当地的?|的)+")
_TAILS = re.compile(r"(?:看看|参观|玩玩?|游玩|逛逛|打卡|一下|之类的?|等等?|什么的|了|吧|啊)+$")


def _names(phrase: str) -> tuple[tuple[Mention, ...], tuple[str, ...], int]:
    """Returns the places and categories of a list of names and where it ends in the phrase."""
    cut = _CUTS.search(phrase, 1)
    whole = phrase[: cut.start()] if cut else phrase
    places: list[Mention] = []
    categories: list[str] = []
    for part, _ in split_names(whole, _LIST):
        words = _TAILS.sub("", _LEADS.sub("", part.strip(" '\"《》「」")))
        if words:
            category = category_of(words)
            places += [] if category else [Mention(words, phrase=whole.strip())]
            categories += [category] if category else []
    return tuple(places), tuple(categories), len(whole)


def _both(m: re.Match[str], draft: Draft, today: date) -> Draft:
    place = Mention(m.group(1).strip())
    return say(say(draft, "start", place), "end", place)


def _from_to(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(say(draft, "start", Mention(m.group(1).strip())), "end", Mention(m.group(2).strip()))


def _start(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(draft, "start", Mention(m.group(1).strip()))


def _end(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(draft, "end", Mention(m.group(1).strip()))


def _back(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    return None if draft.start is None else say(draft, "end", draft.start)


def _region(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    place = Mention(_LEADS.sub("", m.group(1).strip()))
    if (
        len(place.text) < 2
        or re.search(r"\d|出发|开始", place.text)
        or _LIST.search(place.text)
        or (draft.region is not None and draft.region != place)
    ):
        return None
    return replace(draft, region=place)


def _must_see(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    places, categories, end = _names(m.group(1))
    if not places and not categories:
        return None
    for category in categories:
        draft = note(draft, f"“{category}”读作兴趣，而不是某个地点")
    return Upto(also(also(draft, "must_see", places), "interests", categories), m.start(1) + end)


def _interests(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    places, categories, end = _names(m.group(1))
    if not categories:
        return None
    return Upto(also(also(draft, "interests", categories), "must_see", places), m.start(1) + end)


def _avoid(m: re.Match[str], draft: Draft, today: date) -> Upto[Draft] | None:
    places, categories, end = _names(m.group(1))
    if not places and not categories:
        return None
    return Upto(also(also(draft, "avoid", places), "avoid_categories", categories), m.start(1) + end)


PLACE_RULES: tuple[Rule[Draft], ...] = (
    rule(rf"(?:起点和?终点|起终点|出发和(?:结束|返回))(?:地点?)?(?:都|均)?(?:是|在|为|：|:)?\s*{_NAME}{_STOP}", _both),
    rule(
        rf"从\s*{_NAME}\s*(?:出发|开始)[，,]?\s*(?:并|再|最后|然后|又)?(?:且)?(?:返回|回到|回|结束于)(?:到)?\s*(?:原地|起点|出发地|那里|同一地点|\1)"
        rf"?{_STOP}",
        _both,
    ),
    rule(rf"从\s*{_NAME}\s*往返", _both),
    rule(
        rf"(?:从|由)\s*{_NAME}\s*(?:出发|开始)?[，,]?\s*(?:到|至|开到|前往|最后到|在(?=[^，。]+结束))\s*{_NAME}(?:结束|为止|返回)?{_STOP}",
        _from_to,
    ),
    rule(rf"(?:从|由|自)\s*{_NAME}\s*(?:出发|开始|启程|起)", _start),
    rule(rf"(?:起点|出发地点?)(?:是|在|为|：|:)?\s*{_NAME}{_STOP}", _start),
    rule(rf"在\s*{_NAME}\s*(?:出发|开始)", _start),
    rule(rf"(?:终点|目的地|结束地点?)(?:是|在|为|：|:)?\s*{_NAME}{_STOP}", _end),
    rule(rf"(?:最后)?在\s*{_NAME}\s*结束", _end),
    rule(rf"(?:最后|并|再|然后)?(?:回到|返回|回|到达|结束于)\s*(?!原|起点|出发){_NAME}(?:结束)?{_STOP}", _end),
    rule(r"(?:最后|并|再|然后)?(?:回到|返回|回)(?:原地|起点|出发地|那里)|往返|(?:并|再)(?:返回|回来)", _back),
    rule(rf"(?:我们?)?(?:不想?要?去?看?|不要去?看?|避开|避免去?|别去|不去|不看|跳过|除了)\s*{_NAMES}", _avoid),
    rule(
        rf"(?:我们?)?(?:很|都|比较|特别|最)*(?:喜欢看?|感兴趣的是|爱看?|对(?=.+感兴趣)|偏爱|兴趣(?:是|：|:)?)\s*{_NAMES}",
        _interests,
    ),
    rule(rf"(?:我们?)?(?:想要?|要|打算|计划|准备)?(?:去|到|在)\s*(?![看参游]){_NAME}(?={TAKEN})", _region),
    rule(
        rf"(?:我们?)?(?:必须|一定要?|必|想要?|希望|打算|务必|要|还要|也要|还想)(?:去|看|到|参观|游览|打卡|经过|玩)(?:看看|的(?:地方|景点)?(?:是|有|：|:)?|"
        rf"景点(?:是|有|：|:)?|：|:)?\s*{_NAMES}",
        _must_see,
    ),
    rule(rf"(?:途经|途径|经过|参观|游览|打卡|去看)\s*{_NAMES}", _must_see),
    rule(rf"(?:在|去|到|游玩?|玩)\s*{_NAME}\s*(?:自驾|自由行|旅游|旅行|境内|玩|游玩|度假|待|里)?{_STOP}", _region),
    rule(rf"(?<![^{TAKEN}，。；：！？、,.;:!?\n]){_NAME}\s*(?:自驾游?|之旅|旅行|旅游|游|的?行程){_STOP}", _region),
    rule(rf"(?<![^{TAKEN}，。；：！？、,.;:!?\n]){_NAME}(?={TAKEN})", _region),
)
