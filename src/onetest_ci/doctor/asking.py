"""Requests that show what is there, and what their responses mean for the key and the path."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from onetest_ci.errors import ServiceError
from onetest_ci.onetest.client.probe import CALLS_USED, Probe, Probed
from onetest_ci.onetest.endpoints import ENDPOINTS, Endpoint, Endpoints
from onetest_ci.settings.connection import ConnectionSettings

_METHOD_NOT_ALLOWED: Final = 405
_FORBIDDEN: Final = 403
# The body of the one is not documented, that of the other is a file's.
_ANY_CONTENT: Final = frozenset({"gateway.tools", "artifacts.put_object"})
_OF_ONE_SERVICE: Final = frozenset({"timeout", "connection-lost"})
"""Codes of errors that another service may not have. All others concern the address or the way to it."""
# The last part of the path may be taken for the id of an object that can be read.
_LIKE_AN_OBJECT: Final = frozenset({"membership.find_or_create_build"})
_INCOMPLETE: Final = frozenset({400, 411, 415, 422})


class Verdict(StrEnum):
    """What a response means."""

    ACCEPTED = "accepted"
    """The path exists, and the key is accepted there."""
    EXISTS = "exists"
    """The path exists for another method. Whether the key is accepted is not known."""
    UNCLEAR = "unclear"
    """The response may belong to another path, such as that of an object with this name."""
    MISSING = "missing"
    """The path does not exist."""
    KEY_REFUSED = "key refused"
    FORBIDDEN = "forbidden"
    NO_PRODUCT = "no such product"
    SPENT = "no coins or requests left"
    FAILED = "server error"
    NOT_ONETEST = "not OneTest's response"
    NO_RESPONSE = "no response"


REFUSALS: Final = frozenset({Verdict.KEY_REFUSED, Verdict.FORBIDDEN, Verdict.NO_PRODUCT})

_BY_CODE: Final[Mapping[str, Verdict]] = {
    "not-found": Verdict.ACCEPTED,
    "conflict": Verdict.ACCEPTED,
    "key-refused": Verdict.KEY_REFUSED,
    "forbidden": Verdict.FORBIDDEN,
    "unknown-product": Verdict.NO_PRODUCT,
    "budget-exhausted": Verdict.SPENT,
    "rate-limited": Verdict.SPENT,
    "server-error": Verdict.FAILED,
}


class Asked(NamedTuple):
    """A request that was made.

    Attributes:
        endpoint: the request's name and method.
        template: the path with its placeholders.
        probed: the result.
        verdict: its meaning.
    """

    endpoint: Endpoint
    template: str
    probed: Probed
    verdict: Verdict

    @property
    def label(self) -> str:
        """The request without ids, for people."""
        return f"{self.endpoint.method} {self.template}"


class Asker:
    """Makes requests until the maximum is reached, or more of them make no sense.

    Args:
        probe: makes the requests.
        settings: may name other paths.
        product_id: of the product; empty for none.

    Attributes:
        asked: all requests so far.
        left_out: number of requests that were not made since the maximum was reached.
        has_product: whether paths with a product can be requested.
        ended: whether the last result means that every request would end the same way.
    """

    def __init__(self, probe: Probe, settings: ConnectionSettings, product_id: str) -> None:
        self.asked: list[Asked] = []
        self.left_out = 0
        self.has_product: Final = bool(product_id)
        self._probe = probe
        self._overrides = dict(settings.endpoint)
        self._endpoints = Endpoints(self._overrides)
        self._product = {"product_id": product_id} if product_id else {}
        self.ended = False

    @property
    def calls(self) -> int:
        """Requests that may have arrived."""
        return self._probe.calls

    def templates(self, name: str) -> tuple[str, ...]:
        """Return the possible paths of a call, with placeholders."""
        override = self._overrides.get(name)
        return (override,) if override else ENDPOINTS[name].templates

    def get(self, name: str, candidate: int = 0, *, query: str = "", **values: str) -> Asked | None:
        """Send a GET to one of the possible paths of a call; it needs no body and cannot create anything.

        Args:
            name: of the call.
            candidate: number of the path.
            query: without the question mark.
            values: of the placeholders. The product's is added.

        Returns:
            The result. None if the request was not made.
        """
        try:
            path = self._endpoints.path(name, candidate, **(self._product | values))
        except ServiceError:
            # The server returned an id that cannot be a part of a path.
            return None
        endpoint = ENDPOINTS[name]._replace(method="GET", promises_json=name not in _ANY_CONTENT)
        return self._ask(endpoint, self.templates(name)[candidate], path, query=query)

    def get_path(self, name: str, template: str, **values: str) -> Asked | None:
        """Send a GET to a path that is not one of the client's calls; as ``get``.

        Args:
            name: ``service.call``, for the record.
            template: the path with its placeholders.
            values: of the placeholders. The product's is added.
        """
        endpoint = Endpoint(name, "GET", (template,), "ReportPortal", "#reading-results")
        return self._ask(endpoint, template, template.format_map(self._product | values))

    def post_incomplete(self, name: str, candidate: int, content: bytes, content_type: str) -> Asked | None:
        """Send a POST without its required content to one of the possible paths of a call; as ``get``."""
        path = self._endpoints.path(name, candidate, **self._product)
        template = self.templates(name)[candidate]
        return self._ask(ENDPOINTS[name], template, path, content=content, content_type=content_type)

    def _ask(
        self,
        endpoint: Endpoint,
        template: str,
        path: str,
        *,
        query: str = "",
        content: bytes = b"",
        content_type: str = "",
    ) -> Asked | None:
        if self.ended:
            return None
        probed = self._probe.request(endpoint, path, query, content, content_type)
        if probed.error is not None and probed.error.code == CALLS_USED:
            self.left_out += 1
            return None
        asked = Asked(endpoint, template, probed, _verdict(endpoint.name, probed))
        self.asked.append(asked)
        self.ended = _ends(self.asked)
        return asked


def _ends(asked: list[Asked]) -> bool:
    """Return whether further requests make no sense. One service alone may be slow or broken."""
    last = asked[-1]
    if last.verdict is Verdict.SPENT:
        return True
    if any(one.verdict is not Verdict.NO_RESPONSE for one in asked):
        return False
    error = last.probed.error
    return len(asked) > 1 or (error is not None and error.code not in _OF_ONE_SERVICE)


def _verdict(name: str, probed: Probed) -> Verdict:
    verdict = _plain_verdict(probed)
    if name in _LIKE_AN_OBJECT and verdict is Verdict.ACCEPTED:
        return Verdict.UNCLEAR
    return verdict


def _plain_verdict(probed: Probed) -> Verdict:
    error = probed.error
    if error is None:
        return Verdict.ACCEPTED
    if not probed.status:
        return Verdict.NO_RESPONSE
    if error.code in _BY_CODE:
        return _BY_CODE[error.code]
    if error.code == "unknown-endpoint":
        return Verdict.EXISTS if error.status == _METHOD_NOT_ALLOWED else Verdict.MISSING
    if error.code == "rejected" and error.status in _INCOMPLETE:
        return Verdict.ACCEPTED
    return Verdict.FORBIDDEN if error.status == _FORBIDDEN else Verdict.NOT_ONETEST
