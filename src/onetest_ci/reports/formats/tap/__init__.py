"""TAP, the Test Anything Protocol, versions 12 to 14.

Facts: testanything.org's specifications; subtests as Test::More and TAP 14 indent them; comments as
Test::More and bats write them; documents of node:test of Node.js 20, tape 5, Test::More 1.3 and bats 1.8:

- a number identifies a point, its description need not be unique; there are no retries;
- the point behind a subtest sums it up. node:test shows by ``failureType`` that it failed on its own, too, as
  by the hook of a suite. node-tap writes it before the subtest, with braces around that;
- a document without a plan, or with other points than those of its plan, has failed. Of one with too few
  points, the end is missing;
- a file may hold several documents.
"""

import re
from collections.abc import Iterator
from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.model import ERROR, FAILED, PASSED
from onetest_ci.reports.engine.lines import cut_short, text_lines
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import RUN, Recorder, recorded
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.engine.xml_stream import DEEPEST
from onetest_ci.reports.format_features import NO_RETRIES, FormatFeatures
from onetest_ci.reports.formats.tap.levels import Level, document_problem
from onetest_ci.reports.formats.tap.points import Point
from onetest_ci.reports.formats.tap.totals import Totals
from onetest_ci.text.cut import dotted_path

FEATURES: Final = FormatFeatures(
    code_ref="the subtests and the description",
    retries=NO_RETRIES,
    outside="`Bail out!`, plans that do not fit, hooks of subtests, exit codes in comments of Test::More",
    totals="`# fail` and the like behind the last point",
    times="duration, if diagnostics contain it",
)

_POINT: Final = re.compile(r"(not )?ok\b(?: +(\d+))?(?: *- ?| +|$)(.*)")
_PLAN: Final = re.compile(r"1\.\.(\d{1,9})\s*+(?:#\s*+(.*))?$")
_ANY_TAP: Final = re.compile(r"(?:not )?ok\b|1\.\.\d|TAP version \d|Bail\s+out!", re.IGNORECASE)
_SUBTEST: Final = re.compile(r"# Subtest(?:: (.*))?$")
_VERSION: Final = re.compile(r"TAP version \d+$")
_BAIL: Final = re.compile(r"Bail\s+out!\s*(.*)", re.IGNORECASE)
_NODE_ID: Final = re.compile(r"(\S+\.py)::(.+)", re.DOTALL)
_OF_SUBTESTS: Final = frozenset({"", "subtestsFailed", "cancelledByParent", "parentAlreadyFinished"})
"""Values of ``failureType`` of a point that failed by its subtests only."""

