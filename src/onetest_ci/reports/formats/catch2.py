"""Catch2's ``xml`` reporter, versions 2 and 3.

Facts: catch_reporter_xml.cpp and catch_run_context.cpp of Catch 1.12 and Catch2 2.13 to 3.7: ``Catch2TestRun
> TestCase``, in version 2 ``Catch > Group > TestCase``. A case that may or shall fail has the result that
Catch2 gives it. Fixtures are part of each case.

Totals: ``OverallResultsCases`` (since 2.12) counts the cases that failed, one by one; version 2 writes it for
the group and for the run. ``OverallResults`` counts assertions: without any failed case it shows that one is
missing.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.values import duration, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`filename` and the test's name",
    retries=NO_RETRIES,
    outside="exceptions, fatal errors and failures outside of cases",
    totals="`OverallResultsCases`; `OverallResults`, if no case failed",
    times="duration, with `--durations yes`",
)

_ERRORS: Final = frozenset({"Exception", "FatalErrorCondition"})


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield one suite for the binary, and its test cases."""
    return read_xml(stream, reading, _Catch2)


class _Catch2(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._name = ""
        self._failed_cases: int | None = None
        self._failed_assertions = 0
        self.units = {
            "TestCase": self._case,
            "OverallResults": self._assertions,
            "OverallResultsCases": self._cases,
            **dict.fromkeys((*_ERRORS, "Failure"), self._outside),
        }
        self.opens = {"Catch2TestRun": self._open, "Catch": self._open}

    def finish(self) -> None:
        """Compare the cases with the totals, which are at the end of the run."""
        self.recorder.check_failed_total(self._failed_cases, self._name)
        if self._failed_assertions:
            message = (
                f"the report counts {self._failed_assertions} failed assertions, and no test case failed"
            )
            self.recorder.check_failed_run(message, name=self._name)

    def _open(self, attributes: dict[str, str]) -> None:
        self._name = attributes.get("name", "")
        self.recorder.open_suite(self._name)

    def _assertions(self, element: Element) -> None:
        self._failed_assertions = max(self._failed_assertions, whole_number(element.get("failures")) or 0)

    def _cases(self, element: Element) -> None:
        self._failed_cases = max(self._failed_cases or 0, whole_number(element.get("failures")) or 0)

    def _outside(self, element: Element) -> None:
        self.recorder.failure_of_suite(
            status=ERROR,
            message=element.text.strip(),
            details=_placed(element),
            file=element.get("filename"),
            line=whole_number(element.get("line")),
        )

    def _case(self, element: Element) -> None:
        result = element.first("OverallResult")
        problems = [one for one in element.below() if _is_problem(one)]
        status = self._status(result, problems)
        if status == PASSED and _contradicts(element):
            status = FAILED
        skip = next((one for one in element.below() if one.tag == "Skip"), None)
        bad = status in {FAILED, ERROR}
        message = _text_of(problems[0]) if bad and problems else ""
        self.recorder.case(
            element.get("name"),
            status=status,
            seconds=duration(result.get("durationInSeconds")),
            message=skip.text.strip() if skip is not None and status == SKIPPED else message,
            details="\n\n".join(map(_placed, problems)) if bad else "",
            system_out=result.text_at("StdOut"),
            system_err=result.text_at("StdErr"),
            file=element.get("filename"),
            line=whole_number(element.get("line")),
            properties=[("tags", tags)] if (tags := element.get("tags")) else [],
        )

    @staticmethod
    def _status(result: Element, problems: list[Element]) -> str:
        # A case without a result is one in which the process died.
        died = any(one.tag == "FatalErrorCondition" for one in problems)
        if result.get("success") == "true" and not died:
            return SKIPPED if result.get("skips", "0") != "0" else PASSED
        return ERROR if not result.tag or any(one.tag in _ERRORS for one in problems) else FAILED


def _contradicts(case: Element) -> bool:
    """Return whether a section failed in a case that may not fail; the case's own result is not asked."""
    tags = case.get("tags").lower()
    failed = any(whole_number(one.get("failures")) for one in case.below() if one.tag == "OverallResults")
    return failed and "[!mayfail]" not in tags and "[!shouldfail]" not in tags


def _is_problem(element: Element) -> bool:
    return (
        element.tag in _ERRORS
        or element.tag == "Failure"
        or (element.tag == "Expression" and element.get("success") == "false")
    )


def _text_of(element: Element) -> str:
    if element.tag != "Expression":
        return element.text.strip()
    inner = [_text_of(one) for one in element.children if one.tag in _ERRORS]
    original, expanded = element.text_at("Original"), element.text_at("Expanded")
    text = f"{element.get('type')}( {original} )"
    return "\n".join(
        [text, *inner] if inner or expanded == original else [text, f"with expansion: {expanded}"]
    )


def _placed(element: Element) -> str:
    return f"{element.get('filename')}:{element.get('line')}: {_text_of(element)}"
