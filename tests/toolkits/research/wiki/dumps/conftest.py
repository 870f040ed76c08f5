import lzma
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import zstandard

SITE = """<siteinfo><sitename>Elmpedia</sitename><base>https://elm.example.org/wiki/Main_Page</base>
<case>first-letter</case><namespaces><namespace key="0" case="first-letter" />
<namespace key="6" case="first-letter">Datei</namespace>
<namespace key="14" case="first-letter">Kategorie</namespace></namespaces></siteinfo>"""


def export(*pages: str, site: str = SITE) -> bytes:
    head = '<mediawiki xmlns="http://www.mediawiki.org/xml/export-0.11/" version="0.11" xml:lang="en">'
    return f"{head}\n{site}\n{''.join(pages)}</mediawiki>\n".encode()


def xml_page(title: str, *texts: str, ns: int = 0, redirect: str = "", model: str = "wikitext") -> str:
    """Returns a page with a revision for each text, each a year newer than the one before."""
    revisions = "".join(
        f"<revision><id>{year}</id><timestamp>20{year:02}-05-06T07:08:09Z</timestamp><model>{model}</model>"
        f"<format>text/x-wiki</format><text bytes='1' xml:space='preserve'>{escape(text)}</text></revision>"
        for year, text in enumerate(texts, 10)
    )
    leads = f"<redirect title='{escape(redirect)}' />" if redirect else ""
    return f"<page><title>{escape(title)}</title><ns>{ns}</ns><id>1</id>{leads}{revisions}</page>"


def zim(
    entries: Sequence[tuple[str, str, str, bytes | str]], *, method: int = 5, wide: bool = False, minor: int = 1
) -> bytes:
    """Returns a ZIM file: entries are (namespace, path, title, body), where a body of `str` is a path led to.

    Each cluster has two blobs. Entries are in the order of namespace and path, as the format wants them.
    """
    entries = sorted(entries, key=lambda entry: (entry[0], entry[1]))
    types = ["text/html", "text/plain"]
    bodies = [(at, body) for at, (*_, body) in enumerate(entries) if isinstance(body, bytes)]
    clusters = [[body for _, body in bodies[at : at + 2]] for at in range(0, len(bodies), 2)]
    blob_of = {index: divmod(at, 2) for at, (index, _) in enumerate(bodies)}
    packed = [_pack(cluster, method, wide=wide) for cluster in clusters]
    indexes = {(namespace, path): at for at, (namespace, path, *_) in enumerate(entries)}
    dirents = []
    for at, (namespace, path, title, body) in enumerate(entries):
        names = path.encode() + b"\0" + (b"" if title == path else title.encode()) + b"\0"
        if isinstance(body, str):
            target = indexes.get((namespace, body), 0xFFFFFF)
            dirents.append(struct.pack("<HBcII", 0xFFFF, 0, namespace.encode(), 0, target) + names)
        else:
            kind = types.index("text/plain" if namespace == "M" else "text/html")
            dirents.append(struct.pack("<HBcIII", kind, 0, namespace.encode(), 0, *blob_of[at]) + names)
    mime = b"".join(kind.encode() + b"\0" for kind in types) + b"\0"
    paths_at = 80 + len(mime)
    clusters_at = paths_at + 8 * len(dirents)
    at = clusters_at + 8 * len(packed)
    positions = []
    for piece in (*dirents, *packed):
        positions.append(at)
        at += len(piece)
    table = struct.pack(f"<{len(positions)}Q", *positions)
    head = (b"ZIM\x04", 6, minor, b"u" * 16, len(dirents), len(packed), paths_at, 0, clusters_at, 80, 0, 0, at)
    return struct.pack("<4sHH16sIIQQQQIIQ", *head) + mime + table + b"".join((*dirents, *packed))


def _pack(blobs: Sequence[bytes], method: int, *, wide: bool) -> bytes:
    size, form = (8, "Q") if wide else (4, "I")
    starts = [size * (len(blobs) + 1)]
    for blob in blobs:
        starts.append(starts[-1] + len(blob))
    data = struct.pack(f"<{len(starts)}{form}", *starts) + b"".join(blobs)
    squeeze = {1: bytes, 4: lzma.compress, 5: zstandard.ZstdCompressor().compress}[method]
    return bytes([method | (0x10 if wide else 0)]) + squeeze(data)


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Path]:
    def write_file(name: str, data: bytes) -> Path:
        path = tmp_path / "dump" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return path

    return write_file


@pytest.fixture(scope="session", name="export")
def export_fixture() -> Callable[..., bytes]:
    return export


@pytest.fixture(scope="session", name="xml_page")
def xml_page_fixture() -> Callable[..., str]:
    return xml_page


@pytest.fixture(scope="session", name="zim")
def zim_fixture() -> Callable[..., bytes]:
    return zim
