"""Files made from a memo. `memo.json` is the one source; the rest is rendered from it."""

from metier.late import late
from metier.toolkit import Delivery, Renderer, Settings
from metier_legal.rendering.document import FILENAME, document_of, encode_document

__all__ = ["RENDERERS", "render_json", "show"]


def render_json(delivery: Delivery, settings: Settings) -> bytes:
    """Returns `memo.json`: the memo, its authorities, the verification report, the verdict and the evidence."""
    return encode_document(document_of(delivery))


_WITH = "metier_legal.rendering."
show = late(f"{_WITH}console", "show")
RENDERERS = (
    Renderer(FILENAME, render_json),
    Renderer("memo.html", late(f"{_WITH}page.html", "render_html")),
    Renderer("memo.docx", late(f"{_WITH}office.word", "render_docx")),
    Renderer("memo.pdf", late(f"{_WITH}print.pdf", "render_pdf")),
    Renderer("memo.md", late(f"{_WITH}markdown", "render_markdown")),
)
