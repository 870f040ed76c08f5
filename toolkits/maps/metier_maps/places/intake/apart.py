"""A map file read in a process of its own: the C++ reader can crash on hostile contents, and must not take us along."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Final

from metier.errors import CallerError, InputError, MissingError, StorageError
from metier_maps.osm.progress import Steps
from metier_maps.places.intake.filling import Identity
from metier_maps.places.place import Region

_KINDS: Final[Mapping[str, type[CallerError]]] = {
    kind.__name__: kind for kind in (InputError, MissingError, StorageError)
}
_HINT: Final = "Download the extract again; it must be OpenStreetMap data in PBF format."


def fill_apart(pbf: Path, folder: Path, identity: Identity, steps: Steps) -> Region:
    """Returns what `fill_folder` returns and raises what it raises; a crash of the reader is an InputError.

    However it ends, an interruption included, the process has ended too.
    """
    # -P: modules of the current folder must not stand in for ours
    command = [sys.executable, "-P", "-m", "metier_maps.places.intake"]
    arguments = [str(pbf.resolve()), str(folder), identity.name, identity.sha256]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            [*command, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        with process:
            try:
                last = _follow(process.stdout, steps) if process.stdout else {}
            finally:
                process.kill()
        return _conclude(last, pbf, process.returncode, complaints)


def _follow(lines: IO[str], steps: Steps) -> dict[str, Any]:
    record: dict[str, Any] = {}
    for line in lines:
        if not line.endswith("\n"):
            break  # it died in the middle of a word
        record = json.loads(line)
        if "step" in record:
            steps.reached(record["step"], record["share"])
    return record


def _conclude(last: dict[str, Any], pbf: Path, code: int, complaints: IO[bytes]) -> Region:
    if "region" in last:
        return Region.model_validate(last["region"])
    if last.get("error") in _KINDS:
        raise _KINDS[last["error"]](last["message"], hint=last["hint"])
    complaints.seek(0)
    said = complaints.read()[-2_000:].decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
    reason = said or f"its reader ended with {code}"
    raise InputError(f"{pbf.name} cannot be imported: its contents crash the reader ({reason[:160]}).", hint=_HINT)
