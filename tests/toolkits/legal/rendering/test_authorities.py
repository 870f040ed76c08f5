from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from metier.toolkit import Delivery
from metier_legal.law.case import Case, Paragraph, Treatment
from metier_legal.law.provision import Provision, Standing, Status
from metier_legal.law.work import Work
from metier_legal.memo import Cited, Memo, Statement
from metier_legal.records import TreatedBy, record_paragraph, record_provision
from metier_legal.rendering.authorities.entry import CaseEntry, Entry, Force, LawEntry, UnreadEntry
from metier_legal.rendering.authorities.table import list_authorities
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.listing import groups_of
from metier_legal.rendering.report import write_report
from metier_legal.rendering.wording.english import ENGLISH
from metier_legal.rendering.wording.phrases import caveats_of, standing_of, treatments_of

DAY = date(2021, 2, 3)


def entries(delivery: Delivery) -> dict[str, Entry]:
    memo = delivery.answer
    assert isinstance(memo, Memo)
    listed = list_authorities(memo, delivery.evidence)
    return {entry.evidence if isinstance(entry, UnreadEntry) else entry.display: entry for entry in listed}


def law(delivery: Delivery, display: str) -> LawEntry:
    entry = entries(delivery)[display]
    assert isinstance(entry, LawEntry)
    return entry


def case(delivery: Delivery, name: str) -> CaseEntry:
    (entry,) = [one for one in entries(delivery).values() if isinstance(one, CaseEntry) and one.name == name]
    return entry


def test_a_version_in_force_on_the_day_is_said_to_be_amended_since(english: Delivery) -> None:
    entry = law(english, "Tenancy Act § 31")
    assert (entry.standing, entry.force) == (Standing.IN_FORCE, Force.BINDING)
    assert entry.change is not None
    assert (entry.change.kind, entry.change.day, entry.change.ahead) == ("amended", date(2022, 7, 1), False)
    assert caveats_of(entry, ENGLISH) == ("amended since (1 July 2022); the later version reads differently",)


def test_a_version_that_was_not_changed_has_no_caveat(english: Delivery) -> None:
    entry = law(english, "Tenancy Act § 12")
    assert entry.change is None
    assert caveats_of(entry, ENGLISH) == ()


def test_a_repealed_provision_is_no_law_on_the_day(english: Delivery) -> None:
    entry = law(english, "Rent Act 1962 § 7")
    assert (entry.standing, entry.force) == (Standing.REPEALED, Force.NOT_LAW)
    assert "repealed on 1 January 2016" in caveats_of(entry, ENGLISH)


def test_a_version_without_dates_is_not_said_to_be_in_force(english: Delivery) -> None:
    entry = law(english, "Tenancy Procedure Rules § 4")
    assert (entry.standing, entry.force) == (Standing.UNKNOWN, Force.UNKNOWN)
    memo = english.answer
    assert isinstance(memo, Memo)
    assert standing_of(entry, memo, ENGLISH) == "not known to be in force on 3 February 2021"


def test_a_followed_case_binds_and_an_overruled_one_is_no_longer_good_law(english: Delivery) -> None:
    followed, overruled = case(english, "Halm v. Orrin Estates"), case(english, "Pell v. Marrow")
    assert (followed.force, overruled.force) == (Force.BINDING, Force.NO_LONGER)
    assert treatments_of(overruled, ENGLISH)[0] == "overruled by Tarn v. Sorel (Supreme Court of Vesse, 6 May 2020)"
    assert [passage.number for passage in followed.passages] == [14, 22]


def test_where_later_cases_are_not_in_the_corpus_treatment_is_not_said_to_be_checked(english: Delivery) -> None:
    entry = case(english, "Brandt v. Quay Housing")
    assert treatments_of(entry, ENGLISH)[-1] == "further treatment not checked"
    bare = entry.model_copy(update={"treated_by": ()})
    assert treatments_of(bare, ENGLISH) == ("treatment not checked",)
    assert treatments_of(bare.model_copy(update={"treatment_known": True}), ENGLISH) == (
        "no later treatment in the corpus",
    )


def test_a_treatment_read_off_the_text_is_told_from_one_the_source_states(english: Delivery) -> None:
    assert "(read from the later text)" in treatments_of(case(english, "Brandt v. Quay Housing"), ENGLISH)[0]
    assert "(read from the later text)" not in treatments_of(case(english, "Pell v. Marrow"), ENGLISH)[0]


def test_a_case_that_is_overruled_after_the_memos_day_still_stood_on_it(english: Delivery) -> None:
    memo = english.answer
    assert isinstance(memo, Memo)
    early = memo.model_copy(update={"as_of": date(2020, 5, 5)})
    assert case(replace(english, answer=early), "Pell v. Marrow").force is Force.BINDING


