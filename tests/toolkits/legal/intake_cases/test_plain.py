import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import InputError
from metier_legal.intake.batch import Coverage, Fault
from metier_legal.intake.cases.plain import _Reader
from metier_legal.intake.reading import detect_format, read_batches
from metier_legal.law.case import Case, Paragraph, Part, Reference
from metier_legal.law.provision import Provision, Status, Unit
from metier_legal.law.work import Style, Work

WORK = {"type": "work", "id": "xx/tenancy", "jurisdiction": "xx", "title": "Tenancy Act", "style": "plain"}
PROVISION = {
    "type": "provision",
    "work": "xx/tenancy",
    "number": "12",
    "text": "(1) A tenant may give notice.\n(2) A landlord may not.",
    "valid_from": "2010-01-01",
}
CASE = {
    "type": "case",
    "id": "xx/rc/1",
    "jurisdiction": "xx",
    "name": "Borak v. Stane",
    "court": "Regional Court of Dornava",
    "paragraphs": ["The tenant gave notice.", "The appeal is dismissed."],
    "references": [],
}
COVERAGE = {"type": "coverage", "jurisdiction": "xx", "court": "Regional Court of Dornava"}


def lines(*objects: dict[str, Any]) -> str:
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects)


def test_every_kind_is_read_in_its_order(read) -> None:
    work, provision, case, coverage = read(law__jsonl=lines(WORK, PROVISION, CASE, COVERAGE))
    assert work == Work(id="xx/tenancy", jurisdiction="xx", title="Tenancy Act", style=Style.PLAIN)
    assert isinstance(provision, Provision)
    assert provision.valid_from == date(2010, 1, 1)
    assert [unit.path for unit in provision.units] == [("1",), ("2",)]
    assert isinstance(case, Case)
    assert [(one.number, one.text) for one in case.paragraphs] == [
        (1, "The tenant gave notice."),
        (2, "The appeal is dismissed."),
    ]
    assert coverage == Coverage("xx", "Regional Court of Dornava")


def test_units_that_are_given_stay(read) -> None:
    given_units = [{"path": ["a"], "start": 0, "end": 9}]
    _, provision = read(law__jsonl=lines(WORK, {**PROVISION, "units": given_units}))
    assert provision.units == (Unit(path=("a",), start=0, end=9),)


@pytest.mark.parametrize(
    ("objects", "says"),
    [
        ([{**WORK, "colour": "red"}], "line 1: field 'colour': is not known"),
        ([{**WORK, "title": 7}], "line 1: field 'title': input should be a valid string"),
        ([{**WORK, "complete": "yes"}], "line 1: field 'complete': input should be a valid boolean"),
        ([{**WORK, "id": "yy/tenancy"}], "line 1: field 'id': must begin with the jurisdiction"),
        ([{"type": "work", "id": "xx/a", "jurisdiction": "xx"}], "line 1: field 'title': is missing"),
        ([WORK, {**WORK, "title": "Other Act"}], "line 2: field 'id': 'xx/tenancy' is on an earlier line"),
        ([PROVISION], "line 1: field 'work': no work 'xx/tenancy'"),
        ([WORK, {**PROVISION, "valid_from": "2010-02-30"}], "line 2: field 'valid_from'"),
        ([WORK, {**PROVISION, "valid_to": "2009-01-01"}], "line 2: field 'valid_to': is not after valid_from"),
        ([WORK, {**PROVISION, "number": " "}], "line 2: field 'number': is empty"),
        ([WORK, {**PROVISION, "units": [{"path": ["a"], "start": 0, "end": 999}]}], "line 2: field 'units': reach"),
        ([WORK, {**PROVISION, "type": "statute"}], "line 2: field 'type' must be one of work, provision, case"),
        ([{**CASE, "paragraphs": [{"number": 2, "text": "b"}, {"number": 2, "text": "c"}]}], "field 'paragraphs'"),
        ([{**CASE, "paragraphs": [{"text": 5}]}], "line 1: field 'paragraphs.0.text'"),
        ([{**CASE, "decided": 20190314}], "line 1: field 'decided'"),
        ([{"type": "coverage"}], "line 1: field 'jurisdiction': is missing"),
    ],
)
def test_what_does_not_fit_is_named_by_line_and_field(read, objects, says) -> None:
    with pytest.raises(InputError) as caught:
        read(law__jsonl=lines(*objects), format="jsonl")
    assert says in caught.value.message
    assert "law.jsonl" in caught.value.message
    assert caught.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (lines(WORK) + "\n{not json", "line 2: no JSON"),
        (lines(WORK) + "\n[1, 2]", "line 2: a JSON object was expected"),
        (lines(WORK) + '\n{"type": "work", "id": ' + "[" * 100_000, "line 2: "),
        (lines(WORK).encode() + b'\n{"type": "\xff"}', "line 2: not UTF-8"),
        (lines(WORK) + '\n{"type": "work", "id": "xx/b", "jurisdiction": "xx", "title": "\\ud800"}', "line 2"),
    ],
)
def test_what_is_no_json_is_one_clear_line(read, text, says) -> None:
    with pytest.raises(InputError) as caught:
        read(law__jsonl=text, format="jsonl")
    assert says in caught.value.message
    assert "\n" not in caught.value.message


