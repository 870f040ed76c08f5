"""Instructions to a model where a description should be: found by what they ask for, in five languages. Pure.

A description says what a tool does. It has no business with other instructions, with what the user is told, with other
tools, or with keys and private files; sentences about these are what poisoned descriptions are made of.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from metier.servers.pinning.hidden import excerpt
from metier.servers.pinning.lookalikes import fold_letters

_LIST = Path(__file__).with_name("phrases.txt")
_PART = re.compile(r"\{[A-Z]+_[A-Z]+\}")
_SPACED = re.compile(r"\b(?:\w[ .\-_*]){4,}\w\b")
_HUMPS = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_WORDS = re.compile(r"[_-]+")
_BLOB = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){32,}|(?:\\x[0-9a-fA-F]{2}){16,}")
READABLE = 0.9  # of a decoded blob, from which on it is a text
_BREAK = "\n"


def find_orders(text: str) -> Iterator[tuple[str, str]]:
    """Yields what `text` orders a model to do, each kind once: what it is, and an excerpt with all of it visible."""
    found: set[str] = set()
    for what, shown in (*_find_plain(text), *_find_coded(text)):
        if what not in found:
            found.add(what)
            yield what, shown


@cache
def read_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Returns what can be found, each with its pattern, as phrases.txt has them."""
    parts: dict[str, str] = {}
    found: dict[str, list[str]] = {}
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith("let "):
            name, _, pattern = line[4:].partition(" = ")
            parts[f"{{{name}}}"] = pattern
        elif line.startswith("[") and line.endswith("]"):
            found[line[1:-1]] = []
        elif line and not line.startswith("#"):
            found[list(found)[-1]].append(_PART.sub(lambda part: parts[part[0]], line))
    return tuple((what, re.compile("|".join(lines), re.MULTILINE)) for what, lines in found.items())


def _find_plain(text: str) -> Iterator[tuple[str, str]]:
    for read in _readings(text):
        for what, pattern in read_patterns():
            if (match := pattern.search(read)) is not None:
                seen = _any_case(pattern).search(text)  # as it is written, where it is written so plainly
                where, found = (text, seen) if seen else (read, match)
                yield what, excerpt(where, found.start(), found.end() - found.start())


@cache
def _any_case(pattern: re.Pattern[str]) -> re.Pattern[str]:
    return re.compile(pattern.pattern, pattern.flags | re.IGNORECASE)


def _readings(text: str) -> Iterator[str]:
    """Yields `text` as a model may read it: evened out, without signs, a name as words, spelled-out words joined."""
    folded = fold_letters(text)
    even = re.sub(r"[^\S\n]+", " ", re.sub(r"\s*\n\s*", _BREAK, re.sub(r"[’`´]", "'", folded)))
    yield even
    flat = re.sub(r"[*_~\s]+", " ", even)
    if flat != even:
        yield flat
    words = _WORDS.sub(" ", re.sub(r"\s+", " ", _HUMPS.sub(" ", text))).lower()
    if words != flat and " " not in text:
        yield words
    joined = _SPACED.sub(lambda match: re.sub(r"[ .\-_*]", "", match[0]), re.sub(r"\s{2,}", "  ", folded))
    if joined != folded:
        yield joined


def _find_coded(text: str) -> Iterator[tuple[str, str]]:
    """Yields text that is written in base64 or hexadecimal digits: nobody needs that to say what a tool does."""
    for pattern in (_BLOB, _HEX):
        for match in pattern.finditer(text):
            decoded = _decoded(match[0])
            if decoded:
                yield "text in code, which reads", excerpt(decoded, 0, 60)


def _decoded(blob: str) -> str:
    """Returns the text that `blob` is the base64 or hexadecimal spelling of, or ""."""
    if _HEX.fullmatch(blob):
        raw = bytes.fromhex(blob.replace("\\x", ""))
    else:
        try:
            raw = base64.b64decode(
                f"{blob.rstrip('=')}{'=' * (-len(blob.rstrip('=')) % 4)}", altchars=b"-_", validate=True
            )
        except (binascii.Error, ValueError):
            return ""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return ""
    seen = sum(char.isprintable() or char in "\t\n\r" for char in text)
    return text if text and seen >= READABLE * len(text) and " " in text else ""
