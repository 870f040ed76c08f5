"""Checkpoints of Qwen3's architecture: their shapes, and random weights in any size, written in shards.

Names and shapes of the tensors are those of `Qwen3ForCausalLM` (Qwen3 Technical Report, arXiv 2505.09388, section 2),
so that SGLang, vLLM and transformers load what is written here. Random weights say nothing sensible; they are for
tests of everything round a model, and for measuring servers.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import prod
from pathlib import Path

from tokenizers import Tokenizer

from metier.canonical import JSON, canonical_json
from metier.home import make_folder, write_atomically
from metier_sglang.tiny.scripts import script_texts
from metier_sglang.tiny.tensors import SPREAD, Precision, size_of, write_tensors
from metier_sglang.tiny.tokenizer import train_tokenizer, write_tokenizer


@dataclass(frozen=True, slots=True)
class Shape:
    """The size of a model. `inner` is the width of the feed-forward layers, `tied` shares the two embeddings."""

    vocabulary: int
    width: int = 128
    layers: int = 2
    heads: int = 4
    key_heads: int = 2
    head_width: int = 32
    inner: int = 384
    tied: bool = True
    context: int = 32_768
    theta: float = 1_000_000.0
    epsilon: float = 1e-6

    @property
    def parameters(self) -> int:
        """Returns the number of parameters."""
        return sum(prod(size) for _, size in tensors_of(self))


QWEN3_0_6B = Shape(151_936, 1024, 28, 16, 8, 128, 3072, context=40_960)
QWEN3_8B = Shape(151_936, 4096, 36, 32, 8, 128, 12_288, tied=False, context=40_960)


def tensors_of(shape: Shape) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yields the name and the size of each tensor, in the order of the layers."""
    queries, keys = shape.heads * shape.head_width, shape.key_heads * shape.head_width
    yield "model.embed_tokens.weight", (shape.vocabulary, shape.width)
    for layer in range(shape.layers):
        head = f"model.layers.{layer}"
        yield f"{head}.input_layernorm.weight", (shape.width,)
        yield f"{head}.self_attn.q_proj.weight", (queries, shape.width)
        yield f"{head}.self_attn.k_proj.weight", (keys, shape.width)
        yield f"{head}.self_attn.v_proj.weight", (keys, shape.width)
        yield f"{head}.self_attn.o_proj.weight", (shape.width, queries)
        yield f"{head}.self_attn.q_norm.weight", (shape.head_width,)
        yield f"{head}.self_attn.k_norm.weight", (shape.head_width,)
        yield f"{head}.post_attention_layernorm.weight", (shape.width,)
        yield f"{head}.mlp.gate_proj.weight", (shape.inner, shape.width)
        yield f"{head}.mlp.up_proj.weight", (shape.inner, shape.width)
        yield f"{head}.mlp.down_proj.weight", (shape.width, shape.inner)
    yield "model.norm.weight", (shape.width,)
    if not shape.tied:
        yield "lm_head.weight", (shape.vocabulary, shape.width)


def config_of(shape: Shape, precision: Precision = "float32") -> dict[str, JSON]:
    """Returns the model's config.json, without the ids of tokens."""
    return {
        "architectures": ["Qwen3ForCausalLM"],
        "model_type": "qwen3",
        "vocab_size": shape.vocabulary,
        "hidden_size": shape.width,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "num_key_value_heads": shape.key_heads,
        "head_dim": shape.head_width,
        "intermediate_size": shape.inner,
        "tie_word_embeddings": shape.tied,
        "max_position_embeddings": shape.context,
        "rope_theta": shape.theta,
        "rms_norm_eps": shape.epsilon,
        "hidden_act": "silu",
        "attention_bias": False,
        "attention_dropout": 0.0,
        "use_sliding_window": False,
        "initializer_range": SPREAD,
        "torch_dtype": precision,
    }


def write_settings(folder: Path, shape: Shape, tokenizer: Tokenizer, *, precision: Precision = "float32") -> None:
    """Writes everything of a checkpoint but the weights: configurations and the tokenizer; raises StorageError."""
    ends: list[JSON] = [tokenizer.token_to_id("<|im_end|>"), tokenizer.token_to_id("<|endoftext|>")]
    ids: dict[str, JSON] = {"eos_token_id": ends[0], "pad_token_id": ends[1]}
    make_folder(folder)
    write_tokenizer(folder, tokenizer, context=shape.context)
    write_atomically(folder / "config.json", canonical_json(config_of(shape, precision) | ids).encode())
    write_atomically(folder / "generation_config.json", canonical_json(ids | {"eos_token_id": ends}).encode())


def write_random(
    folder: Path,
    *,
    seed: int = 0,
    shape: Shape | None = None,
    precision: Precision = "float32",
    shard_bytes: int = 4_000_000_000,
) -> None:
    """Writes a whole checkpoint with random weights, equal for equal arguments.

    Without a shape it is tiny (0.6 million parameters) and its vocabulary is what the tokenizer has; a shape's
    vocabulary may be larger, and its further tokens then have no spelling. A file holds `shard_bytes` at most, or one
    tensor where that is larger; memory does not grow with the shape. Raises StorageError.
    """
    tokenizer = train_tokenizer(script_texts())
    shape = shape or Shape(tokenizer.get_vocab_size())
    write_settings(folder, shape, tokenizer, precision=precision)
    shards = _shards(shape, precision, shard_bytes)
    places: dict[str, JSON] = {}
    for number, sizes in enumerate(shards, 1):
        name = "model.safetensors" if len(shards) == 1 else f"model-{number:05}-of-{len(shards):05}.safetensors"
        write_tensors(folder / name, sizes, seed=seed, precision=precision)
        places.update(dict.fromkeys(sizes, name))
    if len(shards) > 1:
        total = shape.parameters * size_of((1,), precision)
        index: dict[str, JSON] = {"metadata": {"total_size": total}, "weight_map": places}
        write_atomically(folder / "model.safetensors.index.json", canonical_json(index).encode())


def _shards(shape: Shape, precision: Precision, room: int) -> list[dict[str, tuple[int, ...]]]:
    """Returns the tensors' sizes by shard, each of at most `room` bytes where it has several."""
    shards: list[dict[str, tuple[int, ...]]] = [{}]
    filled = 0
    for name, size in tensors_of(shape):
        if filled and filled + size_of(size, precision) > room:
            shards.append({})
            filled = 0
        shards[-1][name] = size
        filled += size_of(size, precision)
    return shards
