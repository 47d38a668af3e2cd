"""xUnit.net v2 and v3, and Fixie, which writes the same; v1, which has classes in place of collections.

Facts: xunit.net's page "xUnit.net XML Format v2", which has the schemas 1 to 3 (v2 writes 1), and v3's
XmlV2ResultWriter: ``assemblies > assembly > collection > test``. ``DelegatingXmlCreationSink`` (v2) and
``ExecutionSink`` (v3) of xunit/xunit count each failed test once, in ``failed`` of its collection and its
assembly, and each ``error`` once, in ``errors``; ``ClassResult`` of v1 also counts a ``failure`` of the
class.
"""

from collections.abc import Iterator
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment
from onetest_ci.reports.engine.elements import Element, XmlFormat, read_xml
from onetest_ci.reports.engine.embedded import embedded, text_file
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, verdict
from onetest_ci.reports.engine.values import duration, timestamp, whole_number
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures

FEATURES: Final = FormatFeatures(
    code_ref="`type` and `method`; `source-file`, if it is known",
    retries=NO_RETRIES,
    outside="`error` of all types, under its name or the assembly's; `failure` of a class in v1",
    totals="`failed` of collections and classes; `failed` and `errors` of assemblies",
    attachments="`attachments` of v3, texts and files",
    parameters="in the name",
    times="duration; start of the assembly, of the test in v3",
)

_RESULTS: Final = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED, "notrun": SKIPPED}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each assembly and collection, and their tests."""
    return read_xml(stream, reading, _XUnitNet)


class _Container:
    """An open assembly, collection or class: failures that it counts, and ``error`` elements so far."""

    __slots__ = ("errors", "failed", "shown_errors")

    def __init__(self, attributes: dict[str, str]) -> None:
        self.failed = whole_number(attributes.get("failed"))
        self.errors = whole_number(attributes.get("errors")) or 0
        self.shown_errors = 0

    @property
    def counted(self) -> int:
        """Failed tests and errors that it counts. Fixie and v1 do not count errors."""
        return (self.failed or 0) + max(self.errors, self.shown_errors)


class _XUnitNet(XmlFormat):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._declared: int | None = None
        self._open: list[_Container] = []
        self.keep_files("attachment")
        self.units = {"test": self._test, "error": self._error, "failure": self._failure_of_class}
        self.opens = {
            "assembly": self._assembly,
            "collection": self._collection,
            "class": self._collection,
        }
        self.closes = dict.fromkeys(("assembly", "collection", "class"), self._close)

    def finish(self) -> None:
        """Compare the tests with the assemblies' own counts."""
        self.recorder.check_total(self._declared)

    def _assembly(self, attributes: dict[str, str]) -> None:
        total = whole_number(attributes.get("total"))
        self._declared = self._declared if total is None else (self._declared or 0) + total
        start = attributes.get("start-rtf") or " ".join(
            attributes.get(name, "") for name in ("run-date", "run-time")
        )
        self._open.append(_Container(attributes))
        self.recorder.open_suite(_file_name(attributes.get("name", "")), start=timestamp(start))

    def _collection(self, attributes: dict[str, str]) -> None:
        self._open.append(_Container(attributes))
        self.recorder.open_suite(attributes.get("name", ""))

    def _close(self) -> None:
        self.recorder.check_failed_in_suite(self._open.pop().counted)
        self.recorder.close_suite()

    def _test(self, element: Element) -> None:
        classname = element.get("type")
        failure = element.first("failure")
        status = verdict(self.reading, element.get("result"), _RESULTS)
        if element.attributes.keys().isdisjoint({"source-file", "source-line"}):
            file, line = "", None
        else:
            file, line = element.get("source-file"), whole_number(element.get("source-line"))
        self.recorder.case(
            element.get("name").removeprefix(f"{classname}." if classname else "") or element.get("method"),
            classname=classname,
            method=element.get("method"),
            status=status,
            seconds=duration(element.get("time")),
            start=timestamp(element.get("start-rtf")),
            message=failure.text_at("message") or element.text_at("reason"),
            kind=failure.get("exception-type"),
            details=failure.text_at("stack-trace"),
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
        """Return an attachment. A file is base64 and has a type; a text has none."""
        name, kind = element.get("name"), element.get("media-type")
        if kind:
            return embedded(element.text, name, kind, self.reading)
        return [text_file(element.text.encode("utf-8", "replace"), name)]

    def _error(self, element: Element) -> None:
        """Record what went wrong outside any test: a clean-up, an assembly that cannot be loaded."""
        if self._open:
            self._open[-1].shown_errors += 1
        kind, name = element.get("type"), element.get("name")
        self._outside(
            _file_name(name) if kind == "assembly-cleanup" else name,
            element.first("failure"),
            kind or "error",
        )

    def _failure_of_class(self, failure: Element) -> None:
        self._outside("", failure, "failure")

    def _outside(self, name: str, failure: Element, kind: str) -> None:
        fields: AttemptFields = {
            "status": ERROR,
            "message": failure.text_at("message") or f"{kind}, without a message",
            "kind": failure.get("exception-type"),
            "details": failure.text_at("stack-trace"),
        }
        if name:
            self.recorder.failure_outside(name, **fields)
        else:
            self.recorder.failure_of_suite(**fields)


def _file_name(path: str) -> str:
    """Return the name of an assembly without its path, which differs between machines."""
    return path.replace("\\", "/").rpartition("/")[2]
