"""Where the tools read: wikis on this machine, the web where it is allowed, and files below named folders.

Pages of the web are kept for a while, so that a second look, at another passage, sees the same letters.
"""

from collections import OrderedDict
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias
from urllib.parse import unquote

import anyio.to_thread

from metier.clock import Clock
from metier.errors import InputError, MissingError, ServerError
from metier.late import late
from metier_research.options import Options
from metier_research.pages.page import Page
from metier_research.reading.document import read_document
from metier_research.server.extractor import Ask, open_extractor
from metier_research.web.browser.command import OFF, find_chromium
from metier_research.web.browser.rendering import Browser, needs_script
from metier_research.web.http import Fetched, fetch
from metier_research.web.policy import FetchPolicy, agent_of
from metier_research.wiki.folder import wiki_paths
from metier_research.wiki.shelf import Shelf

KEPT: Final = 64  # pages of the web
KEPT_S: Final = 900.0
NO_WEB: Final = "The user allows it with --set web=on."
_read_file = late("metier_research.files.reading", "read_file")  # its libraries are many
_State: TypeAlias = tuple[tuple[Path, tuple[int, int]], ...]


def policy_of(options: Options) -> FetchPolicy:
    """Returns what of the web may be fetched; raises InputError for a contact that is no address."""
    return FetchPolicy(agent_of(options.agent), allow_private=options.private)


class Room:
    """Reads pages for all tools of a server. Safe to use by several calls at once."""

    def __init__(self, data: Path, options: Options, clock: Clock, policy: FetchPolicy) -> None:
        self.clock = clock
        self.ask: Ask | None = open_extractor(options.extractor)
        self._data = data
        self._options = options
        self._policy = policy
        self._browser = _open_browser(options, policy)
        self._kept: OrderedDict[str, tuple[float, Page]] = OrderedDict()
        self._shelf: tuple[_State, Shelf] | None = None
        self._lock = Lock()

    @property
    def shelf(self) -> Shelf:
        """Returns the wikis of this machine as they are now; raises StorageError for a folder that cannot be read."""
        state = tuple((path, _version(path)) for path in wiki_paths(self._data))
        with self._lock:
            if self._shelf is None or self._shelf[0] != state:
                self._shelf = (state, Shelf.open(self._data))
            return self._shelf[1]

    async def read(self, url: str) -> Page:
        """Returns the page at an address without a fragment.

        Raises InputError for an address that may not be read, MissingError for a page that there is not, and
        ServerError for a site that does not answer.
        """
        scheme = url.partition(":")[0].lower()
        if scheme == "wiki":
            return await anyio.to_thread.run_sync(self._wiki_page, url)
        if scheme in ("http", "https"):
            return await self._web_page(url)
        if scheme == "file":
            return await anyio.to_thread.run_sync(self._file_page, url)
        raise InputError(
            f"{url[:80]!r} is no address that can be read.",
            hint="Give one that a search or page named: https://..., wiki://NAME/Title, or file:NAME.",
        )

    def read_file(self, name: str) -> tuple[Page, ...]:
        """Returns the pages of a file below the folders that the user named, one a document; blocks.

        Raises MissingError where no folder was named, and InputError for a file that may not or cannot be read.
        """
        if not self._options.files:
            raise MissingError("No folder may be read.", hint="The user names one with --set files=FOLDER.")
        pages: tuple[Page, ...] = _read_file(name, self._options.files)
        return pages

    def _wiki_page(self, url: str) -> Page:
        page = self.shelf.read(url)
        if page is None:
            raise MissingError(f"There is no page {url[:120]} on this machine.", hint="Search for it by its words.")
        return page

    def _file_page(self, url: str) -> Page:
        named = unquote(url.partition(":")[2])
        pages = self.read_file(named)
        return next((page for page in pages if page.url == url), pages[0])

    async def _web_page(self, url: str) -> Page:
        if not self._options.web:
            raise InputError("Pages of the web are not read in this run.", hint=NO_WEB)
        now = self.clock.seconds()
        with self._lock:
            kept = self._kept.get(url)
        if kept is not None and now - kept[0] < KEPT_S:
            return kept[1]
        got = await fetch(url, self._policy)
        page = await self._page_of(got)
        with self._lock:
            self._kept[url] = self._kept[got.url] = (now, page)
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return page

    async def _page_of(self, got: Fetched) -> Page:
        """Returns the page that was fetched: what its scripts make of it, where it has next to no text without."""
        try:
            page = await _parse(got)
        except InputError:  # without any text
            if self._browser is None or not needs_script(got.body, ""):
                raise
            return await self._render(self._browser, got)
        if self._browser is None or not needs_script(got.body, page.text):
            return page
        try:
            rendered = await self._render(self._browser, got)
        except (InputError, ServerError):  # a little text is better than none
            return page
        return rendered if len(rendered.text) > len(page.text) else page

    async def _render(self, browser: Browser, got: Fetched) -> Page:
        made = await browser.render(got.url)
        page = await _parse(replace(got, body=made.body, kind="text/html", charset="utf-8"))
        return replace(page, rendered=True)


def _open_browser(options: Options, policy: FetchPolicy) -> Browser | None:
    """Returns the browser that the user wants, if any; raises MissingError where there is none to be had."""
    if not options.web or options.chromium == OFF:
        return None
    program = find_chromium(options.chromium, sandboxed=options.sandboxed)
    return Browser(program, policy, sandboxed=options.sandboxed)


async def _parse(got: Fetched) -> Page:
    return await anyio.to_thread.run_sync(
        lambda: read_document(got.body, url=got.url, kind=got.kind, charset=got.charset)
    )


def _version(path: Path) -> tuple[int, int]:
    """Returns what tells a file from the one that took its place; nothing for one that has gone meanwhile."""
    try:
        found = path.stat()
    except OSError:
        return (0, 0)
    return (found.st_ino, found.st_mtime_ns)
