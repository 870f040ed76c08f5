"""Works of legislation, and where they stand among each other."""

from datetime import date
from enum import StrEnum
from typing import Final

from metier.answer import Value


class Level(StrEnum):
    """What kind of law a work is; `RANK_OF_LEVEL` says which prevails."""

    CONSTITUTION = "constitution"
    TREATY = "treaty"
    STATUTE = "statute"
    REGULATION = "regulation"
    INTERPRETATION = "interpretation"
    LOCAL = "local"


RANK_OF_LEVEL: Final = {
    Level.CONSTITUTION: 6,
    Level.TREATY: 5,
    Level.STATUTE: 4,
    Level.REGULATION: 3,
    Level.INTERPRETATION: 2,
    Level.LOCAL: 1,
}


class Style(StrEnum):
    """How the provisions of a work are cited; `metier_legal.citations.form` writes and reads each."""

    US_CODE = "us-code"  # 17 U.S.C. § 101(a)(2)
    CFR = "cfr"  # 29 C.F.R. § 1910.12(b)
    DC_CODE = "dc-code"  # D.C. Code § 16-2301(3)
    GERMAN = "german"  # § 823 Abs. 1 Satz 2 BGB
    CHINESE = "chinese"  # 《中华人民共和国民法典》第一千零七十九条第二款
    EU = "eu"  # Article 6(1)(f) of Regulation (EU) 2016/679
    UK = "uk"  # Human Rights Act 1998, s 6(1)(b)
    FRENCH = "french"  # article 1240 du Code civil
    PLAIN = "plain"  # Tenancy Act § 12(2): for everything else, the fictional country included


class Work(Value):
    """One statute, code, regulation or act, over all its versions.

    `id` is made of jurisdiction and a stable name: "us/usc/17", "de/bgb", "cn/中华人民共和国民法典", "eu/32016R0679",
    "uk/ukpga/1998/42". `short` is how a citation names it ("BGB", "17 U.S.C.", "GDPR"); `aliases` are further names
    that mean it and nothing else. `complete` says that every provision of the work was in the source, so that a
    number which is not there does not exist. `replaced_by` names the work that took the place of a repealed one.
    """

    id: str
    jurisdiction: str
    title: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    level: Level = Level.STATUTE
    language: str = "en"
    style: Style = Style.PLAIN
    promulgated: date | None = None
    complete: bool = False
    fictional: bool = False
    replaced_by: str = ""
    source_url: str = ""
    licence: str = ""
