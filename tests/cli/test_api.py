"""``onetest-ci api``: which requests it makes, and which it refuses before anything is sent."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pytest

from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest
from support.proxy import Answer, Exchange, Fault, HangUp, Proxy, Request
from support.terminal import Terminal

TOOLS: Final = "/api/gateway/api/v1/tools"
CASES: Final = "/api/test-management/api/v1/products/{product_id}/test-cases"
ECHO: Final = "/api/gateway/api/v1/echo"
OTHER_KEY: Final = "octo_0123456789ABCDEFGHIJKLMNOPQR"


class Api:
    """The command, through the proxy to the local OneTest."""

    def __init__(self, place: Path, onetest: LocalOneTest, proxy: Proxy) -> None:
        self.place, self.onetest, self.proxy = place, onetest, proxy
        self.env = onetest.env | {"ONETEST_BASE_URL": proxy.url}

    def __call__(
        self, *args: str, env: Mapping[str, str] | None = None, stdin: str = ""
    ) -> subprocess.CompletedProcess[str]:
        return run("api", *args, cwd=self.place, env=self.env | dict(env or {}), stdin=stdin)

    def sent(self, *args: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Request:
        """Return the one request that a successful call makes."""
        self.proxy.answer(ECHO, Answer(200, b"{}"))
        done = self(*args, stdin=stdin, env=env)
        assert (done.returncode, done.stdout) == (0, "{}\n"), done.stderr
        (request,) = self.proxy.requests
        return request

    def refused(self, *args: str, env: Mapping[str, str] | None = None) -> str:
        """Return the message of a call that is refused before anything is sent."""
        done = self(*args, env=env)
        assert (done.returncode, done.stdout, self.proxy.requests) == (2, "", []), done.stderr
        return done.stderr


@pytest.fixture
def api(tmp_path: Path, onetest: LocalOneTest, proxy: Proxy) -> Api:
    return Api(tmp_path, onetest, proxy)


def test_the_calls_of_onetests_page_on_keys(api: Api) -> None:
    tools = api("GET", TOOLS)
    assert (tools.returncode, list(json.loads(tools.stdout))) == (0, ["tools"])
    fields = ("title=Sign in", "execution_type=manual", "priority=p2")
    created = api("POST", CASES, *(f"--field={field}" for field in fields))
    case = json.loads(created.stdout)
    assert (created.returncode, case["title"], case["priority"]) == (0, "Sign in", "p2")
    listed = api("GET", CASES, "--paginate")
    assert listed.returncode == 0
    assert case["id"] in {entry["id"] for entry in json.loads(listed.stdout)}
    assert [done.stderr for done in (tools, created)] == ["onetest-ci: 1 API call.\n"] * 2
    help_text = run("api", "--help", cwd=api.place).stdout
    for call in (f"api GET {TOOLS}", f"api GET '{CASES}' --paginate", f"api POST '{CASES}'"):
        assert call in help_text


TYPED: Final[dict[str, object]] = {
    "true": True,
    "false": False,
    "null": None,
    "0": 0,
    "-7": -7,
    "42": 42,
    "9" * 18: 10**18 - 1,
    **{text: text for text in ("True", "1.10", "007", "+5", "1e3", "", " 1", "9" * 19, "a=b", "größe")},
    "@text.txt": "first\nsecond ü\n",
    "@-": "from stdin",
}


def test_a_field_is_typed_and_a_raw_field_is_text(api: Api) -> None:
    (api.place / "text.txt").write_text("first\nsecond ü\n", encoding="utf-8")
    names = dict(enumerate(TYPED))
    typed = [f"--field=typed{number}={text}" for number, text in names.items()]
    raw = [f"--raw-field=raw{number}={text}" for number, text in names.items()]
    request = api.sent("POST", ECHO, *typed, *raw, stdin="from stdin")
    assert request.json() == {f"typed{number}": TYPED[text] for number, text in names.items()} | {
        f"raw{number}": text for number, text in names.items()
    }
    assert request.headers["Content-Type"] == "application/json"


def test_fields_fill_objects_and_lists(api: Api) -> None:
    fields = ["title=x", "m[team]=shop", "m[deep][n]=1", "tags[]=a", "tags[]=2", "m[list][]=b"]
    request = api.sent("PATCH", ECHO, *(f"--field={field}" for field in fields))
    metadata = {"team": "shop", "deep": {"n": 1}, "list": ["b"]}
    assert request.json() == {"title": "x", "m": metadata, "tags": ["a", 2]}


def test_a_field_that_has_no_one_meaning_is_refused(api: Api) -> None:
    assert "error[bad-field]" in api.refused("POST", ECHO, "--field=a=1", "--raw-field=a=2")


def test_fields_of_a_get_are_its_query(api: Api) -> None:
    fields = ["b=true", "n=null", "i=3", "t=ä &=", "l[]=1", "l[]=2"]
    request = api.sent("get", f"{ECHO}?a=1", *(f"--field={field}" for field in fields))
    assert request.path == f"{ECHO}?a=1&b=true&n=&i=3&t=%C3%A4+%26%3D&l=1&l=2"
    assert (request.method, request.body) == ("GET", b"")
    assert "error[bad-field]" in run("api", "GET", ECHO, "-F", "a[b]=1", cwd=api.place, env=api.env).stderr


@pytest.mark.parametrize("source", ["body.json", "-"])
def test_an_input_is_the_body_and_fields_the_query(api: Api, source: str) -> None:
    (api.place / "body.json").write_text('{"a": [1]}', encoding="utf-8")
    request = api.sent("PUT", ECHO, "--input", source, "-F", "q=1", stdin='{"a": [1]}')
    assert (request.path, request.body) == (f"{ECHO}?q=1", b'{"a": [1]}')
    assert request.headers["Content-Type"] == "application/json"


def test_headers_are_added_and_two_of_them_replaced(api: Api) -> None:
    headers = ("X-Trace: a:b", "accept:text/csv", "Content-Type: image/png")
    request = api.sent("POST", ECHO, "--input=-", *(f"--header={header}" for header in headers), stdin="x")
    assert request.headers["X-Trace"] == "a:b"
    assert request.headers.get_all("Accept") == ["text/csv"]
    assert request.headers.get_all("Content-Type") == ["image/png"]
    assert request.headers.get_all("Authorization") == [f"Bearer {api.onetest.api_key}"]


def test_a_header_of_the_client_is_refused(api: Api) -> None:
    assert "error[bad-header]" in api.refused("GET", ECHO, "--header", "Authorization: Bearer x")


@pytest.mark.parametrize(
    "path", ["https://evil.example/api", "//evil.example/api", "/api/%252e%252e/x", "/a%2fb"]
)
def test_a_path_that_may_lead_elsewhere_is_refused(api: Api, path: str) -> None:
    assert "error[bad-path]" in api.refused("GET", path)


def test_an_unknown_method_is_refused(api: Api) -> None:
    assert "error[bad-method]" in api.refused("TRACE", TOOLS)


@pytest.mark.parametrize(
    ("path", "key"),
    [
        (ECHO, "main"),
        ("/api/membership/echo", "main"),
        ("/api/v1x/echo", "main"),
        ("/api/receiver/api/v2/{product_id}/echo", "receiver"),
        ("/api/receiver/echo", "receiver"),
        ("/api/v1/products/{product_id}/import/junit", "receiver"),
    ],
)
def test_each_path_gets_the_key_of_its_service(api: Api, path: str, key: str) -> None:
    api.proxy.answer("/", Answer(200, b"{}"))
    done = api("GET", path, env={"ONETEST_RECEIVER_API_KEY": OTHER_KEY})
    assert done.returncode == 0, done.stderr
    sent = api.proxy.requests[0].headers["Authorization"]
    assert sent == f"Bearer {OTHER_KEY if key == 'receiver' else api.onetest.api_key}"


def failing_once(fault: Fault) -> Any:
    """A rule that gives the first request a fault and lets the others succeed."""
    faults = [fault]
    return lambda _: faults.pop() if faults else Answer(200, b"{}")


@pytest.mark.parametrize("fault", [Answer(503), HangUp()], ids=["503", "no response"])
@pytest.mark.parametrize(
    ("method", "path", "retried"),
    [
        ("GET", ECHO, True),
        ("PUT", "/api/test-management/api/v1/test-cases/1", True),
        ("PUT", "/api/receiver/api/v2/{product_id}/item/1", False),
        ("PUT", ECHO, False),
        ("PATCH", ECHO, False),
        ("POST", CASES, False),
        ("POST", "/api/membership/api/v1/builds/find-or-create", False),
        ("DELETE", ECHO, False),
    ],
)
def test_only_what_is_safe_is_sent_again(
    api: Api, method: str, path: str, retried: bool, fault: Fault
) -> None:
    api.proxy.rule = failing_once(fault)
    done = api(method, path, "--yes")
    assert (done.returncode, len(api.proxy.requests)) == ((0, 2) if retried else (4, 1))
    assert f"{len(api.proxy.requests)} API call" in done.stderr
    assert "push the bundle" not in done.stderr.lower()


def test_a_delete_needs_yes_without_a_terminal(api: Api) -> None:
    assert "error[not-confirmed]" in api.refused("delete", ECHO)
    assert "--yes" in api.refused("DELETE", ECHO)
    assert api.sent("DELETE", ECHO, "--yes").method == "DELETE"


@pytest.mark.parametrize(
    ("answer", "sent"), [(b"y\n", True), (b"yes\n", True), (b"n\n", False), (b"\n", False)]
)
def test_a_delete_asks_on_a_terminal(api: Api, answer: bytes, sent: bool) -> None:
    api.proxy.answer(ECHO, Answer(200, b'{"deleted": true}'))
    with Terminal(COMMAND, "api", "DELETE", ECHO, cwd=api.place, env=environment(api.env)) as terminal:
        terminal.read_until(f"DELETE {ECHO}: delete this in OneTest? [y/N] ".encode())
        assert api.proxy.requests == []
        terminal.press(answer)
        terminal.read_until(b'"deleted": true' if sent else b"Nothing was deleted.")
        assert terminal.process.wait() == (0 if sent else 2)
    assert len(api.proxy.requests) == sent


FORK: Final = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_REPOSITORY": "acme/shop",
}


@pytest.fixture
def fork(tmp_path: Path) -> dict[str, str]:
    event = {"pull_request": {"head": {"repo": {"full_name": "stranger/shop", "fork": True}}, "number": 1}}
    (tmp_path / "event.json").write_text(json.dumps(event), encoding="utf-8")
    return FORK | {"GITHUB_EVENT_PATH": str(tmp_path / "event.json")}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_an_untrusted_run_changes_nothing(api: Api, fork: dict[str, str], method: str) -> None:
    done = api(method, ECHO, "--yes", env=fork)
    assert (done.returncode, api.proxy.requests) == (2, [])
    assert "error[untrusted-run]" in done.stderr


def test_an_untrusted_run_may_read(api: Api, fork: dict[str, str]) -> None:
    assert api("GET", TOOLS, env=fork).returncode == 0


@pytest.mark.parametrize(
    "args",
    [
        ("GET", f"{ECHO}/KEY"),
        ("GET", ECHO, "-F", "a=KEY"),
        ("POST", ECHO, "-f", "a=xKEYx"),
        ("GET", ECHO, "-H", "X-Api-Key: KEY"),
        ("POST", ECHO, "--input", "body"),
    ],
)
@pytest.mark.parametrize("name", ["ONETEST_API_KEY", "ONETEST_RECEIVER_API_KEY"])
def test_a_key_is_sent_in_its_header_only(api: Api, args: tuple[str, ...], name: str) -> None:
    env = {"ONETEST_RECEIVER_API_KEY": OTHER_KEY}
    key = (api.env | env)[name]
    (api.place / "body").write_text(f'{{"a": "{key}"}}', encoding="utf-8")
    message = api.refused(*(arg.replace("KEY", key) for arg in args), env=env)
    assert "error[key-in-request]" in message
    assert key not in message


@pytest.mark.parametrize(
    ("args", "env", "code", "error"),
    [
        (("GET", TOOLS), {"ONETEST_API_KEY": ""}, 5, "missing-key"),
        (("GET", CASES), {"ONETEST_PRODUCT_ID": ""}, 2, "missing-option"),
        (("GET", TOOLS, "--endpoint", "no.such=/x"), {}, 2, "bad-endpoint"),
        (("POST", ECHO, "--input", "-", "--api-key-file", "-"), {}, 2, "bad-key-file"),
        (("POST", ECHO, "--input", "gone.json"), {}, 2, "unreadable-input"),
        (("POST", ECHO, "--input", "."), {}, 2, "unreadable-input"),
        (("POST", ECHO, "--input", "large"), {}, 2, "unreadable-input"),
        (("POST", ECHO, "-F", "a=@gone"), {}, 2, "unreadable-input"),
        (("POST", ECHO, "-F", "a=@latin"), {}, 2, "unreadable-input"),
        (("GET", ECHO, "--input", "latin"), {}, 2, "unexpected-body"),
        (("POST", ECHO, "--paginate"), {}, 2, "bad-option"),
        (("GET", ECHO, "--paginate", "--include"), {}, 2, "bad-option"),
        (("GET", ECHO, "--paginate", "--format", "raw"), {}, 2, "bad-option"),
    ],
)
def test_what_is_missing_or_wrong_is_found_before_anything_is_sent(
    api: Api, args: tuple[str, ...], env: dict[str, str], code: int, error: str
) -> None:
    (api.place / "latin").write_bytes(b"gr\xfc\xdfe")
    with (api.place / "large").open("wb") as large:
        large.truncate(10 * 1024 * 1024 + 1)
    done = api(*args, env=env)
    assert (done.returncode, done.stdout, api.proxy.requests) == (code, "", [])
    assert f"error[{error}]" in done.stderr


def test_standard_input_is_for_one_purpose(api: Api) -> None:
    key = api.onetest.api_key
    done = api("POST", ECHO, "--input=-", "--api-key-file=-", env={"ONETEST_API_KEY": ""}, stdin=f"{key}\n")
    assert (done.returncode, api.proxy.requests) == (2, [])
    assert "error[stdin-used-twice]" in done.stderr


def test_nothing_follows_to_another_host(api: Api, onetest: LocalOneTest) -> None:
    def redirect(exchange: Exchange) -> None:
        exchange.answer(307, b"", "text/plain", {"Location": f"{onetest.url}{TOOLS}"})

    api.proxy.answer(ECHO, redirect)
    done = api("GET", ECHO)
    assert (done.returncode, done.stdout) == (4, "")
    assert "error[redirected]" in done.stderr
