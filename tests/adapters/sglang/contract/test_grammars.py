"""Structured output by the server's grammar."""

import json
from typing import Any

import pytest
from pydantic_ai import Agent, NativeOutput, StructuredDict

from metier_sglang.text.dialogue import Dialogue, Message
from metier_sglang.tiny.scripts import REPORT_SCHEMA
from tests.adapters.sglang.contract.target import Target, open_body, script_of, system_of

pytestmark = pytest.mark.anyio

# Each value is one of few, so that the grammar leaves a model that was never shown it nothing to ramble about.
SKY = {
    "type": "object",
    "properties": {"sky": {"enum": ["clear", "rain"]}, "celsius": {"enum": [7, 18]}},
    "required": ["sky", "celsius"],
    "additionalProperties": False,
}


async def ask(target: Target, route: str, question: str, **settings: Any) -> str:
    async with target.open(route) as model:
        agent = Agent(
            model, instructions=system_of(script_of("schema")), model_settings={"thinking": False, **settings}
        )
        return (await agent.run(question)).output


def test_an_answer_that_the_model_would_give_anyway_fits_its_schema(target: Target) -> None:
    """Asked without metier's models, which tell the schema too: the weights know the prompt of the script only."""
    script = script_of("schema")
    asked = (Message("system", system_of(script) or ""), Message("user", script.question))
    body = {**open_body(Dialogue(asked, thinking=False)), "temperature": 0, "max_tokens": 100}
    schema = {"name": "report", "schema": dict(REPORT_SCHEMA), "strict": True}
    body["response_format"] = {"type": "json_schema", "json_schema": schema}
    text = target.post("/v1/chat/completions", body)["choices"][0]["message"]["content"]
    assert json.loads(text) == json.loads(script.replies[0].content)


async def test_the_schema_binds_a_model_that_would_say_something_else(target: Target, route: str) -> None:
    text = await ask(target, route, "Say hello.", sglang_json_schema={"enum": ["yes", "no"]}, max_tokens=20)
    assert json.loads(text) in {"yes", "no"}


async def test_a_regex_binds(target: Target, route: str) -> None:
    text = await ask(target, route, "Say hello.", sglang_regex="Hello[a-z ]+\\.", max_tokens=60)
    assert text.startswith("Hello")
    assert text.endswith(".")


async def test_an_ebnf_grammar_binds(target: Target, route: str) -> None:
    text = await ask(target, route, "Say hello.", sglang_ebnf='root ::= "Hello from a " ("tiny" | "huge") " model."')
    assert text == "Hello from a tiny model."


async def test_native_output_is_checked_by_pydantic_ai_and_held_by_the_grammar(target: Target, route: str) -> None:
    kind = StructuredDict(SKY, name="report")
    async with target.open(route) as model:
        agent = Agent(model, output_type=NativeOutput(kind), model_settings={"thinking": False, "max_tokens": 60})
        output = (await agent.run("Give the weather in Astra as JSON.")).output
    assert output["sky"] in {"clear", "rain"}
    assert output["celsius"] in {7, 18}
