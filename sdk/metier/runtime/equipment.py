"""What a run works with: its toolkits, and every server behind one envelope each."""

import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from metier.discovery import load_toolkit
from metier.errors import InputError, MetierError, MissingError
from metier.gateway.equipping import Equipped, Surroundings, equip_server, equip_target, equip_toolkit
from metier.gateway.gateway import CacheMode, gateway_of
from metier.home import gateway_folder, toolkit_folder
from metier.servers.catalog import Catalog
from metier.servers.pool import Pool
from metier.servers.source import Ask, ToolSource
from metier.servers.target import Target
from metier.servers.toolset import ConnectionToolset
from metier.toolkit import Settings, Toolkit

_LOG = logging.getLogger(__name__)
_POOL = Pool()  # of the process: concurrent runs share their servers


@dataclass(frozen=True, slots=True)
class Equipment:
    """The toolkits of a run, the tools of all its servers, and the secrets that these put at risk."""

    toolkits: tuple[Toolkit, ...]
    toolset: ConnectionToolset
    secrets: tuple[str, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Workplace:
    """Where a run takes place: metier's home, the project's folder, and how kept answers are used."""

    home: Path
    folder: Path
    cache: CacheMode
    ask: Ask | None = None


def equip(
    toolkits: Sequence[str | Toolkit],
    servers: Sequence[str | tuple[str, Target]],
    options: Mapping[str, str],
    place: Workplace,
) -> Equipment:
    """Returns what a run of these toolkits and servers works with; opens nothing yet.

    Raises InputError and MissingError for what is not there, is not approved, or lacks a key.
    """
    if not toolkits:
        raise InputError("A copilot needs at least one toolkit.", hint="`metier toolkits` lists those installed.")
    kits = tuple(load_toolkit(kit) if isinstance(kit, str) else kit for kit in toolkits)
    around = surround(place)
    equipped = [_equip_toolkit(kit, Settings(toolkit_folder(place.home, kit.name), options), around) for kit in kits]
    equipped += [
        equip_server(server, around) if isinstance(server, str) else equip_target(*server, around) for server in servers
    ]
    sources: list[ToolSource] = [one.source for one in equipped]
    if any(one.caps for one in equipped):
        sources.append(around.gateway.pages())
    toolset = ConnectionToolset(sources)
    return Equipment(kits, toolset, tuple(secret for one in equipped for secret in one.secrets))


def equip_kit(name: str, options: Mapping[str, str], around: Surroundings) -> Equipped:
    """Returns the tools of the installed toolkit `name`, each answered by the first provider of its order that can."""
    return _equip_toolkit(load_toolkit(name), Settings(toolkit_folder(around.home, name), options), around)


def surround(place: Workplace) -> Surroundings:
    """Returns what opening servers at `place` needs; raises InputError for a settings file that cannot be read."""
    catalog = Catalog.open(place.home, place.folder)
    for path, fault in catalog.faults().items():
        _LOG.warning("file passed over: %s: %s", path, fault)
    return Surroundings(
        home=place.home,
        catalog=catalog,
        gateway=gateway_of(gateway_folder(place.home), place.cache),
        pool=_POOL,
        environ=dict(os.environ),
        ask=place.ask,
        on_withheld=lambda withheld: _LOG.warning("tool withheld: %s", withheld),
    )


def _equip_toolkit(toolkit: Toolkit, settings: Settings, around: Surroundings) -> Equipped:
    with _root_logger_kept():
        return equip_toolkit(toolkit, _server_of(toolkit, settings), settings, around)


def _server_of(toolkit: Toolkit, settings: Settings) -> Target:
    try:
        return toolkit.server(settings)
    except MetierError:
        raise
    except Exception as error:  # a stranger's code may raise anything
        raise MissingError(
            f"The toolkit {toolkit.name!r} cannot make its server: {type(error).__name__}: {error}.",
            hint="This is a defect of the toolkit.",
        ) from error


@contextmanager
def _root_logger_kept() -> Iterator[None]:
    """Undoes what the making of an MCP server does to the logging of the whole process, which is its owner's affair."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
