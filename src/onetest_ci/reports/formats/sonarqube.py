"""SonarQube's generic test execution, as reporters of Jest, Vitest, Mocha, Karma and Cypress write it.

Facts: the page "Generic test data" and GenericTestExecutionReportParser of SonarQube: ``testExecutions``
holds ``file``, and that ``testCase`` with ``skipped``, ``failure`` or ``error``; durations are milliseconds;
``unitTest`` is the old name of the root. The format has no totals, suites or output. Reports of jest-sonar
0.2, jest-sonar-reporter 2.0, vitest-sonar-reporter 3.0 and mocha-sonarqube-reporter 1.0:

- a file that does not load, or that has no test, which is a failure for these runners, is a ``file`` without
  ``testCase``;
- ``message`` is "Error" for each failure of jest-sonar;
- jest-sonar and vitest-sonar-reporter escape the text of a failure although it is a CDATA section;
- vitest-sonar-reporter writes a ``testCase`` for each error of a failed test;
- skipped tests have passed for jest-sonar-reporter and, with Mocha 12, for mocha-sonarqube-reporter.
"""

import re
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.format_features import NO_RETRIES, NO_TOTALS, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="the file's `path` and the test's name",
    retries=NO_RETRIES,
    outside="files without tests: they did not load",
    totals=NO_TOTALS,
    times="duration",
)

_STATUSES: Final = {"skipped": SKIPPED, "failure": FAILED, "error": ERROR}
_WITHOUT_MESSAGE: Final = "Error"
_MARKUP: Final = frozenset("<>\"'")
_ENTITY: Final = re.compile(r"&(?:lt|gt|quot|apos|#x?[0-9A-Fa-f]{1,6});")


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each file, and its tests."""
    return read_xml(stream, reading, _SonarQube)


class _SonarQube(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        # The paths of the open files: one, in a valid document.
        self._paths: list[str] = []
        self.units = {"testCase": self._case}
        self.opens = {"file": self._open_file}
        self.closes = {"file": self._close_file}

    @property
    def _path(self) -> str:
        return self._paths[-1] if self._paths else ""

    def _open_file(self, attributes: dict[str, str]) -> None:
        self._paths.append(attributes.get("path", "").replace("\\", "/"))
        self.recorder.open_suite(self._path, file=self._path)

    def _close_file(self) -> None:
        path = self._paths.pop()
        if not self.recorder.cases_in_suite:
            self.recorder.failure_outside(
                path.rpartition("/")[2] or "(file)",
                status=ERROR,
                message="the file has no tests: it did not load, or it contains none",
                details="See the log of the test runner: the report does not contain the reason.",
                file=path,
            )
        self.recorder.close_suite()

    def _case(self, element: Element) -> None:
        status, result = self._result(element)
        milliseconds = duration(element.get("duration"))
        text = _unescaped(result.text.strip())
        message = result.get("message")
        self.recorder.case(
            element.get("name"),
            status=status,
            seconds=None if milliseconds is None else milliseconds / 1000,
            message="" if message == _WITHOUT_MESSAGE and text else message,
            details=text,
            file=self._path,
        )

    def _result(self, case: Element) -> tuple[str, Element]:
        """Return a test's status, and its element. An unknown element may be a failure: it is an error."""
        statuses = [verdict(self.reading, element.tag, _STATUSES) for element in case.children]
        for status in (ERROR, FAILED, SKIPPED):
            if status in statuses:
                return status, case.children[statuses.index(status)]
        return PASSED, Element("", {})


def _unescaped(text: str) -> str:
    """Return a text as the runner printed it. If it was escaped twice, it has entities and no markup."""
    if not _ENTITY.search(text) or not _MARKUP.isdisjoint(text):
        return text
    # Few reports need it, and the import takes longer than reading a small report.
    import html  # noqa: PLC0415

    return html.unescape(text)
