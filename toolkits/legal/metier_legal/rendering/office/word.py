"""`memo.docx`: the memo as a Word document with headings, linked citations and a table of authorities."""

from collections.abc import Iterable
from datetime import datetime
from io import BytesIO
from itertools import count
from typing import Any, Final

import docx
from docx.shared import Cm, Pt

from metier.toolkit import Delivery, Settings
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.listing import Row, groups_of
from metier_legal.rendering.office import marks
from metier_legal.rendering.office.styles import ACCENT, AUTHORITY, PALE, TONES, set_styles
from metier_legal.rendering.paper import Line, Note, Paper
from metier_legal.rendering.wording import phrases

_SMALL: Final = Pt(9)
_WIDTHS: Final = (Cm(1.2), Cm(6.8), Cm(5.4), Cm(2.4))


def render_docx(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the memo as a Word document; equal memos are equal bytes."""
    return _Writer(lay_out(delivery)).write()


class _Writer:
    """Writes one document from top to bottom."""

    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.words = paper.words
        self.document: Any = docx.Document()
        self.bookmarks = count(1)

    def write(self) -> bytes:
        set_styles(self.document, self.paper)
        self._head()
        for section in self.paper.sections:
            self.document.add_heading(section.title, level=1)
            if not section.lines:
                self._small(self.document.add_paragraph(), section.empty)
            for line in section.lines:
                self._statement(line)
        self.document.add_heading(self.words.table, level=1)
        for title, rows in groups_of(self.paper):
            self.document.add_heading(title, level=2)
            self._table(rows)
        self._report()
        self._properties()
        saved = BytesIO()
        self.document.save(saved)
        return marks.repack(saved.getvalue())

    def _head(self) -> None:
        notice = self.document.add_paragraph().add_run(self.paper.notice)
        notice.bold, notice.font.color.rgb = True, TONES[phrases.MIND]
        self._small(self.document.add_paragraph(), self.words.memo)
        self.document.add_heading(self.words.question, level=1)
        self._lines(self.document.add_paragraph(), self.paper.question)
        self._small(
            self.document.add_paragraph(),
            self.words.joint.join(f"{name}{self.words.colon}{value}" for name, value in self.paper.head),
        )

    def _statement(self, line: Line) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.9)
        paragraph.paragraph_format.first_line_indent = Cm(-0.9)
        paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(0.9))
        marks.add_bookmark(paragraph, f"s{line.number}", next(self.bookmarks))
        self._small(paragraph, f"{line.number}\t")
        self._lines(paragraph, line.text)
        for flag in line.flags:
            self._small(paragraph, f" [{flag}]").font.color.rgb = TONES[phrases.MIND]
        printed = line.printed()
        paragraph.paragraph_format.keep_with_next = bool(printed)  # a page does not end before whose words these are
        for note in printed:
            self._quote(note, "" if line.repeats(note) else self.words.quote.format(note.quote))
        self._grounds([note for note in line.notes if note not in printed], line.premises)

    def _quote(self, note: Note, quote: str) -> None:
        """Writes the words, where they are not in the statement already, and below them whose they are and how that is.

        Only the words are in the style of a quotation: what reads quotations must not take our own words for one.
        """
        if quote:
            marks.add_bar(self.document.add_paragraph(quote, style="Quote"))
        paragraph = self.document.add_paragraph(style=AUTHORITY)
        marks.add_bar(paragraph)
        marks.add_bookmark(paragraph, f"q{note.number}", next(self.bookmarks))
        self._cite(paragraph, note, f"a{note.entry}")
        standing = self.words.joint.join((note.standing, *note.caveats))
        self._small(paragraph, f"{self.words.colon}{standing}").font.color.rgb = TONES[note.tone]
        if note.cited.historical:
            self._small(paragraph, f" [{self.words.historical}]").font.color.rgb = TONES[phrases.MIND]

    def _grounds(self, notes: list[Note], premises: tuple[int, ...]) -> None:
        if not notes and not premises:
            return
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.left_indent = Cm(0.9)
        for i, note in enumerate(notes):
            self._small(paragraph, self.words.joint if i else "")
            self._cite(paragraph, note, f"a{note.entry}")
        if premises:
            before, after = self.words.follows.split("{}")
            self._small(paragraph, f"{' · ' if notes else ''}{before}")
            self._places(paragraph, premises)
            self._small(paragraph, after)

    def _cite(self, paragraph: Any, note: Note, name: str) -> None:
        self._link(paragraph, note.display, name)
        number = self._link(
            paragraph, f"\u00a0{note.number}", f"q{note.number}"
        )  # a space: "[9]" and 11 are two numbers
        number.font.superscript = True

    def _link(self, paragraph: Any, text: str, name: str) -> Any:
        run = marks.add_link(paragraph, text, name)
        run.font.size, run.font.color.rgb = _SMALL, ACCENT
        return run

    def _places(self, paragraph: Any, numbers: tuple[int, ...]) -> None:
        for i, number in enumerate(numbers):
            self._small(paragraph, self.words.listing if i else "")
            self._link(paragraph, self.words.place.format(number), f"s{number}")

    def _table(self, rows: Iterable[Row]) -> None:
        table = self._grid(self.words.columns, _WIDTHS)
        for row in rows:
            number, what, how, where = (cell.paragraphs[0] for cell in table.add_row().cells)
            marks.add_bookmark(number, f"a{row.number}", next(self.bookmarks))
            self._small(number, str(row.number))
            title = what.add_run(row.display)
            title.bold, title.font.size = True, _SMALL
            self._more(what, (*row.lines, row.kind))
            standing = how.add_run(row.standing)
            standing.font.size, standing.font.color.rgb = _SMALL, TONES[row.tone]
            self._more(how, (*row.caveats, row.force))
            self._places(where, row.places)
        self._fit(table, _WIDTHS)

    def _grid(self, heads: tuple[str, ...], widths: tuple[Any, ...]) -> Any:
        table = self.document.add_table(rows=1, cols=len(widths))
        marks.rule_rows(table)
        marks.repeat_row(table.rows[0])
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            self._small(cell.paragraphs[0], head)
        return table

    def _fit(self, table: Any, widths: tuple[Any, ...]) -> None:
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = width
        for row in table.rows:
            marks.keep_row(row)
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = width

    def _more(self, paragraph: Any, lines: Iterable[str]) -> None:
        for line in lines:
            if line:
                paragraph.add_run().add_break()
                self._small(paragraph, line)

    def _report(self) -> None:
        report, words = self.paper.report, self.words
        self.document.add_heading(words.verification, level=1)
        self.document.add_paragraph(phrases.summary_of(report, words))
        if report.rules:
            outcomes = (words.outcomes[outcome] for outcome in ("holds", "violated", "unknown"))
            widths = (Cm(5), Cm(2.4), Cm(2.4), Cm(2.4))
            table = self._grid((words.checks, *outcomes), widths)
            for one in report.rules:
                counts = (str(number or "") for number in (one.holds, one.violated, one.unknown))
                cells = table.add_row().cells
                for cell, text in zip(cells, (phrases.rule_name(one.rule, words), *counts), strict=True):
                    cell.paragraphs[0].add_run(text).font.size = _SMALL
            self._fit(table, widths)
        for title, lines in phrases.report_lists(report, words, self.paper.labels):
            self.document.add_heading(title, level=2)
            for line in lines:
                self.document.add_paragraph(style="List Bullet").add_run(line).font.size = _SMALL
        for line in phrases.corpus_lines(report, words):
            self._small(self.document.add_paragraph(), line)

    def _properties(self) -> None:
        day = self.paper.memo.as_of
        properties = self.document.core_properties
        properties.title = f"{self.words.memo}{self.words.colon}{self.paper.title}"[:250]
        properties.author = properties.last_modified_by = "metier"
        properties.comments = self.paper.notice
        properties.language = self.words.tag
        properties.revision = 1
        properties.created = properties.modified = datetime(day.year, day.month, day.day)  # noqa: DTZ001 Word has no zone

    def _lines(self, paragraph: Any, lines: tuple[str, ...]) -> None:
        for i, line in enumerate(lines):
            if i:
                paragraph.add_run().add_break()
            paragraph.add_run(line)

    def _small(self, paragraph: Any, text: str) -> Any:
        run = paragraph.add_run(text)
        run.font.size, run.font.color.rgb = _SMALL, PALE
        return run
