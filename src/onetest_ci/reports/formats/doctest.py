"""doctest's ``xml`` reporter (the C++ framework).

Facts: XmlReporter and finalizeTestCaseData of doctest.h 2.3 to 2.5: ``doctest > TestSuite > TestCase``.
Fixtures are part of each case; an assertion outside of cases ends the process. ``OverallResultsTestCases``
counts the cases that failed, one by one, with those that took too long, which versions before 2.4.7 do not
mark.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.values import duration, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, NONE_OUTSIDE, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`filename`, suite and test",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals="`OverallResultsTestCases`",
    times="duration, with `--duration=true`",
)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and their test cases."""
    return read_xml(stream, reading, _DocTest)


class _DocTest(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._suite = ""
        self._binary = ""
        self._failed: int | None = None
        self.units = {"TestCase": self._case, "OverallResultsTestCases": self._totals}
        self.opens = {"doctest": self._open_binary, "TestSuite": self._open_suite}
        self.closes = {"TestSuite": self.recorder.close_suite}

    def finish(self) -> None:
        """Compare the cases with the totals, which are at the end."""
        self.recorder.check_failed_total(self._failed, self._binary)

    def _totals(self, element: Element) -> None:
        self._failed = whole_number(element.get("failures"))

    def _open_binary(self, attributes: dict[str, str]) -> None:
        self._binary = attributes.get("binary", "").replace("\\", "/").rpartition("/")[2]
        self.recorder.open_suite(self._binary)

    def _open_suite(self, attributes: dict[str, str]) -> None:
        self._suite = attributes.get("name", "")
        self.recorder.open_suite(self._suite)

    def _case(self, element: Element) -> None:
        result = element.first("OverallResultsAsserts")
        exceptions = [one for one in element.below() if one.tag == "Exception"]
        events = [one for one in element.below() if one.tag in {"Expression", "Message", "Exception"}]
        status = _status(element, result, exceptions)
        bad = [one for one in events if one.get("success") != "true" and one.get("type") != "WARNING"]
        shown = bad if status in {FAILED, ERROR} else []
        self.recorder.case(
            element.get("name"),
            classname=self._suite,
            status=status,
            seconds=duration(result.get("duration")),
            message=_text_of(shown[0]) if shown else "",
            details="\n\n".join(map(_placed, shown)),
            system_out="\n".join(_placed(one) for one in events if one.tag == "Message" and one not in shown),
            file=element.get("filename"),
            line=whole_number(element.get("line")),
            properties=[("description", text)] if (text := element.get("description")) else [],
        )


def _status(case: Element, result: Element, exceptions: list[Element]) -> str:
    if not result.tag:
        # Without a result it did not run, or the process died in it.
        return SKIPPED if case.get("skipped") == "true" and not exceptions else ERROR
    # A crash ends the run, even in a case that may fail.
    crashed = any(one.get("crash") == "true" for one in exceptions)
    if _passed(case, result, exceptions) and not crashed:
        return PASSED
    return ERROR if exceptions else FAILED


def _passed(case: Element, result: Element, exceptions: list[Element]) -> bool:
    """Return doctest's own verdict; before 2.4.7 a case has none, but what it expects."""
    failures = result.get("failures", "0")
    if "test_case_success" in result.attributes:
        expected = {*case.attributes, *result.attributes} & {"should_fail", "may_fail", "expected_failures"}
        return result.get("test_case_success") == "true" and (failures == "0" or bool(expected))
    if case.get("should_fail") == "true":
        return failures != "0" or bool(exceptions)
    if case.get("may_fail") == "true":
        return True
    return failures == result.get("expected_failures", "0") and not exceptions


def _text_of(element: Element) -> str:
    if element.tag == "Message":
        return element.text_at("Text")
    if element.tag == "Exception":
        return element.text.strip()
    inner = [_text_of(one) for one in element.all("Exception")]
    text = f"{element.get('type')}( {element.text_at('Original')} )"
    expanded = element.text_at("Expanded")
    return "\n".join([text, *inner, *([f"values: {expanded}"] if expanded else [])])


def _placed(element: Element) -> str:
    place = f"{element.get('filename')}({element.get('line')}): " if element.get("filename") else ""
    return place + _text_of(element)
