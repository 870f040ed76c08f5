import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from metier.errors import InputError
from metier_research.pages.page import Link, Page
from metier_research.wiki.dumps.reading import Dump
from metier_research.wiki.entries import Entry, Redirect

Zim = Callable[..., bytes]
Write = Callable[[str, bytes], Path]

WORDS = "Ada built the mill at Elmford, and it stands to this day. She was the first to do so. " * 3


def _html(title: str, body: str) -> bytes:
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{body}</p></body></html>".encode()


def _entries(namespace: str = "C") -> list[tuple[str, str, str, bytes | str]]:
    links = '<a href="Mill_%28old%29">the mill</a>, <a href="./Oak#x">oak</a> and <a href="https://b.example/">off</a>'
    return [
        ("M", "Date", "Date", b"2024-05-06"),
        (namespace, "Ada_Brook", "Ada Brook", _html("Ada Brook", f"{WORDS} {links}.")),
        (namespace, "Mill_(old)", "The old mill", _html("Mill", WORDS)),
        (namespace, "Élan", "Élan", _html("Élan", WORDS)),
        (namespace, "Bo", "Bo", "Ada_Brook"),
        ("W", "mainPage", "mainPage", "nowhere"),
    ]


def _read(path: Path) -> list[Entry]:
    return list(Dump(path, "elm"))


@pytest.mark.parametrize("method", [1, 4, 5])
@pytest.mark.parametrize("wide", [False, True])
def test_pages_and_redirects_are_read_however_they_are_packed(write: Write, zim: Zim, method: int, wide: bool) -> None:
    entries = _read(write("any.name", zim(_entries(), method=method, wide=wide)))
    pages = {entry.title: entry for entry in entries if isinstance(entry, Page)}
    assert sorted(pages) == ["Ada Brook", "The old mill", "Élan"]
    assert [entry for entry in entries if isinstance(entry, Redirect)] == [Redirect("Bo", "Ada_Brook")]
    ada = pages["Ada Brook"]
    assert (ada.url, ada.site, ada.modified) == ("wiki://elm/Ada%20Brook", "elm", "2024-05-06")
    assert "She was the first to do so." in ada.text
    assert Link("the mill", "wiki://elm/Mill%20%28old%29") in ada.links
    assert Link("oak", "wiki://elm/Oak") in ada.links
    assert Link("off", "https://b.example/") in ada.links
    assert pages["The old mill"].url == "wiki://elm/Mill%20%28old%29"


def test_the_older_scheme_of_namespaces_is_read(write: Write, zim: Zim) -> None:
    entries = _read(write("old.zim", zim(_entries("A"), minor=0)))
    assert sorted(entry.title for entry in entries if isinstance(entry, Page)) == ["Ada Brook", "The old mill", "Élan"]


def test_a_cluster_that_unpacks_without_end_is_refused(write: Write, zim: Zim) -> None:
    data = zim([("C", "Ada", "Ada", b"x" * 100)], method=1)
    bomb = b"\x05" + zstandard.ZstdCompressor().compress(b"\0" * (130 * 1024 * 1024))
    at = data.rindex(b"\x01\x08\0\0\0")
    with pytest.raises(InputError, match="more than any does"):
        _read(write("bomb.zim", data[:at] + bomb))


def test_an_unknown_version_or_packing_is_named(write: Write, zim: Zim) -> None:
    data = zim(_entries(), method=1)
    with pytest.raises(InputError, match="version 9"):
        _read(write("new.zim", data[:4] + struct.pack("<H", 9) + data[6:]))
    packed = zim([("C", "Ada", "Ada", b"x")], method=1)
    at = packed.rindex(b"\x01\x08\0\0\0")
    with pytest.raises(InputError, match="not known"):
        _read(write("odd.zim", packed[:at] + b"\x09" + packed[at + 1 :]))


def test_wherever_it_is_cut_off_the_error_says_so(write: Write, zim: Zim) -> None:
    data = zim(_entries())
    for length in (4, 79, 90, 140, len(data) // 2, len(data) - 1):
        with pytest.raises(InputError, match=r"damaged|cut off"):
            _read(write("cut.zim", data[:length]))


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_damage_of_the_archive_is_an_error_or_read_past_and_nothing_else(
    tmp_path_factory: pytest.TempPathFactory, zim: Zim, data: st.DataObject
) -> None:
    file = bytearray(zim([("C", "A", "A", _html("A", WORDS)), ("C", "B", "B", "A")], method=1))
    for _ in range(data.draw(st.integers(1, 4))):
        file[data.draw(st.integers(4, file.index(b"<html") - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("damaged") / "a.zim"
    path.write_bytes(bytes(file))
    assert _outcome(path) in ("read", "refused")


def _outcome(path: Path) -> str:
    try:
        _read(path)
    except InputError as error:
        return "refused" if path.name in error.message else "refused without a name"
    return "read"
