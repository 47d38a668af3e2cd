"""Which JUnit files pytest wrote, and which count the lines of their tests from 0.

pytest does: it writes ``location[1]`` of its items, an index (``_pytest/junitxml.py`` of 3.0 to 9.0, in the
families xunit1 and legacy). All others known count from 1: GoogleTest, PHPUnit, Bun, Deno, CxxTest, Common
Test, minitest, Python's unittest-xml-reporting and the library junit-xml.
"""

from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from typing import Final

from onetest_ci.model import PYTEST

NO_OUTPUT: Final = (
    "tests failed and the report contains no output and no attachments: pytest writes what tests print, and "
    "so the attachments that they name there, only with junit_logging, as in -o junit_logging=all"
)
"""The hint for a report of pytest, whose default is ``junit_logging=no``."""

FromZero = Callable[[Mapping[str, str], str, str], bool]
"""Whether the line of a case counts from 0: takes its further attributes, its class and its file."""

_ROOT: Final = "pytest tests"
# With `junit_suite_name` the name is the user's. The attributes are those of pytest 5.1, and of 3.0.
_ATTRIBUTES: Final = (
    {"name", "errors", "failures", "skipped", "tests", "time", "timestamp", "hostname"},
    {"name", "errors", "failures", "skipped", "tests", "time"},
    {"name", "errors", "failures", "skips", "tests", "time"},
)


def producer(root: Mapping[str, str] | None, suite: Mapping[str, str]) -> str:
    """Return the producer that the names of a suite and its root show, as ``Suite`` holds it."""
    return PYTEST if suite.get("name") == PYTEST or (root or {}).get("name") == _ROOT else ""


def from_zero(root: Mapping[str, str] | None, suite: Mapping[str, str]) -> FromZero | None:
    """Return what decides for the cases of a suite; None when all of them count from 1.

    Args:
        root: the attributes of ``testsuites``, if there is one.
        suite: the attributes of the suite.
    """
    if producer(root, suite) == PYTEST:
        return _of_pytest
    return _like_pytest if suite.keys() in _ATTRIBUTES else None


def _of_pytest(others: Mapping[str, str], classname: str, _file: str) -> bool:
    # pytest writes a class for all that has a line, and no times of tests as unittest-xml-reporting does.
    return bool(classname) and "timestamp" not in others


def _like_pytest(others: Mapping[str, str], classname: str, file: str) -> bool:
    """Whether the class begins with the file's module, and nothing else is written, as by pytest."""
    path = PurePosixPath(file.replace("\\", "/"))
    module = ".".join((*path.parent.parts, path.stem))
    return not others and path.suffix == ".py" and f"{classname}.".startswith(f"{module}.")
