"""What is read of servers, and the figures of a benchmark."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_sglang.protocol.info import read_info
from metier_sglang.serving.measure.metrics import hit_ratio, read_metrics
from metier_sglang.serving.measure.status import read_status
from metier_sglang.serving.measure.timing import Timed, percentile, summarise
from metier_sglang.serving.measure.workload import Script, Workload, fit_workload

METRICS = """# HELP sglang:prompt_tokens_total Number of prefill tokens processed.
# TYPE sglang:prompt_tokens_total counter
sglang:prompt_tokens_total{model_name="tiny",priority=""} 300.0
sglang:cached_tokens_total{cache_source="device",model_name="a } b"} 60.0
sglang:cached_tokens_total{cache_source="host",model_name="tiny"} 15.0
sglang:num_running_reqs{dp_rank="0"} 2.0
sglang:num_running_reqs{dp_rank="1"} 1.0
sglang:num_queue_reqs 4
sglang:cache_hit_rate{x="1"} 0.0
sglang:odd NaN
sglang:endless +Inf
not a sample
"""
LETTERS = tuple(range(7, 40))


def test_metrics_are_summed_over_their_labels() -> None:
    metrics = read_metrics(METRICS)
    assert metrics["sglang:num_running_reqs"] == 3
    assert metrics.keys().isdisjoint({"sglang:odd", "sglang:endless"})  # an endless count is no whole number
    assert hit_ratio(metrics) == pytest.approx(0.25)
    assert hit_ratio({}) is None


@settings(max_examples=100)
@given(st.text())
def test_no_text_breaks_the_reading_of_metrics(text: str) -> None:
    assert all(isinstance(value, float) for value in read_metrics(text).values())


def test_a_status_names_weights_requests_cache_and_adapters() -> None:
    info = read_info(
        {"model_path": "/m", "served_model_name": "tiny", "weight_version": "v2", "tool_call_parser": "qwen"},
        {"version": "0.5.23", "context_length": 4096, "max_running_requests": 8, "api_key": "sk-4d1f9a77"},
    )
    models = {"data": [{"id": "tiny", "parent": None}, {"id": "law", "parent": "tiny"}, "odd"]}
    status = read_status("http://a:1", info, models=models, metrics=read_metrics(METRICS))
    assert (status.model, status.version, status.context, status.weight_version) == ("/m", "0.5.23", 4096, "v2")
    assert (status.running, status.queued, status.max_running, status.adapters) == (3, 4, 8, ("law",))
    assert status.hit_ratio == pytest.approx(0.25)
    assert "sk-4d1f9a77" not in repr(status)


def test_a_growing_history_begins_with_the_turn_before_and_a_changing_one_does_not() -> None:
    for append_only in (True, False):
        script = Script(Workload(append_only=append_only, first=50, added=10, alphabet=LETTERS), 0)
        before = script.prompt()
        script.add((1, 2, 3))
        after = script.prompt()
        assert len(after) == len(before) + 3 + 10
        assert (after[: len(before)] == before) is append_only


def test_runs_share_no_prompt_and_a_seed_gives_the_same_again() -> None:
    workload = Workload(seed=3, alphabet=LETTERS)
    assert Script(workload, 0).prompt() != Script(workload, 1).prompt()
    assert Script(workload, 1).prompt() == Script(workload, 1).prompt()
    assert set(Script(workload, 0).prompt()) <= set(LETTERS)


@settings(max_examples=100)
@given(st.integers(200, 10_000), st.integers(1, 6), st.integers(1, 20), st.integers(1, 20_000), st.integers(0, 5_000))
def test_a_workload_is_cut_to_the_context(context: int, turns: int, sampled: int, first: int, added: int) -> None:
    workload = Workload(turns=turns, sampled=sampled, first=first, added=added)
    assert fit_workload(workload, context).longest() <= context
    assert fit_workload(workload, None) == workload


def test_a_workload_that_fits_no_context_is_refused() -> None:
    with pytest.raises(InputError, match="--turns"):
        fit_workload(Workload(turns=100, sampled=64), 4096)
    with pytest.raises(InputError):
        fit_workload(Workload(turns=0), None)


def test_the_figures_of_a_level_follow_from_its_requests() -> None:
    timed = [Timed(100, 10, 80, 0.1, (0.01, 0.03)), Timed(100, 10, 0, 0.5, (0.02,))]
    level = summarise(timed, wall_s=2.0, concurrency=2, append_only=True)
    assert (level.input_rate, level.output_rate, level.cached) == (100, 10, 0.4)
    assert (level.first_p50_ms, level.first_p95_ms, level.gap_p50_ms) == (100, 500, 20)
    unknown = summarise([Timed(1, 1, None, 0.1, ())], wall_s=1, concurrency=1, append_only=True)
    assert (unknown.cached, unknown.gap_p95_ms) == (None, 0)


@settings(max_examples=100)
@given(st.lists(st.floats(0, 1e6), min_size=1), st.floats(1, 100))
def test_a_percentile_is_a_value_that_so_many_do_not_exceed(values: list[float], rank: float) -> None:
    found = percentile(values, rank)
    assert found in values
    assert sum(value <= found for value in values) >= len(values) * rank / 100 - 1e-6
