"""The cases of the fictional country: exact quotations, stated treatments, decoys, and both languages."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date

import pytest

from metier_legal.law.case import HOLDING_PARTS, NEGATIVE, Case, Part, Reference, Treatment
from metier_legal.law.provision import Standing, Status, standing_on
from metier_legal.world.cases.docket import Docket
from metier_legal.world.cases.issue import read_issues
from metier_legal.world.cases.ruling import Facts, decide
from metier_legal.world.cases.writing import read_phrases
from metier_legal.world.language import LANGUAGES, MONTHS, Language, say_quantity
from metier_legal.world.statutes.drafting import Law, Pinned, paragraph_of

QUOTED = {"en": re.compile(r': "([^"]+)"'), "zh": re.compile(r"：“([^”]+)”")}
DAY = {
    "en": re.compile(r"in force on (\d+) ([A-Z][a-z]+) (\d{4})"),
    "zh": re.compile(r"(\d{4})年(\d+)月(\d+)日有效"),
}
DAY_AFTER = re.compile(r"该规定于(\d{4})年(\d+)月(\d+)日有效")
SAID = {
    Treatment.FOLLOWS: ("follow", "遵循"),
    Treatment.DISTINGUISHES: ("distinguish", "区别|不同"),
    Treatment.OVERRULES: ("overrule", "推翻"),
    Treatment.REVERSES: ("reverse", "撤销"),
    Treatment.AFFIRMS: ("affirm", "维持"),
    Treatment.SUPERSEDED_BY_STATUTE: ("superseded by statute", "取代"),
}


def day_in(text: str, language: str) -> date:
    found = DAY[language].search(text) or DAY_AFTER.search(text)
    assert found, text
    if language == "zh":
        return date(*map(int, found.groups()))
    return date(int(found[3]), MONTHS.index(found[2]) + 1, int(found[1]))


def quotations(cases: Mapping[str, Case]) -> Iterator[tuple[Case, Reference, str, str]]:
    for case in cases.values():
        for reference in case.references:
            if "#" in reference.cited and reference.paragraph:
                text = case.paragraphs[reference.paragraph - 1].text
                quoted = QUOTED[case.language].search(text)
                if quoted:
                    yield case, reference, text, quoted[1]


def test_there_are_two_thousand_cases_half_in_each_language(cases: Mapping[str, Case]) -> None:
    assert Counter(case.language for case in cases.values()) == {"en": 1000, "zh": 1000}


def test_courts_of_three_levels_decide_them(cases: Mapping[str, Case]) -> None:
    for language in LANGUAGES:
        levels = Counter(case.court_level for case in cases.values() if case.language == language)
        assert levels[1] > levels[2] > levels[3] > 40
    courts = {case.court for case in cases.values()}
    assert {"District Court", "Regional Court", "Supreme Court"} == {
        " ".join(c.split()[:2]) for c in courts if " " in c
    }
    assert {"地区法院", "高等法院", "最高法院"} == {court[-4:] for court in courts if " " not in court}


def test_every_quotation_stands_letter_by_letter_in_the_version_of_its_day(law: Law, cases: Mapping[str, Case]) -> None:
    found = 0
    by_work = {provision.work: [] for provision in law.provisions()}
    for provision in law.provisions():
        by_work[provision.work].append(provision)
    for case, reference, text, quote in quotations(cases):
        work, number = reference.cited.split("#")
        day = day_in(text, case.language)
        version = next(
            one for one in by_work[work] if one.number == number and standing_on(one, day) is Standing.IN_FORCE
        )
        assert quote in version.text, (case.id, quote)
        assert reference.written in text
        assert case.decided is not None
        assert day < case.decided
        found += 1
    assert found >= len(cases)


def test_each_case_quotes_the_rule_that_decides_it(cases: Mapping[str, Case]) -> None:
    assert {case.id for case, *_ in quotations(cases)} == set(cases)


def test_every_reference_resolves_and_looks_back(law: Law, cases: Mapping[str, Case]) -> None:
    targets = {f"{provision.work}#{provision.number}" for provision in law.provisions()}
    for case in cases.values():
        for reference in case.references:
            assert reference.stated
            assert reference.paragraph
            assert reference.written in case.paragraphs[reference.paragraph - 1].text
            if "#" in reference.cited:
                assert reference.cited in targets
                continue
            other = cases[reference.cited]
            assert other.decided is not None
            assert case.decided is not None
            assert other.decided < case.decided
            assert other.language == case.language
            assert other.citations[0] in reference.written


def test_what_is_stated_is_also_said(cases: Mapping[str, Case]) -> None:
    seen: Counter[Treatment] = Counter()
    for case in cases.values():
        for reference in case.references:
            if reference.treatment in SAID and reference.paragraph:
                word = SAID[reference.treatment][case.language == "zh"]
                assert re.search(word, case.paragraphs[reference.paragraph - 1].text), case.id
                seen[reference.treatment] += 1
    assert set(seen) == set(SAID)
    assert seen[Treatment.OVERRULES] >= 20
    assert seen[Treatment.REVERSES] >= 60


def test_only_a_higher_or_equal_court_overrules_and_only_an_appeal_reverses(cases: Mapping[str, Case]) -> None:
    for case in cases.values():
        for reference in case.references:
            if reference.treatment in NEGATIVE and reference.treatment is not Treatment.SUPERSEDED_BY_STATUTE:
                other = cases[reference.cited]
                assert case.court_level >= other.court_level
                if reference.treatment is Treatment.REVERSES:
                    assert case.parties == other.parties
                    assert case.court_level == other.court_level + 1


def test_each_overruled_issue_is_overruled_once_in_each_language_by_the_supreme_court(docket: Docket) -> None:
    done = Counter(
        (plan.issue.key, plan.language, plan.court.level)
        for plan in docket.plans
        for _, treatment in plan.treats
        if treatment is Treatment.OVERRULES
    )
    wanted = {(issue.key, language, 3) for issue in read_issues() if issue.overruled for language in LANGUAGES}
    assert dict(done) == dict.fromkeys(wanted, 1)
    assert len(wanted) >= 24


def test_there_are_more_than_thirty_issues_with_words_in_both_languages() -> None:
    issues = read_issues()
    assert len(issues) >= 30
    assert len({issue.key for issue in issues}) == len(issues)
    for issue in issues:
        for texts in issue.words.values():
            assert all(both.en.isascii() and not both.zh.isascii() for both in texts), issue.key
            assert all(both.en.count("{n}") == both.zh.count("{n}") for both in texts), issue.key


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_limit_of_an_issue_is_the_figure_in_its_rule(law: Law, language: Language) -> None:
    for issue in read_issues():
        for rule in issue.rules:
            versions = [one for one in law.versions(rule.pin, language) if one.status is Status.IN_FORCE]
            assert len(versions) == len(rule.limits), issue.key
            for version, limit in zip(versions, rule.limits, strict=True):
                said = say_quantity(limit, issue.unit.replace("persons", "employees"), language).replace(",", "")
                said = said.replace(" employees", "")
                assert said in paragraph_of(version.text, rule.pin.path[0], language), issue.key


def test_a_ruling_follows_the_version_of_the_day(law: Law) -> None:
    issue = next(one for one in read_issues() if one.key == "arrears-dwelling")
    said = []
    for day in (date(2011, 1, 1), date(2019, 1, 1), date(2021, 2, 3)):
        ruling = decide(law, issue, Facts(day, 2, exempt=False))
        assert ruling
        said.append((ruling.rule.act, ruling.limit, ruling.outcome))
    assert said == [("housing-code", 1, "yes"), ("tenancy-act", 3, "no"), ("tenancy-act", 2, "yes")]
    exempt = decide(law, issue, Facts(date(2021, 2, 3), 2, exempt=True))
    assert exempt
    assert exempt.outcome == "no"
    assert decide(law, issue, Facts(date(1980, 1, 1), 2, exempt=False)) is None


def test_the_judgment_agrees_with_the_ruling(law: Law, docket: Docket, cases: Mapping[str, Case]) -> None:
    won = {one.of(lang)[-6:] for key in ("granted", "convicted") for one in read_phrases()[key] for lang in LANGUAGES}
    assert won
    for plan in docket.plans:
        if plan.special or plan.blind:
            continue
        ruling = decide(law, plan.issue, plan.facts)
        assert ruling
        text = "\n".join(one.text for one in cases[docket.filed[plan.key].id].paragraphs)
        granted = re.search(r"is granted|Judgment for [^;]+, with|is convicted|支持.+诉讼请求|胜诉，.+承担|有罪", text)
        assert bool(granted) == (ruling.outcome == "yes"), text


def test_ids_and_citations_are_unique(cases: Mapping[str, Case]) -> None:
    citations = [case.citations[0] for case in cases.values()]
    assert len(set(citations)) == len(citations) == len(cases)
    for case in cases.values():
        year = str(case.decided.year) if case.decided else ""
        form = r"\[%s\] (DC|RC|SUP) \d+" if case.language == "en" else r"（%s）.+[民刑][初终再]\d+号"
        assert re.fullmatch(form % year, case.citations[0])


def test_dissents_are_marked_and_never_hold(cases: Mapping[str, Case]) -> None:
    dissents = [(case, one) for case in cases.values() for one in case.paragraphs if one.part is Part.DISSENT]
    assert len(dissents) > 100
    for case, one in dissents:
        assert one.author
        assert case.court_level > 1
        holding = {other.author for other in case.paragraphs if other.part in HOLDING_PARTS}
        assert one.author not in holding


def test_some_parties_stand_before_other_courts_under_the_same_name(cases: Mapping[str, Case]) -> None:
    appeals = {
        other
        for case in cases.values()
        for ref in case.references
        if ref.treatment in (Treatment.REVERSES, Treatment.AFFIRMS)
        for other in (case.id, ref.cited)
    }
    for language in LANGUAGES:
        courts: dict[tuple[str, ...], set[str]] = {}
        for case in cases.values():
            if (
                case.language == language
                and case.id not in appeals
                and case.parties[0] not in ("Public Prosecutor", "检察院")
            ):
                courts.setdefault(case.parties, set()).add(case.court)
        assert sum(len(one) > 1 for one in courts.values()) >= 15


def test_some_cases_quote_an_order_to_the_reader(cases: Mapping[str, Case]) -> None:
    for language, order in (("en", "Assistant: |SYSTEM: "), ("zh", "助手：|系统：")):
        told = [
            case
            for case in cases.values()
            if case.language == language and any(re.search(order, one.text) for one in case.paragraphs)
        ]
        assert len(told) == 8


def test_some_cases_were_decided_on_law_that_is_repealed(law: Law, cases: Mapping[str, Case]) -> None:
    for language in LANGUAGES:
        work = law.work_id("housing-code", language)
        assert sum(any(ref.cited.startswith(work) for ref in case.references) for case in cases.values()) >= 5


def test_every_case_says_that_it_is_fictional(cases: Mapping[str, Case]) -> None:
    for case in cases.values():
        assert case.fictional
        assert "fictional" in case.licence
        last = case.paragraphs[-1]
        assert last.part is Part.OTHER
        assert ("fictional" if case.language == "en" else "虚构") in last.text


def test_paragraphs_count_from_one_and_are_filled_in(cases: Mapping[str, Case]) -> None:
    for case in cases.values():
        assert [one.number for one in case.paragraphs] == list(range(1, len(case.paragraphs) + 1))
        assert not [one for one in case.paragraphs if re.search(r"[{}<>|]", one.text) or not one.text]


def test_texts_differ(cases: Mapping[str, Case]) -> None:
    whole = {"\n".join(one.text for one in case.paragraphs) for case in cases.values()}
    assert len(whole) == len(cases)


def test_provisions_without_a_version_are_not_found(law: Law) -> None:
    assert law.quote(Pinned("tenancy-act", "24", ("1",)), date(2000, 1, 1), "en") == ""
