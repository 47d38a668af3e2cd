"""Log entries with their files, several to a request (docs/onetest-api.md#logs)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from onetest_ci.errors import ServiceError
from onetest_ci.limits import (
    ATTACHMENT_NAME,
    LOG_BATCH,
    LOG_BATCH_BYTES,
    LOG_MESSAGE,
    MAX_FILE_BYTES,
    cut,
    one_line,
)
from onetest_ci.onetest.client.http import Http, Part, encode_json
from onetest_ci.onetest.files import check_size, media_type, upload_name

_ENTRIES_PART: Final = "json_request_part"
_FILE_PART: Final = "file"
_OVERHEAD: Final = 1024
"""Bytes of an entry beside its message and its file: ids, names, the form's boundaries."""
_SHOWN: Final = 300


class LogFile(NamedTuple):
    """A log entry's file.

    Attributes:
        name: for people.
        path: the file, at most 10 MB.
        content_type: its MIME type.
    """

    name: str
    path: Path
    content_type: str


class LogEntry(NamedTuple):
    """One log entry.

    Attributes:
        launch_uuid: its launch.
        item_uuid: its item; None for the launch itself, which OneTest may refuse
            (docs/onetest-api.md#logs).
        time_ms: epoch milliseconds.
        level: ``TRACE``, ``DEBUG``, ``INFO``, ``WARN``, ``ERROR`` or ``FATAL``.
        message: its text.
        file: its file.
    """

    launch_uuid: str
    item_uuid: str | None
    time_ms: int
    level: str
    message: str
    file: LogFile | None = None


def batches(entries: Iterable[LogEntry]) -> Iterator[list[LogEntry]]:
    """Group entries, in their order, into requests of at most 20 entries and 10 MB.

    An entry whose message and file exceed that together becomes a request of its own.
    """
    batch: list[LogEntry] = []
    total = 0
    for entry in entries:
        size = _weight(entry)
        if batch and (len(batch) == LOG_BATCH or total + size > LOG_BATCH_BYTES):
            yield batch
            batch, total = [], 0
        batch.append(entry)
        total += size
    if batch:
        yield batch


def send_batch(http: Http, values: Mapping[str, str], entries: Sequence[LogEntry]) -> list[str | None]:
    """Send one batch. Return for each entry None, or why it or its file was not accepted.

    Raises:
        ServiceError: as ``Http.send``, if no entry was accepted.
    """
    bodies: list[dict[str, Any]] = []
    parts: list[Part] = []
    missing_files: list[str | None] = []
    names: set[str] = set()
    for entry in entries:
        part, missing_file = _file_part(entry.file, names)
        bodies.append(_entry_body(entry, part))
        missing_files.append(missing_file)
        if part is not None:
            parts.append(part)
    head = Part(_ENTRIES_PART, encode_json(bodies), "application/json")
    body = http.send("receiver.log", values=values, multipart=[head, *parts]).body
    errors = _errors(http, body, len(bodies))
    return [error or missing for error, missing in zip(errors, missing_files, strict=True)]


def _weight(entry: LogEntry) -> int:
    # JSON escapes a byte that is not a control character to two bytes at most.
    size = _OVERHEAD + 2 * len(entry.message[:LOG_MESSAGE].encode("utf-8", "replace"))
    if entry.file is None:
        return size
    try:
        attached = entry.file.path.stat().st_size
    except OSError:
        return size
    return size + (attached if attached <= MAX_FILE_BYTES else 0)


def _entry_body(entry: LogEntry, part: Part | None) -> dict[str, Any]:
    body: dict[str, Any] = {
        "launchUuid": entry.launch_uuid,
        "time": str(entry.time_ms),
        "level": entry.level,
        "message": cut(entry.message, LOG_MESSAGE),
    }
    if entry.item_uuid is not None:
        body["itemUuid"] = entry.item_uuid
    if part is not None:
        body["file"] = {"name": part.filename}
    return body


def _file_part(file: LogFile | None, names: set[str]) -> tuple[Part | None, str | None]:
    """Return the part that contains a file, or why there is none."""
    if file is None:
        return None, None
    try:
        check_size(file.path)
        # Opened once now, so that one unreadable file does not stop the batch.
        file.path.open("rb").close()
    except ServiceError as error:
        return None, error.message
    except OSError as error:
        return None, one_line(f"Cannot read {file.path}: {error.strerror or error}")
    name = _unique(upload_name(file.name or file.path.name), names)
    return Part(_FILE_PART, file.path, media_type(file.content_type), name), None


def _unique(name: str, names: set[str]) -> str:
    """Return a name that no other file of the batch has: the service matches files to entries by name."""
    unique, number = name, 1
    while unique in names:
        number += 1
        prefix = f"{number}-"
        unique = prefix + name[-(ATTACHMENT_NAME - len(prefix)) :]
    names.add(unique)
    return unique


def _errors(http: Http, body: Any, count: int) -> list[str | None]:
    """Return for each entry None, or why it was lost: a 201 proves nothing (docs/onetest-api.md#logs)."""
    results = body.get("responses") if isinstance(body, dict) else None
    if not isinstance(results, list):
        return ["the response does not contain the list of accepted entries"] * count
    errors = [_error(http, result) for result in results[:count]]
    return errors + ["the response does not contain this entry"] * (count - len(errors))


def _error(http: Http, result: Any) -> str | None:
    fields = result if isinstance(result, dict) else {}
    if fields.get("id"):
        return None
    # ReportPortal swaps message and trace, so the shorter one is the message.
    texts = [text for key in ("message", "stackTrace") if isinstance(text := fields.get(key), str) and text]
    text = http.redact.text(one_line(min(texts, key=len, default="the service did not accept this entry")))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
