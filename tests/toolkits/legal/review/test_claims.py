import pytest
from hypothesis import given
from hypothesis import strategies as st

from metier_legal.review.claims.claims import find_claims
from metier_legal.review.claims.quotes import find_quotes
from metier_legal.review.document import Block, Kind, make_document
from metier_legal.review.files.opening import parse_document

NAMES = ("Tenancy Act", "Harbour Act")


def claims(text: str, name: str = "a.md") -> list[tuple[str, list[str]]]:
    found = find_claims(parse_document(text.encode(), name), names=NAMES)
    return [(claim.citation.text, [quote.text for quote in claim.quotes]) for claim in found]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("A “one two three four” B", "one two three four"),
        ('A "one two three four" B', "one two three four"),
        ("A «one two three four» B", "one two three four"),
        ("A »eins zwei drei vier« B", "eins zwei drei vier"),
        ("A „eins zwei drei vier“ B", "eins zwei drei vier"),
        ("规定：“承租人可以提前三个月通知”。", "承租人可以提前三个月通知"),
        ("规定：「承租人可以提前三个月通知」。", "承租人可以提前三个月通知"),
        ("规定：『承租人可以提前三个月通知』。", "承租人可以提前三个月通知"),
        ("A “one “two three” four five” B", "one “two three” four five"),
    ],
)
def test_quotes_between_the_marks_of_every_script(text, quote) -> None:
    (found,) = find_quotes(make_document([Block(text)]))
    assert found.text == quote
    assert text[found.start : found.end] == quote


@pytest.mark.parametrize(
    "text", ['A 12" pipe and a 14" pipe of some length', "the “Tenant” of “the Act”", "“never closed"]
)
def test_what_is_no_quote(text) -> None:
    assert find_quotes(make_document([Block(text)])) == ()


def test_a_mark_that_nothing_closes_does_not_swallow_the_next_paragraph() -> None:
    document = make_document([Block("He said “this and no more."), Block("And “one two three four” then.")])
    assert [quote.text for quote in find_quotes(document)] == ["one two three four"]


def test_a_quote_may_run_over_the_end_of_a_page() -> None:
    document = make_document([Block("So “one two three", 1, Kind.PAGE), Block("four five” it is.", 2, Kind.PAGE)])
    assert [quote.text for quote in find_quotes(document)] == ["one two three\n\nfour five"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Tenancy Act § 1 provides: “one two three four.” Harbour Act § 2 provides: “five six seven eight.”",
            [("Tenancy Act § 1", ["one two three four."]), ("Harbour Act § 2", ["five six seven eight."])],
        ),
        (
            "“One two three four” (Tenancy Act § 1) and “five six seven eight” (Harbour Act § 2).",
            [("Tenancy Act § 1", ["One two three four"]), ("Harbour Act § 2", ["five six seven eight"])],
        ),
        (
            "The rule is old. “One two three four.” Tenancy Act § 1. It was never changed.",
            [("Tenancy Act § 1", ["One two three four."])],
        ),
        (
            "See Tenancy Act § 1 and Harbour Act § 2: “five six seven eight”.",
            [("Tenancy Act § 1", []), ("Harbour Act § 2", ["five six seven eight"])],
        ),
        (
            "Tenancy Act § 1 goes on at length and states that “one two three four”, Harbour Act § 2 being silent.",
            [("Tenancy Act § 1", ["one two three four"]), ("Harbour Act § 2", [])],
        ),
        (
            "Under Tenancy Act § 1, the landlord must see that “one two three four” is done.",
            [("Tenancy Act § 1", ["one two three four"])],
        ),
        (
            "Tenancy Act § 1 is old. It was made in another time. Somebody said at dinner that “one two three four”.",
            [("Tenancy Act § 1", [])],
        ),
        (
            "《甲法》第一条规定：“承租人可以提前三个月通知。”《乙法》第二条规定：“出租人不得拒绝该通知。”",
            [("《甲法》第一条", ["承租人可以提前三个月通知。"]), ("《乙法》第二条", ["出租人不得拒绝该通知。"])],
        ),
        (
            "“承租人可以提前三个月通知。”（《甲法》第一条）",
            [("《甲法》第一条", ["承租人可以提前三个月通知。"])],
        ),
        (
            "Tenancy Act § 1 provides:\n\n> one two three four\n> five six\n\nHarbour Act § 2 is another matter.",
            [("Tenancy Act § 1", ["one two three four\nfive six"]), ("Harbour Act § 2", [])],
        ),
        (
            "The law is plain.\n\n> one two three four (Tenancy Act § 1)\n\nNothing more.",
            [("Tenancy Act § 1", ["one two three four"])],
        ),
        (
            "The law is plain.\n\n> one two three four\n\nTenancy Act § 1. Nothing more.",
            [("Tenancy Act § 1", ["one two three four"])],
        ),
        (
            "The court said “one two three four”.[^1] More.\n\n[^1]: Tenancy Act § 1.",
            [("Tenancy Act § 1", ["one two three four"])],
        ),
    ],
)
def test_a_quote_belongs_to_its_citation(text, expected) -> None:
    assert claims(text) == expected


@given(
    st.lists(
        st.sampled_from(["“", "”", '"', "«", "»", "„", "「", "」", " word ", "\n\n", "> ", "§ 1 ", "字"]), max_size=60
    )
)
def test_any_marks_are_read_and_each_quote_has_one_owner(parts) -> None:
    document = parse_document(("x " + "".join(parts)).encode(), "a.md")
    found = find_claims(document, names=NAMES)
    spans = [(quote.start, quote.end) for claim in found for quote in claim.quotes]
    assert len(spans) == len(set(spans))
    for quote in find_quotes(document):
        assert document.text[quote.start : quote.end] == quote.text


@pytest.mark.parametrize(
    "text", ["“" * 50_000, "<!--" * 50_000, "“a b c d” " * 3000, "[^1]x" * 20_000, "*_" * 40_000 + "x"]
)
def test_hostile_marks_take_no_time_to_speak_of(text) -> None:
    document = parse_document(text.encode(), "a.md")
    assert len(find_quotes(document)) <= 3000


def test_a_quote_in_single_marks_is_one_and_an_apostrophe_is_none() -> None:
    text = "The tenants’ lawyer says ‘the tenant’s notice ends the lease’: Tenancy Act § 12. ‘Short’ words are terms."
    quotes = find_quotes(make_document([Block(text)]))
    assert [quote.text for quote in quotes] == ["the tenant’s notice ends the lease"]
    inner = "He said “we hold that ‘a letter which nobody signed’ is a notice in writing” then."
    assert [quote.text for quote in find_quotes(make_document([Block(inner)]))] == [
        "we hold that ‘a letter which nobody signed’ is a notice in writing"
    ]


def test_a_block_quote_belongs_to_the_citation_that_stands_alone_under_it() -> None:
    blocks = [
        Block("The rent is due on the first of the month. Tenancy Act § 12."),
        Block("The landlord shall keep the heating in repair all year, as in Tenancy Act § 13.", kind=Kind.QUOTE),
        Block("Tenancy Act § 14."),
    ]
    claims = find_claims(make_document(blocks), names=("Tenancy Act",))
    assert [[quote.text for quote in claim.quotes] for claim in claims] == [
        [],
        [],
        ["The landlord shall keep the heating in repair all year, as in Tenancy Act § 13."],
    ]
