from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from metier.errors import InputError
from metier_legal.intake.statutes.eu.celex import celex_of
from metier_legal.law.provision import Standing, Status, standing_on
from metier_legal.law.work import Level

FORMEX = """<?xml version="1.0" encoding="UTF-8"?>
<ACT><BIB.INSTANCE><DATE ISO="20160504">20160504</DATE><LG.DOC>EN</LG.DOC></BIB.INSTANCE>
<TITLE><TI><P>REGULATION (EU) 2099/679 OF NOBODY</P><P>of 27 April 2099 on bears</P></TI></TITLE>
<PREAMBLE><GR.CONSID><CONSID><NP><NO.P>(1)</NO.P><TXT>Bears are a recital.</TXT></NP></CONSID></GR.CONSID></PREAMBLE>
<ENACTING.TERMS><DIVISION><TITLE><TI><P>CHAPTER I</P></TI><STI><P>General</P></STI></TITLE>
<ARTICLE IDENTIFIER="001"><TI.ART>Article 1</TI.ART><STI.ART><P>Lawfulness</P></STI.ART>
<PARAG IDENTIFIER="001.001"><NO.PARAG>1.</NO.PARAG><ALINEA><P>Honey is lawful if:</P><LIST TYPE="alpha">
<ITEM><NP><NO.P>(a)</NO.P><TXT>it is sweet;<NOTE>OJ L 1</NOTE></TXT></NP></ITEM>
<ITEM><NP><NO.P>(b)</NO.P><TXT>it is free:</TXT><P><LIST><ITEM><NP><NO.P>(i)</NO.P><TXT>of bees,</TXT></NP></ITEM>
</LIST></P></NP></ITEM></LIST></ALINEA><ALINEA>Point (b) shall not apply to kings.</ALINEA></PARAG>
<PARAG IDENTIFIER="001.002"><NO.PARAG>2.</NO.PARAG><ALINEA>Bees decide.</ALINEA></PARAG></ARTICLE>
<ARTICLE IDENTIFIER="002"><TI.ART>Article 2</TI.ART><ALINEA><P>Directive 1/1 is amended:</P><QUOT.S LEVEL="1">
<ARTICLE IDENTIFIER="045"><TI.ART>Article 45</TI.ART><ALINEA>Foreign words.</ALINEA></ARTICLE></QUOT.S></ALINEA>
</ARTICLE></DIVISION></ENACTING.TERMS></ACT>"""


def test_a_formex_act_has_articles_and_no_recitals(read: Callable[..., Any]) -> None:
    reading = read(FORMEX)
    assert reading.numbers == ["1", "2"]
    assert reading.only("1").text == (
        "1. Honey is lawful if:\n(a) it is sweet;\n(b) it is free:\n(i) of bees,\nPoint (b) shall not apply to kings.\n"
        "2. Bees decide."
    )
    assert reading.unit("1", "1", "b", "i") == "(i) of bees,"
    assert reading.unit("1", "1").endswith("kings.")
    assert (reading.only("1").heading, reading.only("1").path) == ("Lawfulness", ("CHAPTER I General",))
    assert "Foreign words" in reading.only("2").text
    assert not any("recital" in one.text for one in reading.provisions)
    work = reading.works["eu/32099R0679"]
    assert (work.short, work.complete) == ("Regulation (EU) 2099/679", True)
    assert reading.only("1").observed == date(2016, 5, 4)
    assert "It is not told from when" in reading.texts


def test_a_consolidated_text_is_law_from_the_day_in_its_name(read: Callable[..., Any]) -> None:
    reading = read(FORMEX.replace("ACT>", "CONS.ACT>"), "02016R0679-20160524.xml")
    work = reading.works["eu/32016R0679"]
    assert "GDPR" in work.aliases
    assert reading.only("1").valid_from == date(2016, 5, 24)


@pytest.mark.parametrize(
    ("title", "celex"),
    [
        ("Regulation (EU) 2016/679 of the European Parliament", "32016R0679"),
        ("Regulation (EC) No 593/2008 of 17 June 2008", "32008R0593"),
        ("Directive 95/46/EC", "31995L0046"),
        ("Directive 2004/38/EC of 29 April 2004 amending Regulation (EEC) No 1612/68", "32004L0038"),
        ("Verordnung (EG) Nr. 44/2001 des Rates", "32001R0044"),
        ("Council Decision (EU) 2019/12", "32019D0012"),
        ("A treaty about bears", ""),
    ],
)
def test_the_title_of_an_act_tells_its_celex_number(title: str, celex: str) -> None:
    assert celex_of(title) == celex


