from pathlib import Path

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.errors import ServiceError
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.onetest.endpoints import Endpoints
from onetest_ci.onetest.junit_import import ImportResult, JUnitImport
from support.onetest import LocalOneTest

A = f"/api/receiver/api/v1/products/{PRODUCT}/import/junit/upload"
B = f"/api/v1/products/{PRODUCT}/import/junit"
C = f"/api/receiver/api/v1/products/{PRODUCT}/import/junit"

DOCUMENT = b'<testsuites><testsuite name="s"><testcase classname="a" name="b"/></testsuite></testsuites>'

ROUTE_MISS = (404, {"detail": "Not Found"}, "application/json")
WRONG_VERB = (405, {"detail": "Method Not Allowed"}, "application/json")
WEB_APP = (200, b"<!doctype html>", "text/html")
WEB_APP_404 = (404, b"<!doctype html>", "text/html; charset=utf-8")
WRONG_TYPE = (415, {"detail": "Unsupported Media Type"}, "application/json")
WRONG_BODY = (422, {"detail": [{"loc": ["body"], "msg": "bucket required"}]}, "application/json")
DONE = (202, {"job_id": "j", "status": "pending"}, "application/json")


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "junit.xml"
    path.write_bytes(DOCUMENT)
    return path


@pytest.fixture
def scripted(server: Server, connect: Connections) -> JUnitImport:
    return JUnitImport(connect(server.url), PRODUCT)


def script(server: Server, *responses: tuple[int, object, str]) -> None:
    for status, body, content_type in responses:
        server.responds(status, body, Content_Type=content_type)


def paths(server: Server) -> list[str]:
    return [request.path for request in server.requests]


def test_a_document_becomes_a_launch(onetest: LocalOneTest, connect: Connections, document: Path) -> None:
    real = JUnitImport(connect(onetest.url, onetest.api_key), onetest.product_id)
    result = real.import_junit(document, "r.xml")
    assert result.path_used.endswith("/import/junit/upload")
    assert [case["code_ref"] for case in onetest.cases(result.launch_id)] == ["a.b"]


def test_the_document_is_one_part_named_file(server: Server, scripted: JUnitImport, document: Path) -> None:
    script(server, DONE)
    assert scripted.import_junit(document, "../run 1.xml") == ImportResult("j", "", "", "pending", A)
    (request,) = server.requests
    assert request.body.count(b"Content-Disposition: form-data") == 1
    head = b'form-data; name="file"; filename=".._run 1.xml"\r\nContent-Type: application/xml\r\n\r\n'
    assert head + DOCUMENT in request.body


@pytest.mark.parametrize(
    ("responses", "requested"),
    [
        ([DONE], [A]),
        ([ROUTE_MISS, DONE], [A, C]),
        ([WRONG_VERB, DONE], [A, C]),
        ([WEB_APP, DONE], [A, C]),
        ([ROUTE_MISS, WEB_APP_404, DONE], [A, C, B]),
        ([ROUTE_MISS, WRONG_BODY, DONE], [A, C, B]),
        ([WRONG_TYPE, ROUTE_MISS, DONE], [A, C, B]),
        ([(200, b"", "text/plain")], [A]),
        ([(204, b"", "")], [A]),
        ([(201, b"Accepted", "text/plain")], [A]),
    ],
)
def test_the_next_path_is_requested_only_if_this_one_does_not_exist(
    server: Server,
    scripted: JUnitImport,
    document: Path,
    responses: list[tuple[int, object, str]],
    requested: list[str],
) -> None:
    script(server, *responses)
    assert scripted.import_junit(document, "r.xml").path_used == requested[-1]
    assert paths(server) == requested


