"""The application: every route, who may call it, and what an error looks like."""

import logging
import re
import sqlite3
from functools import partial

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from onetest_ci.emulator import api_keys, artifacts, gateway, membership, openapi, pages, test_management
from onetest_ci.emulator.calls import REPORTPORTAL, Call, Endpoint, Services
from onetest_ci.emulator.credentials import Caller
from onetest_ci.emulator.errors import (
    ApiError,
    RpError,
    TooLarge,
    detail,
    locked,
    not_found,
    unauthorized,
    unprocessable,
)
from onetest_ci.emulator.metering import MeteredCall
from onetest_ci.emulator.receiver import items, junit_import, launches, logs, reportportal_v1, results
from onetest_ci.emulator.request_schema import JsonBody
from onetest_ci.emulator.store import is_locked

# In the order of how often they are called: a route is looked for from the top.
ENDPOINTS: tuple[Endpoint, ...] = (
    *items.ENDPOINTS,
    *logs.ENDPOINTS,
    *launches.ENDPOINTS,
    *junit_import.ENDPOINTS,
    *results.ENDPOINTS,
    *membership.ENDPOINTS,
    *artifacts.ENDPOINTS,
    *test_management.ENDPOINTS,
    *gateway.ENDPOINTS,
    *api_keys.ENDPOINTS,
    *reportportal_v1.ENDPOINTS,
    *pages.ENDPOINTS,
)

_PRODUCT = re.compile(r"/(?:products|project|api/v[12])/([0-9a-fA-F-]{36})(?:/|$)")
_OBJECT = re.compile(r"/api/artifacts/.+/objects/.")
_DRAIN = 64 * 1024 * 1024

_log = logging.getLogger(__name__)


def make_app(services: Services, import_paths: frozenset[str] = junit_import.PATHS) -> ASGIApp:
    """The ASGI application over these parts; of the paths of the JUnit import, only these are there."""
    served = [e for e in ENDPOINTS if e.path not in junit_import.PATHS or e.path in import_paths]
    document = openapi.endpoint(served)
    return Starlette(
        routes=[Route(e.path, Handler(services, e), methods=[e.method]) for e in (*served, document)],
        middleware=[Middleware(TrailingSlash), Middleware(Authentication, services=services)],
        exception_handlers={HTTPException: _http_error, Exception: _server_error},
    )


class TrailingSlash:
    """Serves ``/item/`` as ``/item``, without a redirect.

    JavaScript clients start a root item at ``/item/`` (reportportal/client-javascript, ``startTestItem``).
    A redirect names the host that the server sees, which a client behind a proxy may not reach. The key of an
    artifact keeps its slash.

    Args:
        app: the application behind this layer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] == "http" and scope["path"].endswith("/") and not _OBJECT.match(scope["path"]):
            scope = {**scope, "path": scope["path"].rstrip("/") or "/"}
        await self._app(scope, receive, send)


class Authentication:
    """Lets a request to ``/api`` through when its bearer token is a key's or a session's, and meters keys.

    Args:
        app: what is behind it.
        parts: the server's parts.
    """

    def __init__(self, app: ASGIApp, services: Services) -> None:
        self._app = app
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        try:
            caller, metered = self._admit(scope)
        except ApiError as error:
            await error.response()(scope, receive, send)
            return
        except sqlite3.OperationalError as error:
            if not is_locked(error):
                raise
            refusal = locked(reportportal=scope["path"].startswith(REPORTPORTAL))
            await refusal.response()(scope, receive, send)
            return
        scope["caller"] = caller
        await self._app(scope, receive, self._logging(send, metered) if metered else send)

    def _admit(self, scope: Scope) -> tuple[Caller, MeteredCall | None]:
        """Return who is calling, and what the call costs a key.

        Raises:
            ApiError: 401, the token is nobody's; 429, the key's product has used up its requests or coins.
        """
        path = scope["path"]
        caller = self._services.credentials.identify(_bearer(scope))
        if caller is None:
            raise unauthorized(reportportal=path.startswith(REPORTPORTAL))
        if caller.is_session:
            return caller, None
        return caller, self._services.meter.admit(self._payer(path, caller), caller, scope["method"], path)

    def _logging(self, send: Send, metered: MeteredCall) -> Send:
        """Return a ``send`` that writes the response's status to the activity log."""

        async def log(message: Message) -> None:
            if message["type"] == "http.response.start":
                try:
                    self._services.meter.log(metered, message["status"])
                except sqlite3.OperationalError as error:
                    # The request's work is done: its response goes out, also without an entry in the log.
                    if not is_locked(error):
                        raise
            await send(message)

        return log

    def _payer(self, path: str, caller: Caller) -> str:
        """The product that pays: the path's, or where none is named or reached, the key's."""
        named = _PRODUCT.search(path)
        product = named and not caller.bound_product and _known(self._services, named[1])
        return product or caller.default_product


