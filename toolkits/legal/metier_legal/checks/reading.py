"""A memo beside the evidence of its run: what every rule reads."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from metier.answer import Answer
from metier.canonical import JSON
from metier.check import EvidenceById
from metier.evidence import Evidence
from metier.task import Task
from metier.verdict import Finding, Outcome
from metier_legal.checks.codes import Code
from metier_legal.law.provision import Unit
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.quoting.matching import QuoteMatch, match_quote
from metier_legal.records import CorpusRecord, JudgementRecord, ParagraphRecord, ProvisionRecord, Record, read_record

Source = ProvisionRecord | ParagraphRecord


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a citation or statement; `unknown` when it cannot be told."""

    code: Code
    found: str
    repair: str = ""
    unknown: bool = False

    def finding(self, rule: str, subject: str, claimed: str, evidence: tuple[str, ...] = ()) -> Finding:
        """Returns the finding that says so."""
        outcome = Outcome.UNKNOWN if self.unknown else Outcome.VIOLATED
        return Finding(rule, subject, outcome, short(claimed), f"{self.code}: {self.found}", self.repair, evidence)


@dataclass(frozen=True)
class Exhibit:
    """One authority of a statement, with what the evidence holds of it."""

    subject: str
    statement: Statement
    cited: Cited
    item: Evidence | None
    record: Record | None

    @property
    def source(self) -> Source | None:
        """Returns the provision or paragraph that was read, or None for anything else."""
        return self.record if isinstance(self.record, ProvisionRecord | ParagraphRecord) else None

    @property
    def text(self) -> str:
        """Returns the whole text of the evidence."""
        return "" if self.item is None else self.item.text

    @property
    def language(self) -> str:
        """Returns the language of the source."""
        source = self.source
        if isinstance(source, ProvisionRecord):
            return source.work.language
        return source.language if source is not None else "en"

    @cached_property
    def unit(self) -> tuple[int, int] | None:
        """Returns where the pinned part stands in the text, the whole for no pin; None when there is no such part."""
        if not self.cited.pin:
            return 0, len(self.text)
        unit = self.find_unit(self.cited.pin)
        return None if unit is None else (unit.start, unit.end)

    def find_unit(self, path: tuple[str, ...]) -> Unit | None:
        """Returns the part of the provision at that path, or None."""
        units = self.source.units if isinstance(self.source, ProvisionRecord) else ()
        found = next((unit for unit in units if unit.path == path), None)
        return found if found is not None and 0 <= found.start < found.end <= len(self.text) else None

    @property
    def passage(self) -> str:
        """Returns the text of the pinned part."""
        start, end = self.unit or (0, 0)
        return self.text[start:end]

    @cached_property
    def match(self) -> QuoteMatch:
        """Returns whether the quote stands in the pinned part; spans are of the whole text."""
        found = match_quote(self.cited.quote, self.passage, language=self.language)
        shift = (self.unit or (0, 0))[0]
        return QuoteMatch(found.holds, tuple((a + shift, b + shift) for a, b in found.spans), found.problem)

    @property
    def quoted(self) -> str:
        """Returns the quoted words as they stand in the source."""
        return " … ".join(self.text[start:end] for start, end in self.match.spans)

    @property
    def display(self) -> str:
        """Returns how the source is cited, or the id where it is none."""
        return self.cited.evidence if self.source is None else self.source.display


