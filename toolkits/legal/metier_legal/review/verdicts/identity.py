"""Whether a case is what the document says it is, and what later cases did to it. Pure, given a corpus."""

import re
from datetime import date
from typing import Final

from metier_legal.citations.citation import CaseCitation
from metier_legal.corpus.corpus import Corpus, Mention
from metier_legal.law.case import NEGATIVE, Case, Treatment
from metier_legal.law.courts import level_of_court
from metier_legal.review.verdicts.items import OK, Code, Finding

_TOKEN: Final = re.compile(r"[^\W_]+")
_VERSUS: Final = re.compile(r"\s(?:v|vs|versus|gegen|contre|c)\.?\s|诉", re.IGNORECASE)
_WORDS: Final = """
the of and a an in re ex parte et al co inc corp ltd llc llp lp plc gmbh ag company corporation limited no see also cf
matter state states united people commonwealth city county dept department bd board comm commission r ry
"""
_IDLE: Final = frozenset(_WORDS.split())
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_HAN_COURT: Final = re.compile(r"([\u4e00-\u9fff]{2,24}法院)[\s，,在于的]*(?:作出|审理|审结)?的?\s*$")
_HAN_NAME: Final = re.compile(r"([^\s，。；：、《》“”（）()]{4,60}?(?:纠纷|罪)(?:一)?案)[\s，,：:（(“”]*$")
_SAYS_BAD: Final = re.compile(
    r"overrul|revers|vacat|supersed|abrogat|no longer good law|not good law|disapprov"
    r"|推翻|撤销|改判|不再适用|已被|废止|aufgehoben|aufgegeben",
    re.IGNORECASE,
)
_NUMERALS: Final = """
first second third fourth fifth sixth seventh eighth ninth tenth eleventh
"""
_ORDINALS: Final = {word: str(number) for number, word in enumerate(_NUMERALS.split(), start=1)}


def judge_identity(citation: CaseCitation, case: Case, before: str) -> Finding:
    """Returns whether name, court and year of a citation agree with the case; `before` is the text in front of it."""
    for judge in (_judge_name, _judge_court, _judge_year):
        finding = judge(citation, case, before)
        if finding.status != "ok":
            return finding
    return OK


def _judge_name(citation: CaseCitation, case: Case, before: str) -> Finding:
    if _HAN.search(case.name):
        return _judge_chinese_name(case, before)
    sides = _VERSUS.split(f" {citation.name} ")
    theirs = _words(" ".join((case.name, *case.parties)))
    if citation.name.strip() and theirs and not all(_agrees(_tokens(side), theirs) for side in sides):
        says = f"The decision that is cited is {case.name}, not {citation.name.strip()}."
        return Finding("wrong", Code.NAME_MISMATCH, says, case.name)
    return OK


def _tokens(text: str) -> frozenset[str]:
    """Returns the words that tell parties apart; all of them where there are no others ("United States")."""
    return _words(text) - _IDLE or _words(text)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _TOKEN.findall(text.replace("’", "'")))


