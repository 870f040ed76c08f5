"""Reads a file that the user let be read, as pages: one for a document, one for each document of an archive."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from metier.errors import InputError, MetierError
from metier.late import late
from metier_research.files.archives import MOST_DEPTH, Meter, members_of
from metier_research.files.books import read_book
from metier_research.files.kinds import MEDIA_TYPES, Kind, kind_of, suffix_of
from metier_research.files.opening import open_file
from metier_research.files.paging import address_of, make_page
from metier_research.files.recognition.pictures import read_picture
from metier_research.files.recognition.speech import read_speech
from metier_research.files.tables import read_table
from metier_research.pages.page import Page
from metier_research.reading.document import read_document

_HINT: Final = 2_000
_READERS: Final[Mapping[Kind, Callable[[bytes, str], Page]]] = {
    Kind.BOOK: read_book,
    Kind.PICTURE: read_picture,
    Kind.SHEETS: late("metier_research.files.office.sheets", "read_sheets"),
    Kind.SLIDES: late("metier_research.files.office.slides", "read_slides"),
    Kind.SPEECH: read_speech,
    Kind.TABLE: read_table,
    Kind.WORD: late("metier_research.files.office.word", "read_word"),
}


def read_file(path_text: str, folders: Sequence[Path]) -> tuple[Page, ...]:
    """Returns the pages of the file of that name below one of the folders.

    A document is one page. An archive is a page that lists what is in it and a page for each document of it;
    `NAME/MEMBER` is that one alone.

    Raises InputError for a path that leads elsewhere and a file that cannot be read (too big, damaged, encrypted, of
    an unknown kind), MissingError when there is no such file or its kind needs an extra, StorageError.
    """
    opened = open_file(path_text, folders)
    if kind_of(opened.data, opened.name) is not Kind.ARCHIVE:
        if opened.inner:
            raise InputError(f"{opened.name} is no archive: nothing is in it.", hint=f"Name {opened.name} itself.")
        return (read_bytes(opened.data, opened.name),)
    pages = tuple(_read_archive(opened.data, opened.name, Meter(), 1))
    if not opened.inner:
        return pages
    wanted = address_of(f"{opened.name}/{opened.inner}")
    found = tuple(page for page in pages if page.url == wanted or page.url.startswith(f"{wanted}/"))
    if not found:
        raise InputError(
            f"{opened.name} has no document {opened.inner!r} that can be read.", hint=pages[0].text[:_HINT]
        )
    return found


def read_bytes(data: bytes, name: str) -> Page:
    """Returns the page of one document of that name; raises InputError or MissingError as `read_file` does."""
    kind = kind_of(data, name)
    if kind is Kind.OLD_OFFICE:
        raise InputError(
            f"{name} is a file of an old or locked office program.",
            hint="Save it unlocked as DOCX, XLSX, PPTX or PDF.",
        )
    if kind in _READERS:
        return _READERS[kind](data, name)
    try:
        return read_document(data, url=address_of(name), kind=MEDIA_TYPES.get(suffix_of(name), "text/plain"))
    except InputError as error:
        raise InputError(f"{name}: {error.message}", hint=error.hint) from error


def _read_archive(data: bytes, name: str, meter: Meter, depth: int) -> Iterator[Page]:
    pages: list[Page] = []
    lines: list[str] = []
    for member, body in members_of(data, name, meter):
        try:
            read = tuple(_read_member(body, f"{name}/{member}", meter, depth))
        except MetierError as error:
            lines.append(f"- {member}: not read. {error.message}")
        else:
            pages += read
            lines.append(f"- {member}: {sum(len(page.text) for page in read):,} characters")
    yield make_page(name, "\n".join((f"Contents of {name}:", "", *(lines or ["- nothing"]))), title=name)
    yield from pages


def _read_member(data: bytes, name: str, meter: Meter, depth: int) -> Iterator[Page]:
    if kind_of(data, name) is not Kind.ARCHIVE:
        yield read_bytes(data, name)
    elif depth < MOST_DEPTH:
        yield from _read_archive(data, name, meter, depth + 1)
    else:
        raise InputError("An archive within an archive within an archive.")
