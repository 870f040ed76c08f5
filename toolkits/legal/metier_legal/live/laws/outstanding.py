"""The changes that legislation.gov.uk knows of and has not yet worked into a text. Pure.

They stand in the metadata as UnappliedEffect elements; names and attributes are from memory.
"""

import re
from collections.abc import Iterator
from datetime import date

from metier.errors import InputError, ServerError
from metier_legal.intake.texts.elements import Element, attribute, local, stream_elements
from metier_legal.law.dates import read_iso
from metier_legal.live.laws.reading import document_of


def count_outstanding(source: str, body: bytes, number: str, day: date) -> int:
    """Returns how many changes of the provision, in force by the day, its text does not have yet.

    A change that names no provision counts for each; one without a day counts for each day, but a prospective one for
    none. Raises ServerError for XML that cannot be read.
    """
    try:
        elements = stream_elements(document_of("data.xml", body))
        return sum(_counts(one, number, day) for one in elements if local(one) == "UnappliedEffect")
    except InputError as error:
        raise ServerError(f"{source} sent what cannot be read: {error.message}") from error


def _counts(effect: Element, number: str, day: date) -> bool:
    if attribute(effect, "RequiresApplied").lower() == "false" or attribute(effect, "Applied").lower() == "true":
        return False
    named = list(_named(effect))
    if named and not any(_is_of(reference, number) for reference in named):
        return False
    dates = [one for one in effect.iter() if local(one) == "InForce"]
    if not dates:
        return True
    return any(_is_in_force(one, day) for one in dates)


def _named(effect: Element) -> Iterator[str]:
    for affected in effect.iter():
        if local(affected) == "AffectedProvisions":
            yield from (attribute(one, "Ref") for one in affected.iter() if attribute(one, "Ref"))


def _is_of(reference: str, number: str) -> bool:
    """Returns whether "section-6-1" or "schedule-1-paragraph-2" is of the provision, or the whole that it is in."""
    plain = re.sub(r"[^0-9a-z]+", "-", number.casefold().replace("sch.", "schedule").replace("para.", "paragraph"))
    names = [plain.strip("-")] if plain.startswith("schedule") else [f"{kind}-{plain}" for kind in _KINDS]
    own = reference.casefold()
    return any(own == name or own.startswith(f"{name}-") or name.startswith(f"{own}-") for name in names)


_KINDS = ("section", "article", "regulation", "rule")


def _is_in_force(stated: Element, day: date) -> bool:
    if attribute(stated, "Prospective").lower() == "true":
        return False
    begins = read_iso(attribute(stated, "Date")[:10])
    return begins is None or begins <= day
