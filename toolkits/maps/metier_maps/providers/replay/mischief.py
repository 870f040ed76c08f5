"""The failures of map servers seen in the wild, for a replay server to show on demand."""

from dataclasses import dataclass
from enum import StrEnum


class Mischief(StrEnum):
    """What goes wrong."""

    KEY_IN_ERROR = "key-in-error"
    RATE = "rate"
    QUOTA = "quota"
    BAD_KEY = "bad-key"
    PAGE = "page"
    PAGE_IN_ERROR = "page-in-error"
    ERROR_BODY = "error-body"
    CUT = "cut"
    HANG = "hang"
    FOREIGN = "foreign"
    UNDEFINED = "undefined"


@dataclass(frozen=True, slots=True)
class Script:
    """How a source words each failure. `address` is a URL with the key in it; HANG has no words."""

    address: str
    rate: str
    quota: str
    bad_key: str
    error_body: str
    foreign: str

    def words(self, mischief: Mischief) -> tuple[str, bool]:
        """Returns the text of the answer, and whether the server calls it an error."""
        page = "<!DOCTYPE html>\n<html><head><title>503 Service Temporarily Unavailable</title></head></html>"
        texts = {
            Mischief.KEY_IN_ERROR: (
                f"Error: request to {self.address} failed, reason: getaddrinfo ENOTFOUND restapi.example",
                True,
            ),
            Mischief.RATE: (self.rate, True),
            Mischief.QUOTA: (self.quota, True),
            Mischief.BAD_KEY: (self.bad_key, True),
            Mischief.PAGE: (page, False),
            Mischief.PAGE_IN_ERROR: (
                f"Error: invalid json response body at {self.address} reason: Unexpected token < in JSON at position 0",
                True,
            ),
            Mischief.ERROR_BODY: (self.error_body, False),
            Mischief.CUT: ('{"pois": [{"id": "B0SYN', False),
            Mischief.FOREIGN: (self.foreign, True),
            Mischief.UNDEFINED: ("Direction failed: undefined", True),
        }
        return texts[mischief]
