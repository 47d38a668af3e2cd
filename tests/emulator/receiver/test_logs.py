import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

NOON = 1_700_000_000_000
UNKNOWN = "00000000-0000-4000-8000-000000000000"
MB = 1024 * 1024

Start = Callable[..., str]
Part = tuple[str, tuple[str | None, bytes | str, str]]


@pytest.fixture
def launch(start_launch: Start) -> str:
    return start_launch()


@pytest.fixture
def item(launch: str, start_item: Start) -> str:
    return start_item(launch)


@pytest.fixture
def entry(launch: str, item: str) -> Callable[..., dict[str, Any]]:
    def make(**fields: Any) -> dict[str, Any]:
        return {"launchUuid": launch, "itemUuid": item, "time": NOON, "message": "a line"} | fields

    return make


@pytest.fixture
def read(session: httpx.Client, native: str, item: str) -> Callable[[], list[dict[str, Any]]]:
    def logs() -> list[dict[str, Any]]:
        return list(session.get(f"{native}/items/{item}/logs").raise_for_status().json()["items"])

    return logs


def batch(entries: object, *files: tuple[str, bytes, str]) -> list[Part]:
    parts: list[Part] = [("json_request_part", (None, json.dumps(entries), "application/json"))]
    return parts + [("file", file) for file in files]


Entry = Callable[..., dict[str, Any]]
Read = Callable[[], list[dict[str, Any]]]


@pytest.mark.parametrize("path", ["log", "log/entry"])
def test_a_single_entry_is_saved(api: httpx.Client, rp: str, entry: Entry, read: Read, path: str) -> None:
    response = api.post(f"{rp}/{path}", json=entry(message="Grüße\n<b>", level="error"))
    assert response.status_code == 201
    (line,) = read()
    assert response.json() == {"id": str(line["id"])}
    assert line["message"] == "Grüße\n<b>"
    assert line["level"] == "ERROR"
    assert line["time"] == "2023-11-14T22:13:20Z"
    assert line["attachment"] is None


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, "INFO"),
        ("Warn", "WARN"),
        (40000, "ERROR"),
        ("5000", "TRACE"),
        ("ASSERTION", "UNKNOWN"),
        (7, "UNKNOWN"),
    ],
)
def test_levels_are_stored_as_one_of_the_seven(
    *, api: httpx.Client, rp: str, entry: Entry, read: Read, given: object, stored: str
) -> None:
    api.post(f"{rp}/log/entry", json=entry(level=given))
    assert read()[0]["level"] == stored


def test_a_wrong_entry_is_refused(api: httpx.Client, rp: str, entry: Entry) -> None:
    def save(**fields: Any) -> tuple[int, int]:
        response = api.post(f"{rp}/log/entry", json=entry(**fields))
        return response.status_code, response.json()["errorCode"]

    assert save(launchUuid=UNKNOWN) == (404, 4041)
    assert save(itemUuid=UNKNOWN) == (404, 4043)
    assert save(launchUuid=None) == (400, 4001)
    assert save(time=None) == (400, 4001)
    assert save(file={"name": "none.txt"}) == (400, 4002)


def test_a_launch_can_have_log_entries_without_an_item(
    *, api: httpx.Client, session: httpx.Client, rp: str, native: str, launch: str, entry: Entry, read: Read
) -> None:
    assert api.post(f"{rp}/log/entry", json=entry(itemUuid=None, message="of the launch")).status_code == 201
    assert read() == []
    (line,) = session.get(f"{native}/launches/{launch}/logs").json()["items"]
    assert line["message"] == "of the launch"


def test_the_response_to_a_json_list_has_a_result_for_each_entry(
    api: httpx.Client, rp: str, entry: Entry, read: Read
) -> None:
    entries = [entry(message="one"), "nonsense", entry(itemUuid=UNKNOWN), entry(message="four")]
    response = api.post(f"{rp}/log", json=entries)
    assert response.status_code == 201
    kinds = [set(each) for each in response.json()["responses"]]
    assert kinds == [{"id"}, {"message", "stackTrace"}, {"message", "stackTrace"}, {"id"}]
    assert [line["message"] for line in read()] == ["one", "four"]


