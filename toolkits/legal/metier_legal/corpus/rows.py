"""Rows of corpus.db and the values they stand for, both ways. Pure."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from pydantic import TypeAdapter

from metier_legal.citations.citation import CaseCitation, Citation, LawCitation
from metier_legal.corpus.corpus import Mention
from metier_legal.corpus.history import Row
from metier_legal.law.case import Case, Paragraph, Part, Reference, Treatment
from metier_legal.law.provision import Provision, Status, Unit
from metier_legal.law.work import Work

PROVISION: Final = (
    "p.source, p.seq, p.work, p.number, p.heading, p.path, t.text, p.units, p.valid_from, p.valid_to, p.observed, "
    "p.status, p.note"
)
PARAGRAPH: Final = "number, text, part, author, page"
REFERENCE: Final = "r.written, r.cited, t.target, r.treatment, r.paragraph, r.stated"
MENTION: Final = "c.body, r.treatment, r.stated, r.paragraph, r.quote"

_encode: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_LAW: Final = TypeAdapter(LawCitation)
_CASE: Final = TypeAdapter(CaseCitation)


def provision_row(row: Sequence[Any]) -> Row:
    """Returns the version of a row of PROVISION."""
    source, seq, work, number, heading, path, text, units, begin, end, observed, status, note = row
    provision = Provision.model_construct(
        work=work,
        number=number,
        heading=heading,
        path=tuple(json.loads(path)) if path else (),
        text=text,
        units=load_units(units),
        valid_from=load_day(begin),
        valid_to=load_day(end),
        observed=load_day(observed),
        status=Status(status),
        note=note,
    )
    return Row(provision, source, seq)


def dump_path(path: tuple[str, ...]) -> str:
    """Returns headings as they are kept: JSON, "" for none."""
    return _encode(path) if path else ""


def dump_units(units: tuple[Unit, ...]) -> str:
    """Returns units as they are kept: [start, end, *path] each."""
    if not units:
        return ""
    return _encode([[unit.start, unit.end, *unit.path] for unit in units])


def load_units(kept: str) -> tuple[Unit, ...]:
    """Returns the units that `dump_units` kept."""
    if not kept:
        return ()
    return tuple(Unit.model_construct(start=start, end=end, path=tuple(path)) for start, end, *path in json.loads(kept))


def dump_day(day: date | None) -> str | None:
    """Returns a day as ISO text."""
    return None if day is None else day.isoformat()


def load_day(kept: str | None) -> date | None:
    """Returns the day that ISO text names."""
    return None if kept is None else date.fromisoformat(kept)


def dump_case(case: Case) -> str:
    """Returns the case without its paragraphs and references, as JSON."""
    return case.model_dump_json(exclude={"paragraphs", "references"}, exclude_defaults=True)


def paragraph_of(row: Sequence[Any]) -> Paragraph:
    """Returns the paragraph of a row of PARAGRAPH."""
    number, text, part, author, page = row
    return Paragraph.model_construct(number=number, text=text, part=Part(part), author=author, page=page)


def reference_of(row: Sequence[Any]) -> Reference:
    """Returns the reference of a row of REFERENCE."""
    written, cited, target, treatment, paragraph, stated = row
    return Reference.model_construct(
        written=written,
        cited=target or cited,
        treatment=Treatment(treatment),
        paragraph=paragraph,
        stated=bool(stated),
    )


def mention_of(row: Sequence[Any]) -> Mention:
    """Returns the mention of a row of MENTION."""
    body, treatment, stated, paragraph, quote = row
    case = Case.model_validate_json(body)
    return Mention(
        case=case.id,
        name=case.name,
        court=case.court,
        court_level=case.court_level,
        decided=case.decided,
        treatment=Treatment(treatment),
        stated=bool(stated),
        paragraph=paragraph,
        quote=quote,
    )


def dump_citation(citation: Citation) -> str:
    """Returns a citation as it is kept: "L" or "C" for its kind, and JSON."""
    if isinstance(citation, LawCitation):
        return "L" + _LAW.dump_json(citation, exclude_defaults=True).decode()
    return "C" + _CASE.dump_json(citation, exclude_defaults=True).decode()


def load_citation(kept: str) -> Citation:
    """Returns the citation that `dump_citation` kept."""
    return _LAW.validate_json(kept[1:]) if kept.startswith("L") else _CASE.validate_json(kept[1:])


def merge_works(works: Sequence[Work]) -> Work:
    """Returns one work of what several sources say of it, the newest last.

    The newest is believed; every alias is kept, older titles and short names among them; a work is complete when one
    source has all of it.
    """
    newest = works[-1]
    names = [name for work in works for name in (work.title, work.short, *work.aliases) if name]
    aliases = tuple(name for name in dict.fromkeys(names) if name not in (newest.title, newest.short))
    replaced = next((work.replaced_by for work in reversed(works) if work.replaced_by), "")
    short = next((work.short for work in reversed(works) if work.short), "")
    return newest.model_copy(
        update={
            "aliases": tuple(name for name in aliases if name != short),
            "short": short,
            "replaced_by": replaced,
            "complete": any(work.complete for work in works),
        }
    )
