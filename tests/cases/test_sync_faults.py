"""``cases sync`` while the service fails, the run is killed, or another run works on the same product."""

import json
import signal
from collections.abc import Callable
from typing import Any

import pytest

from support.onetest import LocalOneTest
from support.proxy import HTML, Answer, Exchange, Fault, HangUp, Proxy, Request
from support.test_cases import CasesProject, code_ref

NAMES = [f"test_{number}" for number in range(6)]
CREATE = "POST"


def assert_each_once(shop: CasesProject) -> None:
    """Every test of the report has exactly one test case, and nothing else has one."""
    assert shop.references() == {code_ref(name): 1 for name in NAMES}


@pytest.fixture
def six(shop: CasesProject) -> CasesProject:
    """Six tests; the last two have an unlinked test case."""
    shop.write(*NAMES)
    for name in NAMES[4:]:
        shop.add(name)
    return shop


class At:
    """The proxy's rule: a fault for the request of that number among those of a method."""

    def __init__(self, method: str, number: int, fault: Fault, *, lasting: bool = False) -> None:
        self.method, self.number, self.fault, self.lasting = method, number, fault, lasting
        self.count = 0

    def __call__(self, request: Request) -> Fault | None:
        if self.method not in {"", request.method}:
            return None
        self.count += 1
        return (
            self.fault if self.count == self.number or (self.lasting and self.count > self.number) else None
        )


# --- kills


def _before_it_acts(_exchange: Exchange, kill: Callable[[], None]) -> None:
    kill()


def _after_it_acted(exchange: Exchange, kill: Callable[[], None]) -> None:
    exchange.forward()
    kill()


def _after_the_response(exchange: Exchange, kill: Callable[[], None]) -> None:
    exchange.pass_on()
    kill()


MOMENTS = (_before_it_acts, _after_it_acted, _after_the_response)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_every_request(six: CasesProject, moment: Callable[..., None]) -> None:
    """A run is killed at its first request, the next one at its second, and so on: nothing is there twice."""

    def strike(exchange: Exchange) -> None:
        moment(exchange, six.kill)
        exchange.end()

    killed = 0
    while True:
        six.proxy.rule = At("", killed + 1, strike)
        process = six.start("--apply")
        _, errors = process.communicate()
        if process.returncode == 0:
            break
        assert process.returncode == -signal.SIGKILL, errors
        killed += 1
    assert killed >= 4
    six.proxy.rule = None
    assert_each_once(six)
    assert six.synced("--apply")["totals"]["already_linked"] == len(NAMES)


@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_at_a_creation_each_time(six: CasesProject, moment: Callable[..., None]) -> None:
    def strike(exchange: Exchange) -> None:
        moment(exchange, six.kill)
        exchange.end()

    for number in (1, 2, 1):
        six.proxy.rule = At(CREATE, number, strike)
        six.start("--apply").communicate()
    six.proxy.rule = None
    made = six.synced("--apply")
    assert made["resumed"] > 0
    assert_each_once(six)


def test_a_case_that_the_list_does_not_contain_yet_is_not_created_again(shop: CasesProject) -> None:
    """The journal holds the ids: a list that is behind does not matter."""
    shop.write(*NAMES)
    empty = Answer(200, b'{"items": [], "total": 0}')

    def strike(exchange: Exchange) -> None:
        shop.kill()
        exchange.end()

    stale, at_third = At("GET", 1, empty, lasting=True), At(CREATE, 3, strike)
    shop.proxy.rule = lambda request: stale(request) or at_third(request)
    shop.start("--apply").communicate()
    assert len(shop.cases()) == 2
    shop.proxy.rule = stale
    made = shop.synced("--apply")
    assert (made["totals"]["found"], made["totals"]["created"]) == (2, 4)
    assert "an earlier run created it" in made["create"][0]["why"]
    assert_each_once(shop)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_run_and_the_next_one_continues(
    six: CasesProject, number: signal.Signals, code: int
) -> None:
    six.proxy.stop_at(6)
    process = six.start("--apply")
    six.proxy.wait_until_stopped()
    process.send_signal(number)
    _, errors = process.communicate()
    six.proxy.go_on()
    assert process.returncode == code, errors
    assert "Run the command again" in errors
    made = six.synced("--apply")
    assert made["exit_code"] == 0
    assert_each_once(six)


