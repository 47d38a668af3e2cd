"""The start and the finish of a launch that many runners report to."""

from functools import partial
from http import HTTPStatus
from typing import Final
from uuid import uuid4

from onetest_ci.bundle.records import Manifest
from onetest_ci.ci.context import CIContext
from onetest_ci.collect.launch_attributes import launch_attributes
from onetest_ci.errors import ServiceError, UsageProblem
from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.push.context import Delivery
from onetest_ci.push.target import keyed_launch
from onetest_ci.report import Surroundings
from onetest_ci.settings import Settings
from onetest_ci.settings.needed import missing_key, need_product
from onetest_ci.settings.texts import variable_name

_FINISHED_BEFORE: Final = frozenset({HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.CONFLICT})


def start_launch(settings: Settings, context: CIContext, surroundings: Surroundings) -> str:
    """Start a launch with its build and environment; returns its id.

    With ``--launch-key`` a launch that was started already is taken as it is.

    Raises:
        UsageProblem: something needed is not set.
        ServiceError: it could not be started.
    """
    _check(settings)
    # As in `report`: what needs no network does not wait for the HTTP library.
    from onetest_ci.onetest.membership import Membership  # noqa: PLC0415
    from onetest_ci.onetest.receiver import Receiver  # noqa: PLC0415
    from onetest_ci.push.connection import connect  # noqa: PLC0415
    from onetest_ci.push.setup import set_up_links  # noqa: PLC0415

    key, now_ms = settings.launch_key, int(surroundings.clock() * 1000)
    manifest = Manifest(
        launch_uuid=keyed_launch(key, settings.product_id, context) if key else str(uuid4()),
        launch_name=settings.launch_name or "Test run",
        launch_description=settings.launch_description,
        attributes=launch_attributes(settings, context),
        start_ms=now_ms,
        end_ms=now_ms,
        environment=settings.environment,
        environment_url=settings.environment_url,
        build_version=settings.build_version,
        commit=context.commit,
    ).redacted(settings.redact)
    delivery = Delivery()
    with connect(settings, surroundings.debug) as http:
        membership = Membership(http, settings.product_id, warn=partial(delivery.warn, "membership"))
        links = set_up_links(manifest, membership, delivery, deployment=settings.deployment)
        started = Receiver(http, settings.product_id).start_launch(
            uuid=manifest.launch_uuid,
            name=manifest.launch_name,
            start_ms=now_ms,
            description=manifest.launch_description,
            attributes=manifest.attributes,
            build_id=links.build_id or None,
            environment_id=links.environment_id or None,
            build_version=links.build_version or None,
            may_exist=bool(key),
        )
    for warning in delivery.notices:
        surroundings.notice(f"warning: {warning.text}")
    return started.id


def finish_launch(settings: Settings, context: CIContext, surroundings: Surroundings) -> str:
    """Finish the launch that the settings name; returns its address, if the service tells one.

    Raises:
        UsageProblem: something needed is not set.
        ServiceError: it could not be finished.
    """
    _check(settings)
    if bool(settings.launch) == bool(settings.launch_key):
        raise UsageProblem(
            "no-launch" if not settings.launch else "two-launches",
            "Exactly one of a launch's ID and --launch-key is needed.",
            f"Give the ID that `launch start` printed, or set {variable_name('launch')}.",
        )
    from onetest_ci.onetest.receiver import Receiver  # noqa: PLC0415
    from onetest_ci.push.connection import connect  # noqa: PLC0415

    uuid = settings.launch or keyed_launch(settings.launch_key, settings.product_id, context)
    with connect(settings, surroundings.debug) as http:
        try:
            return Receiver(http, settings.product_id).finish_launch(
                uuid=uuid, end_ms=int(surroundings.clock() * 1000)
            )
        except ServiceError as error:
            if error.status not in _FINISHED_BEFORE:
                raise
            surroundings.notice(f"The launch {uuid} was finished already.")
            return ""


def _check(settings: Settings) -> None:
    Endpoints(dict(settings.endpoint))
    need_product(settings)
    if settings.api_key is None:
        raise missing_key(settings)
