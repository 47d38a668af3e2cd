"""What Newman's JSON holds that must not leave the machine or take memory, and failures in several places."""

import io
import json
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.reports.engine.json_stream import JsonStream
from onetest_ci.reports.engine.reading import Reading
from onetest_ci.reports.formats.newman.requests import Requests
from support.command import run
from support.reading import Read, read_report
from support.samples import DATA

REPORT = DATA / "produced" / "newman-json" / "reports" / "iterations.json"


def newman(*executions: dict[str, Any], failures: Any = (), **of_run: Any) -> Read:
    return read_report(
        json.dumps({"run": {"stats": {}, "executions": executions, "failures": failures} | of_run})
    )


def execution(**members: Any) -> dict[str, Any]:
    return {"cursor": {"ref": "1"}, "item": {"id": "i", "name": "Get"}} | members


def test_nothing_of_a_request_leaves_the_machine(tmp_path: Path) -> None:
    secrets = [b"not-for-the-log", b"neither-is-this", b"Authorization", b"X-Api-Key"]
    assert all(secret in REPORT.read_bytes() for secret in secrets)
    done = run("collect", "--bundle", "bundle", REPORT, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "is not among the raw reports" in done.stderr
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert {path.name for path in written} >= {"items.jsonl"}
    assert not any(path.suffix == ".zip" for path in written)
    found = [(path, one) for path in written for one in secrets if one in path.read_bytes()]
    assert not found


@pytest.mark.parametrize("assertions", ["x", 7, {"a": 1}, [7], [None], [{"assertion": "a", "error": "no"}]])
def test_assertions_of_a_wrong_type_have_not_passed(assertions: Any) -> None:
    assert [case.status for case in newman(execution(assertions=assertions)).cases] in (["error"], ["failed"])


@pytest.mark.parametrize(
    "script", ["x", 7, {}, [7], [None], [{"error": "no"}], [{"error": {"message": "no"}}]]
)
def test_an_entry_for_a_script_is_a_failure(script: Any) -> None:
    assert newman(execution(testScript=script)).statuses == [("Get", "error")]


def test_an_execution_that_comes_again_counts_once_if_it_is_the_same() -> None:
    one, failed = {"assertion": "a"}, {"assertion": "a", "error": {"message": "no"}}
    same = newman(execution(assertions=[one]), execution(assertions=[one]))
    assert same.statuses == [("a", "passed")]
    other = newman(execution(assertions=[one]), execution(assertions=[failed]))
    assert other.statuses == [("a", "passed"), ("a", "failed")]


def test_a_failure_is_matched_once() -> None:
    failed = {"assertion": "a", "error": {"message": "no", "test": "a"}}
    failure = {"at": "assertion:0 in test-script", "cursor": {"ref": "1"}, "error": failed["error"]}
    read = newman(execution(assertions=[failed]), failures=[failure, failure])
    assert read.statuses == [("a", "failed"), ("a", "failed")]


@pytest.mark.parametrize(
    "body",
    [
        b'{"data":[' + b"107," * 100_000 + b'1], "text": "' + b']}\\\\\\"[{' * 40_000 + b'"}',
        b"[" * 5000 + b"]" * 5000,
        b'"text"',
        b"null",
    ],
    ids=["many", "deep", "text", "null"],
)
def test_a_response_is_passed_over(body: bytes) -> None:
    document = JsonStream(io.BytesIO(b'{"response": %b, "id": 7}' % body), Reading("report"))
    found = {}
    for key in document.members():
        if key == "response":
            document.pass_over()
        else:
            found[key] = document.value()
    assert found == {"id": 7}


@pytest.mark.parametrize("body", [b'{"a":[1', b'{"a":"x', b'{"a":"x\\', b"[[]"])
def test_a_response_that_breaks_off_is_an_error(body: bytes) -> None:
    read = read_report(b'{"run":{"stats":{},"executions":[{"item":{"id":"i"},"response":' + body)
    assert read.reading.error is not None
    assert read.reading.truncated


@pytest.mark.parametrize(
    ("name", "classname"),
    [
        ("Cart / Get the cart", "CartGetTheCart"),
        ("Größe wählen / v2API test", "GrosseWahlenV2ApiTest"),
        ("1st order", "1stOrder"),
        ("GET /users/:id", "GetUsersId"),
        ("HTTPServer isUp", "HttpServerIsUp"),
        ("don't_do x2y", "DontDoX2Y"),
        ("2nd Way 3rdparty 4th", "2ndWay3Rdparty4th"),
        ("注文", "Shop"),
    ],
)
def test_classes_are_those_of_the_junit_reporter(name: str, classname: str) -> None:
    reading = Reading("report")
    requests = Requests(reading)
    requests.read(JsonStream(io.BytesIO(b'{"collection": {"info": {"name": "shop"}}}'), reading))
    assert requests.classname(name) == classname
