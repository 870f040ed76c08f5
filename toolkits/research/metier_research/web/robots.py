"""What a site allows programs to read: robots.txt (RFC 9309), by protego. Pure."""

from dataclasses import dataclass
from typing import Final

from protego import Protego

MOST_BYTES: Final = 500 << 10  # RFC 9309, section 2.5: at least so much is read
NAME: Final = "metier-research"
"""The name that a robots.txt calls this toolkit by."""
LONGEST_DELAY_S: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Rules:
    """What a site allows: what its file says; without one everything or, for now, nothing.

    `delay_s` are the seconds that it wants between two requests, `lasts_s` those after which the rules are old.
    """

    text: Protego | None
    otherwise: bool = True
    delay_s: float = 0.0
    lasts_s: float = 3600.0

    def allow(self, url: str) -> bool:
        """Returns whether the address may be read."""
        return self.otherwise if self.text is None else bool(self.text.can_fetch(url, NAME))


EVERYTHING: Final = Rules(None)
NOTHING: Final = Rules(None, otherwise=False, lasts_s=60.0)


def read_rules(status: int, body: bytes) -> Rules:
    """Returns what follows from the answer to a request for robots.txt (RFC 9309, section 2.3.1).

    Not found and not allowed to look are no rules: everything is allowed. A server that fails allows nothing for now.
    """
    if 400 <= status < 500 and status != 429:
        return EVERYTHING
    if not 200 <= status < 300:
        return NOTHING
    text = Protego.parse(body[:MOST_BYTES].decode("utf-8-sig", "replace"))
    delay = text.crawl_delay(NAME) or 0.0
    return Rules(text, delay_s=min(max(delay, 0.0), LONGEST_DELAY_S) if delay == delay else 0.0)
