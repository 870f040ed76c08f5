"""The quality that is promised, on the real corpora and all their questions."""

import gzip
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any

import pytest

from metier_legal.search.backend import Entry, Filters
from metier_legal.search.engines.inverted import InvertedIndex
from metier_legal.search.measures import ndcg_at, recall_at

ROOT = Path(__file__).resolve().parents[4]
LEGAL = ROOT.parent / "shared" / "data" / "legal"
FOLDS = 5
Judged = tuple[str, frozenset[str]]
Chinese = tuple[InvertedIndex, dict[str, Entry], list[Judged]]

pytestmark = [
    pytest.mark.skipif(not LEGAL.is_dir(), reason="no legal data in ../shared/data/legal"),
    pytest.mark.timeout(400),
]


def rows(folder: str, name: str) -> Iterator[dict[str, Any]]:
    with gzip.open(LEGAL / folder / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def make(row: dict[str, Any], language: str, title: str, work: str) -> Entry:
    return Entry(row["id"], row["id"], "provision", "xx", language, title, row["text"], work=work, source=work)


def judged(folder: str, questions: str, judgements: str) -> list[Judged]:
    relevant: dict[str, set[str]] = {}
    for line in (LEGAL / folder / judgements).read_text(encoding="utf-8").splitlines():
        question, _, provision, _ = line.split()
        relevant.setdefault(question, set()).add(provision)
    lines = (LEGAL / folder / questions).read_text(encoding="utf-8").splitlines()
    fields = [line.split("\t") for line in lines]
    return [(row[-1], frozenset(relevant[row[0]])) for row in fields if row[0] in relevant]


def recall(backend: InvertedIndex, questions: Sequence[Judged]) -> dict[str, float]:
    found = [
        ([hit.id for hit in backend.search(text, filters=Filters(), limit=100).hits], relevant)
        for text, relevant in questions
    ]
    return {
        "R@10": fmean(recall_at(ids, relevant, 10) for ids, relevant in found),
        "R@100": fmean(recall_at(ids, relevant, 100) for ids, relevant in found),
        "nDCG@10": fmean(ndcg_at(ids, relevant, 10) for ids, relevant in found),
    }


@pytest.fixture(scope="module")
def chinese(tmp_path_factory: pytest.TempPathFactory) -> Chinese:
    articles = rows("zh-stard", "articles.jsonl.gz")
    made = (make(row, "zh", " ".join([row["law"], *row["path"]]), row["law"]) for row in articles)
    entries = {entry.id: entry for entry in made}
    backend = InvertedIndex(tmp_path_factory.mktemp("stard"))
    backend.index(entries.values())
    return backend, entries, judged("zh-stard", "queries.tsv", "qrels.tsv")


def test_english_questions_find_their_rules(tmp_path: Path) -> None:
    backend = InvertedIndex(tmp_path)
    passages = (make(row, "en", "", str(row["document"])) for row in rows("en-obliqa", "passages.jsonl.gz"))
    assert backend.index(passages) == 13_732
    quality = recall(backend, judged("en-obliqa", "queries.dev.tsv", "qrels.dev.tsv"))
    assert quality["R@10"] >= 0.77
    assert quality["nDCG@10"] >= 0.68


def test_chinese_questions_find_their_articles_without_learning(chinese: Chinese) -> None:
    backend, entries, questions = chinese
    assert (len(entries), len(questions)) == (58_836, 1_235)
    assert recall(backend, questions)["R@10"] >= 0.47


def test_chinese_questions_find_more_after_learning_from_others(chinese: Chinese) -> None:
    backend, entries, questions = chinese
    order = list(questions)
    random.Random(0).shuffle(order)
    qualities = []
    for fold in range(FOLDS):
        taught: dict[str, list[str]] = {name: [] for _, relevant in questions for name in relevant}
        for place, (text, relevant) in enumerate(order):
            for name in relevant if place % FOLDS != fold else ():
                taught[name].append(text)
        backend.index(replace(entries[name], questions=tuple(texts)) for name, texts in taught.items())
        qualities.append(recall(backend, order[fold::FOLDS]))
    assert fmean(one["R@10"] for one in qualities) >= 0.60
    assert fmean(one["R@100"] for one in qualities) >= 0.80
