"""Estimate the maximum number of API calls of each mode, and choose the mode.

Each call may cost a coin of the product's weekly budget, at the highest price in the sources
(docs/onetest-api.md#coins-and-limits). Acknowledged steps are not counted, so that the rest of a bundle can
be pushed under the same limit.
"""

import math
from typing import Final, NamedTuple

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import DeliveryLog
from onetest_ci.bundle.steps import Kind, Step
from onetest_ci.errors import BudgetExhausted
from onetest_ci.limits import LOG_BATCH, LOG_BATCH_BYTES, MAX_DOCUMENT_BYTES
from onetest_ci.push.launch_series import LaunchSeries
from onetest_ci.push.target import OWN, Target

_ENVIRONMENT_CALLS: Final = 3  # list, create; list again if another job created it
# Releases; sprints, find-or-create, builds and the creation of one, on two paths each; builds again.
_BUILD_CALLS: Final = 10
_DEPLOYMENT_CALLS: Final = 2  # two paths
_BUCKET_CALLS: Final = 2  # an upload that fails without a bucket, and the creation of the bucket
_ARTIFACT_FALLBACK_CALLS: Final = 3  # a refused log, an item that holds the files
_IMPORT_PROBES: Final = 2  # paths that may be wrong (docs/onetest-api.md#paths-of-the-import)
_XML_GROWTH: Final = 2  # size of a document by that of the stored items: escapes, messages that occur twice

_IMPORT_LOSES: Final = "an import carries no build, environment, suites or attachments of tests"


class Plan(NamedTuple):
    """How a bundle will be delivered.

    Attributes:
        mode: ``launch`` or ``import``.
        estimate: maximum number of API calls without retries.
        why: the reason for the mode and what the mode loses. Empty if the mode loses nothing.
        problem: the reason why delivery must not begin. None if it may.
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
    """Choose the mode. A delivery that has begun keeps its mode.

    Args:
        bundle: what to deliver.
        log: its acknowledged steps.
        mode: ``auto``, ``launch`` or ``import``.
        max_calls: maximum number of API calls in this run.
        target: whose launch it is. A shared one needs launch mode.
        deployment: whether to record a deployment.

    Raises:
        BundleError: the bundle is damaged.
    """
    begun = log.get(Step(Kind.PLAN)).get("mode", "")
    mode = begun or ("launch" if target.shared else mode)
    launch = launch_calls(bundle, log, target, deployment=deployment)
    if mode == "launch" or (mode == "auto" and launch <= max_calls):
        return _checked(Plan("launch", launch), max_calls, fixed=bool(begun) or target.shared)
    why = _IMPORT_LOSES
    if mode == "auto":
        why = f"import, since launch may take {launch:,} calls and --max-api-calls is {max_calls:,}; {why}"
    return _checked(Plan("import", import_calls(bundle, log), why), max_calls, fixed=bool(begun))


def launch_calls(bundle: Bundle, log: DeliveryLog, target: Target = OWN, *, deployment: bool = False) -> int:
    """Return the maximum number of API calls that are left in launch mode."""
    manifest, series = bundle.manifest, LaunchSeries.of(bundle.manifest, log, target)
    started = log.done(series.step(Kind.LAUNCH)) or not target.starts
    launch = (not started) + (target.finishes and not log.done(series.step(Kind.LAUNCH_FINISH)))
    suites = 2 * manifest.suites - sum(
        log.count(kind, series.current) for kind in (Kind.SUITE, Kind.SUITE_FINISH)
    )
    cases = 2 * (manifest.cases - series.sent_cases())
    setup = 0
    if not (started or log.done(Step(Kind.LAUNCH)) or log.done(Step(Kind.MEMBERSHIP))):
        setup = _ENVIRONMENT_CALLS * bool(manifest.environment) + _BUILD_CALLS * bool(manifest.build_version)
    files = artifact_calls(bundle, log)
    return (
        launch
        + suites
        + cases
        + log_calls(bundle, log)
        + setup
        + _DEPLOYMENT_CALLS * (deployment and not log.done(Step(Kind.DEPLOYMENT)))
        + files
        + _ARTIFACT_FALLBACK_CALLS * bool(files)
    )


def log_calls(bundle: Bundle, log: DeliveryLog) -> int:
    """Return the maximum number of log requests left; each holds a number of entries or bytes."""
    waiting = max(0, bundle.manifest.log_entries - log.count(Kind.LOG))
    # Text counts double, since JSON may escape it. Of two requests in a row one is over half full.
    size = bundle.manifest.attachment_bytes + 2 * bundle.items_size()
    return min(waiting, math.ceil(waiting / LOG_BATCH) + 2 * size // LOG_BATCH_BYTES)


def import_calls(bundle: Bundle, log: DeliveryLog) -> int:
    """Return the number of API calls that are left in import mode, by the size of the stored items."""
    files = artifact_calls(bundle, log)
    documents = math.ceil(_XML_GROWTH * bundle.items_size() / MAX_DOCUMENT_BYTES)
    return max(1, documents) - log.count(Kind.IMPORT) + _IMPORT_PROBES + files


def artifact_calls(bundle: Bundle, log: DeliveryLog) -> int:
    """Return the maximum number of API calls for the files of the run: one each, and two for the bucket."""
    waiting = len(bundle.manifest.artifacts) - log.count(Kind.ARTIFACT)
    return _BUCKET_CALLS + waiting if waiting > 0 else 0


def _checked(chosen: Plan, max_calls: int, *, fixed: bool) -> Plan:
    """Return the plan, with a problem if it may take more API calls than allowed."""
    if chosen.estimate <= max_calls:
        return chosen
    other = ", or choose --mode import or auto" if chosen.mode == "launch" and not fixed else ""
    problem = BudgetExhausted(
        "over-max-api-calls",
        f"Delivery in {chosen.mode} mode may take {chosen.estimate:,} API calls; --max-api-calls allows "
        f"{max_calls:,}. Nothing was sent.",
        f"Raise --max-api-calls{other}.",
    )
    return chosen._replace(problem=problem)
