"""The files of a report: the same bytes for the same delivery, and the list of sources is what is cited."""

import io
import json
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from pypdf import PdfReader
from rich.console import Console

from metier.answer import Refusal
from metier.errors import InputError
from metier.toolkit import Delivery, Settings
from metier_research.rendering import RENDERERS, show
from metier_research.rendering.layout import lay_out
from metier_research.rendering.markdown import escape, render_markdown
from metier_research.report import Report

FILES = {renderer.filename: renderer.render for renderer in RENDERERS}


@pytest.fixture(params=["full", "chinese", "hostile"])
def delivery(request: pytest.FixtureRequest) -> Delivery:
    """Returns each of the deliveries."""
    found = request.getfixturevalue(request.param)
    assert isinstance(found, Delivery)
    return found


def printed(delivery: Delivery) -> str:
    console = Console(width=90, file=io.StringIO(), record=True)
    console.print(show(delivery))
    return console.export_text()


def test_the_sample_holds(full: Delivery, chinese: Delivery, hostile: Delivery) -> None:
    assert full.verdict.holds
    assert chinese.verdict.holds
    assert hostile.verdict.violated


def test_equal_reports_are_equal_bytes(delivery: Delivery, settings: Settings) -> None:
    again = replace(delivery, evidence=dict(reversed(list(delivery.evidence.items()))))
    for name, render in FILES.items():
        assert render(delivery, settings) == render(again, settings), name


def test_another_answer_is_refused(full: Delivery, settings: Settings) -> None:
    class Other(Report):
        pass

    wrong = replace(full, answer=Refusal(reasons=("no",)))  # type: ignore[arg-type]
    for render in FILES.values():
        with pytest.raises(InputError, match="no report"):
            render(wrong, settings)


def test_sources_are_what_is_cited_and_nothing_else(full: Delivery) -> None:
    assert isinstance(full.answer, Report)
    cited = {one.evidence for _, statement in full.answer.statements() for one in statement.citations}
    paper = lay_out(full)
    assert {extract.evidence for source in paper.sources for extract in source.extracts} == cited
    assert [source.number for source in paper.sources] == list(range(1, len(paper.sources) + 1))
    assert all(line.notes for line in paper.lines())


def test_a_quote_of_one_source_is_told_from_another_by_a_letter(full: Delivery) -> None:
    paper = lay_out(full)
    labels = [note.label for line in paper.lines() for note in line.notes]
    assert labels[:3] == ["1a", "2", "1b"]
    assert all(note.found for line in paper.lines() for note in line.notes)


def test_json_holds_the_report_the_sources_and_the_cited_evidence(full: Delivery, settings: Settings) -> None:
    document = json.loads(FILES["report.json"](full, settings))
    assert Report.model_validate(document["report"]) == full.answer
    assert {item["id"] for item in document["evidence"]} >= {
        name for source in document["sources"] for name in source["evidence"]
    }
    assert document["sources"][0]["cited_at"][0] == "/answer"
    assert document["removed"] == list(full.trace.removed if full.trace else ())


@pytest.mark.parametrize("name", ["report.md", "report.html", "report.json"])
def test_what_is_generated_says_so_before_anything_else(full: Delivery, settings: Settings, name: str) -> None:
    text = FILES[name](full, settings).decode()
    said = text.index("Partly fictional")
    assert name == "report.json" or said < text.index("Skavastar was founded")
    assert "Partly fictional" in printed(full)


def test_everything_of_the_report_is_in_every_file(full: Delivery, settings: Settings) -> None:
    assert isinstance(full.answer, Report)
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(FILES["report.pdf"](full, settings))).pages)
    texts = [
        printed(full),
        FILES["report.html"](full, settings).decode(),
        pdf,
        FILES["report.md"](full, settings).decode(),
    ]
    for text in texts:
        flat = "".join(text.replace("\\", "").split())
        for wanted in (
            *(statement.text for _, statement in full.answer.statements()),
            full.answer.exact,
            full.answer.conflicts[0].topic,
            *full.answer.open_questions,
            "The bridge cost 640,000 crowns.",
            "Outdated: figures of 2009",
            "modified 2024-05-02",
            "almanac.example",
        ):
            assert "".join(wanted.split()) in flat


def test_a_pdf_has_chinese_and_no_date(chinese: Delivery, settings: Settings) -> None:
    reader = PdfReader(io.BytesIO(FILES["report.pdf"](chinese, settings)))
    text = "".join("".join(page.extract_text() for page in reader.pages).split())
    assert "奥尔瓦河全长482公里" in text
    assert "研究报告" in text
    assert reader.metadata is not None
    assert reader.metadata.creation_date is None


def test_markdown_formats_nothing_of_a_stranger(hostile: Delivery, settings: Settings) -> None:
    html = MarkdownIt("commonmark").enable("table").render(render_markdown(hostile, settings).decode())
    for tag in ("<script", "<img", "<em>b", "<code>", "<h1>f", 'href="javascript', "<s>h"):
        assert tag not in html
    assert "alert(1)" in html


@pytest.mark.parametrize(
    "text", ["1. x", "- x", "= x", "a_b*c", "https://x.example", "<b>", "|", "#", "~~x~~", "![x](y)"]
)
def test_escaped_text_reads_as_it_is(text: str) -> None:
    html = MarkdownIt("commonmark", {"linkify": False}).render(escape(text))
    shown = html.removeprefix("<p>").removesuffix("</p>\n")
    assert shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


def test_the_terminal_shows_no_control_characters(hostile: Delivery) -> None:
    assert all(sign.isprintable() or sign == "\n" for sign in printed(hostile))
