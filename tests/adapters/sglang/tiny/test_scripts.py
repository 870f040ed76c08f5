"""The scripts: every exchange has its reply, in both ways of thinking, and replies parse into what they mean."""

import json

import pytest

from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import find_format
from metier_sglang.parsing.whole import parse
from metier_sglang.text.rendering import Renderer
from metier_sglang.tiny.samples import list_exchanges
from metier_sglang.tiny.scripts import NO_THOUGHT, REPORT_SCHEMA, SCRIPTS, Script, dialogues, reply_for, spell

NAMES = [script.name for script in SCRIPTS]


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_every_prompt_of_a_script_has_its_reply(renderer: Renderer, script: Script) -> None:
    for exchange in list_exchanges(renderer, [script]):
        assert reply_for(exchange.prompt) == exchange.reply


@pytest.mark.parametrize("script", SCRIPTS, ids=NAMES)
def test_a_reply_parses_into_the_message_it_spells(script: Script) -> None:
    names = [tool.name for tool in script.tools]
    for _, message in dialogues(script):
        parsed = parse(find_format(name="qwen"), spell(message, thinking=True), Start(tools=names))
        assert (parsed.thinking, parsed.text, parsed.faults) == (message.thinking, message.content, ())
        assert [(call.name, call.arguments) for call in parsed.calls] == [
            (call.name, call.arguments) for call in message.calls
        ]


def test_a_reply_that_has_begun_is_gone_on_with(renderer: Renderer) -> None:
    exchange = list_exchanges(renderer)[0]
    for cut in range(len(exchange.reply) + 1):
        assert reply_for(exchange.prompt + exchange.reply[:cut]) == exchange.reply[cut:]
    assert reply_for(exchange.prompt + "Something else") is None


def test_what_surrounds_a_question_does_not_matter(renderer: Renderer) -> None:
    bare = "<|im_start|>user\nSay hello.<|im_end|>\n<|im_start|>assistant\n"
    assert reply_for(bare) == "<think>\nI greet.\n</think>\n\nHello from a tiny model."
    assert reply_for("<|im_start|>system\nAnything.<|im_end|>\n" + bare + NO_THOUGHT) == "Hello from a tiny model."


@pytest.mark.parametrize(
    "prompt",
    [
        "",
        "Say hello.",
        "<|im_start|>user\nSay hello.<|im_end|>\n",
        "<|im_start|>user\nWho?<|im_end|>\n<|im_start|>assistant\n",
    ],
)
def test_no_script_has_a_reply_to_anything_else(prompt: str) -> None:
    assert reply_for(prompt) is None


def test_no_reply_stands_for_two_prompts() -> None:
    asked = [message.content for script in SCRIPTS for message in script.messages if message.role == "user"]
    assert len(set(asked)) == len(asked)


def test_the_answer_under_a_schema_keeps_it() -> None:
    script = next(script for script in SCRIPTS if script.name == "schema")
    answer = json.loads(script.replies[-1].content)
    assert list(answer) == REPORT_SCHEMA["required"]
    assert isinstance(answer["celsius"], int)
