"""SUPPORTED: a statement says what its quotes say: no denial dropped, nothing turned round, nothing added. Pure."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from rapidfuzz.fuzz import token_set_ratio

from metier_research.checks.reading import Exhibit, Fault, Reading, ids_of, short
from metier_research.checks.support.adding import find_added
from metier_research.checks.support.comparing import find_turned_comparison
from metier_research.checks.support.linking import find_unlinked
from metier_research.language.amounts import find_amounts
from metier_research.language.denial import count_denials, find_hedge, find_opposite
from metier_research.language.sentences import sentences_of
from metier_research.language.stretches import cut_stretches
from metier_research.language.words import find_content, is_comparable
from metier_research.pages.evidence import OUTPUT
from metier_research.report import Statement

LEAST_SHARE: Final = 0.3
_ALIKE: Final = 0.5  # share of the claim's words that a sentence has which it is held against
_FEW: Final = 4  # content words below which their share says little
_COPY: Final = 85.0
_YES_NO: Final = re.compile(r"^\s*(?:yes|no)\s*[,.:;—–-]\s*|^\s*[是否不][，。：]", re.IGNORECASE)
_CLAUSE: Final = re.compile(
    r"[,;:](?=\s)|，|；|(?<=\s)[–—](?=\s)|\s(?=(?:but|although|though|while|whereas)\s)"
    r"|\s(?=and (?:is|was|are|were|has|had|have|did|does|do|can|could|will|would|never|not)\s)"
)
_FRAME: Final = re.compile(
    r"\b(?:that|whether|if|claims?|claimed|said|says|rumou?r|myth|legend|reportedly|allegedly|according to[^,]*)\s*\Z"
    r"|据说\Z|称\Z",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[A-Za-zÀ-ž'’-]+")
_NEUTRAL: Final = find_content(
    "page pages source sources report reports article text passage mention give list note record say question answer "
    "time times twice true false fact total together respectively thus therefore hence however also located "
    "called named number amount figure value year day date place part kind type known following different same similar"
)
_COMPARED: Final = re.compile(r"\b(?:than|whereas|while|compared)\b|比", re.IGNORECASE)


def judge_supported(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields where a statement denies, affirms or hedges otherwise than its sources, or is about something else."""
    exhibits = tuple(one for one in reading.exhibits(subject) if one.item is not None and one.said)
    words = tuple(one for one in exhibits if one.kind != OUTPUT)
    if exhibits and not words and not find_amounts(statement.text):
        yield Fault(
            "a program's output supports numbers only", "Cite a passage that says it.", evidence=ids_of(exhibits)
        )
    if not words:
        return
    if not is_comparable(statement.text, [one.said for one in words]):
        yield Fault(
            "the statement and its sources are in different scripts", "Quote a source in its language.", unknown=True
        )
        return
    near, far = _words(reading, words)
    for sentence in sentences_of(_YES_NO.sub("", statement.text)):
        told, repair = _deny(sentence, statement, words, (near, far))
        if told:
            yield Fault(told, repair, evidence=ids_of(words))
            return
    if new := _find_new(statement.text, far):
        told = f"“{short(new)}” is a word of none of its sources: whether they say so is not decided"
        yield Fault(told, "Say it in the words of the source, or leave it out.", unknown=True, evidence=ids_of(words))


def _deny(
    sentence: str, statement: Statement, words: Sequence[Exhibit], content: tuple[frozenset[str], frozenset[str]]
) -> tuple[str, str]:
    """Returns why a sentence is not what its sources say, and how to mend it; "" where it is."""
    if told := _turn(sentence, words, statement):
        return told, "Say what the quote says."
    if _is_elsewhere(sentence, *content):
        told = f"the cited words speak of something else: “{short(words[0].quoted)}”"
        return told, "Cite the passage that says it, say it in its words, or leave it out."
    if statement.confidence != "low" and (told := find_added(sentence, words)):
        return told, "Say what the quote says, and no more."
    return find_unlinked(sentence, words), "Cite the passage that says both, or each step between."


def _words(reading: Reading, exhibits: Sequence[Exhibit]) -> tuple[frozenset[str], frozenset[str]]:
    """Returns the content words of what is cited, heads of tables and titles counted in, and those of all around it."""
    parts = (part for one in exhibits for part in (one.said, one.head, *one.naming))
    near = frozenset[str]().union(*map(find_content, parts))
    return near, near.union(*(find_content(one.text) for one in exhibits), find_content(reading.task.text))


def _is_elsewhere(sentence: str, near: frozenset[str], far: frozenset[str]) -> bool:
    """Returns whether a sentence shares too little with its sources to be about the same.

    Apart from names and numbers, it must share a word with what is cited, and three tenths of many words with that, the
    rest of the passages and the question.
    """
    body = frozenset[str]().union(*(stretch.body for stretch in cut_stretches(sentence)))
    return bool(body) and not (body & near and (len(body) < _FEW or len(body & far) >= LEAST_SHARE * len(body)))


def _find_new(text: str, far: frozenset[str]) -> str:
    """Returns a word that neither what is cited nor all around it nor the question has, or ""; not of Chinese."""
    bodies = (stretch.body for sentence in sentences_of(text) for stretch in cut_stretches(sentence))
    new = frozenset[str]().union(*bodies) - far - _NEUTRAL
    return next((word for word in _WORD.findall(text) if new & find_content(word)), "")


def _turn(sentence: str, exhibits: Sequence[Exhibit], statement: Statement) -> str:
    """Returns how the sentence turns what the sentence of its sources says that is nearest to it, or ""."""
    mine = count_denials(sentence)
    if mine and not _COMPARED.search(sentence) and not any(count_denials(one.said) for one in exhibits):
        return f"“{short(sentence)}” denies something, and its sources deny nothing"
    told = find_turned_comparison(sentence, exhibits)
    if not told and not _COMPARED.search(sentence):
        told = find_opposite(sentence, " ".join(one.quoted for one in exhibits))
    source = _nearest(sentence, exhibits)
    if told or not source:
        return told
    source = _stretch(sentence, source)
    theirs = count_denials(source)
    if mine % 2 != theirs % 2:
        side = "the source denies it" if theirs else "the source does not deny it"
        return f"“{short(sentence)}”: {side} (“{short(source)}”)"
    hedge = find_hedge(source)
    if hedge and not find_hedge(sentence) and statement.confidence != "low":
        return f"the source says “{hedge}”, and the statement does not"
    return ""


def _nearest(sentence: str, exhibits: Sequence[Exhibit]) -> str:
    """Returns the sentence of the sources that says most nearly the same; "" where none is near."""
    wanted = find_content(sentence)
    best, share = "", 0.0
    for exhibit in exhibits:
        about = find_content(exhibit.field("title"))
        for source in sentences_of(exhibit.said):
            have = find_content(source)
            here = len(wanted & (have | about)) / len(wanted) if wanted else 0.0
            if wanted & have and here > share:
                best, share = source, here
    near = share >= _ALIKE or (best != "" and token_set_ratio(sentence, best) >= _COPY)
    return best if near else ""


def _stretch(sentence: str, source: str) -> str:
    """Returns the clauses of the source that have the claim's words, with a clause before them that ends in "that"."""
    wanted = find_content(sentence)
    clauses = [part for part in _CLAUSE.split(source) if part.strip()]
    having = [at for at, part in enumerate(clauses) if wanted & find_content(part)]
    if not having:
        return source
    first = having[0]
    while first and _FRAME.search(clauses[first - 1]):
        first -= 1
    return ", ".join(clauses[first : having[-1] + 1])
