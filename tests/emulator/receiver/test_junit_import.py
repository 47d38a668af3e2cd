from collections.abc import Callable
from typing import Any

import httpx
import pytest

from support.waiting import GIVE_UP, wait_for

MB = 1024 * 1024
PATHS = [
    "/api/receiver/api/v1/products/{}/import/junit/upload",
    "/api/v1/products/{}/import/junit",
    "/api/receiver/api/v1/products/{}/import/junit",
]

REPORT = """<?xml version="1.0" encoding="UTF-8"?>
<testsuites>
 <testsuite name="outer" timestamp="2023-11-14T22:13:20">
  <properties><property name="a" value="b"/></properties>
  <testcase classname="tests.test_a.TestA" name="test_passes" time="0.5"/>
  <testsuite name="inner">
   <testcase classname="tests.test_a.TestA" name="test_fails[ä &amp; &lt;b&gt;]" time="1,000.25">
    <failure message="one is not two" type="AssertionError"><![CDATA[Traceback
 <deep> inside]]></failure>
    <system-out>said</system-out>
    <system-err>warned</system-err>
   </testcase>
  </testsuite>
  <testcase classname="tests.test_a" name="test_errors"><error>broken
at line 2</error></testcase>
  <testcase classname="tests.test_a" name="test_skipped"><skipped message="not today"/></testcase>
  <testcase name="no class"><system-out>   </system-out></testcase>
 </testsuite>
 <testcase classname="top" name="level"/>
</testsuites>
"""


@pytest.fixture
def done(session: httpx.Client, native: str) -> Callable[[httpx.Response], dict[str, Any]]:
    """Upload a document and return its job after its end."""

    def wait(response: httpx.Response) -> dict[str, Any]:
        assert response.status_code == 202, response.text
        path = f"{native}/import/jobs/{response.json()['job_id']}"
        over = {"completed", "failed", "cancelled"}
        return dict(wait_for(lambda: session.get(path).json(), lambda job: job["status"] in over))

    return wait


@pytest.fixture
def upload(api: httpx.Client, product: str) -> Callable[..., httpx.Response]:
    def run(content: bytes | str, name: str = "report.xml", path: str = PATHS[0]) -> httpx.Response:
        body = content.encode() if isinstance(content, str) else content
        return api.post(path.format(product), files={"file": (name, body, "text/xml")}, timeout=GIVE_UP)

    return run


Upload = Callable[..., httpx.Response]
Done = Callable[[httpx.Response], dict[str, Any]]
Items = Callable[[str], list[dict[str, Any]]]


