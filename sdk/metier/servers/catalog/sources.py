"""One file with servers, read whole: what it defines, what in it cannot be used, and its digest."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from metier.canonical import digest_of
from metier.errors import InputError, StorageError
from metier.servers.catalog.checking import place_definition
from metier.servers.catalog.files.documents import parse_json, parse_toml, read_file
from metier.servers.catalog.files.places import HOST
from metier.servers.catalog.formats.hosts import read_hosts
from metier.servers.catalog.notation import read_definitions, read_orders
from metier.servers.catalog.tables import Table
from metier.servers.definition import Definition, Order, Scope


@dataclass(frozen=True, slots=True)
class Source:
    """A file with servers. `refused` says, by name, why an entry of another host's file cannot be used.

    `fault` says why nothing of it can be, where that need not concern whoever asks.
    """

    path: Path
    scope: Scope
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)
    orders: Mapping[str, Order] = field(default_factory=dict)
    digest: str = ""
    fault: str = ""

    @property
    def is_ours(self) -> bool:
        """Returns whether metier may write it."""
        return self.path.name != HOST


def read_source(path: Path, scope: Scope) -> Source:
    """Returns the file, an empty one where there is none; raises InputError for the first fault in it, StorageError."""
    data = read_file(path)
    if data is None:
        return Source(path, scope)
    return _read_host(path, scope, data) if path.name == HOST else _read_toml(path, scope, data)


def look_at_source(path: Path, scope: Scope) -> Source:
    """Returns what `read_source` does; a file of other programs that cannot be read is empty, and says why.

    It is not metier's, and most of what metier does needs nothing of it.
    """
    if path.name != HOST:
        return read_source(path, scope)
    try:
        return read_source(path, scope)
    except (InputError, StorageError) as error:
        return Source(path, scope, fault=str(error))


def _read_toml(path: Path, scope: Scope, data: bytes) -> Source:
    tables = parse_toml(data, str(path))
    whole = Table(str(path), "", tables).only(("servers", "toolkits"))
    definitions = read_definitions(whole.table("servers"))
    orders = read_orders(whole.table("toolkits"))
    return Source(path, scope, _placed(definitions, path, scope), {}, orders, _digest(tables))


def _read_host(path: Path, scope: Scope, data: bytes) -> Source:
    document = parse_json(data, str(path))
    read = read_hosts(document, what=str(path), folder=str(path.parent))
    definitions = {definition.name: definition for definition in read.definitions}
    return Source(path, scope, _placed(definitions, path, scope), read.refused, {}, _digest(document))


def _placed(definitions: Mapping[str, Definition], path: Path, scope: Scope) -> dict[str, Definition]:
    at_home = scope == "user"
    return {name: place_definition(one, path.parent, at_home=at_home) for name, one in definitions.items()}


def _digest(document: Mapping[str, object]) -> str:
    try:
        return digest_of(json.loads(json.dumps(document, default=str)))
    except (ValueError, RecursionError) as error:
        raise InputError("A file with servers holds what is not JSON.") from error
