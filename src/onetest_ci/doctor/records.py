"""Records of requests and paths for the outputs. They need no HTTP library."""

from typing import NamedTuple


class RequestRow(NamedTuple):
    """A request that was made.

    Attributes:
        endpoint: ``service.call``.
        method: HTTP method.
        path: with its placeholders.
        status: HTTP status, or 0 without a response.
        result: what the response means, in words.
    """

    endpoint: str
    method: str
    path: str
    status: int
    result: str


class FoundPath(NamedTuple):
    """A path that exists.

    Attributes:
        name: of the call.
        template: the path with its placeholders.
    """

    name: str
    template: str

    @property
    def option(self) -> str:
        """The option that pins it."""
        return f"--endpoint {self.name}={self.template}"
