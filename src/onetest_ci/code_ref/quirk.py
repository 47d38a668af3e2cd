"""The row of a quirk, and the parts of a test that rows rewrite."""

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from onetest_ci.model import Suite

Written = TypeVar("Written")
Rewritten = TypeVar("Rewritten")


class Quirk(NamedTuple, Generic[Written, Rewritten]):
    """One way to spell a part of a test.

    Attributes:
        producer: the tools that spell it so.
        match: returns whether a part is spelled so.
        rewrite: returns a part that matches as other producers spell it.
        example: a part that matches, and what becomes of it.
        source: the file below ``tests/data`` with the example: a report that the tool wrote, or the table
            of references.
        mark: a text that each name so spelled contains. It is checked first, as few names contain it. Empty
            for none.
    """

    producer: str
    match: Callable[[Written], bool]
    rewrite: Callable[[Written], Rewritten]
    example: tuple[Written, Rewritten]
    source: str
    mark: str = ""


def rewritten(quirks: Iterable[Quirk[Written, Rewritten]], part: Written) -> Rewritten | None:
    """Return a part as the first row that matches rewrites it. None if no row matches."""
    for quirk in quirks:
        if quirk.match(part):
            return quirk.rewrite(part)
    return None


class Parameters(NamedTuple):
    """One way to write parameters behind the name of a method.

    Attributes:
        producer: the tools that write them so.
        mark: a text that each such name contains, checked first. Empty for none.
        method: returns a match whose first group is the method. None if the name has no such parameters.
        example: a name with parameters, and its method.
        source: as in ``Quirk``.
        suffixes: of the test's file. None if the spelling is not special to a language.
    """

    producer: str
    mark: str
    method: Callable[[str], re.Match[str] | None]
    example: tuple[str, str]
    source: str
    suffixes: frozenset[str] | None = None


class Test(NamedTuple):
    """A test as its report spells it, and the suites and directories around it.

    Attributes:
        classname: as the report spells it.
        name: as the report spells it.
        file: of the test or of its suites. Empty if the report has none.
        suites: those around the test, from the outermost to its own.
        bases: directories that modules may start from.
    """

    classname: str
    name: str
    file: str = ""
    suites: Sequence[Suite] = ()
    bases: tuple[Path, ...] = ()

    @property
    def suite(self) -> str:
        """The name of the test's own suite. Empty for none."""
        return self.suites[-1].name if self.suites else ""


class LoneClass(NamedTuple):
    """A class for which the report has no file, with the name of its suite."""

    classname: str
    suite: str = ""
    bases: tuple[Path, ...] = ()


class ClassInFile(NamedTuple):
    """A class, and the file that the report has for it."""

    classname: str
    file: str


class Method(NamedTuple):
    """The name of a test without its parameters, and what is before it: a file and the class in it."""

    name: str
    file: str = ""
    inner: str = ""
    suffix: str = ""
