"""Log entries with their files, many to a request (docs/onetest-api.md#logs)."""

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
"""Bytes that an entry takes beside its message and its file: ids, names, the form's boundaries."""
_SHOWN: Final = 300


class LogFile(NamedTuple):
    """A file that travels with a log entry.

    Attributes:
        name: as people see it.
        path: where it is, at most 10 MB.
        content_type: its MIME type.
    """

    name: str
    path: Path
    content_type: str


class LogEntry(NamedTuple):
    """One log entry.

    Attributes:
        launch_uuid: its launch.
        item_uuid: its item; None for the launch itself, which OneTest may not take
            (docs/onetest-api.md#logs).
        time_ms: epoch milliseconds.
        level: ``TRACE``, ``DEBUG``, ``INFO``, ``WARN``, ``ERROR`` or ``FATAL``.
        message: what it says.
        file: what it shows.
    """

    launch_uuid: str
    item_uuid: str | None
    time_ms: int
    level: str
    message: str
    file: LogFile | None = None


def batches(entries: Iterable[LogEntry]) -> Iterator[list[LogEntry]]:
    """Group entries, in their order, into requests of at most 20 entries and 10 MB.

    A single entry whose message and file together are over that goes alone.
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
    """Send one batch; for each entry None, or why it or its file was not taken.

    Raises:
        ServiceError: as ``Http.send``, when nothing of the batch was taken.
    """
    wire: list[dict[str, Any]] = []
    parts: list[Part] = []
    troubles: list[str | None] = []
    taken: set[str] = set()
    for entry in entries:
        part, trouble = _file_part(entry.file, taken)
        wire.append(_wire(entry, part))
        troubles.append(trouble)
        if part is not None:
            parts.append(part)
    head = Part(_ENTRIES_PART, encode_json(wire), "application/json")
    body = http.send("receiver.log", values=values, multipart=[head, *parts]).body
    return [error or trouble for error, trouble in zip(_errors(http, body, len(wire)), troubles, strict=True)]


def _weight(entry: LogEntry) -> int:
    # Escaping in JSON makes at most two bytes of one that is no control character.
    size = _OVERHEAD + 2 * len(entry.message[:LOG_MESSAGE].encode("utf-8", "replace"))
    if entry.file is None:
        return size
    try:
        attached = entry.file.path.stat().st_size
    except OSError:
        return size
    return size + (attached if attached <= MAX_FILE_BYTES else 0)


def _wire(entry: LogEntry, part: Part | None) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "launchUuid": entry.launch_uuid,
        "time": str(entry.time_ms),
        "level": entry.level,
        "message": cut(entry.message, LOG_MESSAGE),
    }
    if entry.item_uuid is not None:
        wire["itemUuid"] = entry.item_uuid
    if part is not None:
        wire["file"] = {"name": part.filename}
    return wire


def _file_part(file: LogFile | None, taken: set[str]) -> tuple[Part | None, str | None]:
    """The part that carries a file, or why there is none."""
    if file is None:
        return None, None
    try:
        check_size(file.path)
        # Opened once now, so that one file without permission does not stop the batch.
        file.path.open("rb").close()
    except ServiceError as error:
        return None, error.message
    except OSError as error:
        return None, one_line(f"Cannot read {file.path}: {error.strerror or error}")
    name = _unique(upload_name(file.name or file.path.name), taken)
    return Part(_FILE_PART, file.path, media_type(file.content_type), name), None


def _unique(name: str, taken: set[str]) -> str:
    """A name no other file of the batch has; the service matches files to entries by it."""
    unique, number = name, 1
    while unique in taken:
        number += 1
        prefix = f"{number}-"
        unique = prefix + name[-(ATTACHMENT_NAME - len(prefix)) :]
    taken.add(unique)
    return unique


def _errors(http: Http, body: Any, count: int) -> list[str | None]:
    """Per entry None, or why it was lost: a 201 alone proves nothing (docs/onetest-api.md#logs)."""
    answers = body.get("responses") if isinstance(body, dict) else None
    if not isinstance(answers, list):
        return ["the response does not contain the list of entries that were taken"] * count
    errors = [_error(http, answer) for answer in answers[:count]]
    return errors + ["the service gave no answer for this entry"] * (count - len(errors))


def _error(http: Http, answer: Any) -> str | None:
    if isinstance(answer, dict) and answer.get("id"):
        return None
    told = answer if isinstance(answer, dict) else {}
    # ReportPortal passes message and trace in swapped order, so the shorter one is the message.
    texts = [text for key in ("message", "stackTrace") if isinstance(text := told.get(key), str) and text]
    text = http.redact.text(one_line(min(texts, key=len, default="the service did not take this entry")))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
