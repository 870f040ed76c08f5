import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from metier.errors import InputError
from metier_legal.law.provision import Status

USLM = """<?xml version="1.0" encoding="UTF-8"?>
<uscDoc xmlns="{namespace}" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"
  identifier="/us/usc/t99"><meta><dc:title>Title 99</dc:title><docNumber>99</docNumber>
  <docPublicationName>Online@1-1</docPublicationName>{created}</meta>
<main><title identifier="/us/usc/t99"><num value="99">Title 99-</num><heading>FICTION</heading>
<toc>{toc}</toc>
<chapter identifier="/us/usc/t99/ch1"><num value="1">CHAPTER 1-</num><heading>BEARS</heading>
<section identifier="/us/usc/t99/s1"><num value="1">\u00a7 1.</num><heading> Bears</heading>
 <subsection><num value="a">(a)</num><heading> In general</heading><chapeau>A bear may not, unless it asks-</chapeau>
  <paragraph><num value="1">(1)</num><content> dance;<footnote><num>1</num> So in original.</footnote> or</content>
  </paragraph>
  <paragraph><num value="2">(2)</num><content> sing.</content></paragraph>
  <continuation>It may ask twice.</continuation></subsection>
 <subsection><num value="b">(b)</num><content> Honey is free.</content></subsection>
 <sourceCredit>(Pub. L. 1-1)</sourceCredit>
 <notes><note topic="amendments"><p>Pub. L. 1-2 provided: <quotedContent>\u201c<section><num value="7">SEC. 7.</num>
  <content>No law here.</content></section>\u201d</quotedContent></p></note></notes></section>
<section status="repealed" identifier="/us/usc/t99/s2"><num value="2, 2a">\u00a7\u00a7 2, 2a.</num>
 <heading> Repealed. Pub. L. 1-3, Jan. 2, 2001, 1 Stat. 1</heading>
 <notes><note><p>Section 2 related to foxes.</p></note></notes></section>
<section status="transferred"><num value="3">\u00a7 3.</num><heading> Transferred</heading>
 <notes><note><p>Section 3 was transferred to section 9 of Title 98.</p></note></notes></section>
<section identifier="/us/usc/t99/s4"><num value="4 to 4b">\u00a7\u00a7 4 to 4b.</num>
 <heading>Omitted</heading></section>
</chapter></title></main></uscDoc>"""
FIRST = "http://xml.house.gov/schemas/uslm/1.0"
SECOND = "http://schemas.gpo.gov/xml/uslm"
CREATED = "<dcterms:created>2026-07-16T07:46:42</dcterms:created>"


@pytest.mark.parametrize("namespace", [FIRST, SECOND])
def test_a_title_of_the_code_has_text_units_headings_and_the_date_of_its_release(
    read: Callable[..., Any], namespace: str
) -> None:
    toc = '<ref href="/us/usc/t99/s1">1</ref>'
    reading = read(USLM.format(namespace=namespace, created=CREATED, toc=toc))
    section = reading.only("1")
    assert section.text == (
        "(a) In general\nA bear may not, unless it asks-\n(1) dance; or\n(2) sing.\nIt may ask twice.\n"
        "(b) Honey is free."
    )
    assert reading.unit("1", "a", "2") == "(2) sing."
    assert reading.unit("1", "a").endswith("twice.")
    assert (section.heading, section.path) == ("Bears", ("Title 99-FICTION", "CHAPTER 1-BEARS"))
    assert (section.observed, section.valid_from) == (date(2026, 7, 16), None)
    work = reading.works["us/usc/99"]
    assert (work.short, work.complete) == ("99 U.S.C.", True)


def test_a_section_quoted_in_a_note_is_no_law(read: Callable[..., Any]) -> None:
    reading = read(USLM.format(namespace=FIRST, created=CREATED, toc=""))
    assert reading.numbers == ["1", "2", "2a", "3", "4", "4a", "4b"]
    assert "1 quoted section(s) inside notes" in reading.texts
    assert not any("No law here" in provision.text for provision in reading.provisions)


