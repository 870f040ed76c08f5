"""From rows of the store to evidence: displays, versions and treatments are written here and nowhere else."""

from collections.abc import Sequence
from typing import Final

from metier.evidence import Evidence
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_case, form_law
from metier_legal.corpus.corpus import Corpus, Mention
from metier_legal.law.case import Case, Paragraph, Treatment
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work
from metier_legal.records import TreatedBy, record_paragraph, record_provision

PLAIN_MENTIONS: Final = frozenset((Treatment.CITES, Treatment.APPLIES))
MOST_TREATED: Final = 40


def provision_evidence(corpus: Corpus, work: Work, version: Provision) -> Evidence:
    """Returns the evidence of a version of a provision, with what the corpus knows of its other versions."""
    return record_provision(
        work,
        version,
        display=form_law(work, Pin(version.number)),
        versions=corpus.versions(work.id, version.number),
        origin=corpus.origin(f"{work.id}#{version.number}"),
    )


def paragraph_evidence(corpus: Corpus, case: Case, paragraphs: Sequence[Paragraph]) -> list[Evidence]:
    """Returns the evidence of paragraphs of a case, with what later cases did to it."""
    treated = tuple(_treated(mention) for mention in treatments(corpus, case.id))
    known = is_treatment_known(corpus, case)
    origin = corpus.origin(case.id)
    return [
        record_paragraph(
            case,
            paragraph,
            display=form_case(case, paragraph.number),
            treated_by=treated,
            treatment_known=known,
            origin=origin,
        )
        for paragraph in paragraphs
    ]


def treatments(corpus: Corpus, case_id: str) -> tuple[Mention, ...]:
    """Returns the mentions of a case that do something to it, the gravest and then the newest first."""
    mentions = [mention for mention in corpus.cited_by(case_id) if mention.treatment not in PLAIN_MENTIONS]
    order = list(Treatment)
    return tuple(sorted(mentions, key=lambda mention: order.index(mention.treatment)))[:MOST_TREATED]


def is_treatment_known(corpus: Corpus, case: Case) -> bool:
    """Returns whether every decision of each court that could have treated the case is said to be in the corpus."""
    courts = [name for level, name in corpus.courts(case.jurisdiction) if level >= max(case.court_level, 1)]
    return bool(courts) and all(corpus.covers(case.jurisdiction, name) == "complete" for name in courts)


def _treated(mention: Mention) -> TreatedBy:
    return TreatedBy(
        case=mention.case,
        name=mention.name,
        court=mention.court,
        court_level=mention.court_level,
        decided=mention.decided,
        treatment=mention.treatment,
        quote=mention.quote,
        stated=mention.stated,
    )
