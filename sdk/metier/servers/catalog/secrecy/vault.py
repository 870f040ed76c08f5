"""Secrets in the system's keyring. The only module that imports the library, and loaded when one is needed."""

import keyring
from keyring.errors import InitError, KeyringError, KeyringLocked, NoKeyringError, PasswordDeleteError

from metier.errors import MetierError, MissingError, StorageError

SERVICE = "metier"


def read(name: str) -> str | None:
    """Returns the entry, or None where there is none; raises MissingError or StorageError for an unusable keyring."""
    try:
        return keyring.get_password(SERVICE, name)
    except KeyringError as error:
        raise _trouble(error) from error


def write(name: str, value: str) -> None:
    """Keeps `value` as the entry; raises MissingError or StorageError for a keyring that cannot be used."""
    try:
        keyring.set_password(SERVICE, name, value)
    except KeyringError as error:
        raise _trouble(error) from error


def delete(name: str) -> bool:
    """Returns whether there was an entry to delete; raises as `read` does."""
    try:
        keyring.delete_password(SERVICE, name)
    except PasswordDeleteError:
        return False
    except KeyringError as error:
        raise _trouble(error) from error
    return True


def is_usable() -> bool:
    """Returns whether this machine has a keyring to keep things in."""
    return keyring.get_keyring().priority > 0


def _trouble(error: KeyringError) -> MetierError:
    if isinstance(error, NoKeyringError | InitError):
        return MissingError(
            "This machine has no keyring that can be used.",
            hint="Give the secret by an environment variable: ${NAME} in place of ${keyring:NAME}.",
        )
    if isinstance(error, KeyringLocked):
        return StorageError("The keyring is locked.", hint="Unlock it, or give the secret by an environment variable.")
    return StorageError(f"The keyring failed: {type(error).__name__}.", hint="Try again, or see whether it is running.")
