"""Reviewing a document against a corpus."""

from datetime import date
from typing import Final

from metier_legal.citations.finding import ALL
from metier_legal.corpus.corpus import Corpus
from metier_legal.review.claims.claims import find_claims
from metier_legal.review.document import Document
from metier_legal.review.verdicts.items import Review
from metier_legal.review.verdicts.verdicts import Judge

MOST_NAMES: Final = 20_000


def review_document(document: Document, corpus: Corpus, *, file: str, on: date, jurisdiction: str = "") -> Review:
    """Returns the verdicts on every citation of a document and on the quotes that belong to them, in its order.

    `on` is the day whose law counts; `jurisdiction` settles names that mean laws of several. What the document says
    to its reader changes nothing: only citations and quotes are taken from it.
    """
    names = {name for work in corpus.works() for name in (work.title, work.short, *work.aliases) if name}
    claims = find_claims(document, systems=ALL, names=sorted(names)[:MOST_NAMES])
    judge = Judge(document, corpus, on=on, jurisdiction=jurisdiction)
    return Review(
        file=file,
        on=on,
        snapshot=corpus.snapshot(),
        jurisdiction=jurisdiction,
        items=tuple(item for claim in claims for item in judge.judge(claim)),
        warnings=document.warnings,
    )
