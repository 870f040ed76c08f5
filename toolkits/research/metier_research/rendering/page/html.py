"""`report.html`: one self-contained page that works offline: the report, beside it every source with its quotes marked.

Nothing in a text runs or formats: the template escapes all of it, and the page's content security policy allows only
its own style and script, by their hashes. Without the script every citation is still a link to the passage.
"""

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from metier.toolkit import Delivery, Settings
from metier_research.rendering.layout import lay_out
from metier_research.rendering.paper import Source
from metier_research.rendering.showing import one_line

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("metier_research.rendering.page", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_html(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the page of a report as UTF-8; raises InputError when the answer is no report."""
    paper = lay_out(delivery)
    style, script = _asset("page.css"), _asset("page.js")
    page = _ENVIRONMENT.get_template("page.html.j2").render(
        paper=paper,
        words=paper.words,
        targets={anchor for source in paper.sources for anchor in _targets(source)},
        one_line=one_line,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )
    return page.encode()


def _targets(source: Source) -> Iterator[str]:
    """Yields the anchors of the quotes that are marked in the text of a source."""
    for extract in source.extracts:
        for piece in extract.pieces:
            yield from piece.opens


@cache
def _asset(name: str) -> str:
    return (files("metier_research.rendering.page") / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
