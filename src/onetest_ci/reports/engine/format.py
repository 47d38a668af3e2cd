"""A row of the table of formats, and how it declares what its files are recognised by."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final, NamedTuple

from onetest_ci.reports.engine.head import Head, Sign
from onetest_ci.reports.engine.reading import ByteStream, Reader, Reading, Records

Sniff = Callable[[Head], bool]

_NEVER: Final = r"(?!)"


class Format(NamedTuple):
    """A kind of report: how its files are recognised and read.

    Attributes:
        name: its name in rows, messages and ``--report-format`` (``junit``).
        title: its name for people (``JUnit XML``).
        recognises: return whether a file is of this format.
        could_be: return whether the file can be read as this format if the user pins it.
        is_meant: return whether a file that is not recognised is unmistakably meant to be of this format.
            That is an error, even if the user did not name the file.
        read: reads a file.
        module: its module under ``onetest_ci.reports``.
        needs: XML: elements or attributes, one of which a complete report has at least. Empty if the root is
            enough. JSON: for messages, the members that a file lacks that is only meant to be of this format.
        signs: JSON: the members that decide.
        shared: XML: names of its root element that other documents have as well.
    """

    name: str
    title: str
    recognises: Callable[[Head], bool]
    could_be: Callable[[Head], bool]
    is_meant: Callable[[Head], bool]
    read: Reader
    module: str
    needs: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    shared: tuple[str, ...] = ()


class Root(NamedTuple):
    """An XML root element.

    Attributes:
        names: local names.
        namespace: a part of the root's namespace; empty for none at all, None for any.
        having: attributes, and ...
        holding: ... elements, one of which the root has, where other documents share its name. Files that the
            user named are not held to it.
    """

    names: tuple[str, ...]
    namespace: str | None = None
    having: frozenset[str] = frozenset()
    holding: frozenset[str] = frozenset()

    def recognises(self, head: Head) -> bool:
        """Return whether a file has this root element."""
        xml = head.xml
        if xml is None or xml.name not in self.names:
            return False
        if self.namespace is not None and not (
            self.namespace in xml.namespace if self.namespace else not xml.namespace
        ):
            return False
        if head.place.named or not self.is_shared:
            return True
        return not (self.having.isdisjoint(xml.attributes) and self.holding.isdisjoint(xml.elements))

    @property
    def is_shared(self) -> bool:
        """Whether other documents have a root element of that name."""
        return bool(self.having or self.holding)


def root(*names: str, namespace: str | None = None, having: str = "", holding: str = "") -> Root:
    """Return the root element of a row; see ``Root``."""
    return Root(names, namespace, frozenset(having.split()), frozenset(holding.split()))


class Members(NamedTuple):
    """The members that decide a JSON format.

    Attributes:
        report: alternatives. Each is a list of names, as ``Sign`` has them, of one object; the rarest first.
        marks: alternatives that only a file of this format has, although it cannot be read: of the document.
        in_list: whether the object that can be read is an item of the document's list.
        needs: what a file with marks lacks, for messages.
    """

    report: tuple[str, ...]
    marks: tuple[str, ...]
    needs: str
    in_list: bool = False

    def signs(self, name: str) -> Iterator[Sign]:
        """Yield the signs of the format of this name."""
        for names in self.report:
            yield Sign(name, tuple(names.split()), in_list=self.in_list, enough=True)
        for names in self.marks:
            yield Sign(name, tuple(names.split()), in_list=False, enough=False)


def lines(*, certain: str, likely: str, possible: str, within: str) -> Sniff:
    """Return a test for a text that is neither XML nor JSON, by its first line that is not a comment.

    All arguments are regular expressions.

    Args:
        certain: what the line begins with in any file.
        likely: what it begins with in a file whose extension is that of a runner's output.
        possible: what it begins with in a file that the user named, or that has the extension of a report.
        within: what a later line of such a file begins with.
    """
    in_any = re.compile(certain.encode())
    in_output = re.compile(likely.encode(), re.MULTILINE | re.DOTALL)
    in_report = re.compile(rf"{possible}|.*?^(?:{within})".encode(), re.MULTILINE | re.DOTALL)

    def recognises(head: Head) -> bool:
        text, place = head.text.lstrip(), head.place
        if in_any.match(text):
            return True
        if place.text_before:
            return in_report.match(text) is not None
        return place.of_runner and in_output.match(text) is not None

    return recognises


def xml_format(name: str, title: str, root: Root, module: str, *, needs: str = "", marks: str = "") -> Format:
    """Return a row for a module that reads XML; pinned, it takes any XML.

    Args:
        name: what rows and messages call the format.
        title: what people call it.
        root: its root element.
        module: its module in ``formats``.
        needs: elements or attributes, one of which a whole report has at least.
        marks: a regular expression for a start tag that is unmistakable even if it is broken or cut off.
            The root's name is enough unless other documents share it.
    """
    names = "|".join(map(re.escape, root.names))
    begun = re.compile(marks or (_NEVER if root.is_shared else rf"(?:{names})(?![\w.-])"))
    return Format(
        name,
        title,
        root.recognises,
        lambda head: bool(head.root),
        lambda head: begun.match(head.begun) is not None,
        _late(module),
        f"formats.{module}",
        tuple(needs.split()),
        shared=root.names if root.is_shared else (),
    )


def json_format(name: str, title: str, members: Members, module: str) -> Format:
    """Return a row for a module that reads JSON; pinned, it takes any JSON."""
    return Format(
        name,
        title,
        lambda head: head.json is not None and head.json.format == name,
        lambda head: head.json is not None,
        lambda head: head.json is not None and head.json.marks == name,
        _late(module),
        f"formats.{module}",
        (members.needs,),
        tuple(members.signs(name)),
    )


def text_format(name: str, title: str, recognises: Sniff, module: str) -> Format:
    """Return a row for a module that reads text; pinned, it takes anything.

    A text has no marks beside its first line: what it lacks, its reader finds.
    """
    return Format(
        name, title, recognises, lambda _: True, lambda _: False, _late(module), f"formats.{module}"
    )


def _late(module: str) -> Reader:
    """The reader of a module in ``formats``, which is imported when the first file is read by it."""

    def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
        read_by_module: Reader = import_module(f"onetest_ci.reports.formats.{module}").read
        return read_by_module(stream, reading)

    return read
