"""Read the reports for `doctor` as `report` would, and estimate what their delivery costs."""

from collections.abc import Iterator
from contextlib import closing

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.cli.bundle_location import location_for_report
from onetest_ci.cli.invocation import Invocation
from onetest_ci.collect.collector import Collected, collect
from onetest_ci.doctor.finding import Area, Finding, note, warning
from onetest_ci.doctor.reports import ReadReports, linking_of, reports
from onetest_ci.errors import OnetestError
from onetest_ci.notices import WARNING
from onetest_ci.outputs.notice_lines import notice_lines
from onetest_ci.push.cost import import_calls, launch_calls, plan
from onetest_ci.push.target import target_of

_UNLINKABLE = "code-ref"
_COVERED = frozenset({_UNLINKABLE, "setting"})
"""Kinds of notices that other findings cover."""
_REST = "`onetest-ci inspect --format json` has all"


def read_reports(invocation: Invocation) -> tuple[ReadReports | None, list[Finding]]:
    """Return what the reports contain, and the findings. The bundle that is made for it is removed."""
    if not invocation.settings.files:
        text = "No reports are named, so none were read."
        return None, [note(Area.REPORTS, "no-paths", text, "Name them: onetest-ci doctor PATH...")]
    try:
        location = location_for_report(None, invocation.context, invocation.cwd)
        try:
            collected = collect(
                invocation.settings,
                invocation.context,
                invocation.redact,
                location.directory,
                cwd=invocation.cwd,
                clock=invocation.clock,
            )
            read = _read(collected, invocation)
            return read, [*reports(read), *_notices(collected.bundle)]
        finally:
            location.discard()
    except OnetestError as problem:
        return None, [Finding.of_error(Area.REPORTS, problem)]


def _read(collected: Collected, invocation: Invocation) -> ReadReports:
    """Return the facts for the findings.

    Raises:
        UsageProblem: the settings name two launches.
        BundleError: the bundle cannot be read.
    """
    bundle, settings = collected.bundle, invocation.settings
    manifest = bundle.manifest
    target = target_of(settings, invocation.context)
    deployment = settings.deployment
    with closing(DeliveryLog(bundle.directory, bundle.digest)) as log:
        chosen = plan(
            bundle, log, settings.mode, settings.max_api_calls, target=target, deployment=deployment
        )
        calls = {"launch": launch_calls(bundle, log, target, deployment=deployment)}
        if not target.shared:
            calls["import"] = import_calls(bundle, log)
    too_many = [chosen.problem] if chosen.problem and manifest.cases else []
    return ReadReports(
        totals=manifest.totals,
        files=sum(bool(row.get("format")) for row in manifest.reports),
        formats=tuple(dict.fromkeys(str(row["format"]) for row in manifest.reports if row.get("format"))),
        calls=tuple(calls.items()),
        mode=chosen.mode,
        max_calls=settings.max_api_calls,
        linking=linking_of(bundle),
        unlinkable=tuple(notice for notice in manifest.notices if notice.kind == _UNLINKABLE),
        problems=(*collected.problems, *too_many),
    )


def _notices(bundle: Bundle) -> Iterator[Finding]:
    """Yield the warnings of the reading."""
    notices = [notice for notice in bundle.manifest.notices if notice.kind not in _COVERED]
    for text in notice_lines(notices, WARNING, _REST):
        yield warning(Area.REPORTS, "report-warning", text, "")
