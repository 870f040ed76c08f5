"""What was asked: language, days, jurisdiction, facts and the question itself. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from metier.canonical import JSON
from metier.errors import InputError
from metier_legal.law.dates import find_dates, find_false_dates

Language = Literal["en", "zh"]
_SENTENCE: Final = re.compile(r"[^.!?。！？；\n]+(?:\.(?=\S)[^.!?。！？；\n]+)*[.!?。！？；]*")
_LABEL: Final = re.compile(
    r"^\W*(?:(?:the\s+)?date(?:\s+of\s+(?:the\s+)?(?:facts|events?))?|as\s+of|law\s+as\s+of|jurisdiction|"
    r"事实(?:发生)?(?:日期|时间)|(?:案发|行为)(?:日期|时间)|日期|截至)\s*[:：]?",
    re.IGNORECASE,
)
_AS_OF: Final = re.compile(r"(?:\blaw\s+)?\bas\s+(?:of|at|on)\s*:?\s*$|截至\s*$|现行.{0,4}$", re.IGNORECASE)
_ASKING: Final = re.compile(
    r"[?？]|^\W*(?:may|can|must|is|are|does|do|did|what|when|who|whom|which|how|whether|should|shall|will|would|has|have)"
    r"\b|是否|能否|可否|吗|怎么|如何|哪些|多少|什么",
    re.IGNORECASE,
)
_NEEDS_DATE: Final = re.compile(
    r"\b(?:criminal|crime|prosecut\w+|sentenc\w+|limitation|time[- ]barred)\b|犯罪|刑事|量刑|诉讼时效",
    re.IGNORECASE,
)
# Names by which people call jurisdictions; the codes are those of the import formats.
PLACES: Final[Mapping[str, tuple[str, ...]]] = {
    "us": ("united states", "u.s.", "american law", "federal law", "美国"),
    "us/dc": ("district of columbia", "washington, d.c.", "d.c. law"),
    "us-ca": ("california", "californian", "加利福尼亚", "加州"),
    "us-ny": ("new york", "纽约"),
    "us-tx": ("texas", "texan"),
    "de": ("germany", "german law", "german", "德国"),
    "fr": ("france", "french law", "french", "法国"),
    "uk": ("united kingdom", "england", "english law", "scotland", "scots law", "英国"),
    "eu": ("european union", "eu law", "欧盟"),
    "cn": ("china", "chinese law", "中国", "中华人民共和国"),
    "jp": ("japan", "japanese law", "日本"),
    "es": ("spain", "spanish law", "西班牙"),
    "it": ("italy", "italian law", "意大利"),
    "ca": ("canada", "canadian law", "加拿大"),
    "au": ("australia", "australian law", "澳大利亚"),
    "in": ("india", "indian law", "印度"),
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was understood.

    `facts` are sentences of the text, letter by letter; `asking` the sentence that asks; `named` the jurisdictions that
    the words name (codes); `jurisdiction` the one that is typed.
    """

    text: str
    language: Language
    facts: tuple[str, ...]
    asking: str
    named: tuple[str, ...] = ()
    jurisdiction: str = ""
    event_date: date | None = None
    as_of: date | None = None
    needs_date: bool = False


def read_question(text: str, constraints: Mapping[str, JSON] | None) -> Question:
    """Returns the question that text and constraints ask; raises InputError for no text or a day that is none."""
    if not text.strip():
        raise InputError("There is no question.", hint="Write it as a sentence.")
    if false := find_false_dates(text):
        raise InputError(f"{false[0]!r} is no day of the calendar.", hint="Correct it and ask again.")
    fixed = dict(constraints or {})
    sentences = tuple(part for found in _SENTENCE.finditer(text) if (part := found[0].strip()))
    asking = next((one for one in reversed(sentences) if _ASKING.search(one)), sentences[-1] if sentences else text)
    facts = tuple(one for one in sentences if one != asking and not _is_label(one) and not _ASKING.search(one))
    as_of, event = _days(text)
    return Question(
        text=text,
        language=_language(text, fixed),
        facts=facts,
        asking=asking,
        named=name_places(text),
        jurisdiction=str(fixed.get("jurisdiction") or ""),
        event_date=_typed_day(fixed, "event_date") or event,
        as_of=_typed_day(fixed, "as_of") or as_of,
        needs_date=bool(_NEEDS_DATE.search(text)),
    )


