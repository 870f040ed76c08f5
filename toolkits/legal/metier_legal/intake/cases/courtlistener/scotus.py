"""Opinions of the Supreme Court as JSON lines of CourtListener HTML: courtlistener_id, case_name, date_filed, html.

Source: github ielab/ussc-caselaw-collection.
"""

import re
from collections.abc import Iterator
from typing import Final

from metier.errors import InputError
from metier_legal.intake.batch import Batch
from metier_legal.intake.cases.courtlistener.opinions import read_case
from metier_legal.intake.cases.courtlistener.shelf import Cluster, Text, number_of
from metier_legal.intake.cases.fields import text_of
from metier_legal.intake.cases.objects import read_objects
from metier_legal.intake.files.document import Document
from metier_legal.intake.files.head import Head
from metier_legal.intake.format import Format
from metier_legal.law.dates import find_dates

_COURT: Final = "Supreme Court of the United States"
_DOCKET: Final = re.compile(r"\bNos?\.\s+(\d{1,3}[–-]\d{1,5}|\d{1,3}A\d{1,5})")
_OPENING: Final = 8000


def _recognise(head: Head) -> bool:
    return {"courtlistener_id", "case_name", "html"} <= set(head.keys)


def _read(document: Document) -> Iterator[Batch]:
    for where, fields in read_objects(document):
        number = number_of(fields, "courtlistener_id")
        body = text_of(fields, "html")
        if not number or not body:
            field = "html" if number else "courtlistener_id"
            raise InputError(f"{where}: field {field!r} is missing.", hint="Leave the line out.")
        opening = re.sub(r"<[^>]{0,200}>", "", body[:_OPENING])
        docket = _DOCKET.search(opening)
        decided = find_dates(opening.partition("Decided")[2][:40])
        cluster = Cluster(
            number,
            text_of(fields, "case_name"),
            text_of(fields, "date_filed") or (decided[0].day.isoformat() if decided else ""),
            court_id="scotus",
            court=_COURT,
            number="" if docket is None else docket[1].replace("–", "-"),
        )
        yield Batch(str(number), tuple(read_case(cluster, (Text(number, number, "010combined", "", body),))))


SCOTUS: Final = Format("courtlistener-html", "CourtListener opinions as JSON lines of HTML", _recognise, _read)
