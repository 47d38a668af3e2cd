"""Holds every answer that a test gets against the emulator's own OpenAPI document."""

import json
import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator


class Document:
    """The document of one emulator.

    Args:
        content: the decoded ``/openapi.json``.
    """

    def __init__(self, content: dict[str, Any]) -> None:
        self.content = content
        # Longer templates first: they are the more particular ones.
        self._routes = [
            (re.compile(re.sub(r"\{key\}", ".+", re.sub(r"\{(?!key\})\w+\}", "[^/]+", path)) + "$"), path)
            for path in sorted(content["paths"], key=lambda path: (path.count("{"), -len(path)))
        ]

    def check(self, response: httpx.Response) -> None:
        """What the server answers is in the document, or the route is not there at all."""
        # The server takes each path with a slash at its end too; an object's key keeps its own.
        path = response.request.url.path.rstrip("/")
        operation = self._operation(response.request.method.lower(), path)
        if operation is None:
            assert response.status_code in {401, 404, 405, 307, 429}, f"{path} is not in the document"
            return
        described = operation["responses"].get(str(response.status_code))
        place = f"{response.request.method} {path}: {response.status_code}"
        assert described, f"{place} is not in the document: {response.text[:300]}"
        content = described.get("content", {})
        if "application/json" in content:
            schema = content["application/json"]["schema"] | {"components": self.content["components"]}
            errors = [
                e.message for e in Draft202012Validator(schema).iter_errors(json.loads(response.read()))
            ]
            assert not errors, f"{place}: {errors}"

    def _operation(self, method: str, path: str) -> dict[str, Any] | None:
        for pattern, template in self._routes:
            if pattern.match(path):
                found: dict[str, Any] | None = self.content["paths"][template].get(method)
                if found:
                    return found
        return None
