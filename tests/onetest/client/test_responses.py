import json
from typing import Any

import pytest

from onetest.scripted_server import KEY, Connections, Server
from onetest_ci.errors import BudgetExhausted, NotOneTest, Refused, ServiceError
from onetest_ci.exit_codes import ExitCode

PRODUCT = {"product_id": "11111111-2222-4333-8444-555555555555"}
JSON = "application/json"
HTML = "text/html; charset=utf-8"
PAGE = b"<!doctype html><title>Not what you wanted</title>"


def failure(server: Server, connect: Connections, name: str = "receiver.import_junit") -> ServiceError:
    with pytest.raises(ServiceError) as caught:
        connect(server.url).send(name, values=PRODUCT, candidate=0, content=b"{}")
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (401, {"detail": "Invalid key"}, (Refused, "key-refused")),
        (401, {"error": "invalid_token", "error_description": "Invalid key"}, (Refused, "key-refused")),
        (403, {"errorCode": 4003, "message": "You do not have enough permissions."}, (Refused, "forbidden")),
        (404, {"detail": "Not Found"}, (ServiceError, "unknown-endpoint")),
        (404, {"errorCode": 4040, "message": "Project 'x' not found."}, (Refused, "unknown-product")),
        (404, {"errorCode": 4040, "message": "Gone"}, (Refused, "unknown-product")),
        (404, {"detail": "Product not found"}, (Refused, "unknown-product")),
        (404, {"detail": "No such product"}, (Refused, "unknown-product")),
        (404, {"errorCode": 4041, "message": "Launch 'x' not found."}, (ServiceError, "not-found")),
        (404, {"detail": "Environment not found for product x"}, (ServiceError, "not-found")),
        (404, {"detail": "Not Found", "more": 1}, (ServiceError, "not-found")),
        (404, b"Not Found", (ServiceError, "not-found")),
        (404, b"", (ServiceError, "not-found")),
        (405, {"detail": "Method Not Allowed"}, (ServiceError, "unknown-endpoint")),
        (402, {"errorCode": 4020, "message": "Pay"}, (BudgetExhausted, "budget-exhausted")),
        (402, b"", (BudgetExhausted, "budget-exhausted")),
        (429, {"detail": "Weekly coin budget spent"}, (BudgetExhausted, "budget-exhausted")),
        (429, {"detail": {"error": "quota", "reset": 7}}, (BudgetExhausted, "budget-exhausted")),
        (429, b"EXHAUSTED", (BudgetExhausted, "budget-exhausted")),
        (429, {"detail": "Too many requests"}, (ServiceError, "rate-limited")),
        (409, {"errorCode": 4091, "message": "Already exists"}, (ServiceError, "conflict")),
        (413, {"detail": "Too big"}, (ServiceError, "too-large")),
        (400, {"errorCode": 4001, "message": "Incorrect Request."}, (ServiceError, "rejected")),
        (406, {"errorCode": 40018, "message": "Finished"}, (ServiceError, "rejected")),
        (422, {"detail": [{"loc": ["body", "name"], "msg": "Field required"}]}, (ServiceError, "rejected")),
        (500, {"errorCode": 5000, "message": "Oops"}, (ServiceError, "server-error")),
        (503, b"", (ServiceError, "server-error")),
        (304, b"", (NotOneTest, "unexpected-answer")),
    ],
)
def test_each_status_has_its_error(
    server: Server, connect: Connections, status: int, body: object, expected: tuple[type[ServiceError], str]
) -> None:
    server.responds(status, body, Content_Type=JSON, Retry_After="3600")
    error = failure(server, connect)
    assert (type(error), error.code) == expected
    assert error.status == status
    assert str(status) in error.message
    assert error.hint
    assert len(server.requests) == 1


def test_errors_that_a_retry_cannot_cure_have_their_own_exit_codes(
    server: Server, connect: Connections
) -> None:
    server.responds(401).responds(402).responds(500)
    codes = [failure(server, connect).exit_code for _ in range(3)]
    assert codes == [ExitCode.REFUSED, ExitCode.BUDGET, ExitCode.NOT_DELIVERED]


@pytest.mark.parametrize("status", [200, 201, 400, 403, 404, 405, 409, 422])
def test_a_web_page_is_not_onetest(server: Server, connect: Connections, status: int) -> None:
    server.responds(status, PAGE, Content_Type=HTML)
    error = failure(server, connect)
    assert (type(error), error.code, error.status) == (NotOneTest, "html-answer", status)
    assert server.url in error.message
    assert "wanted" not in error.message


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (401, "key-refused"),
        (402, "budget-exhausted"),
        (413, "too-large"),
        (429, "rate-limited"),
        (500, "server-error"),
        (502, "server-error"),
    ],
)
def test_a_gateways_page_does_not_hide_its_status(
    server: Server, connect: Connections, status: int, code: str
) -> None:
    server.responds(status, PAGE, Content_Type=HTML, Retry_After="3600")
    assert failure(server, connect).code == code


