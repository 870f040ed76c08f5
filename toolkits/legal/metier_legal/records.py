"""Evidence of this trade: how a provision, a paragraph, a search and a resolution are written down.

Equal facts have equal ids. The text of a provision or paragraph is the evidence's `text`, exactly as the corpus has it;
its value is one of the records below, and everything that a check needs to judge a citation without asking anybody.
"""

from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from typing import Literal, TypeAlias

from pydantic import Field, TypeAdapter, ValidationError

from metier.answer import Value
from metier.evidence import Evidence, is_intact, record_evidence
from metier_legal.law.case import Authority, Case, Paragraph, Part, Treatment
from metier_legal.law.provision import Provision, Status, Unit
from metier_legal.law.work import Work

SOURCE = "law"


class Brief(Value):
    """A version of a provision, without its text."""

    valid_from: date | None = None
    valid_to: date | None = None
    observed: date | None = None
    status: Status = Status.IN_FORCE
    note: str = ""
    sha256: str


class ProvisionRecord(Value):
    """A version of a provision that was read. `display` is its citation, written from the store.

    `versions` are all versions that the corpus has, oldest first, this one among them.
    """

    kind: Literal["provision"] = "provision"
    display: str
    work: Work
    number: str
    heading: str = ""
    path: tuple[str, ...] = ()
    units: tuple[Unit, ...] = ()
    version: Brief
    versions: tuple[Brief, ...] = ()
    origin: str = ""


class TreatedBy(Value):
    """What a later case did to this one. `quote` are the words that say so; `stated` as in `law.case.Reference`."""

    case: str
    name: str
    court: str
    court_level: int = 0
    decided: date | None = None
    treatment: Treatment
    quote: str = ""
    stated: bool = False


class ParagraphRecord(Value):
    """A paragraph of a case that was read, with what the corpus knows of the case.

    `treatment_known` is False where the corpus has no later cases of the jurisdiction that could have treated it.
    """

    kind: Literal["paragraph"] = "paragraph"
    display: str
    case: str
    name: str
    jurisdiction: str
    court: str
    court_level: int = 0
    decided: date | None = None
    docket: str = ""
    citations: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    authority: Authority = Authority.PRECEDENT
    language: str = "en"
    fictional: bool = False
    number: int
    part: Part = Part.LEAD
    author: str = ""
    page: str = ""
    sha256: str
    treated_by: tuple[TreatedBy, ...] = ()
    treatment_known: bool = False
    origin: str = ""


class CorpusRecord(Value):
    """What the corpus is: its snapshot, the day, the jurisdictions it has law of, and whether a judge must be asked."""

    kind: Literal["corpus"] = "corpus"
    today: date
    snapshot: str
    jurisdictions: tuple[str, ...] = ()
    works: int = 0
    cases: int = 0
    judge: str = ""


class SearchRecord(Value):
    """A search that was made. GROUNDED found something, NO_MATCH found nothing, UNAVAILABLE could not look."""

    kind: Literal["search"] = "search"
    tool: str
    query: str
    filters: dict[str, str] = Field(default_factory=dict)
    state: Literal["GROUNDED", "NO_MATCH", "UNAVAILABLE"]
    hits: tuple[str, ...] = ()


class ResolutionRecord(Value):
    """What a citation in a text means, or why it means nothing.

    NO_SUCH_SOURCE and NO_SUCH_PIN are said only where the corpus is complete; NOT_IN_CORPUS says that it is not known.
    """

    kind: Literal["resolution"] = "resolution"
    written: str
    state: Literal["FOUND", "AMBIGUOUS", "NO_SUCH_SOURCE", "NO_SUCH_PIN", "NOT_IN_CORPUS"]
    candidates: tuple[str, ...] = ()


class JudgementRecord(Value):
    """A judge's word on whether a passage supports a claim. It saw those two and nothing else.

    `span` is copied from the passage by the judge; `claim` and `passage` are SHA-256 digests of the two texts.
    """

    kind: Literal["judgement"] = "judgement"
    claim: str
    passage: str
    verdict: Literal["entailed", "contradicted", "not enough"]
    span: str = ""
    model: str = ""


