"""`metier doctor`."""

import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.text import Text

from metier.cli.context import open_console, plain, size, toolkit_settings
from metier.discovery import MODELS, ask_needs, check_plugins, check_toolkits
from metier.home import home_folder
from metier.log import names_secret

MODEL = "METIER_MODEL"
ROOM = 1_000_000_000  # bytes: a country's places and roads take a few hundred megabytes
PYTHON = ((3, 11), (3, 14))  # the first that works, the first that is not tried

app = typer.Typer(add_completion=False)


@dataclass(frozen=True, slots=True)
class Health:
    """What was looked at and how it is: "ok", "note" (could be better) or "fault" (something will not work)."""

    state: str
    what: str
    advice: str = ""


@app.command()
def doctor() -> None:
    """Check this machine, the toolkits, their data and keys, and say what to do. Exit 1 when something is missing."""
    found = [*check_machine(home_folder(), Path.cwd()), *check_model(os.environ), *check_kits()]
    signs = {"ok": "ok    ", "note": "note  ", "fault": "FAULT "}
    for health in found:
        advice = f"\n        {health.advice}" if health.advice else ""
        open_console().print(Text(plain(f"{signs[health.state]}{health.what}{advice}")), soft_wrap=True)
    faults = sum(health.state == "fault" for health in found)
    open_console().print(f"\n{faults} to mend." if faults else "\nAll that is required is there.")
    raise typer.Exit(1 if faults else 0)


def check_machine(home: Path, here: Path) -> Iterator[Health]:
    """Yields how Python, SQLite, the folders and the disk are."""
    yield check_python(sys.version_info[:2])
    yield check_sqlite()
    yield check_folder(home, "the folder for data and runs", "Set METIER_HOME to a folder that you may write to.")
    yield check_folder(here, "this folder, where answers are written", "Go to another folder, or use --out.")
    yield check_room(home)


def check_python(version: tuple[int, ...]) -> Health:
    """Returns whether metier works with this version of Python."""
    name = ".".join(map(str, version))
    if PYTHON[0] <= version < PYTHON[1]:
        return Health("ok", f"Python {name}")
    return Health("fault", f"Python {name}", "metier needs Python 3.11 to 3.13.")


def check_sqlite() -> Health:
    """Returns whether this Python's SQLite has full-text search and spatial indexes."""
    connection = sqlite3.connect(":memory:")
    options = {row[0] for row in connection.execute("pragma compile_options")}
    connection.close()
    lacking = sorted({"ENABLE_FTS5", "ENABLE_RTREE"} - options)
    what = f"SQLite {sqlite3.sqlite_version}"
    return (
        Health("fault", what, f"It lacks {', '.join(lacking)}: use another build of Python.")
        if lacking
        else Health("ok", what)
    )


def check_folder(folder: Path, what: str, advice: str) -> Health:
    """Returns whether files can be made in `folder`, or where it is not there yet, in the nearest folder above it."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    try:
        with tempfile.TemporaryFile(dir=there):
            pass
    except OSError as error:
        return Health("fault", f"{what}: {folder}: {error.strerror}", advice)
    return Health("ok", f"{what}: {folder}")


def check_room(folder: Path) -> Health:
    """Returns whether the disk of `folder` has room for data."""
    there = next(path for path in (folder, *folder.absolute().parents) if path.exists())
    free = shutil.disk_usage(there).free
    if free < ROOM:
        return Health(
            "note",
            f"{size(free)} free on the disk",
            f"Large regions need up to {size(ROOM)}; free some, or set METIER_HOME.",
        )
    return Health("ok", f"{size(free)} free on the disk")


def check_model(environment: Mapping[str, str]) -> Iterator[Health]:
    """Yields which model answers by default, and which keys are set. Never a key itself."""
    model = environment.get(MODEL, "").strip()
    if model:
        yield Health("ok", f"model: {model}")
    else:
        yield Health(
            "ok", "model: none; each toolkit's playbook answers", f"Name one with --model or {MODEL}=provider:name."
        )
    yield from check_adapters(model.partition(":")[0])
    keys = sorted(name for name, value in environment.items() if value and names_secret(name) and name.endswith("_KEY"))
    yield Health("ok", f"keys set: {', '.join(keys) or 'none'}")


def check_adapters(used: str) -> Iterator[Health]:
    """Yields whether each model adapter can be loaded; one that cannot is a fault when it is the `used` one."""
    for found, loaded in check_plugins(MODELS):
        adapter = f"models {found.name}:... ({found.distribution} {found.version})"
        if loaded is not None:
            yield Health("ok", adapter)
        else:
            state = "fault" if found.name == used else "note"
            yield Health(state, f"{adapter}: {found.error}", f"pip uninstall {found.distribution}")


def check_kits() -> Iterator[Health]:
    """Yields whether each toolkit can be used, and what it lacks."""
    checked = check_toolkits()
    if not checked:
        yield Health("fault", "no toolkit is installed", "Install one: pip install metier-maps")
    for found, toolkit in checked:
        if toolkit is None:
            yield Health("fault", f"{found.name} {found.version}: {found.error}", f"pip uninstall {found.distribution}")
            continue
        yield Health("ok", f"{found.name} {found.version} ({found.distribution})")
        for need in ask_needs(toolkit, toolkit_settings(toolkit.name)):
            state = "ok" if need.present else "fault" if need.required else "note"
            lacks = "" if need.present else "not there: "
            yield Health(state, f"{found.name}: {lacks}{need.name} ({need.kind})", "" if need.present else need.fix)
