"""Where a prompt does not go on from the tokens before it, another training sample begins, in every format."""

from typing import Any

import anyio
import pytest
from pydantic_ai.messages import TextPart, ThinkingPart, ToolCallPart

from metier.export.formats import find_format
from metier.export.record import Record, record_of
from metier.runtime.copilot import Copilot
from metier.runtime.runs import open_run
from metier.testing import FrozenClock, ScriptedModel
from metier.tokens import TokenRecord
from tests.sdk.runtime.tokened import FIRST, PROMPT, respond
from tests.sdk.runtime.toy import TOY, memo_of


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Record:
    """A run whose second prompt goes on from the first prompt, without what was thought."""
    home = tmp_path_factory.mktemp("home")
    second = TokenRecord("b", "a", 40, (3, 7), (4,), finish="stop")
    town = ToolCallPart("town", {"name": "Arvel"}, tool_call_id="c1")
    memo = ToolCallPart("memo", {"name": "Arvel"}, tool_call_id="c2")
    end = ToolCallPart("give_answer", memo_of("Arvel").model_dump(mode="json"), tool_call_id="c3")
    steps = [respond([ThinkingPart("Hm."), TextPart("I look."), town, memo], FIRST), respond([end], second)]

    async def make() -> None:
        copilot = Copilot([TOY], model=ScriptedModel(steps), home=home, clock=FrozenClock())
        await copilot.run("How many people live in Arvel?", run_id="r")

    anyio.run(make)
    return record_of(*open_run("r", home))


def rows(record: Record, form: str) -> list[Any]:
    return list(find_format(form).rows(record))


def test_each_sequence_is_a_row_and_each_sample_is_trained_once(broken: Record) -> None:
    first, second = rows(broken, "tokens")
    assert (first["ids"], first["mask"]) == ([*PROMPT, 1, 2, 3], [0] * 40 + [1, 1, 1])
    assert (second["ids"], second["mask"]) == ([*PROMPT, 3, 7, 4], [0] * 42 + [1])
    assert second["logprobs"][-1] is None
    assert [row["completion_ids"] for row in rows(broken, "trl")] == [[1, 2, 3], [4]]


def test_an_episode_of_verifiers_has_a_branch_for_each(broken: Record) -> None:
    (row,) = rows(broken, "verifiers")
    nodes = row["traces"][0]["nodes"]
    roots = [at for at, node in enumerate(nodes) if node["parent"] is None]
    assert len(roots) == 2
    assert [at for at, node in enumerate(nodes) if node["sampled"]] == [2, len(nodes) - 1]
    assert nodes[-1]["token_ids"] == [*PROMPT, 3, 7, 4]
    assert nodes[-1]["mask"] == [False] * 42 + [True]
    assert nodes[-1]["logprobs"] == []


def test_what_was_thought_stands_before_what_was_said(broken: Record) -> None:
    (row,) = rows(broken, "sharegpt")
    said = row["conversations"][1]
    assert said["from"] == "function_call"
    assert said["value"].startswith("<think>\nHm.\n</think>\n\nI look.\n\n[{")
    (chat,) = rows(broken, "messages")
    assert (chat["messages"][2]["reasoning_content"], chat["messages"][2]["content"]) == ("Hm.", "I look.")
