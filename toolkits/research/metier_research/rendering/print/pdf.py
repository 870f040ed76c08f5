"""`report.pdf`: set by Typst from a template of ours. The report is data to it, so no text can run Typst code."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import as_file, files
from typing import Final

import typst

from metier.canonical import canonical_json
from metier.errors import ToolError
from metier.toolkit import Delivery, Settings
from metier_research.rendering.layout import lay_out
from metier_research.rendering.paper import Line, Note, Paper, Part, Source
from metier_research.rendering.showing import one_line

_FONTS: Final = (("fontpkg_noto_serif", "files"), ("pylopdf_fonts_zh_cn", ""))
_WORDS: Final = (
    "report", "question", "answer", "conflicts", "conflict_note", "open_questions", "sources", "no_sources", "removed",
    "removed_note", "unsettled", "verification", "not_found", "colon",
)  # fmt: skip


def render_pdf(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the report as PDF: A4, text that can be searched, links from citations to the list of sources.

    The fonts are Noto Serif and Noto Serif SC from packages, never the machine's, and no date is written, so that equal
    reports are equal bytes. Raises ToolError when Typst fails, InputError when the answer is no report.
    """
    paper = lay_out(delivery)
    template = (files("metier_research.rendering.print") / "report.typ").read_bytes()
    try:
        return typst.compile(
            template,
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"data": canonical_json(_data(paper))},
        )
    except typst.TypstError as error:
        raise ToolError(
            f"report.pdf could not be set: {one_line(error.message)}.",
            hint="The other files of the report are not affected.",
        ) from error


@cache
def _fonts() -> typst.Fonts:
    paths = []
    for package, folder in _FONTS:
        with as_file(files(package) / folder) as path:
            paths.append(str(path))
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=paths)


def _data(paper: Paper) -> Mapping[str, object]:
    words = paper.words
    heads = (words.checks, *(words.outcomes[name] for name in ("holds", "violated", "unknown")))
    return {
        "language": words.tag,
        "words": {name: getattr(words, name) for name in _WORDS},
        "notice": paper.notice,
        "title": paper.title,
        "question": paper.question,
        "exact": paper.exact,
        "holds": paper.holds,
        "state": words.confirmed if paper.holds else words.provisional,
        "answer": None if paper.answer is None else _line(paper.answer, paper),
        "sections": [_part(part, paper) for part in paper.sections],
        "conflicts": [_part(part, paper) for part in paper.conflicts],
        "open_questions": paper.open_questions,
        "sources": [_source(source, paper) for source in paper.sources],
        "summary": paper.summary,
        "heads": heads,
        "counts": [
            [words.rules.get(one.rule, one.rule), *(str(n or "") for n in (one.holds, one.violated, one.unknown))]
            for one in paper.counts
        ],
        "unsettled": [one_line(finding.sentence()) for finding in paper.unsettled],
        "removed": paper.removed,
    }


def _part(part: Part, paper: Paper) -> Mapping[str, object]:
    return {"title": part.title, "lines": [_line(line, paper) for line in part.lines]}


def _line(line: Line, paper: Paper) -> Mapping[str, object]:
    return {
        "text": line.text,
        "confidence": line.confidence,
        "doubt": "" if line.confidence == "medium" else paper.words.confidence[line.confidence],
        "notes": [_note(note) for note in line.notes],
    }


def _note(note: Note) -> Mapping[str, object]:
    return {"label": note.label, "source": note.source, "quote": note.quote, "found": note.found}


def _source(source: Source, paper: Paper) -> Mapping[str, object]:
    notes = {note.anchor: note for line in paper.lines() for note in line.notes if note.source == source.number}
    return {
        "number": source.number,
        "title": source.title,
        "lines": [" · ".join(part for part in (source.kind, source.site, *source.facts) if part)],
        "address": source.address,
        "link": source.link,
        "warnings": source.warnings,
        "notes": [_note(note) for note in notes.values() if note.quote],
    }
