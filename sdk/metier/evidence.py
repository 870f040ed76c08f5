"""Evidence, which only tools create, and citations, which point into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metier.canonical import JSON, digest_of
from metier.errors import InputError


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing a tool returned.

    `source` names where it comes from (a data set with its version, or server/tool), `locator` where in the source,
    `recorded` the date or time the source gives for it (ISO 8601; empty when the source gives none). `id` is made
    from the content, so the same fact has the same id in every run.
    """

    id: str
    source: str
    locator: str
    text: str
    value: JSON
    recorded: str
    digest: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A pointer from a claim into Evidence: a value by JSON pointer (RFC 6901), or a quote by its text."""

    evidence: str
    pointer: str | None = None
    quote: str | None = None


def record_evidence(*, source: str, locator: str, text: str = "", value: JSON = None, recorded: str = "") -> Evidence:
    """Returns Evidence with the id and digest that its content gives it."""
    digest = digest_of([source, locator, text, value, recorded])
    return Evidence(f"ev-{digest[:16]}", source, locator, text, value, recorded, digest)


def is_intact(evidence: Evidence) -> bool:
    """Returns whether the id and digest are the ones its content gives."""
    return evidence == record_evidence(
        source=evidence.source,
        locator=evidence.locator,
        text=evidence.text,
        value=evidence.value,
        recorded=evidence.recorded,
    )


def resolve_pointer(value: JSON, pointer: str) -> JSON:
    """Returns what the JSON pointer `pointer` (RFC 6901) names in `value`; raises InputError when it names nothing."""
    if pointer == "":
        return value
    if not pointer.startswith("/"):
        raise InputError(f"{pointer!r} is no JSON pointer.", hint="A pointer is empty or starts with '/'.")
    here = value
    for raw in pointer[1:].split("/"):
        here = _step(here, raw.replace("~1", "/").replace("~0", "~"), pointer)
    return here


def _step(here: JSON, key: str, pointer: str) -> JSON:
    if isinstance(here, Mapping) and key in here:
        return here[key]
    if (
        isinstance(here, Sequence)
        and not isinstance(here, str)
        and key.isascii()
        and key.isdigit()
        and int(key) < len(here)
    ):
        return here[int(key)]
    raise InputError(f"{pointer!r} names nothing in the evidence.", hint="Cite a value that the tool returned.")


def resolve_citation(citation: Citation, evidence: Mapping[str, Evidence]) -> JSON:
    """Returns the cited value or quote; raises InputError when the citation does not resolve."""
    found = evidence.get(citation.evidence)
    if found is None:
        raise InputError(f"No evidence {citation.evidence!r} in this run.", hint="Cite only what a tool returned.")
    if citation.quote is not None and (not citation.quote.strip() or citation.quote not in found.text):
        raise InputError(f"The quote is not in {citation.evidence}.", hint="Quote the source letter by letter.")
    if citation.pointer is not None:
        return resolve_pointer(found.value, citation.pointer)
    return citation.quote
