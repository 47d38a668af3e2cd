"""Every path of OneTest's API, as data that configuration can override.

OneTest publishes only a part of its API, so each path has a label: ``documented`` (a source of OneTest states
it), ``derived`` (it follows from such a source) or ``assumed`` (this project chose it in the same style).
``docs/onetest-api.md`` contains this table; ``make api-notes`` writes it again.
"""

import re
from collections.abc import Mapping
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, NamedTuple
from urllib.parse import quote, unquote

from onetest_ci.errors import ServiceError, UsageProblem

DOCUMENTED: Final = "documented"
DERIVED: Final = "derived"
ASSUMED: Final = "assumed"


class Retry(Enum):
    """What is safe if a request may have arrived, but its response did not.

    See docs/onetest-api.md#retrying-a-request, #paths-of-the-import.
    """

    NEVER = auto()
    """A second request could act twice: retried only if nothing was sent."""
    UNLESS_TIMEOUT = auto()
    """Retried after 502, 503 and 504 only. If both requests act, a log line is there twice, no more."""
    SAFE = auto()
    """Acting twice changes nothing."""
    START = auto()
    """Contains an id that the client made: "duplicate" means that the request has arrived before."""
    FINISH = auto()
    """After a retry, "not found" or "finished" means that the request has arrived before."""


class Endpoint(NamedTuple):
    """One call.

    Attributes:
        name: ``service.call``, as in overrides and errors.
        method: HTTP method.
        templates: the path, with ``{placeholders}``; several where sources disagree, the likeliest first.
        label: ``documented`` or ``assumed``, of all paths but the derived ones.
        source: the section of ``docs/onetest-api.md`` that describes the endpoint, as its anchor.
        retry: what is safe if the response was lost.
        promises_json: whether a 2xx response must contain JSON. If the body is unknown, any 2xx is success.
        derived: the templates that only follow from a documented rule.
    """

    name: str
    method: str
    templates: tuple[str, ...]
    label: str
    source: str
    retry: Retry = Retry.NEVER
    promises_json: bool = True
    derived: tuple[str, ...] = ()

    def label_of(self, template: str) -> str:
        """Return the label of one of the paths."""
        return DERIVED if template in self.derived else self.label

    @property
    def service(self) -> str:
        """The service's name as its path prefix spells it (docs/onetest-api.md#base-url-and-services)."""
        return self.name.partition(".")[0].replace("_", "-")


_MEMBERSHIP: Final = "/api/membership/api/v1"
_TESTS: Final = "/api/test-management/api/v1"
_ARTIFACTS: Final = "/api/artifacts/api/v1/products/{product_id}"
_REPORTPORTAL: Final = "/api/receiver/api/v2/{product_id}"
_IMPORT: Final = "/api/v1/products/{product_id}/import/junit"


def _flat_or_nested(tail: str) -> tuple[str, str]:
    """Return the paths of an object that is not a collection of the product: flat, and perhaps nested.

    See docs/onetest-api.md#paths-of-membership.
    """
    return _MEMBERSHIP + tail, _MEMBERSHIP + "/products/{product_id}" + tail


_TABLE: Final = (
    Endpoint("gateway.tools", "GET", ("/api/gateway/api/v1/tools",), DOCUMENTED, "#gateway",
             Retry.SAFE, promises_json=False),
    Endpoint("membership.environments", "GET", (_MEMBERSHIP + "/products/{product_id}/environments",),
             ASSUMED, "#paths-of-membership", Retry.SAFE),
    Endpoint("membership.create_environment", "POST", (_MEMBERSHIP + "/products/{product_id}/environments",),
             ASSUMED, "#paths-of-membership"),
    Endpoint("membership.releases", "GET", (_MEMBERSHIP + "/products/{product_id}/releases",),
             ASSUMED, "#paths-of-membership", Retry.SAFE),
    Endpoint("membership.sprints", "GET", _flat_or_nested("/releases/{release_id}/sprints"),
             ASSUMED, "#paths-of-membership", Retry.SAFE),
    Endpoint("membership.sprint_builds", "GET", _flat_or_nested("/sprints/{sprint_id}/builds"),
             ASSUMED, "#paths-of-membership", Retry.SAFE),
    Endpoint("membership.release_builds", "GET", _flat_or_nested("/releases/{release_id}/builds"),
             ASSUMED, "#paths-of-membership", Retry.SAFE),
    Endpoint("membership.create_sprint_build", "POST", _flat_or_nested("/sprints/{sprint_id}/builds"),
             ASSUMED, "#paths-of-membership"),
    Endpoint("membership.create_release_build", "POST", _flat_or_nested("/releases/{release_id}/builds"),
             ASSUMED, "#paths-of-membership"),
    Endpoint("membership.find_or_create_build", "POST", _flat_or_nested("/builds/find-or-create"),
             ASSUMED, "#paths-of-membership", Retry.SAFE),
    Endpoint("membership.record_deployment", "POST",
             _flat_or_nested("/environments/{environment_id}/deployments"),
             ASSUMED, "#paths-of-membership", promises_json=False),
    Endpoint("test_management.test_cases", "GET", (_TESTS + "/products/{product_id}/test-cases",),
             DOCUMENTED, "#test-management", Retry.SAFE),
    Endpoint("test_management.create_test_case", "POST", (_TESTS + "/products/{product_id}/test-cases",),
             DOCUMENTED, "#test-management"),
    Endpoint("test_management.update_test_case", "PUT", (_TESTS + "/test-cases/{test_case_id}",),
             DOCUMENTED, "#test-management", Retry.SAFE, promises_json=False),
    Endpoint("artifacts.create_bucket", "POST", (_ARTIFACTS + "/buckets",),
             ASSUMED, "#paths-of-artifacts", Retry.SAFE, promises_json=False),
    Endpoint("artifacts.put_object", "PUT", (_ARTIFACTS + "/buckets/{bucket}/objects/{key}",),
             ASSUMED, "#paths-of-artifacts", Retry.SAFE, promises_json=False),
    Endpoint("receiver.start_launch", "POST", (_REPORTPORTAL + "/launch",),
             DOCUMENTED, "#start-a-launch", Retry.START),
    Endpoint("receiver.finish_launch", "PUT", (_REPORTPORTAL + "/launch/{launch_uuid}/finish",),
             DOCUMENTED, "#finish-a-launch", Retry.FINISH, promises_json=False),
    Endpoint("receiver.start_item", "POST", (_REPORTPORTAL + "/item",),
             DOCUMENTED, "#start-an-item", Retry.START),
    Endpoint("receiver.start_child_item", "POST", (_REPORTPORTAL + "/item/{parent_uuid}",),
             DOCUMENTED, "#start-an-item", Retry.START),
    Endpoint("receiver.finish_item", "PUT", (_REPORTPORTAL + "/item/{item_uuid}",),
             DOCUMENTED, "#finish-an-item", Retry.FINISH, promises_json=False),
    Endpoint("receiver.log", "POST", (_REPORTPORTAL + "/log",),
             DOCUMENTED, "#logs", Retry.UNLESS_TIMEOUT),
    Endpoint("receiver.import_junit", "POST",
             ("/api/receiver" + _IMPORT + "/upload", "/api/receiver" + _IMPORT, _IMPORT),
             DOCUMENTED, "#paths-of-the-import", promises_json=False, derived=("/api/receiver" + _IMPORT,)),
)  # fmt: skip

