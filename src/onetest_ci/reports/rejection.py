"""Explains why a file is not read as a report: the error, or the reason to skip the file."""

from typing import Final

from onetest_ci.errors import ReportError
from onetest_ci.reports.detection import (
    MAGIC_NUMBERS,
    SPACE,
    TEXT_SAMPLE,
    hidden_format,
    is_blank,
    is_prolog,
    meant_format,
)
from onetest_ci.reports.engine.format import Format
from onetest_ci.reports.engine.head import REPORT_SUFFIXES, Head
from onetest_ci.reports.engine.xml_stream import ENTITY_HINT
from onetest_ci.reports.formats.table import FORMATS

_ALWAYS_REPORTS: Final = frozenset({".xml", ".trx", ".tap"})
"""Extensions of nothing but reports, and that of most reports: an empty file is a run that was killed."""

_FOR_PEOPLE: Final = ("html", "svg")
"""Root elements of pages and images."""


def is_named_as_report(suffix: str) -> bool:
    """Return whether the extension of a file lets expect a report."""
    return suffix in _ALWAYS_REPORTS


def error_for(path: str, head: Head) -> ReportError | None:
    """Return the error for a file that no format recognises; None if the file may be skipped."""
    named = head.hints.named
    expected = is_named_as_report(head.hints.suffix)
    if is_blank(head.data) and (named or expected):
        return ReportError(
            "empty-file",
            f"{path} is empty.",
            "A test runner that was killed or ran out of disk leaves such a file; see its log.",
        )
    if expected and is_prolog(head.data):
        return _not_well_formed(path)
    if (report_format := meant_format(head)) is not None:
        return _unfinished(path, head, report_format)
    return _not_a_report(path, head) if named else None


def skip_reason(head: Head) -> tuple[str, bool]:
    """Return why a file is skipped, and whether it could be a report that is damaged or follows a text."""
    if is_blank(head.data):
        return "empty", False
    if head.json is not None:
        return ("JSON that breaks off", True) if head.json.cut else ("JSON of another kind", False)
    if (report_format := hidden_format(head)) is not None:
        return f"text that may hold a report ({report_format.title}); name the file to have it read", True
    return describe(head), False


def may_hold_failure(head: Head) -> bool:
    """Return whether a failure may be in a skipped file: it is for programs, and not for people."""
    root = head.root or head.start_tag
    if root.lower().startswith(_FOR_PEOPLE):
        return False
    return bool(root) or head.json is not None or head.hints.suffix in REPORT_SUFFIXES


def lacking(path: str, report_format: Format, defect: str) -> ReportError:
    """Return the error for a file of a format that is not complete.

    Args:
        path: the file's, for messages.
        report_format: the format.
        defect: a verb and its object: what is wrong with the file.
    """
    return ReportError(
        "incomplete-report",
        f"{path} looks like {report_format.title}, but {defect}.",
        f"See what wrote the file. If it is not a report, exclude it with '!{path}'.",
    )


def describe(head: Head) -> str:
    """Describe a file that no format recognises."""
    if head.root:
        namespace = f" in the namespace {head.namespace[:100]}" if head.namespace else ""
        return f"an XML document with the root element <{head.root[:60]}>{namespace}"
    known = next((kind for number, kind in MAGIC_NUMBERS if head.data.startswith(number)), None)
    return known or _kind_of_text(head.data[:TEXT_SAMPLE].lstrip(SPACE).lower())


def _kind_of_text(sample: bytes) -> str:
    if sample.startswith((b"{", b"[")):
        return "JSON"
    if sample.startswith((b"<!doctype html", b"<html")):
        return "an HTML page"
    if sample.startswith(b"<"):
        return "broken XML"
    return "binary data" if b"\0" in sample else "text"


def _unfinished(path: str, head: Head, report_format: Format) -> ReportError:
    """Return the error for a file that is only meant to be of a format."""
    if head.start_tag:
        return ReportError(
            "broken-xml",
            f"{path} looks like {report_format.title}, but its root element is broken or cut off.",
            "A test runner that was killed leaves such a file; see its log.",
        )
    return lacking(path, report_format, f"does not have what is read of it: {report_format.lacks}")


def _not_a_report(path: str, head: Head) -> ReportError:
    """Return the error for a file that the user named."""
    if head.data.startswith((b"\x1f\x8b", b"PK\x03\x04", b"PK\x05\x06")):
        return ReportError(
            "nested-archive",
            f"{path} holds another archive.",
            "Archives inside an archive are not read: unpack the outer one.",
        )
    if not head.root and b"<!ENTITY" in head.data:
        return ReportError(
            "xml-entities", f"{path} has a document type of its own, with entities.", ENTITY_HINT
        )
    if not head.root and head.data.lstrip(SPACE)[:5].lower() == b"<?xml":
        return _not_well_formed(path)
    titles = ", ".join(report_format.title for report_format in FORMATS)
    return ReportError(
        "unknown-format",
        f"{path} is not a test report that is read today: it is {describe(head)}.",
        f"What is read: {titles}. If the file is one of these and does not look it, name it, as with "
        "--report-format junit.",
    )


def _not_well_formed(path: str) -> ReportError:
    return ReportError(
        "broken-xml",
        f"{path} starts as XML, but is not well-formed up to its first element.",
        "Run the tests to their end, or see what writes the file.",
    )
