"""The OpenAPI document at ``/openapi.json``, generated from the routes.

``x-assumed`` marks an operation that no source documents. Where a source documents the operation but not its
response, it marks the response (docs/onetest-api.md#labels-and-sources).
"""

import inspect
import json
import re
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from onetest_ci import __version__
from onetest_ci.emulator.call import Call
from onetest_ci.emulator.endpoint import Access, Endpoint, Upload
from onetest_ci.emulator.json_schema import INTEGER, OBJECT, TEXT, UUID, Schema, array, json_object
from onetest_ci.emulator.request_body import JsonBody

_PLACEHOLDER = re.compile(r"\{(\w+)(?::path)?\}")
_SERVICES = {
    "receiver": "Receiver",
    "membership": "Membership",
    "artifacts": "Artifacts",
    "test-management": "Test Management",
    "gateway": "Gateway",
    # One documented path of the import has no service's prefix (docs/onetest-api.md#paths-of-the-import).
    "v1": "Receiver",
}

_DETAIL = json_object(detail={"anyOf": [TEXT, {"$ref": "#/components/schemas/Problems"}]})
_PROBLEM: Schema = {
    "type": "object",
    "properties": {"type": TEXT, "loc": array({}), "msg": TEXT, "input": {}, "ctx": OBJECT},
    "required": ["type", "loc", "msg", "input"],
    "additionalProperties": False,
}
_COMPONENTS: dict[str, Any] = {
    "schemas": {
        "Detail": _DETAIL,
        "Problems": array(_PROBLEM),
        "ReportPortalError": json_object(errorCode=INTEGER, message=TEXT),
        "InvalidToken": json_object(error=TEXT, error_description=TEXT),
    },
    "securitySchemes": {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key: metered. `ak_` keys work at all services, `octo_` and `rp_` keys "
            "at the Receiver and for their product.",
        },
        "session": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "A session's token: free. The emulator prints one when it starts.",
        },
    },
}


def endpoint(endpoints: Sequence[Endpoint]) -> Endpoint:
    """Return the route that serves the document of these endpoints."""
    content = json.dumps(document(endpoints), indent=1)

    async def openapi(_call: Call) -> Response:
        return Response(content, media_type="application/json")

    return Endpoint("GET", "/openapi.json", openapi, Access.OPEN)


def document(endpoints: Sequence[Endpoint]) -> dict[str, Any]:
    """Return the document of these endpoints, without the pages for a browser."""
    paths: dict[str, dict[str, Any]] = {}
    for each in endpoints:
        if each.path.startswith("/api/"):
            path = _PLACEHOLDER.sub(r"{\1}", each.path)
            paths.setdefault(path, {})[each.method.lower()] = _operation(each, path)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "OneTest, the local emulator",
            "version": __version__,
            "description": "The API that the emulator serves. `x-assumed` marks the parts that neither "
            "OneTest documents nor ReportPortal defines.",
        },
        "paths": paths,
        "components": _COMPONENTS,
    }


def _operation(each: Endpoint, path: str) -> dict[str, Any]:
    summary, _, description = inspect.cleandoc(each.handler.__doc__ or "").partition("\n")
    name = re.sub("[^a-z0-9]+", "_", path.removeprefix("/api"), flags=re.IGNORECASE)
    operation: dict[str, Any] = {
        "operationId": each.method.lower() + name,
        "tags": [_SERVICES[path.split("/")[2]]],
        "summary": summary,
    }
    if description.strip():
        operation["description"] = description.strip()
    if each.assumed:
        operation["x-assumed"] = True
    session: dict[str, list[str]] = {"session": []}
    operation["security"] = [session] if each.access is Access.SESSION else [{"key": []}, session]
    operation["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": _path_parameter_schema(name)}
        for name in _PLACEHOLDER.findall(each.path)
    ] + [{"name": name, "in": "query", "schema": schema} for name, schema in each.query.items()]
    if each.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(each.body)}
    operation["responses"] = _responses(each)
    return operation


def _path_parameter_schema(name: str) -> Schema:
    if name == "product_id":
        return UUID
    # A parameter is one segment of the path; only an object's key has several.
    return {"type": "string", "minLength": 1} | ({} if name == "key" else {"pattern": "^[^/]+$"})


def _content(body: JsonBody | Upload) -> dict[str, Any]:
    content = {"application/json": body.schema()} if isinstance(body, JsonBody) else body.content
    return {media_type: {"schema": schema} for media_type, schema in content.items()}


def _responses(each: Endpoint) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status, schema in each.responses.items():
        responses[str(status)] = {"description": HTTPStatus(status).phrase}
        if schema:
            content = {schema: {}} if isinstance(schema, str) else {"application/json": {"schema": schema}}
            responses[str(status)]["content"] = content
        if each.response_assumed:
            responses[str(status)]["x-assumed"] = True
    for status in sorted(_refusals(each)):
        responses[str(status)] = {
            "description": HTTPStatus(status).phrase,
            "content": {"application/json": {"schema": _error_schema(each, status)}},
        }
    return responses


def _refusals(each: Endpoint) -> set[int]:
    """Return the statuses of refusals: those that the endpoint lists and those that its fields imply."""
    refusals = {401, 403, 503, *each.errors}
    if each.access is not Access.SESSION:
        refusals.add(429)
    if "{" in each.path:
        refusals.add(404)
    if each.body is not None:
        refusals |= {413, 400} if each.is_reportportal else {413, 400, 422}
    if each.query and not each.is_reportportal:
        refusals.add(422)
    return refusals


def _error_schema(each: Endpoint, status: int) -> Schema:
    name = "Detail"
    if status == HTTPStatus.UNAUTHORIZED and each.is_reportportal:
        name = "InvalidToken"
    elif each.is_reportportal and status not in {413, 429}:
        name = "ReportPortalError"
    reference: Schema = {"$ref": f"#/components/schemas/{name}"}
    if each.is_receivers and not each.is_reportportal and status in {400, 404, 409}:
        # The Receiver's other paths return ReportPortal's form too.
        return {"anyOf": [reference, {"$ref": "#/components/schemas/ReportPortalError"}]}
    return reference
