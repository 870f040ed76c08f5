"""Our parsers against the server's own."""

import json

import pytest

from metier_sglang.parsing.format import Start
from metier_sglang.parsing.registry import FORMATS
from metier_sglang.parsing.whole import parse
from metier_sglang.text.dialogue import Dialogue
from metier_sglang.tiny.scripts import SCRIPTS, Script, spell
from tests.adapters.sglang.contract.target import Target, open_body, play, responses_of, script_of

TRICKY = {
    "closing tag": '<tool_call>\n{"name": "get_weather", "arguments": {"city": "</tool_call>"}}\n</tool_call>',
    "escapes": '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Ästra \\u2603 \\"q\\" {}"}}\n</tool_call>',
    "text before": 'First.\n<tool_call>\n{"name": "get_weather", "arguments": {}}\n</tool_call>',
    "no call": 'No call at all: {"name": "get_weather"}',
}


def calls_of(target: Target, script: Script, text: str) -> list[tuple[str, object]]:
    body = {"text": text, "tool_call_parser": "qwen"}
    body["tools"] = open_body(Dialogue((), script.tools))["tools"]
    told = target.post("/parse_function_call", body)
    return [(call["name"], json.loads(call["parameters"])) for call in told["calls"]]


@pytest.mark.parametrize("script", [script for script in SCRIPTS if script.tools], ids=lambda script: script.name)
def test_our_parser_reads_the_calls_that_the_servers_own_does(target: Target, script: Script) -> None:
    for reply in script.replies:
        text = spell(reply, thinking=False)
        ours = parse(FORMATS["qwen"], text, Start(tools=[tool.name for tool in script.tools]))
        assert [(call.name, json.loads(call.arguments)) for call in ours.calls] == calls_of(target, script, text)


@pytest.mark.parametrize("text", TRICKY.values(), ids=TRICKY)
def test_calls_that_are_hard_to_read_are_read_alike(target: Target, text: str) -> None:
    script = script_of("weather")
    ours = parse(FORMATS["qwen"], text, Start(tools=["get_weather"]))
    assert [(call.name, json.loads(call.arguments)) for call in ours.calls] == calls_of(target, script, text)


def test_thinking_is_split_off_alike(target: Target) -> None:
    for reply in script_of("weather").replies:
        text = spell(reply, thinking=True)
        told = target.post("/separate_reasoning", {"text": text, "reasoning_parser": "qwen3"})
        assert told["reasoning_text"].strip() == parse(FORMATS["qwen"], text, Start()).thinking.strip()


@pytest.mark.anyio
async def test_the_cross_check_of_a_run_finds_no_disagreement(target: Target) -> None:
    async with target.native(sglang_cross_check=True) as model:
        messages = (await play(script_of("parallel"), model)).all_messages()
    for response in responses_of(messages):
        ours = (response.provider_details or {})["sglang"]
        assert ours["cross_check"] == []
