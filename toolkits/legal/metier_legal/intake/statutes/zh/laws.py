"""From the articles of a Chinese law to works and provisions: its names, rank, dates and versions."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from metier_legal.intake.statutes.ledger import Ledger
from metier_legal.intake.statutes.zh.articles import LawText
from metier_legal.law.dates import find_dates
from metier_legal.law.provision import Provision, Status
from metier_legal.law.work import Level, Style, Work

COUNTRY: Final = "中华人民共和国"

_MADE: Final = re.compile("通过|修正|修订|修改|公布|发布|批准|印发|颁布")
_BEGINS: Final = re.compile("起?(?:施行|实施|生效)")
_AT_ONCE: Final = re.compile("自(?:公布|发布|印发)之日起(?:施行|实施|生效)")
_ENDED: Final = re.compile("(?:已|现已|予以|同时)?(?:废止|失效)")
_COURTS: Final = re.compile("^(?:最高人民法院|最高人民检察院|最高法|人民法院|人民检察院)|最高人民法院|最高人民检察院")
_PLACES: Final = re.compile(
    "^(?:北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海"
    "|内蒙古|广西|西藏|宁夏|新疆)|[^国]{2,12}(?:省|市|自治区|自治州|自治县)(?!场)"
)
_STATUTE: Final = re.compile("(?:法|法典|法通则|法总则|修正案(?:（[^）]*）)?)$")
_OF_CONGRESS: Final = re.compile("^全国人民代表大会")


@dataclass(frozen=True, slots=True)
class Dates:
    """When a version of a law was made and from when it is law, and when the first was made; None is not known."""

    made: date | None
    begins: date | None
    first: date | None = None


def make_work(title: str, *, where: str = "", made: date | None = None) -> Work:
    """Returns the work of a Chinese law; `where` is the folder or category that it came from."""
    short = title.replace(COUNTRY, "")
    return Work(
        id=f"cn/{title}",
        jurisdiction="cn",
        title=title,
        short=short if title.startswith(COUNTRY) else title,
        aliases=(short,) if short != title and short else (),
        level=level_of(title, where),
        language="zh",
        style=Style.CHINESE,
        promulgated=made,
        source_url="https://flk.npc.gov.cn",
        licence="public domain (Copyright Law of the PRC, art. 5)",
    )


def level_of(title: str, where: str) -> Level:
    """Returns the rank of a law by its title and the folder or category it stands in."""
    name = title.removeprefix(COUNTRY)
    if name == "宪法" or name.startswith("宪法修正案"):
        return Level.CONSTITUTION
    if "司法解释" in where or _COURTS.search(name):
        return Level.INTERPRETATION
    if "地方" in where or (not title.startswith(COUNTRY) and _PLACES.match(name)):
        return Level.LOCAL
    if "行政法规" in where or "部门规章" in where:
        return Level.REGULATION
    if _STATUTE.search(name) or _OF_CONGRESS.match(name):
        return Level.STATUTE
    return Level.REGULATION


def read_dates(info: Sequence[str], last_article: str, version: date | None) -> Dates:
    """Returns the dates of a version: from the lines under its title, its last article and its file's name.

    The last article of an amended law still tells when the law first became law; such a date, before the version was
    made, is not the version's.
    """
    made, begins, first = version, None, None
    for line in info:
        dated = [found.day for found in find_dates(line)]
        if dated and _MADE.search(line):
            first = min(first or dated[0], dated[0])
            made = max(dated[0] if version is None else made or dated[0], made or dated[0])
        begins = _begin_in(line, made) or begins
    begins = begins or _begin_in(last_article, made)
    if begins is not None and made is not None and begins < made:
        begins = None
    return Dates(made, begins, first or made)


def _begin_in(text: str, made: date | None) -> date | None:
    found = next((one.day for one in find_dates(text) if _BEGINS.match(text[one.end :].lstrip())), None)
    return made if found is None and made is not None and _AT_ONCE.search(text) else found


def status_of(info: Sequence[str]) -> Status:
    """Returns the status that the lines under a title tell; silence is in force."""
    return Status.REPEALED if any(_ENDED.search(line) and not _MADE.search(line) for line in info) else Status.IN_FORCE


def is_whole(law: LawText) -> bool:
    """Returns whether the text is the whole law: articles from the first on without a gap, the last on its start."""
    numbers = [int(entry.number) for entry in law.entries if entry.number.isdecimal()]
    last = next((entry for entry in reversed(law.entries) if entry.number[:1].isdecimal()), None)
    unbroken = numbers == list(range(1, len(numbers) + 1)) and bool(numbers)
    return unbroken and last is not None and bool(_BEGINS.search("".join(last.lines)))


def write_law(ledger: Ledger, law: LawText, work: Work, dates: Dates, end: date | None = None) -> None:
    """Puts a law and its entries into the ledger; `end` is the day from which a later version is law."""
    ledger.add_work(work)
    for where, text in law.faults:
        ledger.fault(where, text)
    if dates.begins is None:
        ledger.fault("", "It is not told from when this version is law.")
    status = status_of(law.info)
    for provision, text in _provisions(law, work, dates, end):
        ledger.add_text(provision.model_copy(update={"status": status}), text)


def _provisions(law: LawText, work: Work, dates: Dates, end: date | None) -> Iterator[tuple[Provision, str]]:
    note = law.info[-1][:300] if law.info else ""
    for entry in law.entries:
        provision = Provision(
            work=work.id,
            number=entry.number,
            heading=entry.heading,
            path=entry.path,
            text="",
            valid_from=dates.begins,
            valid_to=end,
            observed=dates.made,
            note=note,
        )
        yield provision, "\n".join(entry.lines)
