"""Pass or fail, and why: three switches that are never mixed (tests, upload, set-up)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from onetest_ci.errors import BudgetExhausted, Interrupted, OnetestError, Refused
from onetest_ci.exit_codes import ExitCode
from onetest_ci.push.context import Delivery, UploadStatus


@dataclass(frozen=True, slots=True)
class Gate:
    """Whether the tests' verdict fails the run.

    Attributes:
        fail_on: ``never`` or ``any``, as the user chose.
        passed: False when it fails the run.
        why: one sentence when it does, else empty.
    """

    fail_on: str
    passed: bool = True
    why: str = ""


def judge(totals: dict[str, Any], fail_on: str) -> Gate:
    """Judge the counts of a run."""
    bad = totals.get("failures", 0) + totals.get("errors", 0)
    if fail_on == "any" and bad:
        return Gate(fail_on, passed=False, why=f"{bad} of {totals['tests']} tests failed")
    return Gate(fail_on)


def exit_code(
    problems: Iterable[OnetestError], delivery: Delivery, gate: Gate, *, fail_on_upload_error: bool
) -> ExitCode:
    """The exit code of a run; where several switches speak, the one nearest to set-up wins.

    Args:
        problems: set-up errors and unreadable reports; they always fail the run.
        delivery: a signal, or a refused key or product, always fails the run, another upload error only if
            asked to.
        gate: the tests' verdict.
        fail_on_upload_error: whether an upload error fails the run.
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
    """Whether our own guard stopped the run before the first call: a matter of set-up, not of the service."""
    return isinstance(error, BudgetExhausted) and error.code == "over-max-api-calls"
