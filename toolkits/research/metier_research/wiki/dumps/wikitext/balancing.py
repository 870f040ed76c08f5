"""Wikitext whose markup closes: the parser goes back for each opening without an end, so a page of them never ends."""

import re
from typing import Final

_DEEPEST: Final = 60
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_NO_TAG: Final = re.compile(r"<(?![^<>]{0,2000}>)")
_NO_ADDRESS: Final = re.compile(r"\[(?=(?:https?:|ftp:|mailto:|//))(?![^\]\n]{0,2000}\])")
_TOKEN: Final = re.compile(
    r"\{\{|\}\}|\[\[|\]\]|^[ \t:*#;]*\{\||^[ \t]*\|\}(?!\})|<(?P<end>/?)(?P<tag>[a-zA-Z]+)[^<>]*?(?P<own>/?)>",
    re.MULTILINE,
)
_ENDS: Final = {"}}": "{{", "]]": "[[", "|}": "{|"}
_OPEN: Final = frozenset(("br", "dd", "dt", "hr", "img", "li", "link", "meta", "td", "th", "tr", "wbr"))
"""Tags that need no end."""

_SHOWN: Final = {"{{": "&#123;&#123;", "[[": "&#91;&#91;", "{|": "&#123;|"}


def balance(wikitext: str) -> str:
    """Returns the wikitext without comments, and with every opening that has no end as plain characters or left out.

    Takes time in proportion to the length, whatever stands in it.
    """
    text = _NO_ADDRESS.sub("&#91;", _NO_TAG.sub("&lt;", _COMMENT.sub("", wikitext)))
    stack: list[tuple[str, re.Match[str]]] = []
    unclosed: list[re.Match[str]] = []
    for match in _TOKEN.finditer(text):
        kind, closes = _kind_of(match)
        if closes:
            _close(kind, stack, unclosed)
        elif kind and len(stack) < _DEEPEST:
            stack.append((kind, match))
        elif kind:
            unclosed.append(match)
    unclosed += [match for _, match in stack]
    if not unclosed:
        return text
    pieces, at = list[str](), 0
    for match in sorted(unclosed, key=re.Match.start):
        pieces += [text[at : match.start()], _SHOWN.get(match[0].lstrip(" \t:*#;"), "")]
        at = match.end()
    return "".join((*pieces, text[at:]))


def _kind_of(match: re.Match[str]) -> tuple[str, bool]:
    """Returns what a token opens or closes, and whether it closes; nothing for a tag that stands alone."""
    if match["tag"]:
        tag = match["tag"].casefold()
        return ("", False) if match["own"] or tag in _OPEN else (f"<{tag}", bool(match["end"]))
    token = match[0].strip(" \t:*#;")
    return (_ENDS[token], True) if token in _ENDS else (token, False)


def _close(kind: str, stack: list[tuple[str, re.Match[str]]], unclosed: list[re.Match[str]]) -> None:
    """Takes the last opening of this kind off the stack; what was opened after it has no end."""
    if any(opened == kind for opened, _ in stack):
        while stack[-1][0] != kind:
            unclosed.append(stack.pop()[1])
        stack.pop()
