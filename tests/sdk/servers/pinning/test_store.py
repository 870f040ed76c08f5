"""What was approved is kept for the owner alone, by how the server is reached, and a damaged file is not believed."""

import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from metier.errors import InputError, StorageError
from metier.servers.definition import Definition, Program
from metier.servers.pinning.store import MOST, PinStore, tools_of_others
from metier.servers.tool import ToolSpec
from metier.testing import FrozenClock

GEO = ToolSpec("geo", "Half a pair: \ud800.", {"type": "object"}, None, True, True, meta={"note": "not kept"})
AMAP = Definition("amap", Program("npx", ("amap",)))
MOVED = replace(AMAP, reach=Program("npx", ("other",)))


def place(home: Path) -> Path:
    return home / "servers" / "pins" / "amap.json"


def test_what_was_approved_is_found_again_whole_with_its_time(tmp_path: Path) -> None:
    clock = FrozenClock(datetime(2026, 11, 26, tzinfo=UTC))
    PinStore(tmp_path, clock=clock).approve(AMAP, [GEO])
    pin = PinStore(tmp_path).find(AMAP)
    assert pin is not None
    assert pin.tools == (replace(GEO, meta={}),)
    assert pin.approved == "2026-11-26T00:00:00.000Z"


def test_nothing_is_approved_of_a_server_that_is_reached_in_another_way(tmp_path: Path) -> None:
    pins = PinStore(tmp_path)
    assert pins.find(AMAP) is None
    pins.approve(AMAP, [GEO])
    assert pins.find(MOVED) is None
    pins.approve(MOVED, [])
    assert [pin and len(pin.tools) for pin in (pins.find(AMAP), pins.find(MOVED))] == [1, 0]


def test_only_the_owner_may_read_it_and_no_half_of_it_is_left(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        PinStore(tmp_path).approve(AMAP, [GEO])
    finally:
        os.umask(previous)
    assert stat.S_IMODE(place(tmp_path).stat().st_mode) == 0o600
    assert [path.name for path in place(tmp_path).parent.iterdir()] == ["amap.json"]


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"pins": [], "digest": "0"}', "[" * 100_000, "edit"])
def test_a_file_that_was_damaged_or_edited_is_not_believed_and_can_be_approved_anew(
    tmp_path: Path, damage: str
) -> None:
    pins = PinStore(tmp_path)
    pins.approve(AMAP, [GEO])
    text = place(tmp_path).read_text()
    place(tmp_path).write_text(text.replace("Half", "Whole") if damage == "edit" else damage)
    with pytest.raises(InputError, match="metier mcp approve amap"):
        pins.find(AMAP)
    assert tools_of_others([AMAP], "other", pins) == {}
    pins.approve(AMAP, [GEO])
    assert pins.find(AMAP) is not None


def test_what_is_forgotten_is_not_approved_and_others_of_the_name_stay(tmp_path: Path) -> None:
    pins = PinStore(tmp_path)
    pins.forget(AMAP)
    pins.approve(AMAP, [GEO])
    pins.approve(MOVED, [GEO])
    pins.forget(AMAP)
    assert (pins.find(AMAP), pins.find(MOVED) is None) == (None, False)
    pins.forget(MOVED)
    assert not place(tmp_path).exists()


def test_a_file_holds_a_bounded_number_of_pins(tmp_path: Path) -> None:
    pins = PinStore(tmp_path)
    for at in range(MOST + 3):
        pins.approve(replace(AMAP, reach=Program(f"program{at}")), [GEO])
    assert len(json.loads(place(tmp_path).read_text())["pins"]) == MOST


def test_a_folder_that_cannot_be_written_is_an_error_of_storage(tmp_path: Path) -> None:
    (tmp_path / "servers").write_text("a file")
    with pytest.raises(StorageError):
        PinStore(tmp_path).approve(AMAP, [GEO])


def test_the_tools_of_others_are_those_approved_of_them(tmp_path: Path) -> None:
    pins = PinStore(tmp_path)
    pins.approve(AMAP, [GEO])
    servers = [AMAP, Definition("new", Program("npx"))]
    assert tools_of_others(servers, "new", pins) == {"the server amap": ["geo"]}
    assert tools_of_others(servers, "amap", pins) == {}
