"""PDF as a page, by pypdf: the text of every sheet, in its order."""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from typing import Final

from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject, PdfObject, StreamObject

from metier.errors import InputError
from metier_research.pages.page import Page
from metier_research.reading.cleaning import one_line, tidy

MOST_PAGES: Final = 1000
MOST_STEPS: Final = 400_000
"""Steps of drawing that are read of a PDF; a sheet of words has some thousands."""
MOST_SHEET_STEPS: Final = 40_000
MOST_SHEET_BYTES: Final = 4 << 20
_MOST_FORMS: Final = 500
_FOLIO: Final = re.compile(r"\s*(?:[-–—]?\s*\d{1,4}\s*[-–—]?|page\s+\d{1,4}(?:\s+of\s+\d{1,4})?)\s*", re.I)
_LINE: Final = re.compile(r"(?<![\n-])\n(?!\n)")
_UNSPACED_LINE: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
_DATE: Final = re.compile(r"D:(\d{4})(\d{2})?(\d{2})?")
"""PDF 32000-1, section 7.9.4."""
# What pypdf raises on damaged files, besides its own.
_ERRORS: Final = (
    PyPdfError,
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
    EOFError,
    OSError,
    ArithmeticError,
    NotImplementedError,
    ImportError,
    MemoryError,
)


class _TooLongError(Exception):
    """A sheet asks for more work than a sheet of words does."""


def read_pdf(body: bytes, *, url: str) -> Page:
    """Returns the page that a PDF is: the text of its sheets, lines joined, sheets apart by an empty line.

    Sheets beyond MOST_PAGES, and those that ask for more work than words do (MOST_STEPS), are left out. Raises
    InputError for a PDF that is damaged or encrypted, or has no text (scanned).
    """
    with _quiet():
        reader = _open(body)
        sheets, title, dates = _read(reader)
    text = "\n\n".join(filter(None, map(_flow, sheets)))
    if not text:
        raise InputError("The PDF has no text: its pages are pictures.", hint="Run text recognition (OCR) over it.")
    return Page(
        url=url,
        title=one_line(title)[:300] or text.partition("\n")[0][:200],
        text=text,
        published=dates[0],
        modified=dates[1],
    )


def _open(body: bytes) -> PdfReader:
    try:
        reader = PdfReader(BytesIO(body))
        locked = reader.is_encrypted and not reader.decrypt("")
    except _ERRORS as error:
        if b"/Encrypt" in body:
            raise _encrypted() from error
        raise InputError("The PDF is damaged.") from error
    if locked:
        raise _encrypted()
    return reader


def _encrypted() -> InputError:
    return InputError("The PDF is encrypted.", hint="It cannot be read without its password.")


def _read(reader: PdfReader) -> tuple[list[str], str, tuple[str, str]]:
    meter = _Meter()
    try:
        count = min(len(reader.pages), MOST_PAGES)
        about: Mapping[str, object] = reader.metadata or {}
        title = str(about.get("/Title", ""))
        dates = (_date(str(about.get("/CreationDate", ""))), _date(str(about.get("/ModDate", ""))))
    except _ERRORS as error:
        raise InputError("The PDF is damaged.") from error
    return [_read_sheet(reader, number, meter) for number in range(count) if meter.has_room()], title, dates


def _read_sheet(reader: PdfReader, number: int, meter: "_Meter") -> str:
    """Returns the text of a sheet, empty for one that is damaged or too much work: the others are read all the same."""
    try:
        sheet = reader.pages[number]
        if _bytes_of(sheet) > MOST_SHEET_BYTES:
            return ""
        return sheet.extract_text(visitor_operand_before=meter.start_sheet())
    except (*_ERRORS, _TooLongError):
        return ""


class _Meter:
    """Counts the steps of drawing, which is what reading a PDF costs."""

    def __init__(self) -> None:
        self._all = 0
        self._here = 0

    def has_room(self) -> bool:
        """Returns whether another sheet may be read."""
        return self._all < MOST_STEPS

    def start_sheet(self) -> Callable[..., None]:
        """Returns what counts a step, and raises when the sheet has had too many."""
        self._here = 0

        def count(*_: object) -> None:
            self._here += 1
            self._all += 1
            if self._here > MOST_SHEET_STEPS:
                raise _TooLongError

        return count


def _bytes_of(sheet: PageObject) -> int:
    """Returns how much the sheet and the forms that it draws unpack to, each form counted once."""
    contents = sheet.get_contents()
    size = 0 if contents is None else len(contents.get_data())
    seen: set[int] = set()
    waiting = [sheet.get("/Resources")]
    while waiting and size <= MOST_SHEET_BYTES and len(seen) < _MOST_FORMS:
        resources = _resolved(waiting.pop())
        forms = _resolved(resources.get("/XObject")) if isinstance(resources, DictionaryObject) else None
        for form in forms.values() if isinstance(forms, DictionaryObject) else ():
            here = _resolved(form)
            if isinstance(here, StreamObject) and id(here) not in seen and here.get("/Subtype") == "/Form":
                seen.add(id(here))
                size += len(here.get_data())
                waiting.append(here.get("/Resources"))
    return size


def _resolved(value: object) -> object:
    return value.get_object() if isinstance(value, PdfObject) else value


def _flow(sheet: str) -> str:
    """Returns the text of a sheet with its lines joined and without its number; a hyphen at a line's end keeps it."""
    lines = sheet.replace("\r\n", "\n").replace("\x00", "").split("\n")
    while lines and (not lines[0].strip() or _FOLIO.fullmatch(lines[0])):
        lines.pop(0)
    while lines and (not lines[-1].strip() or _FOLIO.fullmatch(lines[-1])):
        lines.pop()
    text = tidy("\n".join(lines))
    return _LINE.sub(" ", _UNSPACED_LINE.sub("", text))


def _date(written: str) -> str:
    """Returns a date as PDF writes it in ISO 8601, as much as there is of it; empty for what is none."""
    found = _DATE.match(written)
    if found is None:
        return ""
    year, month, day = found[1], found[2] or "01", found[3] or "01"
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


@contextmanager
def _quiet() -> Iterator[None]:
    """Keeps what pypdf notes about small faults off the terminal."""
    log = logging.getLogger("pypdf")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)
