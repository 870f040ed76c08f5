"""Names of laws in Chinese texts: in 《》, nested, defined for one document, or bare before 第…条."""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Final

from metier_legal.citations.grammars.chinese.names import STATE, WELL_KNOWN

LONGEST: Final = 150
_LOOK_BACK: Final = 48
_TITLE: Final = re.compile(rf"《(?:[^《》]|《[^《》]{{0,80}}》){{1,{LONGEST}}}》")
_VERSION: Final = r"(?:19|20)\d{2}\s?年?(?:第[一二三]次)?(?:[修公施实][正订改布行施])?(?:版|文本|本)?"
_VERSION_AT_END: Final = re.compile(rf"\s?[（(]({_VERSION})[）)]$")
_VERSION_AFTER: Final = re.compile(rf"\s?[（(]({_VERSION})[）)]")
_YEAR_AT_END: Final = re.compile(r"((?:19|20)\d{2}年)$")
_ALIAS: Final = re.compile(
    r"\s?[（(，,]?\s?(?:以下|下)(?:均|统|合)?简?称(?:为)?[:：]?\s?[“\"《「‘]?"
    r"(?P<alias>[^“”\"《》「」‘’（）()，。；\n]{1,30})[”\"》」’]?[）)]?"
)
_REMARK: Final = re.compile(r"\s?[（(][^（）()\n]{1,40}[）)]")
_PLACE: Final = re.compile(
    r"\s?(?:(?:第[一二三四五六七八九十百]{1,4}[编章节分]{1,2}){0,3}|[\u4e00-\u9fff]{2,6}编(?:第[一二三四五六七八九十]{1,3}章)?)"
    r"[的之中]?[，,]?\s?(?=第)"
)
_KINDS: Final = (
    r"(?:法|法典|宪法|修正案|条例|办法|规定|规则|细则|解释|决定|通则|准则|规程|批复|纪要|标准"
    r"|公约|条约|意见|通知|法律|原则)"
)
_IS_LAW: Final = re.compile(
    r"(?:法|法典|宪法|修正案|条例|实施办法|管理办法|规定|规则|细则|解释|通则|准则)"
    r"(?:[（(][^（）()]{1,12}[）)])?$"
)
_IS_PAPER: Final = re.compile(
    r"(?:合同|协议|协议书|合同书|章程|报告|判决书|裁定书|调解书|通知书|起诉书|意见书|笔录|保单|保险条款|条款|公约\(业主\)|"
    r"业主公约|承诺书|借条|收据|遗嘱|方案|手册|约定|说明|制度|约书|备忘录|声明|清单|申请书)(?:[（(][^（）()]{1,12}[）)])?$"
)
_PRONOUN: Final = re.compile(
    r"(?:本|该|同|上述|前述|此)(?:法典|法律|法|条例|规定|办法|解释|决定|细则|规则|通则|修正案)[的中]?$"
)
_BEFORE_NAME: Final = re.compile(
    r".*(?:根据|依照|按照|依据|违反|适用|参照|遵照|以及|关于|符合|援引|引用|遵守|触犯|[，。；：、“”‘’\"（(》〉\s]|(?<![共调饱缓])和|[与及按依])(?=.)",
    re.DOTALL,
)
_UNKNOWN_NAME: Final = re.compile(
    rf"[\u4e00-\u9fff〈〉（）()]{{1,30}}{_KINDS}(?:[（(][一二三四五六七八九十]{{1,3}}[）)])?$"
)
_NOT_IN_NAME: Final = re.compile(r"[的了是在其将被把]|认为|规定的|属于|没有")


@dataclass(frozen=True, slots=True)
class Title:
    """A name where it stands. `kind` is law, paper (a contract or the like), pronoun, unknown, or nothing (none)."""

    start: int
    end: int
    name: str = ""
    version: str = ""
    kind: str = "law"


@dataclass(slots=True)
class Names:
    """The names that mean laws in one document: well-known, given, and those that the document defines."""

    known: set[str]
    aliases: dict[str, str] = field(default_factory=dict)

    def meant(self, name: str) -> str:
        """Returns what the document defines the name to mean, or the name."""
        return self.aliases.get(name, name)


