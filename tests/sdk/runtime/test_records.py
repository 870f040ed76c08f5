"""The tokens of a run: kept with each turn as the server gave them, and not kept where they would spell a secret."""

from pathlib import Path
from typing import Any

import pytest
from pydantic_ai.messages import ModelResponse, TextPart

from metier.redaction import Redaction, redaction_of
from metier.runtime.copilot import Copilot
from metier.runtime.effects.records import mask_output, tokens_in
from metier.runtime.runs import open_trace, replay_run
from metier.testing import ScriptedModel
from metier.tokens import dump_record, sequence_of
from metier.trace import Trace
from tests.sdk.runtime.tokened import FIRST, SECOND, respond, two_turns
from tests.sdk.runtime.toy import TOY

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


async def ran(home: Path, steps: list[ModelResponse], *secrets: str) -> Trace:
    copilot = Copilot([TOY], model=ScriptedModel(steps), home=home, secrets=secrets)
    return (await copilot.run("How many people live in Arvel?", run_id="r")).trace


async def test_a_turn_has_the_tokens_that_were_sent_and_sampled(tmp_path: Path) -> None:
    trace = await ran(tmp_path, two_turns())
    assert [turn.tokens for turn in trace.turns] == [FIRST, SECOND]
    assert Trace.from_json(trace.to_json()) == trace == open_trace("r", tmp_path)
    assert (await replay_run("r", tmp_path, toolkits=[TOY])).to_json() == trace.to_json()
    known = {turn.tokens.rid: turn.tokens for turn in trace.turns if turn.tokens}
    assert sequence_of("b", known).ids[-7:] == (1, 2, 3, 7, 8, 4, 5)


async def test_tokens_that_would_spell_a_secret_are_not_kept(tmp_path: Path) -> None:
    steps = two_turns()
    steps[0] = respond([TextPart("It is hunter22."), *steps[0].parts], FIRST)
    trace = await ran(tmp_path, steps, "hunter22")
    assert [turn.tokens for turn in trace.turns] == [None, SECOND]
    assert "[secret]" in trace.turns[0].text
    assert str(list(FIRST.sampled)) not in trace.to_json()


async def test_tokens_of_a_prompt_with_a_secret_in_it_are_not_kept(tmp_path: Path) -> None:
    copilot = Copilot([TOY], model=ScriptedModel(two_turns()), home=tmp_path, secrets=["with the tools"])
    trace = (await copilot.run("How many people live in Arvel?")).trace
    assert [turn.tokens for turn in trace.turns] == [None, None]


async def test_a_token_id_that_reads_like_a_secret_stays_a_token_id(tmp_path: Path) -> None:
    trace = await ran(tmp_path, two_turns(), "12345", "0.25")
    assert [turn.tokens for turn in trace.turns] == [FIRST, SECOND]


UNMAPPED = {"unmapped": {"choice": {"token_ids": [4, 5], "prompt_token_ids": [1, 2, 3]}}}


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        (UNMAPPED, ((1, 2, 3), (4, 5), ())),
        ({**UNMAPPED, "logprobs": [{"logprob": -1}, {"logprob": -2.5}]}, ((1, 2, 3), (4, 5), (-1.0, -2.5))),
        ({**UNMAPPED, "logprobs": [{"logprob": -1}]}, ((1, 2, 3), (4, 5), ())),
        (
            {"unmapped": {"response": {"prompt_token_ids": [1]}, "choice": {"response_token_ids": [9]}}},
            ((1,), (9,), ()),
        ),
        (
            {
                "unmapped": {
                    "chunks": [
                        {"response": {"prompt_token_ids": [1]}},
                        *({"choice": {"token_ids": [n]}} for n in (7, 8)),
                    ]
                }
            },
            ((1,), (7, 8), ()),
        ),
    ],
)
def test_what_a_server_of_openais_protocol_says_of_tokens_is_read(details: dict[str, Any], expected: object) -> None:
    record = tokens_in(ModelResponse([], provider_details=details), "1/model")
    assert record is not None
    assert (record.added, record.sampled, record.logprobs) == expected
    assert (record.rid, record.after, record.kept) == ("1/model", "", 0)


@pytest.mark.parametrize(
    "details", [None, {}, {"tokens": "x"}, {"unmapped": []}, {"unmapped": {"choice": {"token_ids": "x"}}}]
)
def test_a_response_without_readable_tokens_has_none(details: Any) -> None:
    assert tokens_in(ModelResponse([], provider_details=details), "1/model") is None


@pytest.mark.parametrize(
    ("server", "clean", "kept"),
    [("http://s", True, True), ("http://hunter22@s", True, False), ("http://s", False, False)],
)
def test_a_record_is_kept_only_when_no_secret_is_near_it(server: str, clean: bool, kept: bool) -> None:
    record = {**dump_record(FIRST), "server": server}
    output: dict[str, Any] = {"response": {"parts": [], "provider_details": {"tokens": record, "finish": "stop"}}}
    masked: Any = mask_output(output, redaction_of(["hunter22"]), clean=clean)
    assert masked["response"]["provider_details"] == ({"tokens": record} if kept else {}) | {"finish": "stop"}
    assert mask_output(output, Redaction(), clean=clean) == output


def test_probabilities_that_name_their_tokens_go_with_the_secret() -> None:
    details = {"logprobs": [{"token": "hunt"}, {"token": "er22"}], "unmapped": {"choice": {"token_ids": [1, 2]}}}
    output: dict[str, Any] = {"response": {"parts": [{"content": "hunter22"}], "provider_details": details}}
    assert mask_output(output, redaction_of(["hunter22"]), clean=True) == {
        "response": {"parts": [{"content": "[secret]"}], "provider_details": {}}
    }
