"""One route of the emulator as data. The application serves it; the OpenAPI document describes it."""

from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from types import MappingProxyType
from typing import NamedTuple

from starlette.responses import Response

from onetest_ci.emulator.call import Call, is_reportportal
from onetest_ci.emulator.credentials import Caller, Kind
from onetest_ci.emulator.errors import forbidden
from onetest_ci.emulator.json_schema import Schema
from onetest_ci.emulator.request_body import JsonBody

Handler = Callable[[Call], Awaitable[Response]]

# The Receiver's paths. One documented path of the import has no service's prefix and belongs to it as well
# (docs/onetest-api.md#paths-of-the-import).
_RECEIVER = ("/api/receiver/", "/api/v1/")


class Access(Enum):
    """Who may call a route."""

    ANY = "key or session"
    SESSION = "session"
    OPEN = "anybody"


class Upload(NamedTuple):
    """A request body that is not a JSON object. The route's handler reads it; this only describes it.

    Attributes:
        content: the schema of each accepted media type.
    """

    content: Mapping[str, Schema]


class Endpoint(NamedTuple):
    """One route: who may call it, its request and its responses.

    Attributes:
        method: HTTP method.
        path: with ``{placeholders}``.
        handler: returns the response. Its docstring is the route's description.
        access: who may call it.
        assumed: no source documents the route; this project chose it
            (docs/onetest-api.md#labels-and-sources).
        body: a ``JsonBody`` is read before the handler is called; an ``Upload`` is only described.
        query: the schema of each query parameter.
        responses: the schema of each successful response; a text is the media type of one that is not JSON.
        errors: statuses of refusals, apart from those that the other fields imply.
        response_assumed: the route is documented, its response is not.
    """

    method: str
    path: str
    handler: Handler
    access: Access = Access.ANY
    assumed: bool = True
    body: JsonBody | Upload | None = None
    query: Mapping[str, Schema] = MappingProxyType({})
    responses: Mapping[int, Schema | str] = MappingProxyType({})
    errors: tuple[int, ...] = ()
    response_assumed: bool = False

    @property
    def is_receivers(self) -> bool:
        """Whether the route is the Receiver's, so that a product's own key may call it."""
        return self.path.startswith(_RECEIVER)

    @property
    def is_reportportal(self) -> bool:
        """Whether the route returns ReportPortal's errors."""
        return is_reportportal(self.path)

    def check_access(self, caller: Caller | None) -> None:
        """Refuse a caller who may not call this route.

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
