import email.policy
import json
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from onetest.scripted_server import KEY, PRODUCT, Connections, Request, Server
from onetest_ci.errors import ServiceError
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.onetest.receiver import LogEntry, LogFile, Receiver, batches
from support.onetest import LocalOneTest

NOON = 1_700_000_000_000


@pytest.fixture
def scripted(server: Server, connect: Connections) -> Receiver:
    return Receiver(connect(server.url), PRODUCT)


def entry(
    message: str = "m", path: Path | None = None, name: str = "", content_type: str = "image/png"
) -> LogEntry:
    file = LogFile(name, path, content_type) if path else None
    return LogEntry("l", "i", NOON, "ERROR", message, file)


def file_of(path: Path, size: int) -> Path:
    with path.open("wb") as file:
        file.truncate(size)
    return path


def form(request: Request) -> list[tuple[str, str | None, str, bytes]]:
    """Return name, file name, type and content of each part, read by the standard library's mail parser."""
    head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
    message = BytesParser(policy=email.policy.HTTP).parsebytes(head + request.body)
    parts = []
    for part in message.iter_parts():
        assert isinstance(part, EmailMessage)
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        parts.append((str(name), part.get_filename(), part.get_content_type(), content))
    return parts


def results(*responses: Any) -> dict[str, Any]:
    return {"responses": list(responses)}


# --- against the emulator


def test_messages_and_files_are_read_back(
    onetest: LocalOneTest, connect: Connections, tmp_path: Path
) -> None:
    receiver = Receiver(connect(onetest.url, onetest.api_key), onetest.product_id)
    launch, item = str(uuid4()), str(uuid4())
    receiver.start_launch(uuid=launch, name="Logs", start_ms=NOON)
    receiver.start_item(launch_uuid=launch, uuid=item, parent_uuid=None, name="t", type="STEP", start_ms=NOON)
    contents = [b"\x89PNG one", b"\x89PNG two"]
    entries = [LogEntry(launch, item, NOON, "ERROR", "Fehler: 测试 🎉\nline 2")]
    for number, content in enumerate(contents):
        path = tmp_path / f"{number}"
        path.write_bytes(content)
        entries.append(
            LogEntry(launch, item, NOON, "INFO", f"file {number}", LogFile("снимок 1.png", path, "image/png"))
        )
    assert receiver.log_batch(entries) == [None, None, None]

    logs = onetest.logs(item)
    assert [(log["level"], log["message"]) for log in logs] == [
        ("ERROR", "Fehler: 测试 🎉\nline 2"),
        ("INFO", "file 0"),
        ("INFO", "file 1"),
    ]
    assert [onetest.download(log["attachment"]["url"]) for log in logs[1:]] == contents
    assert [log["attachment"]["name"] for log in logs[1:]] == ["снимок 1.png", "2-снимок 1.png"]


def test_a_log_of_an_unknown_item_is_reported(onetest: LocalOneTest, connect: Connections) -> None:
    receiver = Receiver(connect(onetest.url, onetest.api_key), onetest.product_id)
    launch = str(uuid4())
    receiver.start_launch(uuid=launch, name="Logs", start_ms=NOON)
    (trouble,) = receiver.log_batch([LogEntry(launch, str(uuid4()), NOON, "ERROR", "lost")])
    assert trouble


# --- requests


def test_a_batch_is_one_form_with_the_entries_first(
    server: Server, scripted: Receiver, tmp_path: Path
) -> None:
    shot = file_of(tmp_path / "shot.png", 3)
    server.responds(201, results({"id": "1"}, {"id": "2"}))
    entries = [LogEntry("l", None, NOON, "INFO", "of the launch\x00"), entry("m", shot, "a/b:shot.png")]
    assert scripted.log_batch(entries) == [None, None]
    (request,) = server.requests
    assert request.path == f"/api/receiver/api/v2/{PRODUCT}/log"
    head, file = form(request)
    assert head[:3] == ("json_request_part", None, "application/json")
    assert json.loads(head[3]) == [
        {"launchUuid": "l", "time": "1700000000000", "level": "INFO", "message": "of the launch"},
        {
            "launchUuid": "l",
            "time": "1700000000000",
            "level": "ERROR",
            "message": "m",
            "itemUuid": "i",
            "file": {"name": "a_b_shot.png"},
        },
    ]
    assert file == ("file", "a_b_shot.png", "image/png", b"\0\0\0")


