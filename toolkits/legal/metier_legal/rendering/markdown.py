"""`memo.md`: the memo as plain Markdown, to paste into a document or a chat."""

from collections.abc import Iterator
from typing import Final

from metier.toolkit import Delivery, Settings
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.listing import Row, groups_of
from metier_legal.rendering.paper import Line, Note, Paper, Section
from metier_legal.rendering.wording import phrases
from metier_legal.rendering.wording.cleaning import one_line

_MARKUP: Final = str.maketrans({letter: f"\\{letter}" for letter in "\\`*_[]<>|#&~$!"})
_LEADS: Final = ("-", "+", "=", ":")  # what begins a list, a heading's underline or a definition at the start of a line


def render_markdown(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the memo as CommonMark with tables; no text of a memo or source formats anything in it."""
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
    yield from (f"**{escape(paper.notice)}**", "", f"# {escape(words.memo)}", "")
    yield from (f"## {escape(words.question)}", "")
    yield from _spaced(escape(line) for line in paper.question)
    yield from (*(f"- {escape(name)}{words.colon}{escape(value)}" for name, value in paper.head), "")
    for section in paper.sections:
        yield from _section(section, paper)
    yield from _table(paper)
    yield from _report(paper)


def _section(section: Section, paper: Paper) -> Iterator[str]:
    yield from (f"## {escape(section.title)}", "")
    if not section.lines:
        yield from (escape(section.empty), "")
    for line in section.lines:
        yield from _statement(line, paper)


def _statement(line: Line, paper: Paper) -> Iterator[str]:
    words, printed = paper.words, line.printed()
    flags = "".join(f" *({escape(flag)})*" for flag in line.flags)
    text = "<br>".join(escape(part) for part in line.text)
    yield from (f'<a id="s-{line.number}"></a>**{line.number}** {text}{flags}', "")
    for note in printed:
        quote = "" if line.repeats(note) else words.quote.format(note.quote)
        yield from _quote(note, quote, words.joint)
    cites = words.joint.join(_cite(note) for note in line.notes if note not in printed)
    follows = words.follows.format(_places(line.premises, paper)) if line.premises else ""
    if cites or follows:
        yield from (" · ".join(part for part in (cites, follows) if part), "")


def _quote(note: Note, quote: str, joint: str) -> Iterator[str]:
    standing = joint.join(map(escape, (note.standing, *note.caveats)))
    if quote:
        yield from (f"> {escape(quote)}", "")
    yield from (f"— {_cite(note)}: {standing}", "")


def _cite(note: Note) -> str:
    return f"[{escape(note.display)}](#authority-{note.entry})"


def _places(numbers: tuple[int, ...], paper: Paper) -> str:
    return paper.words.listing.join(f"[{escape(paper.words.place.format(one))}](#s-{one})" for one in numbers)


def _table(paper: Paper) -> Iterator[str]:
    yield from (f"## {escape(paper.words.table)}", "")
    for title, rows in groups_of(paper):
        yield from (
            f"### {escape(title)}",
            "",
            f"| {' | '.join(map(escape, paper.words.columns))} |",
            "|---|---|---|---|",
        )
        yield from (_row(row, paper) for row in rows)
        yield ""


def _row(row: Row, paper: Paper) -> str:
    what = [f"**{escape(row.display)}**", *map(escape, row.lines), escape(row.kind)]
    how = [row.standing, *row.caveats, row.force]
    cells = (
        f'<a id="authority-{row.number}"></a>{row.number}',
        "<br>".join(part for part in what if part),
        "<br>".join(escape(part) for part in how if part),
        _places(row.places, paper),
    )
    return f"| {' | '.join(cells)} |"


def _report(paper: Paper) -> Iterator[str]:
    report, words = paper.report, paper.words
    yield from (f"## {escape(words.verification)}", "", escape(phrases.summary_of(report, words)), "")
    if report.rules:
        outcomes = (words.outcomes[outcome] for outcome in ("holds", "violated", "unknown"))
        yield from (f"| {' | '.join(map(escape, (words.checks, *outcomes)))} |", "|---|---:|---:|---:|")
        for one in report.rules:
            yield f"| {escape(phrases.rule_name(one.rule, words))} | {one.holds} | {one.violated} | {one.unknown} |"
        yield ""
    for title, lines in phrases.report_lists(report, words, paper.labels):
        yield from (f"### {escape(title)}", "", *(f"- {escape(line)}" for line in lines), "")
    yield from _spaced(map(escape, phrases.corpus_lines(report, words)))


def _spaced(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield from (line, "")