# --- lost responses


def test_a_creation_whose_response_is_lost_is_found(six: CasesProject) -> None:
    six.proxy.rule = At(CREATE, 2, HangUp(after_acting=True))
    made = six.synced("--apply")
    assert made["totals"]["created"] == 4
    assert "its response was lost" in made["create"][1]["why"]
    assert_each_once(six)


@pytest.mark.parametrize("acts", [False, True])
@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_server_error_at_a_creation(six: CasesProject, status: int, acts: bool) -> None:
    six.proxy.rule = At(CREATE, 2, Answer(status, acts=acts))
    done = six.sync("--apply")
    assert done.returncode in {0, 4}, done.stderr
    if done.returncode:
        assert "Run the command again to continue" in done.stderr
        six.synced("--apply")
    assert_each_once(six)


def test_a_response_without_a_reference_or_an_id_creates_nothing_twice(six: CasesProject) -> None:
    six.proxy.rule = At(CREATE, 1, Answer(201, b"{}", acts=True), lasting=True)
    made = six.synced("--apply")
    assert made["totals"]["created"] == 4
    assert_each_once(six)


def test_a_service_that_ignores_the_reference_of_a_creation_gets_an_update(six: CasesProject) -> None:
    def ignore(exchange: Exchange) -> None:
        request = exchange.request
        body = request.json()
        del body["automation_test_id"]
        content = json.dumps(body).encode()
        head = request.head.replace(
            f"Content-Length: {len(request.body)}".encode(), f"Content-Length: {len(content)}".encode()
        )
        assert head != request.head
        exchange.request = _Changed(head, content)
        exchange.pass_on()

    six.proxy.rule = At(CREATE, 1, ignore, lasting=True)
    made = six.synced("--apply")
    assert made["totals"]["created"] == 4
    assert_each_once(six)


class _Changed(Request):
    def __init__(self, head: bytes, body: bytes) -> None:
        self.head, self._content = head, body

    @property
    def body(self) -> bytes:
        return self._content


# --- refusals

SPENT = b'{"detail": "The coins of this week are exhausted"}'


@pytest.mark.parametrize(("status", "method"), [(429, CREATE), (402, CREATE), (429, "PUT"), (429, "GET")])
def test_a_spent_budget_ends_the_run_and_the_next_one_continues(
    six: CasesProject, status: int, method: str
) -> None:
    six.proxy.rule = At(method, 2, Answer(status, SPENT), lasting=True)
    done = six.sync("--apply")
    assert (done.returncode, "error[budget-exhausted]" in done.stderr) == (6, True), done.stderr
    count = len(six.proxy.requests)
    assert "left" in done.stdout
    six.proxy.rule = None
    made = six.synced("--apply")
    assert made["totals"]["left"] == 0
    assert_each_once(six)
    assert count < 20


def test_a_spent_budget_of_a_metered_product(tmp_path: Any) -> None:
    with LocalOneTest("--budget", "9") as onetest, Proxy(onetest.url) as proxy:
        shop = CasesProject(tmp_path, onetest, proxy)
        shop.write(*NAMES)
        done = shop.sync("--apply")
        assert done.returncode == 6, done.stderr
        made = shop.references()
        assert 0 < len(made) < len(NAMES)
        assert set(made.values()) == {1}


@pytest.mark.parametrize(("status", "code"), [(401, "key-refused"), (403, "forbidden")])
@pytest.mark.parametrize(("method", "number"), [("GET", 1), ("PUT", 1), (CREATE, 3)])
def test_a_refused_key_ends_the_run(
    six: CasesProject, status: int, code: str, method: str, number: int
) -> None:
    six.proxy.rule = At(method, number, Answer(status, b'{"detail": "no"}'), lasting=True)
    done = six.sync("--apply")
    assert (done.returncode, f"error[{code}]" in done.stderr) == (5, True), done.stderr
    six.proxy.rule = None
    six.synced("--apply")
    assert_each_once(six)


