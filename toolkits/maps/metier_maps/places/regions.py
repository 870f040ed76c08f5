"""The regions on this machine: what is there, adding one from a file, taking one away.

Each is a folder <data>/regions/<name>-<12 hex digits of its file's SHA-256>. It appears whole or not at all.
"""

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from pydantic import ValidationError
from rapidfuzz import fuzz, process

from metier.errors import CallerError, InputError, MissingError, StorageError
from metier.toolkit import Settings
from metier_maps.osm.blobs import check_blobs
from metier_maps.osm.progress import Progress, Steps
from metier_maps.place import Region
from metier_maps.places.intake.filling import FILENAME, Identity, fill_folder
from metier_maps.places.search.names import fold
from metier_maps.places.store import Installed, open_gazetteer
from metier_maps.routing.roads.network import load_network

__all__ = ["Installed", "add_region", "find_region", "list_regions", "name_region", "remove_region"]

LONGEST_NAME: Final = 60
_NAME: Final = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_VERSION: Final = re.compile(r"[-_.](?:latest|internal|free|test|[0-9]{4}(?:-?[0-9]{2}){0,2}|[0-9]{6})$")
_NEAR: Final = 60
_NOTHING_YET: Final = (
    "Add an OpenStreetMap extract with `metier maps add FILE.osm.pbf`, or make one with `metier maps sample`."
)


def list_regions(settings: Settings) -> tuple[Installed, ...]:
    """Returns what is installed, by name, of each name the newest data first. Damaged folders are left out."""
    found = [_read(folder) for folder in _folders(settings)]
    regions = [installed for installed in found if installed is not None]
    regions.sort(key=lambda installed: (installed.region.osm_date, installed.region.id), reverse=True)
    return tuple(sorted(regions, key=lambda installed: installed.region.name))


def find_region(settings: Settings, name: str) -> Installed:
    """Returns the region of that name (its newest data) or id; for "", the only one, or the only real one.

    Raises MissingError, with near names, where there is none, InputError where "" could mean several.
    """
    regions = list_regions(settings)
    if not regions:
        raise MissingError("There is no map data yet.", hint=_NOTHING_YET)
    if not name:
        return _the_only(regions)
    wanted = name.strip().casefold()
    for installed in regions:
        if wanted in (installed.region.id, installed.region.name):
            return installed
    near = process.extract(wanted, {i.region.name for i in regions}, scorer=fuzz.ratio, limit=3, score_cutoff=_NEAR)
    hint = f"Did you mean {' or '.join(match[0] for match in near)}?" if near else f"There is {_names(regions)}."
    raise MissingError(f"There is no region {name[:80]!r} on this machine.", hint=hint)


def add_region(settings: Settings, pbf: Path, *, name: str = "", progress: Progress | None = None) -> Region:
    """Returns the region made from an OpenStreetMap file (.osm.pbf); one that is there already is not made again.

    The name is that of the file without dates, unless given. Raises InputError for a name or file that cannot be used,
    MissingError for no file, StorageError where the data cannot be written or another import runs. When anything goes
    wrong, an interruption included, nothing of it stays.
    """
    steps = Steps(progress)
    label = name_region(name or _stem(pbf))
    identity = Identity(label, check_blobs(pbf, lambda share: steps.at("checking the file", share)))
    if not pbf.name.endswith(".pbf"):
        raise InputError(f"{pbf.name} does not end in .osm.pbf.", hint="Rename it to NAME.osm.pbf.")
    home = settings.data / "regions"
    with _lock(home):
        there = _read(home / identity.id)
        if there is not None and _is_sound(there):
            steps.done(f"{there.region.id} is there already")
            return there.region
        with _staged(home, identity.id) as folder:
            region = fill_folder(pbf, folder, identity, steps)
    steps.done(f"{region.id} is ready")
    return region


def remove_region(settings: Settings, name: str) -> tuple[Region, ...]:
    """Returns the regions that were taken away: every version of a name, or the one of an id.

    Raises MissingError where there is none of that name, StorageError where a folder cannot be removed.
    """
    if not name.strip():
        raise InputError("No region is named.", hint="`metier maps list` shows what there is.")
    found = find_region(settings, name)
    home = settings.data / "regions"
    with _lock(home):
        versions = [found] if found.region.id == name.strip().casefold() else list_regions(settings)
        gone = [installed for installed in versions if installed.region.name == found.region.name]
        for installed in gone:
            _remove(installed.folder, home)
    return tuple(installed.region for installed in gone)


