"""A real authorization server and the tool server behind it, for tests: on 127.0.0.1, in a thread of its own."""

import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from mcp.server import MCPServer
from mcp.server.auth.middleware.auth_context import get_access_token
from mcp.server.auth.provider import (
    AccessToken,
    AuthorizationCode,
    AuthorizationParams,
    OAuthAuthorizationServerProvider,
    RefreshToken,
    TokenVerifier,
    construct_redirect_uri,
)
from mcp.server.auth.settings import AuthSettings, ClientRegistrationOptions, RevocationOptions
from mcp.shared.auth import OAuthClientInformationFull, OAuthToken
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route


@dataclass
class Authority(OAuthAuthorizationServerProvider[AuthorizationCode, RefreshToken, AccessToken]):
    """Gives tokens to whoever asks, remembers all of them, and each refresh token is good for one use."""

    clients: dict[str, OAuthClientInformationFull] = field(default_factory=dict)
    codes: dict[str, AuthorizationCode] = field(default_factory=dict)
    access: dict[str, AccessToken] = field(default_factory=dict)
    refresh: dict[str, RefreshToken] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)
    spent: set[str] = field(default_factory=set)
    shown: list[str] = field(default_factory=list)
    registered: int = 0
    logins: int = 0
    renewals: int = 0
    reused: int = 0

    async def get_client(self, client_id: str) -> OAuthClientInformationFull | None:
        return self.clients.get(client_id)

    async def register_client(self, client_info: OAuthClientInformationFull) -> None:
        self.registered += 1
        self.clients[client_info.client_id] = client_info

    async def authorize(self, client: OAuthClientInformationFull, params: AuthorizationParams) -> str:
        code = secrets.token_urlsafe(24)
        self.codes[code] = AuthorizationCode(
            code=code,
            scopes=params.scopes or [],
            expires_at=time.time() + 60,
            client_id=client.client_id,
            code_challenge=params.code_challenge,
            redirect_uri=params.redirect_uri,
            redirect_uri_provided_explicitly=params.redirect_uri_provided_explicitly,
            resource=params.resource,
        )
        return construct_redirect_uri(str(params.redirect_uri), code=code, state=params.state)

    async def load_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: str
    ) -> AuthorizationCode | None:
        return self.codes.get(authorization_code)

    async def exchange_authorization_code(
        self, client: OAuthClientInformationFull, authorization_code: AuthorizationCode
    ) -> OAuthToken:
        self.logins += 1
        del self.codes[authorization_code.code]
        return self._tokens(client.client_id, authorization_code.scopes)

    async def load_refresh_token(self, client: OAuthClientInformationFull, refresh_token: str) -> RefreshToken | None:
        self.reused += refresh_token in self.spent
        return self.refresh.get(refresh_token)

    async def exchange_refresh_token(
        self, client: OAuthClientInformationFull, refresh_token: RefreshToken, scopes: list[str]
    ) -> OAuthToken:
        self.renewals += 1
        del self.refresh[refresh_token.token]
        self.spent.add(refresh_token.token)
        return self._tokens(client.client_id, scopes)

    async def load_access_token(self, token: str) -> AccessToken | None:
        self.shown.append(token)
        return self.access.get(token)

    async def revoke_token(self, token: AccessToken | RefreshToken) -> None:
        self.access.pop(token.token, None)
        self.refresh.pop(token.token, None)

    def _tokens(self, client_id: str, scopes: list[str]) -> OAuthToken:
        access, refresh = self._secret(), self._secret()
        self.access[access] = AccessToken(token=access, client_id=client_id, scopes=scopes)
        self.refresh[refresh] = RefreshToken(token=refresh, client_id=client_id, scopes=scopes)
        return OAuthToken(access_token=access, refresh_token=refresh, expires_in=3600, scope=" ".join(scopes) or None)

    def _secret(self) -> str:
        secret = secrets.token_urlsafe(24)
        self.given.append(secret)
        return secret


@dataclass
class Counter:
    """An authorization server for programs: client credentials at /token, nothing else."""

    client_id: str
    client_secret: str
    method: str = "client_secret_basic"
    issuer: str = ""
    refuses: bool = False
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    tokens: set[str] = field(default_factory=set)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/oauth-authorization-server", self._metadata),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    async def _metadata(self, request: Request) -> JSONResponse:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "token_endpoint_auth_methods_supported": [self.method],
            }
        )

    async def _token(self, request: Request) -> JSONResponse:
        form = {name: str(value) for name, value in (await request.form()).items()}
        self.asked.append((request.headers.get("Authorization", ""), form))
        if self.refuses:
            told = {"error": "invalid_client", "error_description": f"Refused: {form} {self.asked[-1][0]}"}
            return JSONResponse(told, status_code=400)
        token = secrets.token_urlsafe(24)
        self.tokens.add(token)
        return JSONResponse({"access_token": token, "token_type": "Bearer", "expires_in": 3600})


@dataclass
class Holder(TokenVerifier):
    """Lets in who has a token of `tokens`."""

    tokens: set[str]

    async def verify_token(self, token: str) -> AccessToken | None:
        return AccessToken(token=token, client_id="program", scopes=[]) if token in self.tokens else None


@contextmanager
def guarded_by(authority: Authority, *tools: Callable[..., str]) -> Iterator[str]:
    """Serves a tool server that is its own authorization server, with these tools more; gives its address."""
    with listening() as (listener, origin):
        server: MCPServer[Any] = MCPServer(
            "guarded", auth_server_provider=authority, auth=_settings(origin, issuer=origin)
        )
        for tool in (hello, *tools):
            server.add_tool(tool)
        with serving(server.streamable_http_app(host="127.0.0.1"), listener):
            yield f"{origin}/mcp"


@contextmanager
def guarded_for(tokens: set[str], issuer: str) -> Iterator[str]:
    """Serves a tool server that sends its callers to `issuer` to log in; gives its address."""
    with listening() as (listener, origin):
        server: MCPServer[Any] = MCPServer(
            "guarded", token_verifier=Holder(tokens), auth=_settings(origin, issuer=issuer)
        )
        server.add_tool(hello)
        with serving(server.streamable_http_app(host="127.0.0.1"), listener):
            yield f"{origin}/mcp"


@contextmanager
def counting(counter: Counter) -> Iterator[None]:
    """Serves `counter`, and tells it its address."""
    with listening() as (listener, counter.issuer), serving(counter.app(), listener):
        yield


@contextmanager
def listening() -> Iterator[tuple[socket.socket, str]]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}"


@contextmanager
def serving(app: Starlette, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=0))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join(20)


def hello() -> str:
    """Says hello."""
    return "hello"


def tell_token(of: str) -> str:
    """Repeats the token that it was called with."""
    token = get_access_token()
    return f"The token of {of} is {token.token if token else None}."


def _settings(origin: str, *, issuer: str) -> AuthSettings:
    return AuthSettings.model_validate(
        {
            "issuer_url": issuer,  # as text: a URL object would gain a slash, and issuers are compared as text
            "resource_server_url": f"{origin}/mcp",
            "validate_token_resource": False,
            "client_registration_options": ClientRegistrationOptions(enabled=True),
            "revocation_options": RevocationOptions(enabled=True),
        }
    )
