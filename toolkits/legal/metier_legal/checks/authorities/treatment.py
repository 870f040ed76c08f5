"""TREATMENT: no case that a later one overruled, and no dissent, is given as a holding. Pure."""

import re
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.reading import Exhibit, Fault, Reading
from metier_legal.law.case import HOLDING_PARTS, NEGATIVE, Part, Treatment
from metier_legal.memo import Role
from metier_legal.records import ParagraphRecord, TreatedBy

_STATES_LAW: Final[frozenset[Role]] = frozenset(("rule", "definition", "exception", "holding"))
_SAYS_PART: Final = {
    Part.DISSENT: re.compile(r"dissent|异议|反对意见|少数意见", re.IGNORECASE),
    Part.CONCURRENCE: re.compile(r"concurr|协同意见|附和意见|并存意见", re.IGNORECASE),
    Part.SYLLABUS: re.compile(r"syllabus|headnote|提要|要旨|裁判要点", re.IGNORECASE),
    Part.OTHER: re.compile(r"argu|submi|contend|counsel|summary|procedural|history|诉称|辩称|主张|经过", re.IGNORECASE),
}


def judge(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns why the paragraph may not be cited in its role, or None."""
    source = exhibit.source
    if not isinstance(source, ParagraphRecord):
        return None
    return _judge_part(exhibit, source) or _judge_treatment(reading, exhibit, source)


def _judge_part(exhibit: Exhibit, source: ParagraphRecord) -> Fault | None:
    if source.part in HOLDING_PARTS:
        return None
    if exhibit.cited.role not in _STATES_LAW and _SAYS_PART[source.part].search(exhibit.statement.text):
        return None
    told = f"{source.display} is of the {source.part.value}, which holds nothing"
    repair = "Cite the opinion of the court, or say whose words they are, as counter-authority."
    return Fault(Code.DISSENT_AS_HOLDING, told, repair)


def _judge_treatment(reading: Reading, exhibit: Exhibit, source: ParagraphRecord) -> Fault | None:
    if exhibit.cited.role not in _STATES_LAW:
        return None
    told = [one for one in source.treated_by if one.treatment in NEGATIVE and _counts(reading, one)]
    binding = [one for one in told if not _is_below(one, source)]
    if binding:
        one = binding[0]
        when = f" on {one.decided}" if one.decided else ""
        found = f"{source.display}: {one.name} ({one.court}) {one.treatment.value} it{when}"
        return Fault(Code.NEGATIVE_TREATMENT, found, "Cite it as history, or cite the later case.")
    if told or not source.treatment_known:
        found = f"later cases on {source.display} are not all known: treatment not checked"
        return Fault(Code.TREATMENT_UNKNOWN, found, "Look for later cases.", unknown=True)
    return None


def _counts(reading: Reading, one: TreatedBy) -> bool:
    return one.decided is None or one.decided <= reading.memo.as_of


def _is_below(one: TreatedBy, source: ParagraphRecord) -> bool:
    """Returns whether a lower court would have overruled a higher one, which none can: the signal was misread."""
    if one.treatment is Treatment.SUPERSEDED_BY_STATUTE:
        return False
    return 0 < one.court_level < source.court_level
