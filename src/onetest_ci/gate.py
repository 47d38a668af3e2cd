"""Decide whether a run fails: by its tests, its upload or its set-up. Each has exit codes of its own."""

from collections.abc import Iterable
from typing import Any

from onetest_ci.errors import BudgetExhausted, Interrupted, OnetestError, Refused
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outcome import Delivery, Gate, UploadStatus


def judge(totals: dict[str, Any], fail_on: str) -> Gate:
    """Return the gate: whether failed tests fail the run."""
    bad = totals.get("failures", 0) + totals.get("errors", 0)
    if fail_on == "any" and bad:
        return Gate(fail_on, passed=False, why=f"{bad} of {totals['tests']} tests failed")
    return Gate(fail_on)


def exit_code(
    problems: Iterable[OnetestError], delivery: Delivery, gate: Gate, *, fail_on_upload_error: bool
) -> ExitCode:
    """Return the exit code of a run, by the first reason to fail.

    The order: a signal, a refused key or product, ``--max-api-calls``; a problem; the upload; the tests.

    Args:
        problems: set-up errors and unreadable reports. They always fail the run.
        delivery: a signal, or a refused key or product, always fails the run.
        gate: whether failed tests fail the run.
        fail_on_upload_error: whether any other upload error fails the run.
    """
    error = delivery.error
    if isinstance(error, Refused | Interrupted) or _is_guard(error):
        return error.exit_code if error else ExitCode.OK
    for problem in problems:
        return problem.exit_code
    if fail_on_upload_error and delivery.status not in {UploadStatus.DELIVERED, UploadStatus.SKIPPED}:
        return error.exit_code if error else ExitCode.NOT_DELIVERED
    return ExitCode.OK if gate.passed else ExitCode.GATE


def _is_guard(error: OnetestError | None) -> bool:
    """Return whether ``--max-api-calls`` stopped the run before the first call: a fault of set-up."""
    return isinstance(error, BudgetExhausted) and error.code == "over-max-api-calls"
