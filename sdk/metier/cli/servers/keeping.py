"""Where the secrets of a new server go: into the keyring when there is one, else they stay in the environment."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from getpass import getpass

from metier.cli.context import is_terminal, one_line
from metier.errors import MissingError
from metier.log import names_secret
from metier.servers.catalog.secrecy.entries import has_keyring, read_secret, set_secret
from metier.servers.catalog.secrecy.inlined import take_secrets_out
from metier.servers.catalog.secrecy.references import Reference, expand, references_in
from metier.servers.catalog.secrecy.spots import Spot, change_texts, texts_of
from metier.servers.definition import Definition, Reach, Scope


@dataclass(frozen=True, slots=True)
class Plan:
    """A definition without secrets, and what has to be done with those it refers to.

    `stored` go into the keyring, by name of entry; `exported` are variables that the user has to set from now on;
    `environ` is the environment with all of them, for the first connection.
    """

    definition: Definition
    stored: Mapping[str, str]
    exported: Sequence[str]
    environ: Mapping[str, str] = field(repr=False)

    def store(self) -> None:
        """Writes to the keyring; raises MissingError or StorageError when that fails."""
        for entry, value in self.stored.items():
            set_secret(entry, value)


def plan_secrets(
    definition: Definition, scope: Scope, *, given: Mapping[str, str] | None = None, asked: bool = True
) -> Plan:
    """Returns the plan for the secrets of `definition`.

    Those are what stands in it as it is, `given` (by name of reference), and what it refers to: read from the
    environment or, when `asked` and a person is there, asked for. A project's file never refers to the keyring.
    """
    cleaned = take_secrets_out(definition, taken=os.environ)
    values = {**cleaned.found, **(given or {})}
    wanted = list(secret_references(cleaned.definition))
    for name in wanted:
        value = values.get(name) or os.environ.get(name) or (_ask(name, definition.name) if asked else "")
        if value:
            values[name] = value
    secret = {name: values[name] for name in wanted if name in values}
    entries: dict[str, str] = {}
    if scope == "user" and has_keyring():
        entries = {name: _entry(name, definition.name, value) for name, value in secret.items()}
    kept = replace(cleaned.definition, reach=refer_to_keyring(cleaned.definition.reach, entries))
    exported = [name for name in wanted if name not in entries and os.environ.get(name, "") != secret.get(name)]
    stored = {entry: secret[name] for name, entry in entries.items()}
    return Plan(kept, stored, exported, {**os.environ, **secret})


def secret_references(definition: Definition) -> Iterator[str]:
    """Yields the names of the environment variables that the definition refers to for its secrets, each once."""
    found: dict[str, None] = {}
    for spot, text in texts_of(definition.reach):
        bears = spot.name in definition.secrets or (bool(spot.name) and names_secret(spot.name))
        for reference in references_in(text):
            if reference.source == "environment" and (bears or reference.is_secret(definition.secrets)):
                found[reference.name] = None
    yield from found


def refer_to_keyring(reach: Reach, entries: Mapping[str, str]) -> Reach:
    """Returns `reach` with references to entries of the keyring in place of those to the variables they are for."""

    def spell(reference: Reference) -> str:
        if reference.source == "keyring":
            return f"${{keyring:{reference.name}}}"
        if reference.name in entries:
            return f"${{keyring:{entries[reference.name]}}}"
        default = "" if reference.default is None else f":-{reference.default}"
        return f"${{{reference.name}{default}}}"

    def change(spot: Spot, text: str) -> str:
        return expand(text, spell)

    return change_texts(reach, change)


def ask_secret(prompt: str) -> str:
    """Returns what the user typed, which is not shown; empty for nothing."""
    try:
        return getpass(f"{one_line(prompt)}: ", stream=sys.stderr).strip()
    except EOFError:
        return ""


def _ask(name: str, server: str) -> str:
    return ask_secret(f"{name} for {server} (not shown; nothing to leave it out)") if is_terminal() else ""


def _entry(name: str, server: str, value: str, read: Callable[[str], str] = read_secret) -> str:
    """Returns the name of the entry for a secret: its own, unless that is another server's already."""
    try:
        return name if read(name) == value else f"{server}.{name}"
    except MissingError:
        return name
