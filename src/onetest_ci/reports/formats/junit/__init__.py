"""Reads the JUnit family: what Surefire, pytest, Gradle, jest-junit, gotestsum and the others call JUnit XML.

There is no specification; the rules come from the tools' real reports. Cases may stand directly under
``testsuites``, in a bare ``testsuite`` or in suites nested to any depth, under any namespace or prefix.
"""

from collections.abc import Iterator
from functools import partial
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.xml_stream import stream_xml
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.junit.handler import JUnitHandler
from onetest_ci.reports.formats.junit.producers import OWN_START, PYTEST_START

_START: Final = 1024


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and cases in the order of the file; for broken files see ``stream_xml``."""
    start = _start_of(stream)
    # Late, since few reports are our own or pytest's.
    if start.startswith(OWN_START.encode()):
        from onetest_ci.reports.formats.junit.own_files import OwnHandler  # noqa: PLC0415

        return stream_xml(stream, reading, OwnHandler)
    if reading.merge_by_name and PYTEST_START.search(start):
        from onetest_ci.reports.formats.junit.rerun_search import tests_run_again  # noqa: PLC0415

        if results := tests_run_again(stream):
            from onetest_ci.reports.formats.junit.reruns import RerunHandler  # noqa: PLC0415

            return stream_xml(stream, reading, partial(RerunHandler, results=results))
    return stream_xml(stream, reading, JUnitHandler)


def _start_of(stream: ByteStream) -> bytes:
    """Return the first bytes of a file. The stream is at its start afterwards."""
    try:
        return stream.read(_START)
    except (OSError, ReportError):
        # The next read fails, too, and is the one that is reported.
        return b""
    finally:
        stream.seek(0)


FEATURES: Final = FormatFeatures(
    code_ref="`file`, `classname` and `name`, as the tool spells them",
    attachments="`[[ATTACHMENT|path]]` and properties",
    retries="Surefire's `rerun*` and `flaky*`; a test that failed and comes again under the same suites, "
    "class, name, file, line, id and all else that identifies them, as a device or a parameter "
    "(each such test is named); in a suite of pytest that declares fewer tests than it has, the results "
    "before a test's last; neither if `--repeats tests` is set, nor in files of Surefire, Jest, Vitest, "
    "Mocha and TestNG 7, where they are tests",
    outside="`failure` and `error` in a suite; a suite without any case that declares failures or errors; a "
    "suite in which no test failed and that has a failed `status` or `result`, has failed by Ginkgo's "
    "properties, or has all tests that it declares and errors besides (ScalaTest); "
    "`failureMessage` and `timeout` of Failsafe's summary",
    totals="of suites without any case only: several tools count attempts, assertions or suites",
    parameters="in the name",
    times="duration; start of the suite",
)
