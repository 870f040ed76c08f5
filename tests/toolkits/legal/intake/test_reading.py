import bz2
import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from metier.errors import InputError, MissingError
from metier_legal.intake.batch import BATCH_ITEMS
from metier_legal.intake.reading import FORMATS, detect_format, read_batches, source_size

LAW = "# 养{0}法\n2018年10月26日 通过\n<!-- INFO END -->\n第一条 甲。\n第二条 本法自2019年1月1日起施行。\n"
SECTION = (
    '<section xmlns="https://code.dccouncil.us/schemas/dc-library"><num>1-{0}</num><heading>H.</heading>'
    "<text>Text {0}.</text></section>"
)


def make_zip(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def make_tar(path: Path, members: dict[str, str], mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            archive.addfile(info, io.BytesIO(text.encode()))
    return path


def test_every_format_has_a_description() -> None:
    assert {"uslm", "olrc-text", "ecfr", "dc-code", "gii", "zh-markdown", "formex", "akn", "clml"} <= set(FORMATS)
    assert all(FORMATS.values())


def test_a_format_is_told_by_what_a_file_holds_not_by_its_name(read: Callable[..., Any], tmp_path: Path) -> None:
    path = tmp_path / "law.xml"
    path.write_text(LAW.format("熊"))
    assert detect_format(path) == "zh-markdown"
    assert read(path).numbers == ["1", "2"]


def test_the_same_law_comes_out_of_a_file_packed_or_plain_a_folder_a_zip_and_a_tar(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    text = LAW.format("熊")
    (tmp_path / "a.md").write_text(text)
    (tmp_path / "a.md.gz").write_bytes(gzip.compress(text.encode()))
    (tmp_path / "a.md.bz2").write_bytes(bz2.compress(text.encode()))
    (tmp_path / "folder/deep").mkdir(parents=True)
    (tmp_path / "folder/deep/a.md").write_text(text)
    make_zip(tmp_path / "a.zip", {"deep/a.md": text})
    make_tar(tmp_path / "a.tar.gz", {"deep/a.md": text})
    make_tar(tmp_path / "a.tar.bz2", {"deep/a.md": text}, "w:bz2")
    make_tar(tmp_path / "a.tar", {"deep/a.md": text}, "w")
    for name in ("a.md", "a.md.gz", "a.md.bz2", "folder", "a.zip", "a.tar.gz", "a.tar.bz2", "a.tar"):
        reading = read(tmp_path / name)
        assert [one.text for one in reading.provisions] == ["甲。", "本法自2019年1月1日起施行。"]
        assert detect_format(tmp_path / name) == "zh-markdown"
        assert 0 < reading.batches[-1].done_bytes <= source_size(tmp_path / name)


def test_a_folder_is_read_in_the_order_of_names_and_says_what_it_left_out(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "laws"
    folder.mkdir()
    for name in "乙甲":
        (folder / f"{name}.md").write_text(LAW.format(name))
    (folder / "README.txt").write_text("Read me, please")
    (folder / "empty.md").write_text("")
    (folder / ".hidden.md").write_text(LAW.format("狐"))
    os.symlink(tmp_path / "elsewhere.md", folder / "link.md")
    (tmp_path / "elsewhere.md").write_text(LAW.format("狼"))
    reading = read(folder)
    assert [work.title for work in reading.works.values()] == ["养乙法", "养甲法"]
    assert "1 file(s) of no known format were left out: README.txt." in reading.texts
    assert "empty.md: The file is empty" in reading.texts
    assert "link.md: Links are not followed" in reading.texts


def test_small_documents_are_read_together_and_keys_are_the_same_at_every_reading(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    folder = tmp_path / "sections"
    folder.mkdir()
    for number in range(1, 701):
        (folder / f"{number:05}.xml").write_text(SECTION.format(number))
    first, second = read(folder), read(folder)
    keys = [batch.key for batch in first.batches]
    assert len(keys) == len(set(keys)) == 2
    assert keys == [batch.key for batch in second.batches]
    assert all(len(batch.items) <= BATCH_ITEMS for batch in first.batches)
    done = [batch.done_bytes for batch in first.batches]
    assert done == sorted(done)
    assert done[-1] == source_size(folder)
    assert len(first.works) == 1
    assert len(first.provisions) == 700


def test_what_is_done_can_be_skipped_by_its_key(tmp_path: Path) -> None:
    folder = tmp_path / "sections"
    folder.mkdir()
    for number in range(1, 701):
        (folder / f"{number:05}.xml").write_text(SECTION.format(number))
    begun = read_batches(folder)
    kept = [next(begun)]
    done = {batch.key for batch in kept}
    kept += [batch for batch in read_batches(folder) if batch.key not in done]
    assert [item for batch in kept for item in batch.items] == [
        item for batch in read_batches(folder) for item in batch.items
    ]


def test_a_format_that_is_named_is_used_and_one_that_is_not_known_is_refused(
    read: Callable[..., Any], tmp_path: Path
) -> None:
    assert read("熊法\n第一条 甲。\n", "law", format="zh-text").numbers == ["1"]
    with pytest.raises(InputError, match="There is no format 'word'"):
        read_batches(tmp_path, format="word")


def test_nothing_known_is_one_clear_error_and_so_is_nothing_at_all(read: Callable[..., Any], tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing in a format that is known"):
        read("Dear Sir or Madam", "letter.txt")
    with pytest.raises(InputError, match="is empty"):
        read("", "law.xml")
    with pytest.raises(MissingError, match="There is no"):
        read(tmp_path / "nothing")
    with pytest.raises(InputError, match="nothing in a format"):
        read(make_zip(tmp_path / "a.zip", {}))
    for name, content in (("a.gz", gzip.compress(b"")), ("a.bz2", bz2.compress(b""))):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="is empty"):
            read(tmp_path / name)
