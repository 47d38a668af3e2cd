"""Write JUnit documents for the Receiver's import: UTF-8, one root, no DOCTYPE, at most 10 MB each.

The Receiver spells a code_ref as ``{classname}.{name}`` (docs/onetest-api.md#junit-import). So if the case's
own code_ref ends in its name, the document's classname is the part before the name.
"""

import re
from contextlib import closing
from enum import IntEnum
from functools import lru_cache
from pathlib import Path
from typing import Final, NamedTuple
from xml.sax.saxutils import escape

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.logs import failure_text
from onetest_ci.bundle.records import Result, StoredCase
from onetest_ci.errors import bundle_not_written
from onetest_ci.limits import CODE_REF, ITEM_NAME, MAX_DOCUMENT_BYTES, cut
from onetest_ci.model import BAD, ERROR, FAILED, PASSED, SKIPPED, Case, Suite
from onetest_ci.text.characters import replace_non_xml

_HEAD: Final = b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
_TAIL: Final = b"</testsuites>\n"
_SUITE_TAIL: Final = b"</testsuite>\n"
_CUT_DETAILS: Final = 2000
_TAGS: Final = {FAILED: "failure", ERROR: "error", SKIPPED: "skipped"}
_PLAIN: Final = re.compile("[ !#-%'-;=?-~]*").fullmatch
_NOT_PLAIN: Final = bytes({*range(0x20), *b"&<>\x7f"} - {*b"\t\n"})
_LINE_BREAKS: Final = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"}


class Trim(IntEnum):
    """How much is left out to fit, from least to most (docs/onetest-api.md#documents-over-10-mb)."""

    NOTHING = 0
    OUTPUT_OF_PASSED = 1
    ALL_OUTPUT = 2
    LONG_TRACES = 3

    @property
    def loss(self) -> str:
        """What is left out, for people."""
        return _LOSSES[self]


_LOSSES: Final = {
    Trim.NOTHING: "",
    Trim.OUTPUT_OF_PASSED: "the output of passed tests was left out",
    Trim.ALL_OUTPUT: "the output of all tests was left out",
    Trim.LONG_TRACES: "the output of all tests was left out and stack traces were cut",
}


class Document(NamedTuple):
    """One document.

    Attributes:
        path: of the file.
        cases: number of cases in it.
    """

    path: Path
    cases: int


def write_documents(
    bundle: Bundle, directory: Path, limit: int = MAX_DOCUMENT_BYTES
) -> tuple[list[Document], Trim]:
    """Write a bundle's results as JUnit documents.

    Args:
        bundle: the results.
        directory: for ``import-1.xml`` and so on. Made if it is missing; earlier documents are removed.
        limit: maximum bytes of one document. Texts are left out before the results are split.

    Returns:
        The documents in order, and what was left out.

    Raises:
        BundleError: the bundle is damaged, or the documents cannot be written.
    """
    try:
        directory.mkdir(exist_ok=True)
        # The stored items have about the size of the documents. After a wrong guess they are written again.
        likely = Trim.NOTHING if bundle.items_size() <= limit else Trim.LONG_TRACES
        writer = _written(bundle, _Writer(directory, likely, limit))
        best = writer.least_trim()
        if best is not likely:
            writer = _written(bundle, _Writer(directory, best, limit))
    except OSError as problem:
        raise bundle_not_written(directory, problem) from None
    return writer.documents, best


def _written(bundle: Bundle, writer: "_Writer") -> "_Writer":
    names: dict[int | None, str] = {None: ""}
    with closing(writer):
        for item in bundle.results():
            if isinstance(item, Suite):
                names[item.ordinal] = item.name
            else:
                writer.add(names.get(item.stored.case.suite, ""), item)
    return writer