@dataclass(frozen=True)
class Reading:
    """A task, its memo and the evidence of the run."""

    task: Task
    memo: Memo
    evidence: EvidenceById

    @cached_property
    def _read(self) -> dict[str, Record | None]:
        return {}

    def record(self, name: str) -> Record | None:
        """Returns the record of untouched evidence of this toolkit of that id, or None."""
        if name not in self._read:
            item = self.evidence.get(name)
            self._read[name] = None if item is None or item.id != name else read_record(item)
        return self._read[name]

    @cached_property
    def records(self) -> dict[str, Record]:
        """Returns the records of this toolkit's untouched evidence, by id; altered evidence is left out."""
        found = {name: self.record(name) for name in self.evidence}
        return {name: record for name, record in found.items() if record is not None}

    def raw(self, kind: str) -> Iterator[tuple[str, dict[str, JSON]]]:
        """Yields the ids and values of evidence that says it is of a kind of record; whether it is, `record` tells."""
        for name, item in self.evidence.items():
            if isinstance(item.value, dict) and item.value.get("kind") == kind:
                yield name, item.value

    @cached_property
    def exhibits(self) -> tuple[Exhibit, ...]:
        """Returns every authority of every statement, in the order of the memo."""
        return tuple(
            Exhibit(subject, statement, cited, self.evidence.get(cited.evidence), self.record(cited.evidence))
            for subject, statement in self.memo.statements()
            for cited in statement.authorities
        )

    @cached_property
    def corpora(self) -> tuple[CorpusRecord, ...]:
        """Returns what the run knows of the corpus."""
        found = (self.record(name) for name, _ in self.raw("corpus"))
        return tuple(record for record in found if isinstance(record, CorpusRecord))

    @cached_property
    def judgements(self) -> tuple[JudgementRecord, ...]:
        """Returns what a judge said in the run."""
        found = (self.record(name) for name, _ in self.raw("judgement"))
        return tuple(record for record in found if isinstance(record, JudgementRecord))

    @cached_property
    def _by_subject(self) -> dict[str, tuple[Exhibit, ...]]:
        found: dict[str, tuple[Exhibit, ...]] = {}
        for exhibit in self.exhibits:
            found[exhibit.subject] = (*found.get(exhibit.subject, ()), exhibit)
        return found

    @cached_property
    def _by_cited(self) -> dict[Cited, Exhibit]:
        found: dict[Cited, Exhibit] = {}
        for exhibit in self.exhibits:
            found.setdefault(exhibit.cited, exhibit)
        return found

    def exhibits_of(self, subject: str) -> tuple[Exhibit, ...]:
        """Returns the authorities of the statement at that pointer."""
        return self._by_subject.get(subject, ())

    def exhibit(self, cited: Cited) -> Exhibit | None:
        """Returns the authority with what the evidence holds of it."""
        return self._by_cited.get(cited)

    @cached_property
    def _grounds(self) -> dict[int, tuple[Exhibit, ...]]:
        return {}

    def grounds(self, statement: Statement) -> tuple[Exhibit, ...]:
        """Returns the authorities of a statement of the memo and of all that it follows from."""
        found = self._grounds.get(id(statement))
        if found is None:
            cited = self.memo.grounds(statement)
            found = tuple(self._by_cited[one] for one in cited if one in self._by_cited)
            self._grounds[id(statement)] = found
        return found

    def premises_of(self, statement: Statement) -> frozenset[str]:
        """Returns the ids of all that a statement follows from, directly or not."""
        known, seen, left = self.known, set[str](), list(statement.premises)
        while left:
            name = left.pop()
            if name not in seen:
                seen.add(name)
                left += known[name].premises if name in known else ()
        return frozenset(seen)

    @cached_property
    def known(self) -> Mapping[str, Statement]:
        """Returns the statements of the memo by their ids."""
        return self.memo.by_id()

    @cached_property
    def circular(self) -> frozenset[str]:
        """Returns the ids of statements that follow from themselves, or from such a one."""
        known = self.known
        left = {name: [one for one in known[name].premises if one in known] for name in known}
        while free := [name for name, premises in left.items() if not any(one in left for one in premises)]:
            for name in free:
                del left[name]
        return frozenset(left)


def short(text: str) -> str:
    """Returns text of unknown origin on one line of at most 120 signs."""
    line = text[:300]
    if not line.isprintable():
        line = "".join(c if c.isprintable() else "·" for c in line)
    return line if len(line) <= 120 else f"{line[:119]}…"


def not_a_memo(rule: str, answer: Answer) -> Iterable[Finding]:
    """Returns the finding that the answer is of another kind."""
    fault = Fault(Code.MALFORMED, "no memo", "Answer with a memo.")
    return (fault.finding(rule, "", type(answer).__name__),)
