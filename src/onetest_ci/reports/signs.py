"""By what a dialect knows its files: small tests on a file's head, for the rows in ``dialects.py``."""

import codecs
import re
from collections.abc import Callable, Iterator
from importlib import import_module

from onetest_ci.reports.dialect import ByteStream, Dialect, Head, Reader, Reading, Records

Sniff = Callable[[Head], bool]


def root(*names: str, namespace: str | None = None) -> Sniff:
    """An XML document with one of these root elements.

    Args:
        names: local names.
        namespace: a part of the root's namespace; empty for none at all, None for whatever it is.
    """

    def sniff(head: Head) -> bool:
        if head.root not in names:
            return False
        return namespace is None or (namespace in head.namespace if namespace else not head.namespace)

    return sniff


def keys(*needed: str, any_of: tuple[str, ...] = ()) -> Sniff:
    """A JSON document whose first object has these members, and one of those; see ``Head.keys``."""

    def sniff(head: Head) -> bool:
        return head.keys.issuperset(needed) and (not any_of or not head.keys.isdisjoint(any_of))

    return sniff


def lines(pattern: str, *, ignoring: str) -> Sniff:
    """A text, no XML, whose first line matches; blank lines and comments are passed over.

    Args:
        pattern: what the line begins with.
        ignoring: what a comment begins with.
    """
    found = re.compile(rf"(?:\s|{re.escape(ignoring)}[^\n]*\n)*(?:{pattern})".encode())

    def sniff(head: Head) -> bool:
        if head.root:
            return False
        data = head.data
        for bom in (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            data = data.removeprefix(bom)
        # Enough of UTF-16, as PowerShell writes it, for patterns in ASCII.
        return found.match(data.replace(b"\0", b"")) is not None

    return sniff


def xml_dialect(name: str, title: str, sniff: Sniff, module: str) -> Dialect:
    """A row for a module that reads XML; pinned, it takes any XML."""
    return Dialect(name, title, sniff, lambda head: bool(head.root), _late(module), f"native.{module}")


def json_dialect(name: str, title: str, sniff: Sniff, module: str) -> Dialect:
    """A row for a module that reads JSON; pinned, it takes any JSON."""
    return Dialect(name, title, sniff, lambda head: bool(head.keys), _late(module), f"native.{module}")


def text_dialect(name: str, title: str, sniff: Sniff, module: str) -> Dialect:
    """A row for a module that reads text; pinned, it takes anything."""
    return Dialect(name, title, sniff, lambda _: True, _late(module), f"native.{module}")


def _late(module: str) -> Reader:
    """The reader of a module in ``native``, which is imported when the first file is read by it."""

    def read(stream: ByteStream, reading: Reading) -> Iterator[Records]:
        read_by_module: Reader = import_module(f"onetest_ci.reports.native.{module}").read
        return read_by_module(stream, reading)

    return read
