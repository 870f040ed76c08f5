"""The grammars against links, questions and annotations that others made."""

import gzip
import json
from itertools import islice
from pathlib import Path
from types import ModuleType

import pytest

DATA = Path(__file__).parents[5] / "shared" / "data" / "legal"
NEEDS_DATA = pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data/legal")


@NEEDS_DATA
def test_every_link_of_courtlistener_is_found(measures: ModuleType) -> None:
    opinions = measures.read_lines(DATA / "en-scotus50" / "opinions.jsonl.gz")
    for opinion in islice(opinions, 8):
        text, links = measures.read_opinion(opinion["html"])
        assert len(links) > 0
        assert measures.count_links(text, links) == len(links), opinion["case_name"]


@NEEDS_DATA
def test_all_questions_of_lawbench_are_read(measures: ModuleType) -> None:
    with gzip.open(DATA / "zh-lawbench" / "1-1.json.gz", "rt", encoding="utf-8") as file:
        questions = json.load(file)
    assert measures.count_asked(questions) == len(questions) == 500


@NEEDS_DATA
def test_german_annotations_are_met(measures: ModuleType) -> None:
    folder = DATA / "citation-fixtures"
    documents = {one["doc_id"]: one["text"] for one in measures.read_lines(folder / "de_documents.jsonl.gz")}
    annotations = {one["doc_id"]: one["citations"] for one in measures.read_lines(folder / "de_annotations.jsonl.gz")}
    assert measures.score_german(documents, annotations, "law").recall >= 0.93
    assert measures.score_german(documents, annotations, "case").recall >= 0.92
