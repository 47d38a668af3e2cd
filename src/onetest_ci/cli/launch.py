"""``onetest-ci launch start`` and ``onetest-ci launch finish``: a launch that many runners report to."""

import os
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import click

from onetest_ci.ci.context import CIContext
from onetest_ci.cli.command import Command, CommandGroup
from onetest_ci.cli.destination import check_destination
from onetest_ci.cli.invocation import Invocation, begin
from onetest_ci.cli.options import settings_options
from onetest_ci.cli.output import echo
from onetest_ci.collect.launch_header import launch_header
from onetest_ci.errors import ServiceError, UsageProblem, output_not_written
from onetest_ci.outcome import DeliveredLaunch, Delivery, UploadStatus
from onetest_ci.outputs import github
from onetest_ci.push.target import keyed_launch
from onetest_ci.settings.option import variable_name

_FINISHED_BEFORE: Final = frozenset({HTTPStatus.NOT_ACCEPTABLE, HTTPStatus.CONFLICT})


@click.group(cls=CommandGroup)
def command() -> None:
    """Start and finish a launch that many runners report to.

    In between, each runner pushes its results into it: `report --launch ID`, or `push --launch ID`.
    """


@command.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci launch start --launch-name Nightly
  onetest-ci launch start --environment staging --dotenv launch.env
""",
)
@settings_options("launch start")
@click.option(
    "--dotenv",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help=f"Write {variable_name('launch')}=ID to a file, which GitLab can pass to later jobs.",
)
def start(dotenv: Path | None, **flags: Any) -> None:
    """Start a launch and print its id.

    On GitHub Actions the step's output `launch-id` holds the id, too.
    """
    invocation = begin("launch start", flags, masks_keys=True, prints_data=True)
    launch_id = _start_launch(invocation)
    if dotenv is not None:
        _write(dotenv, f"{variable_name('launch')}={launch_id}\n")
    _write_github_output(invocation.context, launch_id)
    echo(launch_id)


@command.command(
    cls=Command,
    epilog="""\b
Examples:
  onetest-ci launch finish 0d5f5a5e-7c0c-4a52-9e0b-1f1c36a0f6a3
  onetest-ci launch finish --launch-key unit
  onetest-ci launch finish --results 'results/*.gz' --summary summary.md
""",
)
@click.argument("launch_id", required=False, default="", metavar="[ID]")
@settings_options("launch finish")
def finish(launch_id: str, **flags: Any) -> int:
    """Finish a launch. Its status follows from its tests.

    ID is what `launch start` printed. It defaults to ONETEST_LAUNCH; --launch-key replaces it.

    With --results, the results that its runners saved are merged, and their summary is written: on standard
    error, and to the files that are named. A file that is missing or damaged is an error. Without --results,
    a gate or a file of results on the command line is an error, too.
    """
    if launch_id:
        flags["launch"] = launch_id
    invocation = begin("launch finish", flags, masks_keys=True, prints_data=True)
    uuid = _launch_to_finish(invocation)
    delivery = Delivery(launches=[DeliveredLaunch(uuid)])
    try:
        _finish_launch(uuid, invocation, delivery)
    except ServiceError as error:
        if not invocation.settings.results:
            raise
        delivery.status, delivery.error = UploadStatus.FAILED, error
    if delivery.launch_url:
        echo(delivery.launch_url)
    if not invocation.settings.results:
        return 0
    # Late, since few launches have saved results.
    from onetest_ci.cli.merged_results import merged_outcome  # noqa: PLC0415
    from onetest_ci.cli.present import present  # noqa: PLC0415

    return present(merged_outcome(invocation, delivery), invocation, err=True)


def _start_launch(invocation: Invocation) -> str:
    """Start a launch with its build and environment; return its id.

    With ``--launch-key``, a launch that was started already is joined.

    Raises:
        UsageProblem: something needed is not set.
        ServiceError: it could not be started.
    """
    settings, context = invocation.settings, invocation.context
    check_destination(settings, context, needs_product=True, needs_key=True)
    # Late, since the checks do not need the HTTP library, whose import is slow.
    from onetest_ci.connection import connect  # noqa: PLC0415
    from onetest_ci.onetest.client.hints import WRITING  # noqa: PLC0415
    from onetest_ci.onetest.membership import Membership  # noqa: PLC0415
    from onetest_ci.onetest.receiver import Receiver  # noqa: PLC0415
    from onetest_ci.push.setup import set_up_links  # noqa: PLC0415

    key, now_ms = settings.launch_key, int(invocation.clock() * 1000)
    uuid = keyed_launch(key, settings.product_id, context) if key else str(uuid4())
    header = launch_header(
        settings, context, invocation.redact, uuid=uuid, start_ms=now_ms, end_ms=now_ms
    ).redacted(invocation.redact)
    delivery = Delivery()
    with connect(settings, invocation.redact, invocation.output.debug, hints=WRITING) as http:
        membership = Membership(http, settings.product_id, warn=partial(delivery.warn, "membership"))
        links = set_up_links(header, membership, delivery, deployment=settings.deployment)
        started = Receiver(http, settings.product_id).start_launch(
            uuid=header.launch_uuid,
            name=header.launch_name,
            start_ms=now_ms,
            description=header.launch_description,
            attributes=header.attributes,
            build_id=links.build_id or None,
            environment_id=links.environment_id or None,
            build_version=links.build_version or None,
            may_exist=bool(key),
        )
    for warning in delivery.notices:
        invocation.output.notice(f"warning: {warning.text}")
    return started.id


def _launch_to_finish(invocation: Invocation) -> str:
    """Return the ID of the launch that the settings name.

    Raises:
        UsageProblem: something needed is not set.
    """
    settings, context = invocation.settings, invocation.context
    check_destination(settings, context, needs_product=True, needs_key=True)
    if not (settings.launch or settings.launch_key):
        raise UsageProblem(
            "no-launch",
            "No launch is named.",
            f"Give the ID that `launch start` printed, set {variable_name('launch')}, or give --launch-key.",
        )
    return settings.launch or keyed_launch(settings.launch_key, settings.product_id, context)


def _finish_launch(uuid: str, invocation: Invocation, delivery: Delivery) -> None:
    """Finish a launch. Its address and the calls are added to the delivery.

    Raises:
        ServiceError: it could not be finished.
    """
    from onetest_ci.connection import connect  # noqa: PLC0415
    from onetest_ci.onetest.client.hints import WRITING  # noqa: PLC0415
    from onetest_ci.onetest.receiver import Receiver  # noqa: PLC0415

    settings = invocation.settings
    link = ""
    with connect(settings, invocation.redact, invocation.output.debug, hints=WRITING) as http:
        try:
            link = Receiver(http, settings.product_id).finish_launch(
                uuid=uuid, end_ms=int(invocation.clock() * 1000)
            )
        except ServiceError as error:
            if error.status not in _FINISHED_BEFORE:
                raise
            invocation.output.notice(f"The launch {uuid} was finished already.")
        finally:
            delivery.calls = http.calls
    delivery.status = UploadStatus.DELIVERED
    delivery.launches = [DeliveredLaunch(uuid, link)]


def _write_github_output(context: CIContext, launch_id: str) -> None:
    path = os.environ.get("GITHUB_OUTPUT")
    if context.host != "github" or not path:
        return
    try:
        github.write_outputs(Path(path), {"launch-id": launch_id})
    except OSError as problem:
        raise output_not_written(path, problem) from None


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as problem:
        raise output_not_written(path, problem) from None
