"""Qt Test's own XML (``-o FILE,xml``), Qt 4 to 6.

Facts: qxmltestlogger.cpp and qtestlog of Qt 4.8 to 6: ``TestCase > TestFunction > Incident, Message``. A test
function is the case; its incidents are its data rows. Set-up and clean-up of the class are functions; those
of each test are part of it. The file has no totals.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, worse
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import verdict
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.format_features import NO_RETRIES, NO_TOTALS, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="class and function",
    retries=NO_RETRIES,
    outside="the functions `initTestCase` and `cleanupTestCase`; incidents and fatal messages of no function",
    totals=NO_TOTALS,
    parameters="data tags of failed rows, in the details",
    times="duration",
)

_INCIDENTS: Final = {
    "pass": PASSED,
    "xfail": PASSED,
    # Qt runs blacklisted tests and does not count them.
    "bpass": PASSED,
    "bxfail": PASSED,
    "bfail": SKIPPED,
    "bxpass": SKIPPED,
    "skip": SKIPPED,
    "fail": FAILED,
    "xpass": FAILED,
    # A message, behind which Qt ends the process.
    "qfatal": FAILED,
}
_DECISIVE_MESSAGES: Final = frozenset({"skip", "qfatal"})
"""Messages that are verdicts: Qt 4 and 5 write a skip as one."""


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield one suite for each ``TestCase``, which is a class, and its functions."""
    return read_xml(stream, reading, _QTest)


class _QTest(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._classname = ""
        self.units = {
            "TestFunction": self._function,
            "Incident": self._outside,
            "Message": self._outside,
        }
        self.opens = {"TestCase": self._open_class}
        self.closes = {"TestCase": self.recorder.close_suite}

    def _open_class(self, attributes: dict[str, str]) -> None:
        self._classname = attributes.get("name", "")
        self.recorder.open_suite(self._classname)

    def _outside(self, element: Element) -> None:
        """Record an incident or a message outside of functions, such as that of a constructor."""
        if _is_verdict(element):
            status = verdict(self.reading, element.get("type"), _INCIDENTS)
            if status in BAD:
                self.recorder.failure_of_suite(
                    status=ERROR, message=element.text_at("Description"), details=_row(element)
                )

    def _function(self, element: Element) -> None:
        verdicts = [one for one in element.children if _is_verdict(one)]
        status, decisive = PASSED, Element("", {})
        if not verdicts:
            self.reading.warn("status", "a test function has no result; it is read as an error")
            status = ERROR
        for incident in verdicts:
            of_incident = verdict(self.reading, incident.get("type"), _INCIDENTS)
            if worse(status, of_incident) != status:
                status, decisive = of_incident, incident
        milliseconds = duration(element.first("Duration").get("msecs"))
        rows = [one for one in verdicts if one.get("type") not in {"pass", "bpass", "skip"}]
        self.recorder.case(
            element.get("name"),
            classname=self._classname,
            status=status,
            seconds=milliseconds / 1000 if milliseconds is not None else None,
            message=decisive.text_at("Description"),
            details="\n".join(map(_row, rows)),
            system_out="\n".join(
                f"{one.get('type')}: {one.text_at('Description')}"
                for one in element.all("Message")
                if one.get("type") != "skip"
            ),
        )


def _is_verdict(element: Element) -> bool:
    return element.tag == "Incident" or (
        element.tag == "Message" and element.get("type").strip().lower() in _DECISIVE_MESSAGES
    )


def _row(incident: Element) -> str:
    tag = incident.text_at("DataTag")
    place = f"{incident.get('file')}:{incident.get('line')}: " if incident.get("file") else ""
    return f"{place}{incident.get('type')}{f' [{tag}]' if tag else ''}: {incident.text_at('Description')}"