class _Writer:
    """Writes documents of bounded size: a new one if the next case does not fit.

    Args:
        directory: for the documents.
        trim: what to leave out.
        limit: maximum bytes of a document. A larger case gets a document of its own.

    Attributes:
        documents: the finished ones.
    """

    def __init__(self, directory: Path, trim: Trim, limit: int) -> None:
        self.documents: list[Document] = []
        # Bytes of all cases in one document: those of any trim, and those that depend on the trim.
        self._always = len(_HEAD) + len(_TAIL)
        self._sizes = dict.fromkeys(Trim, 0)
        self._may_be_one = True
        self._directory = directory
        self._trim = trim
        self._limit = limit
        for earlier in directory.glob("import-*.xml"):
            earlier.unlink()
        self._open()

    def _open(self) -> None:
        self._path = self._directory / f"import-{len(self.documents) + 1}.xml"
        self._file = self._path.open("wb")
        self._file.write(_HEAD)
        # The size of the document if it ended here.
        self._size = len(_HEAD) + len(_TAIL)
        self._cases = 0
        self._suite: str | None = None

    def least_trim(self) -> Trim:
        """Return the least trim that makes one document, or the greatest if none does."""
        if not self._may_be_one:
            return Trim.LONG_TRACES
        fit = (trim for trim in Trim if self._always + self._sizes[trim] <= self._limit)
        return next(fit, Trim.LONG_TRACES)

    def add(self, suite: str, result: Result) -> None:
        """Write one case, in a new document if it does not fit into the current one."""
        body = case_xml(result.stored, self._trim).encode()
        size = len(body)
        head = b"" if suite == self._suite else _head(suite)
        around = len(head) and len(head) + len(_SUITE_TAIL)
        if self._may_be_one:
            self._always += around
            self._measure(result.stored, size)
        if self._cases and self._size + around + size > self._limit:
            self.close()
            self._open()
            head = _head(suite)
            around = len(head) + len(_SUITE_TAIL)
        if head:
            self._file.write(head if self._suite is None else _SUITE_TAIL + head)
            self._suite = suite
        self._file.write(body)
        self._size += around + size
        self._cases += 1

    def _measure(self, stored: StoredCase, written: int) -> None:
        """Add the size of a case at each trim."""
        if _stays_whole(stored.case):
            self._always += written
        else:
            size = 0
            for trim in Trim:
                if trim is self._trim:
                    size = written
                elif _changes(stored.case, trim):
                    size = len(case_xml(stored, trim).encode())
                self._sizes[trim] += size
        self._may_be_one = self._always + self._sizes[Trim.LONG_TRACES] <= self._limit

    def close(self) -> None:
        """Finish the document."""
        if self._suite is not None:
            self._file.write(_SUITE_TAIL)
        self._file.write(_TAIL)
        self._file.close()
        self.documents.append(Document(self._path, self._cases))


def _head(suite: str) -> bytes:
    return f'<testsuite name="{_attribute(suite)}">\n'.encode()


def _stays_whole(case: Case) -> bool:
    """Return whether no trim changes a case."""
    size = len(case.kind) + len(case.message) + len(case.details) + len(": \n")
    return size <= _CUT_DETAILS and not (case.system_out or case.system_err)


def _changes(case: Case, trim: Trim) -> bool:
    """Return whether a trim leaves out more of a case than the one before it does."""
    if trim is Trim.LONG_TRACES:
        return len(failure_text(case)) > _CUT_DETAILS
    if trim is Trim.NOTHING:
        return True
    return bool(case.system_out or case.system_err) and (case.status in BAD) == (trim is Trim.ALL_OUTPUT)


def case_xml(stored: StoredCase, trim: Trim) -> str:
    """Return one case as a ``testcase`` element."""
    case = stored.case
    classname, name = _spelling(stored)
    time = "" if case.seconds is None else f' time="{case.seconds:.3f}"'
    tag = f'<testcase classname="{_class_attribute(classname)}" name="{_attribute(name)}"{time}'
    inner = "" if case.status == PASSED else _verdict(case, trim)
    if case.system_out or case.system_err:
        inner += _output(case, trim)
    return f"{tag}>{inner}</testcase>\n" if inner else f"{tag}/>\n"


def _spelling(stored: StoredCase) -> tuple[str, str]:
    """Return class name and name, within OneTest's limits for a name and a code_ref.

    See docs/onetest-api.md#limits.
    """
    case, ref = stored.case, stored.code_ref
    if len(case.name) <= ITEM_NAME and ref.endswith(f".{case.name}"):
        return ref[: -len(case.name) - 1], case.name
    name = cut(case.name, ITEM_NAME)
    return cut(case.classname or case.file or "tests", CODE_REF - len(name) - 1), name


def _verdict(case: Case, trim: Trim) -> str:
    tag = _TAGS[case.status]
    message = _shortened(case.message or (case.details if case.status == SKIPPED else ""), trim)
    attributes = "".join(
        f' {name}="{_attribute(text)}"' for name, text in (("message", message), ("type", case.kind)) if text
    )
    text = "" if case.status == SKIPPED else _shortened(failure_text(case), trim)
    return f"<{tag}{attributes}>{_text(text)}</{tag}>"


def _shortened(text: str, trim: Trim) -> str:
    if trim is not Trim.LONG_TRACES or len(text) <= _CUT_DETAILS:
        return text
    half = _CUT_DETAILS // 2
    return f"{text[:half]}\n… {len(text) - _CUT_DETAILS} characters cut …\n{text[-half:]}"


def _output(case: Case, trim: Trim) -> str:
    if trim >= Trim.ALL_OUTPUT or (trim is Trim.OUTPUT_OF_PASSED and case.status not in BAD):
        return ""
    pairs = (("system-out", case.system_out), ("system-err", case.system_err))
    return "".join(f"<{tag}>{_text(text)}</{tag}>" for tag, text in pairs if text)


def _attribute(text: str) -> str:
    # Most texts need no escaping, and a check is faster than escaping.
    return text if _PLAIN(text) else escape(replace_non_xml(text), _LINE_BREAKS)


# The tests of a class come one after another.
_class_attribute: Final = lru_cache(maxsize=64)(_attribute)


def _text(text: str) -> str:
    # For a long text this takes a tenth of the time of a regular expression.
    plain = text.isascii() and len(text.encode().translate(None, _NOT_PLAIN)) == len(text)
    return text if plain else escape(replace_non_xml(text))
