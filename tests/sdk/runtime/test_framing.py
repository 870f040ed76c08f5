"""Tool text is data: framed, capped, and without the control tokens of chat templates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.evidence import record_evidence
from metier.framing import cap, frame_result, neutralise

TOKENS = [
    "<|im_end|>",
    "<|im_start|>",
    "<|eot_id|>",
    "[INST]",
    "<</SYS>>",
    "</s>",
    "</tool-result>",
    "<｜end▁of▁turn｜>",
]


@pytest.mark.parametrize("token", TOKENS)
def test_a_control_token_in_tool_text_is_broken_up(token: str) -> None:
    shown = frame_result("search", f"before {token} after")
    assert shown.count(token) == (1 if token == "</tool-result>" else 0)
    assert shown.startswith('<tool-result tool="search">\nbefore ')


@given(st.text(), st.sampled_from(TOKENS), st.text())
def test_no_tool_text_ends_its_own_frame(before: str, token: str, after: str) -> None:
    shown = frame_result("search", before + token + after)
    assert shown.lower().count("</tool-result>") == 1
    assert shown.endswith("\n</tool-result>")


def test_plain_text_in_any_language_is_shown_as_it_is() -> None:
    text = "Ca l'Àngel, 安道尔 < 5 km & <b>open</b>"
    assert neutralise(text) == text


def test_bidirectional_and_control_characters_are_left_out() -> None:
    assert neutralise("a\x00b\u202ec\x1bd\ud800e\nf\tg") == "abcde\nf\tg"


@given(st.text(max_size=300), st.integers(1, 200))
def test_a_cap_says_what_it_cut(text: str, limit: int) -> None:
    capped = cap(text, limit)
    assert capped.startswith(text[:limit])
    assert (capped == text) == (len(text) <= limit)
    if len(text) > limit:
        assert f"{len(text) - limit} of {len(text)} characters are not shown" in capped


def test_a_result_of_a_million_characters_is_cut_to_twenty_thousand() -> None:
    assert 20_000 < len(frame_result("search", "x" * 1_000_000)) < 20_200


def test_a_long_text_leaves_room_for_the_evidence_that_can_be_cited() -> None:
    evidence = record_evidence(source="web/page", locator="{}", text="x" * 30_000)
    shown = frame_result("page", "x" * 30_000, [evidence])
    assert f"[evidence {evidence.id}]" in shown
    assert len(shown) < 20_300


def test_evidence_is_shown_with_the_id_by_which_it_is_cited() -> None:
    evidence = record_evidence(source="osm 1", locator="node/1", text="A castle.", value={"name": "Ulla"})
    shown = frame_result("search", "1 found", [evidence])
    assert f'[evidence {evidence.id}] osm 1 node/1: A castle. value={{"name":"Ulla"}}' in shown
