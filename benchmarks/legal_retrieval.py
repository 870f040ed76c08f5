"""How well and how fast law is found: ObliQA (English) and STARD (Chinese), beside other engines in the same run.

STARD is also measured with learning from past questions, by five-fold cross-validation over its training questions: a
question is never searched by an index that learned from it. bm25s gets the same terms; the bare tantivy has its
default analyzer, and single characters in Chinese. The data lie in ../shared/data/legal.
"""

import gzip
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias

import bm25s
import tantivy
from rich.console import Console

from benchmarks.timing import print_table
from metier_legal.search.analysis import query_terms, term_list
from metier_legal.search.backend import Entry, Filters, SearchBackend
from metier_legal.search.engines.fulltext import FullText
from metier_legal.search.engines.inverted import InvertedIndex
from metier_legal.search.measures import mrr_at, ndcg_at, recall_at

LEGAL: Final = Path(__file__).resolve().parents[2] / "shared" / "data" / "legal"
DEPTH: Final = 100
FOLDS: Final = 5
_COLUMNS: Final = ("engine", "R@1", "R@10", "R@100", "nDCG", "MRR", "ms", "MB", "s")

Judged: TypeAlias = tuple[str, frozenset[str]]
Search: TypeAlias = Callable[[str, int], list[str]]


@dataclass(frozen=True, slots=True)
class Quality:
    """The means over the questions."""

    r1: float
    r10: float
    r100: float
    ndcg10: float
    mrr10: float


class Engine(Protocol):
    """Something that indexes entries in a folder and then searches them."""

    name: str

    def build(self, entries: Sequence[Entry], folder: Path) -> Search:
        """Returns what gives the ids found for a query, best first."""
        ...


class Ours:
    """An engine of the toolkit."""

    def __init__(self, name: str, make: Callable[[Path], SearchBackend]) -> None:
        self.name = name
        self._make = make

    def build(self, entries: Sequence[Entry], folder: Path) -> Search:
        """Returns what gives the ids found for a query, best first."""
        backend = self._make(folder)
        backend.index(entries)
        return search_of(backend)


class Bm25s:
    """bm25s over the toolkit's terms, all in memory; its size is that of its files."""

    name = "bm25s"

    def build(self, entries: Sequence[Entry], folder: Path) -> Search:
        """Returns what gives the ids found for a query, best first."""
        index = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        index.index([term_list(f"{one.title}\n{one.text}", one.language) for one in entries], show_progress=False)
        index.save(folder)
        language = entries[0].language

        def search(query: str, limit: int) -> list[str]:
            terms = [term for term in query_terms(query, language) if term in index.vocab_dict]
            if not terms:
                return []
            places, _ = index.retrieve([terms], k=limit, show_progress=False)
            return [entries[place].id for place in places[0]]

        return search


class Plain:
    """tantivy as it comes: its default analyzer for words, and single characters for Chinese, which has no spaces."""

    name = "bare tantivy"

    def build(self, entries: Sequence[Entry], folder: Path) -> Search:
        """Returns what gives the ids found for a query, best first."""
        builder = tantivy.SchemaBuilder().add_text_field("id", stored=True, tokenizer_name="raw")
        schema = builder.add_text_field("text").build()
        folder.mkdir()
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer()
        for one in entries:
            writer.add_document(tantivy.Document(id=[one.id], text=[_spaced(f"{one.title}\n{one.text}")]))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        searcher = index.searcher()

        def search(query: str, limit: int) -> list[str]:
            parsed, _ = index.parse_query_lenient(_spaced(query), ["text"])
            hits = searcher.search(parsed, limit, count=False).hits
            return [str(searcher.doc(address).get_first("id")) for _, address in hits]

        return search


def main() -> None:
    """Prints a table for each of the two sets, or says that there is none."""
    if not LEGAL.is_dir():
        Console().print(f"No {LEGAL.name} data in ../shared/data: nothing is measured.")
        return
    engines = (Ours("ours", InvertedIndex), Ours("ours on FTS5", _full_text), Bm25s(), Plain())
    for name, entries, judged in (
        ("ObliQA dev", list(obliqa_entries()), obliqa_questions()),
        ("STARD train", list(stard_entries()), stard_questions()),
    ):
        rows = [_measure(engine, entries, judged) for engine in engines]
        if name.startswith("STARD"):
            rows.append(_measure_learning(entries, judged))
        print_table(f"{name}: {len(judged)} questions, {len(entries)} provisions", _COLUMNS, rows)
    Console().print("nDCG and MRR at 10; ms: median CPU of a search for ten; MB: index; s: CPU seconds to build it.")


def obliqa_entries() -> Iterator[Entry]:
    """Yields the passages of ObliQA, English rules of financial regulation."""
    for row in _rows("en-obliqa", "passages.jsonl.gz"):
        document = str(row["document"])
        yield _entry(row["id"], "en", "", row["text"], document)


def obliqa_questions() -> list[Judged]:
    """Returns the development questions of ObliQA with the passages that answer them."""
    return _judged("en-obliqa", "queries.dev.tsv", "qrels.dev.tsv")


