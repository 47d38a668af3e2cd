"""Qt Test's own XML (``-o FILE,xml``), Qt 4 to 6.

Facts: qxmltestlogger.cpp and qtestlog of Qt 4.8 to 6: ``TestCase > TestFunction > Incident, Message``. A test
function is the case; its incidents are its data rows.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.recorder import verdict, worse
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration

TELLS: Final = Tells(
    code_ref="class and function",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    parameters="data tags of failed rows, in the details",
    times="duration",
)

_INCIDENTS: Final = {
    "pass": PASSED,
    "xfail": PASSED,
    # Blacklisted in the suite: run, and not counted by Qt.
    "bpass": PASSED,
    "bxfail": PASSED,
    "bfail": SKIPPED,
    "bxpass": SKIPPED,
    "skip": SKIPPED,
    "fail": FAILED,
    "xpass": FAILED,
}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield one suite for each ``TestCase``, which is a class, and its functions."""
    return read_xml(stream, reading, _QTest)


class _QTest(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._classname = ""
        self.units = {"TestFunction": self._function}
        self.opens = {"TestCase": self._open_class}
        self.closes = {"TestCase": self.recorder.close_suite}

    def _open_class(self, attributes: dict[str, str]) -> None:
        self._classname = attributes.get("name", "")
        self.recorder.open_suite(self._classname)

    def _function(self, element: Element) -> None:
        # Qt 4 and 5 tell a skip by a message.
        told = [
            one
            for one in element.children
            if one.tag == "Incident" or (one.tag == "Message" and one.get("type") == "skip")
        ]
        status, decisive = PASSED, Element("", {})
        for incident in told:
            of_incident = verdict(self.reading, incident.get("type"), _INCIDENTS)
            if worse(status, of_incident) != status:
                status, decisive = of_incident, incident
        milliseconds = duration(element.first("Duration").get("msecs"))
        rows = [one for one in told if one.get("type") not in {"pass", "bpass", "skip"}]
        self.recorder.case(
            element.get("name"),
            classname=self._classname,
            status=status,
            seconds=milliseconds / 1000 if milliseconds is not None else None,
            message=decisive.said("Description"),
            details="\n".join(map(_row, rows)),
            system_out="\n".join(
                f"{one.get('type')}: {one.said('Description')}"
                for one in element.all("Message")
                if one.get("type") != "skip"
            ),
        )


def _row(incident: Element) -> str:
    tag = incident.said("DataTag")
    place = f"{incident.get('file')}:{incident.get('line')}: " if incident.get("file") else ""
    return f"{place}{incident.get('type')}{f' [{tag}]' if tag else ''}: {incident.said('Description')}"