_HOOK: Final = "hookFailed"
_INDENT: Final = 4
_BATCH: Final = 100
_MOST_DIGITS: Final = 9


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield a suite for each subtest that holds tests, and the tests."""
    return recorded(reading, lambda recorder: _Tap(recorder).record(stream))


class _Tap:
    def __init__(self, recorder: Recorder) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._levels = [Level()]
        # Paths of the open subtests, from the outermost.
        self._paths: list[str] = []
        # Names of subtests by the depth of the comment that announces them: the parent's, or their own.
        self._announced: dict[int, str] = {}
        self._point: Point | None = None
        # The subtest that the next point sums up.
        self._closed: Level | None = None
        self._totals = Totals()
        self._has_tap = False
        # Failed points of the document, those that sum up subtests included; and the bad cases before it.
        self._failed_points = self._bad_before = 0

    def record(self, stream: ByteStream) -> Iterator[None]:
        """Read the lines one by one."""
        records = self._recorder.records
        for line in text_lines(stream, self._reading):
            point = self._point
            if point is not None and point.yaml_at >= 0 and point.take_yaml(line):
                continue
            self._line(line)
            if len(records) >= _BATCH:
                yield
        if not self._has_tap:
            raise ReportError(
                "unexpected-text",
                f"{self._reading.path} is not TAP: it contains no version, plan or test point.",
                "Leave out --report-format to have the format recognised by the content.",
            )
        self._end_document()

    def _line(self, line: str) -> None:
        bare = line.lstrip(" ")
        indent = len(line) - len(bare)
        bare, depth = bare.strip().lstrip("\ufeff"), indent // _INDENT
        if bare == "---" and self._point is not None and self._point.begin_yaml(indent):
            return
        if not self._has_tap:
            self._has_tap = _ANY_TAP.match(bare) is not None
        if bare.startswith("#"):
            self._comment(bare, depth)
        elif match := _POINT.match(bare):
            self._test_point(match, depth, indent)
        elif match := _PLAN.match(bare):
            self._plan(match, depth)
        elif match := _BAIL.match(bare):
            self._bail_out(match[1])
        elif bare == "}":
            # The end of a subtest whose point came before it.
            self._flush()
            self._rise(depth)
            self._closed = None
        elif _VERSION.match(bare) and depth == 0:
            self._end_document()
            self._levels[0].versioned = True

    def _bail_out(self, reason: str) -> None:
        self._flush()
        if not self._levels[0].bailed:
            message = reason or "the run was given up"
            self._recorder.failure_outside("Bail out!", status=ERROR, message=message)
        self._levels[0].bailed = True

    def _comment(self, bare: str, depth: int) -> None:
        if bare.startswith("# Subtest") and (match := _SUBTEST.match(bare)):
            self._flush()
            if depth < DEEPEST:
                self._announced[depth] = match[1] or "subtest"
            return
        if depth == 0:
            self._totals.take(bare)
        if self._point is not None:
            self._point.add_comment(bare[1:].removeprefix(" "))

    def _plan(self, match: re.Match[str], depth: int) -> None:
        self._flush()
        if depth < len(self._levels):
            self._rise(depth)
        elif depth == len(self._levels):
            self._descend(depth)
        level, plan = self._levels[-1], int(match[1])
        if level.plan is not None and len(self._levels) == 1:
            level.next_plan = plan
            return
        level.plan = plan
        level.over = level.seen > 0
        if level.plan == 0 and len(self._levels) == 1:
            self._reading.warn("plan", f"the run was skipped as a whole: {(match[2] or 'no reason')[:200]}")

    def _test_point(self, match: re.Match[str], depth: int, indent: int) -> None:
        self._flush()
        self._begin_document_if_over()
        self._totals.restart()
        self._closed = None
        self._rise(depth)
        self._descend(depth)
        self._announced.pop(depth, None)
        level = self._levels[-1]
        level.seen += 1
        if match[2] and len(match[2]) <= _MOST_DIGITS:
            level.highest = max(level.highest, int(match[2]))
        self._point = Point(match[3], bad=bool(match[1]), indent=indent, reading=self._reading)
        self._failed_points += self._point.status == FAILED
        if not self._point.name:
            self._point.name = f"test {match[2] or level.seen}"

    def _begin_document_if_over(self) -> None:
        level = self._levels[0]
        if len(self._levels) == 1 and (level.over or level.next_plan is not None):
            plan, level.next_plan = level.next_plan, None
            self._end_document()
            self._levels[0].plan = plan

    @property
    def _path(self) -> str | None:
        return self._paths[-1] if self._paths else None

    def _rise(self, depth: int) -> None:
        """End the subtests that are deeper than this."""
        while len(self._levels) > depth + 1:
            self._closed = self._levels.pop()
            self._levels[-1].cases += self._closed.cases
            self._levels[-1].bad += self._closed.bad
            self._paths.pop()
            self._recorder.close_suite()

    def _descend(self, depth: int) -> None:
        """Begin subtests down to this depth; a jump over a depth is one step."""
        if depth > len(self._levels) - 1 and len(self._levels) < DEEPEST:
            # The comment has the depth of the subtest in Test::More, its parent's elsewhere.
            name = self._announced.pop(depth - 1, "") or self._announced.pop(depth, "")
            self._levels.append(Level(name))
            name = name or "subtest"
            self._paths.append(dotted_path(self._path, name))
            self._recorder.open_suite(name)

    def _flush(self) -> None:
        """Record the point that the last lines belonged to."""
        point, self._point = self._point, None
        if point is None:
            return
        closed, self._closed = self._closed, None
        if closed is not None and closed.misfit and point.status == PASSED:
            self._recorder.failure_outside(
                point.name, classname=self._path or "", status=ERROR, message=closed.misfit
            )
        elif closed is None or not closed.is_summed_up_by(point):
            self._record(point, point.status)
        elif point.status != PASSED:
            # It is a test of its own if its subtest does not explain it.
            failure = point.members.get("failureType", "") if point.status == FAILED else ""
            if failure == _HOOK:
                self._record(point, ERROR)
            elif failure not in _OF_SUBTESTS or not closed.bad:
                self._record(point, point.status)

    def _record(self, point: Point, status: str) -> None:
        members = point.members
        comments, yaml = point.take_texts()
        details = "\n".join(part for part in (comments, yaml) if part)
        milliseconds = duration(members.get("duration_ms", ""))
        node_id = _NODE_ID.match(point.name) if ".py::" in point.name else None
        bad = status in {FAILED, ERROR}
        self._levels[-1].cases += 1
        self._levels[-1].bad += bad
        self._recorder.case(
            node_id[2].replace("::", ".") if node_id else point.name,
            classname=self._path or "",
            status=status,
            seconds=milliseconds / 1000 if milliseconds is not None else point.seconds,
            message=point.message(comments) if status != PASSED else "",
            kind=members.get("name", "") or members.get("failureType", "") if bad else "",
            details=details if bad else "",
            system_out="" if bad else comments,
            file=node_id[1] if node_id else "",
        )

    def _end_document(self) -> None:
        """Compare the points with the plan and the totals."""
        self._flush()
        self._rise(0)
        level, subtest, totals = self._levels[0], self._closed, self._totals
        self._closed = None
        self._levels, self._totals = [Level()], Totals()
        self._announced.clear()
        if totals.exited and totals.exited != "0":
            message = f"the process of the tests exited with {totals.exited}"
            self._recorder.failure_outside(RUN, status=ERROR, message=message)
        self._recorder.check_failed_total(totals.failed, shown=self._failed_points)
        self._failed_points = 0
        if not level.bailed:
            misfit, unfinished = document_problem(level, subtest)
            if misfit:
                self._reading.warn("plan", misfit)
            if unfinished:
                raise cut_short(self._reading)
            if misfit and self._recorder.bad == self._bad_before:
                self._recorder.failure_outside("(plan)", status=ERROR, message=misfit)
        self._bad_before = self._recorder.bad
