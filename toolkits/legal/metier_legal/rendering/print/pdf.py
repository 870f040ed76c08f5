"""`memo.pdf`: set by Typst from a template of ours. The memo is data to it, so no text of a memo can run Typst code."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import typst

from metier.canonical import canonical_json
from metier.errors import ToolError
from metier.toolkit import Delivery, Settings
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.listing import Row, groups_of
from metier_legal.rendering.paper import Line, Note, Paper
from metier_legal.rendering.wording import phrases
from metier_legal.rendering.wording.cleaning import one_line

_TOLD_ROLES: Final = frozenset(("counter", "history", "exception", "definition"))
_FONTS: Final = (("fontpkg_noto_serif", "files"), ("pylopdf_fonts_zh_cn", ""))
_TONES: Final = {"GROUNDED": phrases.GOOD, "NO_MATCH": "plain", "UNAVAILABLE": phrases.BAD}


def render_pdf(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the memo as PDF: A4, text that can be searched, links from citations to the table of authorities.

    The fonts are Noto Serif and Noto Serif SC from packages, never the machine's; the date is the memo's, so that equal
    memos are equal bytes. Raises ToolError when Typst fails.
    """
    paper = lay_out(delivery)
    template = (files("metier_legal.rendering.print") / "memo.typ").read_bytes()
    try:
        return typst.compile(
            template,
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"data": canonical_json(_data(paper))},
        )
    except typst.TypstError as error:
        raise ToolError(
            f"memo.pdf could not be set: {one_line(error.message)}.",
            hint="The other files of the memo are not affected.",
        ) from error


@cache
def _fonts() -> typst.Fonts:
    paths = []
    for package, folder in _FONTS:
        with as_file(files(package) / folder) as path:
            paths.append(str(path))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)


def _data(paper: Paper) -> Mapping[str, object]:
    memo, words = paper.memo, paper.words
    return {
        "language": memo.language,
        "words": _words(paper),
        "date": [memo.as_of.year, memo.as_of.month, memo.as_of.day],
        "notice": paper.notice,
        "title": f"{words.memo}{words.colon}{paper.title}",
        "question": paper.question,
        "head": paper.head,
        "holds": paper.holds,
        "state": words.confirmed if paper.holds else words.provisional,
        "sections": [
            {"title": one.title, "empty": one.empty, "statements": [_statement(line, paper) for line in one.lines]}
            for one in paper.sections
        ],
        "authorities": [{"title": title, "rows": list(map(_row, rows))} for title, rows in groups_of(paper)],
        "report": _report(paper),
    }


def _words(paper: Paper) -> Mapping[str, object]:
    words = paper.words
    return {
        "memo": words.memo,
        "question": words.question,
        "historical": words.historical,
        "joint": words.joint,
        "listing": words.listing,
        "place": words.place,
        "table": words.table,
        "columns": words.columns,
        "verification": words.verification,
        "outcomes": [words.checks, *(words.outcomes[outcome] for outcome in ("holds", "violated", "unknown"))],
    }


def _statement(line: Line, paper: Paper) -> Mapping[str, object]:
    printed = line.printed()
    return {
        "number": line.number,
        "text": line.text,
        "flags": line.flags,
        "quotes": [_note(note, paper) | ({"quote": ""} if line.repeats(note) else {}) for note in printed],
        "cites": [_note(note, paper) for note in line.notes if note not in printed],
        "premises": line.premises,
        "follows": paper.words.follows.split("{}"),
    }


def _note(note: Note, paper: Paper) -> dict[str, object]:
    role = note.cited.role
    return {
        "number": note.number,
        "entry": note.entry,
        "display": note.display,
        "quote": paper.words.quote.format(note.quote),
        "standing": note.standing,
        "caveats": note.caveats,
        "tone": note.tone,
        "historical": note.cited.historical,
        "roles": [paper.words.roles[role]] if role in _TOLD_ROLES else [],
    }


def _row(row: Row) -> Mapping[str, object]:
    return {
        "number": row.number,
        "display": row.display,
        "lines": row.lines,
        "kind": row.kind,
        "standing": row.standing,
        "caveats": row.caveats,
        "force": row.force,
        "tone": row.tone,
        "places": row.places,
    }


def _report(paper: Paper) -> Mapping[str, object]:
    report, words = paper.report, paper.words
    points = [
        {"text": phrases.open_point(point, words, paper.labels), "state": "", "tone": phrases.MIND}
        for point in report.open_points
    ]
    removed = [
        {"text": phrases.removed_line(text, words), "state": "", "tone": phrases.MIND} for text in report.removed
    ]
    searches = [
        {
            "text": phrases.search_line(search, words),
            "state": phrases.search_state(search, words),
            "tone": _TONES[search.state],
        }
        for search in report.searches
    ]
    titled = ((words.open_points, points), (words.removed, removed), (words.searches, searches))
    return {
        "summary": phrases.summary_of(report, words),
        "rules": [
            [
                phrases.rule_name(one.rule, words),
                *(str(count or "") for count in (one.holds, one.violated, one.unknown)),
            ]
            for one in report.rules
        ],
        "lists": [{"title": title, "items": items} for title, items in titled if items],
        "corpus": phrases.corpus_lines(report, words),
    }
