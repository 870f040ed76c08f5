"""Both models over real HTTP, against the fake server, through pydantic-ai and through a Copilot."""

from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.messages import (
    ImageUrl,
    ModelResponse,
    PartDeltaEvent,
    TextPart,
    ThinkingPart,
    ToolCallPart,
)

from metier.errors import InputError, ModelError
from metier.tokens import join
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.model.address import open_compatible, open_native
from metier_sglang.model.compatible.model import CompatibleModel
from metier_sglang.model.native import SglangModel
from metier_sglang.model.settings import SglangModelSettings
from metier_sglang.tiny.scripts import reply_for
from tests.adapters.sglang.model.memory import SEEING
from tests.adapters.sglang.model.weather import Report, records, weather_agent

pytestmark = pytest.mark.anyio
PIXEL = "data:image/png;base64,iVBORw0KGgo="
GREETING = "Hello[a-z ]+\\."
QUESTION = "Compare Astra and Borealis."
ROUTES = ("native", "compatible")


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[FakeServer]:
    with FakeServer(folder, reply_for) as running:
        yield running


def open_model(route: str, server: FakeServer, folder: Path) -> SglangModel | CompatibleModel:
    if route == "native":
        return open_native(f"{server.url}?tokenizer={folder}")
    return open_compatible(f"{server.url}/v1?model=tiny&tokens=on")


@pytest.mark.parametrize("route", ROUTES)
async def test_a_run_with_parallel_calls(route: str, server: FakeServer, folder: Path) -> None:
    async with open_model(route, server, folder) as model:
        result = await weather_agent(model).run(QUESTION)
    assert result.output.strip() == "Astra is 11 degrees warmer than Borealis."
    response = result.all_messages()[1]
    assert isinstance(response, ModelResponse)
    assert [type(part) for part in response.parts] == [ThinkingPart, TextPart, ToolCallPart, ToolCallPart]
    assert [call.args_as_dict() for call in response.tool_calls] == [{"city": "Astra"}, {"city": "Borealis"}]
    assert response.finish_reason == "tool_call"
    assert response.usage.input_tokens > 50
    assert response.usage.output_tokens > 10
    first, second = records(result.all_messages())
    assert len(first.logprobs) == len(first.sampled) == response.usage.output_tokens
    assert second.prompt > first.prompt
    assert second.cached or route == "compatible"


async def test_over_the_native_route_a_run_is_one_sequence(server: FakeServer, folder: Path) -> None:
    async with open_model("native", server, folder) as model:
        result = await weather_agent(model).run(QUESTION)
        assert model.model_name
        assert model.model_name != "default"
    assert len(join(records(result.all_messages()))) == 1


@pytest.mark.parametrize("route", ROUTES)
async def test_a_stream_has_the_parts_of_a_whole_response(route: str, server: FakeServer, folder: Path) -> None:
    async with open_model(route, server, folder) as model:
        whole = (await weather_agent(model).run(QUESTION)).all_messages()[1]
        deltas = 0
        async with weather_agent(model).iter(QUESTION) as run:
            async for node in run:
                if Agent.is_model_request_node(node):
                    async with node.stream(run.ctx) as stream:
                        deltas += len([event async for event in stream if isinstance(event, PartDeltaEvent)])
    assert run.result is not None
    streamed = run.result.all_messages()[1]
    assert isinstance(whole, ModelResponse)
    assert isinstance(streamed, ModelResponse)
    assert [_plain(part) for part in whole.parts] == [_plain(part) for part in streamed.parts]
    assert streamed.finish_reason == "tool_call"
    assert streamed.usage.output_tokens == whole.usage.output_tokens
    assert records([streamed])[0].sampled == records([whole])[0].sampled
    assert deltas > 5


@pytest.mark.parametrize("route", ROUTES)
async def test_structured_output(route: str, server: FakeServer, folder: Path) -> None:
    async with open_model(route, server, folder) as model:
        by_tool = await Agent(model, output_type=Report, instructions="You report.").run("Report on Astra.")
        native = Agent(model, output_type=NativeOutput(Report), instructions="You answer with JSON.")
        by_grammar = await native.run("Give the weather in Astra as JSON.", model_settings={"thinking": False})
    assert by_tool.output == by_grammar.output == Report(city="Astra", celsius=18)


