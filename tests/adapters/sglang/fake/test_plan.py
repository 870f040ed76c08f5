from collections.abc import Sequence
from typing import Any

import pytest

from metier_sglang.fake.sampling.plan import Plan, logprob_of, make_plan

END = 99


def decode(ids: Sequence[int]) -> str:
    return "".join("<end>" if token == END else chr(token) for token in ids)


def plan(text: str, sampling: dict[str, Any], *, room: int = 1000) -> Plan:
    return make_plan([*map(ord, text), END], sampling, ends=frozenset({END}), room=room, decode=decode)


def test_a_sample_ends_with_the_token_that_ends_the_turn() -> None:
    made = plan("AB", {})
    assert made.ids == (65, 66, END)
    assert made.finish == {"type": "stop", "matched": END}
    assert made.hidden_end


@pytest.mark.parametrize("sampling", [{"max_new_tokens": 2}, {"max_new_tokens": None}])
def test_a_sample_is_cut_at_its_number_of_tokens_and_at_the_context(sampling: dict[str, Any]) -> None:
    made = plan("ABC", sampling, room=2)
    assert made.ids == (65, 66)
    assert made.finish == {"type": "length", "length": 2}


def test_an_end_that_is_the_last_token_allowed_counts_as_length() -> None:
    assert plan("AB", {"max_new_tokens": 3}).finish["type"] == "length"


def test_a_stop_string_is_returned_in_tokens_and_not_in_text() -> None:
    made = plan("ABCDE", {"stop": ["CD"]})
    assert made.ids == (65, 66, 67, 68)
    assert made.finish == {"type": "stop", "matched": "CD"}
    assert made.text_end == 2


def test_a_stop_string_that_ends_with_the_last_token_allowed_counts_as_length() -> None:
    assert plan("ABCDE", {"stop": "CD", "max_new_tokens": 4}).finish == {"type": "length", "length": 4}


def test_a_stop_token_ends_the_sample() -> None:
    assert plan("ABC", {"stop_token_ids": [66]}).finish == {"type": "stop", "matched": 66}


def test_a_sample_that_ignores_ends_fills_its_length() -> None:
    assert len(plan("AB", {"ignore_eos": True, "max_new_tokens": 10}).ids) == 10


def test_logprobs_are_never_above_zero_and_the_same_each_time() -> None:
    made = [logprob_of(token, at) for token in range(100) for at in range(20)]
    assert max(made) <= 0
    assert made == [logprob_of(token, at) for token in range(100) for at in range(20)]
