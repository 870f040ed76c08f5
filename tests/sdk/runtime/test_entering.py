"""A model is open while a run goes, and closed after it, whatever comes out."""

from pathlib import Path
from typing import Any, Self

import pytest
from pydantic_ai.exceptions import UserError

from metier.errors import ModelError
from metier.runtime.copilot import Copilot
from metier.runtime.runs import replay_run
from metier.testing import FrozenClock, ScriptedModel, call
from metier.toolkit import Finish
from metier.trace import Stop
from tests.sdk.runtime.toy import TOY, memo_of

pytestmark = pytest.mark.anyio
ASK = "How many people live in Arvel?"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Pooled(ScriptedModel):
    """A model that counts how often it is open; `opening` and `closing` are raised there."""

    def __init__(self, steps: Any, opening: Exception | None = None, closing: Exception | None = None) -> None:
        super().__init__(steps)
        self._opening, self._closing = opening, closing
        self.open = 0
        self.seen: list[int] = []

    async def __aenter__(self) -> Self:
        if self._opening is not None:
            raise self._opening
        self.open += 1
        return self

    async def __aexit__(self, *raised: object) -> None:
        self.open -= 1
        if self._closing is not None:
            raise self._closing

    async def request(self, *arguments: Any) -> Any:
        self.seen.append(self.open)
        return await super().request(*arguments)


def steps() -> list[Any]:
    return [call("town", name="Arvel"), Finish(memo_of("Arvel"))]


async def test_a_model_is_open_for_the_whole_run_and_closed_after_it(tmp_path: Path) -> None:
    model = Pooled(steps())
    result = await Copilot([TOY], model=model, home=tmp_path).run(ASK)
    assert (result.answer, model.seen, model.open) == (memo_of("Arvel"), [1, 1], 0)


async def test_a_model_that_its_user_has_opened_stays_open(tmp_path: Path) -> None:
    async with Pooled(steps()) as model:
        await Copilot([TOY], model=model, home=tmp_path).run(ASK)
        assert (model.seen, model.open) == ([2, 2], 1)


async def test_a_run_that_fails_closes_its_model(tmp_path: Path) -> None:
    def crash(seen: object) -> Any:
        raise ZeroDivisionError

    model = Pooled([crash])
    with pytest.raises(ZeroDivisionError):
        await Copilot([TOY], model=model, home=tmp_path).run(ASK)
    assert model.open == 0


@pytest.mark.parametrize(
    ("raised", "blame"),
    [
        (ConnectionRefusedError("nobody there"), "server"),
        (UserError("no key"), "model"),
        (ModelError("no weights"), "model"),
    ],
)
async def test_a_model_that_does_not_open_ends_the_run_as_data(tmp_path: Path, raised: Exception, blame: str) -> None:
    result = await Copilot([TOY], model=Pooled(steps(), opening=raised), home=tmp_path).run(ASK, run_id="r")
    assert (result.stop, result.trace.reason) == (Stop.ERROR, f"blame: {blame}")
    assert (await replay_run("r", tmp_path, toolkits=[TOY])).to_json() == result.trace.to_json()
    again = await Copilot([TOY], model=Pooled(steps()), home=tmp_path).resume("r")
    assert again.answer == memo_of("Arvel")


async def test_a_model_that_does_not_close_takes_no_answer_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model = Pooled(steps(), closing=OSError("the pool is stuck"))
    result = await Copilot([TOY], model=model, home=tmp_path).run(ASK)
    assert result.answer == memo_of("Arvel")
    assert "the pool is stuck" in caplog.text


async def test_a_replay_opens_no_model(tmp_path: Path) -> None:
    model = Pooled(steps())
    result = await Copilot([TOY], model=model, home=tmp_path, clock=FrozenClock()).run(ASK, run_id="r")
    assert (await replay_run("r", tmp_path, toolkits=[TOY])).to_json() == result.trace.to_json()
    assert model.seen == [1, 1]
