"""PDF as text, page by page."""

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from metier.errors import InputError
from metier_legal.intake.texts.hidden import strip_unseen
from metier_legal.review.document import Block, Document, Kind, make_document, tell_hidden

MOST_PAGES: Final = 3000
_FOLIO: Final = re.compile(
    r"\s*(?:[-–—]?\s*\d{1,4}\s*[-–—]?|page\s+\d{1,4}(?:\s+of\s+\d{1,4})?|第\s*\d{1,4}\s*页.{0,12})\s*", re.I
)
_CJK_BREAK: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])[ \t]*\n[ \t]*(?=[\u3000-\u9fff\uff00-\uffef])")
_LINE: Final = re.compile(r"(?<![-\n])\n(?!\n)")
_HINT: Final = "Print it to a new PDF, or give the document as .docx."
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


def read_pdf(data: bytes, name: str) -> Document:
    """Returns the document in the bytes of a PDF, a block a page; page numbers at its top or foot are left out.

    Raises InputError for a PDF that is damaged, encrypted, too long, or has no text (scanned).
    """
    with _quiet():
        pages = _read_pages(data, name)
    if not any(page.strip() for page in pages):
        raise InputError(
            f"{name} has no text: its pages are pictures.", hint="Run text recognition (OCR) over it first."
        )
    hidden = 0
    blocks = []
    for number, page in enumerate(pages, 1):
        text, unseen = strip_unseen(page)
        hidden += unseen
        blocks.append(Block(_flow(text), number, Kind.PAGE))
    return make_document(blocks, tell_hidden(hidden))


def _read_pages(data: bytes, name: str) -> list[str]:
    try:
        reader = PdfReader(BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
        pages = [page.extract_text() for page in reader.pages] if count <= MOST_PAGES and not locked else []
    except _ERRORS as error:
        if b"/Encrypt" in data:
            raise _encrypted(name) from error
        raise InputError(f"{name} is a damaged PDF.", hint=_HINT) from error
    if locked:
        raise _encrypted(name)
    if count > MOST_PAGES:
        raise InputError(f"{name} has {count} pages, more than {MOST_PAGES}.", hint="Split it.")
    return pages


def _encrypted(name: str) -> InputError:
    return InputError(f"{name} is encrypted.", hint="Save it without a password.")


def _flow(page: str) -> str:
    """Returns the text of a page with its lines joined; a hyphen at the end of a line keeps its line end."""
    lines = page.replace("\r\n", "\n").replace("\x00", "").split("\n")
    while lines and (not lines[0].strip() or _FOLIO.fullmatch(lines[0])):
        lines.pop(0)
    while lines and (not lines[-1].strip() or _FOLIO.fullmatch(lines[-1])):
        lines.pop()
    text = re.sub(r"\n[ \t]*(?:\n[ \t]*)+", "\n\n", "\n".join(lines))
    return _LINE.sub(" ", _CJK_BREAK.sub("", text))


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
