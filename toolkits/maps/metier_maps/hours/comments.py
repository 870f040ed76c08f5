"""What the free text beside opening hours means: by appointment, or a last entry."""

import re
from dataclasses import dataclass
from datetime import time, timedelta

_BY_APPOINTMENT = re.compile(
    r"appointment|arrangement|request|reserv|booking|by phone|rendez|demande|r[ée]serv|anfrage|vereinbarung|absprache"
    r"|anmeldung|termin|cita\b|petici[oó]n|concert(?:ar|ada)|sol·licitud|prenota|appuntament|richiesta|预约|預約|予約",
    re.IGNORECASE,
)
_LAST = re.compile(r"last|letzt|derni|[uú]ltim|最后|最後|最晚|停止入", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\d:])([01]?\d|2[0-4])[:.h]([0-5]\d)(?!\d)")
_BEFORE = re.compile(
    r"(?:PT)?(\d{1,3}|half an|an|one)\s*(h(?:ours?|eures?|oras?)?\b|stunden?|小时|m(?:in(?:ute[ns]?|utos?|s)?)?\b|分)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class LastEntry:
    """The last entry: at a clock time, or so long before closing. Exactly one of the two is set."""

    at: time | None = None
    before_closing: timedelta | None = None


def is_by_appointment(comment: str) -> bool:
    """Returns whether a comment says that one has to ask first."""
    return bool(_BY_APPOINTMENT.search(comment))


def read_last_entry(text: str) -> LastEntry | None:
    """Returns what the value of a last-entry tag says ("16:30", "30 min before closing", "PT30M"), or None."""
    clock = _CLOCK.search(text)
    if clock and int(clock[1]) < 24:
        return LastEntry(at=time(int(clock[1]), int(clock[2])))
    before = _BEFORE.search(text)
    if before:
        return LastEntry(before_closing=_length(before[1].lower(), before[2].lower()))
    return None


def find_last_entry(comment: str) -> LastEntry | None:
    """Returns the last entry that a comment speaks of ("last admission 16:30"), or None when it speaks of none."""
    word = _LAST.search(comment)
    return read_last_entry(comment[word.start() :]) or read_last_entry(comment) if word else None


def _length(count: str, unit: str) -> timedelta:
    if not count.isdigit():
        return timedelta(minutes=30 if count.startswith("half") else 60)
    is_hours = unit.startswith(("h", "st", "小"))
    return timedelta(hours=int(count)) if is_hours else timedelta(minutes=int(count))
