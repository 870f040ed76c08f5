"""The words of the run that support a sentence: found by its numbers, names and content. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from metier.evidence import Citation, Evidence
from metier_research.drafting.prose import Drafted
from metier_research.language.amounts import ORDINAL, Amount, find_amounts
from metier_research.language.dates import Day, find_days
from metier_research.language.instructions import find_instruction
from metier_research.language.names import Known, find_names, is_plain_word
from metier_research.language.sentences import find_sentences
from metier_research.language.stretches import cut_stretches, find_values, is_said
from metier_research.language.words import find_content, is_chinese
from metier_research.pages.evidence import PASSAGE, READ, kind_of

MOST_QUOTES: Final = 3
_SHORTLIST: Final = 40
_LEAST_SHARE: Final = 0.34
_LONGEST: Final = 600  # characters of a quote


@dataclass(frozen=True)
class Candidate:
    """A sentence or table row of the evidence, which a draft's sentence may rest on."""

    evidence: Evidence
    start: int
    end: int

    @cached_property
    def text(self) -> str:
        """Returns its words, letter by letter."""
        return self.evidence.text[self.start : self.end]

    @cached_property
    def title(self) -> str:
        """Returns the title of its page."""
        value = self.evidence.value
        title = value.get("title") if isinstance(value, dict) else None
        return title if isinstance(title, str) else ""

    @property
    def is_old(self) -> bool:
        """Returns whether its page says that it is outdated."""
        value = self.evidence.value
        return isinstance(value, dict) and bool(value.get("outdated"))

    @cached_property
    def content(self) -> frozenset[str]:
        """Returns its content words."""
        return find_content(self.text)

    @property
    def citation(self) -> Citation:
        """Returns the citation of it."""
        return Citation(self.evidence.id, quote=self.text)


class Library:
    """The sentences of what was read in a run; pages that give orders to their reader are none."""

    def __init__(self, evidence: Mapping[str, Evidence]) -> None:
        self.candidates = tuple(_candidates(evidence[name] for name in sorted(evidence)))
        self._by_word: dict[str, list[int]] = {}
        for at, candidate in enumerate(self.candidates):
            for word in sorted(candidate.content | find_content(candidate.title)):
                self._by_word.setdefault(word, []).append(at)

    def shortlist(self, words: Iterable[str]) -> list[Candidate]:
        """Returns the candidates that share most words, the rarer the better; of equals the earlier first."""
        scores: dict[int, float] = {}
        for word in sorted(words):
            places = self._by_word.get(word, ())
            for at in places:
                scores[at] = scores.get(at, 0.0) + 1 / len(places)
        best = sorted(scores, key=lambda at: (-scores[at], at))[:_SHORTLIST]
        return [self.candidates[at] for at in best]

    def marked(self, drafted: Drafted) -> list[Candidate]:
        """Returns the candidates of the sources that a sentence names."""
        wanted = {_bare(address) for address in drafted.addresses}
        return [
            one
            for one in self.candidates
            if one.evidence.id in drafted.ids or (wanted and _bare(_address(one.evidence)) in wanted)
        ]


