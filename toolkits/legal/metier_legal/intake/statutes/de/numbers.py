"""Numbers and works of German law, as GII names them."""

import re
from typing import Final

from metier_legal.law.provision import Status
from metier_legal.law.work import Level, Style, Work

_SIGNED: Final = re.compile(r"(?:\(XXXX\)\s*)?(?:\u00a7+|Artikel|Art\.?)\s*(\d.*)$")
_YEAR: Final = re.compile(r"\s+(?:\d{4}|\d{2})$")
_PIECE: Final = re.compile(r"\d+\s?[a-z]?(?![a-z])")
_GONE: Final = re.compile(r"\(?(?:weggefallen|aufgehoben|gegenstandslos)\)?", re.IGNORECASE)
_CONSTITUTION: Final = frozenset(("GG",))
_ORDER: Final = re.compile(r"(?:[Vv]erordnung|[Oo]rdnung)\b")
_STATUTES_NAMED_SO: Final = re.compile(
    r"(?:prozess|proze\u00df|insolvenz|straf|gerichts|abgaben|gewerbe|haushalts)\S*ordnung", re.I
)


def read_number(written: str) -> str:
    """Returns the numbers of "§ 823", "§§ 3 bis 6", "Art 1" as they stand, "" for what has none (Anlage, Formel)."""
    match = _SIGNED.match(written.strip())
    if match is None:
        return ""
    return _PIECE.sub(lambda piece: piece[0].replace(" ", ""), match[1].strip().rstrip("."))


def is_gone(*texts: str) -> bool:
    """Returns whether one of the texts says nothing but that the provision was repealed: (weggefallen)."""
    return any(_GONE.fullmatch(text.strip(" -.")) for text in texts if text.strip(" -."))


def status_of(heading: str, text: str) -> Status:
    """Returns REPEALED for a provision of which only (weggefallen) is left."""
    gone = is_gone(heading) or is_gone(text) or (_GONE.search(heading) and not text.strip(" -."))
    return Status.REPEALED if gone else Status.IN_FORCE


def make_work(short: str, title: str, aliases: tuple[str, ...], *, complete: bool) -> Work:
    """Returns the work of a German law by its abbreviation (jurabk); "StGB 1998" is also "StGB"."""
    plain = _YEAR.sub("", short)
    names = dict.fromkeys(name for name in (plain, short, *aliases) if name and name != title)
    ordinance = _ORDER.search(title) is not None and not _STATUTES_NAMED_SO.search(title)
    level = Level.CONSTITUTION if plain in _CONSTITUTION else Level.REGULATION if ordinance else Level.STATUTE
    return Work(
        id=f"de/{plain.lower().replace(' ', '-')}",
        jurisdiction="de",
        title=title or plain,
        short=plain,
        aliases=tuple(name for name in names if name != plain),
        level=level,
        language="de",
        style=Style.GERMAN,
        complete=complete,
        source_url="https://www.gesetze-im-internet.de",
        licence="official works, \u00a7 5 UrhG",
    )
