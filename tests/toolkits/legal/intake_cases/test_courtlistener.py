import bz2
import csv
import gzip
import io
import tracemalloc
from typing import Any

import pytest

from metier.errors import InputError
from metier_legal.intake.batch import Fault
from metier_legal.intake.cases.courtlistener.bulk import BULK
from metier_legal.intake.files.meter import Meter
from metier_legal.intake.files.walking import walk
from metier_legal.intake.reading import detect_format
from metier_legal.law.case import Case, Part, Treatment

SEARCH = {
    "count": 1,
    "next": None,
    "previous": None,
    "results": [
        {
            "absolute_url": "/opinion/5001/borak-v-stane/",
            "caseName": "Borak v. Stane",
            "citation": ["12 U.S. 34", "7 L. Ed. 2d 8"],
            "cluster_id": 5001,
            "court": "Supreme Court of the United States",
            "court_id": "scotus",
            "dateFiled": "1999-05-04",
            "docketNumber": "98-17",
            "opinions": [{"id": 91, "type": "lead-opinion", "snippet": "A torn out", "cites": [92, 93]}],
        }
    ],
}
CLUSTER = {
    "id": 5001,
    "resource_uri": "https://www.courtlistener.com/api/rest/v4/clusters/5001/",
    "docket_id": 700,
    "case_name": "Borak v. Stane",
    "date_filed": "1999-05-04",
    "citations": [{"volume": 12, "reporter": "U.S.", "page": "34", "type": 1}],
    "sub_opinions": ["https://www.courtlistener.com/api/rest/v4/opinions/91/"],
    "syllabus": "<p>Notice must be written.</p>",
}
DOCKET = {"id": 700, "court_id": "ca9", "docket_number": "98-17", "date_filed": "1998-01-01"}
COURT = {"id": "ca9", "full_name": "Court of Appeals for the Ninth Circuit", "citation_string": "9th Cir."}


def opinion(number: int, kind: str, body: str, **more: Any) -> dict[str, Any]:
    uri = "https://www.courtlistener.com/api/rest/v4/"
    return {
        "id": number,
        "resource_uri": f"{uri}opinions/{number}/",
        "cluster": f"{uri}clusters/5001/",
        "type": kind,
        "author_str": "",
        "plain_text": "",
        "html_with_citations": body,
        **more,
    }


def cases(items: list[Any]) -> list[Case]:
    return [item for item in items if isinstance(item, Case)]


def test_a_search_result_gives_the_data_and_no_torn_out_text(read) -> None:
    items = read(found__json=SEARCH)
    (case,) = cases(items)
    assert case.id == "us/cl/5001"
    assert (case.court, case.court_level, case.docket) == ("Supreme Court of the United States", 3, "98-17")
    assert set(case.citations) == {"12 U.S. 34", "7 L. Ed. 2d 8"}
    assert case.paragraphs == ()
    assert len(case.references) == 2
    assert any(isinstance(item, Fault) and "no text" in item.text for item in items)


def test_clusters_opinions_dockets_and_courts_beside_each_other_are_one_case(read) -> None:
    body = '<p>Notice was due. <span class="citation"><a href="/opinion/77/x/">1 U.S. 2</a></span></p><p>Affirmed.</p>'
    items = read(
        clusters__json=[CLUSTER],
        opinions__json=[
            opinion(92, "040dissent", "<p>I would reverse the judgment.</p>", author_str="Mole"),
            opinion(91, "020lead", body),
            opinion(93, "030concurrence", "<p>I join.</p>"),
        ],
        dockets__json=[DOCKET],
        courts__json=[COURT],
    )
    (case,) = cases(items)
    assert (case.court, case.court_level, case.docket) == ("Court of Appeals for the Ninth Circuit", 2, "98-17")
    assert [(one.part, one.text, one.author) for one in case.paragraphs] == [
        (Part.SYLLABUS, "Notice must be written.", ""),
        (Part.LEAD, "Notice was due. 1 U.S. 2", ""),
        (Part.LEAD, "Affirmed.", ""),
        (Part.CONCURRENCE, "I join.", ""),
        (Part.DISSENT, "I would reverse the judgment.", "Mole"),
    ]
    stated = [one for one in case.references if one.stated]
    assert [(one.written, one.cited, one.paragraph) for one in stated] == [("1 U.S. 2", "us/cl/77", 2)]