def names_of(names: Collection[str]) -> Names:
    """Returns the well-known names and those given, the given ones without 《》."""
    return Names({*WELL_KNOWN, *(name.strip("《》") for name in names if len(name) > 1)})


def read_title(text: str, start: int) -> tuple[int, str] | None:
    """Returns where the 《 at the start is closed, and what stands in it; None when it is not within 150 characters."""
    match = _TITLE.match(text, start)
    return (match.end(), "".join(match[0][1:-1].split())) if match else None


def read_named(text: str, start: int, names: Names) -> tuple[Title, int] | None:
    """Returns the name in 《》 at the start, and where a 第…条 that belongs to it may stand."""
    closed = read_title(text, start)
    if closed is None or not closed[1]:
        return None
    end, written = closed
    name, inner = split_version(written)
    version, alias, position = _read_remarks(text, end)
    meant = names.meant(name)
    if alias and not is_paper(name):
        names.aliases[alias] = meant
    if match := _PLACE.match(text, position):
        position = match.end()
    after = _VERSION_AFTER.match(text, end)
    return Title(start, after.end() if after else end, meant, inner or version, _kind(name, meant, names)), position


def _read_remarks(text: str, position: int) -> tuple[str, str, int]:
    """Returns the version and the alias that stand behind a name in brackets, and where the brackets end."""
    version = alias = ""
    for _ in range(4):
        if match := _VERSION_AFTER.match(text, position):
            version = version or match[1]
        elif match := _ALIAS.match(text, position):
            alias = match["alias"].strip()
        elif not (match := _REMARK.match(text, position)):
            break
        position = match.end()
    return version, alias, position


def _kind(name: str, meant: str, names: Names) -> str:
    if is_paper(name):
        return "paper"
    return "law" if is_law(name) or meant != name or name in names.known else "other"


def split_version(written: str) -> tuple[str, str]:
    """Returns the name without the version in brackets at its end, and that version."""
    match = _VERSION_AT_END.search(written)
    return (written[: match.start()], match[1]) if match else (written, "")


def is_law(name: str) -> bool:
    """Returns whether a name in 《》 is by its last word that of a law."""
    return bool(_IS_LAW.search(name))


def is_paper(name: str) -> bool:
    """Returns whether a name is that of a contract, a file of a case or the like, whose clauses are no law."""
    return bool(_IS_PAPER.search(name))


def name_before(text: str, end: int, floor: int, names: Names) -> Title:
    """Returns the name that ends where a 第…条 begins, looking back no further than the floor."""
    start = max(floor, end - _LOOK_BACK)
    before = text[start:end].rstrip()
    end = start + len(before)
    plain = _without_place(before)
    core, version = split_version(plain)
    if core == plain and (match := _YEAR_AT_END.search(plain)):
        core, version = plain[: match.start()], match[1]
    known = _longest_known(core, names)
    if known:
        return Title(start + len(core) - len(known), end, names.meant(known), version)
    if match := _PRONOUN.search(before):
        return Title(start + match.start(), end, kind="pronoun")
    if is_paper(plain):
        return Title(start, end, kind="paper")
    return _guarded(plain, start, end)


def _without_place(before: str) -> str:
    for ending in ("第一编", "的", "中", "之"):
        before = before.removesuffix(ending)
    match = re.search(r"[\u4e00-\u9fff]{2,4}(?<!法)编$", before)
    cut = before[: match.start()] if match else before
    return cut if any(cut.endswith(code) for code in ("法典", "刑法")) else before


def _longest_known(core: str, names: Names) -> str:
    for length in range(len(core), 1, -1):
        name = core[-length:]
        if name in names.known or name in names.aliases:
            return name
        if name.startswith(STATE) and name.removeprefix(STATE) in names.known:
            return name
    return ""


def _guarded(plain: str, start: int, end: int) -> Title:
    """Returns a name that is not known when the words before it say where it begins; else kind unknown or none."""
    if not _UNKNOWN_NAME.search(plain):
        return Title(end, end, kind="none")
    match = _BEFORE_NAME.match(plain)
    begin = match.end() if match else 0
    name = plain[begin:]
    bounded = match is not None or start == 0
    if bounded and 3 <= len(name) <= 30 and is_law(name) and not _NOT_IN_NAME.search(name):
        return Title(start + begin, end, name)
    return Title(end, end, kind="unknown")
