"""The addresses that a model may give: a page, or a span of one. Pure."""

import re
from dataclasses import dataclass
from typing import Final

from metier.errors import InputError

LONGEST: Final = 4_000  # characters of an address
WIDEST: Final = 8_000  # characters of a span
_SPAN: Final = re.compile(r"#char=(\d{1,9}),(\d{1,9})$")


@dataclass(frozen=True, slots=True)
class Span:
    """The characters of a page from `start` up to `end`, which is not included (RFC 5147)."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a page, and the span of it that is meant, if one is."""

    url: str
    span: Span | None = None


def read_address(text: str) -> Address:
    """Returns what `https://host/page#char=100,900` and the like name. Another fragment is left out.

    Raises InputError for what is no address, and for a span of nothing or of too much.
    """
    given = text.strip()
    if not given or len(given) > LONGEST or not given.isprintable() or (" " in given and not _may_have_blanks(given)):
        raise InputError(f"{given[:80]!r} is no address.", hint="Give one that a search or a page named.")
    found = _SPAN.search(given)
    url = given.split("#", 1)[0]
    if found is None:
        return Address(url)
    span = Span(int(found[1]), int(found[2]))
    if not 0 < span.end - span.start <= WIDEST:
        raise InputError(
            f"{found[0]} is no span of 1 to {WIDEST} characters.", hint="Give char=from,to; `to` is not included."
        )
    return Address(url, span)


def _may_have_blanks(text: str) -> bool:
    """Returns whether an address may be written with blanks: titles and names of files are, as a model reads them."""
    return text.lower().startswith(("wiki:", "file:"))
