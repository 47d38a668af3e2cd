"""The tests of a bundle, as they are matched with test cases."""

from collections.abc import Iterator

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.case_links import ReportedTest, SuitePaths
from onetest_ci.model import Suite


def tests_of(bundle: Bundle) -> Iterator[ReportedTest]:
    """Yield the tests of a bundle, each after its last attempt.

    Raises:
        BundleError: the bundle is damaged.
    """
    suites = SuitePaths()
    for item in bundle.results_as_reported():
        if isinstance(item, Suite):
            suites.add(item)
        else:
            yield suites.reported(item.stored.case, item.stored.code_ref)
