"""CTest's ``Test.xml`` and ``DynamicAnalysis.xml``, as ``ctest -T Test`` and ``-T MemCheck`` write them.

Facts: files of CMake 2.8 to 4.1, cmCTestTestHandler.cxx and cmCTestRunTest.cxx of CMake 4.4: a ``Test`` with
``Results`` of named measurements. Of a test that ``--repeat`` runs again, the file contains the last run
only. Fixtures are tests of their own. The file has no totals.

A test that did not run is one of three things. CTest itself distinguishes them only on the console; in the
file the completion status does. Disabled and skipped tests are not failures. All others are: CTest lists
them as failed and ends with an error. A program that cannot be started is left out of the file when
``--repeat`` is set (seen with 3.25): only CTest's exit code shows it.
"""

import base64
import binascii
import zlib
from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.format_features import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, FormatFeatures
from onetest_ci.reports.formats.junit.case_result import NOT_STARTED

FEATURES: Final = FormatFeatures(
    code_ref="the test's name",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration; start of the run",
)

_RESULTS: Final = {"passed": PASSED, "failed": FAILED, "notrun": FAILED}
_DISABLED: Final = "Disabled"
_SKIPS: Final = ("SKIP_RETURN_CODE=", "SKIP_REGULAR_EXPRESSION_MATCHED")
_EPOCH: Final = range(1, 10**11)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield one suite, named after the build, and its tests."""
    return read_xml(stream, reading, _CTest)


class _CTest(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._name = ""
        self._start_of_run: float | None = None
        self._opened = False
        self.units = {"Test": self._test, "StartTestTime": self._start_time, "TestList": _nothing}
        self.opens = {"Site": self._site}

    def _site(self, attributes: dict[str, str]) -> None:
        self._name = attributes.get("BuildName", "")

    def _start_time(self, element: Element) -> None:
        spelled = element.text.strip()
        if spelled.isascii() and spelled.isdigit() and len(spelled) < len(str(_EPOCH.stop)):
            self._start_of_run = float(spelled)

    def _test(self, element: Element) -> None:
        if not self._opened:
            self._opened = True
            self.recorder.open_suite(self._name or "CTest", start=self._start_of_run)
        measured = _measured(element)
        status = verdict(self.reading, element.get("Status"), _RESULTS)
        output = self._output(element)
        # A dynamic analysis has no measurements, and the reason as output.
        if status == FAILED and _is_skip(element, measured.get("Completion Status", output.strip())):
            status = SKIPPED
        reasons = [measured.get(name, "") for name in ("Fail Reason", "Exit Code", "Completion Status")]
        labels = [one.text.strip() for one in element.all("Labels/Label")]
        self.recorder.case(
            element.text_at("Name"),
            status=status,
            seconds=duration(measured.get("Execution Time", "")),
            message=next((one for one in reasons if one), "") if status != PASSED else "",
            details=output if status == FAILED else "",
            system_out="" if status == FAILED else output,
            properties=[
                *((("command", command),) if (command := element.text_at("FullCommandLine")) else ()),
                *(("label", label) for label in labels),
            ],
        )

    def _output(self, test: Element) -> str:
        """Return what the test printed; CTest packs it by default."""
        values = (*test.all("Results/Measurement/Value"), *test.all("Log"))
        value = values[0] if values else Element("", {})
        if value.get("encoding") != "base64":
            return value.text
        try:
            # CTest pads some texts with four characters that do not belong there.
            packed = "".join(value.text.split()).rstrip("=")
            data = base64.b64decode(packed + "=" * (-len(packed) % 4), validate=True)
            if value.get("compression") == "gzip":
                unpacking = zlib.decompressobj(zlib.MAX_WBITS | 32)
                # Twice the limit is enough to see that it is cut. More may be a zip bomb.
                data = unpacking.decompress(data, 8 * self.reading.text_limit + 1)
        except (binascii.Error, ValueError, zlib.error):
            self.reading.warn(
                "packed", "a test's output that is packed and damaged, or too long, is left out"
            )
            return ""
        return data.decode("utf-8", "replace")


def _measured(test: Element) -> dict[str, str]:
    """Return what CTest measured. Measurements that the test adds itself come behind and replace none."""
    measured: dict[str, str] = {}
    for one in test.all("Results/NamedMeasurement"):
        measured.setdefault(one.get("name"), one.text_at("Value"))
    return measured


def _is_skip(test: Element, completion: str) -> bool:
    """Return whether a test was disabled or skipped, so that CTest does not count it as failed.

    A test that was started and then did not "run" is a skip with any completion status: the test can
    print another one, and CMake before 3.9 writes ``Completed``. CTest writes the command line of started
    tests only.
    """
    if test.get("Status").strip().lower() != "notrun":
        return False
    if completion == _DISABLED or completion.startswith(_SKIPS):
        return True
    return bool(test.text_at("FullCommandLine")) and completion not in NOT_STARTED


def _nothing(_: Element) -> None:
    """Pass over the names of the tests, which are elements of the same tag."""