def test_hidden_characters_are_taken_out_and_told(read) -> None:
    hidden = {**PROVISION, "text": "A tenant\u200b may\U000e0041 go."}
    spoken = {**CASE, "paragraphs": ["Dis\u202emissed."]}
    _, provision, first, case, second = read(law__jsonl=lines(WORK, hidden, spoken))
    assert provision.text == "A tenant may go."
    assert case.paragraphs[0].text == "Dismissed."
    assert [type(one) for one in (first, second)] == [Fault, Fault]
    assert "line 2" in first.where
    assert "Hidden text" in first.text


def test_a_second_reading_has_the_same_keys(tmp_path) -> None:
    path = tmp_path / "law.jsonl"
    path.write_text(lines(WORK, *({**PROVISION, "number": str(number)} for number in range(1200))), encoding="utf-8")
    first, second = ([batch.key for batch in read_batches(path)] for _ in range(2))
    assert first == second
    assert len(set(first)) == len(first) > 2


TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=60)


@given(
    text=TEXT,
    number=st.from_regex(r"[0-9]{1,4}(-[0-9])?", fullmatch=True),
    begin=st.none() | st.dates(date(1800, 1, 1), date(2100, 1, 1)),
    status=st.sampled_from(Status),
)
def test_what_is_written_reads_back(text, number, begin, status) -> None:
    reader = _Reader()
    reader.read(json.dumps(WORK), "line 1")
    provision = Provision(work="xx/tenancy", number=number, text=text, units=(), valid_from=begin, status=status)
    written = provision.model_dump_json().replace("{", '{"type": "provision", ', 1)
    assert reader.read(written, "line 2") == (provision,)


@given(texts=st.lists(TEXT, max_size=5), part=st.sampled_from(Part), level=st.integers(1, 3))
def test_a_case_reads_back(texts, part, level) -> None:
    case = Case(
        id="xx/rc/1",
        jurisdiction="xx",
        name="A v. B",
        court="Court",
        court_level=level,
        paragraphs=tuple(Paragraph(number=at, text=text, part=part) for at, text in enumerate(texts, 1)),
        references=(Reference(written="Tenancy Act § 12", cited="xx/tenancy#12", stated=True),),
    )
    written = case.model_dump_json().replace("{", '{"type": "case", ', 1)
    assert _Reader().read(written, "line 1") == (case,)


def test_annotations_of_cases_are_not_taken_for_the_plain_schema(tmp_path):
    path = tmp_path / "annotations.jsonl"
    path.write_text('{"doc_id": "bgh-1", "citations": [{"id": "c-1", "type": "case", "text": "III ZR 1/20"}]}\n')
    with pytest.raises(InputError, match="format that is known"):
        detect_format(path)
