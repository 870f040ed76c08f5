"""Real opinions, quoted honestly and not. Read from the data beside the repository; skipped where it is not."""

import gzip
import re
from datetime import date
from itertools import islice, pairwise
from pathlib import Path

import pytest

from metier.toolkit import Settings
from metier_legal.corpus.corpus import Corpus
from metier_legal.corpus.importing import add_source
from metier_legal.corpus.store import open_corpus
from metier_legal.intake.reading import read_batches
from metier_legal.law.case import Case, Part
from metier_legal.review.document import Block, make_document
from metier_legal.review.reviewing import review_document
from metier_legal.review.verdicts.items import Code, Review

ROOT = Path(__file__).parents[4]
OPINIONS = ROOT.parent / "shared" / "data" / "legal" / "en-scotus50" / "opinions.jsonl.gz"
pytestmark = pytest.mark.skipif(not OPINIONS.exists(), reason="the 50 opinions are not on this machine")

ON = date(2024, 1, 1)
CHANGES = (
    (" not ", " "),
    (" may ", " must "),
    (" must ", " may "),
    (" all ", " some "),
    (" and ", " or "),
    (" is ", " is not "),
    (" before ", " after "),
    (" a ", " the "),
)
Said = list[tuple[str, str]]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Case, ...]:
    """The opinions of a majority, each given a volume of reports that it does not have."""
    some = tmp_path_factory.mktemp("some") / "opinions.jsonl"
    with gzip.open(OPINIONS, "rt", encoding="utf-8") as lines:
        some.write_text("".join(islice(lines, 16)), encoding="utf-8")
    found = [item for batch in read_batches(some) for item in batch.items if isinstance(item, Case)]
    led = [case for case in found if sum(one.part is Part.MAJORITY for one in case.paragraphs) > 20]
    return tuple(
        case.model_copy(update={"citations": (f"{900 + at} U.S. 1",), "references": ()})
        for at, case in enumerate(led[:12])
    )


@pytest.fixture(scope="module")
def corpus(cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("real")
    lines = (case.model_dump_json().replace("{", '{"type": "case", ', 1) for case in cases)
    (folder / "cases.jsonl").write_text("\n".join(lines), encoding="utf-8")
    settings = Settings(folder / "data")
    add_source(settings, folder / "cases.jsonl")
    return open_corpus(settings)


def sentences(case: Case) -> list[str]:
    found = []
    for paragraph in case.paragraphs:
        if paragraph.part is Part.MAJORITY and "Reporter of Decisions" not in paragraph.text:
            text = re.sub(r"[-\xad]\n", "", paragraph.text).replace("\n", " ")
            found += re.findall(r"(?<=\. )[A-Z][a-z][^.“”‘’\"\[\]()\d§—]{60,220}\.(?= [A-Z])", text)
    return found[:20]


def review(corpus: Corpus, said: Said) -> Review:
    document = make_document(Block(f"“{quote}” {source}.") for quote, source in said)
    return review_document(document, corpus, file="brief", on=ON, jurisdiction="us")


def cite(case: Case) -> str:
    year = case.decided.year if case.decided else 0
    return f"{case.name}, {case.citations[0]} ({year})"


def test_honest_quotes_of_real_opinions_are_all_right(cases, corpus) -> None:
    said = [(quote, cite(case)) for case in cases for quote in sentences(case)]
    found = review(corpus, said)
    quotes = [item for item in found.items if item.kind == "quote"]
    assert len(quotes) == len(said) > 150
    assert [(item.code, item.written, item.says) for item in found.items if item.status != "ok"] == []


def test_one_changed_word_is_always_found(cases, corpus) -> None:
    said = []
    for case in cases:
        for quote in sentences(case):
            for old, new in CHANGES:
                if old in quote:
                    said.append((quote.replace(old, new, 1), cite(case)))
    quotes = [item for item in review(corpus, said).items if item.kind == "quote"]
    assert len(quotes) == len(said) > 150
    assert {(item.status, item.code) for item in quotes} == {("wrong", Code.QUOTE_MISMATCH)}


def test_a_true_quote_of_another_case_is_found(cases, corpus) -> None:
    said = [(quote, cite(other)) for case, other in pairwise(cases) for quote in sentences(case)[:5]]
    quotes = [item for item in review(corpus, said).items if item.kind == "quote"]
    assert [item.written for item in quotes if item.status != "wrong"] == []
