"""Three switches, and which of them speaks when several would."""

import pytest

from onetest_ci.errors import BudgetExhausted, OnetestError, Refused, ReportError, ServiceError, UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.gate import exit_code
from onetest_ci.outcome import Delivery, Gate, UploadStatus, Verdict

OUTAGE = ServiceError("server-error", "m", status=500)
NO_COINS = BudgetExhausted("budget-exhausted", "m", status=429)
GUARD = BudgetExhausted("over-max-api-calls", "m")
NO_KEY = Refused("key-refused", "m", status=401)
BROKEN = ReportError("broken-xml", "m")
RED = Gate("any", (Verdict("--fail-on any", passed=False, text="w"),))
GREEN = Gate("any")


@pytest.mark.parametrize(
    ("problems", "error", "gate", "asked", "code"),
    [
        ([], None, GREEN, True, ExitCode.OK),
        ([], None, RED, True, ExitCode.GATE),
        ([], OUTAGE, GREEN, False, ExitCode.OK),
        ([], OUTAGE, RED, False, ExitCode.GATE),
        ([], OUTAGE, RED, True, ExitCode.NOT_DELIVERED),
        ([], NO_COINS, GREEN, False, ExitCode.OK),
        ([], NO_COINS, GREEN, True, ExitCode.BUDGET),
        ([], GUARD, GREEN, False, ExitCode.BUDGET),
        ([], NO_KEY, RED, False, ExitCode.REFUSED),
        ([BROKEN], NO_KEY, RED, False, ExitCode.REFUSED),
        ([BROKEN], None, RED, False, ExitCode.REPORTS),
        ([BROKEN], OUTAGE, RED, True, ExitCode.REPORTS),
        ([UsageProblem("output-not-written", "m"), BROKEN], None, GREEN, False, ExitCode.USAGE),
    ],
)
def test_the_switch_nearest_to_set_up_wins(
    problems: list[OnetestError], error: OnetestError | None, gate: Gate, *, asked: bool, code: ExitCode
) -> None:
    status = UploadStatus.FAILED if error else UploadStatus.DELIVERED
    delivery = Delivery(status=status, error=error)
    assert exit_code(problems, delivery, gate, fail_on_upload_error=asked) is code


def test_partial_without_error_is_an_upload_error_and_skipped_is_none() -> None:
    partial, skipped = Delivery(status=UploadStatus.PARTIAL), Delivery(status=UploadStatus.SKIPPED)
    assert exit_code([], partial, GREEN, fail_on_upload_error=True) is ExitCode.NOT_DELIVERED
    assert exit_code([], skipped, GREEN, fail_on_upload_error=True) is ExitCode.OK
