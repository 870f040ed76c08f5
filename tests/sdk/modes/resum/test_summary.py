"""The summary: what it is asked with, what is read of it, and the digest that stands in for it."""

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)

from metier.modes.resum.summary import SAID_CAP, ask_for_summary, digest, read_summary
from tests.sdk.modes.reactive import record_fact

FACT = record_fact(1)
MESSAGES: list[ModelMessage] = [
    ModelResponse([TextPart("I look."), ToolCallPart("look_up", {"number": 1}), ToolCallPart("bad", '{"x')]),
    ModelRequest([ToolReturnPart("look_up", "y" * 5_000, tool_call_id="a", metadata={"evidence": [FACT]})]),
    ModelRequest([UserPromptPart("Go on.")]),
]


def test_a_summary_is_asked_for_with_all_that_was_said_and_the_one_before() -> None:
    asked = ask_for_summary("Why?", "It was so.", MESSAGES)
    for said in ("Why?", "It was so.", "I look.", 'look_up {"number":1}', 'bad {"x', "y" * 5_000, "Go on."):
        assert said in asked
    assert "Summary of what came before" not in ask_for_summary("Why?", "", MESSAGES)


def test_a_digest_cuts_each_line_and_keeps_every_id() -> None:
    told = digest("Before.", MESSAGES)
    assert told.startswith("Before.\n")
    assert FACT.id in told
    assert max(len(line) for line in told.splitlines()) <= SAID_CAP + len("...")


@given(st.text(st.characters(exclude_characters="<"), max_size=60))
@settings(max_examples=40, deadline=None)
def test_a_summary_is_read_with_and_without_its_tags_and_never_from_thoughts(text: str) -> None:
    assert read_summary(f"<think>{text}</think><summary>{text}</summary>") == text.strip()
    assert read_summary(f"<summary>{text}") == text.strip()
    assert read_summary(text) == text.strip()
    assert read_summary(f"<think><summary>{text}</summary>") == ""
