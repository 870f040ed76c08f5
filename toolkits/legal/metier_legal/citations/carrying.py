"""What is carried over in a text: a bare section bears its law, "id." and short forms their case."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation
from metier_legal.law.work import Style

REACH: Final = 2_000  # characters over which a law is carried to a bare section

_BY_SECTION: Final = frozenset((Style.US_CODE, Style.CFR, Style.DC_CODE, Style.PLAIN, Style.GERMAN, Style.UK))
_BY_ARTICLE: Final = frozenset((Style.EU, Style.FRENCH))
_SIGN: Final = re.compile(r"§|\b(?:ss?|[Ss]ections?|[Ss]ecs?)\b")


def carry_over(text: str, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """Returns the citations, the carried ones with the law or case that they were taken from, where that is certain.

    A bare number that was cited of a law before is of that law; else of the law named last with a sign of its kind
    within 2,000 characters.
    """
    laws, cases = _Laws(), _Cases()
    carried = list[Citation]()
    for citation in citations:
        if isinstance(citation, LawCitation):
            citation = laws.carry(citation)
            carried.append(citation)
            cases.previous = None
        else:
            carried.append(cases.carry(citation))
    return tuple(carried)


class _Laws:
    """The laws named so far."""

    def __init__(self) -> None:
        self.last: dict[bool, LawCitation] = {}
        self.of_number: dict[tuple[bool, str], LawCitation] = {}

    def carry(self, citation: LawCitation) -> LawCitation:
        if citation.style is Style.CHINESE:
            return citation
        by_article = citation.style in _BY_ARTICLE
        if citation.law:
            self._remember(citation, by_article=by_article)
            return citation
        if not citation.carried or not citation.pins:
            return citation
        source = self._source(citation, by_article=by_article)
        if source is None:
            return citation
        return replace(citation, law=source.law, style=source.style)

    def _remember(self, citation: LawCitation, *, by_article: bool) -> None:
        if not by_article and citation.style is not Style.UK and not _SIGN.search(citation.text):
            return
        self.last[by_article] = citation
        for pin in citation.pins:
            self.of_number[by_article, pin.number] = citation

    def _source(self, citation: LawCitation, *, by_article: bool) -> LawCitation | None:
        known = self.of_number.get((by_article, citation.pins[0].number))
        last = self.last.get(by_article)
        if known is not None and _fits(known, citation):
            return known
        near = last is not None and citation.start - last.end <= REACH
        return last if last is not None and near and _fits(last, citation) else None


def _fits(source: LawCitation, citation: LawCitation) -> bool:
    """Returns whether a bare citation can be of that law: "Abs. 2" is German, and "(2)" is not."""
    if citation.pins[0].path and Style.GERMAN in (source.style, citation.style):
        return source.style is citation.style
    return True


class _Cases:
    """The cases cited so far, to which short forms, "supra" and "id." point."""

    def __init__(self) -> None:
        self.previous: CaseCitation | None = None
        self.of_volume: dict[tuple[str, str], list[CaseCitation]] = {}
        self.of_name: dict[str, list[CaseCitation]] = {}

    def carry(self, citation: CaseCitation) -> CaseCitation:
        if not citation.carried:
            self._remember(citation)
            self.previous = citation
            return citation
        source = self._source(citation)
        if source is not None:
            citation = replace(
                citation,
                name=source.name or citation.name,
                court=source.court,
                decided=source.decided,
                year=source.year,
                volume=source.volume,
                reporter=source.reporter,
                page=source.page,
                docket=source.docket,
                neutral=source.neutral,
            )
        self.previous = source
        return citation

    def _remember(self, citation: CaseCitation) -> None:
        if citation.reporter:
            self._add(self.of_volume.setdefault((citation.volume, citation.reporter.replace(" ", "")), []), citation)
        for word in {word.strip(".,’'") for word in citation.name.split()}:
            if len(word) > 2:
                self._add(self.of_name.setdefault(word, []), citation)

    def _add(self, cases: list[CaseCitation], citation: CaseCitation) -> None:
        """Keeps two different cases at most: more make a name no more uncertain."""
        if len(cases) < 8 and all(_identity(citation) != _identity(one) for one in cases):
            cases.append(citation)

    def _source(self, citation: CaseCitation) -> CaseCitation | None:
        if citation.reporter:
            volume = self.of_volume.get((citation.volume, citation.reporter.replace(" ", "")), [])
            known = [one for one in volume if not citation.name or _shares(one.name, citation.name)] or volume
        elif citation.name:
            words = [self.of_name.get(word.strip(".,’'"), []) for word in citation.name.split()]
            known = min((cases for cases in words if cases), key=len, default=[])
        else:
            return self.previous
        return known[0] if len(known) == 1 else None


def _identity(citation: CaseCitation) -> tuple[str, ...]:
    return (citation.volume, citation.reporter.replace(" ", ""), citation.page, citation.docket, citation.neutral)


def _shares(full: str, short: str) -> bool:
    return any(word.strip(".,’'") in full for word in short.split() if len(word) > 2)
