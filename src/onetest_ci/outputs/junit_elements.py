"""The elements of the JUnit document: a suite, a test, and its attempts.

The final verdict of a test is in its own ``failure``, ``error`` or ``skipped``, as programs show it. Earlier
attempts are Surefire's elements: ``flaky*`` of a test that passed in the end, ``rerun*`` of all others.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from math import floor
from typing import Final

import junitparser
from junitparser import Properties, Property, SystemErr, SystemOut
from junitparser.xunit2 import InterimResult, StackTrace, TestCase, TestSuite

from onetest_ci.bundle.records import Result
from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attempt, Case, Suite
from onetest_ci.outputs.junit_files import Named
from onetest_ci.text.characters import replace_non_xml

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_VERDICTS: Final = {
    FAILED: junitparser.Failure,
    ERROR: junitparser.Error,
    SKIPPED: junitparser.Skipped,
}
_FLAKY: Final = {
    FAILED: "flakyFailure",
    ERROR: "flakyError",
    PASSED: "flakyPassed",
    SKIPPED: "flakySkipped",
}
"""Elements of attempts before a pass. Surefire has none for the last two, which other programs ignore."""
_RERUN: Final = {
    FAILED: "rerunFailure",
    ERROR: "rerunError",
    PASSED: "rerunPassed",
    SKIPPED: "rerunSkipped",
}
"""Elements of the other attempts."""


class SuiteElement(TestSuite):
    """A suite.

    Attributes:
        producer: the tool that wrote it, where the reading depends on it.
        outside: ``true`` for the suite around the tests that no suite of the report contains.
    """

    producer = junitparser.Attr()
    outside = junitparser.Attr()


class CaseElement(TestCase):
    """A test.

    Args:
        attributes: of the element.
    """

    def __init__(self, attributes: dict[str, str]) -> None:
        super().__init__()
        # At once, since this is done for each test.
        self._elem.attrib.update(attributes)


class AttemptElement(InterimResult):
    """An earlier attempt of a test.

    Args:
        tag: name of the element.
        attempt: the attempt.

    Attributes:
        time: its duration in seconds.
    """

    time = junitparser.Attr()

    def __init__(self, tag: str, attempt: Attempt) -> None:
        self._tag = tag  # type: ignore[assignment]
        super().__init__(replace_non_xml(attempt.message) or None, replace_non_xml(attempt.kind) or None)


def suite_element(suite: Suite) -> SuiteElement:
    """Return a suite with its properties, without what is inside it."""
    element = SuiteElement(replace_non_xml(suite.name))
    if suite.start is not None:
        element.timestamp = _moment(suite.start)
    if suite.file:
        element.file = replace_non_xml(suite.file)
    if suite.producer:
        element.producer = suite.producer
    if suite.ordinal < 0:
        element.outside = "true"
    if suite.properties:
        element.append(_properties(suite.properties))
    return element


def case_element(result: Result, files: Named) -> CaseElement:
    """Return a test.

    Args:
        result: its results.
        files: its files, without those that its outputs name.
    """
    case = result.stored.case
    attributes = _attributes(case)
    if files.lines:
        attributes["attached"] = str(len(files.lines))
    element = CaseElement(attributes)
    if case.properties or files.missing:
        element.append(_properties((*case.properties, *files.missing)))
    if case.status in _VERDICTS:
        element.append(_verdict(case))
    if result.earlier or case.attempts:
        tags = _FLAKY if case.status == PASSED else _RERUN
        element.extend([_attempt(tags[attempt.status], attempt) for attempt in result.attempts])
    if case.system_out or files.lines:
        element.append(SystemOut(replace_non_xml("\n".join((case.system_out, *files.lines)))))
    if case.system_err:
        element.append(SystemErr(replace_non_xml(case.system_err)))
    return element


def _attributes(case: Case) -> dict[str, str]:
    attributes = {"name": replace_non_xml(case.name)}
    if case.classname:
        attributes["classname"] = replace_non_xml(case.classname)
    if case.seconds is not None:
        attributes["time"] = decimal(case.seconds)
    if case.file:
        attributes["file"] = replace_non_xml(case.file)
    if case.line is not None:
        attributes["line"] = str(case.line)
    if case.start is not None:
        attributes["timestamp"] = _moment(case.start)
    if case.method:
        attributes["method"] = replace_non_xml(case.method)
    return attributes


def _verdict(case: Case) -> junitparser.Element:
    verdict = _VERDICTS[case.status](
        replace_non_xml(case.message) or None, replace_non_xml(case.kind) or None
    )
    verdict.text = replace_non_xml(case.details)
    return verdict


def _attempt(tag: str, attempt: Attempt) -> AttemptElement:
    element = AttemptElement(tag, attempt)
    if attempt.seconds is not None:
        element.time = decimal(attempt.seconds)
    texts = (StackTrace, attempt.details), (SystemOut, attempt.system_out), (SystemErr, attempt.system_err)
    for part, text in texts:
        if text:
            element.append(part(replace_non_xml(text)))
    return element


def _properties(pairs: Iterable[tuple[str, str]]) -> Properties:
    element = Properties()
    element.extend([Property(replace_non_xml(name), replace_non_xml(value)) for name, value in pairs])
    return element


def decimal(seconds: float) -> str:
    """Return a duration without an exponent, which few programs read."""
    spelled = repr(seconds)
    return f"{Decimal(spelled):f}" if "e" in spelled else spelled


def _moment(start: float) -> str:
    """Return a start in ISO 8601, to the microsecond."""
    second = floor(start)
    micro = round((start - second) * 1e6)
    carried, micro = divmod(micro, 1_000_000)
    return f"{_second(second + carried)}.{micro:06}+00:00"


@lru_cache(maxsize=256)
def _second(second: int) -> str:
    # Tests start close to each other.
    return (_EPOCH + timedelta(seconds=second)).replace(tzinfo=None).isoformat()