@pytest.mark.parametrize("path", PATHS)
def test_a_report_becomes_one_flat_launch(
    *,
    upload: Upload,
    done: Done,
    read_items: Items,
    read_launch: Callable[[str], dict[str, Any]],
    session: httpx.Client,
    native: str,
    path: str,
) -> None:
    response = upload(REPORT, name="TEST-sämple.xml", path=path)
    job = done(response)
    in_first_response = ("job_id", "launch_id", "launch_number", "link")
    assert [response.json()[name] for name in in_first_response] == [job[name] for name in in_first_response]
    assert response.json()["status"] == "pending"
    assert job["status"] == "completed"
    assert job["counters"] == {"total": 6, "processed": 6, "successful": 6, "failed": 0}
    assert session.get(f"{native}/import/jobs").json()["items"] == [job]

    launch = read_launch(job["launch_id"])
    assert launch["name"] == "TEST-sämple"
    assert launch["number"] == job["launch_number"]
    assert launch["status"] == "failed"
    assert launch["start_time"] == "2023-11-14T22:13:20Z"
    counts = {"total": 6, "passed": 3, "failed": 2, "skipped": 1}
    assert launch["statistics"].items() >= counts.items()

    items = read_items(job["launch_id"])
    assert {(item["item_type"], item["parent_id"], item["has_stats"]) for item in items} == {
        ("STEP", None, True)
    }
    assert [(item["name"], item["status"], item["code_ref"]) for item in items] == [
        ("test_passes", "passed", "tests.test_a.TestA.test_passes"),
        ("test_fails[ä & <b>]", "failed", "tests.test_a.TestA.test_fails[ä & <b>]"),
        ("test_errors", "failed", "tests.test_a.test_errors"),
        ("test_skipped", "skipped", "tests.test_a.test_skipped"),
        ("no class", "passed", "no class"),
        ("level", "passed", "top.level"),
    ]
    assert items[1]["failure_message"] == "one is not two"
    assert items[1]["failure_stacktrace"] == "Traceback\n <deep> inside"
    assert items[1]["end_time"] == "2023-11-14T22:30:00.750000Z"
    assert items[2]["failure_message"] == "broken"
    assert items[3]["failure_message"] == "not today"

    def logs(index: int) -> list[tuple[str, str]]:
        entries = session.get(f"{native}/items/{items[index]['id']}/logs").json()["items"]
        return [(entry["level"], entry["message"]) for entry in entries]

    assert logs(1) == [
        ("INFO", "said"),
        ("WARN", "warned"),
        ("ERROR", "one is not two\nTraceback\n <deep> inside"),
    ]
    assert logs(3) == [("INFO", "not today")]
    assert logs(4) == []


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ("", 400, 40035),
        ("not xml", 400, 40035),
        ("<testsuite><testcase name='a'/>", 400, 40035),
        ("<html><body/></html>", 400, 40035),
        ("<!DOCTYPE t [<!ENTITY a 'b'>]><testsuite/>", 400, 40037),
        ("<!DOCTYPE t [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><testsuite>&a;</testsuite>", 400, 40037),
        ("<!DOCTYPE t SYSTEM 'http://127.0.0.1:9/t.dtd'><testsuite>&undefined;</testsuite>", 400, 40037),
        ("<testsuite>&undefined;</testsuite>", 400, 40035),
        *(
            (f"<?xml version='1.0' encoding='{encoding}'?><testsuite/>", 400, 40035)
            for encoding in ("utf-7", "utf-16", "idna", "base64", "punycode", "none-such")
        ),
    ],
)
def test_a_file_that_is_not_a_report_is_refused_and_creates_no_launch(
    *, upload: Upload, session: httpx.Client, native: str, content: str, status: int, code: int
) -> None:
    response = upload(content)
    assert (response.status_code, response.json().get("errorCode")) == (status, code)
    assert session.get(f"{native}/launches").json()["items"] == []


def test_a_doctype_without_declarations_is_ignored(upload: Upload, done: Done) -> None:
    response = upload(
        "<!DOCTYPE testsuite SYSTEM 'http://127.0.0.1:9/x.dtd'><testsuite><testcase name='a'/></testsuite>"
    )
    assert done(response)["counters"]["total"] == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
def test_the_encoding_that_the_document_declares_is_used(
    upload: Upload, done: Done, read_items: Items, encoding: str
) -> None:
    text = f"<?xml version='1.0' encoding='{encoding}'?><testsuite><testcase name='grün'/></testsuite>"
    job = done(upload(text.encode(encoding)))
    assert read_items(job["launch_id"])[0]["name"] == "grün"


def test_a_namespace_and_an_empty_report_are_read(upload: Upload, done: Done, read_items: Items) -> None:
    spaced = "<j:testsuite xmlns:j='urn:j'><j:testcase name='a'><j:failure/></j:testcase></j:testsuite>"
    assert [item["status"] for item in read_items(done(upload(spaced))["launch_id"])] == ["failed"]
    empty = done(upload("<testsuites/>"))
    assert empty["counters"] == {"total": 0, "processed": 0, "successful": 0, "failed": 0}


def test_cases_that_do_not_fit_are_counted_and_listed(upload: Upload, done: Done, read_items: Items) -> None:
    cases = f"<testcase/><testcase name='{'n' * 501}'/><testcase classname='{'c' * 1024}' name='n'/>"
    job = done(upload(f"<testsuite>{cases}<testcase name='good'/></testsuite>"))
    assert job["counters"] == {"total": 4, "processed": 4, "successful": 1, "failed": 3}
    assert len(job["error_log"]) == 3
    assert [item["name"] for item in read_items(job["launch_id"])] == ["good"]


