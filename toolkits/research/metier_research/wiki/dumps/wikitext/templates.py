"""The words of templates that say something simple: a date, a measure, a phrase in another language. Pure."""

import calendar
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Final, Protocol, TypeAlias


class Arguments(Protocol):
    """The arguments of a template, each as text."""

    def listed(self) -> Sequence[str]:
        """Returns the arguments without a name, in their order."""
        ...

    def named(self, name: str) -> str:
        """Returns the argument of that name; empty where there is none."""
        ...


Words: TypeAlias = Callable[[Arguments], str]

_DATE: Final = re.compile(r"-?[0-9]{1,4}")
_RANGES: Final = {
    "-": "–",
    "–": "–",
    "to": " to ",
    "to(-)": " to ",
    "and": " and ",
    "or": " or ",
    "x": " × ",
    "by": " by ",
}

OUTDATED: Final = frozenset(("historical", "obsolete", "out of date", "outdated", "update"))
"""Templates that say of a whole page that it is no longer true."""

DISAMBIGUATION: Final = frozenset(("dab", "disamb", "disambig", "disambiguation", "geodis", "hndis")) | frozenset(
    ("begriffsklärung", "desambiguación", "disambigua", "homonymie", "曖昧さ回避", "消歧义", "消歧義")
)
_BOXES: Final = ("infobox", "taxobox", "automatic taxobox", "speciesbox", "chembox", "drugbox", "info/", "infocaja")


def name_of(text: str) -> str:
    """Returns the name of a template as it is looked up: small letters, blanks for underscores, no namespace."""
    name = " ".join(text.replace("_", " ").split()).casefold()
    return name.removeprefix("template:").strip()


def is_box(name: str) -> bool:
    """Returns whether a template of this name is a table of facts at the head of a page."""
    return name.startswith(_BOXES) or name.endswith(" infobox")


def words_of(name: str, arguments: Arguments) -> str:
    """Returns the words of a template, empty for one that is not known: it may say anything, or nothing."""
    if name.startswith("formatnum:"):
        return name.removeprefix("formatnum:").strip()
    if name.startswith("lang-"):
        return _nth(arguments, 0)
    words = _WORDS.get(name)
    return words(arguments) if words is not None else ""


def _nth(arguments: Arguments, place: int) -> str:
    listed = arguments.listed()
    return listed[place].strip() if place < len(listed) else arguments.named(str(place + 1)).strip()


def _first(arguments: Arguments) -> str:
    return _nth(arguments, 0)


def _second(arguments: Arguments) -> str:
    return _nth(arguments, 1)


def _last(arguments: Arguments) -> str:
    listed = arguments.listed()
    return listed[-1].strip() if listed else ""


def _series(arguments: Arguments) -> str:
    """Returns the items of a list, which may be one a line, with commas between them."""
    lines = (line.strip().removeprefix("- ").strip() for item in arguments.listed() for line in item.split("\n"))
    return ", ".join(line for line in lines if line)


def _spaced(arguments: Arguments) -> str:
    return " ".join(item.strip() for item in arguments.listed() if item.strip())


def _date(arguments: Arguments) -> str:
    """Returns a date as it is written out: "12 March 1999", "March 1999" or "1999"."""
    numbers: list[str] = []
    for item in arguments.listed():
        if not _DATE.fullmatch(item.strip()):
            break
        numbers.append(item.strip())
    if not numbers:
        return _first(arguments)
    year, month, day = (*numbers[:3], "", "")[:3]
    known = month.isdigit() and 1 <= int(month) <= 12
    return (
        " ".join(part for part in (day.lstrip("0"), calendar.month_name[int(month)], year) if part) if known else year
    )


def _measure(arguments: Arguments) -> str:
    """Returns the first measure of a conversion, which is the one that was written: "12 km", "10–20 km"."""
    items = [item.strip() for item in arguments.listed()]
    if len(items) >= 4 and items[1] in _RANGES:
        return f"{items[0]}{_RANGES[items[1]]}{items[2]} {items[3]}"
    return " ".join(items[:2])


def _value(arguments: Arguments) -> str:
    unit = arguments.named("u") or arguments.named("ul")
    return f"{_first(arguments)} {unit}".strip()


def _fraction(arguments: Arguments) -> str:
    items = [item.strip() for item in arguments.listed()]
    return {1: "1/{0}", 2: "{0}/{1}", 3: "{0} {1}/{2}"}.get(len(items), "").format(*items)


def _before(text: str) -> Words:
    return lambda arguments: f"{text} {_first(arguments)}".rstrip()


def _always(text: str) -> Words:
    return lambda arguments: text


def _table(groups: Mapping[str, Words]) -> dict[str, Words]:
    return {name: words for names, words in groups.items() for name in names.split(";")}


_WORDS: Final = _table(
    {
        "nowrap;nobr;abbr;tooltip;small;big;smaller;larger;sup;sub;em;strong;smallcaps;sc;mono;code;var;u;ill;"
        "interlanguage link;quote;blockquote;cquote;bq;flag;flagu;flagcountry;url;as written;not a typo;sic;"
        "angle bracket;pslink;longitem;center;nobold;native name;circa-year;visible anchor;vanchor": _first,
        "lang;native phrase;transl;transliteration;nihongo foot;color;font color": _second,
        "zh;linktext;wikt-lang": _last,
        "plainlist;flatlist;hlist;ubl;ublist;unbulleted list;bulleted list;plain list;flat list;"
        "comma separated entries;enum": _series,
        "sortname;nihongo": _spaced,
        "start date;end date;birth date;death date;birth date and age;death date and age;start date and age;"
        "end date and age;film date;date;dts;birth-date;death-date;birth year and age;death year and age;bda;dda;"
        "release date;launch date": _date,
        "convert;cvt": _measure,
        "val;gaps": _value,
        "frac;sfrac;fraction": _fraction,
        "circa;c.;ca.": _before("c."),
        "as of": _before("As of"),
        "formatnum;number": _first,
        "ndash;snd;spaced ndash;spnd": _always(" – "),
        "mdash;spaced mdash": _always(" — "),
        "·;dot;middot;bull;•": _always(" · "),
        "nbsp;space": _always(" "),
        "!": _always("|"),
        "=": _always("="),
    }
)
