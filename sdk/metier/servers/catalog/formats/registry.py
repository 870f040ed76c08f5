"""A definition from the registry's `server.json`: a package or a remote of it, with the user's values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from metier.errors import InputError
from metier.servers.catalog.checking import check_definition
from metier.servers.catalog.formats.filling import Filling, Values
from metier.servers.catalog.formats.manifest import Manifest, Package, Transport
from metier.servers.catalog.formats.packages import fault_of_package, program_of
from metier.servers.catalog.naming import name_like, near
from metier.servers.definition import Definition, Endpoint, Reach


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to reach a server: the `index`-th of its packages or remotes. `fault` says why it cannot be used."""

    kind: Literal["package", "remote"]
    index: int
    shown: str
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """A definition made from a `server.json`. It holds no secret.

    `secrets_found` are those that were given, by name of the reference in their place; `secrets_awaited` names the
    references to those that were not.
    """

    definition: Definition
    notes: tuple[str, ...]
    secrets_found: Mapping[str, str]
    secrets_awaited: tuple[str, ...]


def choices_of(manifest: Manifest) -> tuple[Choice, ...]:
    """Returns the ways to reach the server, in the order of the file: packages, then remotes."""
    packages = (
        Choice("package", index, _shown(package), fault_of_package(package))
        for index, package in enumerate(manifest.packages)
    )
    remotes = (
        Choice("remote", index, f"{remote.type} {remote.url}", _fault_of_remote(remote))
        for index, remote in enumerate(manifest.remotes)
    )
    return (*packages, *remotes)


def describe_server(
    manifest: Manifest, values: Values, *, name: str = "", package: int | None = None, remote: int | None = None
) -> Described:
    """Returns the definition of the server, by default reached the first way that works.

    `values` are by name of environment variable, header, flag, value hint or `{variable}`. A secret that is required
    and not given becomes a reference. Raises InputError for a value that does not fit, for values that are asked for
    and not given (all of them), and for a way that cannot be used.
    """
    choice = _chosen(manifest, package, remote)
    filling = Filling(values)
    reach, secrets, notes = _reach_of(manifest, choice, filling)
    if filling.missing:
        missing = ", ".join(dict.fromkeys(filling.missing))
        raise InputError(
            f"The server {manifest.name!r} needs values that were not given: {missing}.",
            hint="Give each as NAME=VALUE.",
        )
    for given in values:
        if given not in filling.used:
            raise InputError(
                f"The server {manifest.name!r} asks for no value {given[:80]!r}.",
                hint=near(given, _asked(manifest, choice)),
            )
    definition = Definition(
        name=name or name_like(manifest.name.rpartition("/")[2]),
        reach=reach,
        title=manifest.title,
        description=manifest.description,
        secrets=tuple(dict.fromkeys((*secrets, *filling.found, *filling.awaited))),
    )
    awaited = tuple(dict.fromkeys(filling.awaited))
    return Described(check_definition(definition), notes, dict(filling.found), awaited)


def _chosen(manifest: Manifest, package: int | None, remote: int | None) -> Choice:
    choices = choices_of(manifest)
    if package is None and remote is None:
        usable = next((choice for choice in choices if not choice.fault), None)
        if usable is not None:
            return usable
        reasons = "; ".join(f"{choice.shown[:80]}: {choice.fault}" for choice in choices[:5])
        raise InputError(f"The server {manifest.name!r} cannot be used: {reasons or 'it has no package and no remote'}")
    wanted = ("remote", remote) if package is None else ("package", package)
    for choice in choices:
        if (choice.kind, choice.index) == wanted:
            if choice.fault:
                raise InputError(f"{choice.shown[:80]} cannot be used: {choice.fault}")
            return choice
    raise InputError(
        f"The server {manifest.name!r} has no {wanted[0]} {wanted[1]}.",
        hint=f"It has {len(manifest.packages)} packages and {len(manifest.remotes)} remotes, counted from 0.",
    )


def _reach_of(manifest: Manifest, choice: Choice, filling: Filling) -> tuple[Reach, tuple[str, ...], tuple[str, ...]]:
    if choice.kind == "remote":
        remote = manifest.remotes[choice.index]
        url = filling.filled(remote.url, remote.variables)
        endpoint = Endpoint(url, filling.entries(remote.headers))
        return endpoint, tuple(header.name for header in remote.headers if header.is_secret), ()
    package = manifest.packages[choice.index]
    program = program_of(package, filling)
    notes = [] if package.version or package.registry_type == "oci" else ["No version is named: the newest runs."]
    if package.registry_base_url:
        notes.append(f"It is said to come from {package.registry_base_url}; {program.command} asks where it is set to.")
    return program, tuple(one.name for one in package.environment_variables if one.is_secret), tuple(notes)


def _asked(manifest: Manifest, choice: Choice) -> set[str]:
    """Returns the names of the values that may be given."""
    if choice.kind == "remote":
        remote = manifest.remotes[choice.index]
        names = {entry.name for entry in remote.headers if entry.value is None} | set(remote.variables)
        return names.union(*(entry.variables for entry in remote.headers))
    package = manifest.packages[choice.index]
    arguments = (*package.runtime_arguments, *package.package_arguments)
    inputs = (*arguments, *package.environment_variables)
    names = {one.value_hint or one.name for one in arguments if one.value is None}
    names |= {one.name for one in package.environment_variables if one.value is None}
    return names.union(*(one.variables for one in inputs)) - {""}


def _fault_of_remote(remote: Transport) -> str:
    if remote.type == "sse":
        return "it speaks the old SSE transport, which metier does not."
    return "" if remote.type == "streamable-http" else "a remote server is not reached over stdio."


def _shown(package: Package) -> str:
    version = f" {package.version}" if package.version else ""
    return f"{package.registry_type} {package.identifier}{version}"
