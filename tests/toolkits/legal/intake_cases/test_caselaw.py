import pytest

from metier.errors import InputError
from metier_legal.intake.batch import Fault
from metier_legal.law.case import Case, Part

CASE = {
    "id": 1021505,
    "name": "Anna BORAK v. Peter STANE",
    "name_abbreviation": "Borak v. Stane",
    "decision_date": "1973-01-22",
    "docket_number": "No. 70-18",
    "first_page": "113",
    "citations": [{"type": "official", "cite": "410 Ill. 2d 113"}],
    "court": {"id": 9, "name": "Illinois Supreme Court", "name_abbreviation": "Ill."},
    "jurisdiction": {"id": 29, "name": "Ill.", "name_long": "Illinois"},
    "cites_to": [
        {"cite": "381 U.S. 479", "case_ids": [12]},
        {"cite": "1 Smith 2", "case_ids": [5, 6]},
        {"cite": "9 F. 1"},
    ],
    "casebody": {
        "head_matter": "BORAK v. STANE\nArgued May 1.",
        "parties": ["Anna Borak", "Peter Stane"],
        "opinions": [
            {
                "type": "majority",
                "author": "HALE, J.,",
                "text": "First.\nSecond *114 goes on.\nThird.\n3 * 9999 is no page.",
            },
            {"type": "dissent", "author": "MOLE, J.,", "text": "I dissent."},
            {"type": "strange", "author": "", "text": "Who knows."},
        ],
    },
}


def test_a_case_of_the_static_files(read) -> None:
    (case,) = (item for item in read(case__json=CASE) if isinstance(item, Case))
    assert (case.id, case.name, case.docket, case.court_level) == ("us/cap/1021505", "Borak v. Stane", "No. 70-18", 3)
    assert str(case.decided) == "1973-01-22"
    assert case.citations == ("410 Ill. 2d 113",)
    assert case.parties == ("Anna Borak", "Peter Stane")
    assert [(one.text, one.part, one.page) for one in case.paragraphs if one.part is not Part.SYLLABUS] == [
        ("First.", Part.MAJORITY, ""),
        ("Second *114 goes on.", Part.MAJORITY, ""),
        ("Third.", Part.MAJORITY, "114"),
        ("3 * 9999 is no page.", Part.MAJORITY, "114"),
        ("I dissent.", Part.DISSENT, "113"),
        ("Who knows.", Part.OTHER, "113"),
    ]
    stated = [(one.written, one.cited) for one in case.references if one.stated]
    assert stated == [("381 U.S. 479", "us/cap/12"), ("1 Smith 2", ""), ("9 F. 1", "")]


def test_the_older_shape_and_html(read) -> None:
    html = '<p id="b1">Held <a class="page-label" data-label="114">*114</a> so.</p><p>Affirmed.</p>'
    body = {"status": "ok", "data": {"opinions": [{"type": "majority", "author": None, "text": html}]}}
    (case,) = (item for item in read(case__json={"results": [{**CASE, "casebody": body}]}) if isinstance(item, Case))
    assert [(one.text, one.page) for one in case.paragraphs] == [("Held *114 so.", ""), ("Affirmed.", "114")]


def test_what_is_missing_is_told(read) -> None:
    poor = {**CASE, "decision_date": "1973", "casebody": {"opinions": []}}
    items = read(case__json=poor)
    assert [item.text for item in items if isinstance(item, Fault)] == [
        "Borak v. Stane has no text of an opinion.",
        "Borak v. Stane has no full date of decision.",
    ]


@pytest.mark.parametrize("field", ["id", "court"])
def test_a_case_without_id_or_court_is_no_case(read, field) -> None:
    with pytest.raises(InputError, match=f"field '{field}' is missing"):
        read(case__json={key: value for key, value in CASE.items() if key != field})


XML = (
    '<casebody firstpage="113" lastpage="114" xmlns="http://nrs.harvard.edu/urn-3:HLS.Libr.US_Case_Law.Schema.'
    'Case_Body:v1"><docketnumber id="b1">70-18.</docketnumber><opinion type="majority"><author id="b2">HALE, J.'
    '</author><p id="b3">First.</p><p>Second <page-number citation-index="1" label="114">*114</page-number>goes on.'
    '</p><p>Third.</p></opinion><opinion type="dissent"><p>I dissent.</p></opinion></casebody>'
)
HTML = '<section class="casebody"><article class="opinion" data-type="dissent"><p>I dissent.</p></article></section>'


def test_a_body_in_xml_or_html_has_its_opinions(read) -> None:
    def parts(data: str) -> list[tuple[str, Part, str, str]]:
        (case,) = (
            item
            for item in read(case__json={**CASE, "casebody": {"status": "ok", "data": data}})
            if isinstance(item, Case)
        )
        return [(one.text, one.part, one.author, one.page) for one in case.paragraphs]

    assert parts(XML) == [
        ("First.", Part.MAJORITY, "HALE, J.", ""),
        ("Second *114goes on.", Part.MAJORITY, "HALE, J.", ""),
        ("Third.", Part.MAJORITY, "HALE, J.", "114"),
        ("I dissent.", Part.DISSENT, "", ""),
    ]
    assert parts(HTML) == [("I dissent.", Part.DISSENT, "", "")]
    assert parts("<p>Bare words.</p>") == [("Bare words.", Part.OTHER, "", "")]
