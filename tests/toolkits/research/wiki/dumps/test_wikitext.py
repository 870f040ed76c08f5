import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from metier_research.pages.page import Link
from metier_research.wiki.address import wiki_url
from metier_research.wiki.dumps.wikitext.balancing import balance
from metier_research.wiki.dumps.wikitext.rendering import Rendered, render
from metier_research.wiki.dumps.wikitext.site import Site

SITE = Site("elm", base="https://elm.example.org/wiki/", namespaces={"datei": 6, "kategorie": 14})

TOWN = """{{Infobox settlement
| name = Elmford
| image_skyline = [[File:Elm.jpg|thumb|x]]
| population_total = {{formatnum:12345}}<ref>census</ref>
| established_date = {{start date|1203|4|5}}
| leader_name = [[Ada Brook]]
| twin = {{plainlist|
* [[Ashby]]
* [[Oak, Town|Oak]]
}}
}}
'''Elmford''' is a [[town]] on the [[Elm (river)#Course|Elm]].<ref name="x">aaa</ref> [[bus]]es run.<!-- unseen -->

== History ==
{{main|History of Elmford}}
Founded 1203.
* one
** two
*
# three
"""


def _render(wikitext: str) -> Rendered:
    return render(wikitext, SITE)


def _text(wikitext: str) -> str:
    return _render(wikitext).text


def test_a_page_is_what_its_reader_sees() -> None:
    assert _text(TOWN) == (
        "| Infobox settlement | |\n| --- | --- |\n| name | Elmford |\n| population total | 12345 |\n"
        "| established date | 5 April 1203 |\n| leader name | Ada Brook |\n| twin | Ashby, Oak |\n\n"
        "Elmford is a town on the Elm. buses run.\n\n## History\n\nMain article: History of Elmford\n\n"
        "Founded 1203.\n\n- one\n- two\n- three"
    )


def test_links_stand_in_their_order_with_their_words() -> None:
    titles = ["Ada Brook", "Ashby", "Oak, Town", "Town", "Elm (river)", "Bus", "History of Elmford"]
    words = ["Ada Brook", "Ashby", "Oak", "town", "Elm", "bus", "History of Elmford"]
    expected = [Link(word, wiki_url("elm", title)) for word, title in zip(words, titles, strict=True)]
    assert list(_render(TOWN).links) == expected


def test_addresses_of_the_web_are_links_with_words() -> None:
    rendered = _render("See [http://a.example/x the site], http://b.example/ and [http://c.example/] or [ftp://d e].")
    assert rendered.text == "See the site, http://b.example/ and or e."
    assert rendered.links == (Link("the site", "http://a.example/x"), Link("http://b.example/", "http://b.example/"))


@pytest.mark.parametrize(
    ("wikitext", "text"),
    [
        ("{{convert|12|km|mi}}", "12 km"),
        ("{{convert|10|-|20|km|mi}}", "10–20 km"),
        ("{{birth date and age|1970|1|2}}", "2 January 1970"),
        ("{{death date and age|2000|12|31|1930|4|5}}", "31 December 2000"),
        ("{{start date|1999|3}}", "March 1999"),
        ("{{start date|1999}}", "1999"),
        ("{{start date|1999|13|40}}", "1999"),
        ("{{lang|de|Ulmfurt}} {{lang-de|Ulm}}", "Ulmfurt Ulm"),
        ("{{circa|1850}} {{nowrap|a b}} {{frac|1|2}} {{val|12|u=km}}", "c. 1850 a b 1/2 12 km"),
        ("{{unbulleted list|a|b|c}}", "a, b, c"),
        ("1&nbsp;&ndash;&#32;2 &lt; 3 &amp; 4", "1 – 2 < 3 & 4"),
        ("a<br/>b<br>c", "a\nb\nc"),
        ("'''bold''' ''it'' <small>small</small> <nowiki>[[x]]</nowiki>", "bold it small [[x]]"),
        ("[[Kategorie:Orte]][[Datei:x.png|mini|[[a]]]]text [[de:Ulm]] __NOTOC__", "text\n\nCategories: Orte"),
        ("[[:Kategorie:Orte|towns]] and [[#Part|part]]", "towns and part"),
        ("-{zh-hans:甲;zh-hant:乙}- -{丙}-", "甲 丙"),
        ("seen<div style='display: none'>hidden</div>{{unknown|words}}<gallery>x</gallery>", "seen"),
        (
            "text\n== Empty ==\n=== Below ===\n== Full ==\n=== Sub ===\nwords\n== End ==",
            "text\n\n## Full\n\n### Sub\n\nwords",
        ),
    ],
)
def test_what_is_simple_is_said_in_words(wikitext: str, text: str) -> None:
    assert _text(wikitext) == text


