"""PDFs, made by hand: the honest, the heavy and the endless."""

import zlib
from collections.abc import Sequence

_FONT = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"


def make_sheet(text: str, *, more: Sequence[str] = (), about: str = "") -> bytes:
    """Returns a PDF with a sheet for each text; `about` is its dictionary of information."""
    texts = (text, *more)
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(texts)))
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(texts)), _FONT]
    for at, one in enumerate(texts):
        lines = b" ".join(b"(%s) Tj 0 -14 Td" % line.encode("cp1252") for line in one.split("\n") if line)
        objects += [_sheet(5 + 2 * at), _stream(b"BT /F1 12 Tf 50 700 Td %s ET" % lines if lines else b"0 0 9 9 re f")]
    return _file([*objects, about.encode()] if about else objects, info=len(objects) + 1 if about else 0)


def heavy_sheet() -> bytes:
    """Returns a PDF of one sheet that unpacks to more than is read of a sheet."""
    words = b"BT /F1 9 Tf (x) Tj ET %" + b"x" * (5 << 20)
    return _file(
        [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R]/Count 1>>", _FONT, _sheet(5), _stream(words)]
    )


def endless_forms() -> bytes:
    """Returns a PDF whose sheet draws a form twice, which draws one twice, and so on: 2^30 in the end."""
    objects = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[4 0 R]/Count 1>>", _FONT, _sheet(5, form=6)]
    objects.append(_stream(b"/X Do /X Do"))
    for at in range(30):
        resources = b"/Resources<</Font<</F1 3 0 R>>/XObject<</X %d 0 R>>>>" % (7 + at)
        objects.append(_stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]" + resources))
    objects.append(
        _stream(
            b"BT /F1 9 Tf (a) Tj ET " * 500, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>>>"
        )
    )
    return _file(objects)


def ring_of_sheets() -> bytes:
    """Returns a PDF whose list of sheets holds itself."""
    return _file([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 900000>>"])


def _sheet(contents: int, *, form: int = 0) -> bytes:
    forms = b"/XObject<</X %d 0 R>>" % form if form else b""
    resources = b"<</Font<</F1 3 0 R>>%s>>" % forms
    return b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources%s>>" % (contents, resources)


def _stream(data: bytes, more: bytes = b"") -> bytes:
    packed = zlib.compress(data, 9)
    return b"<</Length %d/Filter/FlateDecode%s>>\nstream\n%s\nendstream" % (len(packed), more, packed)


def _file(objects: Sequence[bytes], *, info: int = 0) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    about = b"/Info %d 0 R" % info if info else b""
    size = len(objects) + 1
    return out + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (size, table, size, about, len(out))
    )
