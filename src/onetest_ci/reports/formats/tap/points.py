"""A test point of TAP with what belongs to it: directive, duration, comments and YAML block.

Facts: testanything.org's specification of TAP 14: a ``#`` that white space precedes starts a directive, and a
failed point with ``SKIP`` or ``TODO`` is not a failure. A YAML block is indented more than its point. The
blocks are those of node:test, tap and pytest-tap.
"""

import re
from typing import Final

from onetest_ci.model import FAILED, PASSED, SKIPPED
from onetest_ci.reports.engine.lines import PrintedText, PrintedTotal
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.engine.values import duration

_DIRECTIVE: Final = re.compile(r"(?:^|\s)#\s*+(skip(?=\b|ped\b)|todo\b)\S*", re.IGNORECASE)
# node-tap's comment; bats with --timing, which counted whole seconds up to 1.2.
_TIME: Final = re.compile(r"(?<!\\)#\s*+time=([\d.]++\s*+(?:ms|s|m|h))$|\sin (\d+(?:ms|sec))$")
_MEMBER: Final = re.compile(r"\s*+([A-Za-z_]\w{0,40}):(.*)")
_RAISED: Final = re.compile(r"^E +(\S.*)$", re.MULTILINE)  # pytest's mark
_WANTED: Final = frozenset({"message", "error", "name", "failureType", "duration_ms"})
_BLOCKS: Final = frozenset({"|", "|-", ">", ">-", "|+"})


class Point:
    """A test point, until the next line that is not its own.

    Args:
        description: the text behind its number.
        bad: is it ``not ok``?
        indent: columns before it.
        reading: collects warnings.

    Attributes:
        yaml_at: columns before its YAML block while that goes on, else -1.
    """

    __slots__ = (
        "_member",
        "bad",
        "comments",
        "directive",
        "indent",
        "members",
        "name",
        "seconds",
        "yaml",
        "yaml_at",
    )

    def __init__(self, description: str, *, bad: bool, indent: int, reading: Reading) -> None:
        self.bad = bad
        self.indent = indent
        directive = _DIRECTIVE.search(description)
        reason = description[directive.end() :].strip() if directive else ""
        self.directive = (directive[1].lower(), reason) if directive else ("", "")
        name = (description[: directive.start()] if directive else description).rstrip()
        took = _TIME.search(name)
        self.seconds = duration(took[1] or took[2]) if took else None
        self.name = (name[: took.start()] if took else name).strip().replace("\\#", "#")
        self.comments = PrintedText(reading, PrintedTotal())
        self.yaml = PrintedText(reading, PrintedTotal())
        self.members: dict[str, str] = {}
        self._member = ""
        self.yaml_at = -1

    @property
    def status(self) -> str:
        """The status of the test."""
        if self.directive[0] == "skip" or (self.bad and self.directive[0]):
            return SKIPPED
        return FAILED if self.bad else PASSED

    def begin_yaml(self, indent: int) -> bool:
        """Begin the block; False for a mark of another kind, as in the output of a test."""
        if indent > self.indent:
            self.yaml_at = indent
        return self.yaml_at >= 0

    def take_yaml(self, line: str) -> bool:
        """Take a line of the block that goes on; False if the block broke off before it."""
        bare = line.strip()
        indent = len(line) - len(line.lstrip(" "))
        if (indent < self.yaml_at and bare) or (bare == "..." and indent == self.yaml_at):
            self.yaml_at = -1
            return bare == "..."
        self.yaml.add(line[self.yaml_at :] + "\n")
        self._take_member(line, indent)
        return True

    def _take_member(self, line: str, indent: int) -> None:
        member = _MEMBER.match(line) if indent == self.yaml_at else None
        if member:
            self._member = member[1] if member[1] in _WANTED else ""
            value = member[2].strip()
            if self._member:
                self.members[self._member] = "" if value in _BLOCKS else value.strip("'\"")
        elif self._member and not self.members.get(self._member):
            # The first line of a block is enough for a message.
            self.members[self._member] = line.strip()

    def message(self, comments: str) -> str:
        """Return the reason of its directive, or the reason for its failure in its block or comments."""
        written = next((self.members[name] for name in ("message", "error") if self.members.get(name)), "")
        raised = _RAISED.search(comments)
        first = raised[1] if raised else comments.lstrip().split("\n", 1)[0]
        directive, reason = self.directive
        return reason or (directive.upper() if directive else written or first)
