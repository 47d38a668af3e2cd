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

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final, NamedTuple

from onetest_ci.errors import ReportError
from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.fields import Fields, fields_of
from onetest_ci.reports.engine.json_stream import DEEPEST, JsonStream, read_json
from onetest_ci.reports.engine.reading import ByteStream, Reading, Records
from onetest_ci.reports.engine.recorder import AttemptFields, Recorder, verdict
from onetest_ci.reports.engine.values import duration
from onetest_ci.reports.format_features import FormatFeatures
from onetest_ci.text.cut import LONGEST_NAME

FEATURES: Final = FormatFeatures(
    code_ref="bundle, types and function, without folders",
    retries="`Repetition` and `Test Case Run`",
    outside="suites, bundles and plans that failed without a failed test",
    totals="`result` of each node above the test cases",
    parameters="`Arguments` in the name; devices and configurations, as suites",
    times="duration",
)

MOST_KNOWN: Final = 1_000
"""Maximum of test plans and bundles whose names are remembered."""

_STREAMED: Final = 2
"""Levels of nodes that are walked; the nodes below are decoded one by one."""

_RESULTS: Final = {
    "passed": PASSED,
    "failed": FAILED,
    "skipped": SKIPPED,
    "expected failure": PASSED,
    "unknown": ERROR,
}
_SPELLED: Final = {"Passed": PASSED, "Failed": FAILED, "Skipped": SKIPPED}
_CASE: Final = "test case"
_PLAN: Final = "test plan"
_BUNDLES: Final = frozenset({"unit test bundle", "ui test bundle"})
_ARGUMENTS: Final = "arguments"
_PLACES: Final = frozenset({"device", "test plan configuration"})
_PARTS: Final = _PLACES | {_ARGUMENTS}
_ATTEMPTS: Final = frozenset({"repetition", "test case run"})
_REASON: Final = "failure message"
_KINDS: Final = {
    spelled: spelled.lower()
    for spelled in (
        *("Test Plan", "Unit test bundle", "UI test bundle", "Test Suite", "Test Case", "Test Case Run"),
        *("Device", "Test Plan Configuration", "Arguments", "Repetition", "Failure Message"),
        *("Source Code Reference", "Attachment", "Expression", "Test Value", "Runtime Warning"),
    )
}
_WITHOUT_TEXT: Final = _ATTEMPTS | {"attachment"}
_SUITES: Final = frozenset({_PLAN, *_BUNDLES, "test suite", *_PLACES})
_LEFT_OUT: Final = frozenset({"attachment", "runtime warning", _REASON, *_ATTEMPTS, _ARGUMENTS})
_SKIPPED: Final = "Test skipped - "
_HEAD: Final = ("name", "nodeType", "result")
_NO_RESULT: Final = "the test has no result"

_Path = tuple[int, ...]
"""Where a node is: the numbers of the items that lead to it."""


class _Node(Fields):
    """A node of the tree. The nodes in it are looked at once."""

    __slots__ = ("_children", "kind")

    def __init__(self, members: Mapping[str, Any], reading: Reading) -> None:
        self._members = members
        self.reading = reading
        kind = members.get("nodeType")
        # Nearly all are spelled as in the schema, and there are many.
        self.kind = (type(kind) is str and _KINDS.get(kind)) or self.word("nodeType")
        self._children: list[_Node] | None = None

    @property
    def name(self) -> str:
        """Its name; the text, of a reason."""
        return self.text("name")

    @property
    def children(self) -> "list[_Node]":
        """The nodes in it."""
        if self._children is None:
            reading = self.reading
            nodes = self._list("children") if "children" in self._members else ()
            self._children = [
                _Node(one, reading) if type(one) is dict else _node_of(one, reading) for one in nodes
            ]
        return self._children

    def of_kinds(self, kinds: frozenset[str]) -> "list[_Node]":
        """Return the nodes in it of these types."""
        return [child for child in self.children if child.kind in kinds]

    def seconds_taken(self) -> float | None:
        """Return the duration, which some languages write with a decimal comma."""
        seconds = self._members.get("durationInSeconds")
        if type(seconds) is not float:
            seconds = self.number("durationInSeconds")
        return duration(self.text("duration").replace(",", ".")) if seconds is None else seconds

    def reasons(self) -> list[str]:
        """Return the messages of its failures."""
        return [child.name for child in self.children if child.kind == _REASON]


