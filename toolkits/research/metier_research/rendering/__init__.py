"""Files made from a report. `report.json` is the one source; the rest is rendered from it."""

from metier.late import late
from metier.toolkit import Renderer

__all__ = ["RENDERERS", "show"]

_WITH = "metier_research.rendering."
show = late(f"{_WITH}console", "show")
RENDERERS = (
    Renderer("report.json", late(f"{_WITH}document", "render_json")),
    Renderer("report.html", late(f"{_WITH}page.html", "render_html")),
    Renderer("report.pdf", late(f"{_WITH}print.pdf", "render_pdf")),
    Renderer("report.md", late(f"{_WITH}markdown", "render_markdown")),
)
