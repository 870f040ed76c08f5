"""The chat template does what Qwen3's does, its habits included."""

from dataclasses import replace

from metier_sglang.text.dialogue import Call, Dialogue, Message, Tool
from metier_sglang.text.rendering import Renderer

ASK = Message("user", "Where?")
CALL = Call("find", '{"place": "Astra"}')
THOUGHT = Message("assistant", "", thinking="I look.", calls=(CALL,))
FOUND = Message("tool", "Here.", name="find")
TOOL = Tool("find", "Finds a place.", {"type": "object", "properties": {}})


def render(renderer: Renderer, *messages: Message, tools: tuple[Tool, ...] = (), thinking: bool | None = None) -> str:
    return renderer.vocabulary.decode(renderer.begin(Dialogue(messages, tools, thinking)))


def test_a_question_alone_is_one_turn(renderer: Renderer) -> None:
    assert render(renderer, ASK) == "<|im_start|>user\nWhere?<|im_end|>\n<|im_start|>assistant\n"


def test_thinking_off_opens_with_an_empty_thought(renderer: Renderer) -> None:
    assert render(renderer, ASK, thinking=False) == render(renderer, ASK) + "<think>\n\n</think>\n\n"
    assert render(renderer, ASK, thinking=True) == render(renderer, ASK)


def test_tools_stand_in_the_system_turn_one_a_line(renderer: Renderer) -> None:
    shown = render(renderer, Message("system", "Be brief."), ASK, tools=(TOOL, replace(TOOL, name="other")))
    head = shown.partition("<|im_end|>")[0]
    assert head.startswith("<|im_start|>system\nBe brief.\n\n# Tools")
    assert [line[:21] for line in head.splitlines() if line.startswith('{"type"')] == ['{"type": "function", '] * 2


def test_thoughts_are_kept_only_after_the_last_question(renderer: Renderer) -> None:
    assert "I look." in render(renderer, ASK, THOUGHT, FOUND)
    assert "I look." not in render(renderer, ASK, THOUGHT, FOUND, Message("assistant", "There."), ASK)


def test_a_call_is_spelled_as_json_between_its_tags(renderer: Renderer) -> None:
    spelled = '<tool_call>\n{"name": "find", "arguments": {"place": "Astra"}}\n</tool_call><|im_end|>'
    assert spelled in render(renderer, ASK, THOUGHT, FOUND)
    two = Message("assistant", "I look twice.", calls=(CALL, CALL))
    assert f"I look twice.\n{spelled[:-10]}\n{spelled}" in render(renderer, ASK, two, FOUND, FOUND)


def test_results_that_follow_each_other_share_a_turn(renderer: Renderer) -> None:
    shown = render(renderer, ASK, THOUGHT, FOUND, FOUND)
    assert shown.count("<|im_start|>user") == 2
    assert shown.count("<tool_response>\nHere.\n</tool_response>") == 2


def test_a_history_rendered_again_loses_the_empty_thought(renderer: Renderer) -> None:
    reply = Message("assistant", "There.")
    kept = render(renderer, ASK, thinking=False) + "There.<|im_end|>\n"
    assert not render(renderer, ASK, reply, ASK, thinking=False).startswith(kept)
