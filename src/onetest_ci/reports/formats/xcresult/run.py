"""The runs of a test in Xcode's test results: their texts, and the names of the test."""

from collections.abc import Iterator
from typing import Final

from onetest_ci.model import BAD, ERROR, PASSED
from onetest_ci.reports.engine.limits import DEEPEST
from onetest_ci.reports.engine.recorder import AttemptFields
from onetest_ci.reports.formats.xcresult.node import ARGUMENTS, ATTEMPTS, PARTS, Node

NO_RESULT: Final = "the test has no result"

_WITHOUT_TEXT: Final = ATTEMPTS | {"attachment"}
_SKIPPED: Final = "Test skipped - "


def classname_of(bundle: str, types: str) -> str:
    """Return the class of a test: the types around it, below the name of its bundle."""
    return f"{bundle}.{types}" if bundle and types else bundle or types


def of_identifier(identifier: str) -> tuple[str, str]:
    """Return the types around a test, and its function: ``Cart``, and ``adds(_:)`` of ``Cart/adds(_:)``."""
    names, parenthesis, parameters = identifier.partition("(")
    types, _, function = names.rpartition("/")
    method = function if parameters == ")" else f"{function}{parenthesis}{parameters}"
    return types.replace("/", "."), method


def runs(
    node: Node, places: tuple[str, ...], argument: str, depth: int
) -> Iterator[tuple[Node, tuple[str, ...], str]]:
    """Yield each run of a test: a node, its device and configuration if there are several, its argument."""
    parts = node.of_kinds(PARTS) if depth < DEEPEST else []
    if not parts:
        yield node, places, argument
    for part in parts:
        if part.kind == ARGUMENTS:
            yield from runs(part, places, part.name, depth + 1)
        else:
            names = (*places, part.name) if len(parts) > 1 else places
            yield from runs(part, names, argument, depth + 1)


def fields_of_run(node: Node, status: str) -> AttemptFields:
    """Return verdict, time and texts of a run of a test."""
    reasons = node.reasons()
    reason = reasons[0] if reasons else ""
    if not reason and node.kind == "test case run" and status in BAD:
        reason = node.name
    return AttemptFields(
        status=status,
        message=reason.removeprefix(_SKIPPED).split("\n", 1)[0] or (NO_RESULT if status == ERROR else ""),
        details=details_of(node) if node.children and status != PASSED else "",
        seconds=node.seconds_taken(),
    )


def details_of(node: Node, depth: int = 0) -> str:
    """Return the reasons, with the places, expressions and values in them."""
    lines: list[str] = []
    for child in node.children:
        if child.kind in _WITHOUT_TEXT or depth > DEEPEST:
            continue
        name = child.name
        value = child.text("details") if "details" in child else ""
        lines.append("  " * depth + (f"{name}: {value}" if value and value != name else name))
        if "children" in child:
            lines.append(details_of(child, depth + 1))
    return "\n".join(filter(None, lines))
