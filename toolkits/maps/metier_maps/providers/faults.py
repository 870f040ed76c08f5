"""Why a source gave no answer, told so that the envelope knows what to do: wait, ask another, or leave it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum

from metier.errors import MetierError, ServerError, ToolError
from metier_maps.providers.reading import plain_words, quotable

PACE_S = 1.0  # rates are counted by the second
_DAY = timedelta(days=1)


class Fault(StrEnum):
    """What is wrong, in kind."""

    SPENT = "the quota of the day is spent"
    HURRY = "too many requests"
    KEY = "the key was refused"
    NOTHING = "there is nothing"
    NO_WAY = "there is no way between these points"
    OUTSIDE = "it does not cover this"
    ARGUMENTS = "it does not take these arguments"
    FAILED = "it failed"


@dataclass(frozen=True, slots=True)
class Marks:
    """The words by which a source tells its faults; the first that is found counts."""

    words: Sequence[tuple[Fault, re.Pattern[str]]]
    zone: tzinfo  # whose midnight renews the quota of the day

    def fault_of(self, said: str) -> Fault:
        """Returns the fault that `said` tells of; FAILED where no mark is in it."""
        plain = plain_words(said)
        return next((fault for fault, pattern in self.words if pattern.search(plain)), Fault.FAILED)

    def error_of(self, title: str, fault: Fault, said: str, heard: datetime) -> MetierError:
        """Returns the error of a fault, with what the source said, but for addresses and keys in it."""
        quoted = quotable(said)
        told = f"{title}: {fault.value}" + (f" ({quoted})." if quoted else ".")
        match fault:
            case Fault.SPENT:
                return ServerError(told, hint="It is renewed at midnight.", retry_after_s=self._until_midnight(heard))
            case Fault.HURRY:
                return ServerError(told, retry_after_s=PACE_S)
            case Fault.KEY:
                return ServerError(told, hint="Look at the key, and at the services that it is allowed.")
            case Fault.NO_WAY | Fault.ARGUMENTS:
                return ToolError(told, hint="Choose other places.")
            case _:
                return ServerError(told)

    def _until_midnight(self, heard: datetime) -> float:
        here = heard.astimezone(self.zone)
        midnight = here.replace(hour=0, minute=0, second=0, microsecond=0) + _DAY
        return max(1.0, (midnight - here).total_seconds())


def mark(*words: str) -> re.Pattern[str]:
    """Returns the pattern of any of these words, in any case."""
    return re.compile("|".join(words), re.IGNORECASE)
