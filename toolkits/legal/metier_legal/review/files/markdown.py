"""Markdown as it reads: block quotes and footnotes apart, the marks of emphasis and links taken off. Pure."""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from metier_legal.intake.texts.hidden import is_hidden_style
from metier_legal.review.document import Block, Document, Kind, make_document, tell_hidden

_LINE_COMMENT: Final = re.compile(r"^\[//\]: # .*$", re.MULTILINE)
_STYLED: Final = re.compile(r"<(span|div|p|font|b|i|small)\b([^>]{0,500})>([^<]{0,20000})</\1>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""style\s*=\s*["']([^"']*)["']|\b(hidden)\b""", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[A-Za-z][^<>\n]{0,200}>")
_LINK: Final = re.compile(r"!?\[([^\[\]\n]{1,500})\]\([^()\n]{0,500}\)")
_EMPHASIS: Final = re.compile(
    r"(?<![\w*\\])(\*{1,3})(?=\S)([^*\n]{1,2000}?)(?<=\S)\1(?![\w*])|(?<![\w_\\])(_{1,3})(?=\S)([^_\n]{1,2000}?)(?<=\S)\3(?![\w_])"
)
_CODE: Final = re.compile(r"(?<!`)`([^`\n]{1,500})`(?!`)")
_ESCAPE: Final = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>|~])")
_NOTE: Final = re.compile(r"\[\^([^\]\s]{1,40})\](?!:)")
_NOTE_TEXT: Final = re.compile(r"\[\^([^\]\s]{1,40})\]:\s*")
_HEADING: Final = re.compile(r"#{1,6}\s+")
_QUOTE: Final = re.compile(r"\s{0,3}>\s?")
_RULE: Final = re.compile(r"\s*(?:(?:[-*_]\s*){3,}|\|?[\s:|-]*-[\s:|-]*\|?)\s*")
_FENCE: Final = re.compile(r"\s{0,3}(?:```|~~~)")


def read_markdown(text: str, unseen: int = 0) -> Document:
    """Returns the document; comments and elements that are styled away are left out and reported with `unseen`."""
    text, hidden = _remove_hidden(text)
    return make_document(_read_blocks(text.split("\n")), tell_hidden(unseen + hidden))


def _remove_hidden(text: str) -> tuple[str, int]:
    text, comments = _remove_comments(text)
    text, lines = _LINE_COMMENT.subn("", text)
    count = comments + lines

    def replace(match: re.Match[str]) -> str:
        nonlocal count
        found = _ATTRIBUTE.search(match[2])
        if found is None or not (found[2] or is_hidden_style(found[1])):
            return match[0]
        count += 1
        return ""

    return _STYLED.sub(replace, text), count


def _remove_comments(text: str) -> tuple[str, int]:
    """Returns the text without HTML comments, and how many there were; one that never ends is text."""
    parts, at = [], 0
    while (start := text.find("<!--", at)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        parts.append(text[at:start])
        at = end + 3
    return "".join((*parts, text[at:])), len(parts)


def _read_blocks(lines: list[str]) -> Iterator[Block]:
    for kind, group in groupby(_kinds(lines), key=lambda pair: pair[0]):
        if kind is None:
            continue
        body = "\n".join(line for _, line in group)
        for part in re.split(r"\n(?=\[\^)", body) if kind[0] is Kind.FOOTNOTE else [body]:
            yield _make_block(part, kind[0])


def _kinds(lines: list[str]) -> Iterator[tuple[tuple[Kind, int] | None, str]]:
    """Returns each line with its kind and the number of its block; None for a line between blocks."""
    number, within = 0, False
    before: Kind | None = None
    for line in lines:
        kind = None if _RULE.fullmatch(line) or _FENCE.match(line) or not line.strip() else _kind(line, before, within)
        if kind is None or kind is Kind.HEADING or kind is not before:
            number += 1
        within = kind is not None
        # A blank line between two quoted ones ends the quote; one that is quoted itself does not.
        before = kind
        yield (
            (None, "")
            if kind is None
            else ((kind, number), _QUOTE.sub("", line, count=1) if kind is Kind.QUOTE else line)
        )


def _kind(line: str, before: Kind | None, within: bool) -> Kind:
    if _QUOTE.match(line):
        return Kind.QUOTE
    if _HEADING.match(line):
        return Kind.HEADING
    if _NOTE_TEXT.match(line) or (within and before is Kind.FOOTNOTE and line[:1] in " \t"):
        return Kind.FOOTNOTE
    if line.lstrip().startswith("|"):
        return Kind.TABLE
    # A lazy line goes on with the quote above it.
    return Kind.QUOTE if within and before is Kind.QUOTE else Kind.PARAGRAPH


def _make_block(body: str, kind: Kind) -> Block:
    note = ""
    if kind is Kind.FOOTNOTE and (match := _NOTE_TEXT.match(body)) is not None:
        note, body = match[1], body[match.end() :]
    if kind is Kind.HEADING:
        body = _HEADING.sub("", body, count=1).rstrip("# ")
    parts, marks, length = [], [], 0
    at = 0
    for match in _NOTE.finditer(body):
        parts.append(_read_inline(body[at : match.start()]))
        length += len(parts[-1])
        marks.append((length, match[1]))
        at = match.end()
    parts.append(_read_inline(body[at:]))
    return Block("".join(parts), kind=kind, note=note, marks=tuple(marks))


def _read_inline(text: str) -> str:
    text = _LINK.sub(r"\1", _TAG.sub("", text))
    for _ in range(3):
        text = _EMPHASIS.sub(lambda match: match[2] or match[4], text)
    return _ESCAPE.sub(r"\1", _CODE.sub(r"\1", text))
