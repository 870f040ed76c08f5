"""The tantivy index of one language, and what was visible in it at one moment."""

import json
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from heapq import nlargest
from itertools import islice
from pathlib import Path
from typing import Any, Final

import tantivy
from tantivy import FieldType, Occur, Query

from metier.errors import StorageError
from metier_legal.search.analysis import are_lone, query_terms, term_list, writable
from metier_legal.search.backend import Entry, Filters, Hit
from metier_legal.search.engines.conditions import Same, conditions_of, day_numbers
from metier_legal.search.learning.memory import Asked, Recall

BROKEN: Final = (ValueError, OSError, RuntimeError, OverflowError)
"""What the binding raises for an index that is damaged, locked or on a full disk."""

MOST_TERMS: Final = 64
_MORE: Final = 4
_STORED: Final = ("id", "group")
_EXACT: Final = ("kind", "jurisdiction", "language", "work", "court", "status", "source")


def make_schema() -> tantivy.Schema:
    """Returns the fields of an index: the terms, what filters ask for, and what a hit is known by."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("words", tokenizer_name="whitespace", index_option="freq")
    for name in (*_STORED, *_EXACT, "cited", "learned"):
        builder.add_text_field(name, stored=name in _STORED, tokenizer_name="raw", index_option="basic")
    for name in ("level", "decided", "begin", "end"):
        builder.add_integer_field(name, indexed=True, fast=True)
    builder.add_unsigned_field("group_key", fast=True)
    builder.add_bytes_field("lesson", stored=True)
    return builder.build()


SCHEMA: Final = make_schema()


class Part:
    """One summand of a score: the query that gives it, and whether it makes a find on its own."""

    __slots__ = ("alone", "field", "query", "term")

    def __init__(self, term: str, field: str, query: Query, *, alone: bool) -> None:
        self.term, self.field, self.query, self.alone = term, field, query, alone


class View:
    """What is visible in a shard: it stays as it is while others write."""

    def __init__(self, searcher: tantivy.Searcher, language: str) -> None:
        self._searcher = searcher
        self._language = language
        self.size = searcher.num_docs

    def holds(self, entry_id: str) -> bool:
        """Returns whether there is, or was until the segments are merged, an entry of this id."""
        return self._searcher.doc_freq("id", writable(entry_id)) > 0

    def count(self, query: Query) -> int:
        """Returns how many entries the query finds."""
        found = self._searcher.search(query, 1, count=True)
        return int(found.count)  # type: ignore[attr-defined]  # it is there, but not in the binding's stub

    def lessons(self) -> Iterator[Asked]:
        """Yields the past questions of the entries."""
        taught = exactly("learned", "yes")
        for _, address in self._searcher.search(taught, max(1, self.size), count=False).hits:
            lesson = json.loads(self._searcher.doc(address).get_first("lesson") or b"{}")
            for question in lesson["questions"]:
                yield Asked(question, self._language, lesson["group"], lesson["work"])

    def parts(self, query: str, recall: Recall) -> list[Part]:
        """Returns what a score for `query` is the sum of: its rarest MOST_TERMS terms, and what is recalled.

        A lone Chinese character stands for the commonest pairs that begin with it.
        """
        asked: Sequence[str] = query_terms(query, self._language)
        if are_lone(asked):
            pairs = (pair for one in asked for pair in self._searcher.terms_with_prefix("words", one))
            asked = [term for term, _ in nlargest(MOST_TERMS, pairs, key=lambda pair: pair[1])]
        known = [(self._searcher.doc_freq("words", term), term) for term in asked]
        rarest = sorted((item for item in known if item[0]), key=lambda item: item[0])[:MOST_TERMS]
        words = [Part(term, "words", Query.term_query(SCHEMA, "words", term, "freq"), alone=True) for _, term in rarest]
        groups = [
            Part(name, "question", exactly("group", name, part), alone=True) for name, part in recall.groups.items()
        ]
        works = [Part(name, "law", exactly("work", name, part), alone=False) for name, part in recall.works.items()]
        return words + groups + works

    def find(self, query: Query, limit: int) -> list[Hit]:
        """Returns the best entry of each of the `limit` best groups."""
        wanted = limit * 2 + 10
        while True:
            ranked = self._searcher.search(query, max(1, min(wanted, self.size)), count=False).hits
            keys = self._searcher.fast_field_values("group_key", [address for _, address in ranked])
            first: dict[object, tuple[Any, tantivy.DocAddress]] = {}
            for key, hit in zip(keys, ranked, strict=True):
                first.setdefault(key, hit)
            if len(first) >= limit or len(ranked) < wanted:
                return [self._hit(score, address) for score, address in islice(first.values(), limit)]
            wanted *= _MORE

    def _hit(self, score: float, address: tantivy.DocAddress) -> Hit:
        document = self._searcher.doc(address)
        return Hit(str(document.get_first("id")), str(document.get_first("group")), score)


class Shard:
    """The index of one language in its folder. Raises StorageError for a folder that cannot be used."""

    def __init__(self, folder: Path, language: str) -> None:
        self.language = language
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self.index = tantivy.Index(SCHEMA, path=str(folder))
            analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
            self.index.register_tokenizer("whitespace", analyzer)
            self.view = self.look()
        except BROKEN as error:
            raise StorageError(
                f"The index in {folder} cannot be opened: {error}.", hint="Remove the folder."
            ) from error

    def look(self) -> View:
        """Returns what is visible now, and keeps it as `view`."""
        self.index.reload()
        self.view = View(self.index.searcher(), self.language)
        return self.view


def exactly(field: str, value: str, score: float = 0.0) -> Query:
    """Returns the query for entries with this value in the field; it adds `score` and nothing else."""
    return Query.const_score_query(Query.term_query(SCHEMA, field, writable(value), "basic"), score)


def demands(filters: Filters) -> list[tuple[Occur, Query]]:
    """Returns the clauses that hold the filters and add nothing to a score."""
    clauses = []
    for one in conditions_of(filters):
        if isinstance(one, Same):
            query = exactly(one.field, one.value)
        else:
            between = Query.range_query(SCHEMA, one.field, FieldType.Integer, one.low, one.high)
            query = Query.const_score_query(between, 0.0)
        clauses.append((Occur.Must, query))
    return clauses


def document_of(entry: Entry, language: str) -> tantivy.Document:
    """Returns the entry as the index of `language` keeps it. The text itself is not kept: the store has it."""
    document = tantivy.Document()
    document.add_text("words", " ".join(term_list(f"{entry.title}\n{entry.text}", language)))
    for name in (*_STORED, *_EXACT):
        document.add_text(name, writable(getattr(entry, name)))
    for cited in dict.fromkeys(entry.cited):
        document.add_text("cited", writable(cited))
    document.add_integer("level", entry.level)
    for name, number in day_numbers(entry).items():
        document.add_integer(name, number)
    key = blake2b(entry.group.encode("utf-8", "replace"), digest_size=8).digest()
    document.add_unsigned("group_key", int.from_bytes(key))
    if entry.questions:
        lesson = {"questions": entry.questions, "group": entry.group, "work": entry.work}
        document.add_text("learned", "yes")
        document.add_bytes("lesson", json.dumps(lesson).encode())
    return document
