"""SUPPORT: polarity, numbers, dates and words of a statement agree with what it quotes. Pure."""

import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.language.agreement.conditions import find_dropped_condition, find_turned_condition
from metier_legal.checks.language.agreement.denial import find_denied_frame, find_new_denial
from metier_legal.checks.language.agreement.opposites import find_opposite
from metier_legal.checks.language.agreement.places import find_moved_amount
from metier_legal.checks.language.agreement.roles import find_turned_role
from metier_legal.checks.language.agreement.scope import find_wider_scope
from metier_legal.checks.language.amounts import Amount, find_amounts
from metier_legal.checks.language.bounds import find_turned_bound
from metier_legal.checks.language.content import find_content, is_same_script, share_in
from metier_legal.checks.language.copies import find_turned_word
from metier_legal.checks.language.days import find_days
from metier_legal.checks.language.polarity import find_contradiction
from metier_legal.checks.reading import Exhibit, Fault, Reading, short
from metier_legal.checks.statements.judgement import judge_words
from metier_legal.checks.statements.remainder import is_bare, remainder_of
from metier_legal.memo import Statement
from metier_legal.records import Brief, ParagraphRecord, ProvisionRecord

LEAST_SHARE: Final = 0.10
_LEAST_WORDS: Final = 2
_SENTENCE: Final = re.compile(r"[;；。!?！？\n]|\.(?=\s|\Z)")
_DUTY: Final = re.compile(
    r"\b(?:shall|must|may|can|cannot|has to|have to|liable|entitled|required|obliged|void|invalid)\b"
    r"|应当|可以|不得|必须|有权|无权|承担|无效"
)
TURNS: Final[tuple[Callable[[str, str], str], ...]] = (
    find_contradiction,
    find_turned_bound,
    find_turned_condition,
    find_turned_role,
    find_opposite,
    find_new_denial,
    find_moved_amount,
)


def judge(reading: Reading, subject: str, statement: Statement) -> Fault | None:
    """Returns why the grounds do not support the statement, or None."""
    grounds = reading.grounds(statement)
    claim = remainder_of(statement, grounds)
    if statement.kind == "law" and is_bare(claim, grounds):  # it says what its quotes say, in their words
        return (
            _judge_amounts(reading, statement, grounds)
            or _judge_dates(reading, statement, grounds)
            or judge_words(reading, statement)
        )
    return (
        _judge_polarity(reading, statement, claim)
        or _judge_amounts(reading, statement, grounds)
        or _judge_dates(reading, statement, grounds)
        or judge_words(reading, statement)
        or _judge_content(reading, statement, grounds)
    )


def _judge_polarity(reading: Reading, statement: Statement, claim: str) -> Fault | None:
    if statement.kind != "law":
        return None
    quotes = [one.quoted for one in reading.grounds(statement) if one.cited in statement.authorities]
    quote = "\n".join(quotes)
    copied = next((told for one in quotes if (told := find_turned_word(claim, one))), "")
    told = copied or next((told for find in TURNS if (told := find(claim, quote))), "")
    if not told and not any(one.historical or one.role == "history" for one in statement.authorities):
        told = find_denied_frame(claim, quote)
    if told:
        return Fault(Code.CONTRADICTED, told, "Say what the quote says.")
    told = find_wider_scope(claim, quote)
    if told:
        return Fault(Code.UNSUPPORTED, told, "Claim no more than the quote.")
    told = "" if statement.qualified else find_dropped_condition(statement.text, quote)
    return Fault(Code.UNSUPPORTED, told, "State the condition, or mark the statement qualified.") if told else None


def _judge_amounts(reading: Reading, statement: Statement, grounds: tuple[Exhibit, ...]) -> Fault | None:
    claimed = find_amounts(remainder_of(statement, grounds))
    if not claimed:
        return None
    quoted = [amount for one in grounds for amount in find_amounts(one.quoted)]
    about = find_amounts(" \n ".join(_about(grounds)))
    facts = find_amounts(reading.task.text)
    for amount in claimed:
        if _is_among(amount, quoted) or _is_among(amount, about):
            continue
        rivals = [one for one in quoted if amount.is_rival(one)]
        if not _is_among(amount, facts) or (
            statement.kind == "law" and not _any_said(rivals, find_amounts(statement.text))
        ):
            found = f"“{amount.written}” stands in none of its quotes"
            told = f"{found}, which say “{rivals[0].written}”" if rivals else found
            return Fault(Code.CONTRADICTED if rivals else Code.UNSUPPORTED, told, "Give the numbers of the quote.")
    return None


