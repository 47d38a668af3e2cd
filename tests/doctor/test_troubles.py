"""Every kind of trouble is a finding with an exit code, and never an exception."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

import pytest

from support.diagnosis import diagnose
from support.project import Project
from support.proxy import HTML, Answer, Fault, HangUp, Request

ALL: Final = "/api/"
NOT_FOUND: Final = Answer(404, b'{"detail": "Not Found"}')
KEY: Final = "octo_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


class Trouble(NamedTuple):
    """What a service does, and what `doctor` makes of it.

    Attributes:
        where: part of the paths that meet it.
        fault: the response in place of OneTest's.
        finding: code of the finding.
        sign: of that finding.
        exit_code: of the command.
    """

    where: str
    fault: Fault
    finding: str
    sign: str
    exit_code: int


PROTECTED: Final = "/api/receiver/"
TROUBLES: Final = {
    "everything refuses the key": Trouble(ALL, Answer(401), "key-refused", "error", 5),
    "everything forbids the key": Trouble(ALL, Answer(403), "forbidden", "error", 5),
    "the Receiver refuses the key": Trouble(PROTECTED, Answer(401), "key-refused", "error", 5),
    "the Receiver forbids the key": Trouble(PROTECTED, Answer(403), "forbidden", "error", 5),
    "the Gateway refuses the key": Trouble("/api/gateway/", Answer(401), "key-refused", "warning", 0),
    "Membership refuses the key": Trouble("/api/membership/", Answer(401), "key-refused", "warning", 0),
    "Membership forbids the key": Trouble("/api/membership/", Answer(403), "forbidden", "warning", 0),
    "Artifacts forbids the key": Trouble("/api/artifacts/", Answer(403), "forbidden", "warning", 0),
    "cases are forbidden": Trouble("/api/test-management/", Answer(403), "forbidden", "warning", 0),
    "Membership is missing": Trouble("/api/membership/", NOT_FOUND, "unknown-endpoint", "warning", 0),
    "Artifacts is missing": Trouble("/api/artifacts/", NOT_FOUND, "unknown-endpoint", "warning", 0),
    "the Receiver is missing": Trouble(PROTECTED, NOT_FOUND, "unknown-endpoint", "error", 4),
    "everything is missing": Trouble(ALL, NOT_FOUND, "unknown-endpoint", "error", 4),
    "web pages": Trouble(ALL, Answer(200, HTML, "text/html"), "html-answer", "error", 4),
    "a web page as 404": Trouble(ALL, Answer(404, HTML, "text/html"), "html-answer", "error", 4),
    "a sign-in page": Trouble(ALL, Answer(302, b"", headers={"Location": "https://sso.example/"}),
                              "redirected", "error", 4),
    "no JSON at Membership": Trouble("/api/membership/", Answer(200, HTML, "text/html"),
                                     "html-answer", "warning", 0),
    "a server that accepts anything": Trouble(ALL, Answer(200, b"ok", "text/plain"), "bad-json", "error", 4),
    "no coins": Trouble(ALL, Answer(429, b'{"detail": "Coin budget exhausted"}'),
                        "budget-exhausted", "error", 6),
    "payment": Trouble(ALL, Answer(402, b'{"errorCode": 4020, "message": "x"}'),
                       "budget-exhausted", "error", 6),
    "too many requests": Trouble(ALL, Answer(429, headers={"Retry-After": "3600"}),
                                 "rate-limited", "error", 4),
    "a server error": Trouble(ALL, Answer(500), "server-error", "error", 4),
    "the Receiver fails": Trouble(PROTECTED, Answer(503), "server-error", "error", 4),
    "Artifacts fails": Trouble("/api/artifacts/", Answer(500), "server-error", "warning", 0),
    "no response": Trouble(ALL, HangUp(), "connection-lost", "error", 4),
    "no response from Membership": Trouble("/api/membership/", HangUp(), "connection-lost", "warning", 0),
    "no response from the Gateway": Trouble("/api/gateway/", HangUp(), "connection-lost", "warning", 0),
    "an unknown product": Trouble(ALL, Answer(404, b'{"detail": "Product not found"}'),
                                  "unknown-product", "error", 5),
}  # fmt: skip


@pytest.mark.parametrize("name", TROUBLES)
def test_a_trouble_is_a_finding(project: Project, name: str) -> None:
    trouble = TROUBLES[name]
    project.proxy.answer(trouble.where, trouble.fault)
    done = diagnose(cwd=project.path, env=project.env)
    assert done.signs()[trouble.finding] == trouble.sign, done.document["findings"]
    assert done.code == trouble.exit_code
    assert all(done.texts(trouble.finding))
    assert done.calls == len(project.proxy.requests) <= 15


@pytest.mark.parametrize(
    ("name", "requests"), [("no coins", 1), ("too many requests", 1), ("no response", 2)]
)
def test_what_every_request_would_meet_ends_the_requests(project: Project, name: str, requests: int) -> None:
    project.proxy.answer(ALL, TROUBLES[name].fault)
    diagnose(cwd=project.path, env=project.env)
    assert len(project.proxy.requests) == requests


Without = Callable[[dict[str, str]], dict[str, str]]


def without(*names: str, **values: str) -> Without:
    def change(env: dict[str, str]) -> dict[str, str]:
        return {name: value for name, value in env.items() if name not in names} | values

    return change


FORK: Final = {
    "GITHUB_ACTIONS": "true",
    "GITHUB_EVENT_NAME": "pull_request",
    "GITHUB_EVENT_PATH": "event.json",
    "GITHUB_REPOSITORY": "acme/shop",
}
FORK_EVENT: Final = (
    '{"pull_request": {"number": 1, "head": {"repo": {"full_name": "you/shop", "fork": true}},'
    ' "base": {"repo": {"full_name": "acme/shop"}}}, "repository": {"full_name": "acme/shop"}}'
)

SETTINGS: Final[Mapping[str, tuple[Without, str, str, int]]] = {
    "no key": (without("ONETEST_API_KEY"), "missing-key", "error", 5),
    "no product": (without("ONETEST_PRODUCT_ID"), "missing-option", "error", 2),
    "neither": (without("ONETEST_API_KEY", "ONETEST_PRODUCT_ID"), "missing-option", "error", 2),
    "no UUID": (without(ONETEST_PRODUCT_ID="shop"), "bad-option", "error", 2),
    "a bad base URL": (without(ONETEST_BASE_URL="tms.onetest.ai"), "bad-option", "error", 2),
    "a bad key": (without(ONETEST_API_KEY="a b"), "bad-option", "error", 2),
    "no file of authorities": (
        without(ONETEST_CA_BUNDLE="none.pem", ONETEST_BASE_URL="https://127.0.0.1:1"),
        "bad-ca-bundle", "error", 2,
    ),
    "a bad proxy": (without(HTTP_PROXY="socks5://x:1", NO_PROXY=""), "bad-proxy", "error", 2),
    "a bad endpoint": (without(ONETEST_ENDPOINT="no.such=/x"), "bad-endpoint", "error", 2),
    "two launches": (
        without(ONETEST_LAUNCH="4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10", ONETEST_LAUNCH_KEY="x"),
        "two-launches",
        "error",
        2,
    ),
    "a dry run": (without(ONETEST_DRY_RUN="true"), "dry-run", "warning", 0),
    "no server": (without(ONETEST_BASE_URL="http://127.0.0.1:1"), "no-server", "error", 4),
    "no such host": (without(ONETEST_BASE_URL="http://onetest.invalid"), "name-not-resolved", "error", 4),
    "a session's token": (without(ONETEST_API_KEY="eyJhbGci.eyJzdWIi.c2ln"), "session-token", "warning", 5),
    "an unknown product": (
        without(ONETEST_PRODUCT_ID="4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10"), "unknown-product", "error", 5,
    ),
    "an unknown key": (without(ONETEST_API_KEY="ak_0000000000000000000000000000"), "key-refused", "error", 5),
}  # fmt: skip


@pytest.mark.parametrize("name", SETTINGS)
def test_a_setting_is_a_finding(project: Project, name: str) -> None:
    change, finding, sign, exit_code = SETTINGS[name]
    done = diagnose(cwd=project.path, env=change(dict(project.onetest.env)))
    assert done.signs().get(finding) == sign, done.document["findings"]
    assert done.code == exit_code


def test_a_fork_gets_no_secrets(project: Project) -> None:
    project.write("event.json", FORK_EVENT)
    project.write("out/a.xml", "<testsuite name='s'><testcase name='t'/></testsuite>")
    env = without("ONETEST_API_KEY", "ONETEST_PRODUCT_ID", **FORK)(dict(project.env))
    done = diagnose("out", cwd=project.path, env=env)
    assert (done.code, done.signs()["untrusted-run"]) == (0, "warning")
    assert project.proxy.requests == []
    assert done.document["reports"]["totals"]["tests"] == 1


def test_two_keys_go_to_their_services(project: Project) -> None:
    env = project.env | {"ONETEST_RECEIVER_API_KEY": KEY}
    done = diagnose(cwd=project.path, env=env)
    bearers = {
        request.path.split("/")[2]: request.headers["Authorization"] for request in project.proxy.requests
    }
    assert bearers.pop("receiver") == f"Bearer {KEY}"
    assert set(bearers.values()) == {f"Bearer {project.onetest.api_key}"}
    assert "the Receiver alone: it is a product's own key (octo_ or rp_) that ends in 2345." in " ".join(
        done.texts("receiver-key")
    )
    assert "ak_" in done.texts("key")[0]
    # The local OneTest does not have this key.
    assert (done.code, done.signs()["key-refused"]) == (5, "error")


def test_keys_that_were_exchanged_are_noticed(project: Project) -> None:
    env = project.env | {"ONETEST_API_KEY": KEY, "ONETEST_RECEIVER_API_KEY": project.onetest.api_key}
    done = diagnose(cwd=project.path, env=env)
    assert (done.code, done.signs()["keys-swapped"]) == (0, "warning")


def test_a_product_key_alone_delivers(project: Project) -> None:
    def rule(request: Request) -> Fault | None:
        return None if "/api/receiver/" in request.path else Answer(403)

    project.proxy.rule = rule
    done = diagnose(cwd=project.path, env=project.env)
    assert done.code == 0
    assert done.signs()["receiver"] == "ok"
    assert len(done.texts("forbidden")) == 4


def test_a_key_that_may_only_write(project: Project) -> None:
    refusal = Answer(403, b'{"errorCode": 4003, "message": "The key has no scope autotests:read"}')
    project.proxy.answer("/api/receiver/", refusal, "GET")
    unknown = diagnose(cwd=project.path, env=project.env)
    assert (unknown.code, unknown.signs()["forbidden"]) == (0, "warning")
    assert "--probe-import" in unknown.texts("forbidden")[0]
    known = diagnose("--probe-import", cwd=project.path, env=project.env)
    assert (known.code, known.signs()["receiver"]) == (0, "ok")


def test_a_receiver_without_the_path_of_launches(project: Project) -> None:
    project.proxy.rule = lambda request: NOT_FOUND if request.path.endswith("/launch") else None
    done = diagnose(cwd=project.path, env=project.env)
    assert (done.code, done.signs()["launch-path"]) == (0, "warning")
    assert "--mode import" in done.texts("launch-path")[0]


@pytest.mark.parametrize(
    "body",
    [b'{"items": [{"id": ".."}]}', b'{"items": [{"id": {}}]}', b'{"items": [1]}', b"[[]]", b"7", b"", b"\x00",
     b'{"items": [{"id": "' + b"x" * 70_000 + b'"}]}', b"[" * 100_000],
    ids=lambda body: repr(body[:20]),
)  # fmt: skip
def test_lists_that_are_none(project: Project, body: bytes) -> None:
    project.proxy.answer("/api/membership/", Answer(200, body))
    assert diagnose(cwd=project.path, env=project.env).code == 0


@pytest.mark.parametrize("maximum", [1, 3, 7])
def test_the_requests_are_limited(project: Project, maximum: int) -> None:
    done = diagnose("--max-api-calls", str(maximum), cwd=project.path, env=project.env)
    assert done.calls == len(project.proxy.requests) == maximum
    assert done.document["api_calls"]["maximum"] == maximum
    assert done.signs()["calls-used"] == "note"
    assert done.signs().get("receiver-not-checked") == ("warning" if maximum == 1 else None)


def test_nothing_is_sent_but_gets(project: Project) -> None:
    before = _state(project)
    done = diagnose(cwd=project.path, env=project.env)
    assert done.code == 0
    assert {request.method for request in project.proxy.requests} == {"GET"}
    assert all(not request.body for request in project.proxy.requests)
    assert _state(project) == before


def _state(project: Project) -> list[Any]:
    base = f"/api/membership/api/v1/products/{project.onetest.product_id}"
    return [
        project.onetest.launches(),
        project.onetest.get(f"{base}/environments"),
        project.onetest.get(f"{base}/releases"),
        project.onetest.get(f"/api/artifacts/api/v1/products/{project.onetest.product_id}/buckets"),
        project.onetest.get(f"/api/receiver/api/v1/products/{project.onetest.product_id}/import/jobs"),
    ]
