"""Report: collect and push in one go; and push alone. Both end in an outcome that can always be shown."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.delivery_log import BAD_LOG, DeliveryLog, forget_delivery
from onetest_ci.bundle.location import BundleLocation, kept_hint, location_for_report, repeat_hint
from onetest_ci.bundle.lock import locked
from onetest_ci.bundle.state_directory import run_of, state_of
from onetest_ci.bundle.untrusted import sanitize
from onetest_ci.bundle.verification import verify, verify_sizes
from onetest_ci.ci.context import CIContext
from onetest_ci.collect.collector import Clock, TestRun, collect
from onetest_ci.errors import BundleError, output_not_written
from onetest_ci.exit_codes import ExitCode
from onetest_ci.gate import exit_code, judge
from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.outcome import Outcome
from onetest_ci.ownership import given_back
from onetest_ci.push.context import Delivery, UploadStatus
from onetest_ci.push.cost import plan
from onetest_ci.push.target import target_of
from onetest_ci.settings import Settings
from onetest_ci.settings.needed import missing_key, need_product
from onetest_ci.signals import Stopped

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a run meets outside of itself.

    Attributes:
        cwd: what relative paths start from.
        clock: epoch seconds.
        notice: takes what people must learn even when the run is cut short.
        debug: takes a line for each request and answer; None for silence.
        progress: called with cases sent and their total.
        stopped: the signal that asked the run to stop before it read the reports.
    """

    cwd: Path
    clock: Clock
    notice: Say
    debug: Say | None
    progress: Callable[[int, int], None]
    stopped: Stopped | None = None


def report(
    settings: Settings, context: CIContext, surroundings: Surroundings, tests: TestRun | None = None
) -> Outcome:
    """Read the reports, deliver them, and keep the bundle when that did not succeed.

    Args:
        settings: what to read, and where to deliver it.
        context: what CI says.
        surroundings: what the run meets outside of itself.
        tests: the command that wrote the reports, if this process ran it.

    Raises:
        UsageProblem: something needed is not set; nothing was read yet.
        BundleError: the bundle cannot be written.
    """
    place = prepare(settings, context, surroundings.cwd)
    with given_back(place.directory, context.workspace):
        return _report(place, settings, context, surroundings, tests)


def prepare(settings: Settings, context: CIContext, cwd: Path) -> BundleLocation:
    """Check the settings, and return the place for the bundle.

    A run that gets no secrets from CI may lack the product as it lacks the key.

    Raises:
        UsageProblem: something needed is not set.
        BundleError: the place for the bundle holds something else.
    """
    _check(settings, context, needs_product=not (settings.dry_run or context.untrusted))
    return location_for_report(settings.bundle, context, cwd)


def _report(
    place: BundleLocation,
    settings: Settings,
    context: CIContext,
    surroundings: Surroundings,
    tests: TestRun | None,
) -> Outcome:
    try:
        collected = collect(
            settings,
            context,
            place.directory,
            cwd=surroundings.cwd,
            clock=surroundings.clock,
            tests=tests,
        )
    except BaseException:
        # A bundle that was not collected to its end is of no use; the reports are still there.
        place.discard()
        raise
    bundle = collected.bundle
    outcome = Outcome(
        manifest=bundle.manifest,
        delivery=Delivery(total=bundle.manifest.cases),
        gate=judge(bundle.manifest.totals, settings.fail_on),
        problems=list(collected.problems),
    )
    with _kept_when_cut_short(lambda: kept_hint(place, place.keep(), context), surroundings):
        if settings.junit:
            with given_back(surroundings.cwd / settings.junit, context.workspace):
                _write_junit(surroundings.cwd / settings.junit, outcome, bundle)
        with locked(bundle.directory):
            _send_collected(bundle, settings, context, outcome, surroundings)
    _leave_bundle(place, settings, context, outcome)
    if collected.test_exit_code:
        outcome.notes.append(f"The exit code {collected.test_exit_code} is that of the test command.")
    outcome.exit_code = collected.test_exit_code or exit_code(
        outcome.problems,
        outcome.delivery,
        outcome.gate,
        fail_on_upload_error=settings.fail_on_upload_error,
    )
    return outcome


def push(directory: Path, settings: Settings, context: CIContext, surroundings: Surroundings) -> Outcome:
    """Deliver a bundle, or what earlier pushes left of it.

    Raises:
        UsageProblem: something needed is not set.
        BundleError: there is no bundle, or it is damaged.
    """
    _check(settings, context, needs_product=True)
    bundle = Bundle.open(surroundings.cwd / directory, settings.redact)
    with given_back(bundle.directory, context.workspace), locked(bundle.directory):
        verify(bundle)
        if settings.untrusted:
            bundle = sanitize(bundle, run_of(context, settings.product_id))
            chosen = surroundings.cwd / settings.state if settings.state else None
            logs: AbstractContextManager[Path] = state_of(bundle, chosen, context)
        else:
            logs = nullcontext(bundle.directory)
        with logs as place:
            outcome = _push(bundle, settings, context, surroundings, place=place, directory=directory)
    if bundle.manifest.cases and outcome.delivery.status is not UploadStatus.DELIVERED:
        error = outcome.delivery.error
        outcome.exit_code = error.exit_code if error else ExitCode.NOT_DELIVERED
        outcome.notes.append(repeat_hint(directory, context))
    return outcome


