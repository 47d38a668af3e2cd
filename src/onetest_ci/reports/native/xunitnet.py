"""xUnit.net v2 and v3, and Fixie, which writes the same.

Facts: xunit.net's page "xUnit.net XML Format v2", which has the schemas 1 to 3 (v2 writes 1), and v3's
XmlV2ResultWriter: ``assemblies > assembly > collection > test``.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.embedded import embedded, text_file
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration, timestamp

TELLS: Final = Tells(
    code_ref="`type` and `method`; `source-file`, where it is known",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    attachments="`attachments` of v3, texts and files",
    parameters="in the name",
    times="duration; start of the assembly, of the test in v3",
)

_RESULTS: Final = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED, "notrun": SKIPPED}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each assembly and collection, and their tests."""
    return read_xml(stream, reading, _XUnitNet)


class _XUnitNet(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._declared: int | None = None
        self.files = frozenset({"attachment"})
        self.units = {"test": self._test, "error": self._error}
        self.opens = {"assembly": self._assembly, "collection": self._collection}
        self.closes = {"assembly": self.recorder.close_suite, "collection": self.recorder.close_suite}

    def finish(self) -> None:
        """The assemblies' own counts are those of their tests."""
        self.recorder.declared(self._declared)

    def _assembly(self, attributes: dict[str, str]) -> None:
        total = whole(attributes.get("total"))
        self._declared = self._declared if total is None else (self._declared or 0) + total
        start = attributes.get("start-rtf") or " ".join(
            attributes.get(name, "") for name in ("run-date", "run-time")
        )
        self.recorder.open_suite(_file_name(attributes.get("name", "")), start=timestamp(start))

    def _collection(self, attributes: dict[str, str]) -> None:
        self.recorder.open_suite(attributes.get("name", ""))

    def _test(self, element: Element) -> None:
        classname = element.get("type")
        failure = element.first("failure")
        status = verdict(self.reading, element.get("result"), _RESULTS)
        if element.attributes.keys().isdisjoint({"source-file", "source-line"}):
            file, line = "", None
        else:
            file, line = element.get("source-file"), whole(element.get("source-line"))
        self.recorder.case(
            element.get("name").removeprefix(f"{classname}." if classname else "") or element.get("method"),
            classname=classname,
            method=element.get("method"),
            status=status,
            seconds=duration(element.get("time")),
            start=timestamp(element.get("start-rtf")),
            message=failure.said("message") or element.said("reason"),
            kind=failure.get("exception-type"),
            details=failure.said("stack-trace"),
            system_out=element.first("output").text,
            system_err="\n".join(one.text for one in element.all("warnings/warning")),
            file=file,
            line=line,
            attachments=[
                file for one in element.all("attachments/attachment") for file in self._attached(one)
            ],
            properties=[(trait.get("name"), trait.get("value")) for trait in element.all("traits/trait")],
        )

    def _attached(self, element: Element) -> list[Attachment]:
        """A file is base64 and has its type; a text has none."""
        name, kind = element.get("name"), element.get("media-type")
        if kind:
            return embedded(element.text, name, kind, self.reading)
        return [text_file(element.text.encode("utf-8", "replace"), name)]

    def _error(self, element: Element) -> None:
        """What went wrong outside any test: a clean-up, an assembly that cannot be loaded."""
        failure = element.first("failure")
        kind, name = element.get("type"), element.get("name")
        self.recorder.outside(
            (_file_name(name) if kind == "assembly-cleanup" else name) or kind,
            status=ERROR,
            message=failure.said("message"),
            kind=failure.get("exception-type"),
            details=failure.said("stack-trace"),
        )


def _file_name(path: str) -> str:
    """Of an assembly; its path is another on each machine."""
    return path.replace("\\", "/").rpartition("/")[2]
