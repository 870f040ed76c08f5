import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_legal.law.provision import Unit
from metier_legal.law.units import split_units
from metier_legal.law.work import Style


def paths(text: str, style: Style) -> list[str]:
    return [".".join(unit.path) for unit in split_units(text, style)]


def texts(text: str, style: Style) -> dict[str, str]:
    return {".".join(unit.path): text[unit.start : unit.end] for unit in split_units(text, style)}


def test_subsections_of_the_code_nest_and_cross_references_are_none() -> None:
    text = (
        "(a) In General.\u2014(1) The bear under paragraph (2) of subsection (b) may\u2014\n(A) dance; and\n(B) sing:\n"
        "(i) low; or\n(ii) high.\n(2) None.\n(b) Foxes.\u2014See subsection (a)(1)(B)(ii)."
    )
    assert paths(text, Style.US_CODE) == ["a", "a.1", "a.1.A", "a.1.B", "a.1.B.i", "a.1.B.ii", "a.2", "b"]
    assert texts(text, Style.US_CODE)["a.1.B.ii"] == "(ii) high."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(g) g\n(h) h\n(i) i\n(j) j", ["g?", "h", "i", "j"]),
        ("(A) c\n(i) d\n(ii) e\n(iii) f\n(iv) g\n(v) h", ["A", "A.i", "A.ii", "A.iii", "A.iv", "A.v"]),
        ("(a) a; (b) b; and (c) c", ["a", "b", "c"]),
        ("(a) a\n(a-1) b\n(b) c", ["a", "a-1", "b"]),
        ("(1) a\n(1A) b\n(2) c", ["1", "1A", "2"]),
        ("(a) a\n(c) c", ["a", "c"]),
        ("as in (b) and (c)", []),
    ],
)  # fmt: skip
def test_lists_of_the_code_go_on_as_they_began(text: str, expected: list[str]) -> None:
    wanted = [path for path in expected if not path.endswith("?")]
    if len(wanted) != len(expected):
        text = "(a) a\n(b) b\n(c) c\n(d) d\n(e) e\n(f) f\n" + text
        wanted = ["a", "b", "c", "d", "e", "f", "g", *wanted]
    assert paths(text, Style.US_CODE) == wanted


def test_a_letter_that_is_a_roman_numeral_too_is_told_by_what_follows() -> None:
    roman = "(a) x\n(1) y\n(i) z\n(ii) z"
    alpha = "".join(f"({letter}) x\n" for letter in "abcdefgh") + "(1) y\n(2) y\n(i) z\n(j) z"
    assert paths(roman, Style.CFR) == ["a", "a.1", "a.1.i", "a.1.ii"]
    assert paths(alpha, Style.CFR)[-2:] == ["i", "j"]


def test_regulations_number_their_levels_in_their_own_order() -> None:
    assert paths("(a) a\n(1) b\n(i) c\n(A) d\n(1) e\n(2) f\n(B) g", Style.CFR) == [
        "a", "a.1", "a.1.i", "a.1.i.A", "a.1.i.A.1", "a.1.i.A.2", "a.1.i.B",
    ]  # fmt: skip


def test_full_out_words_go_with_the_unit_above_the_list() -> None:
    text = "(1) A bear may\u2014\n(a) dance, or\n(b) sing,\nbut not both.\n(2) It may sleep."
    found = texts(text, Style.UK)
    assert found["1"].endswith("but not both.")
    assert found["1.b"] == "(b) sing,"
    assert list(found) == ["1", "1.a", "1.b", "2"]


def test_an_act_of_the_union_has_paragraphs_points_and_subparagraphs() -> None:
    text = (
        "1. Honey is lawful if:\n(a) sweet;\n(b) free:\n(i) of bees;\n(ii) of wax.\nPoint (b) does not apply.\n2. No."
    )
    found = texts(text, Style.EU)
    assert list(found) == ["1", "1.a", "1.b", "1.b.i", "1.b.ii", "2"]
    assert found["1"].endswith("does not apply.")


def test_plain_acts_number_from_figures_to_letters() -> None:
    assert paths("(1) a:\n(a) b;\n(b) c.\n(2) d", Style.PLAIN) == ["1", "1.a", "1.b", "2"]
    assert paths("A bear (1) may dance.", Style.PLAIN) == []


