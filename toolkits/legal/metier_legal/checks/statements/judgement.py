"""What a judge said of a claim and its passages; without one, nothing is asked. Pure."""

from metier_legal.checks.codes import Code
from metier_legal.checks.reading import Exhibit, Fault, Reading
from metier_legal.memo import Statement
from metier_legal.quoting.normal import normalise
from metier_legal.records import JudgementRecord, digest_text


def judge_words(reading: Reading, statement: Statement) -> Fault | None:
    """Returns why a judge's word stands against a statement of law, or None."""
    if statement.kind != "law":
        return None
    needed = any(record.judge for record in reading.corpora)
    if not needed and not reading.judgements:
        return None
    said = [word for cited in statement.authorities for word in _words_on(reading, statement, reading.exhibit(cited))]
    if "contradicted" in said:
        return Fault(Code.CONTRADICTED, "the judge finds the passage against the claim", "Say what the passage says.")
    if "entailed" in said or (not said and not needed):
        return None
    told = "the judge finds that the passage is not enough" if said else "the judge was not asked"
    return Fault(Code.UNSUPPORTED, told, "Ask the judge about this very text and passage, or claim less.")


def _words_on(reading: Reading, statement: Statement, exhibit: Exhibit | None) -> list[str]:
    if exhibit is None:
        return []
    claim = digest_text(statement.text)
    texts = (exhibit.passage, exhibit.text, exhibit.quoted, exhibit.cited.quote)
    passages = {digest_text(text): text for text in texts if text}
    found = [one for one in reading.judgements if one.claim == claim and one.passage in passages]
    return [_word_of(one, passages[one.passage], exhibit.language) for one in found]


def _word_of(record: JudgementRecord, passage: str, language: str) -> str:
    """Returns the verdict; one without words copied from the passage is worth "not enough"."""
    span = normalise(record.span, language=language).text.strip()
    return record.verdict if span and span in normalise(passage, language=language).text else "not enough"
