"""TAP, the Test Anything Protocol, versions 12 to 14.

Facts: testanything.org's specifications; subtests as Test::More and TAP 14 indent them; YAML blocks as
node:test, tap and pytest-tap write them, comments as Test::More and bats do.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.model import ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.dialect import ByteStream, Reading, Records
from onetest_ci.reports.lines import Held, Printed, cut_short, read_lines, text_lines
from onetest_ci.reports.recorder import Recorder
from onetest_ci.reports.tells import NO_RETRIES, NO_TOTALS, NONE_OUTSIDE, Tells
from onetest_ci.reports.times import duration
from onetest_ci.reports.xml_stream import DEEPEST

TELLS: Final = Tells(
    code_ref="the subtests and the description",
    retries=NO_RETRIES,
    outside=NONE_OUTSIDE,
    totals=NO_TOTALS,
    times="duration, where diagnostics tell it",
)

_POINT: Final = re.compile(r"(not )?ok\b(?: +(\d+))?(?: *- ?| +|$)(.*)")
_PLAN: Final = re.compile(r"1\.\.(\d{1,9})\s*(?:#\s*(.*))?$")
_DIRECTIVE: Final = re.compile(r"(?<!\\)#\s*(skip|todo)\S*\s*(.*)$", re.IGNORECASE)
_TIME: Final = re.compile(r"\s*(?<!\\)#\s*time=([\d.]+\s*m?s)\s*$|\s+in (\d+ms)$")
_SUBTEST: Final = re.compile(r"# Subtest(?:: (.*))?$")
_VERSION: Final = re.compile(r"TAP version \d+$")
_BAIL: Final = re.compile(r"Bail out!\s*(.*)")
_MEMBER: Final = re.compile(r"\s*([A-Za-z_]\w{0,40}): *(.*)$")
_NODE_ID: Final = re.compile(r"(\S+\.py)::(.+)", re.DOTALL)
_RAISED: Final = re.compile(r"^E +(\S.*)$", re.MULTILINE)  # pytest's mark
_WANTED: Final = frozenset({"message", "error", "name", "failureType", "duration_ms"})
_LONGEST_DESCRIPTION: Final = 4096
_INDENT: Final = 4


class _Level:
    """One document, or one subtest in it; ``empty`` after the version alone."""

    __slots__ = ("bad", "cases", "empty", "plan", "seen")

    def __init__(self, *, empty: bool = False) -> None:
        self.empty = empty
        self.plan: int | None = None
        self.seen = self.cases = self.bad = 0


class _Point:
    """A test point, until the next line that is not its own."""

    __slots__ = ("bad", "comments", "directive", "members", "name", "seconds", "yaml")

    def __init__(self, description: str, *, bad: bool, reading: Reading) -> None:
        self.bad = bad
        # Patterns that look for an end take long over much white space; no one writes such a description.
        told = description if len(description) <= _LONGEST_DESCRIPTION else ""
        directive = _DIRECTIVE.search(told)
        self.directive = (directive[1].lower(), directive[2].strip()) if directive else ("", "")
        name = description[: directive.start()] if directive else description
        took = _TIME.search(name) if told else None
        self.seconds = duration(took[1] or took[2]) if took else None
        self.name = (name[: took.start()] if took else name).strip().replace("\\#", "#")
        self.comments = Printed(reading, Held())
        self.yaml = Printed(reading, Held())
        self.members: dict[str, str] = {}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each subtest that holds tests, and the tests."""
    return read_lines(stream, reading, lambda file, recorder: _Tap(recorder).record(file))


