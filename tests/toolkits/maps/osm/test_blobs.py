import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import osmium
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier.errors import CallerError, InputError, MissingError
from metier_maps.osm.blobs import check_blobs


def ignore(share: float) -> None:
    assert 0 <= share <= 1


def test_a_sound_file_gives_its_sha256(drawn: Callable[..., Path]) -> None:
    path = drawn({"tourism": "hotel", "name": "Nord"})
    assert check_blobs(path, ignore) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_cut_inside_any_block_is_refused(drawn: Callable[..., Path], tmp_path: Path) -> None:
    whole = drawn({"tourism": "hotel", "name": "Nord"}).read_bytes()
    cut = tmp_path / "cut.osm.pbf"
    accepted = []
    for length in range(len(whole)):
        cut.write_bytes(whole[:length])
        with suppress(InputError):
            check_blobs(cut, ignore)
            accepted.append(length)
    # header, nodes, ways: a file that ends between two blocks of data is whole, as far as its frame tells
    assert len(accepted) == 1


def test_a_missing_file_and_a_folder_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="There is no file"):
        check_blobs(tmp_path / "nothing.osm.pbf", ignore)
    with pytest.raises(InputError, match="is a folder"):
        check_blobs(tmp_path, ignore)


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 100, b"PK\x03\x04zip", b"<?xml version='1.0'?><osm version='0.6'></osm>", b"\xff" * 1000],
)
def test_what_is_no_pbf_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "not.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"empty|not an OpenStreetMap PBF file"):
        check_blobs(path, ignore)


def test_a_nul_in_a_text_never_reaches_the_reader(drawn: Callable[..., Path], tmp_path: Path) -> None:
    plain = tmp_path / "plain.osm.pbf"
    with osmium.SimpleWriter(osmium.io.File(str(plain), "pbf,pbf_compression=none")) as writer:
        for item in osmium.FileProcessor(drawn({"tourism": "hotel", "name": "Nord"})):
            writer.add(item)
    check_blobs(plain, ignore)
    plain.write_bytes(plain.read_bytes().replace(b"Nord", b"N\0rd"))
    with pytest.raises(InputError, match="holds a NUL"):
        check_blobs(plain, ignore)


@given(content=st.binary(max_size=300))
def test_random_bytes_never_break_the_check(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "random.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(CallerError):
        check_blobs(path, ignore)
