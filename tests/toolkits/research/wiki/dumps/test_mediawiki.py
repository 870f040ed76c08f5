import bz2
import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from metier.errors import InputError
from metier_research.pages.page import Page
from metier_research.wiki.dumps.reading import Dump
from metier_research.wiki.entries import Entry, Redirect, Skipped

Export = Callable[..., bytes]
XmlPage = Callable[..., str]
Write = Callable[[str, bytes], Path]


def _read(path: Path) -> list[Entry]:
    return list(Dump(path, "elm"))


@pytest.mark.parametrize("pack", [bytes, bz2.compress, gzip.compress])
def test_an_export_is_read_packed_or_not(
    write: Write, export: Export, xml_page: XmlPage, pack: Callable[[bytes], bytes]
) -> None:
    data = export(
        xml_page("Ada Brook", "Ada built the [[mill]]. [[Kategorie:Leute]]"), xml_page("Bo", redirect="Ada Brook")
    )
    page, redirect = _read(write("any.name", pack(data)))
    assert isinstance(page, Page)
    assert (page.url, page.title, page.modified) == ("wiki://elm/Ada%20Brook", "Ada Brook", "2010-05-06T07:08:09Z")
    assert (page.site, page.language) == ("elm", "en")
    assert page.canonical == "https://elm.example.org/wiki/Ada_Brook"
    assert page.text == "Ada built the mill.\n\nCategories: Leute"
    assert [(link.text, link.url) for link in page.links] == [("mill", "wiki://elm/Mill")]
    assert redirect == Redirect("Bo", "Ada Brook")


def test_only_pages_of_the_main_namespace_are_read(write: Write, export: Export, xml_page: XmlPage) -> None:
    data = export(xml_page("Talk:Ada", "Chat.", ns=1), xml_page("Template:X", "x", ns=10), xml_page("Ada", "Text."))
    assert [entry.title for entry in _read(write("dump.xml", data)) if isinstance(entry, Page)] == ["Ada"]


def test_of_the_revisions_of_a_page_the_newest_is_read(write: Write, export: Export, xml_page: XmlPage) -> None:
    (page,) = _read(write("dump.xml", export(xml_page("Ada", "First.", "Second.", "Third."))))
    assert isinstance(page, Page)
    assert (page.text, page.modified[:4]) == ("Third.", "2012")


def test_a_redirect_of_old_is_known_by_its_text(write: Write, export: Export, xml_page: XmlPage) -> None:
    data = export(xml_page("A", "#REDIRECT [[ada brook#Life]]"), xml_page("B", "#WEITERLEITUNG: [[Bo]]"))
    assert _read(write("dump.xml", data)) == [Redirect("A", "Ada brook"), Redirect("B", "Bo")]


def test_what_is_no_page_of_text_is_skipped_with_its_reason(write: Write, export: Export, xml_page: XmlPage) -> None:
    data = export(xml_page("Code", "x", model="Scribunto"), xml_page("Big", "x" * 2_100_001), xml_page("Empty"))
    code, big, empty = _read(write("dump.xml", data))
    assert code == Skipped("Code", "its text is Scribunto")
    assert big == Skipped("Big", "it is longer than 2,100,000 characters")
    assert isinstance(empty, Page)
    assert empty.text == ""


def test_broken_utf_8_and_control_characters_are_read_past(write: Write, export: Export, xml_page: XmlPage) -> None:
    data = export(xml_page("Ada", "one two")).replace(b"one", b"o\xff\xfe\x00\x01ne")
    (page,) = _read(write("dump.xml", data))
    assert isinstance(page, Page)
    assert page.text == "o\ufffd\ufffdne two"


@pytest.mark.parametrize("pack", [bytes, bz2.compress, gzip.compress])
def test_an_export_that_was_cut_off_is_an_error_that_says_so(
    write: Write, export: Export, xml_page: XmlPage, pack: Callable[[bytes], bytes]
) -> None:
    data = pack(export(*(xml_page(f"P{number}", f"Text {number * 7919}.") for number in range(200))))
    with pytest.raises(InputError, match="cut off"):
        _read(write("dump.xml", data[: len(data) * 2 // 3]))


def test_a_document_type_is_refused_before_anything_is_read(write: Write, export: Export, xml_page: XmlPage) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 30))
    bomb = f'<?xml version="1.0"?><!DOCTYPE mediawiki [<!ENTITY e0 "ha">{entities}]>'.encode()
    with pytest.raises(InputError, match="document type"):
        _read(write("dump.xml", bomb + export(xml_page("Ada", "&e29;"))))


def test_a_document_type_that_hides_behind_a_long_comment_makes_no_entity(
    write: Write, export: Export, xml_page: XmlPage
) -> None:
    bomb = b"<!--" + b"x" * 70_000 + b'--><!DOCTYPE mediawiki [<!ENTITY e "file:///etc/passwd">]>'
    with pytest.raises(InputError, match="no form that is known"):
        _read(write("dump.xml", bomb + export(xml_page("Ada", "text"))))


def test_an_undeclared_entity_is_no_sound_xml(write: Write, export: Export, xml_page: XmlPage) -> None:
    data = export(xml_page("Ada", "text")).replace(b"text<", b"&bomb;<")
    with pytest.raises(InputError, match="no sound XML"):
        _read(write("dump.xml", data))


@pytest.mark.parametrize("pack", [bz2.compress, gzip.compress])
def test_a_file_that_unpacks_without_end_is_refused(
    write: Write, export: Export, xml_page: XmlPage, pack: Callable[[bytes], bytes]
) -> None:
    data = export(*(xml_page("Template:X", " " * 2_000_000, ns=10) for _ in range(12)))
    with pytest.raises(InputError, match="far more than its size"):
        _read(write("dump.xml.bz2", pack(data)))


def test_the_share_that_is_read_grows_to_the_whole(write: Write, export: Export, xml_page: XmlPage) -> None:
    pages = [xml_page(f"P{number}", f"Text {number}.") for number in range(3_000)]
    dump = Dump(write("dump.xml", export(*pages)), "elm")
    shares = []
    for number, _ in enumerate(dump):
        if number % 500 == 0:
            shares.append(dump.share())
    assert number == 2_999
    assert shares == sorted(shares)
    assert dump.share() == 1.0