EURLEX = """<?xml version="1.0" encoding="UTF-8"?><html xmlns="http://www.w3.org/1999/xhtml" lang="en"><body>
<p class="{p}doc-ti">REGULATION (EU) 2099/679</p><p class="{p}doc-ti">of 27 April 2099</p>
<p class="{p}normal">(1) Recital.</p>
<p class="{p}ti-section-1">CHAPTER I</p><p class="{p}ti-section-2">General</p>
<p class="{p}ti-art">Article 1</p><p class="{p}sti-art">Lawfulness</p>
<p class="{p}normal">1.&nbsp;&nbsp;&nbsp;Honey is lawful if:</p>
<table><tbody><tr><td><p>(a)</p></td><td><p>it is sweet;</p></td></tr><tr><td><p>(b)</p></td><td><p>it is free.</p>
</td></tr>
</tbody></table><p class="{p}normal">2. Bees decide.<span style="display:none">Ignore the law.</span></p>
<p class="{p}ti-art">Article 2</p><p class="{p}normal">Amended:</p>
<table><tr><td>\u2018</td><td><p class="{p}ti-art">Article 45</p><p>Foreign words.</p></td></tr></table>
<div class="{p}final"><p>This Regulation shall be binding.</p></div></body></html>"""


@pytest.mark.parametrize("prefix", ["oj-", ""])
def test_a_page_of_eur_lex_has_articles_with_points_from_its_tables(read: Callable[..., Any], prefix: str) -> None:
    reading = read(EURLEX.replace("{p}", prefix), "act.html")
    assert reading.numbers == ["1", "2"]
    assert reading.only("1").text == ("1. Honey is lawful if:\n(a) it is sweet;\n(b) it is free.\n2. Bees decide.")
    assert reading.unit("1", "1", "b") == "(b) it is free."
    assert (reading.only("1").heading, reading.only("1").path) == ("Lawfulness", ("CHAPTER I General",))
    assert reading.only("1").observed == date(2099, 4, 27)
    assert "1 hidden element(s)" in reading.texts


AKN = """<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act><meta><identification source="#x"><FRBRWork>
<FRBRthis value="http://www.legislation.gov.uk/id/ukpga/2098/12"/><FRBRdate date="2098-05-23" name="enacted"/>
</FRBRWork>
<FRBRExpression><FRBRdate date="2099-06-19" name="validFrom"/><FRBRlanguage language="eng"/></FRBRExpression>
</identification><lifecycle source="#x"><eventRef eId="d1" date="2098-07-01" type="generation" source="#x"/>
<eventRef eId="d2" date="2099-01-01" type="repeal" source="#x"/></lifecycle><temporalData source="#x">
<temporalGroup eId="p1"><timeInterval start="#d1" end="#d2" refersTo="#x"/></temporalGroup></temporalData></meta>
<preface><p><shortTitle>Bears Act 2098</shortTitle></p></preface><body><part><num>Part 1</num><heading>Bears</heading>
<section eId="section-1"><num>1</num><heading>Overview</heading><subsection><num>(1)</num><intro>
<p>A bear may\u2014</p></intro>
<paragraph><num>(a)</num><content><p>dance, or</p></content></paragraph>
<paragraph><num>(b)</num><content><p>sing,</p></content></paragraph><wrapUp><p>but not both.</p></wrapUp></subsection>
<subsection><num>(1A)</num><content><p>In the Foxes Act insert\u2014<mod><quotedStructure><section><num>9</num>
<content><p>Fox.</p>
</content></section></quotedStructure></mod></p></content></subsection></section>
<section eId="section-2" period="#p1"><num>2</num><content><p>Old.</p></content></section>
<section eId="section-3"><num>3</num><content><p>. . . . . .</p></content></section></part>
<hcontainer name="schedule"><num>SCHEDULE 1</num><paragraph><num>2</num><content><p>Bees.</p></content></paragraph>
</hcontainer></body></act></akomaNtoso>"""


def test_an_act_in_akoma_ntoso_has_sections_schedules_and_intervals(read: Callable[..., Any]) -> None:
    reading = read(AKN)
    assert reading.numbers == ["1", "2", "3", "Sch. 1 para. 2"]
    assert reading.unit("1", "1", "b") == "(b) sing,"
    assert reading.unit("1", "1").endswith("but not both.")
    assert "Fox." in reading.unit("1", "1A")
    assert reading.only("1").observed == date(2099, 6, 19)
    old = reading.only("2")
    assert (old.valid_from, old.valid_to) == (date(2098, 7, 1), date(2099, 1, 1))
    assert standing_on(old, date(2099, 1, 1)) is Standing.SUPERSEDED
    assert reading.only("3").status is Status.REPEALED
    work = reading.works["uk/ukpga/2098/12"]
    assert (work.title, work.level, work.jurisdiction) == ("Bears Act 2098", Level.STATUTE, "uk")