def stard_entries() -> Iterator[Entry]:
    """Yields the articles of STARD, Chinese law; the title is the law's name and the headings above the article."""
    for row in _rows("zh-stard", "articles.jsonl.gz"):
        yield _entry(row["id"], "zh", " ".join([row["law"], *row["path"]]), row["text"], row["law"])


def stard_questions() -> list[Judged]:
    """Returns the training questions of STARD with the articles that answer them."""
    return _judged("zh-stard", "queries.tsv", "qrels.tsv")


def split_folds(judged: Sequence[Judged]) -> Iterator[tuple[list[Judged], list[Judged]]]:
    """Yields FOLDS pairs of questions to learn from and questions to search; the shuffle is always the same."""
    order = list(judged)
    random.Random(0).shuffle(order)
    for fold in range(FOLDS):
        yield [one for place, one in enumerate(order) if place % FOLDS != fold], order[fold::FOLDS]


def teach(
    backend: SearchBackend, entries: Sequence[Entry], judged: Sequence[Judged], learned: Sequence[Judged]
) -> None:
    """Indexes again every entry that answers a question, with the questions of `learned` only."""
    questions: dict[str, list[str]] = {name: [] for _, relevant in judged for name in relevant}
    for question, relevant in learned:
        for name in relevant:
            questions[name].append(question)
    backend.index(replace(one, questions=tuple(questions[one.id])) for one in entries if one.id in questions)


def search_of(backend: SearchBackend) -> Search:
    """Returns the ids that a backend finds, as a function of query and limit."""
    return lambda query, limit: [hit.id for hit in backend.search(query, filters=Filters(), limit=limit).hits]


def judge(search: Search, judged: Sequence[Judged]) -> Quality:
    """Returns the quality of the rankings for the questions."""
    found = [(search(question, DEPTH), relevant) for question, relevant in judged]
    recalls = [statistics.fmean(recall_at(ids, relevant, k) for ids, relevant in found) for k in (1, 10, DEPTH)]
    ndcg = statistics.fmean(ndcg_at(ids, relevant, 10) for ids, relevant in found)
    return Quality(*recalls, ndcg, statistics.fmean(mrr_at(ids, relevant, 10) for ids, relevant in found))


def median_cpu_ms(search: Search, judged: Sequence[Judged]) -> float:
    """Returns the median CPU milliseconds of a search for ten hits."""
    taken = []
    for question, _ in judged:
        begin = time.process_time()
        search(question, 10)
        taken.append(time.process_time() - begin)
    return statistics.median(taken) * 1e3


def _measure(engine: Engine, entries: Sequence[Entry], judged: Sequence[Judged]) -> list[str]:
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "index"
        begin = time.process_time()
        search = engine.build(entries, folder)
        build_s = time.process_time() - begin
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return _row(engine.name, judge(search, judged), median_cpu_ms(search, judged[:200]), size, build_s)


def _measure_learning(entries: Sequence[Entry], judged: Sequence[Judged]) -> list[str]:
    with tempfile.TemporaryDirectory() as top:
        folder = Path(top) / "index"
        backend = InvertedIndex(folder)
        begin = time.process_time()
        backend.index(entries)
        search, qualities, cpu_ms = search_of(backend), [], []
        build_s = time.process_time() - begin
        for learned, asked in split_folds(judged):
            teach(backend, entries, judged, learned)
            qualities.append(judge(search, asked))
            cpu_ms.append(median_cpu_ms(search, asked))
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        return _row("ours, learned", mean_quality(qualities), statistics.fmean(cpu_ms), size, build_s)


def mean_quality(qualities: Sequence[Quality]) -> Quality:
    """Returns the mean of each measure."""
    names = ("r1", "r10", "r100", "ndcg10", "mrr10")
    return Quality(*(statistics.fmean(getattr(one, name) for one in qualities) for name in names))


def _row(name: str, quality: Quality, cpu_ms: float, size: int, build_s: float) -> list[str]:
    means = (quality.r1, quality.r10, quality.r100, quality.ndcg10, quality.mrr10)
    return [name, *(f"{mean:.3f}" for mean in means), f"{cpu_ms:.2f}", f"{size / 1e6:.1f}", f"{build_s:.1f}"]


def _full_text(folder: Path) -> SearchBackend:
    return FullText(folder / "words.db")


def _entry(name: str, language: str, title: str, text: str, work: str) -> Entry:
    return Entry(name, name, "provision", "xx", language, title, text, work=work, source=work)


def _spaced(text: str) -> str:
    return "".join(f" {letter} " if "\u3400" <= letter <= "\u9fff" else letter for letter in text)


def _rows(folder: str, name: str) -> Iterator[Mapping[str, Any]]:
    with gzip.open(LEGAL / folder / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _judged(folder: str, questions: str, judgements: str) -> list[Judged]:
    relevant: dict[str, set[str]] = {}
    for line in (LEGAL / folder / judgements).read_text(encoding="utf-8").splitlines():
        question, _, provision, _ = line.split()
        relevant.setdefault(question, set()).add(provision)
    lines = (LEGAL / folder / questions).read_text(encoding="utf-8").splitlines()
    fields = [line.split("\t") for line in lines]
    return [(row[-1], frozenset(relevant[row[0]])) for row in fields if row[0] in relevant]


if __name__ == "__main__":
    main()
