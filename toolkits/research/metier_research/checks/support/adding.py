"""What a statement adds to its sources, or leaves out of them, so that it says more than they do. Pure.

More than they do is a rank that is lost ("the second largest"), whose word it is ("according to the mayor"), that a
number is rough, that it was so then; a cause of its own, and who did it and to whom.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

from metier_research.checks.reading import Exhibit, short
from metier_research.language.amounts import find_amounts
from metier_research.language.dates import find_days
from metier_research.language.names import Known, find_names
from metier_research.language.numerals import ORDINALS

_RANK: Final = re.compile(
    rf"\b(?:(?:{'|'.join(ORDINALS)}|\d{{1,3}}(?:st|nd|rd|th))[\s-]"
    r"|(?:one of|among)\s+(?:the|its|their)\s+(?:[a-z]+\s+)??)(?P<word>[a-z]{3,}est|most\s+[a-z]+|best|worst)\b",
    re.IGNORECASE,
)
_CHINESE_RANK: Final = re.compile(r"第[二三四五六七八九十\d]+(?P<word>[大长高老多深快重])")
_CAUSE: Final = re.compile(
    r"\b(?:because|due to|owing to|as a result|resulted (?:in|from)|caused|the reason)\b|因为|由于|导致|造成|致使",
    re.IGNORECASE,
)
_CAUSAL: Final = re.compile(
    rf"{_CAUSE.pattern}|\b(?:therefore|thus|hence|consequently|so that|led to|thanks to|after|since|brought about"
    r"|why|forced|made)\b|因此|所以|使",
    re.IGNORECASE,
)
_REASONED: Final = re.compile(
    r"^\s*(?:yes|no)\b|\b(?:same|both|older|younger|earlier|later|larger|smaller|bigger|longer|shorter|higher|lower"
    r"|taller)\b|比|相同",
    re.IGNORECASE,
)
_COUNTED: Final = (
    r"census|official|statistic|regist|record|national|survey|atlas|gazetteer|yearbook|government|ministry|data"
)
_ATTRIBUTED: Final = re.compile(
    rf"\baccording to (?!(?:the |its |a |this )?(?:\d{{4}} |[a-z]+ )?(?:{_COUNTED}))[^,.]{{1,60}}"
    r"|\b(?:claim(?:s|ed)?|alleg(?:es?|ed)|assert(?:s|ed)?|insist(?:s|ed)?|contend(?:s|ed)?|argue[sd]?|suspect(?:s|ed)?)"
    r" (?:that|to)\b|\baccuse[sd]?\b|据[^，。]{1,12}(?:称|报道|说)|声称|认为|指控|指责",
    re.IGNORECASE,
)
_ATTRIBUTING: Final = re.compile(
    rf"{_ATTRIBUTED.pattern}|\b(?:according to|says?|said|claim|alleg|assert|insist|contend|argu|suspect|accus|report"
    r"|wr[io]tes?|told|states?|stated|think|thought|belie|hold|opinion|view)|据|称|认为|表示|指",
    re.IGNORECASE,
)
_EXACT: Final = re.compile(r"\b(?:exactly|precisely)\b|恰好|正好|刚好|整整", re.IGNORECASE)
_ROUGH: Final = re.compile(
    r"\b(?:about|around|approximately|roughly|nearly|almost|circa|some|estimated|over|more than|at least)\b"
    r"|大约|约|近|左右|多|余",
    re.IGNORECASE,
)
_WHOLE: Final = re.compile(
    r"\b(?:all|every|everyone|everybody|most (?:of|[a-z]+s\b)|the majority|none of|entire(?:ly)?|only|sole(?:ly)?)\b"
    r"|所有|全部|全体|每|大多数|多数|唯一|仅",
    re.IGNORECASE,
)
_WHOLES: Final = re.compile(
    rf"{_WHOLE.pattern}|\b(?:each|both|whole|throughout|most|no|never|alone|nothing|nobody|none|total)\b|都|均|皆|只",
    re.IGNORECASE,
)
_NOW: Final = re.compile(
    r"\b(?:today|currently|nowadays|at present|now|as of today|these days)\b|目前|现在|如今|当前|今天", re.IGNORECASE
)
_PRESENT: Final = re.compile(rf"{_NOW.pattern}|\b(?:present|still|to this day|since|remains?)\b|至今|仍", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"\bbetween (\d[\d,.]*) and (\d[\d,.]*\d|\d)", re.IGNORECASE)
_FOLD: Final = re.compile(r"\b[a-z\d]+[- ]?fold\b", re.IGNORECASE)
_CHINESE_BY: Final = re.compile(r"由([\u4e00-\u9fff·]{2,6}?)(?=[于在创建设发主领写导执编绘])")
_BY: Final = re.compile(r"\bby (?:the )?(?=[^\W\d_])")


def find_added(sentence: str, exhibits: Sequence[Exhibit]) -> str:
    """Returns how a sentence says more than the sentences that it cites, or ""."""
    said = "\n".join(one.said for one in exhibits)
    titles = " ".join(one.field("title") for one in exhibits)
    if told := _find_swap(sentence, said, titles) or _find_chinese_swap(sentence, said + titles):
        return told
    return next((told for find in _RULES if (told := find(sentence, said))), "")


def _find_rank(sentence: str, said: str) -> str:
    mine = {match["word"].lower() for match in _RANK.finditer(sentence)}
    for match in _RANK.finditer(said):
        word = match["word"].lower()
        if word not in mine and re.search(rf"\b{re.escape(word)}\b", sentence, re.IGNORECASE):
            return f"“{word}”, where the source says “{short(match[0])}”"
    for match in _CHINESE_RANK.finditer(said):
        if f"最{match['word']}" in sentence and match[0] not in sentence:
            return f"“最{match['word']}”, where the source says “{match[0]}”"
    return "the source says “之一”" if "最" in sentence and "之一" in said and "之一" not in sentence else ""


def _find_cause(sentence: str, said: str) -> str:
    found = _CAUSE.search(sentence)
    if found is None or _CAUSAL.search(said) or _REASONED.search(sentence):
        return ""
    return f"“{found[0]}” gives a cause, and its sources give none"


def _find_voice(sentence: str, said: str) -> str:
    found = _ATTRIBUTED.search(said)
    if found is None or _ATTRIBUTING.search(sentence):
        return ""
    return f"the source gives it as the word of others (“{short(found[0])}”), and the statement does not"


def _find_whole(sentence: str, said: str) -> str:
    found = _WHOLE.search(sentence)
    return f"“{found[0]}” is said by none of its sources" if found and not _WHOLES.search(said) else ""


def _find_precision(sentence: str, said: str) -> str:
    found, rough = _EXACT.search(sentence), _ROUGH.search(said)
    return f"“{found[0]}”, where the source says “{rough[0]}”" if found and rough and not _EXACT.search(said) else ""


def _find_now(sentence: str, said: str) -> str:
    found = _NOW.search(sentence)
    days = find_days(said) if found is not None and not _PRESENT.search(said) else ()
    return f"“{found[0]}”, where the source speaks of {days[0].written}" if found is not None and days else ""


def _find_swap(sentence: str, said: str, titles: str) -> str:
    """Returns that the sentence has something done by another than its sources have it done by, or ""."""
    mine, theirs = _doers(sentence), _doers(said)
    known = Known((sentence,))
    turned = [name for name in theirs if known.has(tuple(name.split())) and name not in mine]
    named = Known((said, titles))
    wrong = [name for name in mine if name not in theirs and named.has(tuple(name.split()))]
    return f"done by {short(wrong[0])}, where the source has it done by {short(turned[0])}" if turned and wrong else ""


def _find_range(sentence: str, said: str) -> str:
    for match in _BETWEEN.finditer(said):
        ends = [end for end in match.groups() if re.search(rf"(?<![\d,.]){re.escape(end)}(?![\d])", sentence)]
        if len(ends) == 1:
            return f"“{ends[0]}”, where the source says “{short(match[0])}”"
    return ""


def _find_fold(sentence: str, said: str) -> str:
    found = _FOLD.search(sentence)
    if found is None or found[0].lower() in said.lower() or len(find_amounts(sentence)) > 1:
        return ""
    return f"“{found[0]}” is said by none of its sources"


def _find_chinese_swap(sentence: str, known: str) -> str:
    wrong = [name for name in _CHINESE_BY.findall(sentence) if name not in known]
    turned = [name for name in _CHINESE_BY.findall(known) if name not in sentence]
    return f"“{wrong[0]}” stands where the source has “{turned[0]}”" if wrong and turned else ""


def _doers(text: str) -> tuple[str, ...]:
    """Returns the names that stand behind "by"."""
    names = {name.start: name.text for name in find_names(text)}
    return tuple(names[match.end()] for match in _BY.finditer(text) if match.end() in names)


_RULES: Final[tuple[Callable[[str, str], str], ...]] = (
    _find_rank,
    _find_cause,
    _find_voice,
    _find_whole,
    _find_precision,
    _find_range,
    _find_fold,
    _find_now,
)
