from metier_legal.intake.cases.references import read_references, read_treatments
from metier_legal.law.case import Case, Paragraph, Treatment


def case(jurisdiction: str, *texts: str, **more: object) -> Case:
    paragraphs = tuple(Paragraph(number=at, text=text) for at, text in enumerate(texts, 1))
    return Case(
        id=f"{jurisdiction}/x", jurisdiction=jurisdiction, name="A v. B", court="C", paragraphs=paragraphs, **more
    )


def test_each_paragraph_tells_what_it_cites() -> None:
    found = read_references(
        case("cn", "依照《中华人民共和国民法典》第五百六十三条。", "依照《中华人民共和国刑法》第二条、第三条。")
    )
    assert [(one.paragraph, one.written) for one in found][:1] == [(1, "《中华人民共和国民法典》第五百六十三条")]
    assert {one.paragraph for one in found} == {1, 2}
    assert not any(one.stated for one in found)
    assert {one.treatment for one in found} <= {Treatment.CITES, Treatment.APPLIES}


def test_a_case_does_not_cite_itself() -> None:
    own = "（2021）最高法民终123号"
    assert read_references(case("cn", f"{own}判决书。", docket=own)) == ()


def test_a_signal_gives_the_treatment() -> None:
    text = "We overrule Roe v. Wade, 410 U.S. 113 (1973). See also Doe v. Poe, 400 U.S. 1 (1970)."
    found = {one.written.partition(", ")[0]: one.treatment for one in read_references(case("us", text))}
    assert found["Roe v. Wade"] is Treatment.OVERRULES
    assert found["Doe v. Poe"] is Treatment.CITES
    assert [one.treatment for one in read_treatments(case("us", "See Doe v. Poe, 400 U.S. 1.", text))] == [
        Treatment.OVERRULES
    ]
