"""Whether a Chinese claim gives one party what its quote gives another: 出租人 against 承租人. Pure."""

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Final

REMEMBERED: Final = 512
_PARTIES: Final = (
    "出租人 承租人 次承租人 出卖人 买受人 用人单位 劳动者 债权人 债务人 保证人 人民法院 仲裁机构 法院 原告 被告 "
    "借款人 贷款人 发包人 承包人 委托人 受托人 定作人 承揽人 赠与人 受赠人 消费者 经营者 抵押人 抵押权人 质权人 "
    "出质人 投保人 被保险人 保险人 监护人 被监护人 继承人 被继承人 受遗赠人 买方 卖方 甲方 乙方 行为人 被侵权人 "
    "侵权人 受害人 收养人 送养人 所有权人 承运人 托运人 旅客 存货人 保管人 寄存人 中介人 上诉人 被上诉人 申请人 "
    "被申请人 公诉机关 人民检察院 公安机关 股东 董事 公司 合伙人 夫妻"
)
_PARTY: Final = re.compile("|".join(sorted(_PARTIES.split(), key=len, reverse=True)))
_SAME: Final = {"法院": "人民法院"}
_CLAUSE: Final = re.compile(r"[，。；：！？,;:!?\n]")
_MODAL: Final = re.compile(
    r"可以不|应当|可以|不得|必须|有权|无权|不能|有义务|应该|须|不承担|(?<![相适对反响供本])应(?![当用对付答诉聘届收])"
)
_OBJECT: Final = re.compile(r"(?:经|向|对|给|与|和|及|为|将|把|请求|要求|通知|致|受)$")
_ASKS: Final = re.compile(r"^(?:要求|请求|主张|向[^，。]{1,8}(?:要求|请求|主张))")
_TO: Final = re.compile(rf"(?:向|对|与|给)(?:{_PARTY.pattern})|(?:在|自|于|最迟)[^，。]{{1,16}}?(?:内|起|前|后)")
_JOINT: Final = re.compile(r"(?:或者?|和|与|及|以及|、)")
_NOT_HAN: Final = re.compile(r"[^\u4e00-\u9fff]")
_ALIKE: Final = 0.6
_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Deed:
    """What a clause says some parties do or may ask for: pairs of signs. No parties where it does not say whose."""

    asks: bool
    parties: frozenset[str]
    words: frozenset[str]


def find_turned_role(claim: str, quote: str) -> str:
    """Returns the party to which the claim gives what its quote gives to others only, or ""."""
    theirs = _deeds(quote)
    for deed in _deeds(claim):
        near = [other.parties for other in theirs if other.asks == deed.asks and _alike(deed.words, other.words)]
        if deed.parties and near and all(near) and not any(deed.parties & parties for parties in near):
            return f"{'、'.join(sorted(deed.parties))}, but the quote says {'、'.join(sorted(near[0]))}"
    return ""


def _alike(words: frozenset[str], said: frozenset[str]) -> bool:
    least = min(len(words), len(said))
    return least >= _LEAST and len(words & said) >= _ALIKE * least


@lru_cache(maxsize=REMEMBERED)
def _deeds(text: str) -> tuple[Deed, ...]:
    found, topic = list[Deed](), frozenset[str]()
    for clause in _CLAUSE.split(text):
        deed = _deed_of(clause)
        if not deed.parties and topic and _MODAL.match(clause):
            deed = Deed(deed.asks, topic, deed.words)
        topic = _topic_of(clause)
        found.append(deed)
    return tuple(found)


def _topic_of(clause: str) -> frozenset[str]:
    """Returns the party with which a clause begins that sets a case ("用人单位……的"), whose rule follows."""
    first = _PARTY.match(clause)
    return frozenset((_named(first),)) if first and clause.endswith("的") else frozenset()


def _deed_of(clause: str) -> Deed:
    modal = _MODAL.search(clause)
    parties = [one for one in _PARTY.finditer(clause) if not _OBJECT.search(clause[: one.start()])]
    if modal is None:
        first = [one for one in parties[:1] if one.start() <= _LEAST]
        tail = clause[first[0].end() :] if first else clause
        return Deed(False, frozenset(map(_named, first)), _words_of(tail))
    tail = clause[modal.end() :]
    asks = _ASKS.match(tail) is not None
    return Deed(asks, _subject([one for one in parties if one.end() <= modal.start()], clause), _words_of(tail, asks))


def _subject(parties: list[re.Match[str]], clause: str) -> frozenset[str]:
    """Returns the last party, and those that are joined to it by 或者 and the like."""
    found = parties[-1:]
    for one in reversed(parties[:-1]):
        if not _JOINT.fullmatch(clause[one.end() : found[-1].start()]):
            break
        found.append(one)
    return frozenset(map(_named, found))


def _named(match: re.Match[str]) -> str:
    return _SAME.get(match[0], match[0])


def _words_of(tail: str, asks: bool = False) -> frozenset[str]:
    plain = _NOT_HAN.sub("", tail if asks else _TO.sub("", tail))
    return frozenset(map("".join, pairwise(plain)))