@pytest.mark.parametrize(
    ("last", "code"),
    [
        ((401, {"detail": "no"}, "application/json"), "key-refused"),
        ((402, {}, "application/json"), "budget-exhausted"),
        ((403, {"detail": "no"}, "application/json"), "forbidden"),
        ((403, b"<html>", "text/html"), "html-answer"),
        ((404, {"detail": "Product not found"}, "application/json"), "unknown-product"),
        ((404, {"detail": "Not Found", "path": "x"}, "application/json"), "not-found"),
        ((404, b"Not Found", "text/plain"), "not-found"),
        ((400, {"detail": "bad xml"}, "application/json"), "rejected"),
        ((409, {"detail": "?"}, "application/json"), "conflict"),
        ((413, b"<html>", "text/html"), "too-large"),
        ((429, {"detail": "no coins"}, "application/json"), "budget-exhausted"),
        ((500, {"detail": "?"}, "application/json"), "server-error"),
        ((502, b"<html>", "text/html"), "server-error"),
        ((504, b"", ""), "server-error"),
        ((0, b"", ""), "connection-lost"),
    ],
)
def test_a_response_that_proves_nothing_is_final(
    server: Server, scripted: JUnitImport, document: Path, last: tuple[int, object, str], code: str
) -> None:
    script(server, ROUTE_MISS, last)
    with pytest.raises(ServiceError) as caught:
        scripted.import_junit(document, "r.xml")
    assert caught.value.code == code
    assert paths(server) == [A, C]


def test_one_handler_that_refuses_the_form_is_skipped(
    server: Server, scripted: JUnitImport, document: Path
) -> None:
    script(server, WRONG_BODY, WRONG_TYPE)
    with pytest.raises(ServiceError) as caught:
        scripted.import_junit(document, "r.xml")
    assert caught.value.status == 415
    assert paths(server) == [A, C]


def test_if_no_path_exists_the_error_reports_it(
    server: Server, scripted: JUnitImport, document: Path
) -> None:
    script(server, ROUTE_MISS, WEB_APP, WRONG_VERB)
    with pytest.raises(ServiceError) as caught:
        scripted.import_junit(document, "r.xml")
    assert caught.value.code == "unknown-endpoint"
    assert "receiver.import_junit" in caught.value.hint


def test_a_handlers_error_is_preferred_to_missing_paths(
    server: Server, scripted: JUnitImport, document: Path
) -> None:
    script(server, ROUTE_MISS, WRONG_BODY, ROUTE_MISS)
    with pytest.raises(ServiceError, match="bucket required"):
        scripted.import_junit(document, "r.xml")


def test_the_path_that_works_is_remembered_even_if_it_fails_later(
    server: Server, scripted: JUnitImport, document: Path
) -> None:
    script(server, ROUTE_MISS, DONE, DONE, ROUTE_MISS)
    scripted.import_junit(document, "1.xml")
    scripted.import_junit(document, "2.xml")
    with pytest.raises(ServiceError):
        scripted.import_junit(document, "3.xml")
    assert paths(server) == [A, C, C, C]


def test_a_pinned_path_is_the_only_one(server: Server, connect: Connections, document: Path) -> None:
    script(server, ROUTE_MISS)
    pinned = Endpoints({"receiver.import_junit": "/api/v1/products/{product_id}/import/junit"})
    with pytest.raises(ServiceError):
        JUnitImport(connect(server.url, endpoints=pinned), PRODUCT).import_junit(document, "r.xml")
    assert paths(server) == [B]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"id": 7, "launch_uuid": "l"}, ("7", "l", "", "")),
        ({"data": {"job_id": "j", "launch_id": "l", "status": "processing"}}, ("j", "l", "", "processing")),
        ({"job": {"id": "j"}, "link": "https://x.example/l"}, ("j", "", "https://x.example/l", "")),
        ({"link": "javascript:alert(1)", "job": None, "status": {"a": 1}}, ("", "", "", "")),
        ([1, 2], ("", "", "", "")),
        ("text", ("", "", "", "")),
    ],
)
def test_only_fields_of_the_response_are_returned(
    server: Server, scripted: JUnitImport, document: Path, body: object, expected: tuple[str, ...]
) -> None:
    server.responds(200, body)
    assert scripted.import_junit(document, "r.xml")[:4] == expected


def test_a_document_over_the_limit_is_not_sent(server: Server, scripted: JUnitImport, document: Path) -> None:
    with document.open("ab") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    with pytest.raises(ServiceError) as caught:
        scripted.import_junit(document, "r.xml")
    assert caught.value.code == "too-large"
    assert server.requests == []
