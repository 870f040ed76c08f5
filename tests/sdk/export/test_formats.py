"""Each format says what the model was shown and what it said, in the fields that its readers have."""

import json
from pathlib import Path
from typing import Any

import pytest

from metier.errors import InputError
from metier.export.formats import FORMATS, find_format
from metier.export.record import Record, record_of, shares_of
from metier.export.trainers import to_areal, to_slime, to_trl, to_verl
from metier.runtime.runs import open_run
from metier.verdict import Finding, Outcome, verdict_of
from tests.sdk.runtime.tokened import FIRST, PROMPT


def record(home: Path, run: str) -> Record:
    return record_of(*open_run(run, home))


def rows(home: Path, run: str, form: str) -> list[Any]:
    return list(find_format(form).rows(record(home, run)))


@pytest.mark.parametrize("form", list(FORMATS))
def test_the_columns_are_the_fields(home: Path, form: str) -> None:
    for row in rows(home, "tokened", form):
        assert set(row) == set(FORMATS[form].columns)


def test_a_format_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match="messages, sharegpt, tokens, verifiers, trl"):
        find_format("parrot")


def test_every_row_says_what_its_run_was(home: Path) -> None:
    for form in ("messages", "sharegpt", "tokens", "trl"):
        (row,) = rows(home, "tokened", form)
        assert (row["run"], row["stop"], row["outcome"], row["reward"]) == ("tokened", "answered", "answer", 1.0)
        assert row["task"]["text"] == "How many people live in Arvel?"
        assert (row["policy"], row["turns"], row["tool_calls"]) == (["v1", "v2"], 2, 1)
        assert row["checks"] == {"cited": 1.0, "facts": 1.0}
        assert len(row["evidence"]) == 1


def test_messages_are_what_the_model_was_shown_and_said(home: Path) -> None:
    (row,) = rows(home, "plain", "messages")
    system, asked, *rest = row["messages"]
    assert system["role"] == "system"
    assert "Answer questions about towns with the tools." in system["content"]
    assert asked["content"].startswith("How many people live in Arvel?")
    assert [message["role"] for message in rest] == [
        *("assistant", "tool", "user"),  # the call, its result, and the note to conclude
        *("assistant", "user"),  # a text, and the reminder to answer by a call
        *("assistant", "tool"),  # a wrong answer, and what the checks found
        "assistant",
    ]
    assert rest[0]["tool_calls"][0]["function"] == {"name": "town", "arguments": '{"name":"Arvel"}'}
    assert rest[1]["tool_call_id"] == rest[0]["tool_calls"][0]["id"]
    assert "Conclude now" in rest[2]["content"]
    assert (rest[3]["content"], rest[5]["content"]) == ("hm", "So:")
    assert "claimed 7; found 1200" in rest[6]["content"]
    assert row["trained"] == 4


def test_the_tools_are_those_that_the_model_was_offered_outcomes_too(home: Path) -> None:
    (row,) = rows(home, "plain", "messages")
    tools = {tool["function"]["name"]: tool["function"]["parameters"] for tool in json.loads(row["tools"])}
    assert list(tools) == ["memo", "town", "adopt_answer", "ask_user", "give_answer", "refuse_task"]
    assert tools["town"]["required"] == ["name"]
    assert "people_from" in tools["give_answer"]["properties"]


def test_sharegpt_turns_alternate(home: Path) -> None:
    (row,) = rows(home, "plain", "sharegpt")
    speakers = [turn["from"] for turn in row["conversations"]]
    assert speakers[::2] == ["human", "observation", "human", "observation"]
    assert speakers[1::2] == ["function_call", "gpt", "function_call", "function_call"]
    assert json.loads(row["conversations"][1]["value"]) == {"name": "town", "arguments": {"name": "Arvel"}}
    assert "Conclude now" in row["conversations"][2]["value"]
    assert row["system"].startswith("Work on the task")


def test_a_row_of_tokens_is_what_was_sent_and_sampled(home: Path) -> None:
    (row,) = rows(home, "tokened", "tokens")
    assert row["ids"] == [*PROMPT, 1, 2, 3, 7, 8, 4, 5]
    assert row["mask"] == [0] * 40 + [1, 1, 1, 0, 0, 1, 1]
    assert row["logprobs"][40:] == [-0.1, -0.2, -0.3, 0, 0, -0.1, -0.25]
    assert (row["prompt_length"], row["finish"], row["responses"]) == (40, "stop", ["a", "b"])
    assert row["spans"] == [{"version": "v1", "start": 40, "end": 43}, {"version": "v2", "start": 45, "end": 47}]
    assert rows(home, "plain", "tokens") == []


