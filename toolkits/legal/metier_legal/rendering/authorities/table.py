"""The table of authorities: what is cited, in which version, and how it stands. Read off the evidence. Pure.

The memo says only which evidence it cites and where. Everything else in the table is what the corpus gave in the run,
so nothing that a memo says can change how its authorities stand.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from metier.evidence import Evidence
from metier_legal.law.work import RANK_OF_LEVEL
from metier_legal.memo import Memo
from metier_legal.records import ParagraphRecord, ProvisionRecord, read_record
from metier_legal.rendering.authorities.case import list_case
from metier_legal.rendering.authorities.entry import CaseEntry, Entry, LawEntry, UnreadEntry
from metier_legal.rendering.authorities.law import list_law

_RUNS: Final = re.compile(r"[0-9]+|[^0-9]+")


def list_authorities(memo: Memo, evidence: Mapping[str, Evidence]) -> tuple[Entry, ...]:
    """Returns the table: legislation by rank, title and number; cases by court and date; what was not read last."""
    cited = _places(memo)
    laws: list[LawEntry] = []
    cases: dict[str, list[tuple[str, ParagraphRecord]]] = {}
    unread: list[UnreadEntry] = []
    for name, places in cited.items():
        record = read_record(evidence[name]) if name in evidence else None
        if isinstance(record, ProvisionRecord):
            laws.append(list_law(name, record, memo, places))
        elif isinstance(record, ParagraphRecord):
            cases.setdefault(record.case, []).append((name, record))
        else:
            unread.append(UnreadEntry(evidence=name, cited_at=places))
    laws.sort(key=_order_of_law)
    listed = sorted((list_case(found, memo, cited) for found in cases.values()), key=_order_of_case)
    return (*laws, *listed, *unread)


def entry_numbers(entries: Sequence[Entry]) -> dict[str, int]:
    """Returns the number in the table, from 1, of each piece of cited evidence."""
    numbers = {}
    for number, entry in enumerate(entries, start=1):
        names = [one.evidence for one in entry.passages] if isinstance(entry, CaseEntry) else [entry.evidence]
        numbers.update(dict.fromkeys(names, number))
    return numbers


def _places(memo: Memo) -> dict[str, tuple[str, ...]]:
    places: dict[str, list[str]] = {}
    for subject, statement in memo.statements():
        for name in dict.fromkeys(cited.evidence for cited in statement.authorities):
            places.setdefault(name, []).append(subject)
    return {name: tuple(found) for name, found in places.items()}


def _order_of_law(entry: LawEntry) -> tuple[object, ...]:
    begin = entry.valid_from or entry.observed or date.min
    return -RANK_OF_LEVEL[entry.level], entry.title, _natural(entry.number), begin, entry.evidence


def _natural(number: str) -> list[tuple[int, int, str]]:
    """Returns a key by which "9" stands before "101"."""
    runs = [(run.lstrip("0") if run[0] in "0123456789" else run) for run in _RUNS.findall(number)]
    return [(0, len(run), run) if run.isdigit() or not run else (1, 0, run) for run in runs]


def _order_of_case(entry: CaseEntry) -> tuple[object, ...]:
    newest = -(entry.decided or date.min).toordinal()
    return -entry.court_level, newest, entry.name, entry.case