class CourtRecord(Value):
    """The courts of a jurisdiction by level, highest first, as the corpus has them."""

    kind: Literal["courts"] = "courts"
    jurisdiction: str
    courts: tuple[tuple[int, str], ...] = ()


Record: TypeAlias = (
    ProvisionRecord | ParagraphRecord | CorpusRecord | SearchRecord | ResolutionRecord | JudgementRecord | CourtRecord
)
_RECORD: TypeAdapter[Record] = TypeAdapter(Record)


def digest_text(text: str) -> str:
    """Returns the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_record(item: Evidence) -> Record | None:
    """Returns the record of untouched evidence of this toolkit, or None for evidence of anything else."""
    if item.source.partition(":")[0] != SOURCE or not _is_untouched(item):
        return None
    try:
        record = _RECORD.validate_python(item.value)
    except ValidationError:
        return None
    if isinstance(record, ProvisionRecord) and record.version.sha256 != digest_text(item.text):
        return None
    if isinstance(record, ParagraphRecord) and record.sha256 != digest_text(item.text):
        return None
    return record


def _is_untouched(item: Evidence) -> bool:
    try:
        return is_intact(item)
    except (TypeError, ValueError, RecursionError):
        return False


def brief_of(version: Provision) -> Brief:
    """Returns the version without its text."""
    return Brief(
        valid_from=version.valid_from,
        valid_to=version.valid_to,
        observed=version.observed,
        status=version.status,
        note=version.note,
        sha256=digest_text(version.text),
    )


def record_provision(
    work: Work, version: Provision, *, display: str, versions: Sequence[Provision | Brief] = (), origin: str = ""
) -> Evidence:
    """Returns the evidence of one version of a provision; its locator is "work#number".

    A version that was not read, of which only the dates are known, is a Brief without a digest.
    """
    record = ProvisionRecord(
        display=display,
        work=work,
        number=version.number,
        heading=version.heading,
        path=version.path,
        units=version.units,
        version=brief_of(version),
        versions=tuple(one if isinstance(one, Brief) else brief_of(one) for one in versions),
        origin=origin,
    )
    return _record(record, f"{work.id}#{version.number}", version.text, origin, version.valid_from or version.observed)


def record_paragraph(
    case: Case,
    paragraph: Paragraph,
    *,
    display: str,
    treated_by: tuple[TreatedBy, ...] = (),
    treatment_known: bool = False,
    origin: str = "",
) -> Evidence:
    """Returns the evidence of one paragraph of a case; its locator is "case#¶number"."""
    record = ParagraphRecord(
        display=display,
        case=case.id,
        name=case.name,
        jurisdiction=case.jurisdiction,
        court=case.court,
        court_level=case.court_level,
        decided=case.decided,
        docket=case.docket,
        citations=case.citations,
        parties=case.parties,
        authority=case.authority,
        language=case.language,
        fictional=case.fictional,
        number=paragraph.number,
        part=paragraph.part,
        author=paragraph.author,
        page=paragraph.page,
        sha256=digest_text(paragraph.text),
        treated_by=treated_by,
        treatment_known=treatment_known,
        origin=origin,
    )
    return _record(record, f"{case.id}#¶{paragraph.number}", paragraph.text, origin, case.decided)


def record_finding(record: Record, locator: str, text: str = "", *, origin: str = "") -> Evidence:
    """Returns the evidence of a corpus, search, resolution, judgement or court record."""
    return _record(record, locator, text, origin, None)


def _record(record: Record, locator: str, text: str, origin: str, recorded: date | None) -> Evidence:
    return record_evidence(
        source=f"{SOURCE}:{origin}" if origin else SOURCE,
        locator=locator,
        text=text,
        value=record.model_dump(mode="json"),
        recorded="" if recorded is None else recorded.isoformat(),
    )
