"""What reading gives: small batches of works, provisions and cases, and what is wrong with the data."""

from dataclasses import dataclass
from typing import Final, TypeAlias

from metier_legal.law.case import Case
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work

BATCH_ITEMS: Final = 500


@dataclass(frozen=True, slots=True)
class Coverage:
    """That the source has every decision of a court, or every work of a jurisdiction when `court` is ""."""

    jurisdiction: str
    court: str = ""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of the data that did not stop the reading; it is shown to the user and kept with the source.

    `where` names the document and, as far as known, the line or the provision.
    """

    where: str
    text: str


Item: TypeAlias = Work | Provision | Case | Coverage | Fault


@dataclass(frozen=True, slots=True)
class Batch:
    """About BATCH_ITEMS items, or one document.

    `key` is unique within a source and the same at every reading of it, so that an import that was cut off goes on
    after the keys that it has. `done_bytes` says how far the source was read, out of `reading.source_size`; a format
    leaves it 0 and `reading` fills it in. A Work comes before its provisions and may come again in later batches; the
    last is what holds (only at the end of a document is known whether it is `complete`).
    """

    key: str
    items: tuple[Item, ...]
    done_bytes: int = 0