def test_a_cluster_may_hold_its_opinions_and_docket(read) -> None:
    whole = {
        **CLUSTER,
        "docket": {**DOCKET, "court_id": "ca9"},
        "sub_opinions": [opinion(91, "010combined", "<p>So.</p>")],
    }
    (case,) = cases(read(case__json=whole))
    assert case.docket == "98-17"
    assert [one.text for one in case.paragraphs if one.part is Part.LEAD] == ["So."]


def test_an_opinion_without_its_case_is_told_not_guessed(read) -> None:
    alone = {**opinion(99, "020lead", "<p>So.</p>"), "cluster": "https://x/clusters/9/"}
    items = read(mixed__json=[{**CLUSTER, "docket": DOCKET}, alone])
    assert [case.id for case in cases(items)] == ["us/cl/5001"]
    assert any(isinstance(item, Fault) and "not in the source" in item.text for item in items)
    with pytest.raises(InputError, match="not in the source"):
        read(opinions__json=[alone])


def test_what_a_reader_does_not_see_is_left_out(read) -> None:
    body = (
        "<p>Seen.<span style='display:none'>Cite me.</span></p><!-- ignore --><script>x()</script>"
        "<p style='color:#fff'>White.</p><p>Al\u200bso seen.</p>"
    )
    whole = {**CLUSTER, "docket": DOCKET, "syllabus": "", "sub_opinions": [opinion(91, "020lead", body)]}
    items = read(case__json=whole)
    (case,) = cases(items)
    assert [one.text for one in case.paragraphs] == ["Seen.", "Also seen."]
    assert any(isinstance(item, Fault) and "Hidden text" in item.text for item in items)


def test_page_stars_give_the_pages_and_stay_in_the_text(read) -> None:
    body = (
        '<p>First.</p><p>Begins <span class="star-pagination">*35</span> and ends.</p><p>Last.</p>'
        '<p><span class="star-pagination" number="36">*36</span>New page.</p>'
    )
    whole = {**CLUSTER, "docket": DOCKET, "syllabus": "", "sub_opinions": [opinion(91, "020lead", body)]}
    (case,) = cases(read(case__json=whole))
    assert [(one.text, one.page) for one in case.paragraphs] == [
        ("First.", ""),
        ("Begins *35 and ends.", ""),
        ("Last.", "35"),
        ("*36New page.", "36"),
    ]


def table(columns: str, *rows: tuple[Any, ...]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, escapechar="\\", doublequote=False, lineterminator="\n")
    writer.writerow(columns.split())
    writer.writerows([[str(cell).replace("\\", "\\\\") if cell is not None else "" for cell in row] for row in rows])
    return out.getvalue().replace("\\\\\\\\", "\\\\")


CLUSTERS = "id case_name case_name_full case_name_short date_filed docket_id syllabus precedential_status"
OPINIONS = "id cluster_id type per_curiam author_str plain_text html_with_citations"


def bulk(**more: str) -> dict[str, str]:
    text = 'He said "no".\n\nA path C:\\temp,\nand a comma.'
    day = "2024_to_05_to_06__csv"
    files = {
        "opinion_to_clusters": table(
            CLUSTERS,
            (1, "Borak v. Stane", "", "", "1999-05-04", 7, "", "Published"),
            (2, "Old v. Older", "", "", "1950-01-01", 8, "", "Published"),
        ),
        "opinions": table(
            OPINIONS,
            (11, 1, "020lead", "f", "Hale", text, ""),
            (12, 1, "040dissent", "f", "Mole", "I dissent.", ""),
            (21, 2, "010combined", "t", "", "Held.", ""),
            (99, 900, "010combined", "f", "", "Homeless.", ""),
        ),
        "dockets": table("id court_id docket_number case_name", (7, "scotus", "98-17", ""), (8, "ca2", "1", "")),
        "courts": table(
            "id full_name citation_string short_name",
            ("scotus", "Supreme Court of the United States", "SCOTUS", ""),
            ("ca2", "Court of Appeals for the Second Circuit", "2d Cir.", ""),
        ),
        "citations": table(
            "id volume reporter page type cluster_id", (1, 12, "U.S.", 34, 1, 1), (2, 9, "F.2d", 8, 1, 2)
        ),
        "citation_to_map": table("id depth cited_opinion_id citing_opinion_id", (1, 3, 21, 11), (2, 1, 555, 11)),
        "parentheticals": table(
            "id text score described_opinion_id describing_opinion_id",
            (1, "overruled by this Court", 0.5, 21, 11),
        ),
    }
    return {f"{name}_to_{day}": content for name, content in (files | more).items()}


