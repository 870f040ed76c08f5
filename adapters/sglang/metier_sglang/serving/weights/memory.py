"""How much memory weights and their key-value cache take, from config.json. Pure arithmetic.

Dense, grouped-query (GQA), latent (MLA) and mixture-of-experts models. Estimates: norms and biases are left out, and
layers with a sliding window are counted as if they kept everything.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from metier.canonical import JSON
from metier.errors import InputError
from metier_sglang.serving.weights.folder import text_config

STATIC = 0.85  # the share of a GPU that weights and cache may take; the rest is for activations and graphs
_BYTES = {"float32": 4.0, "float16": 2.0, "bfloat16": 2.0}
_QUANTISED = {"fp8": 1.0, "compressed-tensors": 1.0, "awq": 0.56, "gptq": 0.56, "mxfp4": 0.56, "bitsandbytes": 0.56}


@dataclass(frozen=True, slots=True)
class Shape:
    """What the sizes follow from. Counts are of the whole model; `cached_layers` keep keys and values of every token.

    `latent` is the width of MLA's cache per layer, 0 without MLA. `bytes` is the size of one weight.
    """

    layers: int
    cached_layers: int
    kv_heads: int
    head_dim: int
    latent: int
    parameters: int
    active: int
    bytes: float
    context: int


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes on each GPU: of the weights, of the cache for all tokens, and of a GPU with room to work beside both."""

    weights: int
    cache: int
    gpu: int
    tokens: int


def read_shape(config: Mapping[str, JSON]) -> Shape:
    """Returns the shape that a config.json describes; raises InputError when it says too little."""
    inner = text_config(config)
    sizes = _Sizes(inner)
    layers = sizes.need("num_hidden_layers")
    attention, latent = _attention(sizes)
    head, embedding = sizes.need("vocab_size") * sizes.need("hidden_size"), 1 if _is_tied(config) else 2
    dense, routed, active_routed = _feed_forward(sizes)
    moe_layers = _moe_layers(sizes, layers) if routed else 0
    common = head * embedding + layers * attention + (layers - moe_layers) * dense
    return Shape(
        layers=layers,
        cached_layers=_cached_layers(inner, layers),
        kv_heads=sizes.get("num_key_value_heads", sizes.need("num_attention_heads")),
        head_dim=_head_dim(sizes),
        latent=latent,
        parameters=common + moe_layers * routed,
        active=common + moe_layers * active_routed,
        bytes=_weight_bytes(config),
        context=sizes.get("max_position_embeddings", 0),
    )


def cache_bytes(shape: Shape, *, tensor_parallel: int = 1, element: float = 2.0) -> int:
    """Returns the bytes that one token takes in the cache of each GPU, for elements of `element` bytes.

    GPUs share the heads and, when there are more GPUs than heads, repeat them; MLA's latent is on every GPU.
    """
    width = shape.latent or 2 * max(1, shape.kv_heads // tensor_parallel) * shape.head_dim
    return int(shape.cached_layers * width * element)


def estimate(
    shape: Shape, *, context: int, concurrency: int, tensor_parallel: int = 1, size: int | None = None
) -> Need:
    """Returns what `concurrency` runs of `context` tokens each need, none of them sharing a prefix.

    `size` are the bytes of the weights' files where they are at hand; else the parameters are counted.
    """
    weights = int((size or shape.parameters * shape.bytes) / tensor_parallel)
    tokens = context * concurrency
    cache = tokens * cache_bytes(shape, tensor_parallel=tensor_parallel)
    return Need(weights, cache, int((weights + cache) / STATIC), tokens)


class _Sizes:
    def __init__(self, config: Mapping[str, JSON]) -> None:
        self._config = config

    def get(self, name: str, default: int = 0) -> int:
        value = self._config.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default

    def need(self, name: str) -> int:
        if value := self.get(name):
            return value
        raise InputError(f"config.json does not say {name}.", hint="Its memory cannot be estimated.")

    def first(self, *names: str) -> int:
        return next((value for name in names if (value := self.get(name))), 0)


def _head_dim(sizes: _Sizes) -> int:
    return sizes.get("head_dim") or sizes.need("hidden_size") // sizes.need("num_attention_heads")


def _attention(sizes: _Sizes) -> tuple[int, int]:
    """Returns the parameters of a layer's attention, and the width of its latent cache (0 without MLA).

    MLA: DeepSeek-V2, section 2.1 (arXiv:2405.04434).
    """
    hidden, heads = sizes.need("hidden_size"), sizes.need("num_attention_heads")
    if not (rank := sizes.get("kv_lora_rank")):
        kv_heads = sizes.get("num_key_value_heads", heads)
        return hidden * _head_dim(sizes) * (2 * heads + 2 * kv_heads), 0
    nope, rope, value = sizes.get("qk_nope_head_dim"), sizes.get("qk_rope_head_dim"), sizes.get("v_head_dim")
    query_rank, width = sizes.get("q_lora_rank"), heads * (nope + rope)
    query = query_rank * (hidden + width) if query_rank else hidden * width
    keys = hidden * (rank + rope) + rank * heads * (nope + value)
    return query + keys + heads * value * hidden, rank + rope


def _feed_forward(sizes: _Sizes) -> tuple[int, int, int]:
    """Returns the parameters of a dense layer, of a layer of experts, and of its experts that one token uses."""
    hidden = sizes.need("hidden_size")
    dense = 3 * hidden * sizes.get("intermediate_size")
    experts = sizes.first("num_experts", "n_routed_experts", "num_local_experts")
    if not experts:
        return dense, 0, 0
    width = sizes.first("moe_intermediate_size", "intermediate_size")
    shared = 3 * hidden * (sizes.get("shared_expert_intermediate_size") or width * sizes.get("n_shared_experts"))
    router, expert = hidden * experts, 3 * hidden * width
    used = sizes.first("num_experts_per_tok", "top_k") or 1
    return dense, router + shared + experts * expert, router + shared + used * expert


def _moe_layers(sizes: _Sizes, layers: int) -> int:
    step = sizes.get("decoder_sparse_step") or sizes.get("moe_layer_freq") or 1
    return (layers - sizes.get("first_k_dense_replace")) // step


def _cached_layers(config: Mapping[str, JSON], layers: int) -> int:
    kinds = config.get("layer_types")
    if isinstance(kinds, list) and len(kinds) == layers:
        return sum(kind != "linear_attention" for kind in kinds)
    interval = config.get("full_attention_interval")
    return layers // interval if isinstance(interval, int) and interval > 0 else layers


def _is_tied(config: Mapping[str, JSON]) -> bool:
    tied = text_config(config).get("tie_word_embeddings", config.get("tie_word_embeddings", False))
    return tied is True


def _weight_bytes(config: Mapping[str, JSON]) -> float:
    quantised = config.get("quantization_config", text_config(config).get("quantization_config"))
    if isinstance(quantised, dict):
        return _QUANTISED.get(str(quantised.get("quant_method")), 1.0)
    inner = text_config(config)
    named = next((of[name] for of in (inner, config) for name in ("dtype", "torch_dtype") if of.get(name)), "bfloat16")
    return _BYTES.get(str(named), 2.0)