def test_of_many_cases_that_approve_a_few_are_named_and_those_against_always(english: Delivery) -> None:
    entry = case(english, "Pell v. Marrow")
    (against,) = entry.treated_by
    followers = tuple(
        against.model_copy(update={"case": f"f{i}", "name": f"F{i} v. G", "treatment": Treatment.FOLLOWS})
        for i in range(7)
    )
    lines = treatments_of(entry.model_copy(update={"treated_by": (against, *followers)}), ENGLISH)
    assert lines[0].startswith("overruled by Tarn v. Sorel")
    assert len(lines) == 5
    assert lines[-1] == "and 4 more that follow, apply or affirm it"


def test_a_lower_court_cannot_overrule_a_higher_one() -> None:
    treated = TreatedBy(case="x", name="X v. Y", court="Town Court", court_level=1, treatment=Treatment.OVERRULES)
    decided = Case(id="c", jurisdiction="j", name="A v. B", court="Supreme Court", court_level=3)
    for level, force in ((1, Force.BINDING), (3, Force.NO_LONGER), (0, Force.NO_LONGER)):
        by = treated.model_copy(update={"court_level": level})
        item = record_paragraph(decided, Paragraph(number=1, text="One."), display="A v. B", treated_by=(by,))
        statement = Statement(id="a", kind="law", text="t", authorities=(Cited(evidence=item.id, quote="One."),))
        memo = Memo(question="q", jurisdiction="j", as_of=DAY, short_answer=(statement,))
        (entry,) = list_authorities(memo, {item.id: item})
        assert isinstance(entry, CaseEntry)
        assert entry.force is force


def test_law_of_another_jurisdiction_persuades_and_law_of_the_wider_one_binds(english: Delivery) -> None:
    memo = english.answer
    assert isinstance(memo, Memo)
    abroad = replace(english, answer=memo.model_copy(update={"jurisdiction": "other"}))
    assert law(abroad, "Tenancy Act § 12").force is Force.PERSUASIVE
    assert case(abroad, "Halm v. Orrin Estates").force is Force.PERSUASIVE
    within = replace(english, answer=memo.model_copy(update={"jurisdiction": "vesse/north"}))
    assert law(within, "Tenancy Act § 12").force is Force.BINDING
    beside = replace(english, answer=memo.model_copy(update={"jurisdiction": "vessel"}))
    assert law(beside, "Tenancy Act § 12").force is Force.PERSUASIVE


def test_a_case_cited_for_its_dissent_alone_holds_nothing(english: Delivery) -> None:
    memo = english.answer
    assert isinstance(memo, Memo)
    dissent = memo.cases_against[1]
    alone = memo.model_copy(
        update={"short_answer": (dissent,), "rules": (), "application": (), "cases_for": (), "cases_against": ()}
    )
    assert case(replace(english, answer=alone), "Halm v. Orrin Estates").force is Force.NOT_A_HOLDING


def test_evidence_that_was_touched_or_never_read_is_no_authority(english: Delivery) -> None:
    memo = english.answer
    assert isinstance(memo, Memo)
    name = law(english, "Tenancy Act § 12").evidence
    touched = {**english.evidence, name: replace(english.evidence[name], text="A tenant may do as they please.")}
    assert isinstance(entries(replace(english, evidence=touched))[name], UnreadEntry)
    gone = {key: item for key, item in english.evidence.items() if key != name}
    assert isinstance(entries(replace(english, evidence=gone))[name], UnreadEntry)
    notes = [note for note in lay_out(replace(english, evidence=gone)).notes if note.cited.evidence == name]
    assert all(note.problem and note.tone == "bad" and not note.spans for note in notes)


@given(st.text(min_size=1), st.sampled_from(["rule", "counter", "history"]), st.booleans())
def test_nothing_that_a_memo_says_changes_how_its_authorities_stand(text: str, role: str, historical: bool) -> None:
    work = Work(id="w", jurisdiction="j", title="An Act")
    version = Provision(work="w", number="1", text="One.", valid_from=date(2000, 1, 1), valid_to=date(2010, 1, 1))
    item = record_provision(work, version, display="An Act § 1", versions=(version,))
    plain = Cited(evidence=item.id, quote="One.")
    other = Cited.model_validate(
        {"evidence": item.id, "quote": text, "pin": (text,), "role": role, "historical": historical}
    )
    memos = (
        Memo(
            question=said,
            jurisdiction="j",
            as_of=DAY,
            short_answer=(Statement(id=said, kind="law", text=said, authorities=(cited,)),),
        )
        for said, cited in (("plain", plain), (text, other))
    )
    first, second = (list_authorities(memo, {item.id: item}) for memo in memos)
    assert first == second
    assert first[0].kind == "provision"
    assert first[0].standing is Standing.SUPERSEDED


