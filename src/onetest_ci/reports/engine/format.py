"""A row of the table of formats: how a kind of report is recognised, and which module reads it."""

import re
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import NamedTuple

from onetest_ci.reports.engine.head import Head, Sign
from onetest_ci.reports.engine.reading import ByteStream, Reader, Reading, Records

Test = Callable[[Head], bool]


class Format(NamedTuple):
    """A kind of report. ``xml_format``, ``json_format`` and ``text_format`` make the rows.

    Attributes:
        name: its name in rows, messages and ``--report-format`` (``junit``).
        title: its name for people (``JUnit XML``).
        module: its module under ``onetest_ci.reports.formats``.
        recognises: return whether a file is of this format.
        could_be: return whether the file can be read as this format if the user pins it.
        is_meant: return whether a file that is not recognised is unmistakably meant to be of this format.
            That is an error, even if the user did not name the file.
        needs: XML: elements or attributes, one of which a complete report has at least. Empty if the root is
            enough.
        shared: XML: names of its root element that other documents have as well.
        signs: JSON: the members that decide.
        lacks: JSON: for messages, the members that a file lacks which is only meant to be of this format.
        confidential: why a file is not kept among the raw reports, as it holds credentials by its nature;
            empty for all other formats.
    """

    name: str
    title: str
    module: str
    recognises: Test
    could_be: Test
    is_meant: Test
    needs: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    signs: tuple[Sign, ...] = ()
    lacks: str = ""
    confidential: str = ""

    def read(self, stream: ByteStream, reading: Reading) -> Iterator[Records]:
        """Yield the records of a file. Import the format's module, if this is its first file."""
        read: Reader = import_module(f"onetest_ci.reports.formats.{self.module}").read
        return read(stream, reading)


class Root(NamedTuple):
    """An XML root element.

    Attributes:
        names: local names.
        namespace: a part of the root's namespace; empty for no namespace at all, None for any.
        not_namespace: the namespace that the root must not have; empty for none.
        having: attributes, and ...
        holding: ... elements, one of which the root has, where other documents share its name. A file that
            the user named needs none of them.
        always: attributes that the root has, all of them, also in a file that the user named.
    """

    names: tuple[str, ...]
    namespace: str | None = None
    not_namespace: str = ""
    having: frozenset[str] = frozenset()
    holding: frozenset[str] = frozenset()
    always: frozenset[str] = frozenset()

    def is_root_of(self, head: Head) -> bool:
        """Return whether a file has this root element."""
        xml = head.xml
        if xml is None or xml.name not in self.names or not self._allows(xml.namespace):
            return False
        if not self.always <= xml.attributes:
            return False
        if head.hints.named or not (self.having or self.holding):
            return True
        return not (self.having.isdisjoint(xml.attributes) and self.holding.isdisjoint(xml.elements))

    def _allows(self, namespace: str) -> bool:
        if self.not_namespace and namespace == self.not_namespace:
            return False
        if self.namespace is None:
            return True
        return self.namespace in namespace if self.namespace else not namespace

    @property
    def is_shared(self) -> bool:
        """Whether other documents have a root element of that name."""
        return bool(self.having or self.holding or self.always)


def root(
    *names: str,
    namespace: str | None = None,
    not_namespace: str = "",
    having: str = "",
    holding: str = "",
    always: str = "",
) -> Root:
    """Return the root element of a row; see ``Root``."""
    having_any, holding_any, all_of = (frozenset(text.split()) for text in (having, holding, always))
    return Root(names, namespace, not_namespace, having_any, holding_any, all_of)


def xml_format(
    name: str,
    title: str,
    root: Root,
    module: str,
    *,
    also: Root | None = None,
    needs: str = "",
    start_tag: str = "",
) -> Format:
    """Return a row for a module that reads XML; a user can pin it for any XML.

    Args:
        name: the name of the format in rows and messages.
        title: its name for people.
        root: its root element.
        module: its module in ``formats``.
        also: the root element of its other documents, if it has a second one.
        needs: elements or attributes, one of which a complete report has at least.
        start_tag: a regular expression for a start tag that is unmistakable even if it is broken or cut off.
            If empty, the root's name decides, unless other documents share it.
    """
    names = "|".join(map(re.escape, root.names))
    unmistakable = start_tag or ("" if root.is_shared else rf"(?:{names})(?![\w.-])")
    roots = (root,) if also is None else (root, also)
    return Format(
        name,
        title,
        module,
        lambda head: any(one.is_root_of(head) for one in roots),
        lambda head: bool(head.root),
        lambda head: bool(unmistakable) and re.match(unmistakable, head.start_tag) is not None,
        needs=tuple(needs.split()),
        shared=tuple(name for one in roots if one.is_shared for name in one.names),
    )


class Members(NamedTuple):
    """The members that decide a JSON format.

    Attributes:
        report: alternatives. Each is a list of names, as ``Sign`` has them, of one object; the rarest first.
        meant: alternatives of the document that only a file of this format has, although it cannot be read.
        lacks: for messages, the members that such a file lacks.
        in_list: whether the object that can be read is an item of the document's list.
    """

    report: tuple[str, ...]
    meant: tuple[str, ...]
    lacks: str
    in_list: bool = False

    def signs(self, name: str) -> Iterator[Sign]:
        """Yield the signs of the format of this name."""
        for names in self.report:
            yield Sign(name, tuple(names.split()), in_list=self.in_list, readable=True)
        for names in self.meant:
            yield Sign(name, tuple(names.split()), in_list=False, readable=False)


def json_format(name: str, title: str, members: Members, module: str, *, confidential: str = "") -> Format:
    """Return a row for a module that reads JSON; a user can pin it for any JSON."""
    return Format(
        name,
        title,
        module,
        lambda head: head.json is not None and head.json.format == name,
        lambda head: head.json is not None,
        lambda head: head.json is not None and head.json.meant == name,
        signs=tuple(members.signs(name)),
        lacks=members.lacks,
        confidential=confidential,
    )


class Lines(NamedTuple):
    """Patterns of the first line, other than a comment, of a text that is neither XML nor JSON.

    Attributes:
        certain: how the line begins in any file.
        likely: how it begins in a file whose extension is that of a runner's output.
        possible: how it begins in a file that the user named, or that has the extension of a report.
        within: such a file from its beginning to the start of a later line that shows the format.
    """

    certain: re.Pattern[bytes]
    likely: re.Pattern[bytes]
    possible: re.Pattern[bytes]
    within: re.Pattern[bytes]

    def begin(self, head: Head) -> bool:
        """Return whether a file begins with such a line."""
        text, hints = head.text.lstrip(), head.hints
        if self.certain.match(text):
            return True
        if hints.text_before:
            return bool(self.possible.match(text) or self.within.match(text))
        return hints.is_output and self.likely.match(text) is not None


def text_format(name: str, title: str, lines: Lines, module: str) -> Format:
    """Return a row for a module that reads text; a user can pin it for any file.

    A text is never only meant to be of the format: its first line is all that shows it.
    """
    return Format(name, title, module, lines.begin, lambda _: True, lambda _: False)
