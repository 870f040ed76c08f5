import pytest

from metier.errors import InputError
from metier_legal.intake.batch import Fault
from metier_legal.law.case import Authority, Case

# Written for this test: no real people, no real case.
TEXT = (
    "虚构省虚构市中级人民法院\n民事判决书\n（2021）虚01民终123号\n上诉人：甲某。\n"
    "本院认为，依照《中华人民共和国民法典》第五百六十三条第一款之规定，解除成立。\n"
    "判决如下：驳回上诉。\n二〇二一年十二月三十一日"
)


def test_a_judgment_with_its_whole_text(read) -> None:
    (case,) = (
        item
        for item in read(cases__json={"ajId": "77", "ajName": "甲与乙租赁合同纠纷案", "qw": TEXT})
        if isinstance(item, Case)
    )
    assert (case.id, case.jurisdiction, case.language) == ("cn/lecard/77", "cn", "zh")
    assert case.docket == "（2021）虚01民终123号"
    assert (case.court, case.court_level) == ("虚构省虚构市中级人民法院", 2)
    assert str(case.decided) == "2021-12-31"
    assert case.authority is Authority.ORDINARY
    assert [one.text for one in case.paragraphs] == TEXT.split("\n")
    cited = [(one.written, one.stated) for one in case.references]
    assert ("《中华人民共和国民法典》第五百六十三条第一款", False) in cited


def test_the_sections_cut_a_text_without_lines(read) -> None:
    flat = TEXT.replace("\n", "")
    fields = {
        "ajId": "78",
        "ajName": "案",
        "qw": flat,
        "ajjbqk": "上诉人：甲某。",
        "cpfxgc": "本院认为，依照",
        "pjjg": "判决如下：驳回上诉。",
    }
    (case,) = (item for item in read(cases__json=fields) if isinstance(item, Case))
    assert "".join(one.text for one in case.paragraphs) == flat
    assert [one.text[:4] for one in case.paragraphs[1:]] == ["上诉人：", "本院认为", "判决如下"]


def test_the_second_edition_one_a_line(read) -> None:
    lines = (
        '{"pid": 5, "fact": "查明。", "reason": "本院认为。", "result": "判决如下。"}\n{"pid": 6, "qw": "无头文书。"}'
    )
    items = read(cases__jsonl=lines)
    assert [item.id for item in items if isinstance(item, Case)] == ["cn/lecard/5", "cn/lecard/6"]
    assert sum(isinstance(item, Fault) and "案号" in item.text for item in items) == 2


@pytest.mark.parametrize("fields", [{"ajId": "", "qw": "x"}, {"ajId": "1", "qw": "", "ajjbqk": ""}])
def test_a_judgment_without_id_or_text_is_refused(read, fields) -> None:
    with pytest.raises(InputError, match=r"cases\.json, object 1"):
        read(cases__json=[fields], format="lecard")
