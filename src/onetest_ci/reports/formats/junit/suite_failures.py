"""Failures that the suites of a JUnit file state themselves, apart from their cases."""

from collections.abc import Iterable
from typing import Final

from onetest_ci.reports.engine.ginkgo_suites import failure_of_ginkgo
from onetest_ci.reports.formats.junit.open_suite import OpenSuite

_SEE_THE_LOG: Final = "See the log of the test runner: something failed outside of the tests."


def result_failure(word: str) -> str:
    """Return the message for a suite or a file that states a failed result in an attribute; empty if none."""
    return f"the report gives the result as {word!r}, and no test failed" if word else ""


def failure_of(suite: OpenSuite, cases: int) -> tuple[str, str]:
    """Return message and details of the failure that a suite states, both empty if it states none.

    Args:
        suite: the suite, which has ended.
        cases: how many cases are inside it.
    """
    if suite.failure_word:
        return result_failure(suite.failure_word), ""
    if suite.properties and (reason := _ginkgo_failure(suite.properties)):
        message, _, details = reason.partition("\n")
        return message.strip(), details.strip()
    if cases and suite.declared_errors and suite.declared == cases:
        return _aborted_suite(suite.declared_errors), _SEE_THE_LOG
    return "", ""


def _ginkgo_failure(pairs: Iterable[tuple[str, str]]) -> str:
    """Return why a suite of Ginkgo failed, apart from its specs.

    Facts: ``GenerateJUnitReportWithConfig`` of Ginkgo 2.34 writes the properties.
    """
    properties = dict(pairs)
    if (succeeded := properties.get("SuiteSucceeded")) not in {"true", "false"}:
        return ""
    return failure_of_ginkgo(
        properties.get("SpecialSuiteFailureReason", ""),
        succeeded=succeeded == "true",
        focused=properties.get("SuiteHasProgrammaticFocus") == "true",
    )


def _aborted_suite(errors: int) -> str:
    """Return the message for a suite with all the tests that it declares, and errors that none of them shows.

    ``JUnitXmlReporter`` of ScalaTest 3.2 writes a suite so that aborted after its tests, as in ``afterAll``.
    """
    return f"the suite declares errors={errors} besides its tests, of which none failed"
