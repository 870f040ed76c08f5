"""The statutes of the fictional country: complete in both languages, dated, cross-referenced, marked as fictional."""

import re
from collections import Counter
from datetime import date
from itertools import pairwise

import pytest

from metier_legal.law.numerals import format_chinese
from metier_legal.law.provision import Provision, Standing, Status, standing_on
from metier_legal.law.units import split_units
from metier_legal.law.work import Level, Style
from metier_legal.world.language import LANGUAGES, Language, cite_pin, say_date, say_quantity
from metier_legal.world.statutes.drafting import Law, Pinned, paragraph_of, read_pin

PLAIN = re.compile(r"(?:(?P<act>(?:[A-Z][a-z]+ )+)(?=§))?§ (?P<number>\d+[a-z]?)(?P<path>(?:\([0-9a-z]+\))*)")
CHINESE = re.compile(
    r"(?:(?P<own>本法)|《(?P<title>[^》]+)》)第(?P<article>[一二三四五六七八九十百零]+)条"
    r"(?:之(?P<inserted>[一二三]))?(?:第(?P<paragraph>[一二三四五六七八九十]+)款)?"
)
NUMERALS = {format_chinese(number): number for number in range(1, 200)}


def of_act(law: Law, provision: Provision) -> tuple[str, Language]:
    return next(key for key, work in law.works.items() if work.id == provision.work)


def in_force(law: Law, key: tuple[str, str, Language]) -> list[Provision]:
    versions = law.versions(Pinned(key[0], key[1]), key[2])
    return [one for one in versions if one.status is Status.IN_FORCE]


def keys(law: Law, language: Language) -> list[tuple[str, str, Language]]:
    return [(act.key, one.number, language) for act in law.acts.values() for one in act.sections]


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_provisions_and_many_change(law: Law, language: Language) -> None:
    counts = Counter(len(in_force(law, key)) for key in keys(law, language))
    assert sum(counts.values()) >= 250
    assert counts[2] + counts[3] + counts[4] >= 60
    assert counts[3] > 10
    assert counts[4] > 2
    assert set(counts) <= {1, 2, 3, 4}


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_version_begins_when_the_one_before_ends_and_says_something_else(law: Law, language: Language) -> None:
    for key in keys(law, language):
        versions = law.versions(Pinned(key[0], key[1]), language)
        for earlier, later in pairwise(versions):
            assert earlier.valid_to == later.valid_from, key
            assert earlier.text != later.text, key
        assert all(one.valid_from for one in versions)
        assert all(one.valid_to is None or one.valid_from < one.valid_to for one in versions if one.valid_from)


def test_both_languages_have_the_same_versions_on_the_same_days(law: Law) -> None:
    for act in law.acts.values():
        for section in act.sections:
            english, chinese = (law.versions(Pinned(act.key, section.number), language) for language in LANGUAGES)
            assert [(one.valid_from, one.valid_to, one.status) for one in english] == [
                (one.valid_from, one.valid_to, one.status) for one in chinese
            ]


def test_units_are_the_paragraphs_as_written(law: Law) -> None:
    for provision in law.provisions():
        if provision.status is Status.REPEALED:
            continue
        _, language = of_act(law, provision)
        lines = provision.text.split("\n")
        units = split_units(provision.text, Style.CHINESE if language == "zh" else Style.PLAIN)
        assert [one.path for one in units] == [(str(number + 1),) for number in range(len(lines))], provision


def test_every_cross_reference_resolves(law: Law) -> None:
    found = 0
    by_short = {work.short: key for (key, language), work in law.works.items() if language == "en"}
    for provision in law.provisions():
        act, language = of_act(law, provision)
        if language == "zh":
            continue
        for link in PLAIN.finditer(provision.text + "\n" + provision.note):
            other = by_short[link["act"].strip()] if link["act"] else act
            versions = law.versions(Pinned(other, link["number"]), "en")
            if link["path"]:
                assert any(f"{link['path']} " in one.text for one in versions), provision
            found += 1
    assert found > 60


def test_every_chinese_cross_reference_resolves(law: Law) -> None:
    found = 0
    by_title = {work.title: key for (key, language), work in law.works.items() if language == "zh"}
    for provision in law.provisions():
        act, language = of_act(law, provision)
        if language == "en":
            continue
        for link in CHINESE.finditer(provision.text + "\n" + provision.note):
            other = act if link["own"] else by_title[link["title"]]
            letter = chr(ord("a") - 1 + NUMERALS[link["inserted"]]) if link["inserted"] else ""
            versions = law.versions(Pinned(other, f"{NUMERALS[link['article']]}{letter}"), "zh")
            place = NUMERALS[link["paragraph"]] if link["paragraph"] else 1
            assert any(len(one.text.split("\n")) >= place for one in versions), provision
            found += 1
    assert found > 60


def test_a_repealed_act_names_its_successor_and_each_section_says_so(law: Law) -> None:
    assert law.works["housing-code", "en"].replaced_by == law.work_id("tenancy-act", "en")
    assert law.works["housing-code", "zh"].replaced_by == law.work_id("tenancy-act", "zh")
    for section in law.acts["housing-code"].sections:
        last = law.versions(Pinned("housing-code", section.number), "en")[-1]
        assert (last.status, str(last.valid_from)) == (Status.REPEALED, "2012-07-01")
        assert "Tenancy Act § " in last.note


