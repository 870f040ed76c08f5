"""What hostile servers say to the models, and what mistaken model strings show."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, ToolCallPart, UserPromptPart
from pydantic_ai.models import ModelRequestParameters

from metier.canonical import JSON
from metier.errors import InputError, MissingError
from metier.tokens import join, load_record
from metier_sglang.model.address import open_compatible, open_native
from metier_sglang.model.compatible.model import CompatibleModel
from metier_sglang.model.native import SglangModel
from metier_sglang.model.settings import SglangModelSettings
from metier_sglang.transport.chat import ChatClient
from tests.adapters.sglang.model.memory import MemoryTransport

pytestmark = pytest.mark.anyio
KEY = "sk-very-secret-0123456789"
HISTORY: list[ModelMessage] = [ModelRequest(parts=[UserPromptPart("hi")])]


@dataclass
class Scripted(ChatClient):
    """A client whose server says what a test wants."""

    chunks: list[dict[str, JSON]]

    def __post_init__(self) -> None:
        super().__init__("http://scripted/v1")

    async def complete(self, body: object, *, key: str = "", deadline_s: float = 0.0) -> dict[str, JSON]:
        return self.chunks.pop(0)

    @asynccontextmanager
    async def stream(
        self, body: object, *, key: str = "", deadline_s: float = 0.0
    ) -> AsyncIterator[AsyncIterator[dict[str, JSON]]]:
        async def give() -> AsyncIterator[dict[str, JSON]]:
            for chunk in self.chunks:
                yield chunk

        yield give()


def delta(**said: JSON) -> dict[str, JSON]:
    return {"id": "r", "choices": [{"delta": said}]}


def call(index: int, name: str, arguments: str) -> dict[str, JSON]:
    return {"index": index, "function": {"name": name, "arguments": arguments}}


async def streamed(*chunks: dict[str, JSON]) -> ModelResponse:
    model = CompatibleModel(Scripted([*chunks]), "n")
    async with model.request_stream(HISTORY, None, ModelRequestParameters()) as stream:
        async for _ in stream:
            pass
        return stream.get()


async def test_a_call_whose_name_never_comes_is_none() -> None:
    response = await streamed(delta(tool_calls=[call(0, "", '{"a":1}'), call(1, "f", "{}")]))
    assert [(part.tool_name, part.args) for part in response.parts if isinstance(part, ToolCallPart)] == [("f", "{}")]


async def test_arguments_that_come_before_the_name_are_kept() -> None:
    response = await streamed(delta(tool_calls=[call(0, "", '{"a":')]), delta(tool_calls=[call(0, "f", "1}")]))
    assert [(part.tool_name, part.args) for part in response.parts if isinstance(part, ToolCallPart)] == [
        ("f", '{"a":1}')
    ]


def answer(prompt: list[JSON], sampled: list[JSON], logprob: JSON = -0.5) -> dict[str, JSON]:
    choice: dict[str, JSON] = {
        "message": {"content": "x"},
        "finish_reason": "stop",
        "prompt_token_ids": prompt,
        "token_ids": sampled,
        "logprobs": {"content": [{"logprob": logprob}]},
    }
    return {"id": "always", "choices": [choice], "usage": {"prompt_tokens": 10**400, "completion_tokens": 1}}


async def test_a_server_that_gives_every_response_one_id_makes_no_circle_of_them() -> None:
    client = Scripted([answer([1, 2], [3]), answer([1, 2, 3, 4], [5])])
    model = CompatibleModel(client, "n", settings=SglangModelSettings(sglang_tokens=True))
    history = [*HISTORY]
    for _ in range(2):
        history.append(await model.request(history, None, ModelRequestParameters()))
    responses = [message for message in history if isinstance(message, ModelResponse)]
    records = [load_record((response.provider_details or {})["tokens"]) for response in responses]
    assert records[1].after == records[0].rid != records[1].rid
    assert [sequence.ids for sequence in join(records)] == [(1, 2, 3, 4, 5)]


@pytest.mark.parametrize("number", [10**400, -1, 1 << 31])
async def test_numbers_that_are_no_token_ids_make_no_record(number: int) -> None:
    model = CompatibleModel(
        Scripted([answer([1], [number], 10**400)]), "n", settings=SglangModelSettings(sglang_tokens=True)
    )
    response = await model.request(HISTORY, None, ModelRequestParameters())
    assert response.provider_details is None
    assert response.usage.input_tokens == 0


@pytest.mark.parametrize("text", [f"http://h:1?key={KEY}", f"http://h:1?{KEY}", f"http://h:1?a=b&{KEY}"])
def test_a_key_that_was_put_into_the_model_string_is_not_shown(text: str) -> None:
    for opener in (open_native, open_compatible):
        with pytest.raises((InputError, MissingError)) as caught:
            opener(text)
        assert KEY not in str(caught.value)
        assert KEY not in repr(caught.value)


@pytest.mark.parametrize("told", ["~nobody-of-that-name/x", "a" * 5000, "a\0b", "a/..", "../..", "/etc"])
async def test_a_server_that_names_a_strange_tokenizer_is_told_apart(memory: MemoryTransport, told: str) -> None:
    memory.info_changes["tokenizer"] = told
    with pytest.raises(MissingError):
        await SglangModel(memory).request(HISTORY, None, ModelRequestParameters())
