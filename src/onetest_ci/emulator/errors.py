"""Every refusal the emulator can answer, in one place.

ReportPortal's part of the receiver answers ``{"errorCode", "message"}`` (docs/onetest-api.md#errors), all
else answers ``{"detail"}`` as FastAPI does.
"""

import json
from collections.abc import Mapping
from enum import Enum
from typing import Any

from starlette.responses import Response

_UNCLASSIFIED = 5000


class RpError(Enum):
    """ReportPortal's refusals: HTTP status, error code, text (docs/onetest-api.md#errors)."""

    INCORRECT_REQUEST = (400, 4001, "Incorrect Request. [{}]")
    BAD_REQUEST = (400, 40016, "Error in handled Request. Please, check specified parameters: '{}'")
    BINARY_NOT_SAVED = (400, 4002, "Binary data cannot be saved. {}")
    AMBIGUOUS_STATUS = (400, 40019, "Test item status is ambiguous. {}")
    ITEM_TYPE = (400, 40026, "Test item type '{}' is not supported")
    IMPORT_FILE = (400, 40035, "Error while importing the file. '{}'")
    XML = (400, 40037, "The XML is refused. '{}'")
    ACCESS_DENIED = (403, 4003, "You do not have enough permissions. {}")
    PROJECT_NOT_FOUND = (404, 4040, "Project '{}' not found. Did you use correct project name?")
    LAUNCH_NOT_FOUND = (404, 4041, "Launch '{}' not found. Did you use correct Launch ID?")
    ITEM_NOT_FOUND = (404, 4043, "Test Item '{}' not found. Did you use correct Test Item ID?")
    FINISH_BEFORE_START = (406, 40021, "Finish time of '{}' is earlier than its start time")
    START_ITEM = (406, 40024, "Start item is not allowed. Launch '{}' is not in progress")
    CHILD_BEFORE_PARENT = (406, 40025, "Start time of '{}' is earlier than start time of its parent")
    ALREADY_EXISTS = (409, 4091, "Resource '{}' already exists. You couldn't create the duplicate.")

    def __call__(self, about: str = "") -> "ApiError":
        """The exception to raise; ``about`` names the thing or the field."""
        status, code, text = self.value
        return ApiError(status, {"errorCode": code, "message": text.format(about)})


class ApiError(Exception):
    """A request is refused.

    Args:
        status: the HTTP status.
        body: the JSON body.
        headers: further headers.
    """

    def __init__(self, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = headers

    def response(self) -> Response:
        """The answer to send, in ASCII: what is repeated of a request may be no text at all."""
        content = json.dumps(self.body, separators=(",", ":"))
        return Response(content, self.status, self.headers, media_type="application/json")


class TooLarge(ApiError):
    """An upload is over the limit; raised while it is still being read.

    Args:
        limit: what would have been allowed, in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(
            413, {"detail": f"Content exceeds the limit of {limit} bytes"}, {"connection": "close"}
        )


def detail(status: int, text: str) -> ApiError:
    """A refusal in FastAPI's plain shape."""
    return ApiError(status, {"detail": text})


def not_found(what: str) -> ApiError:
    """404 for a thing that this product does not have."""
    return detail(404, f"{what} not found")


def unprocessable(*problems: dict[str, Any]) -> ApiError:
    """422 in FastAPI's shape: a list of ``type``, ``loc``, ``msg``, ``input``.

    See docs/onetest-api.md#errors.
    """
    return ApiError(422, {"detail": list(problems)})


def invalid(where: str, text: str) -> ApiError:
    """422 for one value; ``where`` names it (``body.sprint_id``)."""
    return unprocessable(
        {"type": "value_error", "loc": where.split("."), "msg": f"Value error, {text}", "input": None}
    )


def missing(name: str) -> ApiError:
    """422 for a form field that is not there."""
    return unprocessable({"type": "missing", "loc": ["body", name], "msg": "Field required", "input": None})


def forbidden(text: str, *, reportportal: bool) -> ApiError:
    """403 in the shape of the API that was called (docs/onetest-api.md#api-keys)."""
    return RpError.ACCESS_DENIED(text) if reportportal else detail(403, text)


def exhausted(text: str, seconds: int) -> ApiError:
    """429: nothing more until so many seconds have passed.

    See docs/onetest-api.md#refusals-for-coins-or-size; the body is not documented.
    """
    return ApiError(429, {"detail": text}, {"retry-after": str(seconds)})


def locked(*, reportportal: bool) -> ApiError:
    """503: another program holds the database's lock; the request changed nothing and may be sent again."""
    text = "The database is locked by another program. Send the request again"
    body = {"errorCode": _UNCLASSIFIED, "message": text} if reportportal else {"detail": text}
    return ApiError(503, body, {"retry-after": "1"})


def unauthorized(*, reportportal: bool) -> ApiError:
    """401 in the shape of the API that was called (docs/onetest-api.md#api-keys, #errors)."""
    text = "The API key or session is missing, wrong or revoked"
    body = {"error": "invalid_token", "error_description": text} if reportportal else {"detail": text}
    return ApiError(401, body, {"www-authenticate": "Bearer"})
