"""Bytes to text, strictly: a text that does not decode is an error, never a text with holes."""

import codecs
import re
from typing import Final

from metier.errors import InputError

_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_SAVE_AS: Final = "Save it as UTF-8."


def decode_text(data: bytes, name: str) -> str:
    r"""Returns the text of `data`: UTF-8 or UTF-16 (with or without a mark) or GB18030, with "\n" at the line ends.

    Raises InputError naming the document and the line when it is none of them from beginning to end, or when it
    holds NUL bytes or other control characters.
    """
    text = _decode(data, name)
    bad = _CONTROL.search(text)
    if bad is not None:
        line = text.count("\n", 0, bad.start()) + 1
        raise InputError(
            f"{name}, line {line}: the character U+{ord(bad[0]):04X} does not belong in a text.", hint=_SAVE_AS
        )
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decode(data: bytes, name: str) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_as(data[len(mark) :], encoding, name)
    wide = _guess_wide(data)
    if wide:
        return _decode_as(data, wide, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _decode_chinese(data, error, name)


def _decode_as(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _broken(data, error, name) from error


def _guess_wide(data: bytes) -> str:
    """Returns UTF-16 without a mark by its line ends: every text of several lines has them."""
    sample = data[:4096]
    if b"\n\x00" in sample and sample.find(b"\n\x00") % 2 == 0:
        return "utf-16-le"
    return "utf-16-be" if b"\x00\n" in sample and sample.find(b"\x00\n") % 2 == 0 else ""


def _decode_chinese(data: bytes, error: UnicodeDecodeError, name: str) -> str:
    """Returns GB18030 text, when it is that line by line: a line of UTF-8 among others means two encodings."""
    first = ""
    for number, line in enumerate(data.split(b"\n"), start=1):
        found = _encoding_of(line)
        if found and first and found != first:
            raise InputError(f"{name}, line {number}: the file mixes two encodings (GB18030, UTF-8).", hint=_SAVE_AS)
        first = first or found
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError:
        raise _broken(data, error, name) from error


def _encoding_of(line: bytes) -> str:
    """Returns the encoding that a line can only be in: UTF-8 when that reads as Chinese, else GB18030, or ""."""
    if line.isascii():
        return ""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = line.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" or any(_is_chinese(char) for char in text):
            return encoding
    return ""


def _is_chinese(char: str) -> bool:
    return "\u3000" <= char <= "\u9fff" or "\uff00" <= char <= "\uffef"


def _broken(data: bytes, error: UnicodeDecodeError, name: str) -> InputError:
    line = data.count(b"\n", 0, error.start) + 1
    return InputError(
        f"{name}, line {line}: the text is not {error.encoding.upper()} throughout, nor GB18030.", hint=_SAVE_AS
    )