@pytest.mark.parametrize("route", ROUTES)
async def test_leaving_a_stream_early_ends_the_request(route: str, server: FakeServer, folder: Path) -> None:
    async with open_model(route, server, folder) as model:
        agent = Agent(model)
        async with agent.run_stream("Describe the river mile by mile.", model_settings={"thinking": False}) as result:
            async for _ in result.stream_text(delta=True, debounce_by=None):
                break
            await result.cancel()
    server.wait_idle()
    assert server.running == 0


async def test_the_servers_own_parsers_agree(server: FakeServer, folder: Path) -> None:
    model = open_native(f"{server.url}?tokenizer={folder}&cross_check=on")
    async with model:
        result = await weather_agent(model).run(QUESTION)
    for message in result.all_messages():
        if isinstance(message, ModelResponse):
            assert message.provider_details is not None
            assert message.provider_details["sglang"]["cross_check"] == []


async def test_a_prompt_that_is_too_long_is_the_models_error(server: FakeServer, folder: Path) -> None:
    async with open_model("native", server, folder) as model:
        with pytest.raises(ModelError):
            await Agent(model).run("word " * 40_000)


async def test_the_body_of_a_compatible_request_says_what_was_asked(server: FakeServer, folder: Path) -> None:
    async with open_model("compatible", server, folder) as model:
        before = len(server.seen)
        agent = Agent(model, output_type=Report, instructions="You report.")
        await agent.run("Report on Astra.", model_settings={"thinking": False, "seed": 3, "stop_sequences": ["END"]})
    body = server.seen[before].body
    assert isinstance(body, dict)
    assert [message["role"] for message in body["messages"]] == ["system", "user"]
    assert body["tool_choice"] == "required"
    assert body["tools"][0]["function"]["strict"] is True
    assert body["chat_template_kwargs"] == {"enable_thinking": False}
    assert (body["seed"], body["stop"], body["model"]) == (3, ["END"], "tiny")
    assert "max_tokens" not in body


async def test_an_image_reaches_weights_that_see(folder: Path, tmp_path: Path) -> None:
    sees = copytree(folder, tmp_path / "sees")
    (sees / "chat_template.jinja").write_text(SEEING)
    with FakeServer(sees, lambda prompt: "A map.", flags=Flags(vision="qwen3_vl")) as server:
        for route in ROUTES:
            async with open_model(route, server, sees) as model:
                assert (await Agent(model).run(["What is it?", ImageUrl(PIXEL)])).output == "A map."
    native, chat = (seen.body for seen in server.seen if seen.path in ("/generate", "/v1/chat/completions"))
    assert native["image_data"] == [PIXEL]
    assert chat["messages"][-1]["content"][0] == {"type": "image_url", "image_url": {"url": PIXEL}}


async def test_native_output_leaves_the_tools_callable(server: FakeServer, folder: Path) -> None:
    async with open_model("compatible", server, folder) as model:
        before = len(server.seen)
        agent = Agent(model, output_type=NativeOutput(Report), tools=[look], instructions="You answer with JSON.")
        await agent.run("Give the weather in Astra as JSON.", model_settings={"thinking": False})
    body = server.seen[before].body
    assert body["tools"]
    assert "response_format" not in body


@pytest.mark.parametrize("route", ROUTES)
async def test_two_grammars_are_refused(route: str, server: FakeServer, folder: Path) -> None:
    two = SglangModelSettings(sglang_regex="a+")
    async with open_model(route, server, folder) as model:
        with pytest.raises(InputError, match="one grammar"):
            await Agent(model, output_type=NativeOutput(Report)).run("Report on Astra.", model_settings=two)


@pytest.mark.parametrize("route", ROUTES)
async def test_a_grammar_is_not_dropped(route: str, server: FakeServer, folder: Path) -> None:
    async with open_model(route, server, folder) as model:
        before = len(server.seen)
        settings = SglangModelSettings(sglang_regex=GREETING, thinking=False)
        await Agent(model).run("Say hello.", model_settings=settings)
    body = next(seen.body for seen in server.seen[before:] if seen.method == "POST")
    assert body.get("sampling_params", body)["regex"] == GREETING


def look() -> str:
    """Looks."""
    return "Nothing."


def _plain(part: object) -> tuple[object, ...]:
    text = getattr(part, "content", None)
    return (
        type(part),
        text.strip() if isinstance(text, str) else text,
        getattr(part, "tool_name", None),
        getattr(part, "args", None),
    )
