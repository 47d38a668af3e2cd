"""One request as the services see it, and the routes that lead there."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType
from typing import Any, NamedTuple, NoReturn

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from onetest_ci.emulator.credentials import Caller, Credentials, Kind
from onetest_ci.emulator.errors import RpError, TooLarge, forbidden, unprocessable
from onetest_ci.emulator.files import Files
from onetest_ci.emulator.metering import Meter
from onetest_ci.emulator.request_schema import JsonBody
from onetest_ci.emulator.response_schema import Schema
from onetest_ci.emulator.signing import Signer
from onetest_ci.emulator.store import Store

# A JSON body; far above what any documented field needs.
MAX_JSON = 16 * 1024 * 1024

# What surely fits a 64-bit row number.
_MAX_DIGITS = 18

REPORTPORTAL = "/api/receiver/api/v2/"
# The documented path of the import that has no service's prefix belongs to the Receiver too
# (docs/onetest-api.md#paths-of-the-import).
_RECEIVER = ("/api/receiver/", "/api/v1/")


class Background:
    """Work that goes on after its answer; unfinished work ends with the server."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin, and keep it from being collected as garbage meanwhile."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass(frozen=True, slots=True)
class Services:
    """What the services work with; one of each per server."""

    store: Store
    files: Files
    credentials: Credentials
    meter: Meter
    signer: Signer
    background: Background
    clock: Callable[[], int]


class Access(Enum):
    """Who may call a route."""

    ANY = "key or session"
    SESSION = "session"
    OPEN = "everybody"


class Upload(NamedTuple):
    """A body that is no JSON object, for the OpenAPI: its handler reads it itself.

    Attributes:
        content: the schema of each media type that is taken.
    """

    content: Mapping[str, Schema]


class Endpoint(NamedTuple):
    """One route, as data: who may call it, what it takes and what it answers.

    Attributes:
        method: HTTP method.
        path: with ``{placeholders}``.
        handler: makes the answer; its docstring is the route's description.
        access: who may call it.
        assumed: no source documents the route, the shape is this project's proposal
            (docs/onetest-api.md#labels-and-sources).
        body: a form is read before the handler is called; an upload is described only.
        query: the query parameters and their schemas.
        answers: the schema of each good answer; a text is the media type of one that is no JSON.
        errors: refusals beyond those that follow from the rest of the row.
        answer_assumed: the route is documented, what it answers is not.
    """

    method: str
    path: str
    handler: "Callable[[Call], Awaitable[Response]]"
    access: Access = Access.ANY
    assumed: bool = True
    body: JsonBody | Upload | None = None
    query: Mapping[str, Schema] = MappingProxyType({})
    responses: Mapping[int, Schema | str] = MappingProxyType({})
    errors: tuple[int, ...] = ()
    response_assumed: bool = False

    @property
    def is_receivers(self) -> bool:
        """Whether a product's own key may call it."""
        return self.path.startswith(_RECEIVER)

    @property
    def is_reportportal(self) -> bool:
        """Whether it answers in ReportPortal's shapes."""
        return self.path.startswith(REPORTPORTAL)

    def check(self, caller: Caller | None) -> None:
        """Refuse who may not call this.

        Raises:
            ApiError: 403.
        """
        if self.access is Access.OPEN:
            return
        if self.access is Access.SESSION and not (caller and caller.is_session):
            raise forbidden(
                "This needs a session; an API key is not enough", reportportal=self.is_reportportal
            )
        if caller and caller.kind is Kind.PRODUCT:
            scope = "autotests:read" if self.method == "GET" else "autotests:write"
            if not self.is_receivers:
                raise forbidden("A product's own key works at the Receiver only", reportportal=False)
            if scope not in caller.scopes:
                raise forbidden(f"The key has no scope {scope}", reportportal=self.is_reportportal)


class Call:
    """One request to one product.

    Args:
        request: starlette's request.
        parts: the server's parts.
        caller: who is calling; ``None`` on an open route.
        product: the product's id, known to exist; empty where the path names none.
    """

    __slots__ = ("caller", "product", "request", "services", "store", "values")

    def __init__(self, request: Request, services: Services, caller: Caller | None, product: str) -> None:
        self.request = request
        self.services = services
        self.store = services.store
        self.caller = caller
        self.product = ""
        self.values: dict[str, Any] = {}
        if product:
            self.act_on(product)

    def act_on(self, product: str) -> None:
        """Act on this product from here on.

        Raises:
            ApiError: 403, the key is another product's.
        """
        if self.caller and self.caller.bound_product not in {"", product}:
            raise forbidden("The key is another product's", reportportal=self.is_reportportal)
        self.product = product

    def param(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def row_id(self, name: str) -> int:
        """A part of the path as a row's number; 0, which no row has, when it is none."""
        text = self.param(name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else 0

    def row_number(self, name: str, default: int) -> int:
        """A query parameter as a row's number; the default when it is none."""
        text = self.query(name) or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else default

    def query(self, name: str) -> str | None:
        """A query parameter."""
        return self.request.query_params.get(name)

    def url(self, path: str) -> str:
        """An absolute address on this server, as the client reached it."""
        return str(self.request.base_url).rstrip("/") + path

    async def json(self) -> Any:
        """The body as JSON; refused in the shape of the API that was called.

        Raises:
            TooLarge: the body has more than ``MAX_JSON`` bytes.
            ApiError: it is not JSON.
        """
        body = await self._limited(MAX_JSON).body()
        try:
            return json.loads(body, parse_constant=_no_constant)
        except (ValueError, RecursionError) as error:
            if self.is_reportportal:
                raise RpError.INCORRECT_REQUEST("The body is not JSON") from error
            raise unprocessable(
                {"type": "json_invalid", "loc": ["body"], "msg": "JSON decode error", "input": {}}
            ) from error

    @asynccontextmanager
    async def form(self, limit: int, max_part: int = 1024 * 1024) -> AsyncIterator[FormData]:
        """A multipart body, large files spooled to disk; ``max_part`` bounds a part that is no file.

        Raises:
            TooLarge: the body has more than ``limit`` bytes.
        """
        async with self._limited(limit).form(max_part_size=max_part) as form:
            yield form

    def stream(self, limit: int) -> AsyncIterator[bytes]:
        """The body in parts, as it comes in.

        Raises:
            TooLarge: the body has more than ``limit`` bytes.
        """
        return self._limited(limit).stream()

    @property
    def is_reportportal(self) -> bool:
        """Whether the answer is to be in ReportPortal's shapes."""
        return self.request.url.path.startswith(REPORTPORTAL)

    def _limited(self, limit: int) -> Request:
        announced = self.request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            raise TooLarge(limit)
        return Request(self.request.scope, limited(self.request.receive, limit))


def limited(receive: Receive, limit: int) -> Receive:
    """Cut a body off while it streams in.

    Raises:
        TooLarge: from the returned function, at the first byte over ``limit``.
    """
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge(limit)
        return message

    return counted


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
