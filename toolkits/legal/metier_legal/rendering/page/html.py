"""`memo.html`: one self-contained page that works offline: the memo, and beside it every source with its quotes marked.

Nothing in a text runs or formats: the template escapes all of it, and the page's content security policy allows only
its own style and script, by their hashes. Without the script every citation is still a link to the passage.
"""

from base64 import b64encode
from hashlib import sha256
from importlib.resources import files
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from metier.toolkit import Delivery, Settings
from metier_legal.law.case import HOLDING_PARTS
from metier_legal.records import ProvisionRecord, digest_text
from metier_legal.rendering.authorities.entry import CaseEntry, Force
from metier_legal.rendering.layout import lay_out
from metier_legal.rendering.listing import groups_of, row_of
from metier_legal.rendering.page.passages import cut_source
from metier_legal.rendering.paper import Note, Paper, Source
from metier_legal.rendering.wording import phrases
from metier_legal.rendering.wording.cleaning import one_line

_ENVIRONMENT: Final = Environment(
    loader=PackageLoader("metier_legal.rendering.page", "assets"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_html(delivery: Delivery, settings: Settings) -> bytes:
    """Returns the page of a memo as UTF-8."""
    paper = lay_out(delivery)
    style, script = _asset("page.css"), _asset("page.js")
    page = _ENVIRONMENT.get_template("page.html.j2").render(
        paper=paper,
        words=paper.words,
        groups=groups_of(paper),
        sources=[_source(number, source, paper) for number, source in enumerate(paper.sources, start=1)],
        targets={note.number: _target(note, paper) for note in paper.notes},
        phrases=phrases,
        style=style,
        script=script,
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
    )
    return page.encode()


def _target(note: Note, paper: Paper) -> str:
    """Returns the anchor of a citation: its passage, else its source, else its row in the table."""
    if note.spans:
        return f"q-{note.number}"
    found = [number for number, source in enumerate(paper.sources, start=1) if note in source.notes]
    return f"source-{found[0]}" if found else f"authority-{note.entry}"


def _source(number: int, source: Source, paper: Paper) -> dict[str, object]:
    record, entry, words = source.record, paper.authorities[source.entry - 1], paper.words
    row = row_of(source.entry, paper)
    shown: dict[str, object] = {
        "row": row,
        "lines": row.lines,
        "force": row.force,
        "number": number,
        "display": source.display,
        "places": source.places,
        "origin": one_line(source.evidence.source),
        "sha256": digest_text(source.evidence.text),
        "pieces": cut_source(source),
        "url": "",
    }
    if isinstance(record, ProvisionRecord):
        heading = " · ".join(one_line(part) for part in (*record.path, record.heading) if part.strip())
        return shown | {"heading": heading, "url": one_line(record.work.source_url), "lang": record.work.language}
    if isinstance(entry, CaseEntry):
        own = next(one for one in entry.passages if one.evidence == source.evidence.id)
        shown |= {"lines": (phrases.court_of(entry, words), phrases.passage_line(own, words))}
        if own.part not in HOLDING_PARTS:
            shown["force"] = words.forces[Force.NOT_A_HOLDING]
    return shown | {"heading": "", "lang": record.language}


def _asset(name: str) -> str:
    return (files("metier_legal.rendering.page") / "assets" / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
