"""The OpenAPI document: its marks and descriptions, and whether the server does what it describes."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from emulator.conftest import Running
from emulator.entities import entities

# In an environment of its own, since it has fifty dependencies. The Makefile creates it.
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis") / "bin" / "st"
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
DOCUMENTED = {
    ("get", "/api/gateway/api/v1/tools"),
    ("get", "/api/test-management/api/v1/products/{product_id}/test-cases"),
    ("post", "/api/test-management/api/v1/products/{product_id}/test-cases"),
    ("get", "/api/test-management/api/v1/products/{product_id}/test-cases/automation-coverage"),
    ("put", "/api/test-management/api/v1/test-cases/{case_id}"),
    ("post", "/api/receiver/api/v1/products/{product_id}/import/junit/upload"),
    ("post", "/api/v1/products/{product_id}/import/junit"),
}
REPORTPORTAL = (
    "/api/receiver/api/v2/{product_id}/",
    "/api/receiver/api/v1/{product_id}/",
    "/api/receiver/api/info",
)


def operations(emulator: Running) -> dict[tuple[str, str], dict[str, Any]]:
    paths = emulator.document.content["paths"]
    return {(method, path): each for path, described in paths.items() for method, each in described.items()}


def test_what_no_source_documents_is_marked_as_assumed(emulator: Running) -> None:
    known = {
        (method, path)
        for method, path in operations(emulator)
        if (method, path) in DOCUMENTED or path.startswith(REPORTPORTAL)
    }
    assert known >= DOCUMENTED
    marked = {each for each, operation in operations(emulator).items() if operation.get("x-assumed")}
    assert marked == set(operations(emulator)) - known
    for each in DOCUMENTED - {
        ("get", "/api/test-management/api/v1/products/{product_id}/test-cases/automation-coverage")
    }:
        responses = operations(emulator)[each]["responses"]
        assert all(
            response.get("x-assumed") for status, response in responses.items() if status.startswith("2")
        )


def test_every_operation_is_described(emulator: Running) -> None:
    names = [operation["operationId"] for operation in operations(emulator).values()]
    assert len(set(names)) == len(names)
    for each, operation in operations(emulator).items():
        assert operation["summary"].endswith((".", ":")), each
        assert any(status.startswith("2") for status in operation["responses"]), each
        assert {"401", "403"} <= set(operation["responses"]), each
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                Draft202012Validator.check_schema(content.get("schema", {}))


def test_the_document_contains_only_served_paths(start: Callable[..., Running]) -> None:
    paths = start("--import-path", "a").document.content["paths"]
    imports = [path for path in paths if "/import/junit" in path]
    assert imports == ["/api/receiver/api/v1/products/{product_id}/import/junit/upload"]


def test_the_schema_of_a_body_is_the_one_that_is_enforced(
    api: httpx.Client, emulator: Running, product: str
) -> None:
    """A body without a required field, or with a value over a limit, is refused; a valid body is not."""
    body = operations(emulator)["post", "/api/membership/api/v1/products/{product_id}/environments"][
        "requestBody"
    ]
    schema = body["content"]["application/json"]["schema"]
    assert schema["required"] == ["name", "endpoint_url"]
    limit = schema["properties"]["endpoint_url"]["maxLength"]
    path = f"/api/membership/api/v1/products/{product}/environments"
    for length, status in ((limit, 201), (limit + 1, 422)):
        assert api.post(path, json={"name": "n", "endpoint_url": "u" * length}).status_code == status


@pytest.mark.skipif(not SCHEMATHESIS.exists(), reason="NO SCHEMATHESIS: run it by make test")
@pytest.mark.parametrize(
    ("phases", "examples"),
    [
        pytest.param("fuzzing", 2, id="sample"),
        pytest.param("coverage,fuzzing", 100, id="long", marks=pytest.mark.full),
    ],
)
def test_schemathesis_finds_no_response_outside_the_document(
    phases: str, examples: int, tmp_path: Path
) -> None:
    running = Running("--key-cache", "0")
    token = running.announced["session_token"]
    with running.client(token) as session:
        product = session.post("/api/membership/api/v1/products", json={"name": "p"}).json()["id"]
        known = entities(session, product)
    narrowed = tmp_path / "openapi.json"
    narrowed.write_text(json.dumps(to_what_is_there(running.document.content, known)))
    done = subprocess.run(
        [
            *(str(SCHEMATHESIS), "--no-color", "run", str(narrowed), "--url", running.url),
            *("--header", f"Authorization: Bearer {token}", "--checks", ",".join(CHECKS)),
            *("--phases", phases, "--max-examples", str(examples), "--seed", "7", "--continue-on-failure"),
            *("--suppress-health-check", "all", "--generation-deterministic"),
        ],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    code, errors = running.stop()
    # The server reports a request that is not HTTP. It must not print anything else.
    printed = {line for line in errors.splitlines() if "Invalid HTTP request" not in line}
    assert (code, printed) == (0, set())
    assert done.returncode == 0, done.stdout[-6000:]
    assert f"{len(operations(running))} " in done.stdout


def to_what_is_there(document: dict[str, Any], known: dict[str, str]) -> dict[str, Any]:
    """Return the document with its path parameters restricted to existing entities, to get beyond 404.

    Operations that delete keep their parameters: otherwise the entities would soon be gone.
    """
    narrowed: dict[str, Any] = json.loads(json.dumps(document))
    for described in narrowed["paths"].values():
        for method, operation in described.items():
            for parameter in operation["parameters"]:
                name = parameter["name"]
                if name in known and not (method == "delete" and name != "product_id"):
                    parameter["schema"] = {"enum": [known[name]]}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                properties = content["schema"].get("properties", {})
                if "launchUuid" in properties:
                    properties["launchUuid"] = {"enum": [known["launch"]]}
    return narrowed
