"""The toolkit's own tools that read legislation, answered by a live source: same names, arguments and shapes."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Final, Protocol

from mcp.types import CallToolResult
from pydantic import Field

from metier.clock import Clock, SystemClock
from metier.errors import InputError
from metier.evidence import Evidence
from metier.servers.result import tool_result
from metier.toolkit import Settings
from metier_legal.citations.citation import Pin
from metier_legal.citations.form import form_law
from metier_legal.law.provision import Provision
from metier_legal.law.work import Work
from metier_legal.records import Brief, brief_of, record_provision
from metier_legal.server.shapes import Difference, ProvisionView
from metier_legal.server.statutes import (
    Day,
    ProvisionName,
    find_differences,
    interval_of,
    show_provision,
    tell_provision,
)

UNREAD: Final = ""  # the digest of a version of which only the dates are known


@dataclass(frozen=True, slots=True)
class Found:
    """A version as a source gave it, and when. `versions` are all that the source lists, oldest first, this among them.

    The other versions were not read: they have dates, and no digest.
    """

    work: Work
    version: Provision
    at: datetime
    versions: tuple[Brief, ...] = ()


class LawSource(Protocol):
    """A live source of legislation."""

    @property
    def name(self) -> str:
        """Returns how evidence names the source."""
        ...

    def locate(self, provision: str) -> tuple[str, str]:
        """Returns the work and number that an id or citation names; see `naming.Grammar.locate`."""
        ...

    def find(self, work: str, number: str, day: date) -> Found:
        """Returns the version that was law on the day.

        Raises MissingError where the source answers that it has none, ServerError where it gave no answer.
        """
        ...


class StatuteTools:
    """The tools that read legislation."""

    def __init__(self, source: LawSource, settings: Settings, clock: Clock | None = None) -> None:
        self._source = source
        self._settings = settings
        self._clock = clock or SystemClock()

    def read_provision(self, provision: ProvisionName, on: Day = None) -> Annotated[CallToolResult, ProvisionView]:
        """Returns a provision exactly as it read on a day, with its parts, its interval and its other versions."""
        work, number = self._source.locate(provision)
        view, evidence = self._show(self._source.find(work, number, on or self._today), on or self._today)
        return tool_result(view, tell_provision(view), evidence=[evidence])

    def compare_versions(
        self,
        provision: ProvisionName,
        earlier: Annotated[date, Field(description="A day on which the earlier version was law.")],
        later: Day = None,
    ) -> Annotated[CallToolResult, Difference]:
        """Returns a provision as it read on two days, and the words that differ."""
        work, number = self._source.locate(provision)
        days = (earlier, later or self._today)
        views, items = zip(*(self._show(self._source.find(work, number, day), day) for day in days), strict=True)
        same = views[0].text == views[1].text
        words = tuple(find_differences(views[0].text, views[1].text))
        shown = Difference(earlier=views[0], later=views[1], same=same, words=words)
        text = "The text is the same." if same else "\n".join(words)
        return tool_result(shown, text, evidence=list({item.id: item for item in items}.values()))

    @property
    def _today(self) -> date:
        return today_of(self._settings, self._clock)

    def _show(self, found: Found, day: date) -> tuple[ProvisionView, Evidence]:
        work, version = found.work, found.version
        evidence = record_provision(
            work,
            version,
            display=form_law(work, Pin(version.number)),
            versions=found.versions or (version,),
            origin=origin_of(self._source.name, found.at, work.licence),
        )
        own = brief_of(version)
        others = tuple(interval_of(one) for one in found.versions if one != own)
        return show_provision(work, version, day, evidence=evidence.id, others=others), evidence


def origin_of(source: str, at: datetime, licence: str) -> str:
    """Returns how evidence names a source: who said it, when, and under which licence."""
    return f"{source}, retrieved {at:%Y-%m-%dT%H:%M:%SZ}, {licence or 'licence not told'}"


def today_of(settings: Settings, clock: Clock) -> date:
    """Returns the day in the zone of this machine, or the one that the option `today` names."""
    named = settings.options.get("today", "")
    try:
        return date.fromisoformat(named) if named else clock.now().astimezone().date()
    except ValueError as error:
        raise InputError(f"The option today is no day: {named[:40]!r}.", hint="Give it as YYYY-MM-DD.") from error
