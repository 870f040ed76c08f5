"""Opening a document to verify, of whatever kind it is."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from metier.errors import InputError, MissingError, StorageError
from metier.late import late
from metier_legal.intake.texts.decoding import decode_text
from metier_legal.intake.texts.hidden import strip_unseen
from metier_legal.review.document import Block, Document, make_document, tell_hidden
from metier_legal.review.files.markdown import read_markdown

MOST_BYTES: Final = 64 * 1024 * 1024
MOST_CHARACTERS: Final = 16 * 1024 * 1024
KINDS: Final = ".docx, .pdf, .md, .txt"

_MARKDOWN: Final = (".md", ".markdown", ".mdown")
_ZIP: Final = b"PK\x03\x04"
_OLD_WORD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

# Reading Word and PDF files takes libraries that a text does not need.
_read_word: Callable[[bytes, str], Document] = late("metier_legal.review.files.word", "read_word")
_read_pdf: Callable[[bytes, str], Document] = late("metier_legal.review.files.pdf", "read_pdf")


def read_document(path: Path) -> Document:
    """Returns the document in a file: DOCX, PDF, Markdown or plain text in UTF-8, UTF-16 or GB18030.

    The kind is told by the bytes, not by the name; only Markdown is told by its name.

    Raises:
      MissingError: there is no such file.
      StorageError: it cannot be read.
      InputError: it is too large, empty, damaged, encrypted, without text, or of another kind.
    """
    return parse_document(_read_bytes(path), path.name)


def parse_document(data: bytes, name: str) -> Document:
    """Returns the document that the bytes of the file `name` hold; raises InputError as `read_document` does."""
    if not data.strip():
        raise InputError(f"{name} is empty.", hint="Name the file that you want to check.")
    if data.startswith(_ZIP):
        document = _read_word(data, name)
    elif b"%PDF-" in data[:1024]:
        document = _read_pdf(data, name)
    elif data.startswith(_OLD_WORD):
        raise InputError(
            f"{name} is an encrypted or an old Word file (.doc).", hint="Save it as .docx, without a password."
        )
    else:
        document = _read_text(data, name)
    if len(document.text) > MOST_CHARACTERS:
        raise InputError(f"{name} has more than {MOST_CHARACTERS >> 20} million characters.", hint="Split it.")
    if not document.text.strip():
        raise InputError(f"{name} has no text.", hint=f"Use {KINDS} with text in it.")
    return document


def _read_bytes(path: Path) -> bytes:
    if not path.exists():
        raise MissingError(f"There is no {path}.", hint="Check the path.")
    if not path.is_file():
        raise InputError(f"{path} is no file.", hint=f"Name one: {KINDS}.")
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.", hint="Check who may read it.") from error
    if len(data) > MOST_BYTES:
        raise InputError(f"{path.name} is larger than {MOST_BYTES >> 20} MB.", hint="Split it.")
    return data


def _read_text(data: bytes, name: str) -> Document:
    text, unseen = strip_unseen(decode_text(data, name).replace("\f", "\n\n"))
    if name.lower().endswith(_MARKDOWN):
        return read_markdown(text, unseen)
    blocks = [Block(part.strip("\n")) for part in _split_blank(text)]
    return make_document(blocks, tell_hidden(unseen))


def _split_blank(text: str) -> list[str]:
    parts: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.strip():
            parts[-1].append(line)
        elif parts[-1]:
            parts.append([])
    return ["\n".join(lines) for lines in parts]
