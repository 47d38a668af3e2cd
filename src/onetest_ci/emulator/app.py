"""The ASGI application: all routes, authentication, and the response to every error."""

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

from onetest_ci.emulator import (
    api_keys,
    artifacts,
    case_pages,
    gateway,
    membership,
    openapi,
    pages,
    test_management,
)
from onetest_ci.emulator.call import Call, Services, is_reportportal
from onetest_ci.emulator.credentials import Caller
from onetest_ci.emulator.endpoint import Endpoint
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
from onetest_ci.emulator.request_body import JsonBody
from onetest_ci.emulator.store import is_locked

_PAGES = (*pages.ENDPOINTS, *case_pages.ENDPOINTS)

# The routes that are called most come first: starlette searches from the top.
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
    *_PAGES,
)

_PRODUCT = re.compile(r"/(?:products|project|api/v[12])/([0-9a-fA-F-]{36})(?:/|$)")
_OBJECT = re.compile(r"/api/artifacts/.+/objects/.")
_MAX_DRAINED = 64 * 1024 * 1024

_log = logging.getLogger(__name__)


def make_app(services: Services, import_paths: frozenset[str] = junit_import.PATHS) -> ASGIApp:
    """Return the application. Of the paths of the JUnit import, it serves only ``import_paths``."""
    served = [each for each in ENDPOINTS if each.path not in junit_import.PATHS - import_paths]
    document = openapi.endpoint(served)
    return Starlette(
        routes=[
            Route(each.path, EndpointApp(services, each), methods=[each.method])
            for each in (*served, document)
        ],
        middleware=[Middleware(TrailingSlash), Middleware(Authentication, services=services)],
        exception_handlers={HTTPException: _http_error, Exception: _server_error},
    )


class TrailingSlash:
    """Serves ``/item/`` as ``/item``, without a redirect.

    JavaScript clients start a root item at ``/item/`` (reportportal/client-javascript, ``startTestItem``).
    A redirect would contain the host that the server sees, which a client behind a proxy may not reach. The
    key of an artifact keeps its slash.

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
    """Requires the bearer token of a key or a session for ``/api``, and meters requests with a key.

    Args:
        app: the application behind this layer.
        services: the services that all handlers share.
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
        except (ApiError, sqlite3.OperationalError) as error:
            refusal = _refusal(error, reportportal=is_reportportal(scope["path"]))
            if refusal is None:
                raise
            await refusal.response()(scope, receive, send)
            return
        scope["caller"] = caller
        await self._app(scope, receive, self._logging(send, metered) if metered else send)

    def _admit(self, scope: Scope) -> tuple[Caller, MeteredCall | None]:
        """Return the caller and, for a key, the metered call.

        Raises:
            ApiError: 401, the token is not valid; 429, the product has no requests or coins left.
        """
        path = scope["path"]
        caller = self._services.credentials.identify(_bearer(scope))
        if caller is None:
            raise unauthorized(reportportal=is_reportportal(path))
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
                    # The request has done its work, so its response is sent even without a log entry.
                    if not is_locked(error):
                        raise
            await send(message)

        return log

    def _payer(self, path: str, caller: Caller) -> str:
        """Return the product that pays: the one in the path, else the key's.

        A key that is bound to one product always pays with that product.
        """
        in_path = _PRODUCT.search(path)
        product = in_path and not caller.bound_product and _existing_product(self._services, in_path[1])
        return product or caller.default_product


class EndpointApp:
    """Serves one endpoint: checks access and product, calls the handler, turns errors into responses.

    Args:
        services: the services that all handlers share.
        endpoint: the endpoint to serve.
    """

    def __init__(self, services: Services, endpoint: Endpoint) -> None:
        self._services = services
        self._endpoint = endpoint
        self._has_product = "{product_id}" in endpoint.path

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
        reportportal = self._endpoint.is_reportportal
        try:
            call = self._call(request)
            if isinstance(self._endpoint.body, JsonBody):
                call.values = self._endpoint.body.read(await call.json())
            return await self._endpoint.handler(call)
        except (TooLarge, ClientDisconnect):
            raise
        except HTTPException as error:
            # starlette raises it for a malformed multipart body.
            refuse = RpError.INCORRECT_REQUEST if reportportal else partial(detail, 400)
            return refuse(error.detail).response()
        except UnicodeEncodeError:
            return _lone_surrogate(reportportal=reportportal).response()
        except Exception as error:  # noqa: BLE001 - the traceback is for the log, not for the client
            refusal = _refusal(error, reportportal=reportportal)
            if refusal is None:
                _log.exception("%s %s", self._endpoint.method, self._endpoint.path)
                return _internal_error()
            return pages.error_page(refusal) if self._endpoint in _PAGES else refusal.response()

    def _call(self, request: Request) -> Call:
        caller: Caller | None = request.scope.get("caller")
        self._endpoint.check_access(caller)
        product = ""
        if self._has_product:
            requested = request.path_params["product_id"]
            product = _existing_product(self._services, requested)
            if not product:
                raise (
                    RpError.PROJECT_NOT_FOUND(requested)
                    if self._endpoint.is_reportportal
                    else not_found("Product")
                )
        return Call(request, self._services, caller, product)


def _existing_product(services: Services, product_id: str) -> str:
    """Return the id in its canonical form; empty if the product does not exist."""
    found: str | None = services.store.value("SELECT id FROM products WHERE id = ?", product_id.lower())
    return found or ""


def _bearer(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"authorization":
            kind, _, token = value.decode("latin-1").partition(" ")
            return token.strip() if kind.lower() == "bearer" else ""
    return ""


def _refusal(error: Exception, *, reportportal: bool) -> ApiError | None:
    """Return the refusal that an exception stands for; ``None`` if it is a fault of the emulator."""
    if isinstance(error, ApiError):
        return error
    return locked(reportportal=reportportal) if is_locked(error) else None


def _lone_surrogate(*, reportportal: bool) -> ApiError:
    """Return the refusal of half a surrogate pair: JSON can contain one, the database cannot store it."""
    if reportportal:
        return RpError.INCORRECT_REQUEST("A text holds half a character (a lone surrogate)")
    return unprocessable(
        {"type": "string_unicode", "loc": ["body"], "msg": "Input should be a valid string", "input": None}
    )


async def _respond_and_drain(error: TooLarge, receive: Receive, send: Send) -> None:
    """Send the refusal at once, then read and drop the rest of the body.

    To close while the client still sends would reset the connection, and the client would lose the response.
    """
    response = error.response()
    await send(
        {"type": "http.response.start", "status": response.status_code, "headers": response.raw_headers}
    )
    await send({"type": "http.response.body", "body": response.body, "more_body": True})
    drained = 0
    while drained < _MAX_DRAINED:
        message = await receive()
        drained += len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body"):
            break
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _internal_error() -> Response:
    return JSONResponse({"detail": "Internal Server Error"}, 500)


async def _server_error(_request: Request, _error: Exception) -> Response:
    """Respond to an error outside of a route. The server's log contains it."""
    return _internal_error()


async def _http_error(_request: Request, error: Exception) -> Response:
    """Respond to an unknown path or a wrong method as FastAPI does."""
    if not isinstance(error, HTTPException):
        raise error
    return JSONResponse({"detail": error.detail}, error.status_code, error.headers)
