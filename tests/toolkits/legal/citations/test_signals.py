"""What a decision does to what it cites, read off the clause of the citation."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier_legal.citations.finding import find_citations
from metier_legal.citations.signals import find_treatments

A = "Roe v. Wade, 410 U.S. 113 (1973)"
B = "Smith v. Jones, 123 F.3d 456 (2d Cir. 1999)"
C = "（2019）最高法民终123号"


def treatments(text: str) -> list[tuple[str, str]]:
    citations = find_citations(text)
    return [(citations[index].text, treatment.value) for index, treatment in find_treatments(text, citations)]


@pytest.mark.parametrize(
    ("text", "cited", "treatment"),
    [
        (f"We overrule {A}.", A, "overrules"),
        (f"The Court today overrules the rule of {A}.", A, "overrules"),
        (f"{A}, is overruled.", A, "overrules"),
        (f"{B} is hereby abrogated.", B, "overrules"),
        (f"We reverse the judgment in {B}.", B, "reverses"),
        (f"The decision in {B} is reversed.", B, "reverses"),
        (f"We therefore vacate {B}.", B, "vacates"),
        (f"{B}, superseded by statute, Pub. L. 112-90.", B, "superseded by statute"),
        (f"We distinguish {B}.", B, "distinguishes"),
        (f"{B} is readily distinguishable.", B, "distinguishes"),
        (f"We declined to follow {B}.", B, "criticises"),
        (f"We follow {A}.", A, "follows"),
        (f"Following {A}, we hold for the tenant.", A, "follows"),
        (f"We affirm {B}.", B, "affirms"),
        (f"本院推翻{C}判决。", C, "overrules"),
        (f"{C}判决不再参照。", C, "overrules"),
        (f"本案与{C}案不同。", C, "distinguishes"),
        (f"本案区别于{C}案。", C, "distinguishes"),
        (f"参照{C}案，本院认为合同有效。", C, "follows"),
        (f"撤销{C}民事判决。", C, "reverses"),
        (f"维持{C}民事判决。", C, "affirms"),
        (f"This agrees with {A}, which we follow.", A, "follows"),
        (f"The point was settled in {A}; we follow that decision.", A, "follows"),
        (f"On appeal from {B} we reverse that judgment.", B, "reverses"),
        (f"上述见解与{C}判决一致，本院予以遵循。", C, "follows"),
        (f"本院审理对{C}判决提起的上诉，撤销该判决。", C, "reverses"),
        (f"{C}判决依据已废止的法律作出，已被新法取代。", C, "superseded by statute"),
        ("Unter Aufgabe von BGHZ 123, 45 wird entschieden.", "BGHZ 123, 45", "overrules"),
        ("Abweichung von BGHZ 123, 45.", "BGHZ 123, 45", "criticises"),
    ],
)
def test_a_signal_is_read(text: str, cited: str, treatment: str) -> None:
    assert treatments(text) == [(cited, treatment)]


@pytest.mark.parametrize(
    "text",
    [
        f"We do not overrule {A}.",
        f"We declined to overrule {A}.",
        f"Petitioner asks us to overrule {A}.",
        f"The question is whether we should overrule {A}.",
        f"{A}, overruled by {B}.",
        f"{B} (overruling {A}).",
        f"{B}, reversing {A}.",
        f"We see {A}. It is said elsewhere that we overrule nothing.",
        f"We overrule nothing; see {A}.",
        f"本院不推翻{C}判决。",
        f"不应参照{C}案。",
        f"上诉人请求撤销{C}民事判决。",
        f"See {A}.",
        f"{A}, which we do not overrule.",
        f"{A}; we distinguish nothing.",
        f"本案与{C}判决一致。",
        "We overrule 42 U.S.C. § 1983.",
    ],
)
def test_what_another_does_and_what_is_denied_is_no_signal(text: str) -> None:
    assert treatments(text) == []


def test_each_case_of_a_clause_has_its_own() -> None:
    assert treatments(f"We follow {A}; we distinguish {B}.") == [(A, "follows"), (B, "distinguishes")]
    assert treatments(f"We overrule {A} and {B}.") == [(A, "overrules"), (B, "overrules")]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.sampled_from([A, B, C, "We overrule ", "not ", ", ", " and ", "overruled by ", "参照", ". "]), max_size=12
    )
)
def test_indices_are_of_cases_and_each_is_named_once(pieces: list[str]) -> None:
    text = "".join(pieces)
    citations = find_citations(text)
    indices = [index for index, _ in find_treatments(text, citations)]
    assert indices == sorted(set(indices))
    assert all(0 <= index < len(citations) for index in indices)
