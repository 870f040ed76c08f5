"""What the pages of a wiki are called: their titles as keys, and their addresses, `wiki://NAME/Title`. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

from metier.errors import InputError

SCHEME: Final = "wiki://"
LONGEST_KEY: Final = 300
"""Characters of a key. MediaWiki allows 255 bytes; a longer title is no title."""

_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?")
_BLANK: Final = re.compile(r"[\s_]+")
_HIDDEN: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


@dataclass(frozen=True, slots=True)
class Address:
    """The page `key` of the wiki `name`."""

    name: str
    key: str


def check_name(name: str) -> str:
    """Returns the name of a wiki as it is; raises InputError for one that could lead elsewhere or change on its way."""
    if not _NAME.fullmatch(name) or ".." in name:
        raise InputError(
            f"{name[:80]!r} cannot be the name of a wiki.",
            hint="Use small letters, digits, '.', '_' and '-': --name simple-2026.",
        )
    return name


def key_of(title: str) -> str:
    """Returns the key of a title: Unicode's form C, white space and underscores as one blank, nothing unseen.

    Empty for what is no title. Letters keep their case: a wiki may have Lead and LEAD.
    """
    clean = unicodedata.normalize("NFC", _BLANK.sub(" ", title))
    if not clean.isprintable():
        clean = "".join(letter for letter in clean if unicodedata.category(letter) not in _HIDDEN)
    return _BLANK.sub(" ", clean).strip()


def wiki_url(name: str, title: str) -> str:
    """Returns the address of the page called `title` in the wiki `name`, percent-encoded (RFC 3986)."""
    return f"{SCHEME}{name}/{quote(key_of(title), safe='')}"


def read_address(url: str) -> Address | None:
    """Returns what an address names, without its fragment; None for one that is not of a wiki or names no page.

    It need not be percent-encoded: a title that a model wrote out is understood.
    """
    scheme, name, path = url[: len(SCHEME)], *url[len(SCHEME) :].partition("/")[::2]
    key = key_of(unquote(path.partition("#")[0], errors="replace"))
    if scheme.casefold() != SCHEME or not key or len(key) > LONGEST_KEY:
        return None
    return Address(name.casefold(), key)
