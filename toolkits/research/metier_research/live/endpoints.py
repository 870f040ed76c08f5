"""Where the live sources are, each an option of the toolkit with a default, and the options that hold keys."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from metier.errors import InputError, MissingError
from metier.toolkit import Settings
from metier_research.live.faults import lacking_key
from metier_research.live.source import Access, Source
from metier_research.web.addresses import is_on_this_machine
from metier_research.web.policy import agent_of
from metier_research.web.urls import Target, read_target

CONTACT_OPTION: Final = "agent"
TIMEOUT_OPTION: Final = "live_timeout_s"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address that the option of that name may replace. Without a default the user has to name one."""

    option: str
    default: str = ""

    def named(self, settings: Settings) -> str:
        """Returns the address that the user named, "" for none."""
        return settings.options.get(self.option, "").strip().rstrip("/")

    def address(self, settings: Settings) -> str:
        """Returns the address, without a slash at its end; raises MissingError when there is none."""
        address = self.named(settings) or self.default
        if not address:
            raise MissingError(
                f"The option {self.option} is not set.", hint="Set it to the address of your own server."
            )
        return address

    def allowed(self, settings: Settings) -> frozenset[str]:
        """Returns the host and port that may be private, because the user named them."""
        named = self.named(settings)
        target = read_target(named, any_port=True) if named else None
        return frozenset() if target is None else frozenset((f"{target.host}:{target.port}",))


def access_of(
    source: Source[Any], endpoint: Endpoint, settings: Settings, environ: Mapping[str, str] = os.environ
) -> Access:
    """Returns how the source is reached under these settings.

    Raises MissingError for a key or an address that is needed and not there, and InputError for a key that cannot be
    one, or that would travel in the clear.
    """
    address = endpoint.address(settings)
    target = read_target(address, any_port=True)
    key = (settings.options.get(source.option, "") or environ.get(source.variable, "")).strip() if source.option else ""
    if source.needs_key and not key:
        raise lacking_key(source)
    _check_key(key, source, target)
    contact = settings.options.get(CONTACT_OPTION, "").strip()
    return Access(address, key, agent_of(contact), contact)


def timeout_of(settings: Settings, default: float) -> float:
    """Returns how many seconds a source may take for one answer; raises InputError for what is no such number."""
    return _seconds(settings, TIMEOUT_OPTION, default)


def interval_of(source: Source[Any], settings: Settings, default: float) -> float:
    """Returns the seconds between two requests, which the option NAME_interval_s sets, as a plan with a key allows.

    A source that is asked without a key of its own keeps the default at least. Raises InputError for no such number.
    """
    seconds = _seconds(settings, f"{source.name}_interval_s", default)
    return seconds if source.needs_key else max(seconds, default)


def _seconds(settings: Settings, option: str, default: float) -> float:
    written = settings.options.get(option, "").strip()
    try:
        seconds = float(written or default)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 600:
        raise InputError(f"The option {option} is {written[:20]!r}.", hint="Give seconds, more than 0, up to 600.")
    return seconds


def _check_key(key: str, source: Source[Any], target: Target) -> None:
    if key and (not key.isascii() or not key.isprintable() or " " in key):
        raise InputError(f"The key for {source.title} holds characters that no key has.", hint="Copy it again.")
    if key and target.scheme != "https" and not is_on_this_machine(target.host):
        raise InputError("A key is not sent over an address without https.", hint="Set the address to https://...")
