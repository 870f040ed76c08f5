"""A format: how its documents are known and how they are read. Each part of `intake` offers a tuple of these."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from metier_legal.intake.batch import Batch
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head


@dataclass(frozen=True, slots=True)
class Format:
    """`recognises` judges by what a document holds (its Head), never by the name alone.

    `read` gives the batches of one document; keys are unique within the document, `done_bytes` may stay 0. It raises
    InputError that names the document and the line for a document that is broken, and gives a Fault for what it can
    read past.
    """

    name: str
    description: str
    recognises: Callable[[Head], bool]
    read: Callable[[Document], Iterator[Batch]]