def _agrees(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    return not ours or any(_same_word(one, other) for one in ours for other in theirs)


def _same_word(one: str, other: str) -> bool:
    """Returns whether two words are the same or one abbreviates the other ("Ry", "Railway"; "Mfg", "Manufacturing")."""
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 2 or short[0] != long[0] or len(long) > 40:
        return False
    letters = iter(long)
    return len(short) < len(long) and all(letter in letters for letter in short)


def _judge_chinese_name(case: Case, before: str) -> Finding:
    found = _HAN_NAME.search(_HAN_COURT.sub("", before[-120:]))
    if found is None or not _HAN.search(case.name):
        return OK
    ours, theirs = (_bigrams(re.sub(r"一?案$|纠纷|[与诉和]", "", name)) for name in (found[1], case.name))
    if not theirs or 3 * len(ours & theirs) >= min(len(ours), len(theirs)):
        return OK
    return Finding("wrong", Code.NAME_MISMATCH, f"该案号是{case.name}，不是{found[1]}。", case.name)


def _bigrams(text: str) -> frozenset[str]:
    signs = "".join(_HAN.findall(text))
    return frozenset(signs[at : at + 2] for at in range(len(signs) - 1))


def _judge_court(citation: CaseCitation, case: Case, before: str) -> Finding:
    written = citation.court
    if case.language == "zh" and (found := _HAN_COURT.search(before[-60:])) is not None:
        written = found[1]
    if not written or not case.court or _is_court(written, case):
        return OK
    says = f"It is a decision of {case.court}, not of {written}."
    return Finding("wrong", Code.WRONG_COURT, says, case.court)


def _is_court(written: str, case: Case) -> bool:
    """Returns whether a court as written can be the court of the case; only what surely differs is told apart."""
    ours, theirs = _fold(written), _fold(case.court)
    if ours in theirs or theirs in ours:
        return True
    if case.language == "zh":
        # What comes before a court's name in a sentence is taken with it: the end decides.
        return any(ours.endswith(theirs[cut:]) for cut in range(max(len(theirs) - 5, 1)) if len(theirs) - cut >= 6)
    levels = {level_of_court(case.jurisdiction, written), case.court_level}
    if 0 not in levels and len(levels) == 2:
        return False
    numbers = [_numbers(one) for one in (written, case.court)]
    if all(numbers):
        return bool(numbers[0] & numbers[1])
    return bool(case.jurisdiction in _KNOWN or _tokens(written) & _tokens(case.court))


_KNOWN: Final = frozenset(("us", "uk", "de", "eu", "fr"))


def _fold(text: str) -> str:
    return " ".join(_TOKEN.findall(text.casefold()))


def _numbers(court: str) -> frozenset[str]:
    words = [_ORDINALS.get(word.casefold(), word) for word in _TOKEN.findall(court)]
    return frozenset(digits[0] for word in words if (digits := re.search(r"\d+", word)))


def _judge_year(citation: CaseCitation, case: Case, _: str) -> Finding:
    if case.decided is None or citation.carried:
        return OK
    # A Chinese number has the year in which the case was filed; a German docket the one in which it came in.
    stated = citation.year if citation.system in ("us", "uk", "eu") else None
    year = citation.decided.year if citation.decided else stated
    if year is not None and year != case.decided.year:
        says = f"It was decided on {case.decided}, not in {year}."
        return Finding("wrong", Code.WRONG_YEAR, says, str(case.decided))
    if citation.decided is not None and citation.decided != case.decided:
        says = f"It was decided on {case.decided}, not on {citation.decided}."
        return Finding("wrong", Code.WRONG_YEAR, says, str(case.decided))
    return OK


def judge_treatment(case: Case, corpus: Corpus, *, on: date, near: str) -> Finding:
    """Returns whether a later case has taken the authority of this one by `on`, and whether the document says so."""
    found = [mention for mention in corpus.cited_by(case.id) if _counts(mention, case, on)]
    if not found:
        return OK
    worst = found[0]
    when = f" ({worst.decided})" if worst.decided else ""
    # A source may state what a decision reports of a third one: that it is bad law is sure, by whom is not.
    source = "by or according to" if worst.stated else "by the words of"
    says = f"It was {_PAST[worst.treatment]}, {source} {worst.name}, {worst.court}{when}."
    if _SAYS_BAD.search(near):
        return Finding("ok", Code.OK, f"{says} The document says so.", worst.quote)
    return Finding("wrong", Code.NEGATIVE_TREATMENT, says, worst.quote)


_PAST: Final = {
    Treatment.OVERRULES: "overruled",
    Treatment.REVERSES: "reversed",
    Treatment.VACATES: "vacated",
    Treatment.SUPERSEDED_BY_STATUTE: "superseded by statute",
}


def _counts(mention: Mention, case: Case, on: date) -> bool:
    later = mention.decided is None or (
        mention.decided <= on and (case.decided is None or mention.decided >= case.decided)
    )
    high = not mention.court_level or not case.court_level or mention.court_level >= case.court_level
    return mention.treatment in NEGATIVE and later and high and mention.case != case.id
