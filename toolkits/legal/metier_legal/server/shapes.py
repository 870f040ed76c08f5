"""What the tools return as structured content."""

from datetime import date

from metier.answer import Value
from metier_legal.law.case import Authority, Part, Treatment
from metier_legal.law.provision import Standing


class Holding(Value):
    """What the corpus has of a jurisdiction."""

    jurisdiction: str
    works: tuple[str, ...] = ()
    courts: tuple[str, ...] = ()
    fictional: bool = False


class Shelf(Value):
    """What the corpus is, and today's date. `evidence` is the id that a memo's day is held against."""

    today: date
    snapshot: str
    judge: str = ""
    holdings: tuple[Holding, ...] = ()
    evidence: str


class ProvisionHit(Value):
    """A provision that a search found: `id` is for read_provision."""

    id: str
    display: str
    heading: str = ""
    excerpt: str = ""
    standing: Standing
    valid_from: date | None = None
    valid_to: date | None = None
    score: float = 0.0


class ProvisionHits(Value):
    """What a search in statutes came to. NO_MATCH looked and found nothing, UNAVAILABLE could not look."""

    state: str
    reason: str = ""
    hits: tuple[ProvisionHit, ...] = ()


class CaseHit(Value):
    """A case that a search found: `id` is for read_case, `paragraph` the one that fits best."""

    id: str
    display: str
    court: str
    court_level: int = 0
    decided: date | None = None
    paragraph: int | None = None
    excerpt: str = ""
    treatment: str = ""
    score: float = 0.0


class CaseHits(Value):
    """What a search in cases came to. NO_MATCH looked and found nothing, UNAVAILABLE could not look."""

    state: str
    reason: str = ""
    hits: tuple[CaseHit, ...] = ()


class UnitView(Value):
    """A part of a provision that can be pinned: `pin` for the citation, `cite` how it reads."""

    pin: tuple[str, ...]
    text: str


class ProvisionView(Value):
    """A provision as it read on a day. Cite it by `evidence`, a pin and a quote of `text`."""

    evidence: str
    id: str
    display: str
    heading: str = ""
    path: tuple[str, ...] = ()
    text: str
    units: tuple[UnitView, ...] = ()
    on: date
    standing: Standing
    valid_from: date | None = None
    valid_to: date | None = None
    observed: date | None = None
    note: str = ""
    other_versions: tuple[str, ...] = ()
    replaced_by: str = ""


class ParagraphView(Value):
    """A paragraph of a case. Cite it by `evidence` and a quote of `text`."""

    evidence: str
    number: int
    part: Part
    text: str


class TreatmentView(Value):
    """What a later case did to this one."""

    case: str
    display: str
    treatment: Treatment
    decided: date | None = None
    quote: str = ""


class CaseView(Value):
    """A case, or some of its paragraphs."""

    id: str
    display: str
    court: str
    court_level: int = 0
    decided: date | None = None
    docket: str = ""
    parties: tuple[str, ...] = ()
    authority: Authority = Authority.PRECEDENT
    treated_by: tuple[TreatmentView, ...] = ()
    treatment_known: bool = False
    paragraphs: tuple[ParagraphView, ...] = ()
    more: int = 0


class MentionView(Value):
    """Something that is cited, or that cites; `target` is an id, or "" where the citation was not resolved."""

    target: str
    written: str
    treatment: Treatment
    decided: date | None = None
    paragraph: int | None = None


class Mentions(Value):
    """Who cites, or what is cited."""

    id: str
    mentions: tuple[MentionView, ...] = ()
    more: int = 0


class Resolved(Value):
    """What one citation of a text means. The state is one of records.ResolutionRecord's."""

    written: str
    state: str
    candidates: tuple[str, ...] = ()
    reason: str = ""


class Resolutions(Value):
    """What the citations of a text mean."""

    citations: tuple[Resolved, ...] = ()


class Difference(Value):
    """Two versions of a provision, and the words that differ: "-" taken out, "+" put in."""

    earlier: ProvisionView
    later: ProvisionView
    same: bool
    words: tuple[str, ...] = ()


class Courts(Value):
    """The courts of a jurisdiction by level, the highest first."""

    jurisdiction: str
    courts: tuple[tuple[int, str], ...] = ()


class Definitions(Value):
    """Provisions that define a term."""

    term: str
    provisions: tuple[ProvisionView, ...] = ()


class Judgement(Value):
    """A judge's word on whether a passage supports a claim."""

    evidence: str
    verdict: str
    span: str = ""
    model: str
