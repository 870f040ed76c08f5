"""The entries that metier keeps in the system's keyring, one by name. The library is loaded at the first use."""

import re
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from metier.errors import InputError, MissingError

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,99}")
_VAULT = "metier.servers.catalog.secrecy.vault"


def has_keyring() -> bool:
    """Returns whether secrets can be kept in a keyring here."""
    return find_spec("keyring") is not None and bool(import_module(_VAULT).is_usable())


def read_secret(name: str) -> str:
    """Returns the secret; raises MissingError where there is none, or no keyring."""
    value = _vault().read(name) if _NAME.fullmatch(name) else None
    if value is None:
        raise MissingError(f"The keyring has no secret {name!r}.", hint=f"Store it: metier mcp secret {name}")
    return str(value)


def set_secret(name: str, value: str) -> None:
    """Keeps the secret in the keyring; raises InputError for an empty one, MissingError where there is no keyring."""
    if not value.strip() or "\0" in value:
        raise InputError(f"The secret {name!r} is empty, or holds a NUL.", hint="Nothing was stored.")
    _vault().write(_checked(name), value)


def forget_secret(name: str) -> bool:
    """Returns whether the keyring had the secret, and deletes it; raises MissingError where there is no keyring."""
    return bool(_vault().delete(_checked(name)))


def _vault() -> Any:
    if find_spec("keyring") is None:
        raise MissingError(
            "The library for the system's keyring is not installed.", hint="Install it: pip install 'metier[keyring]'"
        )
    return import_module(_VAULT)


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is no name of a secret.", hint="Names are letters, digits, '.', '_' and '-', at most 100."
        )
    return name
