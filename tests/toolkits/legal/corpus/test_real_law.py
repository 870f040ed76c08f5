"""The right version for a date, on real law: the French Civil Code, amended Chinese laws, the Code of D.C."""

import csv
import gzip
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from metier.toolkit import Settings
from metier_legal.citations.finding import find_citations
from metier_legal.corpus.history import choose
from metier_legal.corpus.importing import add_source
from metier_legal.corpus.resolution import resolve
from metier_legal.corpus.store import StoredCorpus, open_corpus
from metier_legal.law.numerals import parse_chinese
from metier_legal.law.provision import Standing, standing_on

ROOT = Path(__file__).resolve().parents[4]
DATA = ROOT.parent / "shared" / "data" / "legal"
FRENCH = DATA / "fr-code-civil-versions" / "versions.jsonl.gz"
CHINESE = DATA / "zh-stard" / "articles_other_versions.jsonl.gz"
COLUMBIA = DATA / "en-dccode" / "sections.jsonl.gz"
LAWBENCH = DATA / "zh-lawbench" / "1-1.json.gz"
ARTICLES = CHINESE.with_name("articles.jsonl.gz")
METADATA = CHINESE.with_name("law_metadata.csv")
DAY = timedelta(1)
CLAMPED = date(1970, 1, 1)
TODAY = date(2026, 1, 1)

WHOLE = bool(os.environ.get("METIER_WHOLE_CORPORA"))  # a third of the Chinese laws is enough for every day

Row = dict[str, Any]


def rows_of(path: Path) -> Iterator[Row]:
    if not path.is_file():
        pytest.skip(f"{path.name} is not beside the project")
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def bring(path: Path, folder: Path) -> StoredCorpus:
    settings = Settings(folder / "data")
    add_source(settings, path)
    return open_corpus(settings)


def write(path: Path, rows: Iterable[Row]) -> None:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def squeeze(text: str) -> str:
    return "".join(text.split())


def test_every_version_of_the_french_civil_code_is_that_of_its_days(tmp_path: Path) -> None:
    articles: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows_of(FRENCH):
        articles[row["article"]].append(row)
    corpus = bring(FRENCH, tmp_path)
    history = lru_cache(None)(corpus.versions)

    def reads(article: str, day: date) -> str | None:
        found = choose(history("fr/code-civil", article), day)
        return squeeze(found.text) if found else None

    right = 0
    for article, rows in articles.items():
        texts = [squeeze(row["text"].partition("----\n")[2]) for row in rows]
        assert len(history("fr/code-civil", article)) == len(rows)
        for place, row in enumerate(rows):
            day = date.fromisoformat(row["date"])
            if day > CLAMPED:
                assert reads(article, day) == texts[place], (article, day)
                assert reads(article, day - DAY) == (texts[place - 1] if place else None), (article, day)
                right += 1
    assert right == 2463  # the other 1,631 are of before 1970, where the file tells no day
    assert sum(map(len, articles.values())) == 4094


def begin_of(law: str, version: str, articles: dict[str, str], told: dict[tuple[str, str], str]) -> date:
    """The day that the metadata tells, else the day in the last article that tells one, else that of the version."""
    if begin := told.get((law.replace("中华人民共和国", ""), version)):
        return date.fromisoformat(begin)
    for text in reversed(list(articles.values())):
        if stated := re.search(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|实施)", text):
            day = date(*map(int, stated.groups()))
            return max(day, date.fromisoformat(version))
    return date.fromisoformat(version)


def number_of(article: str) -> str:
    first, _, second = article.removeprefix("第").partition("条之")
    number = str(parse_chinese(first.removesuffix("条")))
    return f"{number}-{parse_chinese(second)}" if second else number


