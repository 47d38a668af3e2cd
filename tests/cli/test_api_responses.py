"""``onetest-ci api``: how it prints responses, and how it ends."""

import base64
import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from support.command import COMMAND, environment, run
from support.hostile import HOSTILE
from support.log_commands import FOUND_BY
from support.onetest import LocalOneTest
from support.proxy import HTML, Answer, Exchange, Proxy, Request
from support.terminal import Terminal

ECHO: Final = "/api/gateway/api/v1/echo"
LIST: Final = "/api/test-management/api/v1/products/{product_id}/test-cases"
GITHUB: Final = {"GITHUB_ACTIONS": "true"}
PICTURE: Final = b"\x89PNG\r\n\x1a\n\x00\xff::error::x\n##[group]\x1b[2J"
LOG: Final = b"first\n::error::pwned\n##vso[task.complete]x\n\x1b[2Jlast \xc3\xbc\n"


class Api:
    """The command, through the proxy to the local OneTest."""

    def __init__(self, place: Path, onetest: LocalOneTest, proxy: Proxy) -> None:
        self.place, self.onetest, self.proxy = place, onetest, proxy
        self.env = onetest.env | {"ONETEST_BASE_URL": proxy.url}

    def __call__(self, *args: str, env: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return run("api", *args, cwd=self.place, env=self.env | dict(env or {}))

    def bytes_of(
        self, *args: str, env: Mapping[str, str] | None = None, to: Path | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        """Return the result with its output as bytes. It goes to a pipe or to a file."""
        command = [COMMAND, "api", *args]
        settings: dict[str, Any] = {"cwd": self.place, "env": environment(self.env | dict(env or {}))}
        if to is None:
            return subprocess.run(command, capture_output=True, check=False, **settings)
        with to.open("wb") as file:
            done = subprocess.run(command, stdout=file, stderr=subprocess.PIPE, check=False, **settings)
        return subprocess.CompletedProcess(command, done.returncode, to.read_bytes(), done.stderr)

    def responds(self, body: bytes, content_type: str = "application/json", status: int = 200) -> None:
        self.proxy.answer("/api/", Answer(status, body, content_type))

    def responds_in_turn(self, *bodies: object) -> None:
        """Give each request the next body; the last one is for all that follow."""
        waiting = [json.dumps(body).encode() for body in bodies]

        def rule(_: Request) -> Answer:
            return Answer(200, waiting.pop(0) if len(waiting) > 1 else waiting[0])

        self.proxy.rule = rule


@pytest.fixture
def api(tmp_path: Path, onetest: LocalOneTest, proxy: Proxy) -> Api:
    return Api(tmp_path, onetest, proxy)


@pytest.mark.parametrize(
    ("status", "body", "content_type", "end"),
    [
        (400, b'{"errorCode": 4001, "message": "no"}', "application/json", (4, "rejected")),
        (401, b'{"detail": "no"}', "application/json", (5, "key-refused")),
        (403, b'{"detail": "no"}', "application/json", (5, "forbidden")),
        (404, b'{"detail": "Product not found"}', "application/json", (5, "unknown-product")),
        (404, b'{"detail": "Not Found"}', "application/json", (4, "unknown-endpoint")),
        (404, b'{"detail": "Test case not found"}', "application/json", (4, "not-found")),
        (402, b'{"detail": "pay"}', "application/json", (6, "budget-exhausted")),
        (409, b'{"detail": "exists"}', "application/json", (4, "conflict")),
        (422, b'{"detail": [{"loc": ["body"], "msg": "no"}]}', "application/json", (4, "rejected")),
        (429, b'{"detail": "no coins"}', "application/json", (6, "budget-exhausted")),
        (418, b"teapot\n", "text/plain", (4, "rejected")),
        (400, b"", "text/plain", (4, "rejected")),
        (200, HTML + b"\n", "text/html", (4, "html-answer")),
    ],
)
def test_the_body_of_a_refusal_is_printed_and_the_exit_code_is_its_kind(
    api: Api, status: int, body: bytes, content_type: str, end: tuple[int, str]
) -> None:
    code, error = end
    api.responds(body, content_type, status)
    done = api("POST", ECHO)
    assert done.returncode == code
    assert f"error[{error}]" in done.stderr
    shown = json.dumps(json.loads(body), indent=2) + "\n" if "json" in content_type else body.decode()
    assert done.stdout == shown


def test_an_unreachable_onetest_is_not_a_success(api: Api) -> None:
    api.proxy.refuse()
    done = api("GET", ECHO, "--wait-for-service", "0")
    assert (done.returncode, done.stdout) == (4, "")
    assert "error[no-server]" in done.stderr


@pytest.mark.parametrize("args", [(), ("--format", "json")], ids=["", "json"])
def test_json_is_equal_and_harmless(api: Api, args: tuple[str, ...]) -> None:
    value = {"items": [*HOSTILE, "::error::x", "##vso[a]b", "\x1b[2J", "\u202e", "\ud800", 1.5, 10**30, None]}
    api.responds(json.dumps(value).encode())
    done = api("GET", ECHO, *args, env=GITHUB)
    assert done.returncode == 0
    assert json.loads(done.stdout) == value
    for host, found in FOUND_BY.items():
        assert found(done.stdout) == [], host
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    "body", [b"[1e999]", b"[NaN]", b"[" * 100_000, b'{"a": 1', b"\xff", b"[" + b"9" * 5000 + b"]"]
)
def test_what_is_not_json_is_raw_or_an_error(api: Api, body: bytes) -> None:
    api.responds(body)
    done = api.bytes_of("GET", ECHO)
    assert (done.returncode, done.stdout) == (0, body)
    done = api.bytes_of("GET", ECHO, "--format", "json")
    assert (done.returncode, done.stdout) == (4, b"")
    assert b"error[bad-json]" in done.stderr


@pytest.mark.parametrize("body", [PICTURE, LOG, b'{"a":1,  "a":1.10}'])
def test_raw_output_is_the_bytes(api: Api, body: bytes) -> None:
    api.responds(body, "application/octet-stream")
    for env in ({}, GITHUB):
        assert api.bytes_of("GET", ECHO, "--format", "raw", env=env).stdout == body
    assert api.bytes_of("GET", ECHO, "--format", "raw", to=api.place / "out").stdout == body


def test_other_content_is_raw_in_a_pipe_and_in_a_file(api: Api) -> None:
    api.responds(PICTURE, "image/png")
    assert api.bytes_of("GET", ECHO).stdout == PICTURE
    assert api.bytes_of("GET", ECHO, to=api.place / "out").stdout == PICTURE
    assert api.bytes_of("GET", ECHO, to=api.place / "out", env=GITHUB).stdout == PICTURE


def test_a_file_comes_back_as_it_was_uploaded(api: Api) -> None:
    (api.place / "picture").write_bytes(PICTURE)
    buckets = "/api/artifacts/api/v1/products/{product_id}/buckets"
    assert api("POST", buckets, "-F", "name=from-api").returncode == 0
    place = f"{buckets}/from-api/objects/a/picture.png"
    sent = api("PUT", place, "--input", "picture", "--header", "Content-Type: image/png")
    assert json.loads(sent.stdout)["size_bytes"] == len(PICTURE)
    done = api.bytes_of("GET", place, "--format", "raw")
    assert (done.returncode, done.stdout) == (0, PICTURE)


def test_a_ci_log_gets_text_without_commands(api: Api) -> None:
    api.responds(LOG, "text/plain")
    done = api("GET", ECHO, env=GITHUB)
    assert done.returncode == 0
    first, *middle, last = done.stdout.splitlines()
    assert (first, last) == ("first", " [2Jlast ü")
    assert ["pwned" in middle[0], "task.complete" in middle[1]] == [True, True]
    for host, found in FOUND_BY.items():
        assert found(done.stdout) == [], host


def test_a_long_line_is_broken_and_not_cut(api: Api) -> None:
    api.responds(b"x" * 20_000 + b"\n\nend", "text/plain")
    lines = api("GET", ECHO, env=GITHUB).stdout.splitlines()
    assert [len(line) for line in lines] == [8000, 8000, 4000, 0, 3]


def test_a_ci_log_gets_no_binary_content(api: Api) -> None:
    api.responds(PICTURE, "image/png")
    done = api("GET", ECHO, env=GITHUB)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[binary-output]" in done.stderr
    assert "--format raw > FILE" in done.stderr


@pytest.mark.parametrize("args", [(), ("--format", "raw")], ids=["", "raw"])
def test_a_terminal_gets_no_controls_and_no_binary_content(api: Api, args: tuple[str, ...]) -> None:
    def shown(body: bytes) -> tuple[str, int]:
        api.responds(body, "text/plain")
        command = (COMMAND, "api", "GET", ECHO, *args)
        with Terminal(*command, cwd=api.place, env=environment(api.env)) as terminal:
            text = terminal.read_until(b"1 API call.")
            return text, terminal.process.wait()

    text, code = shown(LOG)
    assert (code, "\x1b" in text) == (0, False)
    assert "[2Jlast ü" in text
    text, code = shown(PICTURE)
    assert (code, "PNG" in text) == (2, False)


def test_a_key_in_a_response_is_covered(api: Api) -> None:
    key, encoded = api.onetest.api_key, base64.b64encode(api.onetest.api_key.encode()).decode()

    def echo(exchange: Exchange) -> None:
        headers = {"X-Echo": key, "Set-Cookie": "session=secret-of-the-session"}
        body = json.dumps({key: [f"Bearer {key}", encoded]}).replace("k", "\\u006b", 1).encode()
        exchange.answer(200, body, "application/json", headers)

    api.proxy.answer("/api/", echo)
    for args in ((), ("--include",), ("--format", "raw"), ("--include", "--format", "raw"), ("--debug",)):
        done = api("GET", ECHO, *args)
        text = done.stdout + done.stderr
        assert done.returncode == 0
        assert key[:3] in text or "***" in text
        assert not any(form in text for form in (key, key[8:], encoded[8:], "secret-of-the-session"))


@pytest.mark.parametrize(
    "body",
    [
        '{{"a": "{}"}}\n{{"b": 1}}\n',
        '{{"a": "{}", "a": "x"}}',
        '{{"a": "{}"}} and more',
        "[" * 100_000 + '"{}"' + "]" * 100_000,
        '{{"a": "{}", "b": ' + "9" * 5000 + "}}",
        '{{"a": "\\\\{}"}}\n{{}}',
        "{}",
    ],
    ids=["lines", "twice", "more", "deep", "long", "backslash", "text"],
)
@pytest.mark.parametrize("env", [{}, GITHUB], ids=["pipe", "log"])
def test_an_escaped_key_is_covered_in_what_is_not_one_value_of_json(
    api: Api, body: str, env: dict[str, str]
) -> None:
    key = api.onetest.api_key
    for letters in (key[:1], key[5:6], key):
        escaped = "".join(f"\\u{ord(one):04X}" if one in letters else one for one in key)
        api.responds(body.format(escaped).encode())
        for args in ((), ("--format", "raw")):
            text = api("GET", ECHO, *args, env=env).stdout
            assert escaped not in text
            assert key[8:] not in text


def test_a_response_without_a_key_keeps_its_escapes(api: Api) -> None:
    body = b'{"a": "\\u006b\\/ \\\\u006b"}\n{"b": 1}\n'
    api.responds(body)
    assert api.bytes_of("GET", ECHO, "--format", "raw").stdout == body


def test_the_head_of_a_response_is_included(api: Api) -> None:
    def answer(exchange: Exchange) -> None:
        exchange.answer(201, b"[]", "application/json", {"X-Note": "::error::x \x1b[2J"})

    api.proxy.answer("/api/", answer)
    done = api("POST", ECHO, "--include")
    head, _, body = done.stdout.partition("\n\n")
    assert body == "[]\n"
    lines = head.splitlines()
    assert lines[0] == "HTTP/1.1 201 Created"
    assert "X-Note: ::error::x  [2J" in lines[1:]


def test_a_web_page_that_was_asked_for_is_a_success(api: Api) -> None:
    api.responds(HTML, "text/html")
    done = api("GET", ECHO, "-H", "Accept: text/html")
    assert (done.returncode, done.stdout) == (0, HTML.decode())


def test_an_empty_response_prints_nothing(api: Api) -> None:
    api.responds(b"", status=204)
    assert api("DELETE", ECHO, "--yes").stdout == ""


A, B, C = {"id": "a"}, {"id": "b"}, {"id": "c"}


@pytest.mark.parametrize(
    ("pages", "queries"),
    [
        ([[A, B, C]], ["q=1"]),
        ([{"test_cases": [A, B, C]}], ["q=1"]),
        (
            [{"items": [A, B], "next": "https://evil.example/x?cursor=2"}, {"items": [C]}],
            ["q=1", "q=1&cursor=2"],
        ),
        ([{"data": [A], "next_page": 2}, {"data": [B, C], "next_page": None}], ["q=1", "q=1&page=2"]),
        (
            [
                {"items": [A], "total": 3, "limit": 1, "offset": 0},
                {"items": [B, C], "total": 3, "limit": 1, "offset": 1},
            ],
            ["q=1", "q=1&limit=1&offset=1"],
        ),
    ],
)
def test_all_pages_become_one_list(api: Api, pages: list[object], queries: list[str]) -> None:
    api.responds_in_turn(*pages)
    done = api("GET", f"{LIST}?q=1", "--paginate")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [A, B, C]
    assert [request.path.partition("?")[2] for request in api.proxy.requests] == queries
    assert f"{len(queries)} API call" in done.stderr


@pytest.mark.parametrize(
    ("pages", "code", "error"),
    [
        ([{"items": [A], "next": "?page=1"}], 4, "endless-list"),
        (
            [{"items": [A], "next_page": 2}, {"items": [B], "next_page": 2}, {"items": [C], "next_page": 2}],
            4,
            "endless-list",
        ),
        ([{"items": [A], "next": "?page=2"}, {"items": [A], "next": "?page=3"}], 4, "endless-list"),
        ([{"items": [A], "total": 2}], 4, "incomplete-list"),
        ([{"items": [A], "next": "?page=2", "total": 3}, {"items": [B], "total": 3}], 4, "incomplete-list"),
        ([{"items": [], "next": "?page=2", "total": 3}], 4, "incomplete-list"),
        ([{"tools": 1}], 4, "bad-json"),
        ([{"items": [A], "next": "?page=%00"}], 4, "bad-json"),
        ([{"items": [A], "next": "?page=" + "9" * 9000}], 4, "bad-json"),
    ],
)
def test_a_list_that_is_not_whole_is_an_error(api: Api, pages: list[object], code: int, error: str) -> None:
    api.responds_in_turn(*pages)
    done = api("GET", LIST, "--paginate")
    assert (done.returncode, done.stdout) == (code, "")
    assert f"error[{error}]" in done.stderr


def test_a_list_that_never_ends_is_limited(api: Api) -> None:
    api.responds_in_turn(*({"items": [{"id": page}], "next_page": page} for page in range(2, 20)))
    done = api("GET", LIST, "--paginate", "--max-api-calls", "5")
    assert (done.returncode, done.stdout, len(api.proxy.requests)) == (6, "", 5)
    assert "error[max-api-calls-reached]" in done.stderr


@pytest.mark.parametrize(
    ("key", "hint"),
    [
        (
            "octo_0123456789ABCDEFGHIJKLMNOPQR",
            "a product's own key (octo_ or rp_), which works at the Receiver alone",
        ),
        (
            "rp_0123456789ABCDEFGHIJKLMNOPQRST",
            "a product's own key (octo_ or rp_), which works at the Receiver alone",
        ),
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.c2ln",
            "(JWT), which ended at 1970-01-01 00:00 UTC. Create an API key",
        ),
        ("ak_0123456789ABCDEFGHIJKLMNOPQRST", "A key that worked a moment ago may be revoked"),
    ],
)
def test_a_refused_key_is_explained_and_not_shown(api: Api, key: str, hint: str) -> None:
    done = api("GET", LIST, env={"ONETEST_API_KEY": key})
    assert done.returncode == 5
    assert hint in done.stderr
    assert "The test-management service needs a personal key (ak_)" in done.stderr.replace(
        "the test", "The test"
    )
    assert not any(key[at : at + 8] in done.stdout + done.stderr for at in range(len(key) - 8))


def test_a_key_that_is_revoked_between_two_pages(api: Api) -> None:
    page = json.dumps({"items": [A], "next_page": 2}).encode()
    answers = [Answer(200, page), Answer(401, b'{"detail": "no"}')]
    api.proxy.rule = lambda _: answers.pop(0)
    done = api("GET", LIST, "--paginate")
    assert (done.returncode, json.loads(done.stdout)) == (5, {"detail": "no"})
    assert "accepted the same key earlier in this run" in done.stderr
