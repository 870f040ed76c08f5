import json
import os
import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from metier.errors import CallerError, InputError, MissingError, StorageError
from metier.toolkit import Settings
from metier_maps.facts import Tri
from metier_maps.places.regions import add_region, find_region, list_regions, name_region, remove_region
from metier_maps.places.store import open_gazetteer

Drawn = Callable[..., Path]
HOTEL = {"tourism": "hotel", "name": "Nord"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "data")


def everything(settings: Settings) -> list[str]:
    """Returns every file of the data folder but the lock."""
    paths = settings.data.rglob("*") if settings.data.is_dir() else ()
    return sorted(str(path.relative_to(settings.data)) for path in paths if path.name != ".lock")


def ages(settings: Settings) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in settings.data.glob("regions/*/*")}


def test_a_file_becomes_a_region_with_all_its_files(settings: Settings, drawn: Drawn) -> None:
    told: list[tuple[str, float]] = []
    region = add_region(settings, drawn(HOTEL), progress=lambda step, share: told.append((step, share)))
    assert (region.name, region.osm_date, region.places, region.lodgings) == ("tiny", "2024-05-06", 1, 1)
    assert (region.country, region.timezone, region.licence) == ("AD", "Europe/Andorra", "ODbL 1.0")
    assert region.bbox == pytest.approx((42.50, 1.49, 42.52, 1.51))
    folder = find_region(settings, "tiny").folder
    assert folder.name == region.id == f"tiny-{region.sha256[:12]}"
    assert {path.name for path in folder.iterdir()} >= {"region.json", "places.sqlite", "roads.npz"}
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert told[-1] == (f"{region.id} is ready", 1.0)


def test_facts_name_their_source_and_date(settings: Settings, drawn: Drawn) -> None:
    add_region(settings, drawn({**HOTEL, "dog": "leashed", "charge": "85 EUR", "stars": "4S", "wheelchair": "limited"}))
    place = open_gazetteer(find_region(settings, "")).get("osm:node/100")
    assert (place.dogs.value, place.dogs.source, place.dogs.date) == (Tri.YES, "OpenStreetMap node/100", "2024-05-06")
    assert place.tags["dog"] == "leashed"
    assert (str(place.price.value), place.stars.value) == ("85.00 EUR", 4.0)
    assert (place.wheelchair.value, place.tags["wheelchair"]) == (Tri.UNKNOWN, "limited")
    assert (place.opening_hours.value, place.phone.value, place.website.value) == (None, None, None)


def test_adding_the_same_file_again_changes_nothing_and_says_so(settings: Settings, drawn: Drawn) -> None:
    first = add_region(settings, drawn(HOTEL))
    before = ages(settings)
    told: list[str] = []
    assert add_region(settings, drawn(HOTEL), progress=lambda step, share: told.append(step)) == first
    assert told[-1] == f"{first.id} is there already"
    assert ages(settings) == before


def test_a_region_whose_roads_are_damaged_or_gone_is_made_again(settings: Settings, drawn: Drawn) -> None:
    first = add_region(settings, drawn(HOTEL))
    roads = find_region(settings, "").folder / "roads.npz"
    whole = len(roads.read_bytes())
    roads.write_bytes(b"junk")
    assert add_region(settings, drawn(HOTEL)) == first
    assert len(roads.read_bytes()) == whole
    roads.unlink()
    assert add_region(settings, drawn(HOTEL)) == first
    assert len(roads.read_bytes()) == whole


def test_of_two_versions_the_newer_data_goes_by_the_name_and_the_older_by_its_id(
    settings: Settings, crossroads: Any, tmp_path: Path
) -> None:
    crossroads.nodes[100] = (42.5, 1.5, HOTEL)
    new = add_region(settings, crossroads.write(tmp_path / "land-2024.osm.pbf"))
    crossroads.header["osmosis_replication_timestamp"] = "2020-01-01T00:00:00Z"
    old = add_region(settings, crossroads.write(tmp_path / "land-latest.osm.pbf"))
    assert find_region(settings, "Land").region == find_region(settings, "").region == new
    assert find_region(settings, old.id).region == old
    assert remove_region(settings, old.id) == (old,)
    assert remove_region(settings, "land") == (new,)
    assert everything(settings) == ["regions"]


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("andorra-2025.osm.pbf", "andorra"),
        ("andorra-latest.osm.pbf", "andorra"),
        ("Liechtenstein_240101.osm.pbf", "liechtenstein"),
        ("new zealand.pbf", "new-zealand"),
        ("île-de-france-2024-01-02.osm.pbf", "ile-de-france"),
        ("北京.osm.pbf", "北京"),
    ],
)
def test_a_region_is_named_after_its_file_without_the_date(
    settings: Settings, drawn: Drawn, file: str, name: str
) -> None:
    assert add_region(settings, drawn(HOTEL, name=file)).name == name


