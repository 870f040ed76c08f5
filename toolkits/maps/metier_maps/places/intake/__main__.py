"""The process that reads a map file, started by `places.intake.apart`: FILE FOLDER NAME SHA256, lines of JSON out."""

import json
import sys
from pathlib import Path

from metier.canonical import JSON
from metier.errors import CallerError
from metier_maps.osm.progress import Steps
from metier_maps.places.intake.filling import Identity, fill_folder


def _say(record: dict[str, JSON]) -> None:
    sys.stdout.write(json.dumps(record) + "\n")
    sys.stdout.flush()


def main(pbf: str, folder: str, name: str, sha256: str) -> None:
    """Fills the folder; says {"step", "share"} often and, at the end, {"region"} or {"error", "message", "hint"}."""
    steps = Steps(lambda step, share: _say({"step": step, "share": share}))
    try:
        region = fill_folder(Path(pbf), Path(folder), Identity(name, sha256), steps)
    except CallerError as error:
        _say({"error": type(error).__name__, "message": error.message, "hint": error.hint})
    else:
        _say({"region": region.model_dump(mode="json")})


if __name__ == "__main__":
    main(*sys.argv[1:])
