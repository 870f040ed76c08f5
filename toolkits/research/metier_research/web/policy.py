"""What may be fetched, and how much of it."""

import re
from dataclasses import KW_ONLY, dataclass
from importlib.metadata import version
from typing import Final

from metier.errors import InputError

_CONTACT: Final = re.compile(r"[A-Za-z0-9@:/._+-]{0,120}")


@dataclass(frozen=True, slots=True)
class FetchPolicy:
    """The limits of a fetch. `user_agent` says honestly who asks; `agent_of` makes one.

    `max_bytes` caps the document after unpacking, `total_s` the whole fetch in seconds with its redirects, of which
    `redirects` are followed. `robots` obeys robots.txt (RFC 9309). `allow_private` names hosts with their port
    ("127.0.0.1:8080") that may be asked although they are on a private network or use another port.
    """

    user_agent: str
    _: KW_ONLY
    max_bytes: int = 20 << 20
    total_s: float = 30.0
    redirects: int = 5
    robots: bool = True
    allow_private: frozenset[str] = frozenset()


def agent_of(contact: str = "") -> str:
    """Returns how this toolkit names itself to a site, with the address of the person who answers for it.

    Raises InputError for a contact that is no address.
    """
    if not _CONTACT.fullmatch(contact):
        raise InputError("The contact for the user agent is no address.", hint="Give an e-mail address or a URL.")
    return f"metier-research/{version('metier-research')}" + (f" (+{contact})" if contact else "")