def _any_said(rivals: list[Amount], claimed: tuple[Amount, ...]) -> bool:
    """Returns whether the claim sets a fact's number beside the law's own, or the law has none of that unit."""
    return not rivals or any(_is_among(rival, claimed) for rival in rivals)


def _is_among(amount: Amount, others: Iterable[Amount]) -> bool:
    return any(amount.fits(other) for other in others)


def _about(grounds: tuple[Exhibit, ...]) -> list[str]:
    """Returns what the records say of the sources themselves: citation, number, dates, docket."""
    parts: list[str] = []
    for exhibit in grounds:
        parts += (exhibit.display, *exhibit.cited.pin)
        source = exhibit.source
        if isinstance(source, ProvisionRecord):
            names = (source.number, source.heading, source.work.title, source.work.short, *source.work.aliases)
            years = (str(day.year) for day in _days_of(source))
            parts += (*source.path, *names, *years, source.version.note)
        elif isinstance(source, ParagraphRecord):
            years = (str(day.year) for day in _days_of(source))
            parts += (source.name, source.docket, source.page, str(source.number), *source.citations, *years)
    return parts


def _judge_dates(reading: Reading, statement: Statement, grounds: tuple[Exhibit, ...]) -> Fault | None:
    claimed = {found.day for found in find_days(remainder_of(statement, grounds))}
    if not claimed:
        return None
    memo = reading.memo
    known = {memo.as_of, memo.event_date, *(record.today for record in reading.corpora)}
    known |= {day for one in grounds if one.source is not None for day in _days_of(one.source)}
    known |= {found.day for one in grounds for found in find_days(one.quoted)}
    known |= {found.day for found in find_days(reading.task.text)}
    wrong = sorted(claimed - known)
    if not wrong:
        return None
    return Fault(Code.UNSUPPORTED, f"{wrong[0]} is no date of its grounds or of the facts", "Give their own dates.")


def _days_of(source: ProvisionRecord | ParagraphRecord) -> list[date]:
    if isinstance(source, ParagraphRecord):
        days = [source.decided, *(one.decided for one in source.treated_by)]
    else:
        versions: tuple[Brief, ...] = (source.version, *source.versions)
        days = [day for one in versions for day in (one.valid_from, one.valid_to)]
        days += [source.version.observed, source.work.promulgated]
    return [day for day in days if day is not None]


def _find_added(claim: str, texts: Iterable[str]) -> str:
    """Returns a sentence of the statement's own that commands or allows what no passage speaks of, or ""."""
    known = frozenset[str]().union(*map(find_content, texts))
    for sentence in _SENTENCE.split(claim):
        words = find_content(sentence)
        if len(words) >= _LEAST_WORDS and words.isdisjoint(known) and _DUTY.search(sentence):
            return sentence.strip()
    return ""


def _judge_content(reading: Reading, statement: Statement, grounds: tuple[Exhibit, ...]) -> Fault | None:
    """Returns that claim and passages have no words in common; across languages that cannot be told."""
    texts = [part for one in grounds for part in (one.passage, one.display, one.cited.quote)]
    texts += [one.source.heading for one in grounds if isinstance(one.source, ProvisionRecord)]
    if statement.kind == "inference":
        known = reading.known
        texts += [known[name].text for name in statement.premises if name in known]
    if not any(is_same_script(statement.text, text) for text in texts):
        if any(one.verdict == "entailed" for one in reading.judgements):
            return None
        told = "claim and passage are in different languages"
        return Fault(Code.SUPPORT_UNKNOWN, told, "Have a judge compare them.", unknown=True)
    if statement.kind == "law" and (added := _find_added(remainder_of(statement, grounds), texts)):
        return Fault(Code.UNSUPPORTED, f"“{short(added)}” has no word of its passages", "Cite law that says it.")
    share = share_in(statement.text, texts)
    if share is not None and share >= LEAST_SHARE:
        return None
    told = "the claim has no words of content" if share is None else "the passage speaks of something else"
    return Fault(Code.UNSUPPORTED, f"{told}: {short(texts[0] if texts else '')}", "Cite a passage that says it.")