def _push(
    bundle: Bundle,
    settings: Settings,
    context: CIContext,
    surroundings: Surroundings,
    *,
    place: Path,
    directory: Path,
) -> Outcome:
    """Deliver what the delivery log in a directory does not hold.

    Args:
        bundle: verified.
        settings: where to.
        context: the run.
        surroundings: of the run.
        place: where its delivery log is.
        directory: the bundle as the user named it.

    Raises:
        BundleError: the log is damaged.
    """
    log, is_new = _log_of(place, bundle, settings)
    outcome = Outcome(
        manifest=bundle.manifest,
        delivery=Delivery(total=bundle.manifest.cases),
        gate=judge(bundle.manifest.totals, "never"),
        bundle_path=directory,
    )
    resends = settings.untrusted and settings.damaged_log == "resend"
    with closing(log), _kept_when_cut_short(lambda: repeat_hint(directory, context), surroundings):
        _send(
            bundle,
            log,
            settings,
            context,
            outcome=outcome,
            surroundings=surroundings,
            resumed=is_new or resends,
            # The log of a bundle that is no stranger's lies beside it: it is not lost alone.
            must_be_new=settings.untrusted and not resends,
        )
    return outcome


def _log_of(place: Path, bundle: Bundle, settings: Settings) -> tuple[DeliveryLog, bool]:
    """Open the delivery log.

    Returns:
        The log, and whether it takes the place of a damaged one.

    Raises:
        BundleError: the log is damaged, and the settings do not say to send all again.
    """
    try:
        return DeliveryLog(place, bundle.digest), False
    except BundleError as problem:
        if problem.code != BAD_LOG or settings.damaged_log != "resend":
            raise
    forget_delivery(place)
    return DeliveryLog(place, bundle.digest), True


@contextmanager
def _kept_when_cut_short(keep: Callable[[], str], surroundings: Surroundings) -> Iterator[None]:
    """On a signal, or a fault of our own, keep what was read and say how to deliver it."""
    try:
        yield
    except BaseException:
        surroundings.notice(keep())
        raise


def _write_junit(path: Path, outcome: Outcome, bundle: Bundle) -> None:
    # Only --junit needs junitparser.
    from onetest_ci.outputs.junit import write_junit  # noqa: PLC0415

    try:
        write_junit(path, bundle)
    except OSError as problem:
        outcome.problems.append(output_not_written(path, problem))


def _send_collected(
    bundle: Bundle, settings: Settings, context: CIContext, outcome: Outcome, surroundings: Surroundings
) -> None:
    """Deliver what this process has collected.

    Its digests are not computed again: the files were written a moment ago. Their names and sizes are
    checked, and the tests are counted while they are read. Damage does not hide the results; it goes into the
    outcome.
    """
    try:
        verify_sizes(bundle)
        log = DeliveryLog(bundle.directory, bundle.digest)
    except BundleError as problem:
        outcome.delivery.error = problem
        outcome.delivery.status = UploadStatus.FAILED
        return
    with closing(log):
        _send(bundle, log, settings, context, outcome=outcome, surroundings=surroundings, resumed=False)


def _send(
    bundle: Bundle,
    log: DeliveryLog,
    settings: Settings,
    context: CIContext,
    *,
    outcome: Outcome,
    surroundings: Surroundings,
    resumed: bool,
    must_be_new: bool = False,
) -> None:
    """Deliver unless there is a reason not to; the reason goes into the outcome."""
    delivery = outcome.delivery
    if not bundle.manifest.cases:
        outcome.notes.append("There are no tests; nothing was sent.")
        return
    target = target_of(settings, context)
    chosen = plan(
        bundle, log, settings.mode, settings.max_api_calls, target=target, deployment=settings.deployment
    )
    delivery.mode, delivery.estimate, delivery.why = chosen.mode, chosen.estimate, chosen.why
    if chosen.problem:
        delivery.error = chosen.problem
        delivery.status = UploadStatus.REFUSED
    elif settings.dry_run:
        outcome.notes.append("A dry run: nothing was sent.")
    elif settings.api_key is None or not settings.product_id:
        _no_key(settings, context, outcome)
    else:
        # The HTTP library takes its time to import; a dry run and a run without a key do without.
        from onetest_ci.push.deliver import deliver  # noqa: PLC0415

        outcome.delivery = deliver(
            bundle,
            log,
            chosen,
            target,
            settings,
            resumed=resumed,
            must_be_new=must_be_new,
            debug=surroundings.debug,
            notice=surroundings.notice,
            progress=surroundings.progress,
            stopped=surroundings.stopped,
        )


def _no_key(settings: Settings, context: CIContext, outcome: Outcome) -> None:
    if context.untrusted:
        outcome.notes.append(
            f"No API key or product, since this is a {context.untrusted}: the results are collected and not "
            "sent. Push the bundle from a trusted workflow."
        )
        return
    outcome.delivery.status = UploadStatus.REFUSED
    outcome.delivery.error = missing_key(settings)


def _check(settings: Settings, context: CIContext, *, needs_product: bool) -> None:
    """Check that the settings say where the results go."""
    Endpoints(dict(settings.endpoint))
    target_of(settings, context)
    if needs_product:
        need_product(settings)


def _leave_bundle(place: BundleLocation, settings: Settings, context: CIContext, outcome: Outcome) -> None:
    """Keep what was not delivered; say how to deliver it."""
    delivered = outcome.delivery.status is UploadStatus.DELIVERED
    worthless = settings.dry_run or not outcome.delivery.total
    if delivered or worthless:
        outcome.bundle_path = place.discard()
        return
    outcome.bundle_path = place.keep()
    outcome.notes.append(kept_hint(place, outcome.bundle_path, context))
