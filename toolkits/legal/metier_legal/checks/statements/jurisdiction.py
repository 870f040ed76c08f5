"""JURISDICTION: a statement rests on law that binds in the memo's jurisdiction, or says that it persuades. Pure."""

from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.reading import Exhibit, Fault, Reading
from metier_legal.law.case import Authority
from metier_legal.memo import Statement
from metier_legal.records import ParagraphRecord, ProvisionRecord

_TRIAL: Final = 1
_CHINA: Final = "cn"
_AGAINST: Final = frozenset(("counter", "history"))


def judge(reading: Reading, subject: str, statement: Statement) -> Fault | None:
    """Returns why the authorities do not bear the statement's weight, or None."""
    grounds = reading.grounds(statement)
    return (
        _judge_sides(subject, statement, grounds)
        or _judge_basis(subject, statement, grounds)
        or _judge_weight(reading, statement, grounds)
    )


def _judge_weight(reading: Reading, statement: Statement, grounds: tuple[Exhibit, ...]) -> Fault | None:
    jurisdiction = reading.memo.jurisdiction
    if statement.weight == "persuasive" or any(_binds(one, jurisdiction) for one in grounds):
        return None
    told = "; ".join(dict.fromkeys(_why_not(one, jurisdiction) for one in grounds))
    repair = 'Cite law that binds there, or give the statement the weight "persuasive".'
    return Fault(Code.WRONG_JURISDICTION, f"nothing of it binds in {jurisdiction}: {told[:300]}", repair)


def _binds(exhibit: Exhibit, jurisdiction: str) -> bool:
    source = exhibit.source
    if isinstance(source, ProvisionRecord):
        return is_law_of(source.work.jurisdiction, jurisdiction)
    if not isinstance(source, ParagraphRecord) or not is_law_of(source.jurisdiction, jurisdiction):
        return False
    if source.authority is not Authority.PRECEDENT:
        return source.authority is Authority.GUIDING
    return source.court_level != _TRIAL


def _why_not(exhibit: Exhibit, jurisdiction: str) -> str:
    source = exhibit.source
    if isinstance(source, ProvisionRecord):
        return f"{source.display} is law of {source.work.jurisdiction}"
    if not isinstance(source, ParagraphRecord):
        return f"{exhibit.display} is no authority"
    if not is_law_of(source.jurisdiction, jurisdiction):
        return f"{source.display} is of {source.jurisdiction}"
    kind = "a court of first instance" if source.authority is Authority.PRECEDENT else f"{source.authority.value} only"
    return f"{source.display} is of {kind}"


def is_law_of(authority: str, jurisdiction: str) -> bool:
    """Returns whether law of `authority` is law in `jurisdiction`: its own, or that of the union it is part of."""
    return authority == jurisdiction or jurisdiction.startswith((f"{authority}/", f"{authority}-"))


def _judge_basis(subject: str, statement: Statement, grounds: tuple[Exhibit, ...]) -> Fault | None:
    """Returns that a Chinese rule rests on cases alone: there they are reasons and never the basis (裁判依据)."""
    sources = [one.source for one in grounds if one.cited.role not in _AGAINST]
    cases = [one for one in sources if isinstance(one, ParagraphRecord)]
    if not cases or len(cases) < len(sources) or any(not is_law_of(_CHINA, one.jurisdiction) for one in cases):
        return None
    is_basis = statement.kind == "inference" or subject.startswith(("/rules/", "/short_answer/"))
    if not is_basis and not any(one.cited.role == "rule" for one in grounds):
        return None
    told = "Chinese cases alone, which are reasons and no basis (裁判依据)"
    return Fault(Code.UNSUPPORTED, told, "Cite the provision that the case applies.")


def _judge_sides(subject: str, statement: Statement, grounds: tuple[Exhibit, ...]) -> Fault | None:
    """Returns that what is concluded rests only on authority against it or on law of the past, or None."""
    roles = {one.cited.role for one in grounds}
    if statement.kind == "law" and (subject.startswith(("/cases_against/", "/unsettled/")) or "history" in roles):
        return None
    if roles and roles <= _AGAINST:
        told = f"only {' and '.join(sorted(roles))} authority"
        return Fault(Code.UNSUPPORTED, told, "Cite law that is good and speaks for it.")
    return None
