"""The elements of JUnit documents, and of the summary that Failsafe writes beside them.

Facts: Failsafe (3.6.1 was run) writes ``failsafe-summary.xml`` into the directory of its reports. Its counts
are those of the reports. ``failureMessage`` and ``timeout`` are not in any report: the JVM of a class ended,
or all classes took too long, and the report of that class is missing.
"""

from collections.abc import Mapping
from typing import Final

from onetest_ci.reports.formats.junit.case_result import ATTEMPTS

SUMMARY_ROOT: Final = "failsafe-summary"
"""The root element of Failsafe's summary."""

SUMMARY_MESSAGE: Final = "failureMessage"
"""The element in it that holds why the run broke off; empty if it did not."""

_SPELLED: Final = {
    tag.lower(): tag
    for tag in (
        *("testcase", "testsuite", "testsuites", "property"),
        *("failure", "error", "skipped", "system-out", "system-err", *ATTEMPTS),
    )
}
"""Elements by their names in small letters: some files have ``Failure`` or ``TestCase``."""


def local_name(tag: str) -> str:
    """Return an element's name without a prefix, in the spelling of the tools that write most reports."""
    bare = tag.rpartition(":")[2]
    return _SPELLED.get(bare.lower(), bare)


def summary_failure(root: Mapping[str, str]) -> str:
    """Return the failure that the root element of Failsafe's summary states; empty for none."""
    return "Failsafe's summary states that the tests took too long" if root.get("timeout") == "true" else ""