def test_the_files_of_a_batch_are_saved(
    api: httpx.Client, anonymous: httpx.Client, rp: str, entry: Entry, read: Read
) -> None:
    picture = bytes(range(256)) * 400
    entries = [
        entry(message="first", file={"name": "bild ä.png"}),
        entry(message="plain"),
        entry(message="second", file={"name": "same.txt"}),
        entry(message="third", file={"name": "same.txt"}),
        entry(message="lost", file={"name": "missing.txt"}),
    ]
    files = [
        ("bild ä.png", picture, "image/png"),
        ("same.txt", b"one", "text/plain"),
        ("same.txt", b"two", "text/plain"),
    ]
    response = api.post(f"{rp}/log", files=batch(entries, *files))
    assert response.status_code == 201
    *good, bad = response.json()["responses"]
    assert all(set(each) == {"id"} for each in good)
    assert "missing.txt" in bad["message"]
    first, plain, second, third = read()
    assert first["attachment"]["name"] == "bild ä.png"
    assert first["attachment"]["content_type"] == "image/png"
    assert first["attachment"]["size"] == len(picture)
    assert plain["attachment"] is None
    contents = [anonymous.get(line["attachment"]["url"]).content for line in (first, second, third)]
    assert contents == [picture, b"one", b"two"]


def test_an_attachment_has_a_url(
    *, api: httpx.Client, session: httpx.Client, anonymous: httpx.Client, rp: str, native: str, entry: Entry
) -> None:
    files = batch([entry(file={"name": "a.txt"})], ("a.txt", b"content", "text/plain"))
    (response,) = api.post(f"{rp}/log", files=files).json()["responses"]
    url = session.get(f"{native}/logs/{response['id']}/attachment/url").json()["url"]
    assert anonymous.get(url).content == b"content"
    without = api.post(f"{rp}/log/entry", json=entry()).json()["id"]
    assert session.get(f"{native}/logs/{without}/attachment/url").status_code == 404


def test_attachments_are_objects_under_the_launch(
    api: httpx.Client, rp: str, artifacts: str, launch: str, entry: Entry
) -> None:
    names = ["a.txt", "../../etc/passwd", "..", "a/b\\c\nd.txt"]
    entries = [entry(file={"name": name}) for name in names]
    files = [(name, name.encode(), "text/plain") for name in names]
    # httpx encodes a line feed in a file name as browsers do, and the parser does not decode it.
    response = api.post(f"{rp}/log", files=batch(entries, *files)).json()["responses"]
    assert [set(each) for each in response[:3]] == [{"id"}] * 3
    objects = api.get(f"{artifacts}/attachments/objects").json()["items"]
    assert len(objects) == sum("id" in each for each in response)
    for entry_ in objects:
        folder, of_launch, own, name = entry_["key"].split("/")
        assert (folder, of_launch) == ("test-runs", launch)
        assert own
        assert name not in {"", ".", ".."}
        assert api.get(f"{artifacts}/attachments/objects/{entry_['key']}").status_code == 200


def test_a_file_over_the_limit_loses_only_its_own_entry(
    api: httpx.Client, rp: str, entry: Entry, read: Read
) -> None:
    entries = [
        entry(message="big", file={"name": "big"}),
        entry(message="fits", file={"name": "fits"}),
        entry(message="long", file={"name": "n" * 256}),
    ]
    files = [
        ("big", b"x" * (10 * MB + 1), "text/plain"),
        ("fits", b"y" * (10 * MB), "text/plain"),
        ("n" * 256, b"z", "text/plain"),
    ]
    response = api.post(f"{rp}/log", files=batch(entries, *files))
    assert response.status_code == 201
    assert ["id" in each for each in response.json()["responses"]] == [False, True, False]
    assert "10 MB" in response.json()["responses"][0]["message"]
    assert [line["message"] for line in read()] == ["fits"]


def test_half_a_character_loses_only_its_own_entry(
    api: httpx.Client, rp: str, entry: Entry, read: Read
) -> None:
    content = json.dumps([entry(message="\ud800"), entry(message="good \U0001f600")])
    response = api.post(f"{rp}/log", content=content, headers={"content-type": "application/json"})
    assert ["id" in each for each in response.json()["responses"]] == [False, True]
    assert read()[0]["message"] == "good \U0001f600"


def test_a_batch_without_its_json_part_is_refused(api: httpx.Client, rp: str) -> None:
    for parts in (
        [("file", ("a", b"x", "text/plain"))],
        [("json_request_part", (None, "{", "application/json"))],
    ):
        response = api.post(f"{rp}/log", files=parts)
        assert (response.status_code, response.json()["errorCode"]) == (400, 4001)
    broken = api.post(f"{rp}/log", content=b"x", headers={"content-type": "multipart/form-data"})
    assert broken.status_code == 400


def test_a_file_without_a_media_type_loses_only_its_own_entry(
    api: httpx.Client, rp: str, entry: Entry, read: Read
) -> None:
    entries = [entry(message=name, file={"name": name}) for name in ("odd", "fits")]
    files = [("odd", b"x", "text plain"), ("fits", b"y", "text/plain")]
    response = api.post(f"{rp}/log", files=batch(entries, *files))
    assert response.status_code == 201
    assert "media type" in response.json()["responses"][0]["message"]
    assert [line["message"] for line in read()] == ["fits"]
