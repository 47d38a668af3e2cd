"""Canonical JUnit documents for the Receiver's import: UTF-8, one root, no DOCTYPE, at most 10 MB each.

The Receiver spells a code_ref as ``{classname}.{name}`` (contract §8.1), so a document's classname is what
stands before the name in the case's own code_ref, where the two fit.
"""

from collections.abc import Iterator
from enum import IntEnum
from pathlib import Path
from xml.sax.saxutils import escape

from onetest_ci.bundle import Bundle, Result, StoredCase
from onetest_ci.logs import failure_text
from onetest_ci.model import BAD, ERROR, FAILED, SKIPPED, Case, Suite
from onetest_ci.onetest.limits import CODE_REF, ITEM_NAME, MAX_DOCUMENT_BYTES, cut

_HEAD = b'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
_TAIL = b"</testsuites>\n"
_SUITE_TAIL = b"</testsuite>\n"
_CUT_DETAILS = 2000
_LINE_BREAKS = {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;", '"': "&quot;"}


class Trim(IntEnum):
    """How much is left out to fit, least first (contract §8.4)."""

    NOTHING = 0
    OUTPUT_OF_PASSED = 1
    ALL_OUTPUT = 2
    LONG_TRACES = 3

    @property
    def said(self) -> str:
        """What people are told."""
        return _SAID[self]


_SAID = {
    Trim.NOTHING: "",
    Trim.OUTPUT_OF_PASSED: "the output of passed tests was left out",
    Trim.ALL_OUTPUT: "the output of all tests was left out",
    Trim.LONG_TRACES: "the output of all tests was left out and stack traces were cut",
}


def write_documents(
    bundle: Bundle, directory: Path, limit: int = MAX_DOCUMENT_BYTES
) -> tuple[list[Path], Trim]:
    """Write a bundle's results as JUnit documents.

    Args:
        bundle: the results.
        directory: where ``import-1.xml`` and so on go; made when missing.
        limit: most bytes of one document. Trimming is tried before splitting.

    Returns:
        The documents in order, and what was left out.
    """
    directory.mkdir(exist_ok=True)
    trim = Trim.NOTHING
    while True:
        writer = _Writer(directory, trim, limit)
        _write(bundle, writer)
        if len(writer.paths) == 1 or trim is Trim.LONG_TRACES:
            return writer.paths, trim
        trim = next((level for level in Trim if writer.sizes[level] <= limit), Trim.LONG_TRACES)


def _write(bundle: Bundle, writer: "_Writer") -> None:
    names: dict[int | None, str] = {None: ""}
    for item in bundle.results():
        if isinstance(item, Suite):
            names[item.ordinal] = item.name
        else:
            writer.add(names.get(item.stored.case.suite, ""), item)
    writer.close()


class _Writer:
    """Writes documents of bounded size, a new one when the next case does not fit."""

    def __init__(self, directory: Path, trim: Trim, limit: int) -> None:
        self.paths: list[Path] = []
        self.sizes = dict.fromkeys(Trim, len(_HEAD) + len(_TAIL))
        self._directory = directory
        self._trim = trim
        self._limit = limit
        self._suite: str | None = None
        self._open()

    def _open(self) -> None:
        path = self._directory / f"import-{len(self.paths) + 1}.xml"
        self.paths.append(path)
        self._file = path.open("wb")
        self._written = self._file.write(_HEAD) + len(_TAIL)
        self._suite = None

    def add(self, suite: str, result: Result) -> None:
        """Write one case, in a new document when it does not fit into this one."""
        texts = {level: case_xml(result, level).encode() for level in _levels(result.stored.case, self._trim)}
        body = texts[self._trim]
        head = f'<testsuite name="{_attribute(suite)}">\n'.encode()
        if self._trim is Trim.NOTHING:
            self._measure(texts, 0 if suite == self._suite else len(head) + len(_SUITE_TAIL))
        if (
            self._written + len(head) + len(body) + 2 * len(_SUITE_TAIL) > self._limit
            and self._suite is not None
        ):
            self._finish()
            self._open()
        if suite != self._suite:
            if self._suite is not None:
                self._written += self._file.write(_SUITE_TAIL)
            self._written += self._file.write(head)
            self._suite = suite
        self._written += self._file.write(body)

    def _measure(self, texts: dict[Trim, bytes], around: int) -> None:
        """Note how large one document would be at each trim."""
        size = 0
        for level in Trim:
            size = len(texts[level]) if level in texts else size
            self.sizes[level] += size + around

    def _finish(self) -> None:
        if self._suite is not None:
            self._file.write(_SUITE_TAIL)
        self._file.write(_TAIL)
        self._file.close()

    def close(self) -> None:
        """Finish the last document."""
        self._finish()


def _levels(case: Case, trim: Trim) -> Iterator[Trim]:
    """The trims from ``trim`` on that change this case."""
    yield trim
    if trim is not Trim.NOTHING:
        return
    if case.system_out or case.system_err:
        yield Trim.OUTPUT_OF_PASSED if case.status not in BAD else Trim.ALL_OUTPUT
    if len(case.details) > _CUT_DETAILS:
        yield Trim.LONG_TRACES


def case_xml(result: Result, trim: Trim) -> str:
    """One case as a ``testcase`` element."""
    case = result.stored.case
    classname, name = _spelling(result.stored)
    parts = [f'<testcase classname="{_attribute(classname)}" name="{_attribute(name)}"']
    if case.seconds is not None:
        parts.append(f' time="{case.seconds:.3f}"')
    inner = _verdict(case, trim) + _output(case, trim)
    parts.append(f">{inner}</testcase>\n" if inner else "/>\n")
    return "".join(parts)


def _spelling(stored: StoredCase) -> tuple[str, str]:
    """Class name and name, within what OneTest keeps of an item's name and of a code_ref (contract §7.4)."""
    case, ref = stored.case, stored.code_ref
    if len(case.name) <= ITEM_NAME and ref.endswith(f".{case.name}"):
        return ref[: -len(case.name) - 1], case.name
    name = cut(case.name, ITEM_NAME)
    return cut(case.classname or case.file or "tests", CODE_REF - len(name) - 1), name


def _verdict(case: Case, trim: Trim) -> str:
    message = f' message="{_attribute(case.message)}"' if case.message else ""
    if case.status == SKIPPED:
        return f"<skipped{message}/>"
    if case.status not in BAD:
        return ""
    tag = {FAILED: "failure", ERROR: "error"}[case.status]
    kind = f' type="{_attribute(case.kind)}"' if case.kind else ""
    details = failure_text(case)
    if trim is Trim.LONG_TRACES and len(details) > _CUT_DETAILS:
        half = _CUT_DETAILS // 2
        details = f"{details[:half]}\n… {len(details) - _CUT_DETAILS} characters cut …\n{details[-half:]}"
    return f"<{tag}{message}{kind}>{escape(details)}</{tag}>"


def _output(case: Case, trim: Trim) -> str:
    if trim >= Trim.ALL_OUTPUT or (trim is Trim.OUTPUT_OF_PASSED and case.status not in BAD):
        return ""
    pairs = (("system-out", case.system_out), ("system-err", case.system_err))
    return "".join(f"<{tag}>{escape(text)}</{tag}>" for tag, text in pairs if text)


def _attribute(text: str) -> str:
    return escape(text, _LINE_BREAKS)
