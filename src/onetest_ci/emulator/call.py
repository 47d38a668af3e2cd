"""One request, as a handler receives it, and the services that all handlers share."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.types import Message, Receive

from onetest_ci.emulator.credentials import Caller, Credentials
from onetest_ci.emulator.errors import RpError, TooLarge, forbidden, unreadable_json
from onetest_ci.emulator.files import Files
from onetest_ci.emulator.metering import Meter
from onetest_ci.emulator.signing import Signer
from onetest_ci.emulator.store import Store

# Bytes of a JSON body; far more than any documented field needs.
MAX_JSON = 16 * 1024 * 1024

REPORTPORTAL = "/api/receiver/api/v2/"

# Digits that always fit into a 64-bit row id.
_MAX_DIGITS = 18


def is_reportportal(path: str) -> bool:
    """Return whether a path belongs to ReportPortal's API v2, which has its own form of errors."""
    return path.startswith(REPORTPORTAL)


class Background:
    """Work that continues after its response was sent. Unfinished work ends with the server."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Start the work, and hold a reference: asyncio drops a task that has none."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


@dataclass(frozen=True, slots=True)
class Services:
    """The services that all handlers share. A server has one of each."""

    store: Store
    files: Files
    credentials: Credentials
    meter: Meter
    signer: Signer
    background: Background
    clock: Callable[[], int]


class Call:
    """One request to one product.

    Args:
        request: starlette's request.
        services: the services that all handlers share.
        caller: who sent it; ``None`` on an open route.
        product: the id of a product that exists; empty if the path contains none.

    Attributes:
        values: the fields of the JSON body, after the route's ``JsonBody`` has read them.
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
        """Set the product that this call is about.

        Raises:
            ApiError: 403, the key belongs to another product.
        """
        if self.caller and self.caller.bound_product not in {"", product}:
            raise forbidden("The key is another product's", reportportal=self.is_reportportal)
        self.product = product

    @property
    def key_id(self) -> int:
        """The row of the caller's key; 0 for a session or an open route."""
        return self.caller.key_id if self.caller else 0

    def param(self, name: str) -> str:
        """Return the value of a placeholder in the path."""
        return str(self.request.path_params[name])

    def row_id(self, name: str) -> int:
        """Return a placeholder's value as a row id; 0, which no row has, if it is not a number."""
        return _row_id(self.param(name), 0)

    def query_row_id(self, name: str, default: int) -> int:
        """Return a query parameter as a row id; the default if it is not a number."""
        return _row_id(self.query(name) or "", default)

    def query(self, name: str) -> str | None:
        """Return a query parameter."""
        return self.request.query_params.get(name)

    def url(self, path: str) -> str:
        """Return an absolute URL on this server, with the host that the client used."""
        return str(self.request.base_url).rstrip("/") + path

    async def json(self) -> Any:
        """Return the body, decoded from JSON.

        Outside of ReportPortal's API an empty body is None, and a body of another media type is a text, as in
        FastAPI.

        Raises:
            TooLarge: the body has more than ``MAX_JSON`` bytes.
            ApiError: it is not JSON.
        """
        body = await self._limited(MAX_JSON).body()
        if not self.is_reportportal and not body:
            return None
        if not self.is_reportportal and not _is_json(self.request.headers.get("content-type", "")):
            return body.decode("utf-8", "replace")
        try:
            return json.loads(body, parse_constant=_refuse_constant)
        except (ValueError, RecursionError) as error:
            if self.is_reportportal:
                raise RpError.INCORRECT_REQUEST("The body is not JSON") from error
            raise unreadable_json(error) from error

    @asynccontextmanager
    async def form(self, limit: int, max_part: int = 1024 * 1024) -> AsyncIterator[FormData]:
        """Read a multipart body. Large files go to disk; ``max_part`` limits a part that is not a file.

        Raises:
            TooLarge: the body has more than ``limit`` bytes.
        """
        async with self._limited(limit).form(max_part_size=max_part) as form:
            yield form

    def stream(self, limit: int) -> AsyncIterator[bytes]:
        """Yield the body in chunks, as they arrive.

        Raises:
            TooLarge: the body has more than ``limit`` bytes.
        """
        return self._limited(limit).stream()

    @property
    def is_reportportal(self) -> bool:
        """Whether an error of this call has ReportPortal's form."""
        return is_reportportal(self.request.url.path)

    def _limited(self, limit: int) -> Request:
        announced = self.request.headers.get("content-length", "0")
        if announced.isdecimal() and int(announced) > limit:
            raise TooLarge(limit)
        return Request(self.request.scope, _limit_body(self.request.receive, limit))


def _is_json(content_type: str) -> bool:
    """Return whether a body is read as JSON. Versions of FastAPI differ in what a missing type means."""
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type in {"", "application/json"} or media_type.endswith("+json")


def _row_id(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _MAX_DIGITS else default


def _limit_body(receive: Receive, limit: int) -> Receive:
    """Return a ``receive`` that raises ``TooLarge`` at the first byte over the limit."""
    seen = 0

    async def receive_and_count() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > limit:
            raise TooLarge(limit)
        return message

    return receive_and_count


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
