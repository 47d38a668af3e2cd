"""How a run of pytest ended, by its exit status.

Facts: ``ExitCode`` and ``wrap_session`` of ``_pytest/main.py`` of pytest 9.2. Status 1 also stands for what
a plug-in counts as a failed test, as pytest-cov does with coverage below its limit; ``pytest.exit`` sets any
status.
"""

from typing import Final

from onetest_ci.reports.engine.recorder import Recorder

_FAILED: Final = 1
_INTERRUPTED: Final = 2
_NO_TESTS: Final = 5
_MEANINGS: Final = {
    _FAILED: "no test has failed: see the log of pytest, as for coverage below its limit",
    _INTERRUPTED: "the run was interrupted",
    3: "an internal error of pytest or of a plug-in; see the log of pytest",
    4: "pytest was called in a wrong way; see the log of pytest",
    _NO_TESTS: "no tests ran",
}


def check_exit_status(
    recorder: Recorder, status: int | None, *, bad: int, cases: int, broken_off: int
) -> None:
    """Record a failed run that the cases do not explain, as a case in error.

    Args:
        recorder: records.
        status: pytest's exit status, None if the report lacks it.
        bad: failed cases of the run.
        cases: cases of the run.
        broken_off: files that could not be collected, and tests that did not end: these interrupt a run.
    """
    explained = {0: True, _FAILED: bad > 0, _INTERRUPTED: broken_off > 0, _NO_TESTS: not cases}
    if status is not None and explained.get(status, False):
        return
    message = "the report does not contain the exit status of pytest"
    if status is not None:
        meaning = _MEANINGS.get(status, "see the log of pytest")
        message = f"pytest ended with exit status {status}: {meaning}"
    recorder.failure_of_run(message=message)
