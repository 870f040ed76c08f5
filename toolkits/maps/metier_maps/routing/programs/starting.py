"""From an installed region to a running server: prepare once per region and version, then start on loopback."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from metier.errors import InputError, MissingError, ServerError, StorageError
from metier_maps.fetch import Caps, Fetcher
from metier_maps.routing.coverage import Area
from metier_maps.routing.osrm import OsrmRouter
from metier_maps.routing.programs.server import RunningServer, find_port, launch, run_step
from metier_maps.routing.programs.wheels import WHEELS, Engine, install_program
from metier_maps.routing.roads import SOURCE_NAME
from metier_maps.routing.valhalla import ValhallaRouter

_PREPARE_S: Final = 3600.0
_PROBE: Final = Caps(time_s=2.0)
_PARTS: Final = ("mjolnir", "loki", "thor", "odin", "meili", "httpd")
_UNUSED: Final = ("tile_extract", "traffic_extract", "timezone", "landmarks", "transit_dir", "transit_feeds_dir")

Say = Callable[[str], None]


def start_server(
    engine: Engine, folder: Path, *, home: Path, port: int | None = None, say: Say | None = None
) -> RunningServer:
    """Returns a server that answers for the region in `folder`, on 127.0.0.1 only; stop it after use.

    `folder` holds the region's `source.osm.pbf`; what is prepared from it stays there, one folder per engine and
    version. `home` keeps the programs. `say` is told each step. Raises MissingError for no map file or no program,
    ServerError when a step or the server fails, StorageError where a folder cannot be written.
    """
    tell = say or _say_nothing
    source = folder / SOURCE_NAME
    if not source.is_file():
        raise MissingError(
            f"{folder} does not keep the map file.", hint="Add the region again: `metier maps add FILE`."
        )
    if engine not in WHEELS:
        raise InputError(f"There is no engine {engine!r}.", hint="Engines: " + ", ".join(WHEELS) + ".")
    tell(f"getting the {engine} programs")
    program = install_program(engine, home)
    prepared = folder / f"{engine}-{WHEELS[engine].version}"
    if not prepared.is_dir():
        tell(f"preparing the region for {engine}")
        _prepare(engine, program, source, prepared)
    number = find_port() if port is None else port
    base_url = f"http://127.0.0.1:{number}"
    tell(f"starting {engine} at {base_url}")
    server = launch(engine, _command(engine, program, prepared, number), base_url=base_url, folder=prepared)
    try:
        with Fetcher(engine, base_url, caps=_PROBE) as fetcher:
            server.await_ready(lambda: _answers(fetcher, engine))
    except BaseException:
        server.stop()
        raise
    finally:
        _config_path(prepared, number).unlink(missing_ok=True)
    return server


def open_engine(engine: Engine, base_url: str, region: Area, *, folder: Path) -> ValhallaRouter | OsrmRouter:
    """Returns the router that speaks to a server of this engine; close it after use."""
    if engine == "valhalla":
        return ValhallaRouter(base_url, region, folder=folder)
    return OsrmRouter(base_url, region, folder=folder)


def write_config(defaults: Mapping[str, Any], folder: Path, port: int) -> dict[str, Any]:
    """Returns Valhalla's settings for a prepared folder: loopback only, no logs, results that do not depend on size."""
    config = json.loads(json.dumps(defaults))
    config["mjolnir"] |= {"tile_dir": str(folder / "tiles"), "admin": str(folder / "admin.sqlite")}
    config["mjolnir"] |= dict.fromkeys(_UNUSED, "")
    config["additional_data"] = {"elevation": ""}
    config["logging"] = {"type": ""}
    for part in _PARTS:
        config[part]["logging"] = {"type": ""}
    config["httpd"]["service"] |= {"listen": f"tcp://127.0.0.1:{port}", "drain_seconds": 1, "shutdown_seconds": 1}
    config["thor"]["source_to_target_algorithm"] = "timedistancematrix"
    config["service_limits"]["max_exclude_locations"] = 5000
    return dict(config)


def _prepare(engine: Engine, program: Path, source: Path, prepared: Path) -> None:
    draft = prepared.with_name(f".{prepared.name}.{os.getpid()}")
    try:
        draft.mkdir(parents=True)
        if engine == "valhalla":
            _prepare_valhalla(program, source, draft)
        else:
            _prepare_osrm(program, source, draft)
        draft.rename(prepared)
    except OSError as error:
        if isinstance(error, ServerError | StorageError):
            raise
        if prepared.is_dir():  # somebody else has prepared it meanwhile
            return
        raise StorageError(f"{prepared} cannot be written: {error.strerror or error}.") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _prepare_valhalla(program: Path, source: Path, draft: Path) -> None:
    script = program / "valhalla" / "valhalla_build_config.py"
    defaults = json.loads(run_step("valhalla settings", [sys.executable, "-I", script], folder=draft, time_s=60))
    (draft / "defaults.json").write_text(json.dumps(defaults), encoding="utf-8")
    config = draft / "build.json"
    config.write_text(json.dumps(write_config(defaults, draft, 0)), encoding="utf-8")
    for step in ("valhalla_build_admins", "valhalla_build_tiles"):
        command: list[str | Path] = [program / "valhalla" / "bin" / step, "--config", config, source]
        run_step(step, command, folder=draft, time_s=_PREPARE_S)
    config.unlink()


def _prepare_osrm(program: Path, source: Path, draft: Path) -> None:
    # The name of the output is relative on purpose: osrm cuts ".osrm" out of any folder name that holds it.
    tools, profile = program / "osrm" / "bin", program / "osrm" / "share" / "profiles" / "car.lua"
    extract: list[str | Path] = [tools / "osrm-extract", "--profile", profile, "--verbosity", "ERROR"]
    run_step("osrm-extract", [*extract, "--output", "map", source], folder=draft, time_s=_PREPARE_S)
    contract: list[str | Path] = [tools / "osrm-contract", "--verbosity", "ERROR", "map.osrm"]
    run_step("osrm-contract", contract, folder=draft, time_s=_PREPARE_S)


def _command(engine: Engine, program: Path, prepared: Path, port: int) -> list[str | Path]:
    if engine == "osrm":
        routed = program / "osrm" / "bin" / "osrm-routed"
        return [routed, "--ip", "127.0.0.1", "--port", str(port), "--verbosity", "ERROR", "map.osrm"]
    config = _config_path(prepared, port)
    defaults = json.loads((prepared / "defaults.json").read_text(encoding="utf-8"))
    config.write_text(json.dumps(write_config(defaults, prepared, port)), encoding="utf-8")
    # Sockets inside the process: two servers must not meet in a shared folder.
    return [program / "valhalla" / "bin" / "valhalla_service", "--inproc-sockets", config, "2"]


def _config_path(prepared: Path, port: int) -> Path:
    return prepared / f"serve-{port}.json"


def _answers(fetcher: Fetcher, engine: Engine) -> bool:
    path = "/status" if engine == "valhalla" else "/nearest/v1/driving/0,0"
    try:
        fetcher.get(path)
    except ServerError:
        return False
    return True


def _say_nothing(step: str) -> None:
    return None
