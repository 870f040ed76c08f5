"""A live source over HTTP: what is asked, what counts as an answer, and what does not.

An answer is data of the kind that was asked for, or the source's own word that there is nothing at that address.
Everything else (a wall, a captcha, a page where data should be, a redirect to elsewhere) is a ServerError: the source
could not be asked, and nothing follows from it.
"""

import re
from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from threading import Lock
from typing import Final, NoReturn
from urllib.parse import urlsplit

from metier.canonical import JSON
from metier.clock import Clock, SystemClock
from metier.errors import InputError, ServerError
from metier.toolkit import Settings
from metier_legal.fetch import Reply, ask, is_here, read_json
from metier_legal.live.endpoints import CONTACT_OPTION, TIMEOUT_S
from metier_legal.live.throttle import Throttle

JSON_KINDS: Final = frozenset(("application/json", "application/sparql-results+json"))
XML_KINDS: Final = frozenset(("application/xml", "text/xml", "application/atom+xml"))
XHTML_KINDS: Final = frozenset(("application/xhtml+xml",))
REMEMBERED_S: Final = 900.0
_REMEMBERED: Final = 64
_REMEMBERED_BYTES: Final = 48 << 20
_HOPS: Final = 2
_SEGMENT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_CONTACT: Final = re.compile(r"[A-Za-z0-9@:/._+-]{0,120}")
_NOTHING: Final = "Nothing follows from this about whether the thing exists. Try again later, or ask another source."


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a source sent, and when."""

    body: bytes
    at: datetime


@dataclass(slots=True)
class Memory:
    """What was fetched in the last REMEMBERED_S seconds, so that a tool call that had to stop goes on where it was."""

    clock: Clock
    _kept: "OrderedDict[str, tuple[float, Fetched]]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def recall(self, key: str) -> Fetched | None:
        """Returns what was kept under the key and is not too old, or None."""
        with self._lock:
            since, fetched = self._kept.get(key, (float("-inf"), None))
            return fetched if self.clock.seconds() - since < REMEMBERED_S else None

    def keep(self, key: str, fetched: Fetched) -> None:
        """Keeps it, and forgets the oldest where that is too much."""
        with self._lock:
            self._kept[key] = (self.clock.seconds(), fetched)
            self._kept.move_to_end(key)
            size = sum(len(one.body) for _, one in self._kept.values())
            while len(self._kept) > _REMEMBERED or (size > _REMEMBERED_BYTES and len(self._kept) > 1):
                _, (_, oldest) = self._kept.popitem(last=False)
                size -= len(oldest.body)


@dataclass(frozen=True, slots=True)
class Site:
    """One endpoint of a source. Paths are made of segments of letters, digits, dots and dashes; nothing else passes.

    `headers` go to this endpoint only. `onward` are the paths on the same host that a redirect may lead to (content
    negotiation); "" follows none.
    """

    name: str
    address: str
    throttle: Throttle
    memory: Memory
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    onward: str = ""
    clock: Clock = field(default_factory=SystemClock)
    timeout_s: float = TIMEOUT_S

    def get(
        self, segments: Sequence[str], kinds: Collection[str], query: Mapping[str, str] | None = None
    ) -> Fetched | None:
        """Returns what is at the path, None when the source says that nothing is; raises ServerError for no answer."""
        url = "/".join((self.address, *map(check_segment, segments)))
        return self._fetch(url, kinds, query)

    def get_json(self, segments: Sequence[str], query: Mapping[str, str] | None = None) -> tuple[JSON, datetime] | None:
        """Returns the JSON at the path and when it was sent, None when the source says that nothing is there.

        A last segment "" is a path that ends with a slash.
        """
        *above, last = segments
        url = "/".join((self.address, *map(check_segment, above), check_segment(last) if last else ""))
        fetched = self._fetch(url, JSON_KINDS, query)
        return None if fetched is None else (self.parse(fetched), fetched.at)

    def post_form(self, segments: Sequence[str], form: Mapping[str, str]) -> tuple[JSON, datetime]:
        """Returns the JSON answer to a form posted to a path that ends with a slash, and when it was sent."""
        url = "/".join((self.address, *map(check_segment, segments), ""))
        self.throttle.take()
        headers = {**self.headers, "Accept": "application/json"}
        reply = ask(url, timeout_s=self.timeout_s, headers=headers, form=form)
        if reply.is_missing or reply.is_redirect:
            self.fail(f"answered with status {reply.status} where it should have looked")
        self._check_kind(reply, JSON_KINDS)
        return read_json(reply), self.clock.now()

    def parse(self, fetched: Fetched) -> JSON:
        """Returns the JSON that was sent; raises ServerError for anything else."""
        return read_json(Reply(self.name, 200, "", fetched.body))

    def fail(self, what: str) -> NoReturn:
        """Raises ServerError that this source did so."""
        raise ServerError(f"{self.name} {what}.", hint=_NOTHING)

    def _fetch(self, url: str, kinds: Collection[str], query: Mapping[str, str] | None) -> Fetched | None:
        key = f"{url}?{sorted((query or {}).items())}"
        kept = self.memory.recall(key)
        if kept is not None:
            return kept
        reply = self._ask(url, kinds, query)
        for _ in range(_HOPS):
            if not reply.is_redirect:
                break
            reply = self._ask(self._onward(reply), kinds, None)
        if reply.is_redirect:
            self.fail("redirects from one address to the next")
        if reply.is_missing:
            return None
        self._check_kind(reply, kinds)
        fetched = Fetched(reply.body, self.clock.now())
        self.memory.keep(key, fetched)
        return fetched

    def _ask(self, url: str, kinds: Collection[str], query: Mapping[str, str] | None) -> Reply:
        self.throttle.take()
        headers = {"Accept": ", ".join(sorted(kinds)), **self.headers}
        return ask(url, timeout_s=self.timeout_s, query=query, headers=headers)

    def _onward(self, reply: Reply) -> str:
        """Returns the address on this very host that a redirect leads to; the scheme stays that of the endpoint."""
        ours, theirs = urlsplit(self.address), urlsplit(reply.location)
        same = theirs.netloc in ("", ours.netloc) and not theirs.query and not theirs.fragment
        if not self.onward or not same or ".." in theirs.path or not re.fullmatch(self.onward, theirs.path):
            self.fail("redirects to another address, which is not followed")
        return f"{ours.scheme}://{ours.netloc}{theirs.path}"

    def _check_kind(self, reply: Reply, kinds: Collection[str]) -> None:
        if reply.kind not in kinds:
            page = "a page for people" if "html" in reply.kind else f"{reply.kind[:60] or 'something unnamed'!r}"
            self.fail(f"answered with {page} and not with data: perhaps a wall, a captcha or another address")


def check_segment(segment: str) -> str:
    """Returns a piece of a path that holds nothing but letters, digits, dots and dashes; else raises InputError."""
    if not _SEGMENT.fullmatch(segment) or ".." in segment:
        raise InputError(f"{segment[:40]!r} cannot be asked for.", hint="Use letters, digits, dots and dashes.")
    return segment


def agent_of(settings: Settings) -> str:
    """Returns how metier names itself to a source, with the contact that the user set."""
    contact = settings.options.get(CONTACT_OPTION, "").strip()
    if not _CONTACT.fullmatch(contact):
        raise InputError(f"The option {CONTACT_OPTION} is no address of a person.", hint="Give an e-mail or a URL.")
    return f"metier/{version('metier')}" + (f" (+{contact})" if contact else "")


def key_header(address: str, key: str) -> dict[str, str]:
    """Returns the header that bears a key; raises InputError where it would travel in the clear."""
    if not key:
        return {}
    if not key.isascii() or not key.isprintable() or " " in key:
        raise InputError("The key for the source holds characters that a key cannot have.", hint="Copy it again.")
    if urlsplit(address).scheme != "https" and not is_here(address):
        raise InputError("A key is not sent over an address without https.", hint="Set the option to https://...")
    return {"Authorization": f"Token {key}"}
