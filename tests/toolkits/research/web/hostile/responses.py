"""What hostile servers send that is no page: bombs, redirects, broken answers, data and PDFs."""

import gzip
import zlib
from functools import cache
from typing import Final, Literal

from tests.toolkits.research.reading.sheets import endless_forms, heavy_sheet, make_sheet, ring_of_sheets

MEBIBYTES: Final = 32


@cache
def _zeros() -> bytes:
    return gzip.compress(b"\x00" * (MEBIBYTES << 20), 9, mtime=0)


def gzip_bomb(word: str) -> tuple[str, bytes]:
    """Returns 32 MiB of nothing in 32 KiB."""
    return "gzip", _zeros()


def deflate_bomb(word: str) -> tuple[str, bytes]:
    """Returns the same by the other name."""
    return "deflate", zlib.compress(b"\x00" * (4 << 20), 9)


def bomb_in_bomb(word: str) -> tuple[str, bytes]:
    """Returns a packed packed body, which nobody asked for."""
    return "gzip, gzip", gzip.compress(_zeros(), mtime=0)


def unasked(word: str) -> tuple[str, bytes]:
    """Returns a coding that was not asked for."""
    return "br", b"\x8b\x03\x80" + word.encode()


def no_gzip(word: str) -> tuple[str, bytes]:
    """Returns a body that is not packed as it says."""
    return "gzip", f"<html><p>{word}</p></html>".encode()


def cut_off(word: str) -> tuple[str, bytes]:
    """Returns a packed body without its end."""
    return "gzip", gzip.compress(f"<p>{word}</p>".encode() * 50, mtime=0)[:-12]


BOMBS: Final = (gzip_bomb, deflate_bomb, bomb_in_bomb, unasked, no_gzip, cut_off)

FORBIDDEN: Final = (
    "http://127.0.0.1/",
    "http://127.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0177.0.0.1/",
    "http://0x7f.0.0.1/",
    "http://127.0.0.1./",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://0/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://172.16.0.1/",
    "http://192.168.1.1/",
    "http://100.64.0.1/",
    "http://100.100.100.200/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254:80/",
    "http://[fd00:ec2::254]/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://198.18.0.1/",
    "http://[::1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[64:ff9b::a9fe:a9fe]/",
    "http://[2002:7f00:1::]/",
    "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
    "http://[fc00::1]/",
    "http://[fe80::1]/",
    "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://１２７.0.0.1/",
    "http://inner.example/",
    "http://half.example/",
    "http://user:secret@site.example/",
    "http://site.example@127.0.0.1/",
    "http://127.0.0.1\\@site.example/",
    "http://site.example:22/",
    "http://site.example:6379/",
    "http://",
    "file:///etc/passwd",
    "ftp://site.example/",
    "gopher://127.0.0.1:6379/_x",
    "javascript:alert(1)",
    "data:text/html,<p>x</p>",
    "//127.0.0.1/",
    "?again",
)
"""Where a redirect must not lead. `inner.example` resolves to a private address, `half.example` to one such of two."""

BROKEN: Final = (
    b"",
    b"\r\n\r\n",
    b"nonsense\r\n\r\n",
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 2000 OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 50\r\n\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n<p>x</p>\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffffff\r\n<p>",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: nothing\r\n\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 40_000 + b"\r\n<p>x</p>",
    b"HTTP/1.1 200 OK\r\nX\x00Y: z\r\n\r\n<p>x</p>",
    b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\x00\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    b"\x16\x03\x01\x02\x00",
    b"SSH-2.0-OpenSSH_9.0\r\n",
)

Made = tuple[str, bytes, Literal["page", "error"]]


def laughs(seen: str, secret: str) -> Made:
    """Returns XML whose entities grow."""
    grown = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    return "application/xml", f'<!DOCTYPE x [<!ENTITY l0 "{secret}">{grown}]><x><y>{seen}</y>&l11;</x>'.encode(), "page"


def calling_out(seen: str, secret: str) -> Made:
    """Returns XML that wants a file of this machine and one of another in its text."""
    entities = '<!ENTITY a SYSTEM "file:///etc/passwd"><!ENTITY b SYSTEM "http://127.0.0.1/x">'
    return "text/xml", f"<!DOCTYPE x [{entities}]><x><y>{seen}</y>&a;&b;</x>".encode(), "page"


def deep_json(seen: str, secret: str) -> Made:
    """Returns JSON that is deeper than a parser goes."""
    return "application/json", f'{{"a": "{seen}", "b": {"[" * 50_000}'.encode(), "page"


def long_number(seen: str, secret: str) -> Made:
    """Returns JSON with a number that takes for ever to read."""
    return "application/json", f'{{"a": "{seen}", "b": {"9" * 100_000}}}'.encode(), "page"


def wide_table(seen: str, secret: str) -> Made:
    """Returns a table with one row of very many cells among short ones."""
    return "text/csv", f"{seen},b\n{',' * 20_000}x\n{'1,2' + chr(10):}".encode() + b"3\n" * 2_000, "page"


def long_line(seen: str, secret: str) -> Made:
    """Returns a text without an end of line."""
    return "text/plain", f"{seen} {'x' * 300_000}".encode(), "page"


def noise(seen: str, secret: str) -> Made:
    """Returns bytes that are no text."""
    return "text/plain", bytes(range(1, 9)) * 500, "error"


DATA: Final = (laughs, calling_out, deep_json, long_number, wide_table, long_line, noise)

Sheet = tuple[bytes, Literal["page", "error"]]


def honest_sheet(seen: str) -> Sheet:
    """Returns a PDF with words."""
    return make_sheet(f"The bridge {seen} is old."), "page"


def pictures(seen: str) -> Sheet:
    """Returns a PDF without words."""
    return make_sheet(""), "error"


def cut_sheet(seen: str) -> Sheet:
    """Returns half a PDF."""
    return make_sheet(seen)[:90], "error"


def locked(seen: str) -> Sheet:
    """Returns a PDF that says to be encrypted."""
    return make_sheet(seen).replace(b"/Root", b"/Encrypt 9 0 R/Root"), "error"


def growing(seen: str) -> Sheet:
    """Returns a PDF whose forms draw each other."""
    return endless_forms(), "error"


def heavy(seen: str) -> Sheet:
    """Returns a PDF with one sheet of very many steps."""
    return heavy_sheet(), "error"


def ring(seen: str) -> Sheet:
    """Returns a PDF whose list of sheets holds itself."""
    return ring_of_sheets(), "error"


SHEETS: Final = (honest_sheet, pictures, cut_sheet, locked, growing, heavy, ring)
