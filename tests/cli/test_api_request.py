"""Fields and headers of ``onetest-ci api`` that are refused; ``test_api.py`` runs the command."""

import pytest

from onetest_ci.cli.api_request import fields_of, headers_of
from onetest_ci.errors import UsageProblem


@pytest.mark.parametrize(
    "fields",
    [
        ["x"],
        ["=x"],
        ["a]=x"],
        ["a[=x"],
        ["a[]b=x"],
        ["a[][b]=x"],
        ["a=1", "a=2"],
        ["a=1", "a[]=2"],
        ["a=1", "a[b]=2"],
        ["a[]=1", "a[b]=2"],
        ["a[b]=1", "a[b][c]=2"],
        [f"a{'[b]' * 2000}=1"],
    ],
)
def test_a_field_that_has_no_one_meaning_is_refused(fields: list[str]) -> None:
    for typed, raw in ((fields, []), ([], fields)):
        with pytest.raises(UsageProblem) as raised:
            fields_of(typed, raw)
        assert raised.value.code == "bad-field"


@pytest.mark.parametrize(
    "header",
    [
        *(
            "Authorization: Bearer x",
            "AUTHORIZATION:x",
            "Proxy-Authorization: x",
            "Cookie: a=b",
            "Host: evil",
        ),
        *(
            "User-Agent: x",
            "Content-Length: 0",
            "Transfer-Encoding: chunked",
            "Connection: close",
            "Expect: x",
        ),
        *("Expect: x", "X-HTTP-Method-Override: DELETE", "x_http_method: DELETE", "X-Forwarded-Host: evil"),
        *("no colon", ": x", "a b: x", "a\u00e4: x", "X: a\r\nHost: evil", "X: a\nb", "X: \u00e4", "X\0: a"),
    ],
)
def test_a_header_that_is_not_a_persons_is_refused(header: str) -> None:
    with pytest.raises(UsageProblem) as raised:
        headers_of([header], None)
    assert raised.value.code == "bad-header"


def test_a_header_is_given_once() -> None:
    assert headers_of(["X-A: 1", "X-B:2 "], None) == [("X-A", "1"), ("X-B", "2")]
    with pytest.raises(UsageProblem, match="twice"):
        headers_of(["X-A: 1", "x-a: 2"], None)
