"""PARSE: every statement has the shape of its kind, and rests on what its kind may rest on. Pure."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.language.amounts import find_amounts
from metier_legal.checks.language.injection import find_instruction
from metier_legal.checks.mentions import find_mentions
from metier_legal.checks.reading import Fault, Reading, short
from metier_legal.memo import Kind, Statement
from metier_legal.quoting.normal import normalise
from metier_legal.quoting.signs import is_shown

_DUTY: Final = re.compile(
    r"\b(?:shall|must|may not|cannot|ought to|(?:is|are|was|were) (?:not )?(?:liable|entitled|required|obliged|allowed|"
    r"permitted|prohibited|forbidden|void|valid|invalid|lawful|unlawful|illegal|legal|enforceable|unenforceable)"
    r"|(?:has|have) (?:a|the|no) (?:right|duty|claim)"
    r"|(?:may|can) (?:terminate|claim|sue|demand|evict|rescind|recover))\b"
    r"|应当|必须|不得|有权|无权|可以(?:解除|要求|请求|主张|终止|拒绝)|承担|违法|合法|有效|无效|禁止",
    re.IGNORECASE,
)
_LAW_UNITS: Final = frozenset(("day", "week", "month", "year", "percent", "money", "article", "times", "age"))
_OF_SECTION: Final[dict[str, frozenset[Kind]]] = {
    "short_answer": frozenset(("law", "inference", "procedural")),
    "facts": frozenset(("fact",)),
    "rules": frozenset(("law", "procedural")),
    "application": frozenset(("law", "inference", "fact", "procedural")),
    "cases_for": frozenset(("law", "procedural")),
    "cases_against": frozenset(("law", "procedural")),
    "unsettled": frozenset(("law", "inference", "procedural")),
}


def judge_statement(reading: Reading, subject: str, statement: Statement) -> Fault | None:
    """Returns what is wrong with the shape of a statement, or None."""
    return next(_faults(reading, subject, statement), None)


def _faults(reading: Reading, subject: str, statement: Statement) -> Iterator[Fault]:
    if not statement.text.strip() or not is_shown(statement.text):
        yield Fault(Code.MALFORMED, "a text that is empty or holds hidden signs", "Write the statement in plain text.")
    if statement.kind not in _OF_SECTION[subject.split("/")[1]]:
        where = subject.split("/")[1]
        yield Fault(Code.MALFORMED, f"a {statement.kind} statement in {where}", "Move it to the section of its kind.")
    if statement.id in _repeated(reading):
        yield Fault(Code.MALFORMED, f"the id {short(statement.id)!r} twice", "Give every statement an id of its own.")
    yield from _ground_faults(reading, statement)
    if find_instruction(statement.text):
        yield Fault(Code.INJECTED, "an instruction to a reader or a model", "State the law, not what a text asks for.")
    if statement.kind == "fact":
        yield from _fact_faults(reading, statement)
    if statement.kind == "procedural":
        yield from _procedural_faults(statement)


def _repeated(reading: Reading) -> frozenset[str]:
    counted = Counter(statement.id for _, statement in reading.memo.statements())
    return frozenset(name for name, times in counted.items() if times > 1)


def _ground_faults(reading: Reading, statement: Statement) -> Iterator[Fault]:
    yield from _premise_faults(reading, statement)
    if statement.kind == "law" and not statement.authorities:
        yield Fault(Code.UNCITED, "no authority", "Cite the provision or case, or leave it out.")
    if statement.kind == "inference" and not statement.premises:
        yield Fault(Code.MALFORMED, "an inference without premises", "Name the statements it follows from.")
    if statement.kind == "inference" and not reading.grounds(statement):
        yield Fault(Code.UNSUPPORTED, "no premise that rests on law", "Name a rule among its premises.")
    if statement.kind in ("fact", "procedural") and (statement.authorities or statement.premises):
        yield Fault(Code.MALFORMED, f"a {statement.kind} statement with grounds", "Make it law or an inference.")


def _premise_faults(reading: Reading, statement: Statement) -> Iterator[Fault]:
    known = reading.known
    for name in statement.premises:
        if name not in known:
            yield Fault(Code.MALFORMED, f"no premise {short(name)!r} in the memo", "Name premises by their ids.")
        elif known[name].kind == "procedural":
            yield Fault(Code.UNSUPPORTED, "a premise that claims nothing", "Rest it on law and facts.")
    if statement.id in reading.circular:
        yield Fault(Code.MALFORMED, "premises that go round in a circle", "Rest it on statements that stand first.")


def _fact_faults(reading: Reading, statement: Statement) -> Iterator[Fault]:
    language = reading.memo.language
    said = normalise(statement.text, language=language).text.strip(" .,;:'")
    if not said or said not in normalise(reading.task.text, language=language).text:
        yield Fault(
            Code.UNSUPPORTED, "words that the user did not say", "Repeat the user's own words, or leave it out."
        )


def _procedural_faults(statement: Statement) -> Iterator[Fault]:
    duty = _DUTY.search(statement.text)
    if duty:
        yield Fault(Code.UNCITED, f"“{duty[0]}”, which states law", "State law as law, with its authority.")
    if any(amount.unit in _LAW_UNITS for amount in find_amounts(statement.text)):
        yield Fault(Code.UNCITED, "a number with a unit of law", "State law as law, with its authority.")
    if find_mentions(statement.text):
        yield Fault(
            Code.UNCITED, "a citation outside of a law statement", "Cite it as an authority of a law statement."
        )
