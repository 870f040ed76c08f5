"""The ZIP that an office document or book is, held against its size and its XML before a library unpacks it."""

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from lxml import etree

from metier.errors import InputError

MOST_MEMBERS: Final = 5_000
MOST_UNPACKED: Final = 256 * 1024 * 1024
MOST_RATIO: Final = 200
RATIO_FROM: Final = 8 * 1024 * 1024

_HINT: Final = "Open it in its own program and save it anew."
_MARKUP: Final = (".xml", ".rels", ".vml", ".opf", ".ncx")
_DECLARATION: Final = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_DAMAGE: Final = (  # what the libraries raise for a damaged document: they say no more exactly
    *(zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError),
    *(etree.LxmlError, LookupError, ValueError, TypeError, AttributeError, AssertionError, OSError, OverflowError),
)


@contextmanager
def opened_package(data: bytes, name: str, *, damage: tuple[type[Exception], ...] = ()) -> Iterator[zipfile.ZipFile]:
    """Gives the archive; `damage` are the errors of a library that reads it, besides the usual ones.

    Raises InputError when it is damaged or encrypted, unpacks to far more than its size allows, or declares a document
    type; and for what goes wrong while it is read.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_sizes(archive.infolist(), len(data), name)
            for member in archive.infolist():
                if member.filename.lower().endswith(_MARKUP):
                    _check_markup(archive.read(member), name)
            yield archive
    except InputError:
        raise
    except (*_DAMAGE, *damage) as error:
        raise InputError(f"{name} is damaged and cannot be read.", hint=_HINT) from error


def check_sizes(members: list[zipfile.ZipInfo], packed: int, name: str) -> None:
    """Raises InputError for an archive with too many members, too much in them, or one that is encrypted."""
    size = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or size > MOST_UNPACKED or (size > RATIO_FROM and size > MOST_RATIO * packed):
        raise InputError(f"{name} unpacks to far more than its size allows; it was not read.", hint=_HINT)
    if any(member.flag_bits & 1 for member in members):
        raise InputError(f"{name} is encrypted.", hint="Save it without a password.")


def parse_markup(data: bytes) -> etree._Element:
    """Returns the root of XML in which no entity is resolved and nothing is fetched; raises etree.LxmlError."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(data, parser)


def _check_markup(data: bytes, name: str) -> None:
    if any(declaration in data for declaration in _DECLARATION):
        raise InputError(f"{name} declares a document type, which no such file needs; it was not read.", hint=_HINT)
