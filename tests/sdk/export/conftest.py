"""Runs to export: made by a real copilot, two with token records and one without."""

from pathlib import Path

import anyio
import pytest

from metier.limits import Limits
from metier.runtime.copilot import Copilot
from metier.testing import FrozenClock, ScriptedModel, call
from metier.toolkit import Finish
from tests.sdk.runtime.tokened import two_turns
from tests.sdk.runtime.toy import TOY, memo_of

ASK = "How many people live in Arvel?"


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of the runs `tokened`, `plain` (no token records, told to conclude) and `cut` (not ended)."""
    folder = tmp_path_factory.mktemp("home")

    async def make() -> None:
        async def run(name: str, model: ScriptedModel, limits: Limits | None = None) -> None:
            copilot = Copilot([TOY], model=model, home=folder, clock=FrozenClock(), limits=limits or Limits())
            await copilot.run(ASK, run_id=name)

        bad = memo_of("Arvel").model_copy(update={"people": 7})
        await run("tokened", ScriptedModel(two_turns()))
        steps = [call("town", name="Arvel"), "hm", Finish(bad, "So:"), Finish(memo_of("Arvel"))]
        await run("plain", ScriptedModel(steps), Limits(model_calls=10, conclude_at=0.2))
        with pytest.raises(AssertionError):
            await run("cut", ScriptedModel([call("town", name="Arvel")]))

    anyio.run(make)
    return folder
