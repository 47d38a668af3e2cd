"""Distinguish tests of equal names in the lists for people by what is around them."""

from typing import Any

from onetest_ci.results.run_results import Listed, RunResults, ShownTest


def with_distinct_names(results: RunResults) -> RunResults:
    """Return the results in which tests of equal names are distinguished by their suites or reports."""
    lists = {name: value for name, value in results._asdict().items() if isinstance(value, Listed)}
    around: dict[str, set[tuple[str, str]]] = {}
    for listed in lists.values():
        for test in listed.tests:
            around.setdefault(test.full_name, set()).add(test.around)
    if all(len(places) == 1 for places in around.values()):
        return results
    named: dict[str, Any] = {
        name: Listed(tuple(_named(test, around[test.full_name]) for test in listed.tests), listed.total)
        for name, listed in lists.items()
    }
    return results._replace(**named)


def _named(test: ShownTest, places: set[tuple[str, str]]) -> ShownTest:
    if len(places) == 1:
        return test
    suites, report = test.around
    has_own_suites = len({one for one, _ in places}) == len(places)
    return test._replace(where=suites if has_own_suites else report)
