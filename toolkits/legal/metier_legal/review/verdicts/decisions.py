"""Whether a quote stands in the decision that it is said to be from, and in whose words. Pure."""

import re
from collections.abc import Sequence
from typing import Final

from metier_legal.citations.citation import CaseCitation
from metier_legal.citations.form import form_case
from metier_legal.law.case import HOLDING_PARTS, Case, Paragraph, Part
from metier_legal.review.verdicts.comparing import Sought, judge_miss, key_of, squeeze, stands
from metier_legal.review.verdicts.items import OK, Code, Finding

_DIGITS: Final = re.compile(r"\d{1,6}")
_ELLIPSIS: Final = re.compile(r"…|\.\s?\.\s?\.")
_SAYS_PART: Final = re.compile(
    r"dissent|concurr|syllabus|headnote|separate opinion|minority|J\.,|JJ\.,|异议|少数意见|abweichend", re.IGNORECASE
)


def judge_case_quote(quote: Sought, citation: CaseCitation, case: Case, near: str) -> Finding:
    """Returns whether a quote stands in a case, at the page or paragraph that is pinned, in the court's words."""
    if not case.paragraphs:
        return Finding("unknown", Code.NOT_IN_CORPUS, "The corpus has this decision without its text.")
    key = key_of(quote.text)
    found = [one for one in case.paragraphs if key in squeeze(one.text) and stands(quote.text, one.text, case.language)]
    if found:
        return _judge_place(found, citation, case, near)
    if _spans(quote.text, key, case):
        return OK
    texts = _pinned(citation.pin, case) or case.paragraphs
    return judge_miss(quote, [one.text for one in texts], case.language)


def _judge_place(found: Sequence[Paragraph], citation: CaseCitation, case: Case, near: str) -> Finding:
    pinned = _pinned(citation.pin, case)
    if pinned and not any(one in pinned for one in found):
        page = f", page {found[0].page}" if found[0].page else ""
        where = f"{form_case(case, found[0].number)}{page}"
        return Finding("wrong", Code.QUOTE_ELSEWHERE, f"The words do not stand there, but in {where}.", where)
    said = any(one.part in HOLDING_PARTS or one.part is Part.OTHER for one in found)
    if not said and not _SAYS_PART.search(near):
        author = f" of {found[0].author}" if found[0].author else ""
        says = f"These words are in the {found[0].part.value}{author}, and the document does not say so."
        return Finding("wrong", Code.DISSENT_AS_HOLDING, says, form_case(case, found[0].number))
    return OK


def _pinned(pin: str, case: Case) -> tuple[Paragraph, ...]:
    """Returns the paragraphs on the pinned pages or with the pinned number; none where the case does not tell."""
    digits = [int(number) for number in _DIGITS.findall(pin)[:2]]
    if not digits:
        return ()
    first, last = digits[0], max(digits)
    pages = [int(one.page) if one.page.isdecimal() else -1 for one in case.paragraphs]
    if max(pages) < 0:
        return tuple(one for one in case.paragraphs if first <= one.number <= last)
    if -1 in pages or pages != sorted(pages) or not pages[0] <= first <= pages[-1]:
        return ()  # pages of each opinion for itself, or of another reporter
    ends = [*pages[1:], pages[-1] + 1]
    return tuple(
        one for one, begin, end in zip(case.paragraphs, pages, ends, strict=True) if begin <= last and end >= first
    )


def _spans(quote: str, key: str, case: Case) -> bool:
    """Returns whether a quote without an ellipsis runs over the ends of paragraphs."""
    if _ELLIPSIS.search(quote):
        return False
    joined = "\n".join(one.text for one in case.paragraphs)
    return key in squeeze(joined) and stands(quote, joined, case.language)
