"""What may be set, and what is kept of a sample."""

from typing import Any

import pytest
from pydantic_ai import Agent
from pydantic_ai.messages import ModelMessage

from metier_sglang.tiny.scripts import spell
from tests.adapters.sglang.contract.target import Target, agent_of, play, records_of, responses_of, script_of

pytestmark = pytest.mark.anyio


async def hear(target: Target, route: str, name: str, **settings: Any) -> list[ModelMessage]:
    script = script_of(name)
    async with target.open(route) as model:
        return (await agent_of(script, model, **settings).run(script.question)).all_messages()


async def test_every_sampled_token_has_its_id_and_its_logprob(target: Target) -> None:
    (record,) = records_of(await hear(target, "native", "hello"))
    assert len(record.sampled) == len(record.logprobs) > 0
    assert max(record.logprobs) <= 0
    vocabulary = target.renderer.vocabulary
    reply = spell(script_of("hello").replies[0], thinking=False)
    assert vocabulary.decode(record.sampled) == f"{reply}<|im_end|>"


async def test_greedy_samples_repeat_token_for_token(target: Target) -> None:
    first, second = [records_of(await hear(target, "native", "hello", seed=7))[0] for _ in range(2)]
    assert first.sampled == second.sampled


async def test_a_stop_string_ends_the_answer(target: Target, route: str) -> None:
    messages = await hear(target, route, "long", stop_sequences=["Mile 3:"])
    text = (responses_of(messages)[0].text or "").strip()
    assert text == "\n".join(script_of("long").replies[0].content.splitlines()[:2])
    assert responses_of(messages)[0].finish_reason == "stop"


async def test_a_limit_on_tokens_is_kept_and_told(target: Target, route: str) -> None:
    (response,) = responses_of(await hear(target, route, "long", max_tokens=12))
    assert response.usage.output_tokens == 12
    assert response.finish_reason == "length"


async def test_a_seed_and_the_rest_of_the_settings_are_taken(target: Target, route: str) -> None:
    settings = {
        "temperature": 0.1,
        "top_p": 0.9,
        "top_k": 5,
        "seed": 3,
        "presence_penalty": 0.1,
        "frequency_penalty": 0.1,
    }
    assert responses_of(await hear(target, route, "hello", **settings))[0].text


async def test_over_the_chat_route_token_ids_are_kept_when_asked_for(target: Target) -> None:
    script = script_of("hello")
    async with target.compatible(sglang_tokens=True) as model:
        (record,) = records_of((await play(script, model)).all_messages())
    async with target.native() as model:
        (native,) = records_of((await play(script, model)).all_messages())
    assert record.sampled == native.sampled
    assert record.added == native.added


async def test_models_of_other_makers_see_no_difference(target: Target) -> None:
    """The compatible route needs nothing of SGLang's: a plain agent with no settings of ours is answered."""
    async with target.compatible() as model:
        result = await Agent(model, model_settings={"thinking": False}).run("Say hello.")
    assert result.output == "Hello from a tiny model."