def name_region(text: str) -> str:
    """Returns `text` as a region's name: small letters and digits of any script, joined by "-".

    Raises InputError for what is empty, too long, or no plain name (a path, for one).
    """
    label = text.strip().casefold().replace(" ", "-").replace("_", "-")
    if not _NAME.fullmatch(label) or len(label) > LONGEST_NAME or len(label.encode()) > 200:
        raise InputError(
            f"{text[:80]!r} cannot be the name of a region.",
            hint="Use letters, digits and single hyphens: --name andorra.",
        )
    return label


def _stem(pbf: Path) -> str:
    stem = pbf.name.removesuffix(".pbf").removesuffix(".osm")
    while (shorter := _VERSION.sub("", stem)) != stem:
        stem = shorter
    return fold(stem).replace(" ", "-")


def _the_only(regions: tuple[Installed, ...]) -> Installed:
    names = {installed.region.name for installed in regions}
    real = {installed.region.name for installed in regions if not installed.region.fictional}
    for choice in (names, real):
        if len(choice) == 1:
            return next(installed for installed in regions if installed.region.name in choice)
    raise InputError("There are several regions.", hint=f"Name one: {_names(regions)}.")


def _names(regions: tuple[Installed, ...]) -> str:
    return ", ".join(sorted({installed.region.name for installed in regions}))


def _folders(settings: Settings) -> list[Path]:
    home = settings.data / "regions"
    try:
        return sorted(path for path in home.iterdir() if not path.name.startswith(".") and path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StorageError(f"{home} cannot be read: {error.strerror}.", hint="Check its permissions.") from error


def _read(folder: Path) -> Installed | None:
    try:
        region = Region.model_validate_json((folder / FILENAME).read_bytes())
    except (OSError, ValidationError):
        return None
    return Installed(region, folder) if region.id == folder.name else None


def _is_sound(installed: Installed) -> bool:
    try:
        open_gazetteer(installed)
        load_network(installed.folder)
    except (MissingError, StorageError):
        return False
    return True


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    # a lock of SQLite is held by the operating system: it works everywhere and a killed process leaves none behind
    try:
        home.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(home / ".lock", timeout=0, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise StorageError(f"{home} cannot be written.", hint="Check its permissions, or set METIER_HOME.") from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        connection.close()
        busy = "locked" in str(error)
        message = "Another import is running." if busy else f"{home} cannot be written: {error}."
        raise StorageError(message, hint="Wait for it to end." if busy else "Check its permissions.") from error
    try:
        yield
    finally:
        connection.close()


@contextmanager
def _staged(home: Path, name: str) -> Iterator[Path]:
    """Gives an empty folder that becomes `home/name` at the end, or is removed when anything is raised."""
    staging = home / f".{name}.partial"
    try:
        for leftover in (*home.glob(".*.partial"), *home.glob(".*.removed")):
            shutil.rmtree(leftover)
        staging.mkdir()
        try:
            yield staging
            if (home / name).exists():
                _remove(home / name, home)
            staging.rename(home / name)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except CallerError as error:
        if error.hint:
            raise
        raise type(error)(error.message, hint="Nothing was installed; check the file and the free space.") from error
    except OSError as error:
        raise StorageError(
            f"{home / name} cannot be written: {error.strerror or error}.",
            hint="Free some space or check its permissions.",
        ) from error


def _remove(folder: Path, home: Path) -> None:
    if folder.parent != home or folder.is_symlink():
        raise StorageError(f"{folder} is no folder of {home}.", hint="Remove it by hand if you made it.")
    hidden = home / f".{folder.name}.removed"
    try:
        shutil.rmtree(hidden, ignore_errors=True)
        folder.rename(hidden)
        shutil.rmtree(hidden)
    except OSError as error:
        raise StorageError(f"{folder} cannot be removed: {error.strerror}.", hint="Check its permissions.") from error
