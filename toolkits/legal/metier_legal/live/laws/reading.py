"""What a source sent, read by the same readers as imported files."""

from contextlib import nullcontext
from io import BytesIO
from typing import Final

from metier.errors import InputError, ServerError
from metier_legal.intake.batch import Item
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import HEAD_BYTES
from metier_legal.intake.format import Format
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

_TRUNCATED: Final = "Nothing follows from this about the law. Try again later, or ask another source."


def document_of(name: str, body: bytes) -> Document:
    """Returns what was received as a document of that name."""
    return Document(name, body[:HEAD_BYTES], lambda: nullcontext(BytesIO(body)), lambda _: None)


def read_items(source: str, format: Format, name: str, body: bytes) -> tuple[Item, ...]:
    """Returns everything in what a source sent; raises ServerError for what is cut off, hostile or of another kind."""
    try:
        return tuple(item for batch in format.read(document_of(name, body)) for item in batch.items)
    except InputError as error:
        raise ServerError(f"{source} sent what cannot be read: {error.message}", hint=_TRUNCATED) from error


def read_provision(
    source: str, format: Format, name: str, body: bytes, wanted: tuple[str, str]
) -> tuple[Work, Provision]:
    """Returns a work and one provision of it, by id and number; raises ServerError where other law was sent."""
    items = read_items(source, format, name, body)
    work_id, number = wanted
    work = next((one for one in reversed(items) if isinstance(one, Work) and one.id == work_id), None)
    if work is None:
        raise ServerError(f"{source} sent other law than {work_id}, which was asked for.", hint=_TRUNCATED)
    found = [one for one in items if isinstance(one, Provision) and one.work == work_id]
    provision = next((one for one in found if one.number.casefold() == number.casefold()), None)
    if provision is None:
        raise LookupError(number)
    return work, provision
