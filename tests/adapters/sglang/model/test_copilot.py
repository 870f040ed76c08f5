"""A Copilot on these weights: tools over MCP, a wrong answer caught, and a trace that holds every token."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from metier.limits import Limits
from metier.runtime.copilot import Copilot
from metier.testing import FrozenClock
from metier.tokens import join, sequence_of
from metier.trace import Stop
from metier_sglang.model.native import SglangModel
from tests.adapters.sglang.model.memory import MemoryTransport
from tests.sdk.runtime.toy import TOY, calls_in, memo_of

pytestmark = pytest.mark.anyio
ASK = "How many people live in Arvel?"
OPENING = "<|im_start|>assistant\n"


def call(tool: str, **arguments: object) -> str:
    return f'<tool_call>\n{{"name": "{tool}", "arguments": {json.dumps(arguments)}}}\n</tool_call>'


def reply(prompt: str) -> str:
    """Looks the town up, answers wrongly, and adopts the right memo once it was told so."""
    step = prompt.count(OPENING) - 1
    if step == 0:
        return f"<think>\nI look.\n</think>\n\n{call('town', name='Arvel')}\n{call('memo', name='Arvel')}"
    if step == 1:
        wrong = memo_of("Arvel").model_copy(update={"people": 9999})
        return call(_named(prompt, "give_answer"), **wrong.model_dump(mode="json"))
    evidence = re.findall(r"ev-[0-9a-f]+", prompt)
    town = memo_of("Arvel").people_from.evidence
    made = next(one for one in evidence if one != town)
    return call("adopt_answer", evidence=made, pointer="")


def _named(prompt: str, prefix: str) -> str:
    found = re.search(rf'"({prefix}\w*)"', prompt)
    assert found is not None
    return found[1]


def copilot(home: Path, model: SglangModel, limits: Limits | None = None) -> Copilot:
    made = replace(Copilot([TOY], home=home, clock=FrozenClock()), model=model)
    return replace(made, limits=limits) if limits else made


async def test_a_wrong_answer_is_caught_and_every_token_is_in_the_trace(folder: Path, tmp_path: Path) -> None:
    memory = MemoryTransport(folder, reply)
    result = await copilot(tmp_path, SglangModel(memory)).run(ASK)
    assert result.answer == memo_of("Arvel")
    assert result.stop is Stop.ANSWERED
    assert sorted(calls_in(tmp_path)) == ["memo Arvel", "town Arvel"]
    assert "claimed 9999; found 1200" in memory.prompt()
    kept = [turn.tokens for turn in result.trace.turns if turn.tokens is not None]
    assert len(kept) == len(memory.asked) == 3
    (whole,) = join(kept)
    assert whole.ids[: len(memory.asked[-1].input_ids)] == memory.asked[-1].input_ids
    assert sum(whole.mask) == sum(len(one.sampled) for one in kept)


async def test_a_note_that_a_run_is_told_once_costs_no_sampled_token(folder: Path, tmp_path: Path) -> None:
    memory = MemoryTransport(folder, reply)
    result = await copilot(tmp_path, SglangModel(memory), Limits(model_calls=3)).run(ASK)
    kept = {turn.tokens.rid: turn.tokens for turn in result.trace.turns if turn.tokens is not None}
    last = list(kept)[-1]
    sent = sequence_of(last, kept).ids
    for record in list(kept.values())[:-1]:
        assert _holds(sent, record.sampled)


def _holds(whole: tuple[int, ...], part: tuple[int, ...]) -> bool:
    return f",{','.join(map(str, part))}," in f",{','.join(map(str, whole))},"