@pytest.mark.parametrize(
    "name", ["../x", "..", ".", "a/b", "a\\b", "/etc", "", " ", "a\x00b", "-x", "x" * 61, "C:", "a--b"]
)
def test_hostile_names_are_refused_and_touch_nothing(settings: Settings, drawn: Drawn, name: str) -> None:
    with pytest.raises(InputError, match="cannot be the name"):
        name_region(name)
    if name.strip():
        with pytest.raises(InputError, match="cannot be the name"):
            add_region(settings, drawn(HOTEL), name=name)
        with pytest.raises(MissingError):
            remove_region(settings, name)
    assert not settings.data.exists()


def test_removing_never_leaves_the_folder_of_regions(settings: Settings, drawn: Drawn, tmp_path: Path) -> None:
    region = add_region(settings, drawn(HOTEL))
    inside = settings.data / "regions" / region.id
    outside = tmp_path / region.id
    inside.rename(outside)
    inside.symlink_to(outside)
    with pytest.raises(StorageError, match="is no folder of"):
        remove_region(settings, "tiny")
    assert (outside / "region.json").exists()


def test_without_data_the_next_step_is_named(settings: Settings) -> None:
    assert list_regions(settings) == ()
    with pytest.raises(MissingError, match="no map data yet") as caught:
        find_region(settings, "")
    assert "metier maps add" in caught.value.hint


def test_the_only_real_region_is_meant_where_none_is_named(settings: Settings, crossroads: Any, tmp_path: Path) -> None:
    crossroads.nodes[100] = (42.5, 1.5, HOTEL)
    real = add_region(settings, crossroads.write(tmp_path / "land.osm.pbf"))
    crossroads.header["generator"] = "metier-world/1"
    made_up = add_region(settings, crossroads.write(tmp_path / "dream.osm.pbf"))
    assert (made_up.fictional, real.fictional) == (True, False)
    assert "OpenStreetMap" not in made_up.attribution
    assert find_region(settings, "").region == real
    crossroads.header["generator"] = "another"
    add_region(settings, crossroads.write(tmp_path / "other.osm.pbf"))
    with pytest.raises(InputError, match="several regions") as caught:
        find_region(settings, "")
    assert "dream, land, other" in caught.value.hint
    with pytest.raises(MissingError) as missing:
        find_region(settings, "drem")
    assert missing.value.hint == "Did you mean dream?"


def test_a_damaged_region_is_left_out_and_made_again(settings: Settings, drawn: Drawn) -> None:
    region = add_region(settings, drawn(HOTEL))
    record = settings.data / "regions" / region.id / "region.json"
    (record.parent / "places.sqlite").write_bytes(b"")
    assert add_region(settings, drawn(HOTEL)) == region
    assert open_gazetteer(find_region(settings, "tiny")).search("Nord")
    record.write_text("{")
    assert list_regions(settings) == ()
    assert add_region(settings, drawn(HOTEL)) == region
    assert json.loads(record.read_text())["id"] == region.id


def refuse(settings: Settings, path: Path) -> CallerError:
    with pytest.raises(CallerError) as caught:
        add_region(settings, path)
    assert "\n" not in caught.value.message
    assert len(caught.value.message) < 400
    assert caught.value.hint
    assert everything(settings) in ([], ["regions"])
    return caught.value


def test_bad_files_are_refused_in_one_line_with_nothing_left_behind(
    settings: Settings, drawn: Drawn, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.osm.pbf"
    for content in (b"", os.urandom(5_000), b"<osm/>", drawn(HOTEL).read_bytes()[:-9]):
        bad.write_bytes(content)
        assert isinstance(refuse(settings, bad), InputError)
    assert isinstance(refuse(settings, tmp_path), InputError)
    assert isinstance(refuse(settings, tmp_path / "none.osm.pbf"), MissingError)
    assert isinstance(refuse(settings, drawn(HOTEL, name="tiny.pbf").rename(tmp_path / "tiny.data")), InputError)


def test_a_file_without_places_and_one_without_roads_are_refused(
    settings: Settings, drawn: Drawn, crossroads: Any, tmp_path: Path
) -> None:
    assert "no places" in refuse(settings, drawn()).message
    assert "no places" in refuse(settings, drawn({"natural": "tree", "name": "Oak"})).message
    crossroads.ways.clear()
    crossroads.nodes[100] = (42.5, 1.5, HOTEL)
    assert "no roads" in refuse(settings, crossroads.write(tmp_path / "x.osm.pbf")).message


def test_damaged_contents_in_a_sound_frame_never_crash_us(settings: Settings, drawn: Drawn, tmp_path: Path) -> None:
    whole = drawn(*({"tourism": "hotel", "name": f"Hotel {i}"} for i in range(30))).read_bytes()
    bad = tmp_path / "bad.osm.pbf"
    for at in range(len(whole) // 2, len(whole), max(1, len(whole) // 6)):
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 0x5A]) + whole[at + 1 :])
        refuse(settings, bad)