@pytest.mark.parametrize("language", LANGUAGES)
def test_some_law_is_not_yet_in_force(law: Law, language: Language) -> None:
    today = law.country.calendar.today
    waiting = [
        provision
        for key in keys(law, language)
        for provision in law.versions(Pinned(key[0], key[1]), language)
        if standing_on(provision, today) is Standing.NOT_YET
    ]
    assert len(waiting) >= 6


def test_every_level_of_law_is_there(law: Law) -> None:
    levels = {act.level for act in law.acts.values()}
    assert levels >= {Level.CONSTITUTION, Level.STATUTE, Level.REGULATION, Level.LOCAL}


def test_residential_and_business_tenancy_are_near_identical_and_differ_in_what_decides(law: Law) -> None:
    day = law.country.calendar.today
    dwelling = law.quote(read_pin("tenancy-act 24(1)"), day, "en")
    business = law.quote(read_pin("tenancy-act 26(1)"), day, "en")
    start = "The landlord of {} may terminate the lease without notice where the tenant is in arrears with"
    assert dwelling.startswith(start.format("a dwelling"))
    assert business.startswith(start.format("business premises"))
    assert ("two months" in dwelling, "one month" in business) == (True, True)


def test_everything_says_that_it_is_fictional(law: Law) -> None:
    for work in law.works.values():
        assert work.fictional
        assert "fictional" in work.licence
        assert "fictional" in work.title if work.language == "en" else "虚构" in "".join(work.aliases)
    for provision in law.provisions():
        assert ("Fictional law of" in provision.note) or ("虚构国家" in provision.note)
    for (act, language), _ in law.works.items():
        first = law.versions(Pinned(act, "1"), language)[0].text
        assert "fictional country" in first if language == "en" else "虚构国家" in first


def test_no_markup_is_left(law: Law) -> None:
    assert not [one for one in law.provisions() if re.search(r"[<>{}|]", one.text + one.heading + one.note)]


def test_provisos_and_exceptions_are_common(law: Law) -> None:
    english = [one.text for one in law.provisions() if of_act(law, one)[1] == "en"]
    chinese = [one.text for one in law.provisions() if of_act(law, one)[1] == "zh"]
    assert sum(bool(re.search(r"unless|except|subject to|but ", text)) for text in english) > 150
    assert sum(bool(re.search(r"但是|除外", text)) for text in chinese) > 150


def test_the_law_of_the_sample_question_turns_on_the_date(law: Law) -> None:
    rule, cure = read_pin("tenancy-act 24(1)"), read_pin("tenancy-act 24(3)")
    words = {}
    for year in (2019, 2021, 2023):
        day = law.country.calendar.today.replace(year=year, month=2, day=3)
        words[year] = [
            re.findall(r"\b(two|three|seven|fourteen|thirty)\b", law.quote(p, day, "en")) for p in (rule, cure)
        ]
    assert words == {2019: [["three"], ["seven"]], 2021: [["two"], ["fourteen"]], 2023: [["two"], ["thirty"]]}


def test_paragraphs_are_found_by_their_label() -> None:
    assert paragraph_of("(1) One.\n(a) item\n(2) Two.", "2", "en") == "Two."
    assert paragraph_of("Only.", "", "en") == "Only."
    assert paragraph_of("甲。\n（一）项；\n乙。", "2", "zh") == "乙。"


def test_citations_are_written_in_both_ways(law: Law) -> None:
    name = law.country.names["zh"]
    assert law.cite(read_pin("tenancy-act 24(1)"), "en") == "Tenancy Act § 24(1)"
    assert law.cite(read_pin("tenancy-act 24(1)"), "zh") == f"《{name}租赁法》第二十四条第一款"
    assert law.cite(read_pin("tenancy-act 24a(2)"), "zh") == f"《{name}租赁法》第二十四条之一第二款"
    assert law.cite(read_pin("civil-code 20(1)"), "zh").endswith("第二十条第一款")
    assert law.cite(read_pin("civil-code 21(1)"), "zh").endswith("第二十一条")
    assert law.target(read_pin("tenancy-act 24a"), "zh").endswith("/租赁法#24-1")
    assert cite_pin("110", (), "zh") == "第一百一十条"


def test_quantities_and_dates() -> None:
    assert say_quantity(1, "months", "en") == "one month"
    assert say_quantity(2, "months", "zh") == "两个月"
    assert say_quantity(25, "percent", "en") == "twenty-five per cent"
    assert say_quantity(25, "percent", "zh") == "百分之二十五"
    assert say_quantity(1200, "crowns", "en") == "1,200 crowns"
    assert say_quantity(2, "tenths", "en") == "two tenths of a gram"
    assert say_quantity(3, "fold", "en") == "threefold"
    assert say_quantity(12, "days", "zh") == "十二日"
    day = date(2021, 2, 3)
    assert (say_date(day, "en"), say_date(day, "zh")) == ("3 February 2021", "2021年2月3日")
