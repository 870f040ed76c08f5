"""The plain schema: JSON lines of works, provisions and cases.

Each line is one object whose "type" is "work", "provision", "case" or "coverage"; the other fields are those of
`law.work.Work`, `law.provision.Provision`, `law.case.Case` and `intake.batch.Coverage`. A work comes before its
provisions. Of a provision, `units` may be left out; they are then cut from its text in the style of its work. Of a
case, `paragraphs` may be strings, and a paragraph's number may be left out.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from metier.answer import Value
from metier.errors import InputError
from metier_legal.intake.batch import Batch, Coverage, Item
from metier_legal.intake.cases.layout.hidden import remove_unseen, tell_unseen
from metier_legal.intake.cases.objects import parse_object, read_lines
from metier_legal.intake.cases.references import read_references
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.law.case import Case
from metier_legal.law.courts import level_of_court
from metier_legal.law.provision import Provision
from metier_legal.law.units import split_units
from metier_legal.law.work import Work

_LINES: Final = 250
_TYPE: Final = re.compile(r'\A\s*\{(?:[^\n]*?[,{])??\s*"type"\s*:\s*"(?:work|provision|case|coverage)"')
_HINT: Final = "Correct that line and add the file again."
_Model = TypeVar("_Model", bound=Value)


class _Coverage(Value):
    jurisdiction: str
    court: str = ""
    complete: bool = True


class _Reader:
    """Turns the lines of one document into items; knows the works that it has met."""

    def __init__(self) -> None:
        self._works: dict[str, Work] = {}
        self._kinds: dict[str, Callable[[dict[str, Any], str], Item]] = {
            "work": self._read_work,
            "provision": self._read_provision,
            "case": self._read_case,
            "coverage": self._read_coverage,
        }

    def read(self, text: str, where: str) -> tuple[Item, ...]:
        """Returns the item of a line, and a Fault when something hidden was taken out of it.

        Raises InputError with line and field for what does not fit the schema.
        """
        fields = parse_object(text, where)
        kind = fields.pop("type", None)
        if not isinstance(kind, str) or kind not in self._kinds:
            raise InputError(f"{where}: field 'type' must be one of {', '.join(self._kinds)}.", hint=_HINT)
        unseen = _clean(fields)
        if unseen and fields.get("units"):
            raise _wrong(where, "text", "holds characters that print nothing, so that its units cannot be right")
        item = self._kinds[kind](fields, where)
        return (item, tell_unseen(where, unseen)) if unseen else (item,)

    def _read_work(self, fields: dict[str, Any], where: str) -> Work:
        work = _validate(Work, fields, where)
        if not work.jurisdiction or not work.id.startswith(f"{work.jurisdiction}/"):
            raise _wrong(where, "id", "must begin with the jurisdiction and a slash")
        if self._works.setdefault(work.id, work) != work:
            raise _wrong(where, "id", f"{work.id!r} is on an earlier line with other fields")
        return work

    def _read_provision(self, fields: dict[str, Any], where: str) -> Provision:
        cut = "units" not in fields
        provision = _validate(Provision, fields, where)
        work = self._works.get(provision.work)
        if work is None:
            raise _wrong(where, "work", f"no work {provision.work!r} is on an earlier line")
        if not provision.number.strip():
            raise _wrong(where, "number", "is empty")
        begin, end = provision.valid_from, provision.valid_to
        if begin is not None and end is not None and end <= begin:
            raise _wrong(where, "valid_to", "is not after valid_from")
        if cut:
            return provision.model_copy(update={"units": split_units(provision.text, work.style)})
        if any(not 0 <= unit.start <= unit.end <= len(provision.text) for unit in provision.units):
            raise _wrong(where, "units", "reach beyond the text")
        return provision

    def _read_case(self, fields: dict[str, Any], where: str) -> Case:
        paragraphs = fields.get("paragraphs")
        if isinstance(paragraphs, list):
            fields["paragraphs"] = [_read_paragraph(value, number) for number, value in enumerate(paragraphs, 1)]
        case = _validate(Case, fields, where)
        if not case.jurisdiction or not case.id.startswith(f"{case.jurisdiction}/"):
            raise _wrong(where, "id", "must begin with the jurisdiction and a slash")
        numbers = [paragraph.number for paragraph in case.paragraphs]
        if any(later <= number for number, later in zip([0, *numbers], numbers, strict=False)):
            raise _wrong(where, "paragraphs", "numbers must rise from 1")
        if not case.court_level:
            case = case.model_copy(update={"court_level": level_of_court(case.jurisdiction, case.court)})
        if "references" not in fields:
            case = case.model_copy(update={"references": read_references(case)})
        return case

    def _read_coverage(self, fields: dict[str, Any], where: str) -> Coverage:
        coverage = _validate(_Coverage, fields, where)
        return Coverage(coverage.jurisdiction, coverage.court, coverage.complete)


def _clean(fields: dict[str, Any]) -> int:
    """Takes what prints nothing out of the text of a provision or of the paragraphs of a case; returns how much."""
    count = 0
    paragraphs = fields.get("paragraphs")
    if isinstance(paragraphs, list):
        for at, value in enumerate(paragraphs):
            if isinstance(value, dict):
                count += _clean(value)
            elif isinstance(value, str):
                paragraphs[at], unseen = remove_unseen(value)
                count += unseen
    if isinstance(fields.get("text"), str):
        fields["text"], unseen = remove_unseen(fields["text"])
        count += unseen
    return count


def _read_paragraph(value: Any, number: int) -> Any:
    if isinstance(value, str):
        return {"number": number, "text": value}
    return {"number": number, **value} if isinstance(value, dict) else value


def _validate(model: type[_Model], fields: dict[str, Any], where: str) -> _Model:
    try:
        return model.model_validate_json(json.dumps(fields), strict=True)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise _wrong(where, ".".join(map(str, first["loc"])), _reason(first["type"], first["msg"])) from error


def _reason(kind: str, message: str) -> str:
    words = {"missing": "is missing", "extra_forbidden": "is not known"}
    return words.get(kind) or f"{message[:1].lower()}{message[1:]}"


def _wrong(where: str, field: str, reason: str) -> InputError:
    return InputError(f"{where}: field {field!r}: {reason}." if field else f"{where}: {reason}.", hint=_HINT)


def _recognise(head: Head) -> bool:
    # keys of the object itself: annotations of other programs have a "type": "case" deeper down
    return "type" in head.keys and _TYPE.match(head.text) is not None


def _read(document: Document) -> Iterator[Batch]:
    reader = _Reader()
    items: list[Item] = []
    last = 0
    for number, text in read_lines(document):
        items.extend(reader.read(text, f"{document.name}, line {number}"))
        last = number
        if len(items) >= _LINES:
            yield Batch(str(last), tuple(items))
            items = []
    if items:
        yield Batch(str(last), tuple(items))


JSONL: Final = Format("jsonl", "plain JSON lines of works, provisions and cases", _recognise, _read)