class _Tap:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._levels = [_Level()]
        self._names: list[str] = []
        # Names of subtests by the depth of the comment that tells them: the parent's, or their own.
        self._announced: dict[int, str] = {}
        self._point: _Point | None = None
        self._closed: _Level | None = None
        self._in_yaml = -1
        self._member = ""

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Take the lines one by one."""
        for line in text_lines(stream, self._reading):
            if self._in_yaml < 0 or not self._of_yaml(line):
                self._line(line)
            yield
        self._end_document()

    def _line(self, line: str) -> None:
        bare = line.strip().lstrip("\ufeff")
        indent = len(line) - len(line.lstrip(" "))
        depth = indent // _INDENT
        if bare == "---" and self._point is not None:
            self._in_yaml = indent
        elif match := _POINT.match(bare):
            self._test_point(match, depth)
        elif match := _PLAN.match(bare):
            self._plan(match, depth)
        elif bare.startswith("#"):
            self._comment(bare, depth)
        elif match := _BAIL.match(bare):
            self._flush()
            self._levels[0].empty = False
            self._recorder.case("Bail out!", status=ERROR, message=match[1] or "the run was given up")
        elif _VERSION.match(bare) and depth == 0:
            self._end_document()
            self._levels = [_Level(empty=True)]

    def _of_yaml(self, line: str) -> bool:
        """Take a line of a point's YAML block; False when the block broke off before it."""
        bare = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if bare == "..." and indent <= self._in_yaml:
            self._in_yaml = -1
            return True
        if self._point is None or (bare and indent < self._in_yaml):
            self._in_yaml = -1
            return False
        self._point.yaml.add(line[self._in_yaml :] + "\n")
        self._take_member(self._point, line, indent)
        return True

    def _take_member(self, point: _Point, line: str, indent: int) -> None:
        member = _MEMBER.match(line) if indent == self._in_yaml else None
        if member:
            self._member = member[1]
            value = member[2].strip()
            if self._member not in _WANTED:
                self._member = ""
                return
            point.members[self._member] = "" if value in {"|", "|-", ">", ">-", "|+"} else value.strip("'\"")
        elif self._member and not point.members.get(self._member):
            # The first line of a block is enough for a message.
            point.members[self._member] = line.strip()

    def _comment(self, bare: str, depth: int) -> None:
        if match := _SUBTEST.match(bare):
            self._flush()
            if depth < DEEPEST:
                self._announced[depth] = match[1] or "subtest"
        elif self._point is not None:
            self._point.comments.add(bare[1:].removeprefix(" ") + "\n")

    def _plan(self, match: re.Match[str], depth: int) -> None:
        self._flush()
        if depth < len(self._levels):
            self._rise(depth)
        elif depth == len(self._levels):
            self._descend(depth)
        level = self._levels[-1]
        level.plan = int(match[1])
        if level.plan == 0 and len(self._levels) == 1:
            self._reading.warn("plan", f"the run was skipped as a whole: {(match[2] or 'no reason')[:200]}")

    def _test_point(self, match: re.Match[str], depth: int) -> None:
        self._flush()
        self._closed = None
        self._rise(depth)
        self._descend(depth)
        self._announced.pop(depth, None)
        self._levels[-1].seen += 1
        self._member = ""
        self._point = _Point(match[3], bad=bool(match[1]), reading=self._reading)
        if not self._point.name:
            self._point.name = f"test {match[2] or self._levels[-1].seen}"

    def _rise(self, depth: int) -> None:
        """Subtests deeper than this have ended."""
        while len(self._levels) > depth + 1:
            self._closed = self._levels.pop()
            self._levels[-1].cases += self._closed.cases
            self._levels[-1].bad += self._closed.bad
            self._names.pop()
            self._recorder.close_suite()

    def _descend(self, depth: int) -> None:
        """Subtests down to this depth begin; a jump over a depth is one step."""
        if depth > len(self._levels) - 1 and len(self._levels) < DEEPEST:
            self._levels.append(_Level())
            # The comment stands at the depth of the subtest in Test::More, at its parent's elsewhere.
            name = self._announced.pop(depth - 1, "") or self._announced.pop(depth, "")
            self._names.append(name or "subtest")
            self._recorder.open_suite(self._names[-1])

    def _flush(self) -> None:
        """Record the point that the last lines belonged to."""
        point, self._point = self._point, None
        if point is None:
            return
        closed, self._closed = self._closed, None
        status = self._status(point)
        # The point behind a subtest sums it up; it is a test of its own when the subtest does not explain it.
        if closed is not None and closed.cases and (closed.bad or status == PASSED):
            return
        self._record(point, status)

    @staticmethod
    def _status(point: _Point) -> str:
        directive = point.directive[0]
        if directive == "skip":
            return SKIPPED
        if not point.bad:
            return PASSED
        return SKIPPED if directive == "todo" else FAILED

    def _record(self, point: _Point, status: str) -> None:
        comments, yaml, members = point.comments.take(), point.yaml.take(), point.members
        details = "\n".join(part for part in (comments, yaml) if part)
        milliseconds = duration(members.get("duration_ms", ""))
        node_id = _NODE_ID.match(point.name)
        self._levels[-1].cases += 1
        self._levels[-1].bad += status == FAILED
        self._recorder.case(
            node_id[2].replace("::", ".") if node_id else point.name,
            classname=".".join(self._names),
            status=status,
            seconds=milliseconds / 1000 if milliseconds is not None else point.seconds,
            message=self._message(point, comments) if status != PASSED else "",
            kind=members.get("name", "") or members.get("failureType", "") if status == FAILED else "",
            details=details if status == FAILED else "",
            system_out="" if status == FAILED else comments,
            file=node_id[1] if node_id else "",
        )

    @staticmethod
    def _message(point: _Point, comments: str) -> str:
        told = next((point.members[name] for name in ("message", "error") if point.members.get(name)), "")
        raised = _RAISED.search(comments)
        first = raised[1] if raised else comments.lstrip().split("\n", 1)[0]
        directive, reason = point.directive
        return reason or (directive.upper() if directive else told or first)

    def _end_document(self) -> None:
        """Hold what came against the plan."""
        self._flush()
        self._rise(0)
        level = self._levels[0]
        self._levels = [_Level()]
        if level.plan is None:
            if level.seen or level.cases:
                self._reading.warn("plan", "there is no plan: nothing says that all tests are there")
            elif level.empty:
                raise cut_short(self._reading)
        elif level.seen < level.plan:
            self._reading.warn("plan", f"the plan says {level.plan} tests, there are {level.seen}")
            raise cut_short(self._reading)
        elif level.seen > level.plan:
            self._reading.warn("plan", f"the plan says {level.plan} tests, there are {level.seen}")
