"""The file `memo.json`: the one source that every other file of a memo's folder is rendered from."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from metier.answer import Value
from metier.canonical import canonical_json
from metier.errors import InputError, MissingError, StorageError
from metier.evidence import Evidence
from metier.limits import Usage
from metier.task import Task
from metier.toolkit import Delivery
from metier.trace import Stop, Trace
from metier.verdict import Verdict
from metier_legal.memo import Memo
from metier_legal.records import ParagraphRecord, ProvisionRecord, read_record
from metier_legal.rendering.authorities.entry import Entry
from metier_legal.rendering.authorities.table import list_authorities
from metier_legal.rendering.report import Report, write_report
from metier_legal.rendering.wording.chinese import CHINESE
from metier_legal.rendering.wording.english import ENGLISH

FORMAT: Final = 1
FILENAME: Final = "memo.json"
LARGEST_BYTES: Final = 64 * 1024 * 1024


class MemoDocument(Value):
    """A memo as it lies on disk.

    `evidence` is what the memo cites, what the verdict names, and every search, resolution, judgement and corpus
    record of the run; provisions and paragraphs that were read but are not cited are left out. `authorities` and
    `report` are worked out from the rest: whoever reads the file works them out again and trusts neither.
    """

    format: int = FORMAT
    notice: str
    memo: Memo
    authorities: tuple[Entry, ...]
    report: Report
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    task: Task
    run: str = ""


def document_of(delivery: Delivery) -> MemoDocument:
    """Returns the document of a delivery; raises InputError when its answer is no memo."""
    memo = memo_of(delivery)
    kept = dict(sorted(_kept(memo, delivery)))
    trace = delivery.trace
    return MemoDocument(
        notice=notice_of(memo, kept),
        memo=memo,
        authorities=list_authorities(memo, kept),
        report=write_report(delivery.verdict, kept, trace.removed if trace else ()),
        verdict=delivery.verdict,
        evidence=tuple(kept.values()),
        task=delivery.task,
        run=trace.run if trace else "",
    )


def delivery_of(document: MemoDocument) -> Delivery:
    """Returns the delivery that a document records; of its trace only the run's name and what was removed."""
    evidence = {item.id: item for item in document.evidence}
    trace = Trace(
        run=document.run,
        task=document.task,
        mode="",
        model="",
        turns=(),
        evidence=document.evidence,
        kind="answer",
        outcome=document.memo.model_dump(mode="json"),
        verdict=document.verdict,
        usage=Usage(),
        stop=Stop.ANSWERED,
        removed=document.report.removed,
    )
    return Delivery(document.task, document.memo, document.verdict, evidence, trace)


def memo_of(delivery: Delivery) -> Memo:
    """Returns the delivery's memo; raises InputError when its answer is something else."""
    if isinstance(delivery.answer, Memo):
        return delivery.answer
    raise InputError("The answer is no memo.", hint="Render the answer of a run of the legal toolkit.")


def notice_of(memo: Memo, evidence: Mapping[str, Evidence]) -> str:
    """Returns the first line of every output: that invented law is invented, and that this is no legal advice."""
    words = CHINESE if memo.language == "zh" else ENGLISH
    cited = {cited.evidence for _, statement in memo.statements() for cited in statement.authorities}
    records = [read_record(evidence[name]) for name in sorted(cited) if name in evidence]
    invented = [
        one.work.fictional if isinstance(one, ProvisionRecord) else one.fictional
        for one in records
        if isinstance(one, ProvisionRecord | ParagraphRecord)
    ]
    said = (words.fictional if all(invented) else words.partly_fictional) if any(invented) else ""
    between = " " if said and words is ENGLISH else ""
    return f"{said}{between}{words.advice}"


def encode_document(document: MemoDocument) -> bytes:
    """Returns the document as canonical JSON with a line feed."""
    return (canonical_json(_DOCUMENT.dump_python(document, mode="json")) + "\n").encode()


def decode_document(data: bytes) -> MemoDocument:
    """Returns the document of a file; raises InputError that names the first field which does not fit."""
    try:
        document = _DOCUMENT.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = "/".join(str(part) for part in first["loc"])
        raise InputError(
            f"This is no memo: {first['msg']} at /{where}.", hint="Give the memo.json of a memo that metier wrote."
        ) from error
    if document.format != FORMAT:
        raise InputError(
            f"This memo has format {document.format}; this version of metier reads format {FORMAT}.",
            hint="Write it again with `metier run legal`.",
        )
    return document


def read_document(folder: Path) -> MemoDocument:
    """Returns the document of a memo's folder, or of the file itself; raises MissingError, StorageError, InputError."""
    path = folder / FILENAME if folder.is_dir() else folder
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{path} is larger than 64 MiB.", hint="Give the memo.json of a memo.")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingError(f"There is no {path}.", hint="Give the folder of a memo.") from error
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}.", hint="Check the path and its permissions."
        ) from error
    return decode_document(data)


def _kept(memo: Memo, delivery: Delivery) -> Iterator[tuple[str, Evidence]]:
    named = {cited.evidence for _, statement in memo.statements() for cited in statement.authorities}
    named.update(name for finding in delivery.verdict.findings for name in finding.evidence)
    for name, item in delivery.evidence.items():
        if item.id != name:
            continue
        record = read_record(item)
        if name in named or (record is not None and not isinstance(record, ProvisionRecord | ParagraphRecord)):
            yield name, item


_DOCUMENT: TypeAdapter[MemoDocument] = TypeAdapter(MemoDocument)