def name_places(text: str) -> tuple[str, ...]:
    """Returns the codes of the jurisdictions that a text names, in the order of `PLACES`."""
    folded = text.casefold()
    return tuple(code for code, names in PLACES.items() if any(_stands(name, folded) for name in names))


def _stands(name: str, folded: str) -> bool:
    """Returns whether a name stands in a text: at the beginning of a word, or, in Chinese, anywhere."""
    return name in folded if name[0] >= "\u3400" else re.search(rf"(?<!\w){re.escape(name)}", folded) is not None


def queries_of(question: Question) -> tuple[str, ...]:
    """Returns what to search for: everything, the facts with the question, and the question alone; each once."""
    plain = tuple(one for one in (*question.facts, question.asking) if one)
    whole = " ".join(plain) if question.language == "en" else "".join(plain)
    return tuple(dict.fromkeys(query for query in (whole or question.text, question.asking, *question.facts[:3])))


def _is_label(sentence: str) -> bool:
    """Returns whether a sentence only gives a date or a jurisdiction, as "This happened on 3 February 2021" does."""
    rest = sentence
    dates = find_dates(sentence)
    for dated in reversed(dates):
        rest = rest[: dated.start] + rest[dated.end :]
    left = len(re.sub(r"\W", "", rest))
    signs = len(re.findall(r"[\u3400-\u9fff]", rest))
    if left == 0 or _LABEL.match(sentence):
        return left <= 40
    return bool(dates) and (signs <= 10 if signs else len(rest.split()) <= 5)


def _language(text: str, fixed: Mapping[str, JSON]) -> Language:
    if fixed.get("language") in ("en", "zh"):
        return "zh" if fixed["language"] == "zh" else "en"
    signs = len(re.findall(r"[\u3400-\u9fff]", text))
    return "zh" if signs * 3 > len(re.findall(r"[A-Za-z]", text)) else "en"


def _days(text: str) -> tuple[date | None, date | None]:
    """Returns the day whose law is asked for, and the day of the facts: the latest that is named and is not the first.

    Facts go on until their last day; it is that day's law which governs what may be done.
    """
    as_of, events = None, list[date]()
    for dated in find_dates(text):
        if _AS_OF.search(text[max(0, dated.start - 16) : dated.start]):
            as_of = dated.day
        else:
            events.append(dated.day)
    return as_of, max(events, default=None)


def _typed_day(fixed: Mapping[str, JSON], name: str) -> date | None:
    value = fixed.get(name)
    if not value:
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise InputError(f"{name}={value!r} is no date.", hint="Write YYYY-MM-DD.") from error


def choose_jurisdiction(question: Question, there: Sequence[str]) -> tuple[str, str]:
    """Returns the jurisdiction to use and "", or "" and why there is none: "absent" or "several"."""
    spelt = tuple(code for code in there if _is_spelt(code, question.text))
    wanted = (question.jurisdiction,) if question.jurisdiction else (spelt or question.named)
    if wanted:
        known = [code for code in wanted if code in there]
        if not known:
            return "", "absent"
        return (known[0], "") if len(known) == 1 else ("", "several")
    return (there[0], "") if len(there) == 1 else ("", "several")


def _is_spelt(code: str, text: str) -> bool:
    """Returns whether a text names a jurisdiction of the corpus by its code, or a country by what follows "x-"."""
    folded = text.casefold()
    label = re.search(rf"(?:jurisdiction|法域)\s*[:：]?\s*{re.escape(code.casefold())}(?![\w-])", folded)
    name = code.casefold().removeprefix("x-")
    return label is not None or ("-" in code and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) is not None)
