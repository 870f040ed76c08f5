"""Random weights as safetensors files, written block by block, so that memory does not grow with the model.

The format is safetensors' own (huggingface/safetensors, README, "Format"): the length of a JSON header as eight bytes,
the header, then the numbers. It is written here because its library wants every tensor of a file in memory at once,
and numpy has no bfloat16.
"""

import json
from collections.abc import Iterator, Mapping
from math import prod
from pathlib import Path
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from metier.home import storage_error

Precision = Literal["float32", "bfloat16"]
SPREAD = 0.02  # standard deviation of random weights

_FORMATS: Mapping[Precision, tuple[str, int]] = {"float32": ("F32", 4), "bfloat16": ("BF16", 2)}
_BLOCK = 1 << 22  # numbers made at once


def size_of(size: tuple[int, ...], precision: Precision) -> int:
    """Returns the bytes that a tensor of this size takes."""
    return prod(size) * _FORMATS[precision][1]


def write_tensors(path: Path, sizes: Mapping[str, tuple[int, ...]], *, seed: int, precision: Precision) -> None:
    """Writes tensors of these sizes: ones for norms, normal numbers for all others; raises StorageError.

    A tensor depends on its name and on `seed` only, not on the file it is in.
    """
    half = path.with_name(f".{path.name}.part")
    try:
        with half.open("wb") as file:
            file.write(_header(sizes, precision))
            for name, size in sizes.items():
                for block in _blocks(name, prod(size), seed):
                    file.write(_spell(block, precision))
        half.replace(path)
    except OSError as error:
        raise storage_error(path, error) from error


def _header(sizes: Mapping[str, tuple[int, ...]], precision: Precision) -> bytes:
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    start = 0
    for name, size in sizes.items():
        end = start + size_of(size, precision)
        header[name] = {"dtype": _FORMATS[precision][0], "shape": size, "data_offsets": [start, end]}
        start = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)  # the numbers begin at a multiple of eight
    return len(text).to_bytes(8, "little") + text


def _blocks(name: str, count: int, seed: int) -> Iterator[NDArray[np.float32]]:
    numbers = np.random.Generator(np.random.SFC64(np.random.SeedSequence((seed, crc32(name.encode())))))
    for start in range(0, count, _BLOCK):
        length = min(_BLOCK, count - start)
        if name.endswith("norm.weight"):
            yield np.ones(length, np.float32)
        else:
            yield numbers.standard_normal(length, dtype=np.float32) * np.float32(SPREAD)


def _spell(values: NDArray[np.float32], precision: Precision) -> bytes:
    """Returns the little-endian bytes of `values`; a bfloat16 is the upper half of a float32, rounded to even."""
    if precision == "float32":
        return values.astype("<f4", copy=False).tobytes()
    bits = values.view(np.uint32)
    odd = (bits >> np.uint32(16)) & np.uint32(1)
    return ((bits + np.uint32(0x7FFF) + odd) >> np.uint32(16)).astype("<u2").tobytes()