def test_every_version_of_amended_chinese_laws_is_that_of_its_days(tmp_path: Path) -> None:
    others = list(rows_of(CHINESE))
    amended = set(sorted({row["law"] for row in others})[:: 1 if WHOLE else 3])
    others = [row for row in others if row["law"] in amended]
    mains = [row for row in rows_of(ARTICLES) if row["law"] in amended]
    write(tmp_path / "articles.jsonl", mains)
    write(tmp_path / "articles_other_versions.jsonl", others)
    (tmp_path / "law_metadata.csv").write_bytes(METADATA.read_bytes())
    laws: defaultdict[str, defaultdict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for row in (*others, *mains):
        laws[row["law"]][row["version_date"] or ""][number_of(row["article"])] = squeeze(row["text"])
    with METADATA.open(encoding="utf-8") as file:
        told = {(row["name"], row["publish"]): row["valid_from"] for row in csv.DictReader(file)}
    corpus = bring(tmp_path, tmp_path)
    history = lru_cache(None)(corpus.versions)

    def reads(law: str, number: str, day: date) -> str | None:
        found = choose(history(f"cn/{law}", number), day)
        return squeeze(found.text) if found else None

    checked = ended = 0
    for law, versions in laws.items():
        dated = sorted((begin_of(law, version, texts, told), version) for version, texts in versions.items() if version)
        for (begin, version), (following, later) in pairwise([*dated, (date.max, "")]):
            for number, text in versions[version].items():
                if begin == following:
                    continue  # two files of one amendment: the later is read
                checked += 1
                assert reads(law, number, begin) == text, (law, version, number)
                assert reads(law, number, following - DAY) == text, (law, version, number)
                if later:
                    assert reads(law, number, following) == versions[later].get(number), (law, later, number)
                    ended += number not in versions[later]
    assert checked > (11_400 if WHOLE else 2_000)
    assert ended > 0


def test_every_repealed_section_of_the_code_of_columbia_is_found_as_such(tmp_path: Path) -> None:
    rows = list(rows_of(COLUMBIA))
    told = [row for row in rows if row["reason"]]
    assert len(told) == 5146
    write(tmp_path / "sections.jsonl", [*told, *(row for row in rows[::40] if not row["reason"])])
    corpus = bring(tmp_path / "sections.jsonl", tmp_path)
    standing: defaultdict[str, set[Standing]] = defaultdict(set)
    for row in told:
        found = corpus.provision("us/dc/code", row["num"])
        assert found is not None, row["num"]
        standing[row["reason"]].add(standing_on(found, TODAY))
    for reason in (
        "Repealed",
        "Expired",
        "Transferred",
        "Recodified",
        "Omitted",
        "Reserved",
        "Renumbered",
    ):
        assert standing.pop(reason) == {Standing.REPEALED}, reason
    applicable = {reason for reason, found in standing.items() if Standing.IN_FORCE in found}
    assert applicable == {"Applicable October 1, 2025"}


def test_all_articles_that_lawbench_asks_for_are_found_with_their_texts(tmp_path: Path) -> None:
    with gzip.open(LAWBENCH, "rt", encoding="utf-8") if LAWBENCH.is_file() else pytest.skip("no LawBench") as stream:
        asked = json.load(stream)
    names = {row["law"].replace("中华人民共和国", "").partition("（")[0] for row in rows_of(ARTICLES)}
    wanted = {name for name in names if any(name in item["question"] for item in asked)}
    rows = [row for row in rows_of(ARTICLES) if row["law"].replace("中华人民共和国", "").partition("（")[0] in wanted]
    write(tmp_path / "articles.jsonl", rows)
    corpus = bring(tmp_path / "articles.jsonl", tmp_path)
    same = 0
    for item in asked:
        citations = find_citations(item["question"], systems=("chinese",))
        resolution = resolve(citations[0], corpus, jurisdiction="cn")
        assert (resolution.state, len(resolution.targets)) == ("FOUND", 1), item["question"]
        found = corpus.provision(resolution.targets[0].id, resolution.targets[0].number)
        assert found is not None
        same += letters(found.text) == letters(item["answer"].removeprefix("答案:"))
    assert same >= 479


def letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())
