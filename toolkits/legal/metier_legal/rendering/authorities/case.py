"""How a cited case stands: what later cases did to it, and what weight it has. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from metier_legal.checks.statements.jurisdiction import is_law_of
from metier_legal.citations.form import form_case
from metier_legal.law.case import HOLDING_PARTS, NEGATIVE, Authority, Case, Treatment
from metier_legal.memo import Memo
from metier_legal.records import ParagraphRecord, TreatedBy
from metier_legal.rendering.authorities.entry import CaseEntry, Force, Passage

APPEAL: Final = 2  # courts of this level and above bind those below them
_GRAVITY: Final = tuple(Treatment)
_FORCE_OF_AUTHORITY: Final = {
    Authority.GUIDING: Force.GUIDING,
    Authority.REFERENCE: Force.REFERENCE,
    Authority.ORDINARY: Force.ORDINARY,
}


def list_case(
    found: Sequence[tuple[str, ParagraphRecord]], memo: Memo, cited: Mapping[str, tuple[str, ...]]
) -> CaseEntry:
    """Returns the entry of the case whose paragraphs are `found` with the names of their evidence."""
    records = [record for _, record in found]
    first = records[0]
    treated = dict.fromkeys(
        one for record in records for one in record.treated_by if one.treatment is not Treatment.CITES
    )
    order = [subject for subject, _ in memo.statements()]
    places = dict.fromkeys(place for name, _ in found for place in cited[name])
    return CaseEntry(
        case=first.case,
        display=form_case(_case_of(first)),
        name=first.name,
        jurisdiction=first.jurisdiction,
        court=first.court,
        court_level=first.court_level,
        decided=first.decided,
        authority=first.authority,
        passages=tuple(sorted((_passage(*one) for one in found), key=lambda one: (one.number, one.evidence))),
        treated_by=tuple(sorted(treated, key=_order_of_treatment)),
        treatment_known=all(record.treatment_known for record in records),
        force=_force_of_case(records, tuple(treated), memo),
        fictional=any(record.fictional for record in records),
        cited_at=tuple(sorted(places, key=order.index)),
    )


def _case_of(record: ParagraphRecord) -> Case:
    return Case(
        id=record.case,
        jurisdiction=record.jurisdiction,
        name=record.name,
        court=record.court,
        court_level=record.court_level,
        decided=record.decided,
        docket=record.docket,
        citations=record.citations,
        parties=record.parties,
        authority=record.authority,
        language=record.language,
        fictional=record.fictional,
    )


def _passage(name: str, record: ParagraphRecord) -> Passage:
    return Passage(
        evidence=name,
        number=record.number,
        part=record.part,
        author=record.author,
        page=record.page,
        sha256=record.sha256,
    )


def _force_of_case(records: Sequence[ParagraphRecord], treated: tuple[TreatedBy, ...], memo: Memo) -> Force:
    first = records[0]
    if any(is_against(one, first, memo) for one in treated):
        return Force.NO_LONGER
    if not any(record.part in HOLDING_PARTS for record in records):
        return Force.NOT_A_HOLDING
    if not is_law_of(first.jurisdiction, memo.jurisdiction):
        return Force.PERSUASIVE
    if first.authority in _FORCE_OF_AUTHORITY:
        return _FORCE_OF_AUTHORITY[first.authority]
    if first.court_level == 0:
        return Force.UNKNOWN
    return Force.BINDING if first.court_level >= APPEAL else Force.PERSUASIVE


def is_against(treated: TreatedBy, record: ParagraphRecord, memo: Memo) -> bool:
    """Returns whether the treatment takes the case's authority away, by the memo's day and by a court that can."""
    if treated.treatment not in NEGATIVE or (treated.decided is not None and treated.decided > memo.as_of):
        return False
    is_below = 0 < treated.court_level < record.court_level
    return treated.treatment is Treatment.SUPERSEDED_BY_STATUTE or not is_below


def _order_of_treatment(treated: TreatedBy) -> tuple[object, ...]:
    return _GRAVITY.index(treated.treatment), treated.decided or date.max, treated.name, treated.case
