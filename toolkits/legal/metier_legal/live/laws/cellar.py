"""Acts of the European Union from Cellar, the store behind EUR-Lex: the text that was law on a day.

Which consolidated texts there are, and until when the act is law, is asked by SPARQL; the text is then asked for by
its CELEX number. Where no consolidated text is as old as the day, it is the act as it was published.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Final

from metier.canonical import JSON
from metier.errors import ServerError
from metier_legal.citations.citation import LawCitation
from metier_legal.corpus.naming import work_ids
from metier_legal.intake.cases.fields import object_of, objects_of, text_of
from metier_legal.intake.statutes.eu.celex import celex_of, celex_of_name, consolidated_day
from metier_legal.intake.statutes.eu.eurlex import EURLEX
from metier_legal.law.dates import read_iso
from metier_legal.law.provision import Provision
from metier_legal.live.laws.reading import read_provision
from metier_legal.live.naming import Grammar, tell_absence
from metier_legal.live.site import JSON_KINDS, XHTML_KINDS, Site
from metier_legal.live.statutes import UNREAD, Found
from metier_legal.records import Brief, brief_of

NAME: Final = "EUR-Lex"
ONWARD: Final = r"/resource/(?:cellar|celex)/[A-Za-z0-9._/-]{1,160}"
"""Where content negotiation may lead on the same host."""
_IDS: Final = re.compile(r"eu/3\d{4}[RLD]\d{4}")
_CELEX: Final = re.compile(r"[03]\d{4}[RLD]\d{4}(?:-\d{8})?")
_FOREVER: Final = date(9999, 1, 1)  # the end that Cellar gives to an act that has none
_QUERY: Final = """\
PREFIX cdm: <http://publications.europa.eu/ontology/cdm#>
SELECT DISTINCT ?celex ?begin ?end WHERE {{
  ?work cdm:resource_legal_id_celex ?celex .
  OPTIONAL {{ ?work cdm:resource_legal_date_entry-into-force ?begin }}
  OPTIONAL {{ ?work cdm:resource_legal_date_end-of-validity ?end }}
  FILTER(STR(?celex) = "3{stem}" || STRSTARTS(STR(?celex), "0{stem}-"))
}}
"""


@dataclass(frozen=True, slots=True)
class _Text:
    """One text of an act: the one published, or a consolidated one, with the interval in which it is law."""

    celex: str
    begins: date | None
    ends: date | None


@dataclass(frozen=True, slots=True)
class CellarSource:
    """Cellar as a source of legislation: `texts` gives texts by CELEX number, `catalogue` answers SPARQL."""

    texts: Site
    catalogue: Site
    name: str = NAME

    def locate(self, provision: str) -> tuple[str, str]:
        """Returns act and article that "Article 6 of Regulation (EU) 2016/679" or "eu/32016R0679#6" names."""
        return _GRAMMAR.locate(provision)

    def find(self, work: str, number: str, day: date) -> Found:
        """Returns the article in the text that was law on the day; before the act was in force, as it was published."""
        celex = work.partition("/")[2]
        listed = self._list(celex)
        chosen = next((one for one in reversed(listed) if one.begins is not None and one.begins <= day), listed[0])
        fetched = self.texts.get((chosen.celex,), XHTML_KINDS)
        if fetched is None:
            self.texts.fail(f"lists {chosen.celex} and has no text of it")
        try:
            act, read = read_provision(NAME, EURLEX, f"{chosen.celex}.html", fetched.body, (work, number))
        except LookupError as error:
            raise tell_absence(NAME, f"article {number} in {chosen.celex}") from error
        if celex_of(act.title) not in ("", celex):
            self.texts.fail(f"sent another act than {celex}")
        version = _date(read, chosen)
        versions = tuple(brief_of(version) if one is chosen else _brief(one) for one in listed)
        return Found(act, version, fetched.at, versions)

    def _list(self, celex: str) -> list[_Text]:
        answer = self.catalogue.get((), JSON_KINDS, {"query": _QUERY.format(stem=celex[1:])})
        if answer is None:
            self.catalogue.fail("does not answer queries at its address")
        rows = self._rows(self.catalogue.parse(answer))
        begins = min((day for name, day, _ in rows if name == celex and day is not None), default=None)
        ends = min((day for name, _, day in rows if name == celex and day is not None and day < _FOREVER), default=None)
        if not any(name == celex for name, _, _ in rows):
            raise tell_absence(NAME, f"act {celex}")
        consolidated = [(day, name) for name, _, _ in rows if (day := read_iso(consolidated_day(name))) is not None]
        return _arrange(celex, begins, ends, consolidated)

    def _rows(self, answer: JSON) -> list[tuple[str, date | None, date | None]]:
        if not isinstance(answer, dict) or not isinstance(object_of(answer, "results").get("bindings"), list):
            raise ServerError(f"{NAME} sent no list of texts.", hint="Nothing follows from this about the law.")
        found = []
        for row in objects_of(object_of(answer, "results"), "bindings"):
            name, begin, end = (text_of(object_of(row, key), "value") for key in ("celex", "begin", "end"))
            if _CELEX.fullmatch(name):
                found.append((name, read_iso(begin[:10]), read_iso(end[:10])))
        return found


def _arrange(
    celex: str, begins: date | None, ends: date | None, consolidated: Sequence[tuple[date, str]]
) -> list[_Text]:
    """Returns the texts of an act by the day from which each is law, each until the next.

    A consolidated text can bear a day on which the act was not yet in force: it is law from the day that it was.
    """
    later: dict[date, str] = {}
    for day, name in sorted(consolidated):
        later[max(day, begins or day)] = name
    published = [] if begins is not None and begins in later else [(begins, celex)]
    texts = [*published, *later.items(), (ends, "")]
    return [_Text(name, begin, end) for (begin, name), (end, _) in pairwise(texts)]


def _date(read: Provision, text: _Text) -> Provision:
    """Returns the article with the interval of its text; `observed` is the day of the act where no other is known."""
    return read.model_copy(
        update={"valid_from": text.begins, "valid_to": text.ends, "observed": None if text.begins else read.observed}
    )


def _brief(text: _Text) -> Brief:
    return Brief(valid_from=text.begins, valid_to=text.ends, sha256=UNREAD)


def _works(citation: LawCitation) -> tuple[str, ...]:
    known = celex_of_name(citation.law)
    return (f"eu/{known}",) if known else work_ids(citation.law)


_GRAMMAR: Final = Grammar(NAME, _IDS, "eu", _works)
