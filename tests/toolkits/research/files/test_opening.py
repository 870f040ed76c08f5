"""Which files may be opened: those below the named folders, and nothing that leads out of them."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import CallerError, InputError, MissingError, StorageError
from metier_research.files.opening import MOST_BYTES, names_below, open_file

Put = Callable[[str, bytes], Path]


def test_a_file_below_a_folder_is_read(put: Put) -> None:
    folder = put("deep/er/a b.txt", b"text")
    assert open_file("deep/er/a b.txt", [folder]).data == b"text"
    assert open_file("file:deep/er/a%20b.txt", [folder]).name == "deep/er/a b.txt"


def test_the_first_folder_that_has_it_wins(put: Put, tmp_path: Path) -> None:
    first = put("a.txt", b"first")
    second = tmp_path / "second"
    second.mkdir()
    (second / "a.txt").write_bytes(b"second")
    (second / "b.txt").write_bytes(b"only")
    assert open_file("a.txt", [tmp_path / "none", first, second]).data == b"first"
    assert open_file("b.txt", [first, second]).data == b"only"


@pytest.mark.parametrize(
    "path",
    [
        "",
        " ",
        ".",
        "..",
        "../secret.txt",
        "in/../../secret.txt",
        "file:..%2Fsecret.txt",
        "file:%2e%2e/secret.txt",
        "/etc/passwd",
        "file:/etc/passwd",
        "file:///etc/passwd",
        "~/secret.txt",
        "~root/secret.txt",
        "C:\\secret.txt",
        "in\\..\\..\\secret.txt",
        "a.txt\x00.pdf",
        "file:a%00.txt",
        ".env",
        "in/.git/config",
        "x" * 1001,
        "\ud800.txt",
    ],
)
def test_defect_7_a_path_that_leads_elsewhere_is_refused(put: Put, tmp_path: Path, path: str) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    folder = put("in/.git/config", b"token")
    put(".env", b"token")
    with pytest.raises(InputError) as raised:
        open_file(path, [folder])
    assert str(tmp_path) not in str(raised.value)


@pytest.mark.parametrize("name", ["link.txt", "folder/secret.txt", "loop/loop/secret.txt"])
def test_a_link_is_not_followed(put: Put, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    folder = put("plain.txt", b"plain")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "folder").symlink_to(tmp_path, target_is_directory=True)
    (folder / "loop").symlink_to(folder, target_is_directory=True)
    with pytest.raises(InputError, match="is a link or a device"):
        open_file(name, [folder])


def test_a_pipe_or_socket_is_refused_at_once(put: Put) -> None:
    folder = put("plain.txt", b"plain")
    os.mkfifo(folder / "pipe.txt")
    with pytest.raises(InputError, match="is a link or a device"):
        open_file("pipe.txt", [folder])


def test_a_missing_file_says_what_there_is_and_nothing_of_elsewhere(put: Put, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_bytes(b"secret")
    folder = put("in/b.txt", b"b")
    put("a.txt", b"a")
    put(".hidden", b"h")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(MissingError) as raised:
        open_file("c.txt", [folder])
    assert raised.value.hint == "There is: a.txt, in/b.txt."
    assert str(tmp_path) not in str(raised.value)


def test_names_are_in_order_and_bounded(put: Put) -> None:
    for number in (3, 1, 2):
        folder = put(f"{number}.txt", b"x")
    assert names_below([folder, folder], 2) == ("1.txt", "2.txt")


def test_without_a_folder_nothing_is_read() -> None:
    with pytest.raises(MissingError, match="No folder"):
        open_file("a.txt", [])


def test_a_folder_is_no_file(put: Put) -> None:
    folder = put("in/a.txt", b"a")
    with pytest.raises(InputError, match="is a folder"):
        open_file("in", [folder])


def test_a_file_that_is_too_big_is_refused(put: Put) -> None:
    folder = put("big.txt", b"")
    os.truncate(folder / "big.txt", MOST_BYTES + 1)
    with pytest.raises(InputError, match="more than 50 MB"):
        open_file("big.txt", [folder])


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read all")
def test_a_file_that_may_not_be_read_says_so(put: Put) -> None:
    folder = put("closed.txt", b"x")
    (folder / "closed.txt").chmod(0)
    with pytest.raises(StorageError, match="cannot be read"):
        open_file("closed.txt", [folder])


@settings(max_examples=60)
@given(st.lists(st.sampled_from(["..", ".", "", "in", "a.txt", "%2e%2e", "~", "link", "\x00", "é"]), max_size=6))
def test_no_path_leads_out(tmp_path_factory: pytest.TempPathFactory, parts: list[str]) -> None:
    folder = tmp_path_factory.getbasetemp() / "fenced" / "allowed"
    (folder / "in").mkdir(parents=True, exist_ok=True)
    (folder / "a.txt").write_bytes(b"inside")
    (folder / "in" / "a.txt").write_bytes(b"inside")
    (folder.parent / "a.txt").write_bytes(b"outside")
    if not (folder / "link").is_symlink():
        (folder / "link").symlink_to(folder.parent)
    for path in ("/".join(parts), "file:" + "/".join(parts)):
        with suppress(CallerError):
            assert open_file(path, [folder]).data == b"inside"
