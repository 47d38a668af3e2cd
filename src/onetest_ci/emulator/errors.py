"""All refusals of the emulator.

ReportPortal's part of the Receiver returns ``{"errorCode", "message"}``, everything else ``{"detail"}`` as
FastAPI does (docs/onetest-api.md#errors).
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

    def __call__(self, subject: str = "") -> "ApiError":
        """Return the exception to raise; ``subject`` is the entity or field that the text names."""
        status, code, text = self.value
        return ApiError(status, {"errorCode": code, "message": text.format(subject)})


class ApiError(Exception):
    """A request is refused.

    Args:
        status: HTTP status of the response.
        body: JSON body of the response.
        headers: further headers.
    """

    def __init__(self, status: int, body: dict[str, Any], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body
        self.headers = headers

    def response(self) -> Response:
        """Return the response, in ASCII: a value from the request may contain half a character."""
        content = json.dumps(self.body, separators=(",", ":"))
        return Response(content, self.status, self.headers, media_type="application/json")


class TooLarge(ApiError):
    """A body is over the limit. Raised while the body is still being read.

    Args:
        limit: the limit in bytes.
    """

    def __init__(self, limit: int) -> None:
        super().__init__(
            413, {"detail": f"Content exceeds the limit of {limit} bytes"}, {"connection": "close"}
        )


def detail(status: int, text: str) -> ApiError:
    """Return a refusal in FastAPI's plain form."""
    return ApiError(status, {"detail": text})


def not_found(entity: str) -> ApiError:
    """Return 404 for an entity that the product does not have."""
    return detail(404, f"{entity} not found")


def unprocessable(*problems: dict[str, Any]) -> ApiError:
    """Return 422 in FastAPI's form: a list of ``type``, ``loc``, ``msg``, ``input``.

    See docs/onetest-api.md#errors.
    """
    return ApiError(422, {"detail": list(problems)})


def unreadable_json(error: Exception) -> ApiError:
    """Return FastAPI's refusal of a body that is not JSON: 422 with the place, or 400 if it has none."""
    if not isinstance(error, json.JSONDecodeError):
        return detail(400, "There was an error parsing the body")
    problem = {"type": "json_invalid", "loc": ["body", error.pos], "msg": "JSON decode error", "input": {}}
    return unprocessable(problem | {"ctx": {"error": error.msg}})


def invalid(location: str, text: str) -> ApiError:
    """Return 422 for one value; ``location`` is its dotted path (``body.sprint_id``)."""
    return unprocessable(
        {"type": "value_error", "loc": location.split("."), "msg": f"Value error, {text}", "input": None}
    )


def missing(name: str) -> ApiError:
    """Return 422 for a form field that is missing."""
    return unprocessable({"type": "missing", "loc": ["body", name], "msg": "Field required", "input": None})


def forbidden(text: str, *, reportportal: bool) -> ApiError:
    """Return 403 in the form of the API that was called (docs/onetest-api.md#api-keys)."""
    return RpError.ACCESS_DENIED(text) if reportportal else detail(403, text)


def exhausted(text: str, seconds: int) -> ApiError:
    """Return 429: the product has nothing left for this many seconds.

    See docs/onetest-api.md#refusals-for-coins-or-size; no source documents the body.
    """
    return ApiError(429, {"detail": text}, {"retry-after": str(seconds)})


def locked(*, reportportal: bool) -> ApiError:
    """Return 503: another program has locked the database. The request changed nothing; a retry is safe."""
    text = "The database is locked by another program. Send the request again"
    body = {"errorCode": _UNCLASSIFIED, "message": text} if reportportal else {"detail": text}
    return ApiError(503, body, {"retry-after": "1"})


def unauthorized(*, reportportal: bool) -> ApiError:
    """Return 401 in the form of the API that was called (docs/onetest-api.md#api-keys, #errors)."""
    text = "The API key or session is missing, wrong or revoked"
    body = {"error": "invalid_token", "error_description": text} if reportportal else {"detail": text}
    return ApiError(401, body, {"www-authenticate": "Bearer"})
