"""Whether a quote stands in the law that it is said to be from. Pure, given a corpus."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Final

from metier_legal.citations.citation import LawCitation, Pin
from metier_legal.citations.form import form_law
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.resolution import Target
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work
from metier_legal.review.verdicts.comparing import Sought, judge_miss, key_of, squeeze, stands
from metier_legal.review.verdicts.items import OK, Code, Finding
from metier_legal.review.verdicts.standing import interval_of, versions_meant

KEPT_WORKS: Final = 8
_SHOWN: Final = 600


class LawQuotes:
    """Looks for quotes in the laws of a corpus as they stand on a day. Keeps what it has read of the last few works."""

    def __init__(self, corpus: Corpus, on: date) -> None:
        self._corpus = corpus
        self._on = on
        self._letters_of = lru_cache(maxsize=KEPT_WORKS)(self._read_letters)

    def judge(self, quote: Sought, citation: LawCitation, targets: Sequence[Target], near: str) -> Finding:
        """Returns whether a quote stands in one of the provisions, or in the parts of them, that are cited."""
        works = {target.id: work for target in targets if (work := self._corpus.work(target.id)) is not None}
        missed: list[str] = []
        for target in targets:
            if target.kind != "provision" or target.id not in works:
                continue
            work = works[target.id]
            for version in versions_meant(citation, work, target.number, self._corpus, on=self._on, near=near):
                text = _part_of(version, target.path)
                if stands(quote.text, text, work.language):
                    return OK
                missed.append(text)
        found = self._find_within(quote.text, targets, works) or self._find_in(quote.text, works.values())
        if found is not None:
            return found
        language = next((work.language for work in works.values()), "en")
        complete = bool(missed) or all(work.complete for work in works.values())
        return judge_miss(quote, missed, language, complete=complete)

    def judge_whole(self, quote: Sought, work: Work) -> Finding:
        """Returns whether a quote stands anywhere in a law that is cited without a provision."""
        found = self._find_in(quote.text, [work])
        if found is not None:
            return Finding("ok", Code.OK, "", found.corpus)
        return judge_miss(quote, (), work.language, complete=work.complete)

    def _find_within(self, quote: str, targets: Sequence[Target], works: Mapping[str, Work]) -> Finding | None:
        """Finds the quote elsewhere in a cited provision, or in another version of it."""
        for target in targets:
            work = works.get(target.id)
            if target.kind != "provision" or work is None:
                continue
            current = self._corpus.provision(work.id, target.number, self._on)
            if current is not None and target.path and stands(quote, current.text, work.language):
                return _elsewhere(form_law(work, Pin(target.number, _smallest(quote, current, work.language))))
            for version in reversed(self._corpus.versions(work.id, target.number)):
                if version != current and stands(quote, version.text, work.language):
                    says = f"These words are of another version, law {interval_of(version)}, not on {self._on}."
                    now = "" if current is None else f"On {self._on} it reads: {current.text[:_SHOWN]}"
                    return Finding("wrong", Code.SUPERSEDED_TEXT, says, now)
        return None

    def _find_in(self, quote: str, works: Iterable[Work]) -> Finding | None:
        key = key_of(quote)
        for work in works:
            for number, letters in self._letters_of(work.id):
                if key not in letters:
                    continue
                version = self._corpus.provision(work.id, number, self._on)
                if version is not None and stands(quote, version.text, work.language):
                    return _elsewhere(form_law(work, Pin(number, _smallest(quote, version, work.language))))
        return None

    def _read_letters(self, work_id: str) -> tuple[tuple[str, str], ...]:
        found = (
            (number, self._corpus.provision(work_id, number, self._on)) for number in self._corpus.numbers(work_id)
        )
        return tuple((number, squeeze(version.text)) for number, version in found if version is not None)


def _elsewhere(where: str) -> Finding:
    return Finding("wrong", Code.QUOTE_ELSEWHERE, f"The words do not stand there, but in {where}.", where)


def _part_of(version: Provision, path: tuple[str, ...]) -> str:
    unit = next((unit for unit in version.units if unit.path == path), None) if path else None
    return version.text if unit is None else version.text[unit.start : unit.end]


def _smallest(quote: str, version: Provision, language: str) -> tuple[str, ...]:
    """Returns the path of the smallest part that has the quote."""
    for unit in sorted(version.units, key=lambda unit: unit.end - unit.start):
        if stands(quote, version.text[unit.start : unit.end], language):
            return unit.path
    return ()
