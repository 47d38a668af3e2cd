"""What every reader of reports shares: what it is given, what it notes, and the row that registers it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple, Protocol, cast

from onetest_ci.errors import ReportError
from onetest_ci.model import Case, Suite
from onetest_ci.reports.text import DEFAULT_LIMIT

MOST_MERGED: Final = 1_000
"""Tests merged by name alone that are named for each file."""

LONGEST_MERGED: Final = 500
"""Characters kept of such a name."""


@dataclass(slots=True)
class Reading:
    """One file being read: its limits going in, what the reader noted coming out.

    Attributes:
        path: how the user knows the file; for messages.
        text_limit: characters kept of one text.
        counting: nobody takes the records; a reader may give a ``Tally`` for cases that passed.
        merge_repeats: a test that failed and comes again under the same name was retried, in formats that do
            not mark a retry otherwise. False: both are tests.
        error: why the file was not read to its end, else None.
        truncated: the records are the complete ones before a break.
        restarts: how often the file was begun again; what was counted until then does not count.
    """

    path: str
    text_limit: int = DEFAULT_LIMIT
    counting: bool = False
    merge_repeats: bool = True
    error: ReportError | None = None
    truncated: bool = False
    restarts: int = 0
    _warnings: dict[str, str] = field(default_factory=dict)
    _merged: dict[str, None] = field(default_factory=dict)

    def warn(self, kind: str, message: str) -> None:
        """Note something the user should know; one warning of a kind for each file."""
        self._warnings.setdefault(kind, message)

    def merged_by_name(self, name: str) -> None:
        """Note a test whose results were merged because they have one name, and for no other reason."""
        if len(self._merged) < MOST_MERGED:
            self._merged[name[:LONGEST_MERGED]] = None
        elif name not in self._merged:
            self.warn(
                "merged", f"more than {MOST_MERGED:,} tests were merged by name alone; the rest is not named"
            )

    @property
    def merged(self) -> tuple[str, ...]:
        """The tests that were merged by name alone, each once, in the order of the file."""
        return tuple(self._merged)

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings, in the order they came up."""
        return tuple(self._warnings.values())

    def fail(self, error: ReportError, *, truncated: bool = True) -> None:
        """Note that the file ends here for us; what was read before stays."""
        self.error = error
        self.truncated = truncated

    def restart(self) -> None:
        """Forget what was noted: the file is read again from its start."""
        self.restarts += 1
        self._warnings.clear()
        self._merged.clear()
        self.error = None
        self.truncated = False


class Tally(NamedTuple):
    """Cases that passed at the first try, of which only the number and the time are asked.

    Attributes:
        passed: how many.
        seconds: of all of them.
    """

    passed: int
    seconds: float


class Head(NamedTuple):
    """The start of a file, as far as sniffing goes.

    Attributes:
        data: the first bytes.
        root: local name of the XML root element; empty when the file is no XML.
        namespace: of the root element; may be empty.
        keys: when it is JSON, names of the members of its object, or of the first object of its list, as far
            as the head goes; those of objects inside it as ``outer.inner``.
    """

    data: bytes
    root: str = ""
    namespace: str = ""
    keys: frozenset[str] = frozenset()


class ByteStream(Protocol):
    """A report's bytes: read in pieces, and again from the start when need be."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, at most so many; empty at the end. May raise ``OSError`` or ``ReportError``."""

    def seek(self, offset: int, /) -> object:
        """To the start: ``offset`` is 0."""


Records = list[Suite | Case | Tally]
Reader = Callable[[ByteStream, Reading], Iterator[Records]]
"""Yields records in the order of the file, some at a time; a list holds until the next is asked for. A
``Tally`` is among them only when ``reading.counting``.

Never raises for what is in the file but notes ``reading.error``.
"""


def untallied(records: Records) -> list[Suite | Case]:
    """The same records, of a reading that does not only count: no ``Tally`` is among them."""
    return cast("list[Suite | Case]", records)


class Dialect(NamedTuple):
    """One kind of report.

    Attributes:
        name: what rows and messages call it (``junit``).
        title: what people call it (``JUnit XML``).
        sniff: is this file's head that of this dialect?
        may_be: can it be one, when the user says so although ``sniff`` does not know it?
        read: reads it.
        module: where it stands, under ``onetest_ci.reports``.
    """

    name: str
    title: str
    sniff: Callable[[Head], bool]
    may_be: Callable[[Head], bool]
    read: Reader
    module: str


def shown(value: str, limit: int = 60) -> str:
    """A value out of a report, quoted and short enough for a message."""
    return repr(value if len(value) <= limit else value[: limit - 1] + "…")
