"""Membership's entities: the body that creates each, and the schema of each response.

See docs/onetest-api.md#entities for widths and enums.
"""

from onetest_ci.emulator.json_schema import (
    BOOLEAN,
    INTEGER,
    OBJECT,
    TEXT,
    TIME,
    UUID,
    enum,
    json_object,
    nullable,
)
from onetest_ci.emulator.request_body import Boolean, Choice, JsonBody, Object, PositiveInteger, Text, Uuid

PRODUCT_TYPES = ("webapp", "api", "mobile")
RELEASE_STATUSES = ("planned", "active", "released")
SPRINT_STATUSES = ("planned", "active", "completed")
BUILD_STATUSES = ("pending", "active", "archived")
DEPLOYMENT_STATUSES = ("active", "rolled_back")

_NAME = 255
_URL = 2048
_GIT_SHA = 40
_DATE = 40

NEW_PRODUCT = JsonBody(
    name=Text(limit=_NAME, required=True),
    description=Text(),
    product_type=Choice(allowed=PRODUCT_TYPES, default="webapp"),
    metadata=Object(),
    integrations=Object(),
)
NEW_ENVIRONMENT = JsonBody(
    name=Text(limit=_NAME, required=True),
    description=Text(),
    endpoint_url=Text(limit=_URL, required=True),
    is_default=Boolean(),
    metadata=Object(),
)
_PLAN = {
    "scope": Text(),
    "start_date": Text(limit=_DATE),
    "end_date": Text(limit=_DATE),
    "metadata": Object(),
}
NEW_RELEASE = JsonBody(
    name=Text(limit=_NAME, required=True),
    description=Text(),
    status=Choice(allowed=RELEASE_STATUSES, default="planned"),
    **_PLAN,
)
NEW_SPRINT = JsonBody(
    number=PositiveInteger(required=True),
    name=Text(limit=_NAME),
    status=Choice(allowed=SPRINT_STATUSES, default="planned"),
    **_PLAN,
)
_BUILD = {
    "version": Text(limit=_NAME, required=True),
    "git_sha": Text(limit=_GIT_SHA),
    "scope": Text(),
    "status": Choice(allowed=BUILD_STATUSES, default="pending"),
    "metadata": Object(),
}
NEW_BUILD = JsonBody(**_BUILD)
FIND_BUILD = JsonBody(**_BUILD, sprint_id=Uuid(), release_id=Uuid())
NEW_DEPLOYMENT = JsonBody(
    build_id=Uuid(required=True),
    status=Choice(allowed=DEPLOYMENT_STATUSES, default="active"),
    metadata=Object(),
)
CHANGED_DEPLOYMENT = JsonBody(status=Choice(allowed=DEPLOYMENT_STATUSES), metadata=Object())

_MADE = {"metadata": OBJECT, "created_at": TIME}
_TERM = {"scope": nullable(TEXT), "start_date": nullable(TEXT), "end_date": nullable(TEXT)}
PRODUCT = json_object(
    id=UUID,
    name=TEXT,
    description=nullable(TEXT),
    product_type=enum(*PRODUCT_TYPES),
    integrations=OBJECT,
    **_MADE,
)
ENVIRONMENT = json_object(
    id=UUID,
    product_id=UUID,
    name=TEXT,
    description=nullable(TEXT),
    endpoint_url=TEXT,
    is_default=BOOLEAN,
    **_MADE,
)
RELEASE = json_object(
    id=UUID,
    product_id=UUID,
    name=TEXT,
    description=nullable(TEXT),
    status=enum(*RELEASE_STATUSES),
    **_TERM,
    **_MADE,
)
SPRINT = json_object(
    id=UUID,
    release_id=UUID,
    number=INTEGER,
    name=nullable(TEXT),
    status=enum(*SPRINT_STATUSES),
    **_TERM,
    **_MADE,
)
BUILD = json_object(
    id=UUID,
    release_id=nullable(UUID),
    sprint_id=nullable(UUID),
    version=TEXT,
    git_sha=nullable(TEXT),
    scope=nullable(TEXT),
    status=enum(*BUILD_STATUSES),
    **_MADE,
)
DEPLOYMENT = json_object(
    id=UUID,
    environment_id=UUID,
    build_id=UUID,
    status=enum(*DEPLOYMENT_STATUSES),
    metadata=OBJECT,
    deployed_at=TIME,
)
