"""Xcode's test results as JSON (``xcrun xcresulttool get test-results tests``).

Facts: the schema that ``xcresulttool get test-results tests --schema`` prints, a report of Xcode 26.1, and
the reader of fastlane's trainer:

- ``testNodes`` is a tree: test plans, bundles, suites, test cases. Members are sorted, so the name and the
  type of a node follow its children;
- a test case with arguments, devices or configurations has a node for each. Nodes of the type ``Repetition``
  or ``Test Case Run`` are its attempts;
- a test that passed in a later attempt is ``Passed``;
- ``nodeIdentifier`` has the names in the source, ``name`` may be one for people;
- reasons are the names of nodes, as ``Cart.swift:21: 7 is not 8``, without the folder of the file;
- ``duration`` is written as the language of the machine has it (``0,014s``); ``durationInSeconds`` is a
  number;
- ``Attachment`` is a name. The files are in the result bundle.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.json_stream import JsonStream, look_through, read_json
from onetest_ci.reports.engine.limits import DEEPEST, check_depth
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder, verdict
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.reports.formats.xcresult.heads import STREAMED, Heads, Path
from onetest_ci.reports.formats.xcresult.node import (
    ATTEMPTS,
    CASE,
    KNOWN,
    LEFT_OUT,
    PARTS,
    REASON,
    SUITES,
    Around,
    Node,
    node_of,
)
from onetest_ci.reports.formats.xcresult.run import (
    NO_RESULT,
    classname_of,
    details_of,
    fields_of_run,
    of_identifier,
    runs,
)

FEATURES: Final = FormatFeatures(
    code_ref="bundle, types and function, without folders",
    retries="`Repetition` and `Test Case Run`",
    outside="suites, bundles and plans that failed without a failed test",
    totals="`result` of each node above the test cases",
    parameters="`Arguments` in the name; devices and configurations, as suites",
    times="duration",
)

_RESULTS: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "skipped": SKIPPED,
    "expected failure": PASSED,
    "unknown": ERROR,
}
_SPELLED: Final = {"Passed": PASSED, "Failed": FAILED, "Skipped": SKIPPED}


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites for plans, bundles and suites, and a case for each test."""
    heads = Heads()
    look_through(stream, reading, heads.read)
    return read_json(stream, reading, lambda document, recorder: _Report(recorder, heads).walk(document))


