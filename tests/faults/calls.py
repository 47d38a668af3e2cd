"""Every kind of call that a push makes, and how to recognise it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from support.proxy import Answer, Fault, Request

_ROUTE_MISS = Answer(404, b'{"detail": "Not Found"}')


class Call(NamedTuple):
    """A kind of call.

    Attributes:
        name: for people.
        method: of HTTP.
        path: what its path ends with.
        mode: how the bundle is pushed for it to be made.
        missing: a call that must not be there for this one to be made.
        is_it: checks the body if method and path are not enough.
    """

    name: str
    method: str
    path: re.Pattern[str]
    mode: str = "launch"
    missing: "Call | None" = None
    is_it: Callable[[Request], bool] = lambda _: True

    def matches(self, request: Request) -> bool:
        path = request.path.partition("?")[0]
        return self.method == request.method and bool(self.path.search(path)) and self.is_it(request)


def service_of(request: Request) -> str:
    """The service that a request is for, by its prefix."""
    return request.path.split("/")[2]


def _has_status(request: Request) -> bool:
    return b'"status"' in request.body


def _is_suite(request: Request) -> bool:
    return b'"type":"SUITE"' in request.body


_UPLOAD = Call("artifact", "PUT", re.compile("/objects/"))
LOG = Call("log", "POST", re.compile("/log$"))
_FIND_BUILD = Call("build", "POST", re.compile("/builds/find-or-create$"))

CALLS = (
    Call("environments", "GET", re.compile("/environments$")),
    Call("create-environment", "POST", re.compile("/environments$")),
    Call("releases", "GET", re.compile("/releases$")),
    Call("sprints", "GET", re.compile("/sprints$")),
    _FIND_BUILD,
    Call("builds", "GET", re.compile("/builds$"), missing=_FIND_BUILD),
    Call("create-build", "POST", re.compile("/builds$"), missing=_FIND_BUILD),
    Call("deployment", "POST", re.compile("/deployments$")),
    Call("launch-start", "POST", re.compile("/launch$")),
    Call("suite-start", "POST", re.compile("/item(/[^/]+)?$"), is_it=_is_suite),
    Call("case-start", "POST", re.compile("/item/[^/]+$"), is_it=lambda request: not _is_suite(request)),
    Call("case-finish", "PUT", re.compile("/item/[^/]+$"), is_it=_has_status),
    Call("suite-finish", "PUT", re.compile("/item/[^/]+$"), is_it=lambda request: not _has_status(request)),
    LOG,
    _UPLOAD,
    Call("bucket", "POST", re.compile("/buckets$"), missing=_UPLOAD),
    Call("launch-finish", "PUT", re.compile("/launch/[^/]+/finish$")),
    Call("import", "POST", re.compile("/import/junit(/upload)?$"), mode="import"),
)


class Absence:
    """Makes the service lack what must be missing for a call to be made; a bucket until it is created."""

    def __init__(self, call: Call) -> None:
        self._missing = call.missing
        self._bucket = call.name == "bucket"
        self._said = False

    def __call__(self, request: Request) -> Fault | None:
        if self._missing is None or not self._missing.matches(request) or (self._bucket and self._said):
            return None
        self._said = True
        return Answer(404, b'{"detail": "Bucket not found"}') if self._bucket else _ROUTE_MISS
