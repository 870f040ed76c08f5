"""The catalog: the servers that the user and the project registered, and the one place that changes them."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from metier.errors import InputError
from metier.home import make_folder
from metier.servers.catalog.checking import check_definition, check_no_keyring, check_no_secret, place_definition
from metier.servers.catalog.files.documents import read_file
from metier.servers.catalog.files.editing import drop_server, put_server, replace_file, switch_server, writing
from metier.servers.catalog.files.places import HOST, TOML, project_files, project_folder, user_file
from metier.servers.catalog.naming import missing
from metier.servers.catalog.notation import write_definition
from metier.servers.catalog.sources import Source, look_at_source, read_source
from metier.servers.catalog.trust import trust_file, trusted_files
from metier.servers.definition import Definition, Order, Scope


@dataclass(frozen=True, slots=True)
class Entry:
    """A registered server, and the file that it is registered in. `trusted` says whether it may be used."""

    definition: Definition
    path: Path
    scope: Scope
    trusted: bool


class Catalog:
    """The registered servers, as they were when it was opened or last changed through it. Made by `Catalog.open`.

    A project's servers stand over the user's of the same name. What a project's file says counts only once the user
    trusts it, and again after every change that metier did not make for the user.
    """

    def __init__(self, home: Path, folder: Path) -> None:
        self._home = home
        self._folder = folder.resolve()
        self._project = project_folder(folder, home)
        self._sources: tuple[Source, ...] = ()
        self._trusted: dict[str, str] = {}
        self._read()

    @classmethod
    def open(cls, home: Path, folder: Path) -> "Catalog":
        """Returns the catalog of the user whose files are in `home`, working in `folder`.

        Raises InputError for the first fault in a file of metier's, StorageError for one that cannot be read.
        """
        return cls(home, folder)

    def entries(self) -> tuple[Entry, ...]:
        """Returns the servers by name; of two of one name, the project's."""
        found: dict[str, Entry] = {}
        for source in self._sources:
            for name, definition in source.definitions.items():
                found.setdefault(name, Entry(definition, source.path, source.scope, self._is_trusted(source)))
        return tuple(found[name] for name in sorted(found))

    def refused(self) -> dict[str, str]:
        """Returns why entries of another host's project file cannot be used, by name."""
        return {name: reason for source in self._sources for name, reason in source.refused.items()}

    def faults(self) -> dict[Path, str]:
        """Returns why files of other programs cannot be read, by path. Of metier's own files, opening says so."""
        return {source.path: source.fault for source in self._sources if source.fault}

    def untrusted(self) -> tuple[Path, ...]:
        """Returns the files of the project that the user has not said to trust as they are now."""
        return tuple(source.path for source in self._sources if not source.fault and not self._is_trusted(source))

    def find(self, name: str) -> Entry:
        """Returns the server.

        Raises MissingError for one that is not registered, and InputError for one whose file is not trusted, or that a
        project's file may not define so.
        """
        entry = self._entry(name)
        if not entry.trusted:
            raise _untrusted(f"The server {name!r} is", entry.path)
        if entry.scope == "project":
            check_no_keyring(entry.definition, entry.path)
        return entry

    def order(self, toolkit: str) -> Order:
        """Returns which providers answer the toolkit's tools; raises InputError when an untrusted file says so."""
        for source in self._sources:
            if toolkit in source.orders:
                if not self._is_trusted(source):
                    raise _untrusted(f"The providers of {toolkit!r} are", source.path)
                return source.orders[toolkit]
        return Order()

    def add(self, definition: Definition, scope: Scope = "user", *, replace: bool = False) -> Entry:
        """Returns the server as it was written to the user's file or the project's.

        Raises InputError for a definition that no server can have, one with a secret in it, a project's that reads the
        keyring, or a name that is taken (in the same file, or in other spelling) unless `replace`.
        """
        check_definition(definition)
        check_no_secret(definition)
        path = user_file(self._home) if scope == "user" else self._project / TOML
        if scope == "project":
            check_no_keyring(definition, path)
        kept = self._placed(definition, scope)

        def change(data: bytes, source: Source) -> bytes:
            _check_free(definition.name, source, replace=replace)
            return put_server(data, definition.name, write_definition(kept), str(path))

        self._change(path, scope, change)
        return next(entry for entry in self._all() if (entry.definition.name, entry.path) == (definition.name, path))

    def remove(self, name: str) -> Entry:
        """Returns the server that is registered no more; raises as `enable` does."""
        entry = self._ours(name)

        def change(data: bytes, source: Source) -> bytes:
            _check_there(name, source)
            return drop_server(data, name, str(entry.path))

        self._change(entry.path, entry.scope, change)
        return entry

    def enable(self, name: str, on: bool = True) -> Entry:
        """Returns the server, switched on or off; raises MissingError, and InputError for another host's file."""
        entry = self._ours(name)

        def change(data: bytes, source: Source) -> bytes:
            _check_there(name, source)
            return switch_server(data, name, str(entry.path), on=on)

        self._change(entry.path, entry.scope, change)
        return self._entry(name)

    def trust(self, path: Path | None = None) -> tuple[Entry, ...]:
        """Returns the servers of the project's file at `path`, or of all its files, which are trusted from now on.

        What is trusted is what this catalog read and the user was shown. Raises InputError when there is no such file,
        or none that is not trusted already.
        """
        sources = [source for source in self._sources if source.scope == "project"]
        if path is not None:
            sources = [source for source in sources if source.path == path.parent.resolve() / path.name]
        if not sources:
            raise InputError(
                f"{path or self._project} is no file of this project with servers.",
                hint=f"A project's servers are in {TOML} or {HOST}; run this inside the project.",
            )
        for source in sources:
            if source.fault:
                raise InputError(f"What nobody can read, nobody can trust. {source.fault}")
        with writing(self._home):
            for source in sources:
                trust_file(self._home, source.path, source.digest)
            self._trusted = trusted_files(self._home)
        return tuple(entry for entry in self._all() if entry.path in {source.path for source in sources})

    def _placed(self, definition: Definition, scope: Scope) -> Definition:
        """Returns `definition` with paths from the working folder written so that they hold from its file."""
        if scope == "user":
            return place_definition(definition, self._folder, at_home=True)
        if self._folder == self._project:
            return definition
        return place_definition(definition, self._folder.relative_to(self._project), at_home=True)

    def _read(self) -> None:
        paths = project_files(self._project, self._home)
        project = tuple(look_at_source(path, "project") for path in paths)
        self._sources = (*project, read_source(user_file(self._home), "user"))
        self._trusted = trusted_files(self._home)

    def _is_trusted(self, source: Source) -> bool:
        return source.scope == "user" or self._trusted.get(str(source.path)) == source.digest

    def _all(self) -> tuple[Entry, ...]:
        return tuple(
            Entry(definition, source.path, source.scope, self._is_trusted(source))
            for source in self._sources
            for definition in source.definitions.values()
        )

    def _entry(self, name: str) -> Entry:
        for entry in self._all():
            if entry.definition.name == name:
                return entry
        if name in self.refused():
            raise InputError(f"The server {name!r} cannot be used: {self.refused()[name]}")
        for path, fault in self.faults().items():
            raise InputError(f"The server {name!r} is not registered, unless in {path}, which cannot be read: {fault}")
        raise missing(name, {entry.definition.name for entry in self._all()})

    def _ours(self, name: str) -> Entry:
        entry = self._entry(name)
        if entry.path.name == HOST:
            raise InputError(
                f"The server {name!r} is in {entry.path}, which other programs own and metier does not write.",
                hint=f"Change it there, or take it over: metier mcp import {entry.path}",
            )
        return entry

    def _change(self, path: Path, scope: Scope, change: Callable[[bytes, Source], bytes]) -> None:
        """Rewrites the file under the lock. One that was trusted, or that was not there, is trusted as it now is."""
        with writing(self._home):
            self._trusted = trusted_files(self._home)
            data = read_file(path)
            before = read_source(path, scope)
            written = change(data or b"", before)
            make_folder(path.parent)
            replace_file(path, written, mode=0o600 if scope == "user" else 0o644)
            if scope == "project" and (data is None or self._is_trusted(before)):
                trust_file(self._home, path, read_source(path, scope).digest)
            self._read()


def _check_free(name: str, source: Source, *, replace: bool) -> None:
    for other in source.definitions:
        if other.lower() == name.lower() and not (replace and other == name):
            raise InputError(
                f"A server {other!r} is registered already, in {source.path}.",
                hint="Choose another name, or put it in its place with --replace.",
            )


def _check_there(name: str, source: Source) -> None:
    if name not in source.definitions:
        raise missing(name, source.definitions)


def _untrusted(what: str, path: Path) -> InputError:
    return InputError(
        f"{what} defined by {path}, which you have not trusted as it is now.",
        hint="Look at it, then say so: metier mcp trust",
    )
