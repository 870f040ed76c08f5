"""Which words of a provision or a case to quote. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from metier.evidence import Evidence
from metier_legal.law.case import HOLDING_PARTS
from metier_legal.law.provision import Unit
from metier_legal.playbook.terms import Scale
from metier_legal.records import ParagraphRecord, ProvisionRecord, read_record

LONGEST: Final = 700
_HOLDING: Final = re.compile(
    r"\bwe (?:therefore |accordingly )?hold\b|\bheld that\b|\bthe court holds\b|本院认为|裁判要旨", re.I
)
_SENTENCE: Final = re.compile(r"[^.!?。！？；\n]+(?:[.!?](?=[^\s\"”’)])[^.!?。！？；\n]*)*[.!?。！？；]*[\"”’)]?")
_EXCEPTION: Final = re.compile(
    r"\b(?:unless|except|however|provided that|notwithstanding|does not apply|subject to)\b|但|除外|不适用|除非", re.I
)
_NO: Final = re.compile(
    r"\b(?:may|shall|must|can|does|do|did|is|was|were|are|could|has|had|have) not\b|\bcannot\b|\bno right\b"
    r"|\bnot entitled\b|\bnot liable\b|\bwithout effect\b|\bis void\b|\bfails?\b"
    r"|\bdismiss|\bnor\b|\bneither\b|\bno (?:claim|ground)\b"
    r"|不得|不能|无权|不予|不应|不承担|不构成|不成立|无效|驳回|未能",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """A provision that was read, and the part of it to quote. `exceptions` are parts that may take it away."""

    evidence: Evidence
    record: ProvisionRecord
    unit: Unit
    score: float
    exceptions: tuple[Unit, ...] = ()

    @property
    def quote(self) -> str:
        """Returns the words of the part to quote."""
        return self.words(self.unit)

    def words(self, unit: Unit) -> str:
        """Returns the words of a part."""
        return self.evidence.text[unit.start : unit.end].strip()


@dataclass(frozen=True, slots=True)
class Holding:
    """A case that was read, the paragraph and the words that hold, and whether they say yes or no."""

    evidence: Evidence
    record: ParagraphRecord
    quote: str
    score: float
    says: Literal["yes", "no", ""] = ""


def choose_rule(evidence: Evidence, scale: Scale) -> Rule | None:
    """Returns what to quote of a provision: its best part, or the whole where it is short; None for other evidence."""
    record = read_record(evidence)
    if not isinstance(record, ProvisionRecord) or not evidence.text.strip():
        return None
    whole = Unit(path=(), start=0, end=len(evidence.text))
    parts = [unit for unit in record.units if len(unit.path) == 1 and unit.end > unit.start] or [whole]
    if len(evidence.text) <= LONGEST // 2:
        parts = [whole]
    best = max(parts, key=lambda unit: scale.score(evidence.text[unit.start : unit.end]))
    best = _shorten(evidence.text, best, record.units, scale)
    exceptions = tuple(
        unit for unit in parts if unit != best and _EXCEPTION.search(evidence.text[unit.start : unit.start + LONGEST])
    )
    return Rule(evidence, record, best, scale.score(f"{record.heading} {evidence.text}"), exceptions[:4])


def _shorten(text: str, unit: Unit, units: Sequence[Unit], scale: Scale) -> Unit:
    """Returns the part itself, or the best part below it where it is too long to quote."""
    below = [one for one in units if len(one.path) == len(unit.path) + 1 and one.path[: len(unit.path)] == unit.path]
    if unit.end - unit.start <= LONGEST or not below:
        return unit
    return _shorten(text, max(below, key=lambda one: scale.score(text[one.start : one.end])), units, scale)


def choose_holding(items: Sequence[Evidence], scale: Scale) -> Holding | None:
    """Returns the words by which a case decided, from the paragraphs of it that were read; None where none say so.

    Its score is that of these words, times how much of the question the whole case speaks of.
    """
    best: Holding | None = None
    near = 0.3 + scale.share("\n".join(item.text for item in items))
    for item in items:
        record = read_record(item)
        if not isinstance(record, ParagraphRecord) or record.part not in HOLDING_PARTS:
            continue
        for sentence in _holding_sentences(item.text):
            score = near * scale.score(sentence)
            if best is None or score > best.score:
                best = Holding(item, record, sentence, score, polarity(sentence))
    return best


def _holding_sentences(text: str) -> Iterator[str]:
    for found in _SENTENCE.finditer(text):
        sentence = found[0].strip()
        if _HOLDING.search(sentence) and len(sentence) <= LONGEST:
            yield sentence


def polarity(sentence: str) -> Literal["yes", "no"]:
    """Returns whether a holding denies ("may not terminate", 无权解除) or affirms."""
    return "no" if _NO.search(sentence) else "yes"
