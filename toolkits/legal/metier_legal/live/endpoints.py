"""Where the live sources are, each an option of the toolkit with a default, and how sure the default is.

Confirmed: read in the source's own code or documentation when this was written. Unconfirmed: from memory; it has to
be tried once against the source, and if it is wrong the option is set to what is right.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from metier.errors import InputError
from metier.toolkit import Settings

KEY_OPTION: Final = "courtlistener_token"
KEY_VARIABLE: Final = "COURTLISTENER_TOKEN"
CONTACT_OPTION: Final = "live_contact"
TIMEOUT_OPTION: Final = "live_timeout_s"
TIMEOUT_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that the option of that name may replace; `doubt` says what of it is unconfirmed, "" for nothing."""

    option: str
    default: str
    doubt: str = ""

    def address(self, settings: Settings) -> str:
        """Returns the address, without a slash at its end."""
        return (settings.options.get(self.option, "").strip() or self.default).rstrip("/")

    def tell(self) -> str:
        """Returns in one line where it is and how sure that is."""
        return f"{self.option}={self.default} ({f'unconfirmed: {self.doubt}' if self.doubt else 'confirmed'})"


COURTLISTENER: Final = Endpoint("courtlistener_url", "https://www.courtlistener.com/api/rest/v4")
ECFR: Final = Endpoint(
    "ecfr_url", "https://www.ecfr.gov/api/versioner/v1", "paths and the parameter `section` are from memory"
)
LEGISLATION: Final = Endpoint(
    "legislation_gov_uk_url", "https://www.legislation.gov.uk", "paths and the feed of titles are from memory"
)
CELLAR: Final = Endpoint("eurlex_url", "https://publications.europa.eu/resource/celex")
SPARQL: Final = Endpoint(
    "eurlex_sparql_url",
    "https://publications.europa.eu/webapi/rdf/sparql",
    "the address and the names of its properties are from memory",
)


def courtlistener_key(settings: Settings, environ: Mapping[str, str] = os.environ) -> str:
    """Returns the key for CourtListener from the option or the environment, or ""."""
    return (settings.options.get(KEY_OPTION, "") or environ.get(KEY_VARIABLE, "")).strip()


def timeout_of(settings: Settings) -> float:
    """Returns how many seconds a source may take for one answer; raises InputError for what is no such number."""
    written = settings.options.get(TIMEOUT_OPTION, "").strip()
    try:
        seconds = float(written or TIMEOUT_S)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        raise InputError(
            f"The option {TIMEOUT_OPTION} is {written[:20]!r}.", hint="Give seconds, more than 0, up to 600."
        )
    return seconds
