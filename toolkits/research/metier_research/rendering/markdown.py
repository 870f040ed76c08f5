"""`report.md`: the report as plain Markdown, with numbered citations and the list of what is cited."""

from collections.abc import Iterator
from typing import Final

from metier.toolkit import Delivery, Settings
from metier_research.rendering.layout import lay_out
from metier_research.rendering.paper import Line, Paper, Part, Source
from metier_research.rendering.showing import one_line

_MARKUP: Final = str.maketrans({sign: f"\\{sign}" for sign in "\\`*_[]<>|#&~$!"})
_LEADS: Final = ("-", "+", "=", ":")  # what begins a list, a heading's underline or a definition at the start of a line


def render_markdown(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the report as CommonMark with tables; no text of a report or source formats anything in it."""
    return ("\n".join(_write(lay_out(delivery))).rstrip("\n") + "\n").encode()


def escape(text: str) -> str:
    """Returns the text on one line, with everything escaped that Markdown would read as markup."""
    line = one_line(text).translate(_MARKUP).replace("://", ":\\//").replace("www.", "www\\.")
    digits = len(line) - len(line.lstrip("0123456789"))
    if 0 < digits < len(line) and line[digits] in ".)":  # "1." at the start of a line would be a list
        return f"{line[:digits]}\\{line[digits:]}"
    return f"\\{line}" if line.startswith(_LEADS) else line


def _write(paper: Paper) -> Iterator[str]:
    words = paper.words
    yield from (f"**{escape(paper.notice)}**", "", f"# {escape(paper.title)}", "")
    if paper.question != paper.title:
        yield from (f"*{escape(words.question)}*{words.colon}{escape(paper.question)}", "")
    if paper.answer is not None:
        yield from (f"## {escape(words.answer)}", "")
        yield from (f"**{escape(paper.exact)}**", "") if paper.exact else ()
        yield from (_statement(paper.answer, paper), "")
    for section in paper.sections:
        yield from _part(section, paper, level="##")
    if paper.conflicts:
        yield from (f"## {escape(words.conflicts)}", "", f"*{escape(words.conflict_note)}*", "")
        for conflict in paper.conflicts:
            yield from _part(conflict, paper, level="###")
    if paper.open_questions:
        yield from (f"## {escape(words.open_questions)}", "", *(f"- {escape(one)}" for one in paper.open_questions), "")
    yield from (f"## {escape(words.sources)}", "")
    yield from (_source(one, paper) for one in paper.sources)
    yield from (("" if paper.sources else escape(words.no_sources)), "")
    yield from _verdict(paper)


def _part(part: Part, paper: Paper, *, level: str) -> Iterator[str]:
    yield from (f"{level} {escape(part.title)}", "")
    for line in part.lines:
        yield from (f"- {_statement(line, paper)}", "")


def _statement(line: Line, paper: Paper) -> str:
    marks = "".join(f"[\\[{note.label}\\]](#{note.anchor})" for note in line.notes)
    doubt = f" *({escape(paper.words.confidence[line.confidence])})*" if line.confidence != "medium" else ""
    return f"{escape(line.text)} {marks}{doubt}"


def _source(source: Source, paper: Paper) -> str:
    where = f"<{source.link}>" if source.link and not set("<>\\") & set(source.link) else escape(source.address)
    facts = [source.kind, source.site, where, *source.facts]
    told = " · ".join(part if part == where else escape(part) for part in facts if part)
    warnings = "".join(f" **{escape(one)}**" for one in source.warnings)
    quotes = "".join(f"\n   - {anchor}{escape(quote)}" for anchor, quote in _quotes(source, paper))
    return f"{source.number}. **{escape(source.title)}** — {told}{warnings}{quotes}"


def _quotes(source: Source, paper: Paper) -> Iterator[tuple[str, str]]:
    notes = {note.anchor: note for line in paper.lines() for note in line.notes if note.source == source.number}
    for note in notes.values():
        said = f"“{note.quote}”" if note.quote else ""
        missing = "" if note.found else f" ({paper.words.not_found})"
        yield f'<a id="{note.anchor}"></a>\\[{note.label}\\] ', f"{said}{missing}"


def _verdict(paper: Paper) -> Iterator[str]:
    words = paper.words
    yield from (f"## {escape(words.verification)}", "", escape(paper.summary), "")
    if paper.counts:
        heads = (words.checks, *(words.outcomes[name] for name in ("holds", "violated", "unknown")))
        yield from (f"| {' | '.join(map(escape, heads))} |", "|---|---:|---:|---:|")
        for one in paper.counts:
            rule = words.rules.get(one.rule, one.rule)
            yield f"| {escape(rule)} | {one.holds} | {one.violated} | {one.unknown} |"
        yield ""
    if paper.unsettled:
        yield from (
            f"### {escape(words.unsettled)}",
            "",
            *(f"- {escape(one.sentence())}" for one in paper.unsettled),
            "",
        )
    if paper.removed:
        yield from (f"### {escape(words.removed)}", "", escape(words.removed_note), "")
        yield from (*(f"- ~~{escape(one)}~~" for one in paper.removed), "")