class Handler:
    """One route: checks access and product, calls the service, answers its errors.

    Args:
        parts: the server's parts.
        endpoint: what is served.
    """

    def __init__(self, services: Services, endpoint: Endpoint) -> None:
        self._services = services
        self._endpoint = endpoint
        self._names_product = "{product_id}" in endpoint.path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        request = Request(scope, receive)
        try:
            response = await self._respond(request)
        except TooLarge as error:
            await _respond_and_drain(error, receive, send)
            return
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, request: Request) -> Response:
        try:
            call = self._call(request)
            if isinstance(self._endpoint.body, JsonBody):
                call.values = self._endpoint.body.read(await call.json())
            return await self._endpoint.handler(call)
        except TooLarge:
            raise
        except ApiError as error:
            return self._refusal(error)
        except HTTPException as error:
            # A multipart body that is none.
            refusal = RpError.INCORRECT_REQUEST if self._endpoint.is_reportportal else partial(detail, 400)
            return refusal(error.detail).response()
        except ClientDisconnect:
            raise
        except UnicodeEncodeError:
            return _half_character(request).response()
        except Exception as error:  # noqa: BLE001 - the client gets no traceback, the log does
            if is_locked(error):
                return self._refusal(locked(reportportal=self._endpoint.is_reportportal))
            _log.exception("%s %s", self._endpoint.method, self._endpoint.path)
            return _internal_error()

    def _refusal(self, error: ApiError) -> Response:
        return pages.problem_page(error) if self._endpoint in pages.ENDPOINTS else error.response()

    def _call(self, request: Request) -> Call:
        caller: Caller | None = request.scope.get("caller")
        self._endpoint.check(caller)
        product = ""
        if self._names_product:
            given = request.path_params["product_id"]
            product = _known(self._services, given)
            if not product:
                raise (
                    RpError.PROJECT_NOT_FOUND(given)
                    if self._endpoint.is_reportportal
                    else not_found("Product")
                )
        return Call(request, self._services, caller, product)


def _known(services: Services, product_id: str) -> str:
    found: str | None = services.store.value("SELECT id FROM products WHERE id = ?", product_id.lower())
    return found or ""


def _bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


def _half_character(request: Request) -> ApiError:
    """JSON can spell half of a surrogate pair, which is no text and no database takes."""
    if request.url.path.startswith(REPORTPORTAL):
        return RpError.INCORRECT_REQUEST("A text holds half a character (a lone surrogate)")
    return unprocessable(
        {"type": "string_unicode", "loc": ["body"], "msg": "Input should be a valid string", "input": None}
    )


async def _respond_and_drain(error: TooLarge, receive: Receive, send: Send) -> None:
    """Answer at once, then let the client finish sending, into nothing.

    Closing while the client still sends would reset the connection, and the answer would be lost with it.
    """
    response = error.response()
    await send(
        {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    drained = 0
    while drained < _DRAIN:
        message = await receive()
        drained += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _internal_error() -> Response:
    return JSONResponse({"detail": "Internal Server Error"}, 500)


async def _server_error(_request: Request, _error: Exception) -> Response:
    """What went wrong outside a route; the server's log has it."""
    return _internal_error()


async def _http_error(_request: Request, error: Exception) -> Response:
    """A route miss or a wrong verb, as FastAPI says it."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
