"""All routes as one application, behind the keys."""

import hmac

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from metier_sglang.fake.routes import chat, control, facts, native, texts
from metier_sglang.fake.routes.replies import native_error, open_error
from metier_sglang.fake.service import RefusedError, Service

_OPEN = ("/health", "/ready", "/metrics")


def make_app(service: Service) -> Starlette:
    """Returns the application that serves `service`."""
    app = Starlette(
        routes=[*native.ROUTES, *control.ROUTES, *facts.ROUTES, *chat.ROUTES, *texts.ROUTES],
        middleware=[Middleware(_Doorkeeper, service=service)],
        exception_handlers={RefusedError: _refuse, 404: _say_not_found, 405: _say_not_allowed, Exception: _fail},
    )
    app.state.service = service
    return app


class _Doorkeeper:
    """Asks for the keys as SGLang does.

    Health and metrics are open to all; admin routes take the admin key where there is one, and no other.
    """

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._flags = service.flags
        self._admin = {route.path for route in control.ROUTES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self._may_pass(scope):
            await JSONResponse({"error": "Unauthorized"}, 401)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _may_pass(self, scope: Scope) -> bool:
        path = scope["path"]
        wanted = self._flags.api_key
        if path in self._admin:
            wanted = self._flags.admin_key or wanted
        if not wanted or path.startswith(_OPEN):
            return True
        kind, _, key = Request(scope).headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and hmac.compare_digest(key.encode(), wanted.encode())


async def _refuse(request: Request, error: Exception) -> Response:
    return open_error(str(error), kind="Bad Request")


async def _say_not_found(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": "Not Found"}, 404)


async def _say_not_allowed(request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": "Method Not Allowed"}, 405)


async def _fail(request: Request, error: Exception) -> Response:
    """Returns 500 with the words of the failure: what broke is the test's own script."""
    return native_error(f"Internal server error: {error}", 500)