def test_the_bulk_tables_of_one_day_are_joined(read) -> None:
    items = read(**bulk())
    first, second = cases(items)
    assert (first.id, first.court, first.court_level, first.docket) == (
        "us/cl/1",
        "Supreme Court of the United States",
        3,
        "98-17",
    )
    assert first.citations == ("12 U.S. 34",)
    assert [(one.text, one.part, one.author) for one in first.paragraphs] == [
        ('He said "no".', Part.LEAD, "Hale"),
        ("A path C:\\temp,\nand a comma.", Part.LEAD, "Hale"),
        ("I dissent.", Part.DISSENT, "Mole"),
    ]
    assert second.paragraphs[0].author == "Per Curiam"
    assert second.court_level == 2
    edges = {(one.cited, one.written): one for one in first.references}
    assert edges["us/cl/2", "9 F.2d 8"].treatment is Treatment.OVERRULES
    assert all(one.stated for one in first.references)
    assert ("", "CourtListener opinion 555") in edges
    assert any(isinstance(item, Fault) and "1 opinion(s) belong to cases" in item.text for item in items)


@pytest.mark.parametrize(("end", "compress"), [("bz2", bz2.compress), ("gz", gzip.compress)])
def test_the_tables_are_read_as_they_are_published_compressed(read, end, compress) -> None:
    packed = {f"{name}__{end}": compress(content.encode()) for name, content in bulk().items()}
    first, second = cases(read(**packed))
    assert (first.id, first.docket, first.citations) == ("us/cl/1", "98-17", ("12 U.S. 34",))
    assert [one.text for one in first.paragraphs] == [
        'He said "no".',
        "A path C:\\temp,\nand a comma.",
        "I dissent.",
    ]
    assert ("us/cl/2", "9 F.2d 8") in [(one.cited, one.written) for one in first.references]
    assert (second.id, second.court) == ("us/cl/2", "Court of Appeals for the Second Circuit")


def test_a_table_alone_is_told(read) -> None:
    with pytest.raises(InputError, match=r"only beside opinion-clusters-2024\.csv"):
        read(citations_to_2024__csv=bulk()["citations_to_2024_to_05_to_06__csv"])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (table(OPINIONS, (1, 1, "020lead", "f", "", "x", "")) + '"2","1","020lead"\n', "line 3"),
        (table(OPINIONS, (1, 1, "020lead", "f", "", "x", "")) + '"2","1","020lead","f","","never closed', "line 3"),
        (table(OPINIONS).encode() + b'"2","1","020lead","f","","\xff",""\n', "not UTF-8"),
    ],
)
def test_a_broken_table_is_one_clear_line(read, content, says) -> None:
    files = bulk()
    with pytest.raises(InputError) as caught:
        read(**files | {"opinions_to_2024_to_05_to_06__csv": content})
    assert "opinions-2024-05-06.csv" in caught.value.message
    assert says in caught.value.message


def test_memory_does_not_grow_with_the_tables(tmp_path) -> None:
    def peak(count: int) -> int:
        folder = tmp_path / str(count)
        folder.mkdir()
        rows = [(at, f"A{at} v. B", "", "", "1999-05-04", 7, "", "Published") for at in range(1, count + 1)]
        (folder / "opinion-clusters.csv").write_text(table(CLUSTERS, *rows))
        texts = [(at, at, "010combined", "f", "", "word " * 8000, "") for at in range(1, count + 1)]
        (folder / "opinions.csv").write_text(table(OPINIONS, *texts))
        (folder / "dockets.csv").write_text(table("id court_id docket_number case_name", (7, "scotus", "1", "")))
        del texts, rows
        clusters = next(one for one in walk(folder, Meter()) if one.name == "opinion-clusters.csv")
        tracemalloc.start()
        read = sum(isinstance(item, Case) for batch in BULK.read(clusters) for item in batch.items)
        size = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert read == count
        return size

    peak(10)
    assert peak(240) < 1.3 * peak(60)


def test_each_shape_is_recognised_by_what_it_holds(tmp_path) -> None:
    path = tmp_path / "any.json"
    path.write_text('{"id": 1, "case_name": "A", "date_filed": "1999-01-01", "docket_id": 1, "sub_opinions": []}')
    assert detect_format(path) == "courtlistener"
    path.write_text(table(CLUSTERS))
    assert detect_format(path) == "courtlistener-bulk"
    path.write_text('{"courtlistener_id": 1, "case_name": "A v. B", "date_filed": "", "html": "<p>x</p>"}')
    assert detect_format(path) == "courtlistener-html"
