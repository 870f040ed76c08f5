"""Files made from a memo. `memo.json` is the one source; the rest is rendered from it."""

from metier.late import late
from metier.toolkit import Delivery, Renderer, Settings
from metier_legal.rendering.document import FILENAME, document_of, encode_document, memo_of

__all__ = ["RENDERERS", "render_certificate", "render_json", "show"]


def render_json(delivery: Delivery, settings: Settings) -> bytes:
    """Returns `memo.json`: the memo, its authorities, the verification report, the verdict and the evidence."""
    return encode_document(document_of(delivery))


def render_certificate(delivery: Delivery, settings: Settings) -> bytes:
    """Returns `certificate.json`: what the verdict rests on, so that it can be found again offline."""
    memo_of(delivery)
    certificate: bytes = _certify(delivery)
    return certificate


_certify = late("metier_legal.certificate", "make_certificate")
_WITH = "metier_legal.rendering."
show = late(f"{_WITH}console", "show")
RENDERERS = (
    Renderer(FILENAME, render_json),
    Renderer("memo.html", late(f"{_WITH}page.html", "render_html")),
    Renderer("memo.docx", late(f"{_WITH}office.word", "render_docx")),
    Renderer("memo.pdf", late(f"{_WITH}print.pdf", "render_pdf")),
    Renderer("memo.md", late(f"{_WITH}markdown", "render_markdown")),
    Renderer("certificate.json", render_certificate),
)
