"""Names of acts and codes in English texts: before a section, or behind it with "of"."""

import re
from collections.abc import Collection
from typing import Final

S: Final = r"[ \u00a0\n]{1,3}"
_WORD: Final = r"\(?[A-Z][A-Za-z’'&.()-]{0,30}"
_SMALL: Final = r"(?:of|and|the|for|to|in|on|with|against|by|or)"
_KIND: Final = (
    r"(?:Act|Code|Law|Ordinance|Statute|Decree|Regulations?|Rules|Constitution|Charter|Order|Convention"
    r"|Treaty|Guidelines)"
)
_YEAR: Final = rf"(?:,?{S}(?:of{S})?(?:1[5-9]|20)\d{{2}}\b)?"
_ABOUT: Final = (
    rf"(?:{S}(?:on|of|concerning|regarding){S}(?:the{S})?[A-Z][a-z]+(?:{S}(?:and{S}"
    rf"|of{S}(?:the{S})?)?[A-Z][a-z]+){{0,5}})"
)
NAME: Final = rf"(?:{_WORD}(?:,)?{S}(?:{_SMALL}{S}(?:the{S})?)?){{0,10}}?{_KIND}\b{_ABOUT}?{_YEAR}"
BEHIND: Final = re.compile(rf",?{S}of{S}(?:the{S})?(?P<law>{NAME})(?!\w)")
# Alone these name no law: "§ 2 of the Act" is of the one named before.
KINDS: Final = frozenset(
    (
        "Act",
        "Code",
        "Law",
        "Ordinance",
        "Statute",
        "Decree",
        "Regulation",
        "Regulations",
        "Rules",
        "Order",
        "Guidelines",
    )
)
AGAIN: Final = re.compile(
    rf"{S}of{S}(?:the{S}same{S}|that{S}|this{S}|the{S}(?:said{S})?)(?:Act|Code|Law|Ordinance|Statute|Constitution)\b"
)
_ENDS: Final = re.compile(rf"(?<![\w.’'-])(?P<law>{NAME})$")
_YEAR_AT_END: Final = re.compile(r"(?:1[5-9]|20)\d{2}$")
_LEADING: Final = re.compile(
    r"(?:The|Under|In|See|Section|And|But|As|By|If|That|This|Because|However|Since|While|When|For|At|Article|Title"
    r"|Accord|Compare|Cf\.|Also|"
    r"Nothing|Neither|Nor|Either|Each|Any|All|No|Not|What|Which|Who|How|Why|Where|There|Here|Such|These|Those|It"
    r"|He|She|They|We|Both|On|To|"
    r"of|and|the|for|to|in|on|with|against|by|or)\s+"
)


def pattern_behind(names: Collection[str]) -> re.Pattern[str] | None:
    """Returns a pattern of one of the names behind a section, or None when there are none."""
    words = sorted((re.escape(name) for name in names), key=len, reverse=True)
    return re.compile(rf"(?:{S}of{S}(?:the{S})?|{S})(?P<law>{'|'.join(words)})(?!\w)") if words else None


def name_before(before: str, names: Collection[str]) -> str:
    """Returns the name of an act at the end of a short piece of text, as it stands there; "" when none is."""
    longest = max((name for name in names if before.endswith(name)), key=len, default="")
    if longest:
        return longest
    start = _start_of_name(before)
    match = _ENDS.search(before, start)
    return _without_leading(match["law"]) if match else ""


def _without_leading(name: str) -> str:
    """Returns the name without the words that only begin its sentence ("Under the", "Nothing in")."""
    while (match := _LEADING.match(name)) is not None:
        name = name[match.end() :]
    return name


def _start_of_name(before: str) -> int:
    """Returns where the run of capitalised and small words that ends the text begins."""
    start, words = len(before), 0
    for match in reversed(list(re.finditer(r"\S+", before))):
        word = match[0]
        if (
            not (word.lstrip("(")[:1].isupper() or word in _SMALL_WORDS or word.isdigit())
            or word.endswith((";", ":", "."))
            or words > 14
        ):
            break
        start, words = match.start(), words + 1
    return start


_SMALL_WORDS: Final = frozenset(("of", "and", "the", "for", "to", "in", "on", "with", "against", "by", "or"))


def dated(name: str) -> bool:
    """Returns whether the name ends with its year, as those of acts of the United Kingdom do."""
    return bool(_YEAR_AT_END.search(name)) and " of " not in name[-8:]
