"""Changes of a trip in Chinese."""

import re
from collections.abc import Callable
from datetime import date

from metier_maps.language.chinese.numerals import HOURS, MONEY, NUMBER, money_of, number_of, seconds_of
from metier_maps.language.draft import EditDraft, EditKind, Mention
from metier_maps.language.english.edits import Edits
from metier_maps.language.sheet import TAKEN, Rule, rule
from metier_maps.language.vocabulary import category_of

_NAME = rf"([^{TAKEN}，。；：！？、,.;:!?\n]{{1,100}}?)"
_STOP = rf"(?=[{TAKEN}，。；：！？、,.;:!?\n]|$|并|然后|再)"
_DAY = rf"(?:在)?(?:第\s*({NUMBER})\s*[天日晚夜]|(最后)一[天晚夜])的?"
_STAY = r"(?:酒店|住处|住宿|旅馆|宾馆|民宿|饭店)"


def day_number(number: str | None, last: str | None) -> int | None:
    """Returns the day of "第二天", counted from 1; -1 for the last; None when none was said."""
    if last:
        return -1
    value = number_of(number) if number else None
    return None if value is None else int(value)


def _placed(kind: EditKind, *, name: int, day: int | None) -> Callable[[re.Match[str], Edits, date], Edits | None]:
    """Returns the reader of a change whose name is group `name` and whose day begins at group `day`."""

    def read(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
        text = re.sub(r"^(?:那个|这个|去|看)|(?:吧|了)$", "", m.group(name).strip())
        if not text:
            return None
        category = category_of(text)
        when = day_number(m.group(day), m.group(day + 1)) if day is not None else None
        place = None if category else Mention(text)
        return (*edits, EditDraft(kind, place=place, category=category, day=when))

    return read


def _swap(m: re.Match[str], edits: Edits, today: date) -> Edits:
    return (*edits, EditDraft("swap_lodging", day=day_number(m.group(1), m.group(2))))


def _counted(kind: EditKind, sign: int) -> Callable[[re.Match[str], Edits, date], Edits | None]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
        count = number_of(m.group(1))
        return None if count is None else (*edits, EditDraft(kind, value=sign * int(count)))

    return read


def _driving(sign: int) -> Callable[[re.Match[str], Edits, date], Edits | None]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
        seconds = seconds_of(m.group(1))
        return None if seconds is None else (*edits, EditDraft("more_driving", value=sign * seconds))

    return read


def _budget(m: re.Match[str], edits: Edits, today: date) -> Edits | None:
    money = money_of(m.group(1))
    return None if money is None else (*edits, EditDraft("budget", value=money))


def _pace(by: int) -> Callable[[re.Match[str], Edits, date], Edits]:
    def read(m: re.Match[str], edits: Edits, today: date) -> Edits:
        return (*edits, EditDraft("pace_by", value=by))

    return read


_DROP = r"(?:去掉|删掉|删除|取消|不去|不要去?|跳过|拿掉|移除|别去)"
_ADD = r"(?:加上|增加|添加|加入|加|再去|还要去|也去)"
EDIT_RULES: tuple[Rule[Edits], ...] = (
    rule(rf"(?:每天)?(?:可以)?多开(?:车)?\s*({HOURS})(?:车)?(?:也?(?:可以|没关系|没问题|行|也行))?", _driving(1)),
    rule(rf"(?:每天)?少开(?:车)?\s*({HOURS})(?:车)?", _driving(-1)),
    rule(rf"(?:把)?{_DAY}(?:的)?{_STAY}(?:换掉?|改掉?)(?:一家|一个|成别的)?", _swap),
    rule(rf"(?:换掉?|更换|改)(?:一下)?{_DAY}{_STAY}", _swap),
    rule(rf"(?:晚|推迟|延后|延迟)\s*({NUMBER})\s*天(?:再)?(?:出发|开始)?", _counted("shift_start", 1)),
    rule(rf"(?:早|提前)\s*({NUMBER})\s*天(?:出发|开始)?", _counted("shift_start", -1)),
    rule(rf"(?:多(?:玩|待|住)|延长|增加|加)\s*({NUMBER})\s*天", _counted("add_days", 1)),
    rule(rf"(?:少(?:玩|待|住)|缩短|减少)\s*({NUMBER})\s*天", _counted("add_days", -1)),
    rule(rf"(?:把)?预算(?:改|提高|增加|降低?|减少|调整|变)?(?:成|到|为|至)?\s*({MONEY})", _budget),
    rule(r"(?:再|更|稍微)?(?:轻松|悠闲|慢|宽松|休闲)一?[点些]?|不要?(?:那么|这么|太)(?:赶|累|满)", _pace(-1)),
    rule(r"(?:再|更|稍微)?(?:紧凑|充实|满)一?[点些]?", _pace(1)),
    rule(rf"(?:把)\s*{_NAME}(?:移|挪|改|换|放)到{_DAY}", _placed("move", name=1, day=2)),
    rule(rf"(?:把)?{_DAY}\s*{_DROP}\s*{_NAME}{_STOP}", _placed("drop", name=3, day=1)),
    rule(rf"(?:把)?{_DAY}\s*{_ADD}\s*{_NAME}{_STOP}", _placed("add", name=3, day=1)),
    rule(rf"(?:把)?{_DAY}\s*{_NAME}{_DROP}", _placed("drop", name=3, day=1)),
    rule(rf"{_DROP}\s*{_DAY}\s*{_NAME}{_STOP}", _placed("drop", name=3, day=1)),
    rule(rf"把\s*{_NAME}{_DROP}", _placed("drop", name=1, day=None)),
    rule(rf"{_DROP}\s*{_NAME}{_STOP}", _placed("drop", name=1, day=None)),
    rule(rf"{_ADD}\s*{_NAME}{_STOP}", _placed("add", name=1, day=None)),
)
