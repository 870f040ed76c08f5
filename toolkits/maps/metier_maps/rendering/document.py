"""The file `itinerary.json`: the one source that every other file of a trip's folder is rendered from."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from metier.answer import Value
from metier.canonical import canonical_json
from metier.errors import InputError, MissingError, StorageError
from metier.evidence import Evidence
from metier.task import Task
from metier.toolkit import Delivery
from metier.verdict import Verdict
from metier_maps.itinerary import Itinerary

FORMAT = 1
FILENAME = "itinerary.json"
LARGEST_BYTES = 64 * 1024 * 1024


class TripDocument(Value):
    """A trip as it lies on disk: the itinerary, the verdict on it and the evidence of the run that made it.

    The verdict and the evidence are a record; `metier maps verify` trusts neither and gathers evidence afresh.
    """

    format: int = FORMAT
    notice: str
    itinerary: Itinerary
    verdict: Verdict
    evidence: tuple[Evidence, ...]
    task: Task


def document_of(delivery: Delivery) -> TripDocument:
    """Returns the document of a delivery; raises InputError when its answer is no itinerary."""
    itinerary = itinerary_of(delivery)
    cited = sorted(delivery.evidence.values(), key=lambda evidence: evidence.id)
    return TripDocument(
        notice=notice_of(itinerary),
        itinerary=itinerary,
        verdict=delivery.verdict,
        evidence=tuple(cited),
        task=delivery.task,
    )


def delivery_of(document: TripDocument) -> Delivery:
    """Returns the delivery that a document records."""
    evidence = {entry.id: entry for entry in document.evidence}
    return Delivery(document.task, document.itinerary, document.verdict, evidence)


def itinerary_of(delivery: Delivery) -> Itinerary:
    """Returns the delivery's itinerary; raises InputError when its answer is something else."""
    if isinstance(delivery.answer, Itinerary):
        return delivery.answer
    raise InputError("The answer is no itinerary.", hint="Render the answer of a run of the maps toolkit.")


def notice_of(itinerary: Itinerary) -> str:
    """Returns the line that every output carries: the attribution, and that a made-up region is made up."""
    region = itinerary.region
    fictional = "Fictional sample region: nothing here exists. " if region.fictional else ""
    return f"{fictional}Map data: {region.attribution}, {region.licence}."


def encode_document(document: TripDocument) -> bytes:
    """Returns the document as canonical JSON with a line feed."""
    return (canonical_json(_DOCUMENT.dump_python(document, mode="json")) + "\n").encode()


def decode_itinerary(data: bytes) -> tuple[Itinerary, Task | None]:
    """Returns the itinerary of a file, and its task when the file has one.

    The file is a whole document or a bare itinerary, by whoever wrote it. Raises InputError for anything else,
    naming the first field that does not fit.
    """
    try:
        document = _DOCUMENT.validate_json(data)
    except ValidationError as as_document:
        try:
            return _ITINERARY.validate_json(data), None
        except ValidationError as as_itinerary:
            error = as_document if b'"itinerary"' in data[:4096] or b'"evidence":' in data[:64] else as_itinerary
            first = error.errors(include_url=False, include_input=False)[0]
            where = "/".join(str(part) for part in first["loc"])
            raise InputError(
                f"This is no itinerary: {first['msg']} at /{where}.", hint="Give the itinerary.json of a trip."
            ) from error
    return document.itinerary, document.task


def read_document(folder: Path) -> TripDocument:
    """Returns the document of a trip's folder; raises MissingError, StorageError or InputError."""
    try:
        return _DOCUMENT.validate_json(read_bytes(folder / FILENAME))
    except ValidationError as error:
        raise InputError(
            f"{folder / FILENAME} is not a trip of this version of metier.",
            hint="Plan it again with `metier run maps`.",
        ) from error


def read_bytes(path: Path) -> bytes:
    """Returns what is in the file; raises MissingError, StorageError, or InputError for more than 64 MiB."""
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise InputError(f"{path} is larger than 64 MiB.", hint="Give the itinerary.json of a trip.")
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingError(f"There is no {path}.", hint="Give the folder or file of a trip.") from error
    except OSError as error:
        raise StorageError(
            f"{path} cannot be read: {error.strerror}.", hint="Check the path and its permissions."
        ) from error


def evidence_by_id(document: TripDocument) -> Mapping[str, Evidence]:
    """Returns the document's evidence by id."""
    return {entry.id: entry for entry in document.evidence}


_DOCUMENT: TypeAdapter[TripDocument] = TypeAdapter(TripDocument)
_ITINERARY: TypeAdapter[Itinerary] = TypeAdapter(Itinerary)