def test_what_was_repealed_is_kept_with_the_note_that_says_so(read: Callable[..., Any]) -> None:
    reading = read(USLM.format(namespace=FIRST, created=CREATED, toc=""))
    assert [reading.only(number).status for number in ("2", "2a", "3")] == [
        Status.REPEALED,
        Status.REPEALED,
        Status.TRANSFERRED,
    ]
    assert "Pub. L. 1-3, Jan. 2, 2001" in reading.only("2a").note
    assert "transferred to section 9 of Title 98" in reading.only("3").note


def test_a_part_of_a_title_is_not_taken_for_the_whole(read: Callable[..., Any]) -> None:
    toc = '<ref href="/us/usc/t99/s1">1</ref><ref href="/us/usc/t99/s77">77</ref>'
    reading = read(USLM.format(namespace=FIRST, created=CREATED, toc=toc))
    assert not reading.works["us/usc/99"].complete
    assert "1 section(s) of its table of contents are missing" in reading.texts


def test_a_release_without_a_date_is_told_and_none_is_guessed(read: Callable[..., Any]) -> None:
    reading = read(USLM.format(namespace=FIRST, created="", toc=""))
    assert "The release has no date" in reading.texts
    assert {provision.observed for provision in reading.provisions} == {None}


OLRC = """-CITE-
    99 USC Sec. 1                                               01/03/2012 (112-90)

-EXPCITE-
    TITLE 99 - FICTION
    CHAPTER 1 - BEARS

-HEAD-
    Sec. 1. Bears and their
      honey

-STATUTE-
      (a) In General. - A bear may keep all the honey that it finds in
    a self-
    made hive -
        (1) in spring; and
        (2) in autumn, unless paragraph (1) of subsection (b) says
      otherwise.

      (b) Foxes. - None.

-SOURCE-
    (Pub. L. 1-1)

-End-


-CITE-
    99 USC Sec. 2                                               01/03/2012 (112-90)

-EXPCITE-
    TITLE 99 - FICTION

-HEAD-
    [Sec. 2. Repealed. Pub. L. 1-3, Jan. 2, 2001]

-MISC1-
      Section related to foxes.

-End-
"""


def test_the_text_format_of_the_code_is_unwrapped_to_paragraphs(read: Callable[..., Any]) -> None:
    reading = read(OLRC, "usc99.txt")
    section = reading.only("1")
    assert section.text.split("\n")[0] == (
        "(a) In General. - A bear may keep all the honey that it finds in a self-made hive -"
    )
    assert reading.unit("1", "a", "2") == "(2) in autumn, unless paragraph (1) of subsection (b) says otherwise."
    assert (section.heading, section.observed) == ("Bears and their honey", date(2012, 1, 3))
    repealed = reading.only("2")
    assert (repealed.status, repealed.text) == (Status.REPEALED, "")
    assert repealed.note == "Repealed. Pub. L. 1-3, Jan. 2, 2001. Section related to foxes."


def test_a_text_file_that_is_cut_off_is_refused(read: Callable[..., Any]) -> None:
    with pytest.raises(InputError, match="does not end"):
        read(OLRC.rpartition("-End-")[0], "usc99.txt")


ECFR = """<?xml version="1.0" encoding="UTF-8"?>
<DIV1 N="29" TYPE="TITLE"><HEAD>Title 29-Labor</HEAD><DIV5 N="1910" TYPE="PART"><HEAD>PART 1910-STANDARDS</HEAD>
<AUTH><HED>Authority:</HED><PSPACE>29 U.S.C. 653</PSPACE></AUTH>
<DIV8 N="\u00a7 1910.12" TYPE="SECTION"><HEAD>\u00a7 1910.12 Construction work.</HEAD>
<P>(a) <I>Standards.</I> The standards apply.</P><P>(1) To bears.</P><P>(i) Brown ones.</P><P>(ii) Others.</P>
<P>(b) <I>Definition.</I> See paragraph (a)(1).</P><CITA TYPE="N">[39 FR 23502]</CITA></DIV8>
<DIV8 N="\u00a7 1910.13" TYPE="SECTION"><HEAD>\u00a7 1910.13 [Reserved]</HEAD></DIV8></DIV5></DIV1>"""