def _node_of(value: Any, reading: Reading) -> _Node:
    if type(value) is not dict:
        fields_of(value, reading, "a node")
    return _Node(value, reading)


class _Around(NamedTuple):
    """What is around a node.

    Attributes:
        suites: their names, from the outermost.
        bundle: the name of its bundle.
        depth: how many nodes are around it.
    """

    suites: tuple[str, ...] = ()
    bundle: str = ""
    depth: int = 0

    def inside(self, node: _Node) -> "_Around":
        """Return what is around the nodes in a node."""
        suites = (*self.suites, node.name) if node.name else self.suites
        return _Around(suites, node.name if node.kind in _BUNDLES else self.bundle, self.depth + 1)


def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
    """Yield suites for plans, bundles and suites, and a case for each test."""
    heads: dict[_Path, dict[str, Any]] = {}
    # The error of a broken file comes from the second pass, with the tests before the break.
    with suppress(ReportError):
        first = JsonStream(stream, Reading(reading.path, start=reading.start))
        for key in first.members():
            if key == "testNodes":
                for number, _ in enumerate(first.items(key)):
                    _find_heads(first, (number,), heads)
                    if len(heads) == MOST_KNOWN:
                        break
                break
    stream.seek(0)
    return read_json(stream, reading, lambda document, recorder: _Report(recorder, heads).walk(document))


def _find_heads(document: JsonStream, path: _Path, heads: dict[_Path, dict[str, Any]]) -> None:
    """Remember the members, other than its children, of the next node and of those in it."""
    if document.peek() != "{":
        return
    if (whole := document.short_object()) is not None:
        _remember(whole, path, heads)
        return
    head: dict[str, Any] = {}
    for key in document.members():
        if key == "children":
            if len(path) < _STREAMED and document.peek() == "[":
                for number, _ in enumerate(document.items(key)):
                    _find_heads(document, (*path, number), heads)
        elif key in _HEAD:
            head[key] = document.value()
    _remember(head, path, heads)


def _remember(node: dict[str, Any], path: _Path, heads: dict[_Path, dict[str, Any]]) -> None:
    if len(heads) >= MOST_KNOWN:
        return
    heads[path] = {
        key: value[:LONGEST_NAME] if isinstance(value, str) else None
        for key, value in node.items()
        if key in _HEAD
    }
    children = node.get("children")
    if len(path) < _STREAMED and isinstance(children, list):
        for number, child in enumerate(children):
            if isinstance(child, dict):
                _remember(child, (*path, number), heads)


