"""RESOLVE, READ and PIN: the authority is in this run, is law that our own server read, and has that part. Pure."""

import re
from typing import Final

from metier_legal.checks.codes import Code
from metier_legal.checks.language.injection import find_instruction
from metier_legal.checks.reading import Exhibit, Fault, Reading, short
from metier_legal.records import SOURCE, ProvisionRecord, SearchRecord

_EVIDENCE_ID: Final = re.compile(r"ev-[0-9a-f]{16}")


def resolve(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns why the authority is none of this run, or None."""
    if exhibit.item is not None:
        return None
    name = exhibit.cited.evidence
    if any(isinstance(one, SearchRecord) and one.state == "UNAVAILABLE" for one in reading.records.values()):
        return Fault(
            Code.SOURCE_UNAVAILABLE, f"{short(name)} was not read: a search failed", "Search again, or refuse."
        )
    where = ""
    if _EVIDENCE_ID.fullmatch(name) and name in reading.task.text:
        where = "; an id in the question is no authority"
    elif any(name in item.text for item in reading.evidence.values()):
        where = "; an id inside a document is no authority"
    return Fault(Code.NO_SUCH_SOURCE, f"no {short(name)} was read in this run{where}", "Cite what a tool returned.")


def read(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns why the evidence proves no law, or None: only untouched provisions and paragraphs of our server do."""
    if exhibit.source is not None:
        return _quoted_instruction(exhibit)
    item = exhibit.item
    if item is None or item.source.partition(":")[0] != SOURCE:
        source = "" if item is None else item.source
        return Fault(
            Code.NOT_READ, f"evidence of {short(source)}, which proves no law", "Cite a provision or paragraph."
        )
    if exhibit.record is None:
        return Fault(Code.NOT_READ, "evidence that is altered or of an unknown kind", "Read the provision again.")
    return Fault(
        Code.NOT_READ, f"a {exhibit.record.kind} record, which is no text of law", "Read the text and cite it."
    )


def _quoted_instruction(exhibit: Exhibit) -> Fault | None:
    told = find_instruction(exhibit.cited.quote)
    if not told:
        return None
    return Fault(Code.INJECTED, f"“{short(told)}” addresses a reader, and is no law", "Leave the passage out.")


def pin(reading: Reading, exhibit: Exhibit) -> Fault | None:
    """Returns why the pinned part does not exist, or None."""
    if exhibit.unit is not None and (not exhibit.cited.pin or isinstance(exhibit.source, ProvisionRecord)):
        return None
    source = exhibit.source
    units = source.units if isinstance(source, ProvisionRecord) else ()
    known = ", ".join("/".join(unit.path) for unit in units[:12]) or "none"
    told = f"{exhibit.display} has no part {short('/'.join(exhibit.cited.pin))}"
    return Fault(Code.NO_SUCH_PIN, f"{told}; its parts are {known}", "Pin a part that it has, or the whole.")
