"""Robot Framework's ``output.xml``, versions 3 to 7.

Facts: robot.xsd of Robot Framework 5 to 7: ``robot > suite > … > test > kw, status``.
"""

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Final
from xml.parsers import expat

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED, Attachment, Attempt
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.elements import Element, XmlDialect, read_xml
from onetest_ci.reports.junit_parts import whole
from onetest_ci.reports.recorder import verdict
from onetest_ci.reports.tells import NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration, timestamp

TELLS: Final = Tells(
    code_ref="the suite's `source` and the test's name",
    retries="runs merged by `rebot --merge`",
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    attachments="files that logged HTML shows or links",
    times="duration and start",
)

_RESULTS: Final = {"pass": PASSED, "fail": FAILED, "skip": SKIPPED, "not run": SKIPPED, "not_run": SKIPPED}
_LINKED: Final = re.compile(r"(?:src|href)\s*=\s*[\"']([^\"'#?]{1,1000})")
_ELSEWHERE: Final = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_RE_EXECUTED: Final = "re-executed and results merged"
_OLD: Final = re.compile(r"Old status:(?:\s|<[^<>]*>)*(PASS|FAIL|SKIP)")
_TAG: Final = re.compile(r"<[^<>]*>")
_STAMP: Final = "%Y%m%d %H:%M:%S.%f"


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites as nested in the file, and their tests."""
    return read_xml(stream, reading, _Robot)


class _Robot(XmlDialect):
    def __init__(self, parser: expat.XMLParserType, reading: Reading) -> None:
        super().__init__(parser, reading)
        self._names: list[str] = []
        self._sources: list[str] = []
        self.units = {"test": self._test, "kw": _nothing, "errors": _nothing, "statistics": _nothing}
        self.opens = {"suite": self._open_suite}
        self.closes = {"suite": self._close_suite}

    def _open_suite(self, attributes: dict[str, str]) -> None:
        source = attributes.get("source", "")
        self._names.append(attributes.get("name", ""))
        self._sources.append(source)
        self.recorder.open_suite(self._names[-1], file=source)

    def _close_suite(self) -> None:
        self._names.pop()
        self._sources.pop()
        self.recorder.close_suite()

    def _test(self, element: Element) -> None:
        status = next((one for one in reversed(element.children) if one.tag == "status"), None)
        if status is None:
            self.reading.warn("status", "a test has no status; it is read as an error")
            status = Element("status", {"status": "none"})
        start = _time(status.get("start") or status.get("starttime"))
        message = status.text.strip()
        final = verdict(self.reading, status.get("status"), {**_RESULTS, "none": ERROR})
        logged = [one for one in element.below() if one.tag == "msg"]
        self.recorder.case(
            element.get("name"),
            classname=".".join(self._names),
            status=final,
            seconds=_seconds(status, start),
            start=start,
            message=_last_run(message),
            system_out="\n".join(f"{one.get('level')}: {_plain(one.text.strip(), one)}" for one in logged),
            file=self._sources[-1] if self._sources else "",
            line=whole(element.get("line")),
            properties=[("tag", tag) for tag in self._tags(element)],
            attachments=[Attachment(path) for one in logged for path in _files(one)],
            attempts=_merged(message),
        )

    @staticmethod
    def _tags(element: Element) -> list[str]:
        found = [*element.all("tag"), *element.all("tags/tag")]
        return [one.text.strip() for one in found]


def _nothing(_: Element) -> None:
    """Passes over what belongs to no test, so that its insides are not taken for one."""


def _seconds(status: Element, start: float | None) -> float | None:
    if elapsed := status.get("elapsed"):
        return duration(elapsed)
    end = _time(status.get("endtime"))
    return end - start if start is not None and end is not None else None


def _time(text: str) -> float | None:
    """ISO 8601 since version 7, else ``20260102 03:04:05.678``; local time without a zone, read as UTC."""
    try:
        return datetime.strptime(text, _STAMP).replace(tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return timestamp(text)


def _plain(text: str, message: Element | None = None) -> str:
    """A message that is HTML, as text."""
    if text.startswith("*HTML*") or (message is not None and message.get("html") in {"true", "yes"}):
        return html.unescape(_TAG.sub("", text.removeprefix("*HTML*").replace("<br>", "\n"))).strip()
    return text


def _files(message: Element) -> Iterator[str]:
    if message.get("html") in {"true", "yes"}:
        for path in _LINKED.findall(message.text):
            if not _ELSEWHERE.match(path):
                yield html.unescape(path)


def _last_run(message: str) -> str:
    """The message of a test; of merged runs, that of the last one."""
    if _RE_EXECUTED not in message:
        return _plain(message)
    last = _plain("*HTML*" + message.partition("<hr>")[2].partition("<hr>")[0])
    return last.partition("New message:")[2].strip()


def _merged(message: str) -> tuple[Attempt, ...]:
    """The earlier run, which ``rebot --merge`` tells in the message of the later one."""
    if _RE_EXECUTED not in message:
        return ()
    old = _OLD.search(message)
    if old is None or _RESULTS[old[1].lower()] == SKIPPED:
        return ()
    told = _plain("*HTML*" + message[old.end() :]).partition("Old message:")[2].strip()
    return (Attempt(_RESULTS[old[1].lower()], told),)