@given(st.lists(st.dates(date(1990, 1, 1), date(2030, 1, 1)), min_size=1, max_size=5, unique=True), st.booleans())
def test_the_version_in_force_instead_is_the_one_that_holds_on_the_day(begins: list[date], same: bool) -> None:
    begins.sort()
    work = Work(id="w", jurisdiction="j", title="An Act")
    versions = tuple(
        Provision(
            work="w",
            number="1",
            text="One." if same else f"Version {i}.",
            valid_from=begin,
            valid_to=begins[i + 1] if i + 1 < len(begins) else None,
        )
        for i, begin in enumerate(begins)
    )
    current = max((begin for begin in begins if begin <= DAY), default=None)
    for version in versions:
        item = record_provision(work, version, display="An Act § 1", versions=versions)
        statement = Statement(id="a", kind="law", text="t", authorities=(Cited(evidence=item.id, quote="One."),))
        memo = Memo(question="q", jurisdiction="j", as_of=DAY, short_answer=(statement,))
        (entry,) = list_authorities(memo, {item.id: item})
        assert isinstance(entry, LawEntry)
        if version.valid_from == current:
            assert (entry.standing, entry.instead) == (Standing.IN_FORCE, None)
            later = [begin for begin in begins if begin > current]
            assert (entry.change.day if entry.change else None) == (later[0] if later else None)
            assert entry.change is None or entry.change.kind == ("reissued" if same else "amended")
            assert entry.change is None or entry.change.ahead
        else:
            assert entry.instead == current
            assert entry.instead_same == (same and current is not None)


def test_a_repeal_to_come_is_announced() -> None:
    work = Work(id="w", jurisdiction="j", title="An Act")
    end = date(2030, 1, 1)
    versions = (
        Provision(work="w", number="1", text="One.", valid_from=date(2000, 1, 1), valid_to=end),
        Provision(work="w", number="1", text="", valid_from=end, status=Status.REPEALED),
    )
    item = record_provision(work, versions[0], display="An Act § 1", versions=versions)
    statement = Statement(id="a", kind="law", text="t", authorities=(Cited(evidence=item.id, quote="One."),))
    memo = Memo(question="q", jurisdiction="j", as_of=DAY, short_answer=(statement,))
    (entry,) = list_authorities(memo, {item.id: item})
    assert isinstance(entry, LawEntry)
    assert caveats_of(entry, ENGLISH) == ("its repeal takes effect on 1 January 2030",)


def test_articles_stand_in_the_order_of_their_numbers() -> None:
    work = Work(id="w", jurisdiction="j", title="An Act")
    numbers = ("9", "101", "16-2301", "16-301", "007", "9a", "9" * 5000)
    items = [
        record_provision(work, Provision(work="w", number=number, text=number), display=number) for number in numbers
    ]
    cited = tuple(Cited(evidence=item.id, quote="q") for item in items)
    statement = Statement(id="a", kind="law", text="t", authorities=cited)
    memo = Memo(question="q", jurisdiction="j", as_of=DAY, short_answer=(statement,))
    listed = list_authorities(memo, {item.id: item for item in items})
    shown = [entry.number for entry in listed if isinstance(entry, LawEntry)]
    assert shown == ["007", "9", "9a", "16-301", "16-2301", "101", "9" * 5000]


def test_the_report_counts_by_rule_and_tells_the_states_of_searches_apart(english: Delivery) -> None:
    report = write_report(english.verdict, english.evidence, ("/rules/0: gone",))
    assert {count.rule: count.holds for count in report.rules} == {"quote": 10, "time": 10, "treatment": 0}
    assert (report.checked, report.counted("unknown"), len(report.open_points)) == (21, 1, 1)
    assert [search.state for search in report.searches] == ["UNAVAILABLE", "GROUNDED", "NO_MATCH"]
    assert report.removed == ("/rules/0: gone",)
    assert report.corpora[0].cases == 2000


def test_every_authority_of_the_memo_is_in_the_table_once(delivery: Delivery) -> None:
    paper = lay_out(delivery)
    rows = [row for _, group in groups_of(paper) for row in group]
    assert [row.number for row in rows] == list(range(1, len(paper.authorities) + 1))
    assert {note.entry for note in paper.notes} == {row.number for row in rows}
    assert Treatment.CITES not in {
        one.treatment for entry in paper.authorities if isinstance(entry, CaseEntry) for one in entry.treated_by
    }
