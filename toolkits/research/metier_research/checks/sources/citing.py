"""READ, QUOTED and NO-INSTRUCTIONS: what a statement cites was read, stands where it says, and is no order. Pure."""

from collections.abc import Iterator
from typing import Final

from metier_research.checks.reading import LONGEST_QUOTE, NOTICE, Exhibit, Fault, Reading, short
from metier_research.language.instructions import find_instruction
from metier_research.language.sentences import sentences_of
from metier_research.language.words import find_content
from metier_research.pages.evidence import HIT, PASSAGE
from metier_research.reading.quoting import find_quote
from metier_research.report import Statement

_MOST_SUGGESTED: Final = 300


def judge_read(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields the citations of what nobody read in this run."""
    for exhibit in reading.exhibits(subject):
        name = exhibit.cited.evidence
        if exhibit.item is None:
            yield Fault(f"{short(name)} is no evidence of this run", "Cite an id that a tool returned in this run.")
        elif exhibit.kind == HIT:
            page = short(exhibit.field("url"))
            yield Fault(
                f"{name} is a search's pointer to {page}, which was not read",
                f"Visit {page} first, and cite the passage that says it.",
                evidence=(name,),
            )
        elif exhibit.item.source.startswith(NOTICE):
            yield Fault(f"{name} is a notice of the gateway", "Cite what was read.", evidence=(name,))


def judge_quoted(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields the quotes that do not stand in what they cite, and the passages that are cited without a quote."""
    for exhibit in reading.exhibits(subject):
        if exhibit.item is None:
            continue
        quote = (exhibit.cited.quote or "").strip()
        ids = (exhibit.cited.evidence,)
        if not quote and (exhibit.kind == PASSAGE or len(exhibit.text) > LONGEST_QUOTE):
            yield Fault(
                f"{exhibit.cited.evidence} is cited without its words",
                _suggest(exhibit, statement.text) or "Quote the words of the passage that say it.",
                evidence=ids,
            )
        elif quote and exhibit.span is None:
            yield Fault(
                f"“{short(quote)}” does not stand in {exhibit.cited.evidence}",
                _elsewhere(reading, quote) or _suggest(exhibit, quote) or "Quote the passage letter by letter.",
                evidence=ids,
            )


def judge_instructions(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    """Yields what a page says to the assistant, given as if it were a fact."""
    told = find_instruction(statement.text)
    if told:
        yield Fault(f"“{short(told)}” addresses the assistant", "State only what the sources say of the subject.")
    for exhibit in reading.exhibits(subject):
        told = "" if exhibit.item is None else find_instruction(exhibit.text)
        if told:
            yield Fault(
                f"{exhibit.cited.evidence} gives orders to its reader (“{short(told)}”) and supports nothing",
                "Cite a page that states it without addressing the assistant, or leave it out.",
                evidence=(exhibit.cited.evidence,),
            )


def _elsewhere(reading: Reading, quote: str) -> str:
    """Returns which passage of the run has the words, or ""."""
    for item in reading.of_kind(PASSAGE):
        if find_quote(quote, item.text) is not None:
            return f"These words stand in {item.id}: cite that."
    return ""


def _suggest(exhibit: Exhibit, wanted: str) -> str:
    """Returns the exact words of the sentence nearest to what was wanted, or ""."""
    words = find_content(wanted)
    best = max(sentences_of(exhibit.text), key=lambda one: len(words & find_content(one)), default="")
    if not words & find_content(best) or len(best) > _MOST_SUGGESTED:
        return ""
    return f"Quote these words: “{best}”"
