"""What past questions teach about a new one, by counted terms alone. Pure.

A past question that resembles the new one speaks for the provisions that answered it, and for the laws they stand in;
a law whose past questions together share the new one's terms is likelier too. All parts are BM25 scores or shares of
one, so they add to an engine's BM25 score. The weights were chosen on STARD's training questions by cross-validation;
`benchmarks/legal_retrieval.py` prints what they give.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from heapq import nlargest
from typing import Final, TypeAlias

from metier_legal.search.analysis import query_terms, term_list
from metier_legal.search.learning.counts import Counts

NEAREST: Final = 20
MOST_GROUPS: Final = 100
MOST_WORKS: Final = 30
_OF_BEST_QUESTION: Final = 0.5
_OF_NEAR_QUESTIONS: Final = 2.0
_OF_NEAR_LAWS: Final = 2.0
_OF_LAW_TERMS: Final = 0.4

_Term: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A past question and one provision that answered it: its group and its work, and the language of both."""

    question: str
    language: str
    group: str
    work: str


@dataclass(frozen=True, slots=True)
class Recall:
    """What to add to the score of entries: by their group, and by their work. A group is a find of its own."""

    groups: Mapping[str, float]
    works: Mapping[str, float]


NOTHING: Final = Recall({}, {})


class Memory:
    """Past questions, ready to be compared with new ones."""

    def __init__(self, asked: Iterable[Asked]) -> None:
        golds: dict[tuple[str, str], dict[tuple[str, str], None]] = {}
        for one in asked:
            golds.setdefault((one.language, one.question), {})[one.group, one.work] = None
        self._languages = tuple(sorted({language for language, _ in golds}))
        self._golds = [tuple(gold) for gold in golds.values()]
        documents = [[(language, term) for term in term_list(text, language)] for language, text in golds]
        self._questions = Counts(documents)
        by_work: dict[str, list[_Term]] = {}
        for document, gold in zip(documents, self._golds, strict=True):
            for work in dict.fromkeys(work for _, work in gold if work):
                by_work.setdefault(work, []).extend(document)
        self._works = tuple(by_work)
        self._laws = Counts(by_work.values())

    def recall(self, query: str) -> Recall:
        """Returns what the past questions say of `query`: nothing where none shares a term with it."""
        terms = [(language, term) for language in self._languages for term in query_terms(query, language)]
        likeness = self._questions.score(terms)
        if not likeness:
            return NOTHING
        groups: dict[str, float] = {}
        for question, score in likeness.items():
            for group, _ in self._golds[question]:
                groups[group] = max(groups.get(group, 0.0), _OF_BEST_QUESTION * score)
        works = {self._works[place]: _OF_LAW_TERMS * score for place, score in self._laws.score(terms).items()}
        near = nlargest(NEAREST, likeness.items(), key=lambda item: (item[1], -item[0]))
        best = near[0][1]
        for question, score in near:
            gold = self._golds[question]
            for group, _ in gold:
                groups[group] += _OF_NEAR_QUESTIONS * score / best
            for work in dict.fromkeys(work for _, work in gold if work):
                works[work] = works.get(work, 0.0) + _OF_NEAR_LAWS * score / best
        return Recall(_largest(groups, MOST_GROUPS), _largest(works, MOST_WORKS))


def _largest(scores: Mapping[str, float], most: int) -> dict[str, float]:
    return dict(nlargest(most, scores.items(), key=lambda item: (item[1], item[0])))
