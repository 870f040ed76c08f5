"""The Code of Federal Regulations from the versioner of eCFR: each section as it read on a day since 2017.

The list of a section's versions says from which day each text is in force; the text is asked for by day. Addresses
and fields are from memory (see `endpoints`).
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from metier_legal.citations.citation import LawCitation
from metier_legal.corpus.naming import work_ids
from metier_legal.intake.cases.fields import date_of, objects_of, text_of
from metier_legal.intake.statutes.us.ecfr import ECFR
from metier_legal.law.provision import Provision, Status
from metier_legal.live.laws.reading import read_provision
from metier_legal.live.naming import Grammar, tell_absence
from metier_legal.live.site import XML_KINDS, Site
from metier_legal.live.statutes import UNREAD, Found
from metier_legal.records import Brief, brief_of

NAME: Final = "eCFR"
TRACKED_UNTIL_KNOWN: Final = date(2017, 1, 31)
"""A first version listed up to this day is the one that eCFR began with: since when it was law is not known."""


@dataclass(frozen=True, slots=True)
class _Listed:
    """A version in eCFR's list: from when it is law, until when, and whether it is the removal of the section."""

    begins: date
    ends: date | None
    removed: bool
    known: bool  # whether `begins` is when the text became law, and not only when it was first seen


@dataclass(frozen=True, slots=True)
class EcfrSource:
    """eCFR as a source of legislation."""

    site: Site
    name: str = NAME

    def locate(self, provision: str) -> tuple[str, str]:
        """Returns title and section that "29 C.F.R. § 1910.12" or "us/cfr/29#1910.12" names."""
        return _GRAMMAR.locate(provision)

    def find(self, work: str, number: str, day: date) -> Found:
        """Returns the section as it read on the day; after the day to which eCFR is current, as it reads then."""
        title = work.rpartition("/")[2]
        what = f"{title} C.F.R. § {number}"
        listed = self._list(title, number, what)
        current = self._current_to(title)
        asked = min(day, current)
        chosen = next((one for one in reversed(listed) if one.begins <= asked), None)
        if chosen is None:
            raise tell_absence(NAME, f"{what} of {day}: its versions begin on {listed[0].begins}")
        read_on = chosen.begins - timedelta(days=1) if chosen.removed else asked
        path = ("full", read_on.isoformat(), f"title-{title}.xml")
        fetched = self.site.get(path, XML_KINDS, {"section": number})
        if fetched is None:
            self.site.fail(f"lists {what} of {read_on} and has no text of it")
        try:
            found, read = read_provision(NAME, ECFR, f"title-{title} {read_on}.xml", fetched.body, (work, number))
        except LookupError:
            self.site.fail(f"sent another section than {what}")
        version = _date(read, chosen, f"eCFR is current to {current}." if day > current else "")
        versions = tuple(brief_of(version) if one is chosen else _brief(one) for one in listed)
        return Found(found, version, fetched.at, versions)

    def _list(self, title: str, number: str, what: str) -> list[_Listed]:
        answer = self.site.get_json(("versions", f"title-{title}.json"), {"section": number})
        if answer is None:
            self.site.fail(f"gave no list of versions of title {title}")
        fields = answer[0]
        if not isinstance(fields, dict) or not isinstance(fields.get("content_versions"), list):
            self.site.fail("sent no list of versions")
        listed = _read_versions(fields, number)
        if not listed:
            raise tell_absence(NAME, what)
        return listed

    def _current_to(self, title: str) -> date:
        answer = self.site.get_json(("titles.json",))
        fields = answer[0] if answer else None
        titles = objects_of(fields, "titles") if isinstance(fields, dict) else []
        for one in titles:
            current = date_of(text_of(one, "up_to_date_as_of"))
            if text_of(one, "number") == title and current is not None:
                return current
        self.site.fail(f"does not say to which day title {title} is current")


def _read_versions(fields: dict[str, Any], number: str) -> list[_Listed]:
    """Returns the versions of a section, oldest first, each ending where the next begins."""
    days: dict[date, bool] = {}
    for one in objects_of(fields, "content_versions"):
        begins = date_of(text_of(one, "date"))
        if begins is not None and text_of(one, "identifier") == number and text_of(one, "type") in ("section", ""):
            days[begins] = one.get("removed") is True
    order = [*sorted(days), None]
    return [
        _Listed(begins, ends, days[begins], known=begins > TRACKED_UNTIL_KNOWN)
        for begins, ends in pairwise(order)
        if begins is not None
    ]


def _date(read: Provision, listed: _Listed, note: str) -> Provision:
    """Returns the text with the interval of eCFR's list. Of a removed section there is no text that would be law."""
    dated = read.model_copy(
        update={
            "valid_from": listed.begins if listed.known else None,
            "valid_to": listed.ends,
            "observed": None if listed.known else listed.begins,
            "note": " ".join(part for part in (read.note, note) if part),
        }
    )
    if not listed.removed:
        return dated
    gone = {"text": "", "units": (), "status": Status.REPEALED, "note": f"Removed on {listed.begins}, says eCFR."}
    return dated.model_copy(update=gone)


def _brief(listed: _Listed) -> Brief:
    return Brief(
        valid_from=listed.begins if listed.known else None,
        valid_to=listed.ends,
        observed=None if listed.known else listed.begins,
        status=Status.REPEALED if listed.removed else Status.IN_FORCE,
        sha256=UNREAD,
    )


def _works(citation: LawCitation) -> tuple[str, ...]:
    return work_ids(citation.law)


_GRAMMAR: Final = Grammar(NAME, re.compile(r"us/cfr/(?:[1-9]|[1-4]\d|50)"), "us", _works)
