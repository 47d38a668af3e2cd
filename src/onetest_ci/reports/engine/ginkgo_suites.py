"""Why a suite of Ginkgo failed apart from its specs, in its JUnit XML and in its JSON.

Facts: ``FinalizeProfilesAndReportsForSuites`` of Ginkgo 2.34 writes a suite without specs for each one that
does not compile or that did not run in time. Where asked to, a suite fails that has pending specs or none.
``ginkgo`` exits with 197 where the code gives some specs the focus, so that the others are skipped.
"""

from typing import Final

_BEHIND_A_FAILURE: Final = "Suite did not run because prior suites failed"


def failure_of_ginkgo(reason: str, *, succeeded: bool, focused: bool) -> str:
    """Return why a suite failed apart from its specs. Empty if it did not.

    Args:
        reason: the special reasons that the suite has.
        succeeded: whether it succeeded by its own account.
        focused: whether the code gives some specs the focus.
    """
    if not succeeded:
        return reason.strip() or "the suite did not succeed, and the report does not contain the reason"
    if focused:
        return "some specs have the focus in the code: the others did not run, and Ginkgo exits with 197"
    return ""


def is_behind_a_failure(message: str) -> bool:
    """Return whether Ginkgo did not start the suite, since one before it had failed."""
    return message.startswith(_BEHIND_A_FAILURE)