class _Report:
    def __init__(self, recorder: Recorder, heads: dict[_Path, dict[str, Any]]) -> None:
        self._recorder = recorder
        self._reading = recorder.reading
        self._heads = heads
        self._entered: _Around | None = None
        self._is_full = len(heads) == MOST_KNOWN

    def walk(self, document: JsonStream) -> Iterator[None]:
        """Take the members, in any order."""
        for key in document.members():
            if key == "testNodes":
                for number, _ in enumerate(document.items(key)):
                    yield from self._walk_node(document, (number,), _Around())

    def _walk_node(self, document: JsonStream, path: _Path, around: _Around) -> Iterator[None]:
        """Take the next node. Walk it, if it is one of the outermost suites, which is never held whole."""
        head = self._head(path)
        # The head of a node that breaks off is not known.
        is_suite = head.kind in _SUITES or (path not in self._heads and not self._is_full)
        whole = document.short_object() if is_suite and len(path) <= _STREAMED else document.value()
        if whole is not None or document.peek() != "{":
            self._node(_node_of(whole, self._reading), around)
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
        self, document: JsonStream, path: _Path, around: _Around, reasons: list[str]
    ) -> Iterator[None]:
        if len(path) <= _STREAMED and self._head(path).kind != _REASON:
            yield from self._walk_node(document, path, around)
            return
        node = _node_of(document.value(), self._reading)
        if node.kind == _REASON:
            reasons.append(node.name)
        else:
            self._node(node, around)
        yield

    def _head(self, path: _Path) -> _Node:
        return _Node(self._heads.get(path, {}), self._reading)

    # Suites

    def _node(self, node: _Node, around: _Around) -> None:
        if node.kind == _CASE:
            self._test(node, around)
        elif node.kind not in _LEFT_OUT:
            if node.kind not in _SUITES:
                self._reading.warn(
                    "node", f"a node of an unknown type, {node.kind[:60]!r}, is read as a suite"
                )
            self._suite(node, around)

    def _suite(self, node: _Node, around: _Around) -> None:
        if around.depth > DEEPEST:
            raise ReportError(
                "too-deep",
                f"{self._reading.path} has more than {DEEPEST} suites inside each other.",
                "The tests before that place were read. See what wrote the file.",
            )
        bad, inside = self._recorder.bad, around.inside(node)
        for child in node.children:
            if child.kind == _CASE:
                self._test(child, inside)
            else:
                self._node(child, inside)
        if node.text("result") != "Passed":
            self._end_suite(node, inside, bad, node.reasons())

    def _end_suite(self, node: _Node, inside: _Around, bad: int, reasons: list[str]) -> None:
        """Record what a suite failed by, if it was not by its tests."""
        result = node.text("result")
        status = self._verdict(result) if result else PASSED
        if status in BAD and (self._recorder.bad == bad or reasons):
            self._enter(inside)
            reason = next(iter(reasons), "the suite failed, but none of its tests")
            self._recorder.failure_of_suite(
                status=ERROR, message=reason.split("\n", 1)[0], details="\n".join(reasons)
            )

    # Tests

    def _test(self, node: _Node, around: _Around) -> None:
        if "children" not in node and "tags" not in node:
            self._plain_test(node, around)
            return
        bad = self._recorder.bad
        if not node.of_kinds(_PARTS):
            self._run(node, node, around, "")
            return
        for run, places, argument in _runs(node, (), "", 0):
            inside = around._replace(suites=(*around.suites, *places)) if places else around
            self._run(node, run, inside, argument)
        # It may have failed outside of its runs.
        if self._recorder.bad == bad and "result" in node:
            status = self._verdict(node.text("result"))
            if status in BAD:
                self._case(node, _fields(node, status), around, "")

    def _plain_test(self, node: _Node, around: _Around) -> None:
        """Record a test with nothing in it, as nearly all are; ``_case`` takes twice the time."""
        name = node.text("name")
        types, method = _of_identifier(node.text("nodeIdentifier") or name)
        result = node.text("result")
        status = _SPELLED.get(result) or self._verdict(result)
        self._enter(around)
        self._recorder.case(
            name,
            status=status,
            message=_NO_RESULT if status == ERROR else "",
            seconds=node.seconds_taken(),
            classname=_joined(around.bundle, types),
            method=method,
        )

    def _run(self, node: _Node, run: _Node, around: _Around, argument: str) -> None:
        attempts = run.of_kinds(_ATTEMPTS)
        status = self._status(run, attempts)
        if not attempts:
            self._case(node, _fields(run, status), around, argument)
            return
        results = [self._status(one, one.of_kinds(_ATTEMPTS)) for one in attempts]
        shown = attempts[-1]
        if status in BAD and results[-1] not in BAD:
            # It fails by an attempt before the last.
            shown = next((one for one, result in zip(attempts, results, strict=True) if result in BAD), run)
        fields = _fields(shown, status)
        fields["details"] = fields["details"] or _details(run)
        seconds = attempts[-1].seconds_taken()
        fields["seconds"] = run.seconds_taken() if seconds is None else seconds
        earlier = list(map(_fields, attempts[:-1], results[:-1]))
        self._case(node, fields, around, argument, earlier)

    def _status(self, node: _Node, attempts: Sequence[_Node], depth: int = 0) -> str:
        """Return the verdict of a run. The last of its attempts counts as well, if it failed."""
        last = ""
        if attempts and depth < DEEPEST:
            last = self._status(attempts[-1], attempts[-1].of_kinds(_ATTEMPTS), depth + 1)
        result = node.text("result")
        if not result:
            return last or ERROR
        status = self._verdict(result)
        return last if last in BAD and status not in BAD else status

    def _case(
        self,
        node: _Node,
        fields: AttemptFields,
        around: _Around,
        argument: str,
        earlier: Sequence[AttemptFields] = (),
    ) -> None:
        name = node.name
        types, method = _of_identifier(node.text("nodeIdentifier") or name)
        self._enter(around)
        self._recorder.case(
            f"{name} [{argument}]" if argument else name,
            classname=_joined(around.bundle, types),
            method=method,
            properties=[("tag", tag) for tag in node.texts("tags")] if "tags" in node else (),
            attempts=[self._recorder.attempt(**one) for one in earlier] if earlier else (),
            **fields,
        )

    def _enter(self, around: _Around) -> None:
        if around is not self._entered:
            self._recorder.enter_suite(*around.suites)
            self._entered = around

    def _verdict(self, word: str) -> str:
        """Return the status for a result of Xcode's."""
        return _SPELLED.get(word) or verdict(self._reading, word, _RESULTS)


