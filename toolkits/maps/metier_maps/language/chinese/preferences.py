"""How: who, pets, driving, money, lodging, pace and hours of the day, in Chinese."""

import re
from datetime import date

from metier_maps.language.chinese.numerals import (
    CLOCK,
    HOURS,
    MONEY,
    NUMBER,
    clock_of,
    money_of,
    number_of,
    seconds_of,
)
from metier_maps.language.draft import Draft, also, ask, note, say
from metier_maps.language.sheet import Rule, fixed, rule
from metier_maps.language.vocabulary import LODGINGS, category_of
from metier_maps.request import Pets

_MOST = r"(?:不超过|不要超过|不能超过|别超过|最多|至多|不多于|少于|上限(?:是|为)?|控制在|以内|限|是|为|大约|大概|约)"
_DRIVING = r"(?:开车|驾车|车程|驾驶|行车|自驾|骑行|骑车|步行|走路|在路上)(?:的?时间|时长)?"
_DAILY = r"(?:每天|每日|一天|单日|日均)"
_STAY = r"(?:酒店|住处|住宿|旅馆|宾馆|地方|民宿|饭店)"
_PET = r"(小?狗狗?|狗子|小?猫咪?|猫|宠物|犬)"


def _drive_limit(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    seconds = seconds_of(m.group(1))
    return None if seconds is None else say(draft, "drive_limit_s", seconds)


def _budget(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    money = money_of(m.group(1))
    return None if money is None else say(draft, "budget", money)


def _bare(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask(draft, f"预算 {m.group(1)} 是哪种货币？", ("EUR", "CNY", "USD", "GBP"))


def _price(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    money = money_of(m.group(1))
    return None if money is None else note(say(draft, "lodging_price", money), f"地图上没有价格的住处按每晚 {money} 计")


def pet_of(word: str) -> str:
    """Returns the kind of pet that a word names."""
    return "dog" if "狗" in word or "犬" in word else "cat" if "猫" in word else "pet"


def _pet(m: re.Match[str], draft: Draft, today: date) -> Draft:
    if draft.pets is not None and draft.pets.confirmed:
        return draft
    return say(draft, "pets", Pets.model_validate({"kind": pet_of(m.group(1)), "confirmed": False}))


def _confirmed(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return say(draft, "pets", Pets.model_validate({"kind": pet_of(m.group(1)), "confirmed": True}))


def _adults(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    return None if count is None or not 1 <= count <= 50 else say(draft, "adults", int(count))


def _children(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    return None if count is None or count > 50 else say(draft, "children", int(count))


def _family(m: re.Match[str], draft: Draft, today: date) -> Draft:
    return ask(draft, f"“{m.group()}”：几个大人，几个孩子？")


def _stars(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    count = number_of(m.group(1))
    return None if count is None or not 0 < count <= 7 else say(draft, "min_stars", count)


def _kind(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    found = tuple(c for word in re.split(r"[或和、]", m.group(1)) if (c := category_of(word)) in LODGINGS)
    return also(draft, "lodging_categories", found) if found else None


def _hours(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    first, last = clock_of(m.group(1)), clock_of(m.group(2))
    return None if first is None or last is None else say(say(draft, "day_start", first), "day_end", last)


def _day_start(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    clock = clock_of(m.group(1))
    return None if clock is None else say(draft, "day_start", clock)


def _day_end(m: re.Match[str], draft: Draft, today: date) -> Draft | None:
    clock = clock_of(m.group(1))
    return None if clock is None else say(draft, "day_end", clock)


_KINDS = r"(?:青年旅舍|青旅|民宿|客栈|露营地|营地|公寓|酒店|宾馆|旅馆|汽车旅馆|度假屋|木屋|山屋)"
PREFERENCE_RULES: tuple[Rule[Draft], ...] = (
    rule(
        rf"{_DAILY}?的?{_DRIVING}?{_DAILY}?(?:{_MOST})+\s*({HOURS})(?:的?{_DRIVING})?(?:以内|之内|以下)?", _drive_limit
    ),
    rule(rf"{_DAILY}的?{_DRIVING}\s*({HOURS})(?:以内|之内|以下)?", _drive_limit),
    rule(
        rf"(?:(?:每晚|一晚|住宿|{_STAY}|房价|每夜)(?:价格)?)+(?:大约|大概|约|按|算)*\s*({MONEY})(?:左右|计算?|一晚|每晚)*",
        _price,
    ),
    rule(rf"(?:大约|大概|约|按)*\s*({MONEY})\s*(?:一晚|每晚|/晚|一夜)(?:左右|计算?)*", _price),
    rule(
        rf"(?:总?预算|总共|总价|费用|花费|花销)?(?:{_MOST})*\s*({MONEY})(?:以内|之内|以下|左右)?(?:的?预算)?", _budget
    ),
    rule(rf"总?预算(?:{_MOST})*\s*({NUMBER})(?![\d月日号])(?:以内|之内|以下|左右)?", _bare),
    rule(
        rf"(?:{_STAY}(?:都|均|一律)?)?(?:必须|一定要?|要|得|明确)?(?:允许|可以?|能|接受|欢迎|同意)(?:携?带|入住)?{_PET}(?:入住|同住)?(?:的?{_STAY})?",
        _confirmed,
    ),
    rule(rf"{_PET}友好(?:的?{_STAY})?", _confirmed),
    rule(
        rf"(?<![不别])(?<!不[要想能])(?:我们?)?(?:还|要|会|想)*(?<!不要)(?:带着?|携带?|和|有)(?:我的?|我们的?|一[只条个]|{NUMBER}[只条个])"
        rf"?{_PET}(?:一起|同行|出行)?",
        _pet,
    ),
    rule(rf"({NUMBER})\s*(?:个|位|名)?(?:大人|成人|成年人)", _adults),
    rule(rf"(?:和|带着?|加)?\s*({NUMBER})\s*(?:个|位|名)?(?:小孩|孩子|儿童|小朋友|娃)", _children),
    rule(rf"(?:我们?)?({NUMBER})\s*(?:个|位|名)?(?:人|朋友)(?:一起|出行)?", _adults),
    rule(r"(?:我?一个人|独自|我自己)", fixed("adults", 1)),
    rule(r"(?:我?和|跟)(?:妻子|丈夫|老婆|老公|女朋友|男朋友|朋友|对象|爱人|女友|男友)|夫妻|情侣", fixed("adults", 2)),
    rule(rf"一家(?:人|{NUMBER}口)|带(?:着)?(?:孩子|家人|全家)", _family),
    rule(
        rf"(?:每晚|每天|每夜|天天)(?:都|要|想)*(?:住|换|睡)(?:一?家?)?(?:不同|新|另外?一?家?|别)?的?{_STAY}?|(?:不同的?{_STAY}每晚)|不(?:要)"
        rf"?重复住?{_STAY}|(?:天天|每天)换{_STAY}",
        fixed("lodging_policy", "change"),
    ),
    rule(
        rf"(?:一直|每晚|全程|都|始终)*住?在?(?:同一家?|一家|固定)(?:个)?的?{_STAY}|不换{_STAY}",
        fixed("lodging_policy", "stay"),
    ),
    rule(rf"(?:至少|不低于|最低|起码)?\s*({NUMBER})\s*星级?(?:以上|及以上|或以上|或更好)?(?:的?{_STAY})?", _stars),
    rule(rf"(?:只|想|要|都)*住(?:在)?({_KINDS}(?:[或和、]{_KINDS})*)", _kind),
    rule(r"(露营)", fixed("lodging_categories", ("camp site",))),
    rule(r"(?:自驾游?|开车|驾车|自己开车)(?!去|到|从)|自驾游?", fixed("mode", "car")),
    rule(r"骑(?:行|车|自行车|单车)游?", fixed("mode", "bicycle")),
    rule(r"(?:步行|徒步旅行|走路)", fixed("mode", "foot")),
    rule(
        r"(?:节奏|行程|安排|步调)?(?:要|得|尽量|想|希望)?(?:轻松|悠闲|慢一?点|休闲|不要太(?:赶|累|满)|别太(?:赶|累|满)|不太赶|宽松)(?:一?点|些)?(?:的?(?:节奏|"
        r"行程|安排))?",
        fixed("pace", "relaxed"),
    ),
    rule(
        r"(?:节奏|行程|安排)?(?:要|得|尽量)?(?:紧凑|特种兵式?|排满|紧张|充实)(?:一?点|些)?(?:的?(?:节奏|行程|安排))?",
        fixed("pace", "full"),
    ),
    rule(r"(?:不(?:需要|要|用|安排)?(?:吃)?|没有|跳过|取消)(?:午餐|午饭|午休)(?:时间|休息)?", fixed("lunch", False)),
    rule(r"(?:要|留出?|安排|需要)(?:吃)?(?:午餐|午饭|午休)(?:时间|休息)?", fixed("lunch", True)),
    rule(rf"(?:{_DAILY})?(?:从)?\s*({CLOCK})\s*(?:到|至|-|~)\s*({CLOCK})", _hours),
    rule(rf"(?:{_DAILY})?(?:早上)?\s*({CLOCK})\s*(?:以?后|之后)?(?:才)?(?:出发|开始|出门)", _day_start),
    rule(
        rf"(?:{_DAILY})?(?:晚上)?\s*({CLOCK})\s*(?:以?前|之前)(?:要|必须|得)?(?:结束|回到?(?:酒店|住处)|到(?:酒店|住处)|回来|入住)",
        _day_end,
    ),
)
