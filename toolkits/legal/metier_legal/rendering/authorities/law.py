"""How a cited version of a provision stands: on the relevant day, and what became of it later. Pure."""

from datetime import date
from typing import Literal

from metier_legal.checks.statements.jurisdiction import is_law_of
from metier_legal.law.provision import Provision, Standing, Status, standing_on
from metier_legal.memo import Memo
from metier_legal.records import Brief, ProvisionRecord
from metier_legal.rendering.authorities.entry import Change, Force, LawEntry


def list_law(name: str, record: ProvisionRecord, memo: Memo, places: tuple[str, ...]) -> LawEntry:
    """Returns the entry of the version that is evidence `name`, cited at `places`."""
    work, version = record.work, record.version
    standing = _standing(record, memo.relevant_day)
    instead = _in_force(record, memo.relevant_day) if standing is not Standing.IN_FORCE else None
    return LawEntry(
        evidence=name,
        display=record.display,
        work=work.id,
        title=work.title,
        jurisdiction=work.jurisdiction,
        level=work.level,
        number=record.number,
        heading=record.heading,
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        observed=version.observed,
        note=version.note,
        sha256=version.sha256,
        standing=standing,
        instead=_begin(instead) if instead else None,
        instead_same=instead is not None and instead.sha256 == version.sha256,
        change=_change(record, memo) if standing in (Standing.IN_FORCE, Standing.REPEALED) else None,
        replaced_by=work.replaced_by,
        force=_force_of_law(standing, work.jurisdiction, memo),
        fictional=work.fictional,
        cited_at=places,
    )


def _standing(record: ProvisionRecord, day: date) -> Standing:
    """Returns how the version stands; a past version of a provision that is repealed by that day is repealed."""
    own = standing_on(_without_text(record, record.version), day)
    if own is not Standing.SUPERSEDED:
        return own
    others = {standing_on(_without_text(record, one), day) for one in record.versions}
    return Standing.REPEALED if Standing.REPEALED in others and Standing.IN_FORCE not in others else own


def _force_of_law(standing: Standing, jurisdiction: str, memo: Memo) -> Force:
    if standing is Standing.UNKNOWN:
        return Force.UNKNOWN
    if standing is not Standing.IN_FORCE:
        return Force.NOT_LAW
    return Force.BINDING if is_law_of(jurisdiction, memo.jurisdiction) else Force.PERSUASIVE


def _without_text(record: ProvisionRecord, brief: Brief) -> Provision:
    return Provision(
        work=record.work.id,
        number=record.number,
        text="",
        valid_from=brief.valid_from,
        valid_to=brief.valid_to,
        observed=brief.observed,
        status=brief.status,
    )


def _begin(brief: Brief) -> date | None:
    return brief.valid_from or brief.observed


def _in_force(record: ProvisionRecord, day: date) -> Brief | None:
    """Returns the version in force on the day that begins last, where the record has one."""
    found = [one for one in record.versions if standing_on(_without_text(record, one), day) is Standing.IN_FORCE]
    return max(found, key=lambda one: _begin(one) or date.min, default=None)


def _change(record: ProvisionRecord, memo: Memo) -> Change | None:
    """Returns the repeal where it came to that, else the first amendment, else the first later version or the end."""
    begin = _begin(record.version) or date.min
    later = sorted(
        (day, i) for i, one in enumerate(record.versions) if (day := _begin(one)) is not None and day > begin
    )
    changes = [(day, _kind_of_change(record.versions[i], record.version)) for day, i in later]
    if not changes and record.version.valid_to is not None:
        changes = [(record.version.valid_to, "ended")]
    if not changes:
        return None
    first = next((change for change in changes if change[1] != "reissued"), changes[0])
    day, kind = changes[-1] if changes[-1][1] == "repealed" else first
    return Change(kind=kind, day=day, ahead=day > memo.as_of)


def _kind_of_change(later: Brief, version: Brief) -> Literal["amended", "reissued", "repealed", "ended"]:
    if later.status not in (Status.IN_FORCE, Status.UNKNOWN):
        return "repealed"
    return "reissued" if later.sha256 == version.sha256 else "amended"