NOT_THERE = {
    "no such service": (Answer(404, b'{"detail": "Not Found"}'), 4, "unknown-endpoint"),
    "no such product": (Answer(404, b'{"detail": "Product not found"}'), 5, "unknown-product"),
    "a web page": (Answer(200, HTML, "text/html"), 4, "html-answer"),
    "not JSON": (Answer(200, b"cases", "text/plain"), 4, "bad-json"),
    "another JSON": (Answer(200, b'{"cases": 1}'), 4, "bad-json"),
}


@pytest.mark.parametrize("name", NOT_THERE)
@pytest.mark.parametrize("method", ["GET", CREATE])
def test_a_service_that_is_missing_or_another_one(six: CasesProject, name: str, method: str) -> None:
    answer, code, error = NOT_THERE[name]
    six.proxy.rule = At(method, 1, answer, lasting=True)
    done = six.sync("--apply")
    assert (done.returncode, f"error[{error}]" in done.stderr) == (code, True), done.stderr
    six.proxy.rule = None
    six.synced("--apply")
    assert_each_once(six)


def test_a_test_case_that_one_deletes_meanwhile_is_reported_and_the_next_run_creates_it(
    six: CasesProject,
) -> None:
    (case_id,) = [case["id"] for case in six.cases() if case["title"] == NAMES[4]]

    def delete(exchange: Exchange) -> None:
        six.delete(case_id)
        exchange.pass_on()

    six.proxy.rule = At("PUT", 1, delete)
    made = six.synced("--apply", code=4)
    assert [row["status"] for row in made["link"]] == ["gone", "linked"]
    assert made["totals"]["created"] == 4
    six.proxy.rule = None
    assert six.synced("--apply")["totals"]["created"] == 1
    assert_each_once(six)


def test_a_test_case_that_is_refused_does_not_stop_the_others(six: CasesProject) -> None:
    six.proxy.rule = At(CREATE, 2, Answer(422, b'{"detail": [{"loc": ["body", "title"], "msg": "bad"}]}'))
    made = six.synced("--apply", code=4)
    assert [row["status"] for row in made["create"]] == ["created", "refused", "created", "created"]
    assert "bad" in made["create"][1]["why"]
    six.proxy.rule = None
    six.synced("--apply")
    assert_each_once(six)


def test_after_several_refusals_the_run_stops(shop: CasesProject) -> None:
    shop.write(*(f"test_{number}" for number in range(30)))
    made = shop.synced("--apply", "--test-category", "smoke", code=4)
    assert (made["totals"]["refused"], made["totals"]["left"]) == (5, 25)
    assert "'functional', 'performance'" in made["create"][0]["why"]
    assert sum(request.method == CREATE for request in shop.proxy.requests) == 5


def test_no_run_makes_more_calls_than_allowed(six: CasesProject) -> None:
    """Lost responses cost calls that no estimate contains."""
    six.proxy.rule = At(CREATE, 1, HangUp(after_acting=True), lasting=True)
    limit = six.synced()["api_calls"]["estimate"]
    six.proxy.requests.clear()
    done = six.sync("--apply", "--max-api-calls", str(limit))
    assert len(six.proxy.requests) <= limit
    assert done.returncode == 6, done.stderr
    six.proxy.rule = None
    six.synced("--apply")
    assert_each_once(six)


# --- two runs at once


def test_two_runs_of_one_journal_exclude_each_other(six: CasesProject) -> None:
    six.proxy.stop_at(6)
    first = six.start("--apply")
    six.proxy.wait_until_stopped()
    before = len(six.proxy.requests)
    second = six.sync("--apply")
    assert (second.returncode, "error[journal-in-use]" in second.stderr) == (4, True), second.stderr
    assert len(six.proxy.requests) == before
    six.proxy.go_on()
    _, errors = first.communicate()
    assert first.returncode == 0, errors
    assert_each_once(six)


