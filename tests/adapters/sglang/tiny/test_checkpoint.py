"""Random checkpoints: the right tensors in the right shapes, the same for the same seed, in one file or in many."""

import json
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
from safetensors import deserialize
from safetensors.numpy import load_file

from metier.errors import StorageError
from metier_sglang.tiny.checkpoint import QWEN3_0_6B, QWEN3_8B, Shape, config_of, tensors_of, write_random
from metier_sglang.tiny.tensors import size_of, write_tensors

SIZES = {"a.weight": (4, 8), "b.norm.weight": (8,)}


def test_the_weights_are_those_that_the_config_asks_for(checkpoint: Path) -> None:
    config = json.loads((checkpoint / "config.json").read_text())
    weights = load_file(checkpoint / "model.safetensors")
    shape = Shape(config["vocab_size"])
    assert {name: tensor.shape for name, tensor in weights.items()} == dict(tensors_of(shape))
    assert sum(tensor.size for tensor in weights.values()) == shape.parameters
    assert config["vocab_size"] == len(json.loads((checkpoint / "tokenizer.json").read_text())["model"]["vocab"]) + 9


def test_norms_are_ones_and_the_rest_is_normal(checkpoint: Path) -> None:
    weights = load_file(checkpoint / "model.safetensors")
    assert np.all(weights["model.norm.weight"] == 1)
    table = weights["model.embed_tokens.weight"]
    assert abs(float(table.std()) - 0.02) < 0.001
    assert abs(float(table.mean())) < 0.001


def test_a_seed_decides_the_weights(checkpoint: Path, tmp_path: Path) -> None:
    def digest(folder: Path) -> str:
        return sha256((folder / "model.safetensors").read_bytes()).hexdigest()

    for seed in (0, 1):
        write_random(tmp_path / str(seed), seed=seed)
    assert digest(tmp_path / "0") == digest(checkpoint)
    assert digest(tmp_path / "1") != digest(checkpoint)


def test_a_large_model_is_written_in_shards_with_an_index(tmp_path: Path) -> None:
    shape = Shape(300, width=32, layers=3, tied=False)
    write_random(tmp_path / "one", shape=shape, precision="bfloat16")
    write_random(tmp_path / "many", shape=shape, precision="bfloat16", shard_bytes=40_000)
    index = json.loads((tmp_path / "many" / "model.safetensors.index.json").read_text())
    assert set(index["weight_map"]) == set(dict(tensors_of(shape)))
    whole = dict(deserialize((tmp_path / "one" / "model.safetensors").read_bytes()))
    files = sorted(set(index["weight_map"].values()))
    assert len(files) > 2
    joined = {name: part for file in files for name, part in deserialize((tmp_path / "many" / file).read_bytes())}
    assert {name: part["data"] for name, part in joined.items()} == {name: part["data"] for name, part in whole.items()}
    assert index["metadata"]["total_size"] == sum(len(part["data"]) for part in joined.values())
    assert all((tmp_path / "many" / file).stat().st_size < 45_000 for file in files)


def test_bfloat16_is_the_float32_rounded_to_its_upper_half(tmp_path: Path) -> None:
    write_tensors(tmp_path / "full", SIZES, seed=3, precision="float32")
    write_tensors(tmp_path / "half", SIZES, seed=3, precision="bfloat16")
    full = load_file(tmp_path / "full")["a.weight"].ravel()
    bits = np.frombuffer(dict(deserialize((tmp_path / "half").read_bytes()))["a.weight"]["data"], "<u2")
    half = (bits.astype(np.uint32) << 16).view(np.float32)
    assert np.all(np.abs(half - full) <= np.abs(full) / 256)
    assert not np.all((full.view(np.uint32) >> 16) == bits)  # some were rounded up


def test_a_tensor_takes_the_bytes_it_is_said_to_take() -> None:
    assert size_of((3, 5), "bfloat16") * 2 == size_of((3, 5), "float32") == 60


@pytest.mark.parametrize(("shape", "millions"), [(QWEN3_0_6B, 596), (QWEN3_8B, 8191)])
def test_the_known_sizes_are_qwens(shape: Shape, millions: int) -> None:
    assert round(shape.parameters / 1e6) == millions
    assert config_of(shape, "bfloat16")["torch_dtype"] == "bfloat16"


def test_a_folder_that_can_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        write_random(tmp_path / "file")