class _Report:
    def __init__(self, recorder: Recorder, heads: Heads) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._heads = heads
        self._entered: Around | None = None

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Read the members, in any order."""
        for key in document.members():
            if key == "testNodes":
                for number, _ in enumerate(document.items(key)):
                    yield from self._walk_node(document, (number,), Around())

    def _walk_node(self, document: JsonStream, path: Path, around: Around) -> Iterator[None]:
        """Read the next node. Walk it, if it is one of the outermost suites, which is never held whole."""
        head = self._heads.node(path, self._reading)
        # The head of a node that breaks off is not known.
        is_suite = head.kind in SUITES or (path not in self._heads and not self._heads.is_full)
        whole = document.short_object() if is_suite and len(path) <= STREAMED else document.value()
        if whole is not None or document.peek() != "{":
            self._node(node_of(whole, self._reading), around)
            yield
            return
        bad, inside = self._recorder.bad, around.inside(head)
        reasons: list[str] = []
        for key in document.members():
            if key == "children" and document.peek() == "[":
                for number, _ in enumerate(document.items(key)):
                    yield from self._walk_child(document, (*path, number), inside, reasons)
        self._end_suite(head, inside, bad, reasons)

    def _walk_child(
        self, document: JsonStream, path: Path, around: Around, reasons: list[str]
    ) -> Iterator[None]:
        if len(path) <= STREAMED and self._heads.node(path, self._reading).kind != REASON:
            yield from self._walk_node(document, path, around)
            return
        node = node_of(document.value(), self._reading)
        if node.kind == REASON:
            reasons.append(node.name)
        else:
            self._node(node, around)
        yield

    # Suites

    def _node(self, node: Node, around: Around) -> None:
        if node.kind == CASE:
            self._test(node, around)
        elif node.kind not in LEFT_OUT:
            if node.kind not in SUITES:
                self._reading.warn(
                    "node", f"a node of an unknown type, {node.kind[:60]!r}, is read as a suite"
                )
            self._suite(node, around)

    def _suite(self, node: Node, around: Around) -> None:
        check_depth(around.depth, self._reading)
        bad, inside = self._recorder.bad, around.inside(node)
        for child in node.children:
            if child.kind == CASE:
                self._test(child, inside)
            else:
                self._node(child, inside)
        if node.text("result") != "Passed":
            self._end_suite(node, inside, bad, node.reasons())

    def _end_suite(self, node: Node, inside: Around, bad: int, reasons: list[str]) -> None:
        """Record what a suite failed by, if it was not by its tests."""
        result = node.text("result")
        status = self._verdict(result) if result else ERROR if reasons else PASSED
        if status in BAD and (self._recorder.bad == bad or reasons):
            self._enter(inside)
            reason = next(iter(reasons), "the suite failed, but none of its tests")
            self._recorder.failure_of_suite(
                status=ERROR, message=reason.split("\n", 1)[0], details="\n".join(reasons)
            )

    # Tests

    def _test(self, node: Node, around: Around) -> None:
        if "children" not in node and "tags" not in node:
            self._plain_test(node, around)
            return
        bad = self._recorder.bad
        if not node.of_kinds(PARTS):
            self._run(node, node, around, "")
            return
        for run, places, argument in runs(node, (), "", 0):
            inside = around._replace(suites=(*around.suites, *places)) if places else around
            self._run(node, run, inside, argument)
        # It may have failed outside of its runs.
        if self._recorder.bad == bad and "result" in node:
            status = self._verdict(node.text("result"))
            if status in BAD:
                self._case(node, fields_of_run(node, status), around, "")

    def _plain_test(self, node: Node, around: Around) -> None:
        """Record a test with nothing in it, as nearly all are; ``_case`` takes twice the time."""
        name = node.text("name")
        types, method = of_identifier(node.text("nodeIdentifier") or name)
        result = node.text("result")
        status = _SPELLED.get(result) or self._verdict(result)
        self._enter(around)
        self._recorder.case(
            name,
            status=status,
            message=NO_RESULT if status == ERROR else "",
            seconds=node.seconds_taken(),
            classname=classname_of(around.bundle, types),
            method=method,
        )

    def _run(self, node: Node, run: Node, around: Around, argument: str) -> None:
        attempts = run.of_kinds(ATTEMPTS)
        status = self._status(run, attempts)
        if not attempts:
            self._case(node, fields_of_run(run, status), around, argument)
            return
        results = [self._status(one, one.of_kinds(ATTEMPTS)) for one in attempts]
        shown = attempts[-1]
        if status in BAD and results[-1] not in BAD:
            # It fails by an attempt before the last.
            shown = next((one for one, result in zip(attempts, results, strict=True) if result in BAD), run)
        fields = fields_of_run(shown, status)
        fields["details"] = fields["details"] or details_of(run)
        seconds = attempts[-1].seconds_taken()
        fields["seconds"] = run.seconds_taken() if seconds is None else seconds
        earlier = list(map(fields_of_run, attempts[:-1], results[:-1]))
        self._case(node, fields, around, argument, earlier)

    def _status(self, node: Node, attempts: Sequence[Node], depth: int = 0) -> str:
        """Return the verdict of a run. The last attempt counts as well, and nodes of unknown types."""
        if self._fails_by_unknown(node):
            return ERROR
        last = ""
        if attempts and depth < DEEPEST:
            last = self._status(attempts[-1], attempts[-1].of_kinds(ATTEMPTS), depth + 1)
        result = node.text("result")
        if not result:
            return last or ERROR
        status = self._verdict(result)
        return last if last in BAD and status not in BAD else status

    def _fails_by_unknown(self, node: Node) -> bool:
        """Return whether a node of an unknown type in a run failed: another version of Xcode may have it."""
        unknown = [child for child in node.children if child.kind not in KNOWN and "result" in child]
        if not any(self._verdict(child.text("result")) in BAD for child in unknown):
            return False
        self._reading.warn("node", "a node of an unknown type failed inside a test; the test is an error")
        return True

    def _case(
        self,
        node: Node,
        fields: AttemptFields,
        around: Around,
        argument: str,
        earlier: Sequence[AttemptFields] = (),
    ) -> None:
        name = node.name
        types, method = of_identifier(node.text("nodeIdentifier") or name)
        self._enter(around)
        self._recorder.case(
            f"{name} [{argument}]" if argument else name,
            classname=classname_of(around.bundle, types),
            method=method,
            properties=[("tag", tag) for tag in node.texts("tags")] if "tags" in node else (),
            attempts=[self._recorder.attempt(**one) for one in earlier] if earlier else (),
            **fields,
        )

    def _enter(self, around: Around) -> None:
        if around is not self._entered:
            self._recorder.enter_suite(*around.suites)
            self._entered = around

    def _verdict(self, word: str) -> str:
        """Return the status for a result of Xcode's."""
        return _SPELLED.get(word) or verdict(self._reading, word, _RESULTS)