@pytest.mark.parametrize("place", range(2, 9))
def test_a_run_on_another_machine_is_noticed(six: CasesProject, place: int) -> None:
    six.proxy.stop_at(place)
    first = six.start("--apply", "--format", "json")
    six.proxy.wait_until_stopped()
    stopped_at = six.proxy.requests[-1].method
    second = six.sync("--apply", "--journal", "another")
    assert second.returncode == 0, second.stderr
    six.proxy.go_on()
    text, errors = first.communicate()
    assert first.returncode == 0, errors
    made = json.loads(text)
    assert made["totals"]["found"] > 0 or place >= 8
    if stopped_at != CREATE:
        # Between the lookup and the creation, another machine can do the same.
        assert_each_once(six)


# --- lists


def test_a_list_that_repeats_or_never_ends_changes_nothing(six: CasesProject) -> None:
    entry = {"id": "1", "title": "a"}
    for following in ("?cursor=1", "?cursor=2"):
        answer = json.dumps({"items": [entry], "next": following}).encode()
        six.proxy.rule = At("GET", 1, Answer(200, answer), lasting=True)
        done = six.sync("--apply")
        assert (done.returncode, "error[endless-list]" in done.stderr) == (4, True), done.stderr
    assert {request.method for request in six.proxy.requests} == {"GET"}


def test_new_test_cases_at_the_start_of_the_list_are_noticed(shop: CasesProject) -> None:
    """No source documents the order of the list; here it is newest first, three on a page."""
    shop.write(*NAMES)

    def newest_first(exchange: Exchange) -> None:
        cases = sorted(shop.cases(), key=lambda case: -int(case["number"]))
        path = exchange.request.path
        start = int(path.partition("offset=")[2].partition("&")[0] or 0)
        page = {"items": cases[start : start + 3], "total": len(cases), "limit": 3, "offset": start}
        exchange.answer(200, json.dumps(page).encode(), "application/json")

    for number in range(7):
        shop.add(f"other {number}", automation_test_id=f"other.py:{number}")
    shop.proxy.rule = At("GET", 1, newest_first, lasting=True)
    shop.proxy.stop_at(6)
    first = shop.start("--apply", "--format", "json")
    shop.proxy.wait_until_stopped()
    for name in NAMES[1:3]:
        shop.add(name, automation_test_id=code_ref(name))
    shop.proxy.go_on()
    text, errors = first.communicate()
    assert first.returncode == 0, errors
    assert json.loads(text)["totals"]["found"] == 2
    assert all(shop.references()[code_ref(name)] == 1 for name in NAMES)


def test_50_000_test_cases(shop: CasesProject) -> None:
    cases = [
        {"id": f"{number}", "title": f"case {number}", "automation_test_id": f"a.py:T.t{number}"}
        for number in range(50_000)
    ]
    cases[40_000]["automation_test_id"] = code_ref("add")
    cases[49_999] |= {"title": "remove", "automation_test_id": ""}

    def pages(exchange: Exchange) -> None:
        start = int(exchange.request.path.partition("cursor=")[2] or 0)
        end = start + 1000
        page = {
            "items": cases[start:end],
            "total": len(cases),
            "next": f"?cursor={end}" if end < 50_000 else None,
        }
        exchange.answer(200, json.dumps(page).encode(), "application/json")

    shop.proxy.rule = At("GET", 1, pages, lasting=True)
    made = shop.synced()
    assert made["api_calls"] == {"listing": 50, "estimate": 51, "limit": 1000, "total": 50}
    assert made["totals"]["already_linked"] == 1
    assert [row["case"]["id"] for row in made["link"]] == ["49999"]
    done = shop.sync("--max-api-calls", "49")
    assert (done.returncode, "error[over-max-api-calls]" in done.stderr) == (6, True), done.stderr
