"""Every request fits the host's API: GitHub's OpenAPI document, and a table of GitLab's, written by hand."""

import json
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator

from comments.conftest import Jobs
from support.comments_api import CommentsApi, Seen

HERE: Final = Path(__file__).parent
GITHUB: Final = Path(sys.prefix) / "github-openapi" / "api.github.com.json"

Operation = tuple[dict[str, Any], dict[str, Any] | None]
"""The schemas of the query's parameters by name, and that of the body."""


def github_operations() -> dict[tuple[str, str], Operation]:
    if not GITHUB.exists():
        pytest.skip("GitHub's OpenAPI document is not there; make .venv/github-openapi.stamp installs it")
    document = json.loads(GITHUB.read_text(encoding="utf-8"))

    def resolved(value: dict[str, Any]) -> dict[str, Any]:
        reference = value.get("$ref")
        if reference is None:
            return value
        found = document
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]
        return resolved(found)

    operations: dict[tuple[str, str], Operation] = {}
    for path, methods in document["paths"].items():
        if not re.search("/issues/(.*/)?comments", path):
            continue
        for method, operation in methods.items():
            parameters = [resolved(one) for one in operation.get("parameters", [])]
            query = {one["name"]: resolved(one["schema"]) for one in parameters if one["in"] == "query"}
            body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
            operations[method, path] = query, resolved(body["schema"]) if body else None
    return operations


def gitlab_operations() -> dict[tuple[str, str], Operation]:
    table = json.loads((HERE / "gitlab-openapi.json").read_text(encoding="utf-8"))
    return {
        (method, path): (operation["query"], operation.get("body"))
        for path, methods in table["paths"].items()
        for method, operation in methods.items()
    }


OPERATIONS: Final[dict[str, Callable[[], dict[tuple[str, str], Operation]]]] = {
    "github": github_operations,
    "gitlab": gitlab_operations,
}


def faults(seen: Seen, operations: dict[tuple[str, str], Operation]) -> Iterable[str]:
    """What does not fit in a request."""
    name = f"{seen.method} {seen.path}"
    found = [
        operation
        for (method, path), operation in operations.items()
        if method == seen.method.lower() and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", path), seen.path)
    ]
    if not found:
        yield f"{name}: there is no such operation"
        return
    query, body = found[0]
    for key, text in seen.query.items():
        if key not in query:
            yield f"{name}: there is no parameter {key}"
        else:
            value = int(text) if query[key].get("type") == "integer" else text
            yield from (f"{name}: {error.message}" for error in _errors(query[key], value))
    if (body is None) != (seen.body is None):
        yield f"{name}: body"
    elif body is not None:
        assert seen.headers["Content-Type"] == "application/json"
        yield from (f"{name}: {error.message}" for error in _errors(body, seen.body))


def _errors(schema: dict[str, Any], value: Any) -> Iterable[Any]:
    return Draft202012Validator(schema).iter_errors(value)


def test_requests_fit_the_published_api(jobs: Jobs, api: CommentsApi) -> None:
    operations = OPERATIONS[jobs.host.name]()
    jobs.run("unit")
    # A second comment of ours is merged and deleted.
    jobs.api.add(jobs.body(), jobs.host.bot)
    jobs.run("e2e")
    rest = [one for one in api.seen if one.path != "/graphql"]
    assert {one.method for one in rest} == {"GET", "POST", "DELETE", jobs.host.write}
    assert [fault for one in rest for fault in faults(one, operations)] == []
    # A request that does not fit is found.
    wrong = rest[0]._replace(path="/nowhere")
    assert list(faults(wrong, operations))
    listing = next(one for one in rest if one.query)
    assert list(faults(listing._replace(query={"pages": "1"}), operations))
    writing = next(one for one in rest if one.body)
    assert list(faults(writing._replace(body={"text": "x"}), operations))
