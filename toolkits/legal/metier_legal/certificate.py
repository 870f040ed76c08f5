"""Certificates: a memo with everything that its verdict rests on, so that anybody can judge it again, offline."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final, Literal

from pydantic import ValidationError

from metier.answer import Value
from metier.canonical import JSON, canonical_json, digest_of
from metier.check import CITED
from metier.errors import InputError
from metier.evidence import Evidence
from metier.task import Task
from metier.toolkit import Delivery
from metier.verdict import Finding, Outcome
from metier_legal.checks import CHECKS
from metier_legal.checks.reading import Exhibit, Reading
from metier_legal.corpus.corpus import Corpus
from metier_legal.memo import Memo
from metier_legal.records import ParagraphRecord, ProvisionRecord, digest_text

FORMAT: Final = "metier-legal-certificate/1"
LONGEST: Final = 64 * 1024 * 1024
NOTICE: Final = (
    "This says that every quote stands in its source, that the sources were law on the day, and by which rules that "
    "was found. It does not say that the memo is good advice. Verify it: metier legal verify certificate.json"
)
FICTIONAL: Final = "The law in it is that of a fictional country."
_KINDS: Final = ("corpus", "courts", "judgement")
State = Literal["same", "changed", "absent", "not compared"]


class Row(Value):
    """One authority of a certificate as it was found again. `corpus` says how a corpus that was given has its text."""

    subject: str
    display: str
    pin: tuple[str, ...] = ()
    quote: str
    sha256: str = ""
    checks: dict[str, Outcome]
    corpus: State = "not compared"


class Verification(Value):
    """What came of judging a certificate again. `problems` are of the certificate, `violated` of the memo in it."""

    rows: tuple[Row, ...]
    problems: tuple[str, ...] = ()
    violated: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    notice: str = NOTICE

    @property
    def holds(self) -> bool:
        """Returns whether the certificate is whole and nothing in the memo is violated."""
        return not self.problems and not self.violated


def make_certificate(delivery: Delivery) -> bytes:
    """Returns the certificate of a memo as canonical JSON with a newline; equal deliveries give equal bytes.

    It holds the task, the memo, the cited evidence whole, where each quote stands, the SHA-256 of each cited part, and
    every finding. Raises InputError when the answer is no memo.
    """
    if not isinstance(delivery.answer, Memo):
        raise InputError("Only a memo has a certificate.", hint="Give the delivery of a legal run.")
    evidence = _needed(delivery.answer, delivery.evidence)
    content = _describe(delivery.task, delivery.answer, evidence)
    return (canonical_json({**content, "digest": digest_of(content)}) + "\n").encode()


def verify_certificate(data: bytes, corpus: Corpus | None = None) -> Verification:
    """Returns what judging the certificate again comes to, from its own content and, when given, beside a corpus.

    Raises InputError for bytes that are no certificate.
    """
    told = _read(data)
    task, memo, evidence = _task_of(told), _memo_of(told), _evidence_of(told)
    found = _describe(task, memo, evidence)
    findings = tuple(_judge(task, memo, evidence))
    rows = tuple(_rows(Reading(task, memo, evidence), findings, corpus))
    problems = [*_compare(told, found, data), *_compare_corpus(rows)]
    return Verification(
        rows=rows,
        problems=tuple(problems),
        violated=_sentences(findings, Outcome.VIOLATED),
        unknown=_sentences(findings, Outcome.UNKNOWN),
        notice=str(found["notice"]),
    )


def _needed(memo: Memo, evidence: Mapping[str, Evidence]) -> dict[str, Evidence]:
    """Returns what the memo cites, and what the corpus and a judge said in the run."""
    cited = {one.evidence for _, statement in memo.statements() for one in statement.authorities}
    kinds = {key for key, item in evidence.items() if isinstance(item.value, dict) and item.value.get("kind") in _KINDS}
    return {key: evidence[key] for key in sorted(cited | kinds) if key in evidence}


def _describe(task: Task, memo: Memo, evidence: Mapping[str, Evidence]) -> dict[str, JSON]:
    """Returns the content of the certificate of these, all of it computed anew."""
    reading = Reading(task, memo, evidence)
    findings = tuple(_judge(task, memo, evidence))
    fictional = any(isinstance(one.source, ProvisionRecord) and one.source.work.fictional for one in reading.exhibits)
    fictional |= any(isinstance(one.source, ParagraphRecord) and one.source.fictional for one in reading.exhibits)
    content: dict[str, object] = {
        "format": FORMAT,
        "notice": f"{FICTIONAL} {NOTICE}" if fictional else NOTICE,
        "as_of": memo.as_of.isoformat(),
        "snapshots": sorted({record.snapshot for record in reading.corpora}),
        "task": {"id": task.id, **asdict(task)},
        "memo": memo.model_dump(mode="json"),
        "evidence": [asdict(evidence[key]) for key in sorted(evidence)],
        "authorities": [_authority(exhibit, findings) for exhibit in reading.exhibits],
        "findings": [{**asdict(finding), "evidence": list(finding.evidence)} for finding in findings],
    }
    plain: dict[str, JSON] = json.loads(canonical_json(content))
    return plain


def _judge(task: Task, memo: Memo, evidence: Mapping[str, Evidence]) -> Iterator[Finding]:
    for check in (*CHECKS, CITED):
        yield from check(task, memo, evidence).findings


def _authority(exhibit: Exhibit, findings: Sequence[Finding]) -> dict[str, object]:
    return {
        "subject": exhibit.subject,
        "evidence": exhibit.cited.evidence,
        "display": exhibit.display,
        "pin": list(exhibit.cited.pin),
        "quote": exhibit.cited.quote,
        "spans": [list(span) for span in exhibit.match.spans],
        "unit": list(exhibit.unit or ()),
        "sha256": digest_text(exhibit.passage),
        "checks": _outcomes(exhibit, findings),
    }


def _outcomes(exhibit: Exhibit, findings: Sequence[Finding]) -> dict[str, Outcome]:
    """Returns the worst outcome of each rule on the authority or its statement."""
    worst: dict[str, Outcome] = {}
    for finding in findings:
        if finding.subject != exhibit.subject or (finding.evidence and exhibit.cited.evidence not in finding.evidence):
            continue
        if _GRAVITY[finding.outcome] >= _GRAVITY[worst.get(finding.rule, Outcome.HOLDS)]:
            worst[finding.rule] = finding.outcome
    return worst


_GRAVITY: Final = {Outcome.HOLDS: 0, Outcome.UNKNOWN: 1, Outcome.VIOLATED: 2}


def _read(data: bytes) -> dict[str, JSON]:
    if len(data) > LONGEST:
        raise InputError("The file is too large to be a certificate.", hint="Give the certificate.json of a memo.")
    try:
        told = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"This is no certificate: {error}.", hint="Give the certificate.json of a memo.") from error
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        raise InputError("This is no certificate of a memo.", hint=f"Give a file of the format {FORMAT}.")
    return told


def _task_of(told: Mapping[str, JSON]) -> Task:
    value = told.get("task")
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise InputError("The certificate has no task.", hint="Ask for a new one.")
    constraints, gold, toolkits = value.get("constraints"), value.get("gold"), value.get("toolkits")
    return Task(
        str(value["text"]),
        tuple(map(str, toolkits)) if isinstance(toolkits, list) else (),
        constraints if isinstance(constraints, dict) else None,
        gold if isinstance(gold, dict) else None,
    )


def _memo_of(told: Mapping[str, JSON]) -> Memo:
    try:
        return Memo.model_validate_json(canonical_json(told.get("memo")))
    except ValidationError as error:
        raise InputError("The certificate has no memo that can be read.", hint="Ask for a new one.") from error


def _evidence_of(told: Mapping[str, JSON]) -> dict[str, Evidence]:
    items = told.get("evidence")
    found: dict[str, Evidence] = {}
    for item in items if isinstance(items, list) else ():
        if not isinstance(item, dict) or set(item) != set(Evidence.__slots__):
            raise InputError("The certificate has evidence that cannot be read.", hint="Ask for a new one.")
        texts = {name: str(value) for name, value in item.items() if name != "value"}
        evidence = Evidence(**texts, value=item["value"])
        found[evidence.id] = evidence
    return found


def _compare(told: Mapping[str, JSON], found: Mapping[str, JSON], data: bytes) -> Iterator[str]:
    """Yields what the certificate says otherwise than it was found."""
    names = {"task": "task", "memo": "memo", "evidence": "evidence", "findings": "verdict"}
    names |= {"authorities": "offsets, digests or check results", "as_of": "day", "snapshots": "corpus snapshot"}
    for key in sorted(set(told) | set(found) - {"digest"}):
        if key != "digest" and told.get(key) != found.get(key):
            yield f"The {names.get(key, key[:40])} in the certificate is not what its content gives."
    if told.get("digest") != digest_of({key: value for key, value in told.items() if key != "digest"}):
        yield "The digest is not that of the content: the certificate was changed."
    elif data != (canonical_json(told) + "\n").encode():
        yield "The bytes are not those of a certificate as it is written: it was changed."


def _rows(reading: Reading, findings: Sequence[Finding], corpus: Corpus | None) -> Iterator[Row]:
    for exhibit in reading.exhibits:
        yield Row(
            subject=exhibit.subject,
            display=exhibit.display,
            pin=exhibit.cited.pin,
            quote=exhibit.cited.quote,
            sha256=digest_text(exhibit.passage),
            checks=_outcomes(exhibit, findings),
            corpus="not compared" if corpus is None else _look_up(exhibit, corpus),
        )


def _look_up(exhibit: Exhibit, corpus: Corpus) -> State:
    """Returns whether the corpus has the very text of the authority."""
    source, known = exhibit.source, list[str]()
    if isinstance(source, ProvisionRecord):
        known = [version.text for version in corpus.versions(source.work.id, source.number)]
    elif isinstance(source, ParagraphRecord):
        case = corpus.case(source.case)
        known = [one.text for one in case.paragraphs if one.number == source.number] if case else []
    if not known:
        return "absent"
    return "same" if exhibit.text in known else "changed"


def _compare_corpus(rows: Iterable[Row]) -> Iterator[str]:
    for display in dict.fromkeys(row.display for row in rows if row.corpus == "changed"):
        yield f"The corpus has another text of {display[:200]}."


def _sentences(findings: Sequence[Finding], outcome: Outcome) -> tuple[str, ...]:
    return tuple(dict.fromkeys(finding.sentence() for finding in findings if finding.outcome is outcome))