ENDPOINTS: Final[Mapping[str, Endpoint]] = MappingProxyType({endpoint.name: endpoint for endpoint in _TABLE})

# Both are compiled on first use: few runs set a path.
_PLACEHOLDER: Final = r"\{([a-z_]+)\}"
# An unreserved character, a sub-delimiter, ":", "@", an escape or a placeholder (RFC 3986, section 3.3).
_PLAIN_PATH: Final = r"/(?!/)(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2}|\{[a-z_]+\})+"
_PLAIN_VALUE: Final = re.compile("[A-Za-z0-9_-]+")
"""A value that needs no encoding in a path, such as a UUID."""


class Endpoints:
    """The path of each call: OneTest's, or the configured one.

    Args:
        overrides: call name → path template. A path must contain every placeholder of the call and may add
            ``{product_id}``, since some services might nest everything below the product
            (docs/onetest-api.md#paths-of-membership).

    Raises:
        UsageProblem: ``bad-endpoint``, for an unknown call or a value that is not a plain path.
    """

    def __init__(self, overrides: Mapping[str, str] | None = None) -> None:
        self._templates = {name: endpoint.templates for name, endpoint in ENDPOINTS.items()}
        for name, template in (overrides or {}).items():
            self._templates[name] = (_checked(name, template),)

    def candidates(self, name: str) -> int:
        """Return the number of possible paths: one, unless sources disagree and there is no override."""
        return len(self._templates[name])

    def path(self, name: str, candidate: int = 0, /, **values: str) -> str:
        """Return the path of a call, with percent-encoded values. An object's ``key`` keeps its slashes.

        Raises:
            ServiceError: ``bad-path-value``, for a value that would lead to another path (``..``, empty).
        """
        return self._templates[name][candidate].format_map(
            {field: _segment(name, field, value) for field, value in values.items()}
        )


def _segment(name: str, field: str, value: str) -> str:
    if _PLAIN_VALUE.fullmatch(value):
        return value
    # A proxy may decode %2F, so a slash divides each value.
    if any(part in {"", ".", ".."} for part in value.split("/")):
        raise ServiceError("bad-path-value", f"{name}: {field} {value!r} is not allowed in a path")
    return quote(value, safe="/" if field == "key" else "", errors="replace")


def _checked(name: str, template: str) -> str:
    endpoint = ENDPOINTS.get(name)
    if endpoint is None:
        raise UsageProblem(
            "bad-endpoint",
            f"there is no call named {name!r}, so its path cannot be set",
            "The calls are: " + ", ".join(sorted(ENDPOINTS)),
        )
    needed = set(re.findall(_PLACEHOLDER, endpoint.templates[0]))
    found = set(re.findall(_PLACEHOLDER, template))
    optional = set() if endpoint.service == "gateway" else {"product_id"}
    reason = ""
    if not re.fullmatch(_PLAIN_PATH, template):
        reason = "is not a plain path that starts with one /"
    elif "//" in template or any(part in {".", ".."} for part in unquote(template).split("/")):
        reason = "has an empty, . or .. segment"
    elif not needed <= found <= needed | optional:
        reason = "must contain exactly " + (
            ", ".join(f"{{{field}}}" for field in sorted(needed)) or "no {placeholder}"
        )
    if reason:
        raise UsageProblem(
            "bad-endpoint",
            f"the path {template!r} for {name} {reason}",
            f"A path like {endpoint.templates[0]} is allowed; the server is set by --base-url alone.",
        )
    return template