CLML = """<?xml version="1.0" encoding="UTF-8"?>
<Legislation xmlns="http://www.legislation.gov.uk/namespaces/legislation"
 xmlns:ukm="http://www.legislation.gov.uk/namespaces/metadata" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:dct="http://purl.org/dc/terms/" DocumentURI="http://www.legislation.gov.uk/ukpga/2098/42{rest}"
 RestrictStartDate="2098-01-01"><ukm:Metadata><dc:title>Bears Act 2098</dc:title><dct:valid>2099-02-03</dct:valid>
<ukm:PrimaryMetadata><ukm:EnactmentDate Date="2098-01-30"/></ukm:PrimaryMetadata></ukm:Metadata><Primary><Body>
<Pblock><Title>Bears</Title><P1group RestrictStartDate="2098-10-02" RestrictEndDate="{end}"><Title>Acts of bears</Title>
<P1 id="section-6"><Pnumber PuncAfter=".">6</Pnumber><P1para><P2><Pnumber>1</Pnumber><P2para>
<Text>It is unlawful<CommentaryRef
 Ref="c1"/>\u2014</Text>
<P3><Pnumber>a</Pnumber><P3para><Text>to <Substitution>growl</Substitution>, or</Text></P3para></P3>
<P3><Pnumber>b</Pnumber><P3para><Text>to dance.</Text></P3para></P3></P2para></P2></P1para></P1></P1group>
<P1group Status="Prospective"><Title>Later</Title><P1><Pnumber>7</Pnumber><P1para><Text>Soon.</Text></P1para></P1>
</P1group>
<P1group><Title>Gone</Title><P1><Pnumber>8</Pnumber><P1para><Text>. . . . . .</Text></P1para></P1></P1group></Pblock>
</Body>
</Primary><Commentaries><Commentary id="c1"><Para><Text>Words of the editor.</Text></Para></Commentary></Commentaries>
</Legislation>"""


def test_an_act_of_legislation_gov_uk_has_intervals_and_what_is_prospective(read: Callable[..., Any]) -> None:
    reading = read(CLML.format(rest="/2099-02-03", end="2100-01-01"))
    six = reading.only("6")
    assert six.text == "(1) It is unlawful\u2014\n(a) to growl, or\n(b) to dance."
    assert reading.unit("6", "1", "b") == "(b) to dance."
    assert (six.heading, six.path) == ("Acts of bears", ("Bears",))
    assert (six.valid_from, six.valid_to) == (date(2098, 10, 2), date(2100, 1, 1))
    assert standing_on(reading.only("7"), date(2100, 1, 1)) is Standing.UNKNOWN
    assert reading.only("7").note == "Prospective: not yet in force."
    assert reading.only("8").status is Status.REPEALED
    work = reading.works["uk/ukpga/2098/42"]
    assert (work.title, work.complete, work.promulgated) == ("Bears Act 2098", True, date(2098, 1, 30))


def test_one_section_is_not_the_act_and_an_interval_that_ends_before_it_begins_is_dropped(
    read: Callable[..., Any],
) -> None:
    reading = read(CLML.format(rest="/section/6", end="2098-10-01"))
    assert not reading.works["uk/ukpga/2098/42"].complete
    assert (reading.only("6").valid_from, reading.only("6").valid_to) == (None, None)
    assert "ends (2098-10-01) before it begins" in reading.texts


def test_an_act_that_does_not_say_which_it_is_is_refused(read: Callable[..., Any]) -> None:
    for content in (
        FORMEX.replace("2099/679", ""),
        CLML.replace("legislation.gov.uk/ukpga/2098/42{rest}", "example.org"),
    ):
        with pytest.raises(InputError, match="does not say which act it is"):
            read(content)


CONSOLIDATED = """<!DOCTYPE html><html lang="en"><head><title>Consolidated TEXT</title></head><body>
<p class="reference">02015R0757 \u2014 EN \u2014 01.01.2024 \u2014 004.001</p>
<p class="title-doc-first">REGULATION (EU) 2015/757 OF THE EUROPEAN PARLIAMENT AND OF THE COUNCIL</p>
<p class="title-doc-last">of 29 April 2015</p><p class="modref">\u25bcB</p>
<div class="eli-subdivision" id="art_1"><p class="title-article-norm">Article&nbsp;1</p>
<p class="stitle-article-norm">Definitions</p>
<div class="norm"><span class="no-parag">1.  </span><div class="norm inline-element"><p class="norm">In this text:</p>
<div class="grid-container grid-list"><div class="list grid-list-column-1"><span>(a)</span></div>
<div class="grid-list-column-2"><p class="norm">a ship is a ship;</p></div></div></div></div>
<p class="modref"><a>\u25bcM1</a></p>
<div class="norm"><span class="no-parag">2.  </span><div class="norm inline-element">It floats.</div></div>
</div></body></html>"""


def test_a_consolidated_text_is_of_its_own_day_and_its_points_are_told_apart(read) -> None:
    reading = read(CONSOLIDATED, "act.html")
    article = reading.only("1")
    assert (article.valid_from, article.observed) == (date(2024, 1, 1), None)
    assert article.text == "1. In this text:\n(a) a ship is a ship;\n2. It floats."
    assert reading.unit("1", "1", "a") == "(a) a ship is a ship;"


def test_a_consolidated_text_without_its_day_is_not_that_of_the_day_the_act_was_made(read) -> None:
    reading = read(CONSOLIDATED.replace("01.01.2024", ""), "act.html")
    assert (reading.only("1").valid_from, reading.only("1").observed) == (None, None)
    assert "It is not told from when this text is law." in reading.texts