def test_a_row_of_tokens_in_the_fields_of_trainers(home: Path) -> None:
    (row,) = rows(home, "tokened", "tokens")
    sampled, mask, logprobs = [1, 2, 3, 7, 8, 4, 5], [1, 1, 1, 0, 0, 1, 1], [-0.1, -0.2, -0.3, 0, 0, -0.1, -0.25]
    slime, verl, areal, trl = to_slime(row), to_verl(row), to_areal(row), to_trl(row)
    assert (slime["tokens"], slime["response_length"], slime["loss_mask"]) == (row["ids"], 7, mask)
    assert (slime["rollout_log_probs"], slime["weight_versions"]) == (logprobs, ["v1", "v2"])
    assert (slime["reward"], slime["status"]) == (1.0, "completed")
    assert (verl["prompt_ids"], verl["response_ids"], verl["response_mask"]) == ([*PROMPT], sampled, mask)
    assert (verl["response_logprobs"], verl["reward_score"], verl["num_turns"]) == (logprobs, 1.0, 2)
    assert (areal["input_ids"], areal["loss_mask"]) == (row["ids"], row["mask"])
    assert areal["logprobs"] == [0.0] * 40 + logprobs
    assert areal["versions"] == [-1] * 40 + [0, 0, 0, -1, -1, 1, 1]
    assert (trl["prompt_ids"], trl["completion_ids"], trl["env_mask"]) == ([*PROMPT], sampled, mask)
    assert (trl["logprobs"], trl["reward"]) == (logprobs, 1.0)


@pytest.mark.parametrize(
    ("names", "numbers"), [(("3", "7"), (3, 7)), (("0", "first"), (0, 1)), (("9" * 5_000, "1"), (0, 1))]
)
def test_two_versions_of_the_weights_never_share_a_number(
    home: Path, names: tuple[str, str], numbers: tuple[int, int]
) -> None:
    (row,) = rows(home, "tokened", "tokens")
    spans = [{**span, "version": name} for span, name in zip(row["spans"], names, strict=True)]
    versions = to_areal({**row, "spans": spans})["versions"]
    assert versions == [-1] * 40 + [numbers[0]] * 3 + [-1] * 2 + [numbers[1]] * 2


def test_where_one_probability_is_not_known_a_trainer_is_given_none(home: Path) -> None:
    (row,) = rows(home, "tokened", "tokens")
    lacking = {**row, "logprobs": [*row["logprobs"][:-1], None], "finish": "length"}
    assert [to_trl(lacking)["logprobs"], to_verl(lacking)["response_logprobs"], to_areal(lacking)["logprobs"]] == [
        None
    ] * 3
    assert (to_slime(lacking)["rollout_log_probs"], to_slime(lacking)["status"]) == (None, "truncated")


def test_an_episode_of_verifiers_is_a_graph_whose_paths_are_the_sequences(home: Path) -> None:
    (row,) = rows(home, "tokened", "verifiers")
    (trace,) = row["traces"]
    nodes = trace["nodes"]
    assert [node["message"]["role"] for node in nodes] == ["system", "user", "assistant", "tool", "assistant"]
    assert [node["parent"] for node in nodes] == [None, 0, 1, 2, 3]
    assert [token for node in nodes for token in node.get("token_ids", [])] == [*PROMPT, 1, 2, 3, 7, 8, 4, 5]
    assert nodes[4]["mask"] == [False, False, True, True]
    assert nodes[2]["logprobs"] == [*FIRST.logprobs]
    assert [call["node"] for call in trace["calls"]] == [2, 4]
    assert (trace["rewards"], trace["metrics"]) == (
        {"score": {"score": 1.0, "weight": 1.0}},
        {"cited": 1.0, "facts": 1.0},
    )


def test_the_reward_of_a_check_is_the_share_of_its_findings_that_hold() -> None:
    findings = [
        Finding("a", "x", Outcome.HOLDS),
        Finding("a", "y", Outcome.UNKNOWN),
        Finding("b", "x", Outcome.VIOLATED),
    ]
    assert shares_of(verdict_of(findings)) == {"a": 0.75, "b": 0.0}
