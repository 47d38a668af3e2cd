"""Reads the JUnit family: what Surefire, pytest, Gradle, jest-junit, gotestsum and the others call JUnit XML.

There is no specification; the rules come from what the tools write. Cases may stand directly under
``testsuites``, in a bare ``testsuite`` or in suites nested to any depth, under any namespace or prefix.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.engine.head import Head
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.xml_stream import stream_xml
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.junit.elements import SUMMARY_ROOT
from onetest_ci.reports.formats.junit.handler import JUnitHandler

_BEGUN: Final = re.compile(rf"(?:testsuites?|{SUMMARY_ROOT})(?![\w.-])")
CHECK_NAMESPACE: Final = "http://check.sourceforge.net/ns"
"""Check's own format has ``testsuites`` for its root as well, and nothing else in common."""


def recognises(head: Head) -> bool:
    """Is it a document of JUnit XML, in whatever namespace but Check's, or Failsafe's summary?"""
    return head.root in {"testsuites", "testsuite", SUMMARY_ROOT} and head.namespace != CHECK_NAMESPACE


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and cases in the order of the file; for broken files see ``stream_xml``."""
    return stream_xml(stream, reading, JUnitHandler)


def marks(head: Head) -> bool:
    """Return whether a broken file begins with the root element of JUnit XML."""
    return _BEGUN.match(head.begun) is not None


FORMAT: Final = Format(
    "junit", "JUnit XML", recognises, lambda head: bool(head.root), marks, read, "formats.junit"
)

FEATURES: Final = FormatFeatures(
    code_ref="`file`, `classname` and `name`, as the tool spells them",
    attachments="`[[ATTACHMENT|path]]` and properties",
    retries="Surefire's `rerun*` and `flaky*`; a test that failed and comes again under the same suites, "
    "class, name, file, line, id and what else tells them apart, as a device or a parameter, unless "
    "`--repeats tests` is set (each such test is named); never in files of Surefire, Jest, Vitest, Mocha and "
    "TestNG 7, where they are tests",
    outside="`failure` and `error` in a suite; a suite without any case that declares failures or errors; a "
    "suite in which no test failed and that has a failed `status` or `result`, has failed by Ginkgo's "
    "properties, or has all tests that it declares and errors besides (ScalaTest); "
    "`failureMessage` and `timeout` of Failsafe's summary",
    totals="of suites without any case only: several tools count attempts, assertions or suites",
    parameters="in the name",
    times="duration; start of the suite",
)
