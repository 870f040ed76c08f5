"""A table of a file, read key by key: each fault names the file, the table, the key and what it must be. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from metier.canonical import JSON, read_back
from metier.errors import InputError
from metier.servers.catalog.files.documents import is_mapping
from metier.servers.catalog.naming import near

_KINDS = {bool: "true or false", int: "a number", float: "a number", str: "a text", list: "a list", dict: "a table"}


@dataclass(frozen=True, slots=True)
class Table:
    """The table called `name` in the file that `source` names."""

    source: str
    name: str
    data: Mapping[str, Any]

    def only(self, keys: Iterable[str]) -> "Table":
        """Returns this table; raises InputError when it has a key that is not one of `keys`."""
        known = tuple(keys)
        for key in self.data:
            if key not in known:
                raise InputError(
                    f"{self.source}: {self._place} has a key {key[:80]!r} that means nothing.", hint=near(key, known)
                )
        return self

    def table(self, key: str) -> "Table":
        """Returns the table under `key`, an empty one where there is none."""
        value = self.data.get(key, {})
        if not is_mapping(value):
            raise self.fault(key, "a table", value)
        return Table(self.source, f"{self.name}.{_quoted(key)}" if self.name else _quoted(key), value)

    def text(self, key: str, otherwise: str = "") -> str:
        """Returns the text under `key`."""
        value = self.data.get(key, otherwise)
        if not isinstance(value, str):
            raise self.fault(key, "a text", value)
        return value

    def one_of(self, key: str, choices: tuple[str, ...]) -> str:
        """Returns the text under `key`, the first of `choices` where there is none."""
        value = self.text(key, choices[0])
        if value not in choices:
            raise self.fault(key, f"one of {', '.join(choices)}", value)
        return value

    def flag(self, key: str, *, otherwise: bool) -> bool:
        """Returns the truth value under `key`."""
        value = self.data.get(key, otherwise)
        if not isinstance(value, bool):
            raise self.fault(key, "true or false", value)
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Returns the list of texts under `key`."""
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fault(key, "a list of texts", value)
        return tuple(value)

    def named_texts(self, key: str) -> dict[str, str]:
        """Returns the table of texts under `key`."""
        inner = self.table(key)
        return {name: inner.text(name) for name in inner.data}

    def settings(self) -> dict[str, JSON]:
        """Returns the whole table as JSON."""
        try:
            read = read_back(dict(self.data))
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(f"{self.source}: [{self.name}] holds what is not JSON, such as a date.") from error
        return read if isinstance(read, dict) else {}

    def fault(self, key: str, wanted: str, value: object) -> InputError:
        """Returns the error for `value`, which is not what the key wants."""
        shown = repr(value)[:60] if isinstance(value, str) else _KINDS.get(type(value), type(value).__name__)
        if isinstance(value, list) and wanted.startswith("a list"):
            shown = "a list with something else in it"
        return InputError(f"{self.source}: {key} in {self._place} must be {wanted}, and is {shown}.")

    @property
    def _place(self) -> str:
        return f"[{self.name}]" if self.name else "the file"


def _quoted(key: str) -> str:
    return key if key and all(char.isascii() and (char.isalnum() or char in "_-") for char in key) else repr(key[:80])