@dataclass(frozen=True)
class Wanted:
    """What a sentence needs support for."""

    text: str
    question: str

    @cached_property
    def values(self) -> tuple[Amount | Day, ...]:
        """Returns its numbers and dates."""
        amounts = (one for one in find_amounts(self.text) if one.measures != ORDINAL)
        return (*amounts, *find_days(self.text))

    @cached_property
    def names(self) -> tuple[tuple[str, ...], ...]:
        """Returns its names; a word that has its capital from the head of the sentence may be none."""
        found = find_names(self.text)
        return tuple(one.words for one in found if not (one.starts and is_plain_word(one.words[0])))

    @cached_property
    def body(self) -> frozenset[str]:
        """Returns its content words apart from names and numbers."""
        return frozenset[str]().union(*(stretch.body for stretch in cut_stretches(self.text)))

    def are_in(self, text: str) -> bool:
        """Returns whether a text says every number and date of the sentence."""
        said = find_values(text)
        return all(any(is_said(value, other) for other in said) for value in self.values)

    def gain(self, candidate: Candidate, chosen: Sequence[Candidate]) -> float:
        """Returns how much a candidate adds to the support that is chosen already."""
        values = [value for value in self.values if not any(_says(one, value) for one in chosen)]
        names = [
            words for words in self.names if not any(_names(one, words) or _is_titled(one, words) for one in chosen)
        ]
        body = self.body.difference(*(one.content for one in chosen))
        added = 3.0 * sum(_says(candidate, value) for value in values)
        added += sum(2.0 if _names(candidate, words) else _is_titled(candidate, words) for words in names)
        added += 2.0 * len(body & candidate.content) / max(len(self.body), 1)
        return added - (0.5 if candidate.is_old else 0.0)

    def is_supported(self, chosen: Sequence[Candidate]) -> bool:
        """Returns whether the chosen words have every number and name of the sentence, and enough of its words."""
        if not chosen or is_chinese(self.text) != is_chinese(chosen[0].text):
            return False
        if not all(any(_says(one, value) or _titles(one, value) for one in chosen) for value in self.values):
            return False
        known = Known([self.question, *(text for one in chosen for text in (one.text, one.title))])
        if not all(known.has(words) or (len(words) == 1 and known.has_stem(words[0])) for words in self.names):
            return False
        have = frozenset[str]().union(*(one.content | find_content(one.title) for one in chosen))
        share = len(self.body & have) / len(self.body) if self.body else 1.0
        return share >= _LEAST_SHARE or (bool(self.values) and bool(self.names))


def support(drafted: Drafted, library: Library, question: str) -> tuple[Citation, ...]:
    """Returns the citations that a sentence rests on, those of its own marks first; none where nothing supports it."""
    wanted = Wanted(drafted.text, question)
    for candidates in (library.marked(drafted), library.shortlist(find_content(drafted.text))):
        chosen = _choose(wanted, candidates)
        if wanted.is_supported(chosen):
            return tuple(one.citation for one in chosen)
    return ()


def _choose(wanted: Wanted, candidates: Sequence[Candidate]) -> list[Candidate]:
    chosen: list[Candidate] = []
    while len(chosen) < MOST_QUOTES:
        left = [one for one in candidates if one not in chosen]
        best = max(left, key=lambda one: wanted.gain(one, chosen), default=None)
        if best is None or wanted.gain(best, chosen) <= (1.0 if chosen else 0.0):
            break
        chosen.append(best)
    return chosen


def _candidates(evidence: Iterable[Evidence]) -> Iterator[Candidate]:
    for item in evidence:
        kind = kind_of(item)
        if (kind and kind not in READ) or (kind == PASSAGE and find_instruction(item.text)):
            continue
        for start, end in find_sentences(item.text):
            if end - start <= _LONGEST and item.text[start] != "#":
                yield Candidate(item, start, end)


def _says(candidate: Candidate, value: Amount | Day) -> bool:
    return any(is_said(value, other) for other in find_values(candidate.text))


def _titles(candidate: Candidate, value: Amount | Day) -> bool:
    return any(is_said(value, other) for other in find_values(candidate.title))


def _names(candidate: Candidate, words: tuple[str, ...]) -> bool:
    return Known((candidate.text,)).has(words)


def _is_titled(candidate: Candidate, words: tuple[str, ...]) -> bool:
    return Known((candidate.title,)).has(words)


def _address(item: Evidence) -> str:
    url = item.value.get("url") if isinstance(item.value, dict) else None
    return url if isinstance(url, str) else item.locator


def _bare(address: str) -> str:
    plain = address.split("#", 1)[0].removeprefix("https://").removeprefix("http://").removeprefix("www.")
    return plain.rstrip("/")
