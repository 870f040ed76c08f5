"""Counts on the corpora of ../shared/data/legal; the official tables of contents and the data's own fields say them."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from gzip import open as open_gzip
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from metier_legal.intake.batch import Fault, Item
from metier_legal.intake.reading import detect_format, read_batches
from metier_legal.law.provision import Provision, Standing, Status, standing_on

ROOT = Path(__file__).parents[4]
DATA = ROOT.parent / "shared" / "data" / "legal"
NEEDS_DATA = pytest.mark.skipif(not DATA.exists(), reason="no ../shared/data/legal")

pytestmark = NEEDS_DATA


def rows(name: str) -> Iterator[dict[str, Any]]:
    with open_gzip(DATA / name, "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("en-uscode/usc17_pl112-90.txt.gz", "olrc-text"),
        ("en-uscode/usc16_slice_uslm1_pl119-102not101.xml.gz", "uslm"),
        ("en-uscode/usc01_uslm2_sample.xml.gz", "uslm"),
        ("en-dccode/xml_titles_16_28.tar.gz", "dc-code"),
        ("en-dccode/sections.jsonl.gz", "dc-sections-jsonl"),
        ("zh-stard/articles.jsonl.gz", "lawrefbook-jsonl"),
        ("en-obliqa/passages.jsonl.gz", "passages-jsonl"),
        ("fr-code-civil-versions/versions.jsonl.gz", "fr-versions-jsonl"),
        ("citation-fixtures/eu_gdpr.json.gz", "gdprtext-json"),
        ("en-scotus50/opinions.jsonl.gz", "courtlistener-html"),
    ],
)
def test_the_format_of_every_corpus_is_told(name: str, format: str) -> None:
    assert detect_format(DATA / name) == format


@pytest.mark.parametrize(
    ("name", "work", "sections", "repealed"),
    [("usc09", "us/usc/9", 31, 0), ("usc17", "us/usc/17", 140, 4), ("usc35", "us/usc/35", 164, 3)],
)
def test_a_title_in_text_has_every_section_of_its_tables_of_contents(
    read: Callable[..., Any], name: str, work: str, sections: int, repealed: int
) -> None:
    reading = read(DATA / f"en-uscode/{name}_pl112-90.txt.gz")
    assert reading.works[work].complete
    assert len(reading.provisions) == sections
    assert sum(one.status is not Status.IN_FORCE for one in reading.provisions) == repealed
    assert reading.faults == ()
    assert {one.observed for one in reading.provisions} <= {date(2012, 1, 3), date(2013, 1, 15), date(2012, 6, 8)}


def test_title_17_can_be_pinned(read: Callable[..., Any]) -> None:
    reading = read(DATA / "en-uscode/usc17_pl112-90.txt.gz")
    pin = reading.unit("106A", "a", "3", "B")
    assert pin.startswith("(B) to prevent any destruction of a work of recognized stature, and any")
    assert pin.endswith("is a violation of that right.")
    assert reading.unit("107", "4") == (
        "(4) the effect of the use upon the potential market for or value of the copyrighted work."
    )


def test_the_slice_of_title_16_leaves_quoted_sections_out(read: Callable[..., Any]) -> None:
    reading = read(DATA / "en-uscode/usc16_slice_uslm1_pl119-102not101.xml.gz")
    assert "9 quoted section(s) inside notes are not law" in reading.texts
    statuses = Counter(one.status for one in reading.provisions)
    assert statuses[Status.REPEALED] == 124
    assert statuses[Status.TRANSFERRED] == 8
    assert statuses[Status.OMITTED] == 8
    assert not reading.works["us/usc/16"].complete
    assert "of its table of contents are missing" in reading.texts
    assert "January 9, 2009" in reading.unit("1a-7b", "a", "5")


def test_title_1_in_uslm_2_is_whole_and_no_heading_of_a_note_is_a_section(read: Callable[..., Any]) -> None:
    reading = read(DATA / "en-uscode/usc01_uslm2_sample.xml.gz")
    assert reading.works["us/usc/1"].complete
    assert len(reading.provisions) == 39
    assert "14 quoted section(s)" in reading.texts
    assert reading.only("1").observed == date(2023, 6, 29)


def test_the_dc_code_has_every_section_with_the_status_of_its_reason(read: Callable[..., Any]) -> None:
    reading = read(DATA / "en-dccode/sections.jsonl.gz")
    stated = Counter(row["reason"] for row in rows("en-dccode/sections.jsonl.gz"))
    statuses = Counter(one.status for one in reading.provisions)
    assert len(reading.provisions) == 23_729
    assert statuses[Status.REPEALED] == stated["Repealed"] == 4_726
    assert statuses[Status.EXPIRED] == stated["Expired"] == 150
    assert statuses[Status.TRANSFERRED] == 110
    assert all(
        standing_on(one, date(2024, 10, 20)) is Standing.REPEALED
        for one in reading.provisions
        if one.status is Status.REPEALED
    )


def test_the_xml_of_two_dc_titles_has_the_sections_of_the_rows(read: Callable[..., Any]) -> None:
    reading = read(DATA / "en-dccode/xml_titles_16_28.tar.gz")
    wanted = {row["num"] for row in rows("en-dccode/sections.jsonl.gz") if row["title"] in ("16", "28")}
    assert set(reading.numbers) == wanted
    assert len(reading.works) == 1
    assert reading.unit("16-1003", "a", "4").startswith("(4) Sex trafficking of children")


@pytest.fixture(scope="module")
def chinese() -> dict[str, tuple[Item, ...]]:
    """The items of the two files of Chinese articles, read once."""
    names = ("articles", "articles_other_versions")
    return {
        name: tuple(item for batch in read_batches(DATA / f"zh-stard/{name}.jsonl.gz") for item in batch.items)
        for name in names
    }


def provisions_of(items: tuple[Item, ...]) -> list[Provision]:
    return [item for item in items if isinstance(item, Provision)]


def test_every_chinese_article_is_read_with_its_text(chinese: dict[str, tuple[Item, ...]]) -> None:
    for name, count in (("articles", 58_836), ("articles_other_versions", 5_829)):
        found = provisions_of(chinese[name])
        assert len(found) == count
        assert not any("[2]" in one.number for one in found)
        for provision, row in zip(found, rows(f"zh-stard/{name}.jsonl.gz"), strict=True):
            assert provision.work == f"cn/{row['law']}"
            assert "".join(provision.text.split()) == "".join(visible(row["text"]).split())
    told = "\n".join(item.text for item in chinese["articles"] if isinstance(item, Fault))
    assert "The numbers jump from 127 to 129" in told


def visible(text: str) -> str:
    return text.replace("\u200b", "").replace("\ufeff", "").replace("\u200e", "")


def test_the_third_person_of_a_chinese_article_is_a_clause_of_it(chinese: dict[str, tuple[Item, ...]]) -> None:
    thirds = [one for one in provisions_of(chinese["articles"]) if "\n第三人" in one.text]
    assert len(thirds) >= 7
    for one in thirds:
        clauses = [one.text[unit.start : unit.end] for unit in one.units if len(unit.path) == 1]
        assert any(clause.startswith("第三人") for clause in clauses)


def test_on_every_day_at_most_one_version_of_a_chinese_article_is_law(chinese: dict[str, tuple[Item, ...]]) -> None:
    versions: dict[tuple[str, str], list[Provision]] = {}
    for items in chinese.values():
        for one in provisions_of(items):
            versions.setdefault((one.work, one.number), []).append(one)
    several = [many for many in versions.values() if len(many) > 1 and all(begin_of(one) for one in many)]
    assert len(several) > 4_000
    for many in several:
        for day in sorted(begin_of(one) for one in many):
            standing = [one for one in many if standing_on(one, day) is Standing.IN_FORCE]
            # four laws stand in the source twice, in the same version
            assert {begin_of(one) for one in standing} == {day}


def test_the_company_law_of_2023_takes_over_on_the_day_that_it_tells(chinese: dict[str, tuple[Item, ...]]) -> None:
    company = "cn/中华人民共和国公司法"
    old, new = ([one for one in provisions_of(items) if one.work == company] for items in chinese.values())
    assert (len(old), len(new)) == (218, 266)
    assert {one.valid_to for one in old} == {one.valid_from for one in new} == {date(2024, 7, 1)}


def begin_of(provision: Provision) -> Any:
    return provision.valid_from or provision.observed


def test_every_version_of_the_french_code_follows_the_one_before(read: Callable[..., Any]) -> None:
    reading = read(DATA / "fr-code-civil-versions/versions.jsonl.gz")
    assert len(reading.provisions) == 4_094
    versions: dict[str, list[Provision]] = {}
    for one in reading.provisions:
        versions.setdefault(one.number.partition(" [")[0], []).append(one)
    assert len(versions) == 2_802
    for many in versions.values():
        for before, after in pairwise(many):
            if after.valid_from is None:
                assert before.status is Status.UNKNOWN
            if after.valid_from is not None:
                assert before.valid_to == after.valid_from
                assert standing_on(before, after.valid_from) is Standing.SUPERSEDED
                assert standing_on(after, after.valid_from - timedelta(days=1)) is Standing.NOT_YET


def test_every_passage_of_the_rulebooks_is_read(read: Callable[..., Any]) -> None:
    reading = read(DATA / "en-obliqa/passages.jsonl.gz")
    assert len(reading.provisions) == 13_732
    assert len(reading.works) == 40


def test_the_gdpr_has_99_articles_with_points(read: Callable[..., Any]) -> None:
    reading = read(DATA / "citation-fixtures/eu_gdpr.json.gz")
    assert reading.numbers == [str(number) for number in range(1, 100)]
    assert reading.works["eu/32016R0679"].complete
    assert "legitimate interests" in reading.unit("6", "1", "f")
