"""A page made of what was read from a file: its address, its text without what nobody sees, and what was cut. Pure."""

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from metier.errors import InputError
from metier_research.files.opening import SCHEME
from metier_research.pages.page import Page
from metier_research.reading.cleaning import one_line, tidy
from metier_research.reading.document import MOST_CHARACTERS

_TITLE: Final = 200


def address_of(name: str) -> str:
    """Returns the address of the file or member of that name."""
    return SCHEME + quote(name)


def make_page(name: str, text: str, *, title: str = "", modified: str = "", notes: Sequence[str] = ()) -> Page:
    """Returns the page of a document. `notes` say what of it is not in the text: they stand at its end in brackets.

    Text beyond two million characters is left out, and that is noted. Raises InputError when there is no text.
    """
    shown = tidy(text[:MOST_CHARACTERS])
    if not shown:
        raise InputError(f"{name} has no text that can be seen.", hint=" ".join(notes))
    if len(text) > MOST_CHARACTERS:
        notes = (*notes, f"Left out: {len(text) - MOST_CHARACTERS:,} characters beyond the first two million.")
    first = title or shown.partition("\n")[0].lstrip("#| ")
    return Page(
        url=address_of(name),
        title=one_line(first)[:_TITLE] or name,
        text="\n\n".join((shown, *(f"[{note}]" for note in notes))),
        modified=modified,
    )