@pytest.mark.parametrize("body", [b"", b"OK", b"{", b"[" * 100_000, b"\xff\xfe", b"9" * 5000])
@pytest.mark.parametrize("content_type", [JSON, "text/plain", ""])
def test_a_response_without_promised_json_is_not_onetest(
    server: Server, connect: Connections, body: bytes, content_type: str
) -> None:
    server.responds(200, body, Content_Type=content_type)
    error = failure(server, connect, "receiver.start_launch")
    assert (type(error), error.code, error.status) == (NotOneTest, "bad-json", 200)


@pytest.mark.parametrize("body", [b"", b"Accepted", b"{"])
def test_if_the_body_is_unknown_any_2xx_is_success(server: Server, connect: Connections, body: bytes) -> None:
    server.responds(202, body, Content_Type="text/plain")
    response = connect(server.url).send("receiver.import_junit", values=PRODUCT, candidate=0, content=b"")
    assert (response.status, response.body) == (202, None)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"message": "first", "detail": "second"}, "first"),
        ({"message": "", "detail": "second"}, "second"),
        (
            {"detail": [{"loc": ["body", 0, "name"], "msg": "required"}, {"msg": "bad"}]},
            "body.0.name: required; : bad",
        ),
        ({"error_description": "third", "error": "fourth"}, "third"),
        ({"error": {"message": "inner"}}, "inner"),
        ({"other": 1}, '{"other": 1}'),
        (["a"], '["a"]'),
        (b"plain\r\n\x1b[31mtext\x00", "plain [31mtext"),
        ({"message": {"deep": ["x"]}, "detail": None}, '{"message": {"deep": ["x"]}, "detail": null}'),
    ],
)
def test_the_servers_text_is_found_for_every_framework(
    server: Server, connect: Connections, body: Any, text: str
) -> None:
    server.responds(400, body)
    assert failure(server, connect).message.endswith(f"with status 400: {text}")


def test_the_servers_text_is_truncated(server: Server, connect: Connections) -> None:
    server.responds(500, {"message": "x" * 1_000_000})
    text = failure(server, connect).message.rpartition(": ")[2]
    assert (len(text), text[-2:]) == (300, "x…")


@pytest.mark.parametrize("escaped", [False, True])
def test_a_key_in_a_response_is_redacted(server: Server, connect: Connections, escaped: bool) -> None:
    body = json.dumps({"id": KEY, "link": f"http://x/{KEY}?a=1", KEY: [f"key {KEY}"]})
    if escaped:
        body = body.replace(KEY, "".join(f"\\u{ord(letter):04x}" for letter in KEY))
        assert KEY not in body
    server.responds(200, body.encode(), Content_Type=JSON)
    response = connect(server.url).send("gateway.tools", values={})
    assert response.body == {"id": "***", "link": "http://x/***?a=1", "***": ["key ***"]}
    assert KEY not in "".join(connect.debug)


@pytest.mark.parametrize("status", [200, 400])
def test_a_key_in_json_of_any_structure_is_redacted(
    server: Server, connect: Connections, status: int
) -> None:
    """Also if letters of the key are escaped, or if a parser drops the member that contains it."""
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in KEY)
    server.responds(status, f'{{"a": "{KEY}", "a": "x", "b": "{escaped}"}}'.encode(), Content_Type=JSON)
    shown = "" if status == 200 else failure(server, connect).message
    if status == 200:
        connect(server.url).send("gateway.tools", values={})
    for text in (shown, *connect.debug):
        assert KEY not in text
        assert escaped not in text


def test_a_key_in_a_response_without_json_is_redacted(server: Server, connect: Connections) -> None:
    server.responds(200, f"imported with {KEY}".encode(), Content_Type="text/plain")
    assert connect(server.url).send("receiver.import_junit", values=PRODUCT).body is None
    assert connect.debug[-1] == "  < imported with ***"


def test_a_long_body_of_the_errors_words_is_searched_in_linear_time(
    server: Server, connect: Connections
) -> None:
    server.responds(404, b"project " * 300_000)
    assert failure(server, connect).code == "not-found"
    server.responds(404, b"project " * 100_000 + b"is not found")
    assert failure(server, connect).code == "unknown-product"