def test_files_of_the_same_name_are_renamed(server: Server, scripted: Receiver, tmp_path: Path) -> None:
    path = file_of(tmp_path / "shot.png", 1)
    names = ["shot.png", "shot.png", "2-shot.png", "shot.png", "x" * 300, "x" * 300, ""]
    server.responds(201, results(*[{"id": "1"}] * len(names)))
    scripted.log_batch([entry("m", path, name) for name in names])
    head, *files = form(server.requests[0])
    used = [str(name) for _, name, _, _ in files]
    assert used == [entry["file"]["name"] for entry in json.loads(head[3])]
    assert used[:4] == ["shot.png", "2-shot.png", "2-2-shot.png", "3-shot.png"]
    assert used[6] == "4-shot.png"
    assert len(set(used)) == len(names)
    assert max(map(len, used)) == 255


def test_failed_entries_are_reported_one_by_one(server: Server, scripted: Receiver) -> None:
    trace = "com.example.Error: it broke\n\tat A.b(A.java:1)"
    server.responds(
        201,
        results(
            {"id": "1"},
            {"message": "too long", "stackTrace": None},
            {"message": trace, "stackTrace": "it broke"},
            {"message": f"echo of {KEY}\x1b[31m"},
            {},
            None,
        ),
    )
    assert scripted.log_batch([entry()] * 7) == [
        None,
        "too long",
        "it broke",
        "echo of *** [31m",
        "the service did not accept this entry",
        "the service did not accept this entry",
        "the response does not contain this entry",
    ]


@pytest.mark.parametrize("body", [{"id": "1"}, [], {"responses": None}])
def test_a_response_without_the_list_of_entries_acknowledges_none(
    server: Server, scripted: Receiver, body: object
) -> None:
    server.responds(201, body)
    reason = "the response does not contain the list of accepted entries"
    assert scripted.log_batch([entry(), entry()]) == [reason, reason]


def test_a_file_that_cannot_be_sent_is_reported_and_its_message_is_sent(
    server: Server, scripted: Receiver, tmp_path: Path
) -> None:
    big, good = file_of(tmp_path / "big.mp4", MAX_FILE_BYTES + 1), file_of(tmp_path / "good.png", 1)
    (tmp_path / "folder").mkdir()
    server.responds(201, results(*[{"id": "1"}] * 4))
    paths = [big, tmp_path / "gone.png", tmp_path / "folder", good]
    troubles = scripted.log_batch([entry(path.name, path, path.name) for path in paths])
    assert [trouble and trouble.partition(str(tmp_path))[0] for trouble in troubles] == [
        "big.mp4 has 10.0 MB; OneTest accepts at most 10 MB per file.",
        "Cannot read ",
        "Cannot read ",
        None,
    ]
    head, *files = form(server.requests[0])
    assert [entry["message"] for entry in json.loads(head[3])] == [
        "big.mp4",
        "gone.png",
        "folder",
        "good.png",
    ]
    assert [name for _, name, _, _ in files] == ["good.png"]


def test_a_batch_that_is_refused_as_a_whole_is_an_error(server: Server, scripted: Receiver) -> None:
    server.responds(404, {"errorCode": 4041, "message": "Launch not found"})
    with pytest.raises(ServiceError, match="Launch not found"):
        scripted.log_batch([entry()])


# --- batches


def test_a_batch_has_at_most_twenty_entries() -> None:
    entries = [entry(str(number)) for number in range(45)]
    grouped = list(batches(entries))
    assert [len(batch) for batch in grouped] == [20, 20, 5]
    assert [each for batch in grouped for each in batch] == entries
    assert list(batches([])) == []


def test_batches_stay_within_the_size_of_a_request(tmp_path: Path) -> None:
    six, full = file_of(tmp_path / "six", 6 * 1024 * 1024), file_of(tmp_path / "full", MAX_FILE_BYTES)
    entries = [entry("a", six), entry("b", six), entry("c"), entry("d", full), entry("e", tmp_path / "gone")]
    assert [[each.message for each in batch] for batch in batches(entries)] == [
        ["a"],
        ["b", "c"],
        ["d"],
        ["e"],
    ]


def test_a_request_of_long_messages_stays_within_its_size(server: Server, scripted: Receiver) -> None:
    entries = [entry('"\n' * 600_000)] * 20
    for batch in batches(entries):
        server.responds(201, results(*[{"id": "1"}] * len(batch)))
        scripted.log_batch(batch)
    sizes = [len(request.body) for request in server.requests]
    assert max(sizes) <= 10 * 1024 * 1024
    assert len(sizes) > 1
