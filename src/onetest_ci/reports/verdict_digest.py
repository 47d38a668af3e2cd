"""The verdicts of a report in a form that can be compared."""

from typing import NamedTuple

from onetest_ci.model import Case
from onetest_ci.reports.detection import format_of, pinned_format, read_head
from onetest_ci.reports.engine.reading import ByteStream, Reading
from onetest_ci.reports.read import ReadOptions


class Verdicts(NamedTuple):
    """The verdicts of a report.

    Attributes:
        format: name of its format; empty if it is not a report.
        cases: a digest of the verdict of each case, in their order.
        truncated: the report breaks off.
        error: code of the error that ended the reading, else empty.
    """

    format: str
    cases: str = ""
    truncated: bool = False
    error: str = ""


def verdicts_of(stream: ByteStream, options: ReadOptions) -> Verdicts:
    """Read a report and return its verdicts."""
    head = read_head(stream)
    report_format = pinned_format(options.format, head) if options.format else format_of(head)
    if report_format is None:
        return Verdicts("")
    import hashlib  # noqa: PLC0415 - it loads OpenSSL, and few reports are compared

    reading = Reading("", options.text_limit, merge_by_name=options.merge_by_name)
    digest = hashlib.sha256()
    for records in report_format.read(stream, reading):
        for record in records:
            if isinstance(record, Case):
                attempts = [attempt.status for attempt in record.attempts]
                digest.update(f"{record.status} {record.retry_of} {attempts}\n".encode())
    error = reading.error.code if reading.error else ""
    return Verdicts(report_format.name, digest.hexdigest(), reading.truncated, error)
