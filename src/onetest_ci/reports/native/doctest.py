"""doctest's ``xml`` reporter (the C++ framework).

Facts: XmlReporter of doctest.h 2.3 to 2.4: ``doctest > TestSuite > TestCase``.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration

TELLS: Final = Tells(
    code_ref="`filename`, suite and test",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration, with `--duration=true`",
)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites and their test cases."""
    return read_xml(stream, reading, _DocTest)


class _DocTest(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._suite = ""
        self.units = {"TestCase": self._case}
        self.opens = {"doctest": self._open_binary, "TestSuite": self._open_suite}
        self.closes = {"TestSuite": self.recorder.close_suite}

    def _open_binary(self, attributes: dict[str, str]) -> None:
        self.recorder.open_suite(attributes.get("binary", "").replace("\\", "/").rpartition("/")[2])

    def _open_suite(self, attributes: dict[str, str]) -> None:
        self._suite = attributes.get("name", "")
        self.recorder.open_suite(self._suite)

    def _case(self, element: Element) -> None:
        result = element.first("OverallResultsAsserts")
        exceptions = [one for one in element.below() if one.tag == "Exception"]
        told = [one for one in element.below() if one.tag in {"Expression", "Message", "Exception"}]
        status = _status(element, result, exceptions)
        bad = [one for one in told if one.get("success") != "true" and one.get("type") != "WARNING"]
        said = bad if status in {FAILED, ERROR} else []
        self.recorder.case(
            element.get("name"),
            classname=self._suite,
            status=status,
            seconds=duration(result.get("duration")),
            message=_said(said[0]) if said else "",
            details="\n\n".join(map(_placed, said)),
            system_out="\n".join(_placed(one) for one in told if one.tag == "Message" and one not in said),
            file=element.get("filename"),
            line=whole(element.get("line")),
            properties=[("description", text)] if (text := element.get("description")) else [],
        )


def _status(case: Element, result: Element, exceptions: list[Element]) -> str:
    if case.get("skipped") == "true":
        return SKIPPED
    if not result.tag:
        # The process died in it.
        return ERROR
    # Before 2.4.7 a case has no verdict of its own, but what it expects.
    passed = result.get("test_case_success") == "true" or (
        "test_case_success" not in result.attributes
        and result.get("failures", "0") == result.get("expected_failures", "0")
        and not exceptions
    )
    if passed:
        return PASSED
    return ERROR if exceptions else FAILED


def _said(element: Element) -> str:
    if element.tag == "Message":
        return element.said("Text")
    if element.tag == "Exception":
        return element.text.strip()
    inner = [_said(one) for one in element.all("Exception")]
    text = f"{element.get('type')}( {element.said('Original')} )"
    expanded = element.said("Expanded")
    return "\n".join([text, *inner, *([f"values: {expanded}"] if expanded else [])])


def _placed(element: Element) -> str:
    place = f"{element.get('filename')}({element.get('line')}): " if element.get("filename") else ""
    return place + _said(element)
