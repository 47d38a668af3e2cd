"""What delivery will cost: the most calls that each mode takes, and the choice between them.

Each call may cost a coin of the product's weekly budget (docs/onetest-api.md#coins-and-limits, the dearer
reading). What was acknowledged already is not counted, so that the rest of a bundle can be pushed under the
same guard.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import PLAN, DeliveryLog
from onetest_ci.errors import BudgetExhausted
from onetest_ci.onetest.limits import LOG_BATCH, LOG_BATCH_BYTES, MAX_DOCUMENT_BYTES
from onetest_ci.push.launch_series import LaunchSeries
from onetest_ci.push.target import OWN, Target

_ENVIRONMENT_CALLS: Final = 2  # list, create
_BUILD_CALLS: Final = 5  # releases, sprints, find-or-create; list and create where that is unknown
_BUCKET_CALLS: Final = 2  # an upload without a bucket, the bucket
_ARTIFACT_FALLBACK_CALLS: Final = 3  # a refused log, an item that holds the files
_IMPORT_PROBES: Final = 2  # paths that may not be the one (docs/onetest-api.md#paths-of-the-import)
_XML_GROWTH: Final = 2  # a document against the bundle's own form: escapes, messages said twice


_IMPORT_LOSES: Final = "an import carries no build, environment, suites or attachments of tests"


@dataclass(frozen=True, slots=True)
class Plan:
    """How a bundle will be delivered.

    Attributes:
        mode: ``launch`` or ``import``.
        estimate: most calls it takes when nothing has to be repeated.
        why: for people: why this mode and what it loses; empty when there is nothing to say.
        problem: why it must not be begun, None when it may.
    """

    mode: str
    estimate: int
    why: str = ""
    problem: BudgetExhausted | None = None


def plan(
    bundle: Bundle,
    log: DeliveryLog,
    mode: str,
    max_calls: int,
    *,
    target: Target = OWN,
    deployment: bool = False,
) -> Plan:
    """Choose the mode; a bundle that was begun goes on in the mode that it was begun in.

    Args:
        bundle: what is to be delivered.
        log: what was acknowledged of it.
        mode: ``auto``, ``launch`` or ``import``.
        max_calls: most calls that the run may make.
        target: a launch that is shared leaves no choice of mode.
        deployment: whether a deployment is to be recorded.

    Raises:
        BundleError: the bundle is damaged.
    """
    begun = log.get(PLAN).get("mode", "")
    mode = begun or ("launch" if target.shared else mode)
    launch = launch_calls(bundle, log, target, deployment=deployment)
    if mode == "launch" or (mode == "auto" and launch <= max_calls):
        return _checked(Plan("launch", launch), max_calls, fixed=bool(begun) or target.shared)
    why = _IMPORT_LOSES
    if mode == "auto":
        why = f"import, since launch may take {launch:,} calls and --max-api-calls is {max_calls:,}; {why}"
    return _checked(Plan("import", import_calls(bundle, log), why), max_calls, fixed=bool(begun))


def launch_calls(bundle: Bundle, log: DeliveryLog, target: Target = OWN, *, deployment: bool = False) -> int:
    """Most calls that launch mode still takes."""
    manifest, parts = bundle.manifest, LaunchSeries(bundle.manifest, log, target)
    started = log.done(parts.launch) or not target.starts
    launch = (not started) + (target.finishes and not log.done(parts.finish))
    suites = 2 * manifest.suites - log.count(parts.suite) - log.count(parts.suite_finish)
    cases = 2 * (manifest.cases - parts.sent())
    setup = 0
    if not (started or log.done("launch") or log.done("membership")):
        setup = _ENVIRONMENT_CALLS * bool(manifest.environment) + _BUILD_CALLS * bool(manifest.build_version)
    files = artifact_calls(bundle, log)
    return (
        launch
        + suites
        + cases
        + log_calls(bundle, log)
        + setup
        + (deployment and not log.done("deployment"))
        + files
        + _ARTIFACT_FALLBACK_CALLS * bool(files)
    )


def log_calls(bundle: Bundle, log: DeliveryLog) -> int:
    """Most requests that the logs of cases still take: full by their count, or by their size."""
    waiting = max(0, bundle.manifest.log_entries - log.count("log"))
    # Text is weighed double, since JSON may escape it; of two requests in a row one is over half full.
    size = bundle.manifest.attachment_bytes + 2 * bundle.items_size()
    return min(waiting, math.ceil(waiting / LOG_BATCH) + 2 * size // LOG_BATCH_BYTES)


def import_calls(bundle: Bundle, log: DeliveryLog) -> int:
    """Calls that import mode still takes; the size of the items tells that of the documents."""
    files = artifact_calls(bundle, log)
    documents = math.ceil(_XML_GROWTH * bundle.items_size() / MAX_DOCUMENT_BYTES)
    return max(1, documents) - log.count("import") + _IMPORT_PROBES + files


def artifact_calls(bundle: Bundle, log: DeliveryLog) -> int:
    """Most calls that the files of the run still take: one each, and two more without the bucket."""
    waiting = len(bundle.manifest.artifacts) - log.count("artifact")
    return _BUCKET_CALLS + waiting if waiting > 0 else 0


def _checked(chosen: Plan, max_calls: int, *, fixed: bool) -> Plan:
    """The plan, with a problem when what was asked for would take more calls than allowed."""
    if chosen.estimate <= max_calls:
        return chosen
    other = ", or choose --mode import or auto" if chosen.mode == "launch" and not fixed else ""
    problem = BudgetExhausted(
        "over-max-api-calls",
        f"Delivery in {chosen.mode} mode may take {chosen.estimate:,} API calls; --max-api-calls allows "
        f"{max_calls:,}. Nothing was sent.",
        f"Raise --max-api-calls{other}.",
    )
    return replace(chosen, problem=problem)
