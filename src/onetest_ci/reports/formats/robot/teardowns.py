"""Suite teardowns of Robot Framework's ``output.xml``, which change the verdicts of tests before them.

Facts: suiteteardownfailed.py and executionresult.py of Robot Framework 3.1 to 7.5, and runs of these
versions. When the teardown of a suite fails, Robot counts every test below it as failed, but those that were
skipped. When it skips, Robot counts them as skipped. The file keeps the verdicts from before the teardown.
Files that ``rebot`` writes contain the final verdicts.
"""

from typing import Final, NamedTuple
from xml.parsers import expat

from onetest_ci.errors import ReportError
from onetest_ci.model import FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.text import TextBuffer
from onetest_ci.reports.engine.xml_stream import stream_xml

PARTS: Final = frozenset({"test", "kw", "status", "statistics", "errors"})
"""Elements of a suite or of the file that contain no suites."""

_DECISIVE: Final = {"FAIL": FAILED, "SKIP": SKIPPED}
_LONGEST_MESSAGE: Final = 4096
_MOST_MESSAGES: Final = 10_000
"""Messages kept of one file; later teardowns keep only their verdict."""


class Teardown(NamedTuple):
    """A suite teardown that changes the verdicts of tests.

    Attributes:
        status: failed or skipped.
        message: of the failure.
    """

    status: str
    message: str

    def applied_to(self, status: str, message: str, suite: str) -> tuple[str, str]:
        """Return the verdict and the message of a test below the suite.

        A failed test stays failed, although Robot would count it as skipped.
        """
        if self.status == FAILED:
            changed = FAILED if status == PASSED else status
            reason = f"The teardown of the suite {suite} failed: {self.message}"
        else:
            changed = SKIPPED if status == PASSED else status
            reason = f"The teardown of the suite {suite} skipped its tests: {self.message}"
        return changed, f"{message}\n\n{reason}" if message else reason


def decisive_teardowns(stream: ByteStream, path: str) -> dict[int, Teardown]:
    """Return the decisive teardowns by the number of their suite in the order of the file, from 0.

    The stream is read once, to its end. A broken file gives the teardowns before the break; its faults are
    noted when it is read again.
    """
    scans: list[_Scan] = []

    def attach(parser: expat.XMLParserType, _reading: Reading) -> _Scan:
        scans.append(_Scan(parser))
        return scans[-1]

    for _ in stream_xml(stream, Reading(path), attach):
        pass
    return scans[-1].found


def has_final_verdicts(generator: str) -> bool:
    """Return whether a file of this generator contains the verdicts after the teardowns."""
    return generator.strip().lower().startswith("rebot")


class _Scan:
    """Finds decisive teardowns, and passes over everything else as fast as it can."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.found: dict[int, Teardown] = {}
        self.records: Records = []
        self.depth = 0
        self._parser = parser
        self._begun = False
        self._suites: list[int] = []
        self._number = 0
        # Depth of the part that is passed over, and whether it is a teardown.
        self._part = 0
        self._is_teardown = False
        self._status = ""
        self._text = TextBuffer(_LONGEST_MESSAGE, lambda: None)
        self._outside()

    @property
    def ended(self) -> bool:
        """Return whether the root element has ended."""
        return self._begun and self.depth == 0

    def settle(self) -> None:
        """Hold the message that is being read within bounds."""
        self._text.settle()

    def finish(self) -> None:
        """Do nothing: the document has ended well."""

    def abandon(self) -> None:
        """Do nothing: nothing is recorded."""

    def _outside(self) -> None:
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        self._begun = True
        local = tag.rpartition(":")[2]
        if local == "suite":
            self._suites.append(self._number)
            self._number += 1
        elif local in PARTS:
            self._part = self.depth
            self._is_teardown = local == "kw" and is_hook(attributes, "teardown")
            self._parser.StartElementHandler = self._start_inside
            self._parser.EndElementHandler = self._end_inside
        elif local == "robot" and has_final_verdicts(attributes.get("generator", "")):
            raise ReportError("not-needed", "its tests have their final verdicts.", "")

    def _end(self, tag: str) -> None:
        self.depth -= 1
        if tag.rpartition(":")[2] == "suite" and self._suites:
            self._suites.pop()

    def _start_inside(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self._is_teardown and self.depth == self._part + 1 and tag.rpartition(":")[2] == "status":
            self._status = attributes.get("status", "FAIL").strip().upper()
            self._parser.CharacterDataHandler = self._text.add

    def _end_inside(self, _tag: str) -> None:
        self.depth -= 1
        if self._status:
            self._parser.CharacterDataHandler = None
            self._note(_DECISIVE.get(self._status, ""), self._text.take().strip())
            self._status = ""
        if self.depth < self._part:
            self._outside()

    def _note(self, status: str, message: str) -> None:
        if not status or not self._suites:
            return
        suite = self._suites[-1]
        if suite not in self.found or status == FAILED:
            self.found[suite] = Teardown(status, message if len(self.found) < _MOST_MESSAGES else "")


def is_hook(attributes: dict[str, str], kind: str) -> bool:
    """Return whether a keyword is the ``setup`` or ``teardown`` of its parent, in letters of any case."""
    return attributes.get("type", "").strip().lower() == kind