def test_hostile_names_come_in_as_harmless_text(settings: Settings, drawn: Drawn) -> None:
    hostile = {
        100: "<script>alert(1)</script>",
        101: "a‮b\x01\x1b[31m\nc",
        102: "x" * 1_000,
        103: "\x02\u202e",
        104: "'; DROP TABLE places; --",
    }
    add_region(settings, drawn(*({"tourism": "hotel", "name": name} for name in hostile.values())))
    gazetteer = open_gazetteer(find_region(settings, "tiny"))
    assert gazetteer.get("osm:node/100").name == "<script>alert(1)</script>"
    assert gazetteer.get("osm:node/101").name == "ab[31m c"
    assert gazetteer.get("osm:node/102").name == "x" * 200
    with pytest.raises(MissingError):
        gazetteer.get("osm:node/103")
    assert gazetteer.search(hostile[104])[0].place.id == "osm:node/104"


def test_huge_ids_and_positions_off_the_globe_are_survived(settings: Settings, crossroads: Any, tmp_path: Path) -> None:
    crossroads.nodes[2**62] = (42.5, 1.5, {**HOTEL, "name": "Far"})
    crossroads.nodes[2**40] = (42.5001, 1.5001, HOTEL)
    crossroads.ways[2**61] = ([1, 2**40, 2**62], {"highway": "service", "tourism": "attraction", "name": "Long"})
    region = add_region(settings, crossroads.write(tmp_path / "x.osm.pbf"))
    gazetteer = open_gazetteer(find_region(settings, region.name))
    assert gazetteer.search("Far")[0].place.id == f"osm:node/{2**62}"


def test_an_interruption_leaves_nothing_half_installed(settings: Settings, drawn: Drawn) -> None:
    def interrupt(step: str, share: float) -> None:
        if step == "reading places":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_region(settings, drawn(HOTEL), progress=interrupt)
    assert everything(settings) == ["regions"]
    assert add_region(settings, drawn(HOTEL)).places == 1


def test_what_a_killed_import_left_is_swept_away_by_the_next(settings: Settings, drawn: Drawn) -> None:
    left = settings.data / "regions" / ".tiny-0123456789ab.partial"
    left.mkdir(parents=True)
    (left / "places.sqlite").write_text("half")
    region = add_region(settings, drawn(HOTEL))
    assert [folder.name for folder in (settings.data / "regions").iterdir() if folder.is_dir()] == [region.id]


def test_two_imports_at_once_are_refused(settings: Settings, drawn: Drawn) -> None:
    home = settings.data / "regions"
    home.mkdir(parents=True)
    other = sqlite3.connect(home / ".lock", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        with pytest.raises(StorageError, match="Another import is running"):
            add_region(settings, drawn(HOTEL))
    finally:
        other.close()
    assert add_region(settings, drawn(HOTEL)).places == 1


@contextmanager
def disk_that_holds(size: int) -> Iterator[None]:
    """Lets no file of this process grow over `size` bytes: what a full disk looks like to whoever writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("size", [100, 2_000, 8_192, 30_000])
def test_a_full_disk_is_said_plainly_and_leaves_nothing(settings: Settings, drawn: Drawn, size: int) -> None:
    pbf = drawn(HOTEL)
    with disk_that_holds(size), pytest.raises(StorageError, match="cannot be written") as caught:
        add_region(settings, pbf)
    assert caught.value.hint
    assert everything(settings) == ["regions"]
    assert add_region(settings, pbf).places == 1


def test_a_folder_that_may_not_be_written_is_said_plainly(settings: Settings, drawn: Drawn, tmp_path: Path) -> None:
    settings.data.parent.joinpath("data").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="cannot be written"):
        add_region(settings, drawn(HOTEL))
    assert list_regions(settings) == ()
