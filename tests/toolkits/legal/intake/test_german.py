from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from metier.errors import InputError
from metier_legal.law.provision import Status
from metier_legal.law.work import Level

GII = """<?xml version="1.0" encoding="UTF-8" ?>
<!DOCTYPE dokumente SYSTEM "http://www.gesetze-im-internet.de/dtd/1.01/gii-norm.dtd">
<dokumente builddate="20200722212521" doknr="B1"><norm><metadaten><jurabk>B\u00e4rG 1998</jurabk>
<ausfertigung-datum manuell="ja">1995-07-20</ausfertigung-datum><kurzue>B\u00e4rengesetz</kurzue>
<langue>Gesetz \u00fcber B\u00e4ren</langue>
<standangabe><standkommentar>Zuletzt ge\u00e4ndert 2019</standkommentar></standangabe>
</metadaten><textdaten><text format="XML"><Content><P/></Content></text></textdaten></norm>
<norm><metadaten><gliederungseinheit><gliederungskennzahl>010</gliederungskennzahl><gliederungsbez>Abschnitt 1
</gliederungsbez><gliederungstitel>Allgemeines</gliederungstitel></gliederungseinheit></metadaten></norm>
<norm><metadaten><enbez>\u00a7 1</enbez><titel format="parat">Begriff</titel></metadaten><textdaten>
<text format="XML"><Content><P>(1) B\u00e4r ist, wer nach \u00a7 2 Abs. 1 Nr. 2 brummt. Ausgenommen sind
<DL Type="arabic"><DT>1.</DT><DD><LA>F\u00fcchse,</LA></DD><DT>2.</DT><DD><LA>W\u00f6lfe, die
<DL Type="alpha"><DT>a)</DT><DD><LA>heulen oder</LA></DD><DT>b)</DT><DD><LA>bellen.</LA></DD></DL></LA></DD></DL></P>
<P>(2) Das N\u00e4here regelt der K\u00f6nig.<FnR ID="F1"/> Er h\u00f6rt die B\u00e4ren.</P></Content></text>
<fussnoten><Content><P>Fu\u00dfnote</P></Content></fussnoten></textdaten></norm>
<norm><metadaten><enbez>\u00a7\u00a7 2 bis 4</enbez><titel>(weggefallen)</titel></metadaten><textdaten>
<text format="XML"><Content><P>-</P></Content></text></textdaten></norm>
<norm><metadaten><enbez>Anlage 1</enbez></metadaten><textdaten><text format="XML"><Content><P>Liste</P></Content></text>
</textdaten></norm>
<norm><metadaten><gliederungseinheit><gliederungskennzahl>020</gliederungskennzahl>
<gliederungsbez>Art 246a</gliederungsbez></gliederungseinheit><enbez>\u00a7 1</enbez></metadaten><textdaten>
<text format="XML"><Content><P>Honig.</P></Content></text></textdaten></norm></dokumente>"""


def test_a_statute_of_gii_has_absaetze_nummern_buchstaben_and_sentences(read: Callable[..., Any]) -> None:
    reading = read(GII)
    assert reading.unit("1", "1", "2", "b") == "b) bellen."
    assert reading.unit("1", "1", "s1") == "(1) B\u00e4r ist, wer nach \u00a7 2 Abs. 1 Nr. 2 brummt."
    assert reading.unit("1", "2", "s2") == "Er h\u00f6rt die B\u00e4ren."
    first = reading.only("1")
    assert (first.heading, first.path, first.observed) == ("Begriff", ("Abschnitt 1 Allgemeines",), date(2020, 7, 22))
    assert "Fu\u00dfnote" not in first.text
    work = reading.works["de/b\u00e4rg"]
    assert (work.short, work.title, work.complete) == ("B\u00e4rG", "Gesetz \u00fcber B\u00e4ren", True)
    assert "B\u00e4rengesetz" in work.aliases
    assert work.promulgated == date(1995, 7, 20)


def test_sections_that_fell_away_and_annexes_and_sections_of_articles_have_numbers(read: Callable[..., Any]) -> None:
    reading = read(GII)
    assert reading.numbers == ["1", "2", "3", "4", "Anlage 1", "246a \u00a7 1"]
    assert {reading.only(number).status for number in ("2", "3", "4")} == {Status.REPEALED}


def test_the_external_dtd_is_not_fetched_and_a_law_without_a_name_is_refused(read: Callable[..., Any]) -> None:
    nameless = GII.replace("<jurabk>B\u00e4rG 1998</jurabk>", "")
    with pytest.raises(InputError, match="which law it is"):
        read(nameless)


MARKDOWN = """---
Title: Verordnung \u00fcber B\u00e4ren
jurabk: B\u00e4rV
slug: b_rv

---

# Verordnung \u00fcber B\u00e4ren (B\u00e4rV)

Ausfertigungsdatum
:   1896-08-18

## Buch 1 - Allgemeines

### \u00a7 1 Begriff

[^BJNR1]

(1) B\u00e4ren sind Tiere, die brummen. Sie
fressen am 13\\. Juni

1.  Honig,


2.  Beeren
    aller Art.


und schlafen.

(2) Das gilt auch im Winter.

[^BJNR1]:     **Amtlicher Hinweis:** Diese Vorschrift dient
    nichts.


### \u00a7 1a (weggefallen)

-

### (XXXX) \u00a7\u00a7 2 bis 3 (weggefallen)

## Buch 2 - Schluss

### \u00a7 4

Ende.

### Art 5 - \u00dcbergang

#### \u00a7 1 Honig

Bleibt.
"""


def test_a_statute_in_markdown_is_unwrapped_and_has_no_footnotes(read: Callable[..., Any]) -> None:
    reading = read(MARKDOWN, "index.md")
    assert reading.only("1").text == (
        "(1) B\u00e4ren sind Tiere, die brummen. Sie fressen am 13. Juni\n1. Honig,\n2. Beeren aller Art.\n"
        "und schlafen.\n(2) Das gilt auch im Winter."
    )
    assert reading.unit("1", "1", "2") == "2. Beeren aller Art."
    assert reading.unit("1", "1", "s2").endswith("und schlafen.")
    assert reading.numbers == ["1", "1a", "2", "3", "4", "5", "5 \u00a7 1"]
    assert [one.status for one in reading.provisions] == [
        Status.IN_FORCE,
        Status.REPEALED,
        Status.REPEALED,
        Status.REPEALED,
        Status.IN_FORCE,
        Status.IN_FORCE,
        Status.IN_FORCE,
    ]
    assert reading.only("5").heading == "\u00dcbergang"
    assert reading.only("4").path == ("Buch 2 - Schluss",)
    work = reading.works["de/b\u00e4rv"]
    assert (work.level, work.promulgated) == (Level.REGULATION, date(1896, 8, 18))
    assert "since when this text is law" in reading.texts
