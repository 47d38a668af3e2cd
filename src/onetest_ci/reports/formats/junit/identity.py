"""Finds the attributes and properties that identify what a JUnit result tested, for results of one name.

Facts: Maestro writes ``device`` to a suite and runs all tests on each of several devices; Playwright writes
the project as ``hostname``; mocha-junit-reporter, PHPUnit and others write ``file`` or ``filepath`` to
suites, some tools ``package``; WebdriverIO has the browser in a property ``capabilities`` of the suite;
TestRail, Xray and others read ids of tests from properties of cases. Files of several runs are often merged
into one.

Times, counters, results and the ids of one attempt differ between the attempts of a test, too. They do not
identify it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

_OF_AN_ATTEMPT: Final = re.compile(
    r"(?:time|timestamp|date|duration|start|started|end|ended|finished|elapsed|status|result|outcome|verdict"
    r"|success|passed|failed|log|output|stdout|stderr|url|href|message|uuid|guid|random|seed|worker|thread|pid"
    r"|process|session|run|execution|attempt|retry|retries|retried|rerun|reruns|flaky)"
    r"(?:[-_. ]?(?:id|no|number|index|count|time|at|ms|s|stamp))?|.*(?:time|date|duration)(?:stamp)?",
    re.IGNORECASE,
)
_MEASURED: Final = re.compile(r"[-+]?[\d.,:]+\s*(?:[mun]?s|min|%|[kmg]?b)?|\d{4}-\d\d-\d\d.*", re.IGNORECASE)
_NUMBERS_OF_PLACES: Final = frozenset({"id", "line", "lineno", "column", "col", "row", "iteration", "index"})
_PROPERTY: Final = re.compile(
    r"(?!.*(?:run|exec|session|attempt|launch|result|retr|[ug]uid))"
    r"(?:(?:test|case|tc|scenario|spec|xray|jira|zephyr|testrail|qase|allure)[\w .-]*(?:id|key|case)s?"
    r"|id|key|param(?:eter)?s?(?:\W.*)?|(?:.*[._ -])?(?:browser|device|platform)(?:[._ -]?(?:name|version))?"
    r"|capabilities|environment|configuration|project)",
    re.IGNORECASE,
)

IdentifyingPairs = tuple[tuple[str, str], ...]
"""Names and values, in order."""


def identifying_attributes(attributes: Mapping[str, str], *, suite: bool = False) -> IdentifyingPairs:
    """Return the attributes that identify a case or a suite among others of its name.

    Args:
        attributes: those that are left besides the name.
        suite: whether they are a suite's; its numbers are counters, and its number in the file.
    """
    if not attributes:
        return ()
    return tuple(
        sorted(
            (name, value)
            for name, value in attributes.items()
            if value.strip()
            and (
                (not suite and name in _NUMBERS_OF_PLACES)
                or not (
                    value.isdecimal()
                    or _is_of_an_attempt(name[:100])
                    or _MEASURED.fullmatch(value[:100].strip())
                )
            )
        )
    )


@lru_cache(maxsize=1024)
def _is_of_an_attempt(name: str) -> bool:
    return _OF_AN_ATTEMPT.fullmatch(name) is not None


def identifying_properties(properties: Iterable[tuple[str, str]]) -> IdentifyingPairs:
    """Return the properties that identify a case or a suite among others of its name."""
    return tuple(sorted(pair for pair in properties if _PROPERTY.fullmatch(pair[0][:100].strip())))