def test_regulations_have_the_date_that_the_name_of_their_file_tells(read: Callable[..., Any]) -> None:
    reading = read(ECFR, "title-29-2024-05-01.xml")
    section = reading.only("1910.12")
    assert (section.heading, section.observed) == ("Construction work", date(2024, 5, 1))
    assert reading.unit("1910.12", "a", "1", "ii") == "(ii) Others."
    assert "FR 23502" not in section.text
    assert reading.only("1910.13").status is Status.RESERVED
    assert reading.works["us/cfr/29"].short == "29 C.F.R."
    assert "has a date" in read(ECFR, "title-29.xml").texts


DC = """<?xml version='1.0' encoding='utf-8'?>
<section xmlns="https://code.dccouncil.us/schemas/dc-library"><num>16-9001</num>{reason}
<heading>Bears.</heading><text>The term:</text><para><num>(1)</num><text>\u201cBear\u201d means any bear.</text></para>
<para><num>(1A)</num><para><num>(A)</num><text>\u201cFox\u201d means a fox.</text></para></para>
<annotations><annotation type="History">Repealed by D.C. Law 1-1.</annotation></annotations></section>"""


def test_the_dc_code_keeps_its_own_nesting_and_leaves_annotations_out(read: Callable[..., Any]) -> None:
    reading = read(DC.format(reason=""))
    assert (
        reading.only("16-9001").text
        == "The term:\n(1) \u201cBear\u201d means any bear.\n(1A) (A) \u201cFox\u201d means a fox."
    )
    assert reading.unit("16-9001", "1A", "A") == "(A) \u201cFox\u201d means a fox."
    assert "no date" in reading.texts


@pytest.mark.parametrize(
    ("reason", "status", "begins"),
    [
        ("Repealed", Status.REPEALED, None),
        ("Expired", Status.EXPIRED, None),
        ("Not Funded", Status.UNKNOWN, None),
        ("Recodified", Status.TRANSFERRED, None),
        ("Applicable October 1, 2025", Status.IN_FORCE, date(2025, 10, 1)),
        ("Mislaid", Status.UNKNOWN, None),
    ],
)
def test_the_reason_of_a_dc_section_is_its_status(
    read: Callable[..., Any], reason: str, status: Status, begins: date | None
) -> None:
    row = {"title": "16", "num": "16-9001", "heading": "Bears.", "text": "16-9001 Bears. None.", "reason": reason}
    for reading in (
        read(DC.format(reason=f"<reason>{reason}</reason>")),
        read(json.dumps(row), "sections.jsonl"),
    ):
        section = reading.only("16-9001")
        assert (section.status, section.valid_from) == (status, begins)
    assert section.text == "None."
    assert ("is not known" in reading.texts) == (reason == "Mislaid") or "no date" in reading.texts


PART = (
    '<?xml version="1.0"?><DIV5 N="211" TYPE="PART" hierarchy_metadata="{&quot;path&quot;:&quot;/on/2024-05-01/'
    'title-21/part-211&quot;,&quot;citation&quot;:&quot;21 CFR Part 211&quot;}"><HEAD>PART 211</HEAD>'
    '<DIV8 N="211.166" TYPE="SECTION"><HEAD>&#xA7; 211.166 Testing.</HEAD><P>(a) There is one.</P></DIV8></DIV5>'
)


def test_a_part_alone_is_of_the_title_and_day_that_its_path_tells(read) -> None:
    reading = read(PART, "part.xml")
    assert list(reading.works) == ["us/cfr/21"]
    assert (reading.only("211.166").observed, reading.texts) == (date(2024, 5, 1), "")


def test_the_day_of_an_amendment_is_read_as_it_is_written(read) -> None:
    dated = PART.replace("/on/2024-05-01", "").replace("<HEAD>PART", "<AMDDATE>Dec. 29, 2022(fm)</AMDDATE><HEAD>PART")
    assert read(dated, "part.xml").only("211.166").observed == date(2022, 12, 29)
