"""The review of a document: every citation and every quote that belongs to one gets exactly one verdict. Pure."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation, Pin
from metier_legal.citations.form import form_case, form_law
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.resolution import Resolution, State, Target, resolve
from metier_legal.review.claims.claims import Claim
from metier_legal.review.claims.quotes import Quote
from metier_legal.review.document import Document
from metier_legal.review.verdicts.comparing import Sought
from metier_legal.review.verdicts.decisions import judge_case_quote
from metier_legal.review.verdicts.identity import judge_identity, judge_treatment
from metier_legal.review.verdicts.items import OK, Code, Finding, Item, Status
from metier_legal.review.verdicts.provisions import LawQuotes
from metier_legal.review.verdicts.standing import NEAR, judge_standing, judge_work, names_version

KEPT_CASES: Final = 64
_UNRESOLVED: Final[dict[State, tuple[Status, Code, str]]] = {
    "NO_SUCH_SOURCE": ("wrong", Code.NO_SUCH_SOURCE, "It does not exist."),
    "NO_SUCH_PIN": ("wrong", Code.NO_SUCH_PIN, "That part does not exist."),
    "AMBIGUOUS": ("unknown", Code.AMBIGUOUS, "It can mean more than one thing."),
    "NOT_IN_CORPUS": ("unknown", Code.NOT_IN_CORPUS, "It is not in the corpus; it may exist."),
}

_BARE: Final = re.compile(r"§|\d|[Ss]ections?\b|ss?\.? |Art|art|Rule|第|（|\(")


def is_bare(citation: Citation) -> bool:
    """Returns whether a citation neither names a law nor points to one (该法第三条): which it is was inferred."""
    return isinstance(citation, LawCitation) and citation.carried and _BARE.match(citation.text) is not None


class Judge:
    """Judges the claims of one document against a corpus, as the law is on a day."""

    def __init__(self, document: Document, corpus: Corpus, *, on: date, jurisdiction: str = "") -> None:
        self._document = document
        self._corpus = corpus
        self._on = on
        self._jurisdiction = jurisdiction
        self._quotes = LawQuotes(corpus, on)
        self._case = lru_cache(maxsize=KEPT_CASES)(corpus.case)

    def judge(self, claim: Claim) -> Iterator[Item]:
        """Returns the item of the citation and one for each of its quotes."""
        resolution = resolve(claim.citation, self._corpus, on=self._on, jurisdiction=self._jurisdiction)
        finding = self._judge_citation(claim, resolution)
        yield self._item(claim, finding, resolution)
        for quote in claim.quotes:
            judged = self._judge_quote(claim, quote, resolution)
            yield self._item(claim, judged, resolution, quote=(quote.start, quote.text))

    def _judge_citation(self, claim: Claim, resolution: Resolution) -> Finding:
        if resolution.state != "FOUND":
            status, code, says = _UNRESOLVED[resolution.state]
            if resolution.state == "NO_SUCH_PIN" and is_bare(claim.citation):
                # The law was taken from a citation before, and that may have been wrong.
                return Finding("unknown", Code.AMBIGUOUS, "It does not say which law it means.", resolution.reason)
            return Finding(status, code, says, resolution.reason)
        if isinstance(claim.citation, CaseCitation):
            return self._judge_case(claim, claim.citation, resolution.targets[0])
        return self._judge_law(claim, claim.citation, resolution)

    def _judge_law(self, claim: Claim, citation: LawCitation, resolution: Resolution) -> Finding:
        near = self._near(claim)
        for target in resolution.targets:
            work = self._corpus.work(target.id)
            if work is None:
                continue
            if target.kind == "work":
                finding = judge_work(work, self._corpus, on=self._on, near=near)
            elif names_version(citation, work, target.number, self._corpus, on=self._on):
                continue  # it says which version it means
            else:
                finding = judge_standing(work, target.number, target.path, self._corpus, on=self._on, near=near)
            if finding.status != "ok":
                return finding
        return OK

    def _judge_case(self, claim: Claim, citation: CaseCitation, target: Target) -> Finding:
        case = self._case(target.id)
        if case is None:
            return Finding("unknown", Code.NOT_IN_CORPUS, "It is not in the corpus; it may exist.")
        before = self._document.text[max(0, citation.start - 160) : citation.start]
        finding = judge_identity(citation, case, before)
        if finding.status != "ok":
            return finding
        return judge_treatment(case, self._corpus, on=self._on, near=claim.around)

    def _judge_quote(self, claim: Claim, found: Quote, resolution: Resolution) -> Finding:
        citation, targets = claim.citation, resolution.targets
        quote = Sought(found.text, found.sure and not is_bare(citation))
        judged = resolution.state == "FOUND" or (resolution.state == "NO_SUCH_PIN" and targets)
        if not judged:
            says = "Its citation was not found, so the words were not compared."
            return Finding("unknown", _UNRESOLVED[resolution.state][1], says)
        if isinstance(citation, CaseCitation):
            case = self._case(targets[0].id)
            unread = Finding("unknown", Code.NOT_IN_CORPUS, "The decision is not in the corpus.")
            return unread if case is None else judge_case_quote(quote, citation, case, claim.around)
        work = self._corpus.work(targets[0].id)
        if work is not None and all(target.kind == "work" for target in targets) and not citation.pins:
            return self._quotes.judge_whole(quote, work)
        return self._quotes.judge(quote, citation, targets, self._near(claim))

    def _near(self, claim: Claim) -> str:
        text, citation = self._document.text, claim.citation
        return text[max(0, citation.start - NEAR) : citation.end + NEAR]

    def _item(
        self, claim: Claim, finding: Finding, resolution: Resolution, *, quote: tuple[int, str] | None = None
    ) -> Item:
        offset = claim.citation.start if quote is None else quote[0]
        target = resolution.targets[0] if len(resolution.targets) == 1 else None
        return Item(
            kind="citation" if quote is None else "quote",
            status=finding.status,
            code=finding.code,
            written=claim.citation.text if quote is None else quote[1],
            citation="" if quote is None else claim.citation.text,
            page=self._document.page_at(offset),
            block=self._document.block_at(offset) + 1,
            offset=offset,
            says=finding.says,
            corpus=finding.corpus,
            display="" if target is None else self._display(target),
            target="" if target is None else target.key,
        )

    def _display(self, target: Target) -> str:
        if target.kind == "case":
            case = self._case(target.id)
            return "" if case is None else form_case(case)
        work = self._corpus.work(target.id)
        if work is None:
            return ""
        return work.title if target.kind == "work" else form_law(work, Pin(target.number, target.path))
