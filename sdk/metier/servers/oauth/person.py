"""Logging in as a person: in a browser, with PKCE, and an answer that comes back to this machine."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from mcp.shared.auth import AuthorizationCodeResult
from pydantic import AnyUrl

from metier.errors import ServerError
from metier.servers.definition import Login
from metier.servers.oauth.account import Account
from metier.servers.oauth.loopback import Loopback
from metier.servers.oauth.safety import may_send
from metier.servers.oauth.store import TokenStore

LOGIN_S = 300.0


class Person(Account):
    """The login of a person. `open_browser` is given the page to open; without it nobody is asked.

    `login_s` is how long the person may take.
    """

    def __init__(
        self,
        name: str,
        store: TokenStore,
        login: Login,
        *,
        open_browser: Callable[[str], None] | None,
        login_s: float = LOGIN_S,
    ) -> None:
        super().__init__(name, store, login)
        self._open_browser = open_browser
        self._login_s = login_s
        self._asked_s = 0.0
        self._asked_at: float | None = None

    @property
    def may_log_in(self) -> bool:
        """Returns whether a person can be asked."""
        return self._open_browser is not None

    @property
    def asked_s(self) -> float:
        """Returns for how many seconds a person was asked so far: time that no server is to blame for."""
        running = 0.0 if self._asked_at is None else time.monotonic() - self._asked_at
        return self._asked_s + running

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        async with self._listen() as loopback:

            async def ask(url: str) -> None:
                await self._show(url, loopback)

            async def wait() -> AuthorizationCodeResult:
                answer = await loopback.answer(self._login_s)
                self._stop_clock()
                return answer

            self.context.client_metadata.redirect_uris = [AnyUrl(loopback.redirect)]
            self.context.redirect_handler, self.context.callback_handler = ask, wait
            try:
                yield
            finally:
                self._stop_clock()

    async def _show(self, url: str, loopback: Loopback) -> None:
        if not may_send(url, server=self._store.url):
            raise ServerError(f"The server {self.name!r} wants a login on a page that is not safe to open.")
        loopback.expect(url)
        self._asked_at = time.monotonic()
        if self._open_browser is not None:
            await asyncio.to_thread(self._open_browser, url)

    def _stop_clock(self) -> None:
        self._asked_s, self._asked_at = self.asked_s, None

    def _listen(self) -> Loopback:
        """Listens where the registered client said it would; where that is taken, another client is registered."""
        client = self.context.client_info
        if self._client is None and client is not None:
            for redirect in client.redirect_uris or ():
                try:
                    return Loopback(self.name, port=urlsplit(str(redirect)).port or 0)
                except OSError:
                    continue
            self.context.client_info = None
        return Loopback(self.name)