def test_tables_are_rows_and_cells_reach_over_rows_and_columns() -> None:
    table = """{| class="wikitable"
|+ Mayors
! Name !! Term
|-
| [[Ada Brook]] || rowspan=2 | 1990–1999
|-
| Bo
|-
| colspan="2" | vacant
|}"""
    assert _text(table) == (
        "Mayors\n\n| Name | Term |\n| --- | --- |\n| Ada Brook | 1990–1999 |\n| Bo | 1990–1999 |\n| vacant | |"
    )
    assert _text("<table><tr><th>A</th></tr><tr><td>1|2</td></tr></table>") == "| A |\n| --- |\n| 1\\|2 |"


def test_a_page_says_that_it_is_outdated_or_one_of_names() -> None:
    assert _render("{{Update|date=July 2020}} Words.").outdated == "marked as “update” since July 2020"
    assert _render("Words {{nowrap|{{update}}}}.").outdated == ""
    assert _text("'''Elm''' may be:\n* [[Elm (tree)]]\n{{disambig}}").endswith(
        "This is a disambiguation page: it lists pages of similar names."
    )


def test_a_page_of_categories_only_has_no_text() -> None:
    assert _text("[[Category:Towns]]") == ""


def test_a_wiki_with_small_letters_keeps_them() -> None:
    assert render("[[elm]]", Site("elm", first_letter=False)).links == (Link("elm", "wiki://elm/elm"),)


@pytest.mark.parametrize(
    "opening", ["{{a|", "[[a|", "{|\n", "<b>", "<ref name=", "{{{a|", "<b>{{''", "{{a|[[", "[http://a "]
)
def test_markup_that_never_closes_is_read_in_one_pass(opening: str) -> None:
    # without `balance` the parser takes minutes for these: the test would run into its time limit
    assert len(_text(opening * 3_000 + "the end")) < 100_000
    assert _text(f"before {opening * 20} [[link]] after").startswith("before")


def test_markup_that_closes_is_left_as_it_is() -> None:
    for wikitext in (TOWN.replace("<!-- unseen -->", ""), "{{a|{{b|[[c|d]]}}}} {{{x|}}} <b>x</b> <br> a < b > c"):
        assert balance(wikitext) == wikitext
    assert balance("a <!-- b --> c <!-- d") == "a  c "
    assert balance("{{a [[b}} c]]") == "{{a &#91;&#91;b}} c]]"
    assert balance("1 < 2") == "1 &lt; 2"


_MARKUP = (
    "{{ }} [[ ]] {| |} |- | ! = == '' * # <b> </b> <ref> </ref> <table> <td> &#x110000; &nbsp; [http://a ] <!-- {{{ }}}"
)
_PIECES = st.sampled_from((*_MARKUP.split(), "\n", " ", "a", "Infobox x", "\x00", "é"))


@settings(max_examples=60, deadline=None)
@example("&#x110000; &#1114112; &bogus;")
@given(st.lists(_PIECES, max_size=40).map("".join))
def test_no_wikitext_is_an_error(wikitext: str) -> None:
    rendered = _render(wikitext)
    assert rendered == _render(wikitext)
    assert all(link.text and link.url.startswith(("wiki://elm/", "http://")) for link in rendered.links)
