"""Replies of /generate are read strictly, and a chunk gives its new tokens once."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import ServerError
from metier.tokens import Span
from metier_sglang.protocol.generation import GenerateRequest
from metier_sglang.protocol.piece import Piece, read_piece
from metier_sglang.protocol.request import encode_request, left_of, rest_of
from metier_sglang.protocol.sample import Sample


def reply(ids: list[int], count: int | None = None, finish: object = None, **more: object) -> dict[str, Any]:
    logprobs = [[-float(token), token, None] for token in ids]
    return {
        "output_ids": ids,
        "meta_info": {
            "finish_reason": finish,
            "completion_tokens": len(ids) if count is None else count,
            "prompt_tokens": 4,
            "cached_tokens": 3,
            "output_token_logprobs": logprobs,
            **more,
        },
    }


def read(value: dict[str, Any], seen: int = 0) -> Piece:
    return read_piece(value, seen=seen, logprobs=True, server="http://a")


def request(**more: Any) -> GenerateRequest:
    fields: dict[str, Any] = {"input_ids": (1, 2), "encoded": "1,2", "sampling": {"max_new_tokens": 40}}
    return GenerateRequest(rid="r", **(fields | more))


@settings(deadline=None, max_examples=60)
@given(st.lists(st.integers(0, 9), max_size=12), st.data(), st.booleans())
def test_chunks_give_every_token_once(ids: list[int], data: st.DataObject, incremental: bool) -> None:
    sample, at = Sample(request()), 0
    while at < len(ids):
        end = data.draw(st.integers(at + 1, len(ids)))
        sample.take(read(reply(ids[at:end] if incremental else ids[:end], end), sample.seen), "http://a")
        at = end
    echo = ids[-1:] if incremental else ids  # what SGLang sends when it aborts
    sample.take(read(reply(echo, len(ids), {"type": "stop"}), sample.seen), "http://a")
    got = sample.result()
    assert list(got.ids) == ids
    assert list(got.logprobs) == [-float(token) for token in ids]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"output_ids": [1]},
        {"meta_info": {}},
        {"output_ids": "1", "meta_info": {}},
        {"output_ids": [1, "2"], "meta_info": {}},
        {"output_ids": [-1], "meta_info": {}},
        {"output_ids": [True], "meta_info": {}},
        reply([1], 3),
        reply([1], -1),
        reply([1], prompt_tokens="4"),
        reply([1], finish="stop"),
        reply([1], finish={"type": "tool"}),
        reply([1], output_token_logprobs=[[-0.1, 2, None]]),
        reply([1], output_token_logprobs=[7]),
        reply([1], weight_versions=["v"]),
        reply([1], weight_versions=[{"version": "v", "start": "0", "end": 1}]),
    ],
)
def test_what_is_out_of_protocol_is_an_error_and_never_tokens(value: dict[str, Any]) -> None:
    with pytest.raises(ServerError, match="http://a answers out of protocol"):
        read(value)


@pytest.mark.parametrize("logprob", [None, float("-inf"), float("nan"), "x", True])
def test_log_probabilities_are_whole_or_none(logprob: object) -> None:
    assert read(reply([1, 2], output_token_logprobs=[[-0.5, 1, None], [logprob, 2, None]])).logprobs == ()


def test_one_chunk_without_log_probabilities_leaves_the_sample_without() -> None:
    sample = Sample(request())
    sample.take(read(reply([1])), "http://a")
    sample.take(read(reply([1, 2], 2, {"type": "stop"}, output_token_logprobs=None), 1), "http://a")
    assert (sample.result().ids, sample.result().logprobs) == ((1, 2), ())


def test_spans_of_weights_are_kept_over_attempts() -> None:
    sample = Sample(request())
    versions = [{"version": "v1", "start": 0, "end": 1}, {"version": "v2", "start": 1, "end": 2}]
    sample.take(read(reply([1, 2], 2, {"type": "abort"}, weight_version="v2", weight_versions=versions)), "http://a")
    assert sample.interrupt() is None
    sample.take(read(reply([3], 1, None, weight_version="v2")), "http://b")
    sample.take(read(reply([3, 4], 2, {"type": "stop"}, weight_version="v3"), 1), "http://b")
    got = sample.result()
    assert got.spans == (Span("v1", 0, 1), Span("v2", 1, 3), Span("v3", 3, 4))
    assert got.server == "http://b"


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.integers(0, 200_000), max_size=30),
    st.lists(st.integers(0, 200_000), max_size=30),
    st.integers(1, 5),
)
def test_what_is_left_is_asked_with_what_was_sampled_as_prompt(ids: list[int], sampled: list[int], at: int) -> None:
    first = request(input_ids=tuple(ids), encoded=",".join(map(str, ids)), key="run", lora="a", priority=2)
    rest = rest_of(first, sampled, attempt=at)
    body = json.loads(encode_request(rest, stream=True))
    assert body["input_ids"] == [*ids, *sampled] == list(rest.input_ids)
    assert body["sampling_params"]["max_new_tokens"] == max(40 - len(sampled), 0)
    assert body["rid"] == f"r-{at}"
    assert (body["stream"], body["lora_path"], body["priority"], body["routing_key"]) == (True, "a", 2, "run")


def test_a_request_says_nothing_that_was_not_asked_for() -> None:
    body = json.loads(encode_request(request(logprobs=False), stream=False))
    assert body == {"input_ids": [1, 2], "rid": "r", "sampling_params": {"max_new_tokens": 40}, "stream": False}


def test_images_and_reasoning_are_told() -> None:
    body = json.loads(encode_request(request(images=("data:,x",), require_reasoning=True), stream=False))
    assert (body["image_data"], body["require_reasoning"]) == (["data:,x"], True)


def test_the_server_s_own_limit_is_known() -> None:
    assert left_of({}, 28) == 100
    rest = rest_of(request(sampling={"min_new_tokens": 30}), [5] * 28, attempt=1)
    assert rest.sampling == {"min_new_tokens": 2, "max_new_tokens": 100}
