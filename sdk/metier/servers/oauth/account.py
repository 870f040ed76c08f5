"""A login that outlives the process: the SDK's OAuth flow over a file that processes share.

The SDK only keeps in memory when a token expires and where it is renewed: a later process would send a dead token, and
then ask for a login. Here both are kept with the token, and renewals happen in turns.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass

import httpx2
from mcp.client.auth import OAuthClientProvider, OAuthFlowError, OAuthRegistrationError, OAuthTokenError
from mcp.client.auth.utils import extract_field_from_www_auth, issuers_match, union_scopes
from pydantic import ValidationError

from metier.errors import ServerError
from metier.servers.definition import Login
from metier.servers.oauth.client import client_of, document_of, metadata_of
from metier.servers.oauth.safety import may_send
from metier.servers.oauth.store import TokenStore

Flow = AsyncGenerator[httpx2.Request, httpx2.Response]
MARGIN_S = 5.0  # a token this close to its end is renewed: it has to outlive the request
_CODE = re.compile(r'"error"\s*:\s*"([a-z_]{1,40})"')


@dataclass(slots=True)
class Exchange:
    """A request on its way: what came back last, and the token that it was sent with."""

    request: httpx2.Request
    response: httpx2.Response | None = None
    token: str = ""


class Account(OAuthClientProvider):
    """The login of one server. A client that was given with it is only used where it was used first."""

    def __init__(self, name: str, store: TokenStore, login: Login) -> None:
        super().__init__(store.url, metadata_of(login), store, client_metadata_url=document_of(login))
        self.name = name
        self._store = store
        self._client = client_of(login)
        self._scopes = " ".join(login.scopes) or None
        self._seen = (-1, -1)
        self._used: dict[str, None] = {}

    @property
    def secrets(self) -> tuple[str, ...]:
        """Returns what was secret in this login so far: a server may repeat a token long after it was replaced."""
        self._note_secrets()
        return tuple(self._used)

    @property
    def may_log_in(self) -> bool:
        """Returns whether there is somebody to log in anew; otherwise the server's refusal stands."""
        return True

    async def _initialize(self) -> None:
        """Loads what is kept: also when the token expires, and where it is renewed."""
        self._seen = self._store.stamp()
        saved = self._store.read()
        context = self.context
        context.current_tokens = saved.tokens
        context.token_expiry_time = None if saved.expires_at is None else saved.expires_at - MARGIN_S
        context.client_info = saved.client
        if self._client is not None:
            context.client_info = self._client.model_copy(update={"issuer": saved.issuer or None})
        if saved.server is not None:
            context.oauth_metadata = saved.server
            context.protected_resource_metadata = saved.resource
            context.auth_server_url = saved.issuer or None
            self._fit_authentication()
        self._initialized = True

    async def _auth_flow(self, request: httpx2.Request) -> Flow:
        exchange = Exchange(request)
        stages = (self._renew, self._send, self._renew, self._send, self._log_in)
        for stage in stages if self.may_log_in else stages[:-1]:
            async with aclosing(stage(exchange)) as flow:
                outgoing = await self._step(flow, None)
                while outgoing is not None:
                    if not may_send(str(outgoing.url), server=self._store.url):
                        raise ServerError(
                            f"The server {self.name!r} wants secrets sent to this machine, or somewhere in clear text."
                        )
                    response = yield outgoing
                    outgoing = await self._step(flow, response)
            if exchange.response is not None and not _wants_login(exchange.response):
                return

    async def _step(self, flow: Flow, response: httpx2.Response | None) -> httpx2.Request | None:
        self._note_secrets()
        try:
            return await (anext(flow) if response is None else flow.asend(response))
        except StopAsyncIteration:
            return None
        except (OAuthFlowError, ValidationError) as error:
            raise self._blame(error) from None

    async def _renew(self, exchange: Exchange) -> Flow:
        """Renews a token that is old, or that was refused, unless another process has just done so."""
        async with self.context.lock:
            if self._store.stamp() != self._seen:
                await self._initialize()
            if not self._is_dead(exchange):
                return
            async with self._store.turn():
                await self._initialize()
                if self._is_dead(exchange):
                    response = yield await self._refresh_token()
                    self._check_renewal(response)
                    await self._handle_refresh_response(response)
                    self._seen = self._store.stamp()

    async def _send(self, exchange: Exchange) -> Flow:
        tokens = self.context.current_tokens
        token = tokens.access_token if tokens is not None and self.context.is_token_valid() else ""
        if exchange.response is not None and token == exchange.token:
            return  # it was refused, and there is no other
        exchange.token = token
        exchange.request.headers.pop("Authorization", None)
        if token:
            self._add_auth_header(exchange.request)
        exchange.response = yield exchange.request

    async def _log_in(self, exchange: Exchange) -> Flow:
        """Goes through the SDK's flow, which begins with the request: it was sent already, unless the token is new."""
        async with aclosing(super()._auth_flow(exchange.request)) as flow:
            outgoing: httpx2.Request | None = await anext(flow)
            response = exchange.response
            if response is None or outgoing is not exchange.request or _bearer(exchange.request) != exchange.token:
                response = yield exchange.request
            if not _wants_login(response):
                return
            async with self._asking():
                outgoing = await self._step(flow, response)
                while outgoing is not None:
                    response = yield outgoing
                    outgoing = await self._step(flow, response)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        """Stands ready for the answer while a login is under way."""
        yield

    def _note_secrets(self) -> None:
        tokens, client = self.context.current_tokens, self.context.client_info
        found = [tokens and tokens.access_token, tokens and tokens.refresh_token, client and client.client_secret]
        self._used.update((secret, None) for secret in found if secret)

    def _is_dead(self, exchange: Exchange) -> bool:
        if not self.context.can_refresh_token():
            return False
        tokens = self.context.current_tokens
        refused = exchange.response is not None and exchange.response.status_code == httpx2.codes.UNAUTHORIZED
        used = tokens is not None and tokens.access_token == exchange.token
        return (refused and used) or not self.context.is_token_valid()

    def _check_renewal(self, response: httpx2.Response) -> None:
        """A refusal ends the login; a server that is busy or broken does not."""
        status = response.status_code
        if status == httpx2.codes.TOO_MANY_REQUESTS or status >= httpx2.codes.INTERNAL_SERVER_ERROR:
            raise ServerError(
                f"The login of {self.name!r} could not be renewed: its authorization server answered {status}.",
                hint="Try again later; the login is kept.",
            )

    def _expected_issuer(self) -> str:
        self._add_scopes()  # the SDK comes by here once it chose scopes, before it registers with them
        issuer = super()._expected_issuer()
        known = self._store.read().issuer if self._client is not None else ""
        if known and not issuers_match(issuer, known):
            raise OAuthFlowError(f"it now names {issuer} to log in at, and its client was registered at {known}")
        return issuer

    def _select_authorization_server(self, advertised: list[str]) -> str:
        """Returns where to log in: a given client goes back to where it was first used, or else the first named."""
        known = self._store.read().issuer if self._client is not None else ""
        return next((server for server in advertised if known and issuers_match(server, known)), advertised[0])

    async def _perform_authorization(self) -> httpx2.Request:
        self._add_scopes()
        context = self.context
        if context.oauth_metadata is not None:
            issuer = context.auth_server_url or str(context.oauth_metadata.issuer)
            self._store.update(
                issuer=issuer, server=context.oauth_metadata, resource=context.protected_resource_metadata
            )
        self._fit_authentication()
        return await self._authorize()

    async def _authorize(self) -> httpx2.Request:
        """Returns the request for a token."""
        return await super()._perform_authorization()

    def _add_scopes(self) -> None:
        """Asks for the scopes that the user named, beside those that the server wants."""
        metadata = self.context.client_metadata
        metadata.scope = union_scopes(metadata.scope, self._scopes)

    def _fit_authentication(self) -> None:
        """Sends a given client's secret in the way that the authorization server says it takes."""
        client, metadata = self.context.client_info, self.context.oauth_metadata
        if self._client is None or client is None or client.client_id != self._client.client_id:
            return
        offered = (metadata and metadata.token_endpoint_auth_methods_supported) or ["client_secret_basic"]
        by_post = "client_secret_post" in offered and "client_secret_basic" not in offered
        method = "client_secret_post" if by_post else "client_secret_basic"
        self.context.client_info = client.model_copy(
            update={"token_endpoint_auth_method": method if client.client_secret else "none"}
        )

    def _blame(self, error: OAuthFlowError | ValidationError) -> ServerError:
        """Returns what went wrong, without the words of a token endpoint, which may repeat what it was sent."""
        if isinstance(error, OAuthTokenError | OAuthRegistrationError | ValidationError):
            what = "the registration" if isinstance(error, OAuthRegistrationError) else "the token"
            code = _CODE.search(str(error)) if not isinstance(error, ValidationError) else None
            reason = f"{what} was refused{f' ({code[1]})' if code else ''}"
        else:
            reason = "".join(sign for sign in str(error) if sign.isprintable())[:300].rstrip(".")
        return ServerError(f"Logging in to {self.name!r} failed: {reason}.", hint=f"Run: metier mcp login {self.name}")


def _wants_login(response: httpx2.Response) -> bool:
    """Returns whether `response` asks for a login: none yet, or one that may do more."""
    if response.status_code == httpx2.codes.FORBIDDEN:
        return extract_field_from_www_auth(response, "error") == "insufficient_scope"
    return response.status_code == httpx2.codes.UNAUTHORIZED


def _bearer(request: httpx2.Request) -> str:
    return str(request.headers.get("Authorization", "")).removeprefix("Bearer ")
