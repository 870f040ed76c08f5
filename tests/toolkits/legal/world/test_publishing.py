"""The files of the fictional law: the same bytes for the same seed, and of the plain schema."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from metier.errors import InputError
from metier.toolkit import Settings
from metier_legal.citations.finding import find_citations
from metier_legal.corpus.corpus import Source
from metier_legal.corpus.resolution import resolve
from metier_legal.corpus.store import open_corpus
from metier_legal.law.case import Case
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work
from metier_legal.world.markup import pair_lines, split_both
from metier_legal.world.publishing import CASES_FILE, LAW_FILE, write_law
from metier_legal.world.sample import SAMPLE, install_sample

MODELS = {"work": Work, "provision": Provision, "case": Case}


def lines_of(folder: Path) -> Iterator[dict[str, Any]]:
    for name in (LAW_FILE, CASES_FILE):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            yield json.loads(line)


def test_the_same_seed_gives_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    write_law(tmp_path, seed=1)
    for name in (LAW_FILE, CASES_FILE):
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_another_seed_gives_another_country(folder: Path, tmp_path: Path) -> None:
    write_law(tmp_path, seed=2)
    ids = [{one["id"] for one in lines_of(path) if one["type"] in ("work", "case")} for path in (folder, tmp_path)]
    assert ids[0].isdisjoint(ids[1])
    assert len(ids[0]) == len(ids[1])


def test_every_line_is_of_its_model(folder: Path) -> None:
    kinds: Counter[str] = Counter()
    for fields in lines_of(folder):
        kind = fields.pop("type")
        kinds[kind] += 1
        if kind != "coverage":
            MODELS[kind].model_validate(fields)
    assert kinds["case"] == 2000
    assert kinds["work"] == 26
    assert kinds["provision"] > 900


def test_coverage_names_the_jurisdiction_and_every_court(folder: Path) -> None:
    covered = {one["court"] for one in lines_of(folder) if one["type"] == "coverage"}
    courts = {one["court"] for one in lines_of(folder) if one["type"] == "case"}
    assert courts | {""} == covered


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def source(settings: Settings) -> Source:
    return install_sample(settings)


def test_the_sample_is_installed_once(settings: Settings, source: Source) -> None:
    assert (source.name, source.cases, source.works, source.warnings) == (SAMPLE, 2000, 26, ())
    assert install_sample(settings).id == source.id
    corpus = open_corpus(settings)
    assert len(corpus.sources()) == 1
    (jurisdiction,) = corpus.jurisdictions()
    assert corpus.covers(jurisdiction) == "complete"
    assert [work.language for work in corpus.find_works("Tenancy Act")] == ["en"]
    assert [work.language for work in corpus.find_works("租赁法")] == ["zh"]


def test_every_citation_in_a_case_is_found_and_resolves(
    settings: Settings, source: Source, cases: Mapping[str, Case]
) -> None:
    corpus = open_corpus(settings)
    checked = 0
    for case in list(cases.values())[::12]:
        for reference in case.references:
            assert reference.paragraph
            text = case.paragraphs[reference.paragraph - 1].text
            resolutions = [resolve(one, corpus, jurisdiction=case.jurisdiction) for one in find_citations(text)]
            assert {one.state for one in resolutions} == {"FOUND"}, text
            targets = {target for one in resolutions for target in one.targets}
            named = {one.id + (f"#{one.number}" if one.kind == "provision" else "") for one in targets}
            assert reference.cited in named, text
            checked += 1
    assert checked > 250


@pytest.mark.parametrize("lines", [["English only"], [": 中文"], ["One.", "Two.", ": 二"]])
def test_a_line_without_its_partner_is_refused(lines: list[str]) -> None:
    with pytest.raises(InputError):
        pair_lines(lines)


def test_a_title_without_chinese_is_refused() -> None:
    with pytest.raises(InputError):
        split_both("Tenancy Act")
