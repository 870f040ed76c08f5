"""What headers of an answer mean. Pure, but for the date that a pause may be given as."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST_PAUSE_S: Final = 86_400.0
_CHARSET: Final = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9_:.-]{1,40})", re.I)
_KIND: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,60}/[a-z0-9!#$&^_.+-]{1,100}")


def media_type(written: str) -> tuple[str, str]:
    """Returns the media type of a Content-Type, in small letters and without parameters, and its charset."""
    kind = written.partition(";")[0].strip().lower()
    charset = _CHARSET.search(written[:300])
    return kind if _KIND.fullmatch(kind) else "", "" if charset is None else charset[1].lower()


def pause_of(written: str, now: datetime) -> float | None:
    """Returns the seconds that a Retry-After means, a number or a date; None when it means nothing."""
    number = written.strip()
    if number.isascii() and number.isdecimal():
        return min(float(number[:12]), _LONGEST_PAUSE_S)
    try:
        until = parsedate_to_datetime(number)
        seconds = (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), _LONGEST_PAUSE_S)
