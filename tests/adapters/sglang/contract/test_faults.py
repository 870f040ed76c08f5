"""What goes wrong, and who is to blame."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic_ai import Agent

from metier.errors import MissingError, ModelError, ServerError
from metier_sglang.fake.flags import Flags
from metier_sglang.fake.server import FakeServer
from metier_sglang.model.native import SglangModel
from metier_sglang.tiny.scripts import reply_for
from metier_sglang.transport.fleet import Fleet
from tests.adapters.sglang.contract.target import PLAIN, Target, play, records_of, script_of

pytestmark = pytest.mark.anyio

STICKY: dict[str, Any] = {"sglang_key": "one run"}


async def test_a_prompt_longer_than_the_context_is_an_error_that_names_both(target: Target, route: str) -> None:
    async with target.open(route) as model:
        with pytest.raises(ModelError) as caught:
            await Agent(model, model_settings={"thinking": False}).run("river " * target.context)
    assert str(target.context) in str(caught.value)


async def test_a_stream_of_a_prompt_too_long_is_the_same_error(target: Target, route: str) -> None:
    async with target.open(route) as model:
        with pytest.raises(ModelError, match=str(target.context)):
            async with Agent(model, model_settings={"thinking": False}).run_stream("river " * target.context) as stream:
                await stream.get_output()


def test_a_route_that_is_not_there_is_404(target: Target) -> None:
    answer = target.ask("/nothing")
    assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"})


async def test_a_place_that_is_no_sglang_server_is_said_to_be_none(target: Target) -> None:
    async with SglangModel([f"{target.url}/nowhere"], tokenizer=target.folder) as model:
        with pytest.raises(ServerError):
            await Agent(model).run("Say hello.")


async def test_a_parameter_that_the_server_does_not_know_is_refused(target: Target) -> None:
    body = {"input_ids": [30, 31], "sampling_params": {"max_tokens": 1}}
    answer = await asyncio.to_thread(lambda: httpx.post(f"{target.url}/generate", json=body, **PLAIN))
    assert answer.status_code == 400
    assert "max_tokens" in answer.json()["error"]


@pytest.fixture
def two(fake_folder: Path) -> Iterator[tuple[FakeServer, FakeServer]]:
    with FakeServer(fake_folder, reply_for) as one, FakeServer(fake_folder, reply_for) as other:
        yield one, other


async def test_a_server_killed_amid_a_sample_is_taken_over_without_losing_a_token(
    two: tuple[FakeServer, FakeServer], fake_folder: Path
) -> None:
    async with SglangModel([server.url for server in two], tokenizer=fake_folder) as model:
        whole = records_of((await play(script_of("long"), model, **STICKY)).all_messages())[0]
        dying, other = _by_url(two, whole.server)
        dying.hold(at=7)
        work = asyncio.create_task(play(script_of("long"), model, **STICKY))
        await asyncio.to_thread(dying.wait_held)
        await asyncio.to_thread(dying.kill)
        (record,) = records_of((await work).all_messages())
    assert record.sampled == whole.sampled
    assert record.server == other.url


async def test_a_server_killed_amid_a_stream_is_taken_over_without_losing_a_token(
    two: tuple[FakeServer, FakeServer], fake_folder: Path
) -> None:
    async with SglangModel([server.url for server in two], tokenizer=fake_folder) as model:
        whole = records_of((await play(script_of("long"), model, **STICKY)).all_messages())[0]
        dying, other = _by_url(two, whole.server)
        dying.hold(at=7)
        agent = Agent(model, model_settings={"thinking": False, **STICKY})  # type: ignore[typeddict-item]
        work = asyncio.create_task(_stream(agent, script_of("long").question))
        await asyncio.to_thread(dying.wait_held)
        await asyncio.to_thread(dying.kill)
        assert (await work).strip() == script_of("long").replies[0].content
    resumed = other.seen[-1].body
    assert len(resumed["input_ids"]) == whole.prompt + 7


def _by_url(two: tuple[FakeServer, FakeServer], url: str) -> tuple[FakeServer, FakeServer]:
    """Returns the server at `url`, and the other."""
    return two if two[0].url == url else (two[1], two[0])


async def _stream(agent: Agent[None, str], question: str) -> str:
    async with agent.run_stream(question) as stream:
        return await stream.get_output()


async def test_fifty_runs_live_through_the_death_of_one_of_two_servers(
    two: tuple[FakeServer, FakeServer], fake_folder: Path
) -> None:
    names = ["brief", "hello"] * 25
    async with SglangModel([server.url for server in two], tokenizer=fake_folder) as model:
        two[0].hold(at=4)
        runs = [play(script_of(name), model, sglang_key=str(at)) for at, name in enumerate(names)]
        work = asyncio.gather(*runs)
        await asyncio.to_thread(two[0].wait_held, 4)
        await asyncio.to_thread(two[0].kill)
        outputs = [result.output for result in await work]
    assert outputs == [script_of(name).replies[-1].content for name in names]


async def test_a_key_that_is_missing_is_asked_for_and_never_shown(fake_folder: Path) -> None:
    with FakeServer(fake_folder, reply_for, flags=Flags(api_key="open-sesame")) as server:
        async with SglangModel([server.url], tokenizer=fake_folder, api_key="wrong-key") as model:
            with pytest.raises(MissingError) as caught:
                await play(script_of("hello"), model)
        async with SglangModel([server.url], tokenizer=fake_folder, api_key="open-sesame") as model:
            assert (await play(script_of("hello"), model)).output == "Hello from a tiny model."
    assert "wrong-key" not in repr(caught.value) + str(caught.value)


async def test_a_full_queue_is_waited_for(fake_folder: Path) -> None:
    flags = Flags(max_running=1, max_queued=1)
    with FakeServer(fake_folder, reply_for, flags=flags) as server:
        model = SglangModel(Fleet([server.url], concurrency=8), tokenizer=fake_folder)
        async with model:
            results = await asyncio.gather(*(play(script_of("hello"), model) for _ in range(6)))
    assert {result.output for result in results} == {"Hello from a tiny model."}
