"""One request as the services see it, and the routes that lead there."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, NoReturn

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive

from onetest_ci.emulator.errors import Rp, TooLarge, unprocessable
from onetest_ci.emulator.files import Files
from onetest_ci.emulator.keys import Caller, Keys
from onetest_ci.emulator.signing import Signer
from onetest_ci.emulator.store import Store

# A JSON body; far above what any documented field needs.
MAX_JSON = 16 * 1024 * 1024

# What surely fits a 64-bit row number.
_MAX_DIGITS = 18

REPORTPORTAL = "/api/receiver/api/v2/"


@dataclass(frozen=True, slots=True)
class Parts:
    """What the services work with; one of each per server."""

    store: Store
    files: Files
    keys: Keys
    signer: Signer
    clock: Callable[[], int]


class Access(Enum):
    """Who may call a route."""

    ANY = "key or session"
    SESSION = "session"
    OPEN = "everybody"


class Endpoint(NamedTuple):
    """One route, as data.

    ``assumed`` marks what no source documents: the shape is this project's proposal (contract §0.1).
    """

    method: str
    path: str
    handler: "Callable[[Call], Awaitable[Response]]"
    access: Access = Access.ANY
    assumed: bool = False


class Call:
    """One request to one product.

    Args:
        request: starlette's request.
        parts: the server's parts.
        caller: who is calling; ``None`` on an open route.
        product: the product's id, known to exist; empty where the path names none.
    """

    __slots__ = ("caller", "parts", "product", "request", "store")

    def __init__(self, request: Request, parts: Parts, caller: Caller | None, product: str) -> None:
        self.request = request
        self.parts = parts
        self.store = parts.store
        self.caller = caller
        self.product = product

    def param(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def row_id(self, name: str) -> int:
        """A part of the path as a row's number; 0, which no row has, when it is none."""
        text = self.param(name)
        return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else 0

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
                raise Rp.INCORRECT_REQUEST("The body is not JSON") from error
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