def _joined(bundle: str, types: str) -> str:
    return f"{bundle}.{types}" if bundle and types else bundle or types


def _of_identifier(identifier: str) -> tuple[str, str]:
    """Return the types around a test, and its function: ``Cart``, and ``adds(_:)`` of ``Cart/adds(_:)``."""
    names, parenthesis, parameters = identifier.partition("(")
    types, _, function = names.rpartition("/")
    method = function if parameters == ")" else f"{function}{parenthesis}{parameters}"
    return types.replace("/", "."), method


def _runs(
    node: _Node, places: tuple[str, ...], argument: str, depth: int
) -> Iterator[tuple[_Node, tuple[str, ...], str]]:
    """Yield each run of a test: a node, its device and configuration if there are several, its argument."""
    parts = node.of_kinds(_PARTS) if depth < DEEPEST else []
    if not parts:
        yield node, places, argument
    for part in parts:
        if part.kind == _ARGUMENTS:
            yield from _runs(part, places, part.name, depth + 1)
        else:
            names = (*places, part.name) if len(parts) > 1 else places
            yield from _runs(part, names, argument, depth + 1)


def _fields(node: _Node, status: str) -> AttemptFields:
    reasons = node.reasons()
    reason = reasons[0] if reasons else ""
    if not reason and node.kind == "test case run" and status in BAD:
        reason = node.name
    return AttemptFields(
        status=status,
        message=reason.removeprefix(_SKIPPED).split("\n", 1)[0] or (_NO_RESULT if status == ERROR else ""),
        details=_details(node) if node.children and status != PASSED else "",
        seconds=node.seconds_taken(),
    )


def _details(node: _Node, depth: int = 0) -> str:
    """Return the reasons, with the places, expressions and values in them."""
    lines: list[str] = []
    for child in node.children:
        if child.kind in _WITHOUT_TEXT or depth > DEEPEST:
            continue
        name = child.name
        value = child.text("details") if "details" in child else ""
        lines.append("  " * depth + (f"{name}: {value}" if value and value != name else name))
        if "children" in child:
            lines.append(_details(child, depth + 1))
    return "\n".join(filter(None, lines))
