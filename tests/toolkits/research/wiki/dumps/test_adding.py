import bz2
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from metier.errors import InputError, MissingError
from metier_research.wiki.collections import add_dump, list_wikis
from metier_research.wiki.shelf import Shelf

Write = Callable[[str, bytes], Path]


def _line(title: str, text: str = "Some words.") -> bytes:
    return json.dumps({"title": title, "text": text}).encode() + b"\n"


def test_a_dump_becomes_a_wiki_whatever_its_form(
    write: Write, export: Callable[..., bytes], xml_page: Callable[..., str], zim: Callable[..., bytes], data: Path
) -> None:
    html = b"<html><body><h1>Ada</h1><p>Ada built the mill at Elmford, and it stands to this day.</p></body></html>"
    dumps = {
        "from-xml": bz2.compress(export(xml_page("Ada", "Ada built the mill."))),
        "from-lines": _line("Ada", "Ada built the mill."),
        "from-zim": zim([("C", "Ada", "Ada", html)]),
    }
    for name, content in dumps.items():
        counts = add_dump(write(f"{name}.bin", content), data, name=name, licence="CC BY-SA 4.0")
        assert counts.pages == 1
    assert [(wiki.name, wiki.licence, wiki.synthetic) for wiki in list_wikis(data)] == [
        (name, "CC BY-SA 4.0", False) for name in sorted(dumps)
    ]
    shelf = Shelf.open(data)
    assert sorted(hit.source for hit in shelf.search("who built the mill")) == sorted(dumps)
    assert all("built the mill" in page.text for name in dumps if (page := shelf.read(f"wiki://{name}/Ada")))


def test_a_folder_is_read_file_by_file(write: Write, data: Path, tmp_path: Path) -> None:
    write("AA/wiki_00", _line("Ada") + _line("Bo"))
    write("AA/wiki_01", _line("Cy"))
    write("AB/wiki_00", _line("Di"))
    write("README", b"Read me first.")
    write(".hidden", _line("Hidden"))
    write("empty", b"")
    (tmp_path / "dump" / "link").symlink_to(tmp_path / "dump" / "AA")
    shares: list[float] = []
    counts = add_dump(
        tmp_path / "dump", data, name="elm", licence="", progress=lambda step, share: shares.append(share)
    )
    assert (counts.pages, counts.skipped, counts.reasons) == (4, 1, ("README: it is of no form that is known",))
    assert Shelf.open(data).wikis[0].titles("", 9) == ("Ada", "Bo", "Cy", "Di")
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    "content", [b"", b"plain words", b"<html><body>x</body></html>", b"\x1f\x8b", b"PK\x03\x04", b"ZIM\x04"]
)
def test_what_is_no_dump_is_refused_and_the_old_wiki_stays(write: Write, data: Path, content: bytes) -> None:
    add_dump(write("good", _line("Ada")), data, name="elm", licence="")
    with pytest.raises(InputError):
        add_dump(write("bad", content), data, name="elm", licence="")
    assert Shelf.open(data).wikis[0].titles("", 9) == ("Ada",)


def test_no_dump_is_missing_and_a_name_that_leads_elsewhere_is_refused(
    write: Write, data: Path, tmp_path: Path
) -> None:
    with pytest.raises(MissingError):
        add_dump(tmp_path / "nothing", data, name="elm", licence="")
    with pytest.raises(InputError):
        add_dump(write("good", _line("Ada")), data, name="../elm", licence="")
    assert not data.exists()
