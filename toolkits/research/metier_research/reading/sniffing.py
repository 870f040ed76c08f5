"""What a body of bytes is, by its bytes first and by what its sender called it second (WHATWG MIME Sniffing). Pure."""

import codecs
import re
from enum import StrEnum
from typing import Final

from charset_normalizer import from_bytes

from metier.errors import InputError

_LOOKED_AT: Final = 1024
_MARKED: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_BINARY: Final = (
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"\x89PNG\r\n\x1a\n", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"RIFF", "a picture, sound or film"),
    (b"ID3", "a sound"),
    (b"OggS", "a sound"),
    (b"\x00\x00\x01\x00", "a picture"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"\x00asm", "a program"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old office document"),
    (b"SQLite format 3\x00", "a database"),
)
_HTML: Final = re.compile(
    rb"\s*(?:<!--.{0,900}?-->\s*|<\?xml[^>]{0,200}\?>\s*)*<(?:!doctype\s+html|html|head|body|script|title|meta|div|table|h1|p|a)[\s>/]",
    re.I | re.S,
)
_XML: Final = re.compile(rb"\s*<\?xml|\s*<[A-Za-z_][\w:.-]*[\s/>]")
_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_META: Final = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{1,40})", re.I)
_DECLARED: Final = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{1,40})")
# WHATWG Encoding: what a label means on the web, where that is not what it says.
_MEANT: Final = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-16-le",
}
_KNOWN: Final = re.compile(
    r"utf-8|utf-16-[lb]e|gb18030|big5(?:hkscs)?|cp932|euc_jp|iso2022_jp|cp949|koi8-[ru]|cp866|cp874|mac-(?:roman|cyrillic)"
    r"|iso8859-(?:[2-8]|1[03456])|cp125[0-8]"
)
_GUESSED_FROM: Final = 64 << 10


class Kind(StrEnum):
    """What a document is read as."""

    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    XML = "xml"
    TABLE = "table"
    TEXT = "text"


def sniff(body: bytes, declared: str) -> Kind:
    """Returns what the body is read as; `declared` is the media type that came with it, or empty.

    Raises InputError for an empty body and for one that is no text: a picture, an archive, a program.
    """
    head = body[:_LOOKED_AT]
    if not body.strip():
        raise InputError("The document is empty.")
    if b"%PDF-" in head:
        return Kind.PDF
    _refuse_magic(head)
    marked = next((mark for mark, _ in _MARKED if head.startswith(mark)), b"")
    shown = head.removeprefix(marked).replace(b"\x00", b"")
    is_html = _HTML.match(shown) is not None
    if not is_html and not marked and _is_noise(head):
        raise _nothing_to_read("no text")
    if is_html or declared in ("text/html", "application/xhtml+xml"):
        return Kind.HTML
    return _named(declared, shown)


def decode(body: bytes, charset: str = "") -> str:
    """Returns the body as text: by its byte order mark, by what it is said to be in, or else by what it looks like.

    What it is said to be is tried first and believed when it fits, as the Encoding Standard means the name. A body
    that is UTF-8 throughout is UTF-8, whatever it is called. Bytes that are no text become U+FFFD.
    """
    for mark, name in _MARKED:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    told = [name for name in (_known(charset), *map(_known, _within(body[:_LOOKED_AT]))) if name]
    for name in ("utf-8", *told):
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode(_guess(body) or (told[0] if told else "cp1252"), "replace")


def _named(declared: str, head: bytes) -> Kind:
    if declared in ("text/csv", "text/tab-separated-values"):
        return Kind.TABLE
    if declared.endswith(("/json", "+json")):
        return Kind.JSON
    if declared.endswith(("/xml", "+xml")) or (not declared.startswith("text/") and _XML.match(head)):
        return Kind.XML
    return Kind.XML if head.lstrip().startswith(b"<?xml") else Kind.TEXT


def _refuse_magic(head: bytes) -> None:
    what = next((what for magic, what in _BINARY if head.startswith(magic)), "")
    if head[4:8] == b"ftyp":
        what = "a film, a sound or a picture"
    if what:
        raise _nothing_to_read(what)


def _nothing_to_read(what: str) -> InputError:
    return InputError(f"The document is {what}: there is nothing to read as a page.", hint="Read it as a file.")


def _is_noise(head: bytes) -> bool:
    """Returns whether more than a tenth of the bytes are control characters: a stray one does not make it no text."""
    return len(_CONTROL.findall(head)) * 10 > len(head)


def _within(head: bytes) -> list[str]:
    return [found[1].decode("ascii") for pattern in (_META, _DECLARED) if (found := pattern.search(head))]


def _known(label: str) -> str:
    """Returns Python's name of a charset that the web uses, empty for others: a label could name any of its codecs."""
    if not label.isascii() or len(label) > 40:
        return ""
    try:
        name = codecs.lookup(label.strip()).name
    except (LookupError, ValueError):
        return ""
    name = _MEANT.get(name, name)
    return name if _KNOWN.fullmatch(name) else ""


def _guess(body: bytes) -> str:
    """Returns what the bytes look like: of charsets that fit as well, the one that the web takes for granted."""
    found = from_bytes(body[:_GUESSED_FROM])
    best = found.best()
    if best is None:
        return ""
    usual = next((one for one in found if one.encoding == "cp1252"), best)
    return _known((usual if usual.chaos <= best.chaos else best).encoding)