def test_a_request_without_a_file_is_refused(api: httpx.Client, product: str) -> None:
    for files in ({"other": ("a.xml", b"<testsuite/>")}, {"file": (None, b"<testsuite/>")}):
        response = api.post(PATHS[0].format(product), files=files)
        assert response.status_code == 422
        assert response.json()["detail"][0]["loc"] == ["body", "file"]


def test_a_file_over_ten_megabytes_is_refused(upload: Upload, session: httpx.Client, native: str) -> None:
    frame = b"<testsuite><!---->" + b"</testsuite>"
    fits = frame.replace(b"<!---->", b"<!--" + b"x" * (10 * MB - len(frame)) + b"-->")
    assert len(fits) == 10 * MB
    assert upload(fits).status_code == 202
    for over in (fits + b" ", fits + b" " * MB):
        response = upload(over)
        assert response.status_code == 413
        assert set(response.json()) == {"detail"}
    assert len(session.get(f"{native}/launches").json()["items"]) == 1


def test_progress_is_seen_while_a_large_report_is_imported(
    *, session: httpx.Client, upload: Upload, native: str
) -> None:
    case = b"<testcase classname='a.b.C' name='test_%d'/>"
    report = b"<testsuite>" + b"".join(case % number for number in range(10_000)) + b"</testsuite>"
    response = upload(report).json()
    assert response["counters"] == {"total": 10_000, "processed": 0, "successful": 0, "failed": 0}
    seen = {}

    def look() -> Any:
        job = session.get(f"{native}/import/jobs/{response['job_id']}").json()
        launch = session.get(f"{native}/launches/{response['launch_id']}").json()
        seen[job["counters"]["processed"]] = launch["status"]
        return job["status"]

    wait_for(look, lambda status: status == "completed")
    assert len(seen) > 3, "it came in steps"
    assert all(processed % 50 == 0 for processed in seen)
    assert "in_progress" in seen.values(), "the launch was seen before it was done"

    following: str | None = f"{native}/launches/{response['launch_id']}/items?limit=1000000"
    names: list[str] = []
    pages = 0
    while following:
        page = session.get(following).json()
        names += [item["name"] for item in page["items"]]
        following = page["next"]
        pages += 1
    assert names == [f"test_{number}" for number in range(10_000)]
    assert pages == 10


def test_deleting_the_launch_cancels_its_import(
    *, session: httpx.Client, upload: Upload, done: Done, native: str, artifacts: str
) -> None:
    case = b"<testcase classname='a.b.C' name='test_%d'/>"
    report = b"<testsuite>" + b"".join(case % number for number in range(50_000)) + b"</testsuite>"
    response = upload(report)
    kept = session.get(f"{artifacts}/attachments/objects").json()["items"]
    assert [entry["key"] for entry in kept] == [f"imports/{response.json()['job_id']}.xml"]
    assert session.delete(f"{native}/launches/{response.json()['launch_id']}").status_code == 204
    job = done(response)
    assert (job["status"], job["launch_id"], job["link"]) == ("cancelled", None, None)
    assert session.get(f"{native}/launches").json()["items"] == []
    assert session.get(f"{artifacts}/attachments/objects").json()["items"] == []


@pytest.mark.parametrize("letter", ["a", "b", "c"])
def test_each_of_the_three_paths_can_be_the_only_one(start: Callable[..., Any], letter: str) -> None:
    running = start("--import-path", letter)
    with running.client(running.announced["api_key"]) as api:
        responses = [
            api.post(path.format(running.product), files={"file": ("r.xml", b"<testsuite/>", "text/xml")})
            for path in PATHS
        ]
    by_letter = dict(zip("abc", responses, strict=True))
    assert by_letter.pop(letter).status_code == 202
    for missing in by_letter.values():
        assert (missing.status_code, missing.json()) == (404, {"detail": "Not Found"})