def test_german_sections_have_absaetze_nummern_buchstaben_and_sentences() -> None:
    text = (
        "(1) Wer nach § 3 Abs. 1 Nr. 2 am 1. Januar brummt, ist Bär. Ausgenommen sind z. B. solche, die\n1. schlafen,\n"
        "2. tanzen\na) allein,\nb) zu zweit. Das zählt.\n(2) Der Bär zahlt. Er zahlt nicht, wenn er schläft."
    )
    found = texts(text, Style.GERMAN)
    assert found["1.s1"] == "(1) Wer nach § 3 Abs. 1 Nr. 2 am 1. Januar brummt, ist Bär."
    assert found["1.s2"].startswith("Ausgenommen")
    assert found["1.2.b"] == "b) zu zweit. Das zählt."
    assert found["2.s2"] == "Er zahlt nicht, wenn er schläft."
    assert "1.s3" not in found


def test_a_german_section_without_absaetze_has_sentences() -> None:
    assert texts("Der Bär brummt. Er darf das.", Style.GERMAN) == {"s1": "Der Bär brummt.", "s2": "Er darf das."}


def test_chinese_clauses_are_the_lines_and_items_go_with_the_line_before() -> None:
    text = (
        "熊有下列权利：\n（一）吃蜜：\n1.槐花蜜；\n2.枣花蜜。\n（二）睡觉。\n第三人不得打扰。\n"
        "前款：（一）甲；（二）乙。"
    )
    found = texts(text, Style.CHINESE)
    assert list(found) == ["1", "1.1", "1.1.1", "1.1.2", "1.2", "2", "3", "3.1", "3.2"]
    assert found["1.1"] == "（一）吃蜜：\n1.槐花蜜；\n2.枣花蜜。"
    assert found["2"] == "第三人不得打扰。"
    assert found["3.2"] == "（二）乙。"


def test_a_mention_of_an_item_does_not_open_one() -> None:
    assert paths("前款第（一）项、（二）项规定的熊。", Style.CHINESE) == ["1"]


def test_french_alineas_are_the_lines() -> None:
    assert texts("Un.\n\nDeux.\n", Style.FRENCH) == {"1": "Un.", "2": "Deux."}


MARKERS = "(a)|(b)|(1)|(2)|(A)|(i)|(ii)|(v)|(I)|(aa)|1.|2.|a)|bb)|（一）|（二）|1．|; |: |\u2014|. |word"
WORDS = ["\n", "\n\n", " ", "Satz eins. Und", "第三人", "款", "；", "：", "\u3000"]
PIECES = st.sampled_from([*MARKERS.split("|"), *WORDS])
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=80))


def holds(outer: Unit, inner: Unit) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


@given(text=TEXTS, style=st.sampled_from(Style))
def test_units_lie_in_the_text_and_nest_and_are_told_apart(text: str, style: Style) -> None:
    units = split_units(text, style)
    assert units == split_units(text, style)
    assert len({unit.path for unit in units}) == len(units)
    by_path = {unit.path: unit for unit in units}
    for unit in units:
        assert 0 <= unit.start < unit.end <= len(text)
        assert text[unit.start : unit.end] == text[unit.start : unit.end].strip()
        above = by_path.get(unit.path[:-1])
        assert above is None or holds(above, unit)
    for index, first in enumerate(units):
        for second in units[index + 1 :]:
            assert second.start >= first.end or holds(first, second) or holds(second, first)


@given(text=TEXTS, style=st.sampled_from(Style))
def test_no_unit_is_without_the_one_above_it(text: str, style: Style) -> None:
    known = {unit.path for unit in split_units(text, style)}
    assert all(path[:-1] in known or not path[:-1] for path in known)


@pytest.mark.parametrize("style", list(Style))
def test_long_texts_of_nothing_but_markers_come_back(style: Style) -> None:
    for piece in ("(a)", "(1)\n", "(i) ", "1. ", "（一）", "（一）\n", "a. B", "\n", " ", "(a"):
        assert len(split_units(piece * 4_000, style)) <= 4_000
