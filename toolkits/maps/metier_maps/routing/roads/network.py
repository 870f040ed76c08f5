"""The road network of a region as arrays, and the compressed file it is kept in.

An edge is a stretch of road between two junctions with its line; an arc is an edge with a direction: arc 2e goes along
edge e from its tail to its head, arc 2e + 1 goes back. Times are whole tenths of a second and lengths whole decimetres,
so that sums of them are exact and the same in any order.
"""

import os
import zipfile
from contextlib import suppress
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from metier.errors import MissingError, StorageError

FILE_NAME: Final = "roads.npz"
FORMAT: Final = 1
_AGAIN: Final = "Import the map file again with `metier maps add FILE`."
_DEGREES: Final = ("node_lat", "node_lon", "shape_lat", "shape_lon")
_PER_DEGREE: Final = 10_000_000  # the file keeps degrees as OpenStreetMap does, in whole units of 1e-7

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """Roads as arrays: N junctions, E edges, P shape points, in the order of the modes car, bicycle, foot."""

    node_lat: Floats  # N, degrees
    node_lon: Floats  # N, degrees
    tail: Ints  # E, junction
    head: Ints  # E, junction
    shape_first: Ints  # E + 1, first shape point of each edge; both ends of an edge are shape points
    shape_lat: Floats  # P, degrees
    shape_lon: Floats  # P, degrees
    length_dm: Ints  # E, at least 1
    time_ds: Ints  # E x 3 modes x 2 directions, at least 1 where allowed; 0 is: not allowed
    closure: Ints  # E x 3 modes, index into closures, -1 is: never closed
    blocked: NDArray[np.bool_]  # N x 3 modes, junctions that the mode cannot pass (a bollard)
    turns: Ints  # T x 4: arc, next arc that is forbidden, holds for cars, holds for bicycles
    closures: NDArray[np.str_]  # texts of `roads.closures.read_closure`


def save_network(network: Network, folder: Path) -> Path:
    """Writes the network into the folder, whole or not at all, and returns its path. Raises StorageError."""
    path = folder / FILE_NAME
    draft = folder / f".{FILE_NAME}.{os.getpid()}"
    arrays: dict[str, Any] = {field.name: getattr(network, field.name) for field in fields(Network)}
    for name in _DEGREES:
        arrays[name] = np.rint(arrays[name] * _PER_DEGREE).astype(np.int32)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with draft.open("wb") as file:
            np.savez_compressed(file, format=np.array([FORMAT]), **arrays)
        draft.replace(path)
    except OSError as error:
        with suppress(OSError):
            draft.unlink()
        raise StorageError(f"The roads cannot be written to {folder}: {error.strerror or error}.") from error
    return path


def load_network(folder: Path) -> Network:
    """Returns the network kept in the folder; raises MissingError without one, StorageError for a damaged one."""
    path = folder / FILE_NAME
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            if int(file["format"][0]) != FORMAT:
                raise MissingError(f"The roads in {folder} were written by another version.", hint=_AGAIN)
            arrays: dict[str, Any] = {field.name: file[field.name] for field in fields(Network)}
            for name in _DEGREES:
                arrays[name] = arrays[name] / _PER_DEGREE
            return Network(**arrays)
    except FileNotFoundError as error:
        raise MissingError(f"There are no roads in {folder}.", hint=_AGAIN) from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise StorageError(f"The road file {path} is damaged.", hint=_AGAIN) from error
