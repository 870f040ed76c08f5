"""From a text to a draft of a travel request."""

import re
from dataclasses import replace
from datetime import date

from metier_maps.language import chinese, english
from metier_maps.language.draft import Draft, Language, also, ask
from metier_maps.language.moments import settle_dates
from metier_maps.language.sheet import Rule, apply_rules, lay_out, leftovers
from metier_maps.language.vocabulary import SIGHTS, category_of

HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
WORDS = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]+|[^\W_]+(?:'[^\W_]+)?")

_LIST = re.compile(r"\s+(?:and|or|&)\s+|[和与或及]", re.IGNORECASE)


def parse_request(text: str, today: date) -> Draft:
    """Returns what the text says of a trip, in English, Chinese or both; `today` is the day it was written.

    Nothing is made up: what is missing is None, what is ambiguous a question, what no rule reads is in
    `not_understood`. Raises InputError for a date that does not exist, an end before the start, an impossible number
    of days, or a text that is too long.
    """
    sheet = lay_out(text)
    draft = Draft(language="zh" if HAN.search(sheet.text) else "en")
    sheet, draft = apply_rules(rules_for(sheet.text), sheet, draft, today=today)
    draft = _topics(settle_dates(draft), leftovers(sheet, is_filler, WORDS))
    return replace(draft, language=language_of(text, draft))


def _topics(draft: Draft, rest: tuple[str, ...]) -> Draft:
    """Returns the draft with the rest: parts that only list kinds of sights are interests, others not understood."""
    lost = []
    for part in rest:
        categories = [category_of(word) for word in _LIST.split(part)]
        if all(category in SIGHTS for category in categories):
            draft = also(draft, "interests", tuple(categories))
        else:
            lost.append(part)
    return replace(draft, not_understood=tuple(lost))


def rules_for(text: str) -> tuple[Rule[Draft], ...]:
    """Returns the rules that may read something of the text: English always, Chinese where it has its script."""
    return (*chinese.RULES, *english.RULES) if HAN.search(text) else english.RULES


def is_filler(word: str) -> bool:
    """Returns whether a word (in lower case) says nothing of its own."""
    return word in english.FILLERS or not chinese.FILLERS.sub("", word)


def language_of(text: str, draft: Draft) -> Language:
    """Returns the language of a text: by its script, and "none" where no rule read anything."""
    empty = replace(draft, not_understood=(), language="none") == Draft()
    if HAN.search(text):
        return "zh"  # also where no rule read anything: the questions are then in Chinese
    return "none" if empty else "en"


def missing_of(draft: Draft) -> Draft:
    """Returns the draft with a question for everything that no plan can be made without."""
    if draft.start_date is None and not any("day" in q.text for q in draft.questions):
        draft = ask(draft, "On which day does the trip begin?")
    if draft.days is None and draft.end_date is None:
        draft = ask(draft, "How many days does the trip last?")
    return draft if draft.start is not None else ask(draft, "Where does the trip start?")
