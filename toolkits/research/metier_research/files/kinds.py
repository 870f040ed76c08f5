"""What a file is: by its bytes first, by its name where bytes do not say. Pure."""

import zipfile
import zlib
from enum import StrEnum
from io import BytesIO
from pathlib import PurePosixPath
from typing import Final

from metier_research.files.books import MEDIA_TYPE


class Kind(StrEnum):
    """What reads a file."""

    ARCHIVE = "archive"
    BOOK = "book"
    DOCUMENT = "document"
    OLD_OFFICE = "old office"
    PICTURE = "picture"
    SHEETS = "sheets"
    SLIDES = "slides"
    SPEECH = "speech"
    TABLE = "table"
    WORD = "word"


_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*")
_SPEECH: Final = (b"ID3", b"OggS", b"fLaC", b"\x1aE\xdf\xa3")
_RIFF: Final = {b"WAVE": Kind.SPEECH, b"AVI ": Kind.SPEECH, b"WEBP": Kind.PICTURE}
_PARTS: Final = {
    "word/document.xml": Kind.WORD,
    "ppt/presentation.xml": Kind.SLIDES,
    "xl/workbook.xml": Kind.SHEETS,
}
_NAMES: Final = {".csv": Kind.TABLE, ".tsv": Kind.TABLE, ".tab": Kind.TABLE, ".mp3": Kind.SPEECH, ".aac": Kind.SPEECH}

MEDIA_TYPES: Final = {
    ".htm": "text/html",
    ".html": "text/html",
    ".xhtml": "application/xhtml+xml",
    ".json": "application/json",
    ".xml": "application/xml",
    ".pdf": "application/pdf",
}
"""What the name of a document says of its kind; all others are plain text."""


def suffix_of(name: str) -> str:
    """Returns the ending of a name in small letters, with its dot."""
    return PurePosixPath(name).suffix.lower()


def kind_of(data: bytes, name: str) -> Kind:
    """Returns what reads the file. A damaged office document is an archive here, and refused as one."""
    if data.startswith(_ZIP):
        return _packed_kind(data)
    if data.startswith(_OLD):
        return Kind.OLD_OFFICE
    if data.startswith(b"RIFF"):
        return _RIFF.get(data[8:12], Kind.DOCUMENT)
    if data.startswith(_PICTURES):
        return Kind.PICTURE
    if data.startswith(_SPEECH) or data[4:8] == b"ftyp":
        return Kind.SPEECH
    return _NAMES.get(suffix_of(name), Kind.DOCUMENT)


def _packed_kind(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = frozenset(archive.namelist())
            if "mimetype" in names and _is_book(archive):
                return Kind.BOOK
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError):
        return Kind.ARCHIVE
    return next((kind for part, kind in _PARTS.items() if part in names), Kind.ARCHIVE)


def _is_book(archive: zipfile.ZipFile) -> bool:
    with archive.open("mimetype") as file:
        return file.read(len(MEDIA_TYPE)) == MEDIA_TYPE
