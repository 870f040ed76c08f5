"""How a model reads what a tool returned: passages beside their evidence, and how to get what was left out. Pure."""

from collections.abc import Sequence
from typing import Final

from metier_research.pages.shapes import VisitedPage
from metier_research.server.excerpts import Excerpt
from metier_research.server.shapes import ExploreResult

LINKS_TOLD: Final = 12


def tell_excerpts(excerpts: Sequence[Excerpt]) -> str:
    """Returns each page with its passages, its most relevant links, and how to read on."""
    return "\n\n".join(_tell_excerpt(one) for one in excerpts)


def _tell_excerpt(excerpt: Excerpt) -> str:
    shape = excerpt.shape()
    if excerpt.page is None:
        return f"{excerpt.url}: not read. {excerpt.error}"
    lines = [_head(shape)]
    if shape.outdated:
        lines.append(f"Marked as outdated: {shape.outdated}")
    if shape.rendered:
        lines.append("Rendered: scripts of the page made its text.")
    if shape.summary:
        lines.append(f"In short, by a model, not to be cited: {shape.summary}")
    if excerpt.note:
        lines.append(excerpt.note)
    for passage, evidence in zip(excerpt.passages, excerpt.evidence(), strict=True):
        lines.append(f"[{evidence.id}] characters {passage.start} to {passage.end}:\n{passage.text}")
    if not excerpt.passages:
        lines.append(f"None of it is shown here; visit {shape.url} for it.")
    return "\n".join([*lines, *_left_out(shape), *_links(excerpt)])


def _head(shape: VisitedPage) -> str:
    days = [f"{word} {day}" for word, day in (("published", shape.published), ("changed", shape.modified)) if day]
    return f"{shape.title} ({', '.join([shape.site, *days])}) {shape.url}".replace("()", "").replace("  ", " ")


def _left_out(shape: VisitedPage) -> list[str]:
    shown = sum(passage.end - passage.start for passage in shape.passages)
    if shape.characters - shown <= 2 * len(shape.passages):  # white space between them
        return []
    return [
        f"Shown: {shown} of {shape.characters} characters. For others visit it with another goal, or by their place: "
        f"{shape.url}#char=FROM,TO"
    ]


def _links(excerpt: Excerpt) -> list[str]:
    told = [f"{link.text} <{link.url}>" for link in excerpt.links[:LINKS_TOLD] if link.text]
    more = f" (and {len(excerpt.links) - len(told)} more)" if len(excerpt.links) > len(told) else ""
    return [f"Links: {'; '.join(told)}{more}"] if told else []


def tell_walk(walk: ExploreResult, excerpts: Sequence[Excerpt]) -> str:
    """Returns the clicks of a walk, what was found, and what was not looked at."""
    lines = [f"Clicks on {walk.site}:"]
    for at, step in enumerate(walk.path, 1):
        came = f"failed: {step.error}" if step.error else "useful" if step.useful else "of no use"
        lines.append(f"{at}. {step.text or step.url} <{step.url}>: {came}")
    state = "Enough was found" if walk.enough else "It is not sure that this is enough"
    rest = f"{state}. {walk.left} links of the site were not clicked; {walk.refused} lead off it and were refused."
    findings = tell_excerpts(excerpts) if excerpts else "No page that was read helps with the question."
    return "\n".join(lines) + f"\n{rest}\n\n{findings}"
