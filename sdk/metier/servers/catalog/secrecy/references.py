"""References in the texts of a definition: `${NAME}`, `${NAME:-default}` and `${keyring:NAME}`. Pure.

What a reference stands for is put in as it is and not read again. Any other `$` means itself.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from metier.errors import MissingError
from metier.log import names_secret

_REFERENCE = re.compile(
    r"\$\{(?:keyring:(?P<entry>[^{}]{0,200})|(?P<name>[A-Za-z_][A-Za-z0-9_]{0,199})(?::-(?P<default>[^}]{0,4096}))?)\}"
)


@dataclass(frozen=True, slots=True)
class Reference:
    """A value that is read when a server is opened. `default` is for an environment variable that is not set."""

    source: Literal["environment", "keyring"]
    name: str
    default: str | None = None

    def is_secret(self, secrets: tuple[str, ...] = ()) -> bool:
        """Returns whether what it stands for is secret: kept in the keyring, named like one, or in `secrets`."""
        return self.source == "keyring" or names_secret(self.name) or self.name in secrets


Read: TypeAlias = Callable[[Reference], str]


def references_in(text: str) -> tuple[Reference, ...]:
    """Returns the references in `text`, in order."""
    return tuple(_read(match) for match in _REFERENCE.finditer(text))


def expand(text: str, read: Read) -> str:
    """Returns `text` with each reference replaced by what `read` gives for it."""
    return _REFERENCE.sub(lambda match: read(_read(match)), text)


def without_references(text: str) -> str:
    """Returns what stands in `text` beside its references."""
    return _REFERENCE.sub("", text)


def reading_from(environ: Mapping[str, str], keyring: Callable[[str], str], *, server: str) -> Read:
    """Returns the way to read references of `server` from `environ` and, by name of entry, from `keyring`.

    It raises MissingError for a variable that is not set and has no default. As in a shell, a default also stands in
    for a variable that is empty.
    """

    def read(reference: Reference) -> str:
        if reference.source == "keyring":
            return keyring(reference.name)
        value = environ.get(reference.name)
        if reference.default is not None:
            return value or reference.default
        if value is None:
            raise MissingError(
                f"The server {server!r} needs the environment variable {reference.name}, which is not set.",
                hint=f"Set it: export {reference.name}=..., or keep it in the keyring: "
                f"metier mcp secret {reference.name}, and write ${{keyring:{reference.name}}}.",
            )
        return value

    return read


def _read(match: re.Match[str]) -> Reference:
    if match["entry"] is not None:
        return Reference("keyring", match["entry"])
    return Reference("environment", match["name"], match["default"])
