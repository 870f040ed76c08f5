"""Where the claims of an answer come from that several researchers worked at, in words and as JSON. Pure."""

from collections.abc import Iterator, Sequence

from metier.canonical import JSON
from metier.cli.wording import one_line
from metier.modes.heavy.agreement import Dispute
from metier.modes.heavy.provenance import Origins, Provenance


def tell_origins(origins: Origins | None) -> Iterator[str]:
    """Yields who found and who states each claim, what several state, and what they dispute; nothing without any."""
    if origins is None:
        return
    if origins.claims:
        yield "Where its claims come from:"
    yield from (_claim(claim, len(origins.researchers)) for claim in origins.claims)
    shared = [one for one in origins.comparison.agreements if len(one.by) > 1]
    yield from (f"Stated by {len(one.by)} ({', '.join(one.by)}): {one_line(one.text)}" for one in shared)
    yield from (f"Disputed: {_sides(dispute)}" for dispute in origins.comparison.disputes)


def origins_json(origins: Origins | None) -> dict[str, JSON] | None:
    """Returns the same for a program."""
    if origins is None:
        return None
    return {
        "claims": [
            {
                "subject": claim.subject,
                "text": claim.text,
                "evidence": [*claim.evidence],
                "found_by": [*claim.found_by],
                "stated_by": [*claim.stated_by],
            }
            for claim in origins.claims
        ],
        "agreements": [
            {"text": one.text, "by": [*one.by], "evidence": [*one.evidence]}
            for one in origins.comparison.agreements
            if len(one.by) > 1
        ],
        "disputes": [
            [{"text": side.text, "by": side.by, "evidence": [*side.evidence]} for side in dispute.sides]
            for dispute in origins.comparison.disputes
        ],
    }


def _claim(claim: Provenance, researchers: int) -> str:
    stated = f"stated by {len(claim.stated_by) or 'none'} of {researchers}"
    return f"  {one_line(claim.text)}: {stated}; evidence found by {_names(claim.found_by)}"


def _names(names: Sequence[str]) -> str:
    return ", ".join(names) or "none of them"


def _sides(dispute: Dispute) -> str:
    return " <-> ".join(f"{one_line(side.text)} ({side.by})" for side in dispute.sides)
