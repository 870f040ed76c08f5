"""Decisions from CourtListener's API v4: search, clusters, opinions. Addresses from its own source code."""

import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from metier.canonical import JSON
from metier.errors import ServerError
from metier_legal.intake.cases.courtlistener.api import COURTLISTENER
from metier_legal.intake.cases.courtlistener.shelf import number_of
from metier_legal.intake.cases.fields import objects_of, text_of, texts_of
from metier_legal.law.case import Case
from metier_legal.live.laws.reading import read_items
from metier_legal.live.naming import tell_absence
from metier_legal.live.site import Site

NAME: Final = "CourtListener"
LICENCE: Final = "public domain"
MOST_OPINIONS: Final = 12
REMEMBERED: Final = 500
_TAGS: Final = re.compile(r"<[^<>]{0,200}>")
_COURT: Final = re.compile(r"[a-z][a-z0-9]{1,14}")


@dataclass(frozen=True, slots=True)
class _Docket:
    court_id: str
    court: str
    number: str


@dataclass(frozen=True, slots=True)
class Results:
    """The first page of a search, best first: cases without their text, and a snippet of each by its id."""

    cases: tuple[Case, ...]
    snippets: Mapping[str, str]
    total: int
    at: datetime


@dataclass(frozen=True, slots=True)
class Decisions:
    """What CourtListener has of decisions. `site` is its API.

    `courts` are the courts and docket numbers of clusters that a search showed: they need not be asked for again.
    """

    site: Site
    courts: OrderedDict[int, _Docket] = field(default_factory=OrderedDict)

    def search(self, query: str, *, since: date | None = None, until: date | None = None) -> Results:
        """Returns the first page of what CourtListener finds in opinions."""
        asked = {"type": "o", "q": query, "order_by": "score desc"}
        asked |= {name: day.isoformat() for name, day in (("filed_after", since), ("filed_before", until)) if day}
        answer = self.site.get_json(("search", ""), asked)
        page = answer[0] if answer else None
        if answer is None or not isinstance(page, dict) or not isinstance(page.get("results"), list):
            self.site.fail("sent no page of results")
        results = objects_of(page, "results")
        cases = {case.id: case for case in self._cases(results)}
        order = [f"us/cl/{number_of(one, 'cluster_id')}" for one in results]
        total = page.get("count")
        self._remember(results)
        return Results(
            cases=tuple(cases[name] for name in dict.fromkeys(order) if name in cases),
            snippets={name: _snippet(one) for name, one in zip(order, results, strict=True)},
            total=total if isinstance(total, int) and total >= 0 else len(results),
            at=answer[1],
        )

    def read(self, cluster: int) -> tuple[Case, datetime]:
        """Returns a decision with its opinions, and when it was sent.

        It takes a request for the decision and for each opinion, and two for its court where no search showed it.
        Raises MissingError where CourtListener says that it has none of that number.
        """
        answer = self._object("clusters", str(cluster))
        if answer is None:
            raise tell_absence(NAME, f"decision {cluster}")
        found, at = answer
        docket = self.courts.get(cluster) or self._docket(found, cluster)
        opinions = tuple(self._opinions(found, cluster))
        found["docket"] = {"court": {"id": docket.court_id, "full_name": docket.court}, "docket_number": docket.number}
        found["sub_opinions"] = []
        cases = self._cases((found, *opinions))
        if len(cases) != 1 or cases[0].id != f"us/cl/{cluster}":
            self.site.fail(f"sent another decision than {cluster}")
        return cases[0], at

    def _remember(self, results: Iterable[dict[str, Any]]) -> None:
        for one in results:
            shown = _Docket(text_of(one, "court_id"), text_of(one, "court"), text_of(one, "docketNumber"))
            if shown.court:
                self.courts[number_of(one, "cluster_id")] = shown
        while len(self.courts) > REMEMBERED:
            self.courts.popitem(last=False)

    def _docket(self, cluster: Mapping[str, Any], number: int) -> _Docket:
        fields = dict(cluster)
        answer = self._object("dockets", str(number_of(fields, "docket_id") or number_of(fields, "docket")))
        if answer is None:
            self.site.fail(f"has decision {number} and not its docket")
        docket = answer[0]
        court = text_of(docket, "court_id") or text_of(docket, "court").rstrip("/").rpartition("/")[2]
        named = self._object("courts", court) if _COURT.fullmatch(court) else None
        name = text_of(named[0], "full_name") if named else ""
        return _Docket(court, name or court, text_of(docket, "docket_number"))

    def _opinions(self, cluster: Mapping[str, Any], number: int) -> Iterator[dict[str, Any]]:
        """Yields the opinions of a cluster: by their numbers, never by the addresses that the source gives."""
        given = texts_of(dict(cluster), "sub_opinions")
        names = [number_of({"at": one}, "at") for one in given]
        if len(names) > MOST_OPINIONS or not all(names):
            self.site.fail(f"lists {len(names)} opinions of decision {number}, which cannot be read")
        for name in names:
            answer = self._object("opinions", str(name))
            if answer is None or number_of(answer[0], "id") != name:
                self.site.fail(f"lists opinion {name} of decision {number} and does not send it")
            yield {**answer[0], "cluster_id": number}

    def _object(self, kind: str, name: str) -> tuple[dict[str, Any], datetime] | None:
        answer = self.site.get_json((kind, name, ""))
        if answer is None:
            return None
        found, at = answer
        if not isinstance(found, dict):
            self.site.fail(f"sent no object for {kind}/{name}")
        return dict(found), at

    def _cases(self, objects: Iterable[Mapping[str, Any]]) -> list[Case]:
        try:
            body = json.dumps(list(objects)).encode()
        except UnicodeEncodeError as error:
            raise ServerError(f"{NAME} sent text that is none.", hint="Ask again later.") from error
        return [item for item in read_items(NAME, COURTLISTENER, "reply.json", body) if isinstance(item, Case)]


def _snippet(result: Mapping[str, JSON]) -> str:
    """Returns the piece of an opinion that the search shows, without its marks. It is torn out: never evidence."""
    opinions = objects_of(dict(result), "opinions")
    text = next((text_of(one, "snippet") for one in opinions if text_of(one, "snippet")), "")
    return " ".join(_TAGS.sub("", text[:2_000]).split())
