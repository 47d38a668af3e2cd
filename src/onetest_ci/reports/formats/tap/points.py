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
_MEMBER: Final = re.compile(r"\s*+[A-Za-z_]\w{0,40}:")
_WANTED: Final = re.compile(r"\s*+(message|error|name|failureType|duration_ms):(.*)")
_RAISED: Final = re.compile(r"^E +(\S.*)$", re.MULTILINE)  # pytest's mark
_BLOCKS: Final = frozenset({"|", "|-", ">", ">-", "|+"})


class Point:
    """A test point, until the next line that is not its own.

    Args:
        description: the text behind its number.
        bad: is it ``not ok``?
        indent: columns before it.
        reading: collects warnings.

    Attributes:
        status: the status of the test.
        yaml_at: columns before its YAML block while that goes on, else -1.
    """

    __slots__ = (
        "_comments",
        "_member",
        "_reading",
        "_yaml",
        "bad",
        "directive",
        "indent",
        "members",
        "name",
        "seconds",
        "status",
        "yaml_at",
    )

    def __init__(self, description: str, *, bad: bool, indent: int, reading: Reading) -> None:
        self.bad = bad
        self.indent = indent
        self.directive = ("", "")
        self.seconds: float | None = None
        self.name = description.strip()
        if "#" in description or "in " in description:
            self._take_directive(description)
        if self.directive[0] == "skip" or (bad and self.directive[0]):
            self.status = SKIPPED
        else:
            self.status = FAILED if bad else PASSED
        self._reading = reading
        self._comments: PrintedText | None = None
        self._yaml: PrintedText | None = None
        self.members: dict[str, str] = {}
        self._member = ""
        self.yaml_at = -1

    def _take_directive(self, description: str) -> None:
        """Read name, directive and duration apart."""
        directive = _DIRECTIVE.search(description)
        if directive is not None:
            self.directive = (directive[1].lower(), description[directive.end() :].strip())
            description = description[: directive.start()]
        name = description.rstrip()
        took = _TIME.search(name)
        if took is not None:
            self.seconds = duration(took[1] or took[2])
            name = name[: took.start()]
        self.name = name.strip().replace("\\#", "#")

    def add_comment(self, text: str) -> None:
        """Add a comment behind the point."""
        self._comments = self._comments or self._text()
        self._comments.add(text + "\n")

    def take_texts(self) -> tuple[str, str]:
        """Return the comments, and the YAML block of a failure."""
        return (
            self._comments.take() if self._comments is not None else "",
            self._yaml.take() if self._yaml is not None else "",
        )

    def _text(self) -> PrintedText:
        return PrintedText(self._reading, PrintedTotal())

    def begin_yaml(self, indent: int) -> bool:
        """Begin the block; False for a mark of another kind, as in the output of a test."""
        if indent > self.indent:
            self.yaml_at = indent
        return self.yaml_at >= 0

    def take_yaml(self, line: str) -> bool:
        """Read a line of the block that goes on; False if the block broke off before it."""
        bare = line.lstrip(" ")
        indent, start = len(line) - len(bare), self.yaml_at
        if indent <= start:
            bare = bare.strip()
            if (indent < start and bare) or (bare == "..." and indent == start):
                self.yaml_at = -1
                return bare == "..."
        if self.status == FAILED:
            # The test of any other point does not show its block.
            self._yaml = self._yaml or self._text()
            self._yaml.add(line[start:] + "\n")
        if indent == start or self._member:
            self._take_member(line, indent)
        return True

    def _take_member(self, line: str, indent: int) -> None:
        at_member = indent == self.yaml_at
        if at_member and (wanted := _WANTED.match(line)):
            name, value = wanted[1], wanted[2].strip()
            self.members[name] = value = "" if value in _BLOCKS else value.strip("'\"")
            # The first line of a block is enough for a message.
            self._member = "" if value else name
        elif self._member:
            if not (at_member and _MEMBER.match(line)):
                self.members[self._member] = value = line.strip()
                if not value:
                    return
            self._member = ""

    def message(self, comments: str) -> str:
        """Return the reason of its directive, or the reason for its failure in its block or comments."""
        written = next((self.members[name] for name in ("message", "error") if self.members.get(name)), "")
        raised = _RAISED.search(comments)
        first = raised[1] if raised else comments.lstrip().split("\n", 1)[0]
        directive, reason = self.directive
        return reason or (directive.upper() if directive else written or first)
