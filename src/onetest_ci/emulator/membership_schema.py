"""Membership's entities: what may be sent of each, and what is answered.

See docs/onetest-api.md#entities: widths and enums.
"""

from onetest_ci.emulator.request_schema import Flag, Form, Number, Object, Text, Uuid, Word
from onetest_ci.emulator.response_schema import FLAG, NUMBER, OBJECT, TEXT, TIME, UUID, maybe, thing, word

PRODUCT_TYPES = ("webapp", "api", "mobile")
RELEASE_STATUSES = ("planned", "active", "released")
SPRINT_STATUSES = ("planned", "active", "completed")
BUILD_STATUSES = ("pending", "active", "archived")
DEPLOYMENT_STATUSES = ("active", "rolled_back")

_NAME = 255
_URL = 2048
_GIT_SHA = 40
_DATE = 40

NEW_PRODUCT = Form(
    name=Text(limit=_NAME, required=True),
    description=Text(),
    product_type=Word(allowed=PRODUCT_TYPES, default="webapp"),
    metadata=Object(),
    integrations=Object(),
)
NEW_ENVIRONMENT = Form(
    name=Text(limit=_NAME, required=True),
    description=Text(),
    endpoint_url=Text(limit=_URL, required=True),
    is_default=Flag(),
    metadata=Object(),
)
_PLAN = {
    "scope": Text(),
    "start_date": Text(limit=_DATE),
    "end_date": Text(limit=_DATE),
    "metadata": Object(),
}
NEW_RELEASE = Form(
    name=Text(limit=_NAME, required=True),
    description=Text(),
    status=Word(allowed=RELEASE_STATUSES, default="planned"),
    **_PLAN,
)
NEW_SPRINT = Form(
    number=Number(required=True),
    name=Text(limit=_NAME),
    status=Word(allowed=SPRINT_STATUSES, default="planned"),
    **_PLAN,
)
_BUILD = {
    "version": Text(limit=_NAME, required=True),
    "git_sha": Text(limit=_GIT_SHA),
    "scope": Text(),
    "status": Word(allowed=BUILD_STATUSES, default="pending"),
    "metadata": Object(),
}
NEW_BUILD = Form(**_BUILD)
FIND_BUILD = Form(**_BUILD, sprint_id=Uuid(), release_id=Uuid())
NEW_DEPLOYMENT = Form(
    build_id=Uuid(required=True),
    status=Word(allowed=DEPLOYMENT_STATUSES, default="active"),
    metadata=Object(),
)
CHANGED_DEPLOYMENT = Form(status=Word(allowed=DEPLOYMENT_STATUSES), metadata=Object())

_MADE = {"metadata": OBJECT, "created_at": TIME}
_TERM = {"scope": maybe(TEXT), "start_date": maybe(TEXT), "end_date": maybe(TEXT)}
PRODUCT = thing(
    id=UUID,
    name=TEXT,
    description=maybe(TEXT),
    product_type=word(*PRODUCT_TYPES),
    integrations=OBJECT,
    **_MADE,
)
ENVIRONMENT = thing(
    id=UUID, product_id=UUID, name=TEXT, description=maybe(TEXT), endpoint_url=TEXT, is_default=FLAG, **_MADE
)
RELEASE = thing(
    id=UUID,
    product_id=UUID,
    name=TEXT,
    description=maybe(TEXT),
    status=word(*RELEASE_STATUSES),
    **_TERM,
    **_MADE,
)
SPRINT = thing(
    id=UUID,
    release_id=UUID,
    number=NUMBER,
    name=maybe(TEXT),
    status=word(*SPRINT_STATUSES),
    **_TERM,
    **_MADE,
)
BUILD = thing(
    id=UUID,
    release_id=maybe(UUID),
    sprint_id=maybe(UUID),
    version=TEXT,
    git_sha=maybe(TEXT),
    scope=maybe(TEXT),
    status=word(*BUILD_STATUSES),
    **_MADE,
)
DEPLOYMENT = thing(
    id=UUID,
    environment_id=UUID,
    build_id=UUID,
    status=word(*DEPLOYMENT_STATUSES),
    metadata=OBJECT,
    deployed_at=TIME,
)
