"""Pins on disk: HOME/servers/pins/NAME.json, for the owner's eyes, replaced as a whole, held against its digest.

A file keeps one pin for each way in which a server of that name is reached: two projects may give one name to two.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from metier.canonical import JSON, canonical_json, digest_of
from metier.clock import Clock, SystemClock, iso_time
from metier.errors import InputError
from metier.home import make_folder, storage_error, write_atomically
from metier.servers.definition import Definition
from metier.servers.pinning.pin import Pin, pin_of, reach_digest
from metier.servers.tool import ToolSpec

MOST = 16  # pins in a file; the one approved longest ago makes room
_PINS: TypeAdapter[tuple[Pin, ...]] = TypeAdapter(tuple[Pin, ...])


class PinStore:
    """The pins below `home`. Each is bound to how the server is reached: another command or address has none."""

    def __init__(self, home: Path, *, clock: Clock | None = None) -> None:
        self._folder = home / "servers" / "pins"
        self._clock = clock or SystemClock()

    def find(self, definition: Definition) -> Pin | None:
        """Returns what was approved of a server as it is defined now; None when nothing was.

        Raises InputError for a file that was damaged or edited, StorageError for one that cannot be read.
        """
        reach = reach_digest(definition)
        return next((pin for pin in self._read(definition.name) if pin.reach == reach), None)

    def approve(self, definition: Definition, specs: Sequence[ToolSpec]) -> Pin:
        """Returns the pin of `specs`, now kept as what a person approved of the server; raises StorageError."""
        pin = pin_of(
            specs, server=definition.name, reach=reach_digest(definition), approved=iso_time(self._clock.now())
        )
        try:
            kept = [old for old in self._read(definition.name) if old.reach != pin.reach]
        except InputError:
            kept = []  # a damaged file is no reason to refuse a new approval
        self._write(definition.name, [pin, *sorted(kept, key=lambda old: old.approved, reverse=True)][:MOST])
        return pin

    def forget(self, definition: Definition) -> None:
        """Drops what was approved of a server as it is defined now; other servers of that name keep theirs."""
        reach = reach_digest(definition)
        try:
            kept = [pin for pin in self._read(definition.name) if pin.reach != reach]
        except InputError:
            kept = []
        if kept:
            self._write(definition.name, kept)
        else:
            self._place(definition.name).unlink(missing_ok=True)

    def _place(self, name: str) -> Path:
        return self._folder / f"{name}.json"

    def _read(self, name: str) -> tuple[Pin, ...]:
        place = self._place(name)
        try:
            text = place.read_bytes()
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise storage_error(place, error) from error
        try:
            match json.loads(text):
                case {"pins": list() as pins, "digest": str() as digest} if digest_of(pins) == digest:
                    return _PINS.validate_python(pins)
        except (ValueError, RecursionError, ValidationError):
            pass
        raise InputError(
            f"What was approved of {name!r} cannot be read: {place} was damaged or edited.",
            hint=f"Look at its tools again: metier mcp approve {name}",
        )

    def _write(self, name: str, pins: Sequence[Pin]) -> None:
        shown: list[JSON] = _PINS.dump_python(tuple(pins), mode="json")
        for pin in shown:
            _without_meta(pin)
        text = canonical_json({"pins": shown, "digest": digest_of(shown)})
        make_folder(self._place(name).parent)
        write_atomically(self._place(name), text.encode(), mode=0o600)


def _without_meta(pin: Any) -> None:
    """Empties what a pin does not cover: a tool's `_meta` may hold anything."""
    for spec in pin["tools"]:
        spec["meta"] = {}


Tools = Mapping[str, Sequence[str]]


def tools_of_others(definitions: Sequence[Definition], name: str, pins: PinStore) -> Tools:
    """Returns the names of the approved tools of every server but `name`; one whose pin cannot be read has none."""
    found = {f"the server {one.name}": _names(pins.find, one) for one in definitions if one.name != name}
    return {owner: names for owner, names in found.items() if names}


def _names(find: Callable[[Definition], Pin | None], definition: Definition) -> list[str]:
    try:
        pin = find(definition)
    except InputError:
        return []
    return [spec.name for spec in pin.tools] if pin else []
