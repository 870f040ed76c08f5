"""Sizes of weights and caches are those that the makers of the weights publish."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_sglang.serving.weights.memory import STATIC, cache_bytes, estimate, read_shape
from tests.adapters.sglang.serving.configs import DEEPSEEK_V3, LLAMA_31_8B, QWEN3_30B_A3B, QWEN25_7B


@pytest.mark.parametrize(
    ("config", "billions", "active"),
    [
        pytest.param(QWEN25_7B, 7.6, 7.6, id="dense"),
        pytest.param(LLAMA_31_8B, 8.0, 8.0, id="dense, grouped queries"),
        pytest.param(QWEN3_30B_A3B, 30.5, 3.3, id="experts"),
        pytest.param(DEEPSEEK_V3, 671.0, 37.0, id="experts with latent attention"),
    ],
)
def test_parameters_are_counted_to_two_percent(config: dict, billions: float, active: float) -> None:
    shape = read_shape(config)
    assert shape.parameters / 1e9 == pytest.approx(billions, rel=0.02)
    assert shape.active / 1e9 == pytest.approx(active, rel=0.04)


def test_a_token_in_the_cache_takes_what_its_attention_keeps() -> None:
    assert cache_bytes(read_shape(QWEN3_30B_A3B)) == 2 * 48 * 4 * 128 * 2
    assert cache_bytes(read_shape(DEEPSEEK_V3)) == 61 * (512 + 64) * 2


def test_gpus_share_heads_and_repeat_them_when_there_are_more_gpus() -> None:
    shape = read_shape(QWEN3_30B_A3B)
    assert cache_bytes(shape, tensor_parallel=4) == cache_bytes(shape) // 4
    assert cache_bytes(shape, tensor_parallel=8) == cache_bytes(shape, tensor_parallel=4)


def test_a_latent_cache_is_on_every_gpu() -> None:
    shape = read_shape(DEEPSEEK_V3)
    assert cache_bytes(shape, tensor_parallel=8) == cache_bytes(shape)


def test_layers_of_linear_attention_keep_no_tokens() -> None:
    hybrid = {**QWEN3_30B_A3B, "layer_types": ["linear_attention", "linear_attention", "full_attention"] * 16}
    assert cache_bytes(read_shape(hybrid)) * 3 == cache_bytes(read_shape(QWEN3_30B_A3B))
    assert read_shape({**QWEN3_30B_A3B, "full_attention_interval": 4}).cached_layers == 12


def test_the_language_model_of_a_model_with_images_is_read() -> None:
    inner = {name: value for name, value in QWEN25_7B.items() if name != "architectures"}
    assert read_shape({"architectures": ["X"], "text_config": inner}) == read_shape(QWEN25_7B)


def test_quantised_weights_are_smaller() -> None:
    assert read_shape(DEEPSEEK_V3).bytes == 1.0
    assert read_shape({**QWEN25_7B, "quantization_config": {"quant_method": "awq"}}).bytes < 0.6


def test_the_size_of_the_files_goes_before_the_count() -> None:
    shape = read_shape(QWEN25_7B)
    assert estimate(shape, context=1, concurrency=1, size=1000).weights == 1000


def test_a_config_that_says_too_little_is_named() -> None:
    with pytest.raises(InputError, match="vocab_size"):
        read_shape({**QWEN25_7B, "vocab_size": None})


@settings(max_examples=50)
@given(context=st.integers(1, 10**6), runs=st.integers(1, 1000), gpus=st.sampled_from([1, 2, 4, 8]))
def test_a_gpu_holds_weights_and_cache_in_its_static_share(context: int, runs: int, gpus: int) -> None:
    need = estimate(read_shape(QWEN3_30B_A3B), context=context, concurrency=runs, tensor_parallel=gpus)
    assert need.tokens == context * runs
    assert need.weights + need.cache == pytest.approx(need.gpu * STATIC, abs=2)
