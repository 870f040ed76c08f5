"""Legislation of the United Kingdom from legislation.gov.uk: one provision as it stood on a day, in its XML.

A text whose known changes are not all worked in is given with the status unknown: whether it is law cannot be told.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from metier.errors import InputError, ServerError
from metier_legal.citations.citation import LawCitation
from metier_legal.corpus.keys import fold
from metier_legal.intake.statutes.uk.clml import CLML
from metier_legal.intake.texts.elements import child, local, plain_text, stream_elements
from metier_legal.law.provision import Provision, Status
from metier_legal.live.laws.outstanding import count_outstanding
from metier_legal.live.laws.reading import document_of, read_provision
from metier_legal.live.naming import Grammar, tell_absence
from metier_legal.live.site import XML_KINDS, Fetched, Site
from metier_legal.live.statutes import Found

NAME: Final = "legislation.gov.uk"
PRIMARY: Final = ("ukpga", "ukla", "asp", "asc", "anaw", "nia", "mwa")
SECONDARY: Final = ("uksi", "ssi", "wsi", "nisr")
_IDS: Final = re.compile(rf"uk/(?:{'|'.join((*PRIMARY, *SECONDARY, 'eur'))})/\d{{4}}/\d{{1,5}}")
_SCHEDULE: Final = re.compile(r"Sch\. (?:(?P<schedule>\d{1,3}[A-Z]{0,2}) )?para\. (?P<paragraph>\d{1,3}[A-Z]{0,3})")
_TITLE: Final = re.compile(r"[A-Za-z0-9 ,.'’()&-]{3,200}? (?P<year>\d{4})")
_ENTRY: Final = re.compile(r"legislation\.gov\.uk/(?:id/)?([a-z]{3,5})/(\d{4})/(\d{1,5})$")
_SECTIONS: Final = {"eur": ("article",)} | dict.fromkeys(PRIMARY, ("section",))
_RULES: Final = ("regulation", "article", "rule")


@dataclass(frozen=True, slots=True)
class LegislationSource:
    """legislation.gov.uk as a source of legislation; the text of `today()` is asked for without a date."""

    site: Site
    today: Callable[[], date]
    name: str = NAME

    def locate(self, provision: str) -> tuple[str, str]:
        """Returns act and section that "Human Rights Act 1998, s 6" or "uk/ukpga/1998/42#6" names."""
        return Grammar(NAME, _IDS, "uk", self._works, number=_SCHEDULE).locate(provision)

    def find(self, work: str, number: str, day: date) -> Found:
        """Returns the provision as it stood on the day, with what is known to be missing from its text."""
        fetched = self._fetch(work, number, day)
        if fetched is None:
            # its page for people says no more than that: the address may be wrong, or the day, or the number
            self.site.fail(f"gave no page of provision {number} of {work} on {day}")
        try:
            act, read = read_provision(NAME, CLML, "data.xml", fetched.body, (work, number))
        except LookupError:
            self.site.fail(f"sent another provision than {number} of {work}")
        missing = count_outstanding(NAME, fetched.body, read.number, day)
        return Found(act, _doubt(read, missing) if missing else read, fetched.at)

    def _fetch(self, work: str, number: str, day: date) -> Fetched | None:
        _, kind, year, serial = work.split("/")
        dated = () if day >= self.today() else (day.isoformat(),)
        for place in _places(kind, number):
            fetched = self.site.get((kind, year, serial, *place, *dated, "data.xml"), XML_KINDS)
            if fetched is not None:
                return fetched
        return None

    def _works(self, citation: LawCitation) -> tuple[str, ...]:
        """Returns the acts of exactly that title, as the source's own feed of titles has them."""
        title = _TITLE.fullmatch(citation.law)
        if title is None:
            raise InputError(f"{citation.law[:80]!r} is no title of an act with its year.", hint="Name it in full.")
        query = {"title": citation.law[: title.start("year")].strip(), "year": title["year"]}
        fetched = self.site.get(("all", "data.feed"), XML_KINDS, query)
        found = [] if fetched is None else list(self._entries(fetched.body, citation.law))
        if not found:
            raise tell_absence(NAME, f"act of the title {citation.law[:80]!r}")
        return tuple(dict.fromkeys(found))

    def _entries(self, body: bytes, title: str) -> Iterator[str]:
        try:
            for element in stream_elements(document_of("data.feed", body)):
                named = _ENTRY.search(plain_text(child(element, "id"))) if local(element) == "entry" else None
                if named and fold(plain_text(child(element, "title"))) == fold(title):
                    yield f"uk/{named[1]}/{named[2]}/{named[3]}"
        except InputError as error:
            raise ServerError(f"{NAME} sent what cannot be read: {error.message}") from error


def _places(kind: str, number: str) -> Iterator[tuple[str, ...]]:
    """Yields the paths at which a provision may stand: what a number of an instrument is of, only its text says."""
    schedule = _SCHEDULE.fullmatch(number)
    if schedule:
        own = (schedule["schedule"],) if schedule["schedule"] else ()
        yield ("schedule", *own, "paragraph", schedule["paragraph"])
        return
    for name in _SECTIONS.get(kind, _RULES):
        yield (name, number)


def _doubt(read: Provision, missing: int) -> Provision:
    told = f"{missing} known change(s) are not yet worked into this text, says {NAME}."
    return read.model_copy(update={"status": Status.UNKNOWN, "note": f"{read.note} {told}".strip()})
