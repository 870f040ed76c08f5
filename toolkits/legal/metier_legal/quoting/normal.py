"""A text as quotes are compared in it, with the place of every sign in the text as it was. Pure; linear time."""

import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from metier_legal.quoting.numbers import find_numerals
from metier_legal.quoting.signs import (
    CLOSERS,
    DASHES,
    ELLIPSIS,
    LINE_HYPHEN,
    MEASURES,
    NOTE,
    OPENERS,
    PLAIN,
    PLAIN_CHINESE,
    STAR,
    TOKEN,
    compose,
    is_cjk,
    is_dropped_in_chinese,
)

REMEMBERED: Final = 256
SEPARATOR: Final = "、"
_MARK_SIGNS: Final = "[〔*"


@dataclass(frozen=True, slots=True)
class Normal:
    """The normalised text; sign i of it came from `original[offsets[i]:ends[i]]`."""

    text: str
    offsets: tuple[int, ...]
    ends: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Returns where `text[start:end]`, which is not empty, stands in the original."""
        return self.offsets[start], self.ends[end - 1]


@dataclass(slots=True)
class _Writer:
    pieces: list[str] = field(default_factory=list)
    offsets: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    last: str = ""

    def copy(self, text: str, start: int) -> None:
        """Writes text that stands so in the original."""
        if text:
            self.pieces.append(text)
            self.offsets.extend(range(start, start + len(text)))
            self.ends.extend(range(start + 1, start + len(text) + 1))
            self.last = text[-1]

    def put(self, text: str, start: int, end: int) -> None:
        """Writes text that stands for `original[start:end]`."""
        if text:
            self.pieces.append(text)
            self.offsets.extend([start] * len(text))
            self.ends.extend([end] * len(text))
            self.last = text[-1]

    def stretch(self, end: int) -> None:
        """Lets the last sign reach to `end`: what follows it there is part of it."""
        if self.ends:
            self.ends[-1] = end

    def close(self) -> Normal:
        """Returns what was written."""
        return Normal("".join(self.pieces), tuple(self.offsets), tuple(self.ends))


@lru_cache(maxsize=REMEMBERED)
def normalise(text: str, *, language: str, marks: bool = True, joined: bool = True) -> Normal:
    """Returns the text in NFKC with white space, zero-width signs, quotes, dashes and full-width forms made one.

    Page stars and note marks are dropped unless `marks` is False; a hyphen at a line end is dropped, or kept when
    `joined` is False. Chinese also drops punctuation and white space and writes numerals by value. In other languages
    white space is one space, so that words stay apart. Negations, modals and number values are never touched.
    """
    if marks and not any(sign in text for sign in _MARK_SIGNS):
        return normalise(text, language=language, marks=False, joined=joined)
    skipped = _skipped(text, marks, joined)
    return _normalise_chinese(text, skipped) if is_cjk(language) else _normalise_spaced(text, skipped)


def _skipped(text: str, marks: bool, joined: bool) -> dict[int, tuple[int, str]]:
    """Returns what stands for nothing, by its start: its end and what is written in its place."""
    found = {match.start(): (match.end(), "" if joined else "-") for match in LINE_HYPHEN.finditer(text)}
    if marks:
        found |= {match.start(): (match.end(), "") for match in NOTE.finditer(text)}
        found |= {match.start(): (match.end(), "") for match in STAR.finditer(text)}
    return found


def _normalise_spaced(text: str, skipped: dict[int, tuple[int, str]]) -> Normal:
    out, at, size = _Writer(), 0, len(text)
    while at < size:
        if at in skipped:
            end, written = skipped[at]
            out.put(written, at, end)
            at = end
            continue
        plain = None if text[at] == " " else PLAIN.match(text, at)  # which space is kept depends on what is before
        if plain is not None:
            out.copy(plain[0], at)
            at = plain.end()
            continue
        match = TOKEN.match(text, at)
        if match is None:  # cannot be: every sign is a token
            break
        _write_spaced(out, text, match.lastgroup or "", at, match.end())
        at = match.end()
    return out.close()


def _write_spaced(out: _Writer, text: str, kind: str, start: int, end: int) -> None:
    if kind == "word":
        out.copy(text[start:end], start)
    elif kind == "dots":
        out.put(ELLIPSIS, start, end)
    elif kind == "white":
        if _is_space_kept(out, text[end : end + 2]):
            out.put(" ", start, end)
    else:
        _write_sign(out, text, start)


def _is_space_kept(out: _Writer, following: str) -> bool:
    if out.last in ("", " ", "-", *OPENERS):
        return False
    if following[:1] in DASHES:
        return False
    if following[:1] in CLOSERS:
        return following[0] == "." and following[1:].isdigit()
    return not (following[:1] == "(" and out.last == ")")


def _write_sign(out: _Writer, text: str, at: int) -> None:
    sign = text[at]
    if unicodedata.combining(sign) and out.pieces:
        _combine(out, sign, at)
        return
    if unicodedata.category(sign) == "No" and sign.isdigit() and _is_note_mark(text, at):
        return
    written = compose(sign)
    if written in ("-", "'") and out.last == written:
        out.stretch(at + 1)
    elif written.isspace():
        if _is_space_kept(out, text[at + 1 : at + 3]):
            out.put(" ", at, at + 1)
    else:
        out.put(written, at, at + 1)


def _combine(out: _Writer, sign: str, at: int) -> None:
    whole = unicodedata.normalize("NFKC", out.last + sign)
    if len(whole) == 1:
        out.pieces[-1] = out.pieces[-1][:-1] + whole
        out.last = whole
        out.stretch(at + 1)
    else:
        out.put(sign, at, at + 1)


def _is_note_mark(text: str, at: int) -> bool:
    """Returns whether a raised number marks a note: after a word or its stop, and not after a measure (m²)."""
    before = text[max(0, at - 4) : at]
    raised = before.rstrip("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return bool(raised) and not raised[-1].isdigit() and not raised[-1].isspace() and not MEASURES.search(raised)


def _normalise_chinese(text: str, skipped: dict[int, tuple[int, str]]) -> Normal:
    numerals = {numeral.start: numeral for numeral in find_numerals(text)}
    out, at, size = _Writer(), 0, len(text)
    counted = gap = False  # the last sign written is a number's; something was dropped after it
    while at < size:
        if at in skipped:
            at = skipped[at][0]
            gap = True
        elif (numeral := numerals.get(at)) is not None:
            if counted and gap:
                out.put(SEPARATOR, at, at + 1)
            out.put(numeral.written, at, numeral.end)
            at, counted, gap = numeral.end, True, False
        elif (plain := PLAIN_CHINESE.match(text, at)) is not None:
            out.copy(plain[0], at)
            at, counted, gap = plain.end(), False, False
        else:
            written = "".join(one for one in compose(text[at]) if not is_dropped_in_chinese(one))
            if written and gap and _are_latin(out.last, written):
                out.put(" ", at, at)
            out.put(written, at, at + 1)
            counted, gap, at = counted and not written, not written, at + 1
    return out.close()


def _are_latin(before: str, after: str) -> bool:
    return before.isascii() and before.isalpha() and after[0].isascii() and after[0].isalpha()
