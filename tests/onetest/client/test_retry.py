import itertools

import pytest

from onetest.scripted_server import Connections, Server
from onetest_ci.errors import BudgetExhausted, ServiceError, Unreachable
from onetest_ci.onetest.client.deadline import Deadline
from onetest_ci.onetest.client.retry import MAX_FAILURES, Circuit

PRODUCT = {"product_id": "11111111-2222-4333-8444-555555555555"}
ITEM = PRODUCT | {"item_uuid": "i"}


@pytest.mark.parametrize("status", [502, 503, 504])
@pytest.mark.parametrize(
    "name", ["receiver.start_launch", "receiver.finish_item", "receiver.log", "membership.releases"]
)
def test_a_request_to_a_busy_server_is_retried(
    server: Server, connect: Connections, status: int, name: str
) -> None:
    server.responds(status).responds(status).responds(200, [])
    assert connect(server.url).send(name, values=ITEM).status == 200
    assert connect.clock.pauses == [0.5, 1.0]


def test_a_service_that_has_not_responded_yet_has_half_a_minute(server: Server, connect: Connections) -> None:
    for _ in range(20):
        server.responds(503, {"message": "Busy"})
    with pytest.raises(ServiceError, match="Busy") as caught:
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    assert caught.value.code == "server-error"
    assert connect.clock.pauses == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 6.5]


def test_the_first_wait_is_one_for_all_calls(server: Server, connect: Connections) -> None:
    for _ in range(20):
        server.responds(503)
    http = connect(server.url)
    for _ in range(2):
        with pytest.raises(ServiceError):
            http.send("membership.releases", values=PRODUCT)
    assert sum(connect.clock.pauses) == 30.0
    assert len(server.requests) == 8 + 1


def test_the_first_wait_ends_when_the_allowed_calls_are_used(server: Server, connect: Connections) -> None:
    for _ in range(20):
        server.responds(503)
    with pytest.raises(BudgetExhausted):
        connect(server.url, max_calls=3).send("receiver.start_launch", values=PRODUCT, json={})
    assert len(server.requests) == 3


@pytest.mark.parametrize("name", ["receiver.import_junit", "membership.create_environment"])
def test_a_call_that_could_act_twice_is_not_retried_on_a_busy_server(
    server: Server, connect: Connections, name: str
) -> None:
    server.responds(503)
    with pytest.raises(ServiceError):
        connect(server.url).send(name, values=PRODUCT, content=b"")
    assert len(server.requests) == 1


@pytest.mark.parametrize(("name", "status"), [("receiver.log", 500), ("receiver.start_launch", 501)])
def test_an_error_that_may_have_acted_twice_or_will_not_pass_is_final(
    server: Server, connect: Connections, name: str, status: int
) -> None:
    server.responds(status)
    with pytest.raises(ServiceError):
        connect(server.url).send(name, values=PRODUCT, json={})
    assert connect.clock.pauses == []


def test_a_server_fault_is_retried_where_acting_twice_changes_nothing(
    server: Server, connect: Connections
) -> None:
    server.responds(500).responds(201, {"id": "u"})
    assert connect(server.url).send("receiver.start_launch", values=PRODUCT, json={}).body == {"id": "u"}


def test_a_service_that_has_responded_has_more_time(server: Server, connect: Connections) -> None:
    server.responds(200, [])
    for _ in range(4):
        server.responds(503)
    server.responds(200, [])
    http = connect(server.url)
    http.send("membership.releases", values=PRODUCT)
    http.send("membership.releases", values=PRODUCT)
    assert connect.clock.pauses == [0.5, 1.0, 2.0, 4.0]


def test_no_calls_are_made_after_twenty_failures_in_a_row(server: Server, connect: Connections) -> None:
    for _ in range(30):
        server.responds(503)
    server.script.insert(0, (200, {"Content-Type": "application/json"}, b"[]"))
    http = connect(server.url)
    http.send("membership.releases", values=PRODUCT)
    codes = []
    for _ in range(9):
        with pytest.raises(ServiceError) as caught:
            http.send("membership.releases", values=PRODUCT)
        codes.append(caught.value.code)
    assert codes == ["server-error"] * 4 + ["service-down"] * 5
    assert len(server.requests) == 1 + 20


def test_failures_that_were_under_way_at_once_count_as_one() -> None:
    ticks = itertools.count()
    circuit = Circuit("http://one", Deadline(60), lambda: float(next(ticks)))
    together = [circuit.check() for _ in range(50)]
    for begun in together:
        circuit.record(None, begun)
    for _ in range(MAX_FAILURES - 1):
        circuit.record(None, circuit.check())
    with pytest.raises(Unreachable):
        circuit.check()


def test_a_success_between_failures_resets_the_count(server: Server, connect: Connections) -> None:
    http = connect(server.url)
    for _ in range(15):
        server.responds(503).responds(503).responds(200, [])
        http.send("membership.releases", values=PRODUCT)
    assert len(server.requests) == 45


# --- the limit of calls


def test_the_limit_of_calls_includes_retries(server: Server, connect: Connections) -> None:
    server.responds(200, []).responds(503).responds(200, [])
    http = connect(server.url, max_calls=2)
    http.send("membership.releases", values=PRODUCT)
    with pytest.raises(BudgetExhausted) as caught:
        http.send("membership.releases", values=PRODUCT)
    assert caught.value.code == "max-api-calls-reached"
    assert (len(server.requests), http.total_calls) == (2, 2)


def test_the_pause_is_random_up_to_a_maximum_that_doubles(server: Server, connect: Connections) -> None:
    server.responds(503).responds(503).responds(200, [])
    chances = iter([0.25, 0.0])
    connect(server.url, jitter=lambda: next(chances)).send("membership.releases", values=PRODUCT)
    assert connect.clock.pauses == [0.125, 0.0]


def test_no_pause_passes_the_deadline(server: Server, connect: Connections) -> None:
    server.responds(503).responds(503)
    with pytest.raises(ServiceError) as caught:
        connect(server.url, deadline_seconds=1.2).send("membership.releases", values=PRODUCT)
    assert caught.value.code == "server-error"
    assert connect.clock.pauses == [0.5]


# --- 429


def test_retry_after_is_honoured_twice(server: Server, connect: Connections) -> None:
    for _ in range(9):
        server.responds(429, {"detail": "Slow down"}, Retry_After="7")
    with pytest.raises(ServiceError) as caught:
        connect(server.url).send("receiver.import_junit", values=PRODUCT, candidate=0, content=b"")
    assert caught.value.code == "rate-limited"
    assert connect.clock.pauses == [7.0, 7.0]


@pytest.mark.parametrize(
    ("retry_after", "pauses"),
    [("60", [60.0]), ("0", [0.0]), ("1.5", [1.5]), ("soon", [0.5]), ("", [0.5])],
)
def test_a_short_or_unspecified_pause_is_waited(
    server: Server, connect: Connections, retry_after: str, pauses: list[float]
) -> None:
    server.responds(429, {"detail": "Slow down"}, Retry_After=retry_after).responds(200, [])
    connect(server.url).send("membership.releases", values=PRODUCT)
    assert connect.clock.pauses == pauses


@pytest.mark.parametrize("retry_after", ["61", "604800", "1e99", "inf", "nan", "-1"])
def test_a_long_or_absurd_pause_is_not_waited(server: Server, connect: Connections, retry_after: str) -> None:
    server.responds(429, {"detail": "Slow down"}, Retry_After=retry_after)
    with pytest.raises(ServiceError):
        connect(server.url).send("membership.releases", values=PRODUCT)
    assert connect.clock.pauses == []


NOON = 1_767_268_800  # 2026-01-01T12:00:00Z


@pytest.mark.parametrize(
    ("retry_after", "pauses"),
    [
        ("Thu, 01 Jan 2026 12:00:09 GMT", [9.0]),
        ("Thursday, 01-Jan-26 12:00:09 GMT", [9.0]),
        ("Thu, 01 Jan 2026 11:00:00 GMT", [0.0]),
        ("Thu, 01 Jan 2026 13:00:00 GMT", []),
        ("Thu, 01 Jan 99999 13:00:00 GMT", [0.5]),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_may_end_at_a_date(
    server: Server, connect: Connections, status: int, retry_after: str, pauses: list[float]
) -> None:
    server.responds(status, {"detail": "Slow down"}, Retry_After=retry_after)
    http = connect(server.url, now=lambda: NOON)
    if pauses:
        server.responds(200, [])
        http.send("membership.releases", values=PRODUCT)
    else:
        with pytest.raises(ServiceError):
            http.send("membership.releases", values=PRODUCT)
    assert connect.clock.pauses == pauses


# --- a retried request that has arrived before


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (409, {"errorCode": 4091, "message": "?"}),
        (400, {"message": "Launch already exists"}),
        (422, {"detail": "uuid is not unique"}),
        (500, {"detail": "duplicate key value violates constraint uq_launch_uuid"}),
    ],
)
def test_a_retried_start_that_is_a_duplicate_has_arrived(
    server: Server, connect: Connections, status: int, body: object
) -> None:
    server.hangs_up().responds(status, body)
    assert connect(server.url).send("receiver.start_launch", values=PRODUCT, json={}).body is None
    server.responds(503).responds(status, body)
    assert connect(server.url).send("receiver.start_launch", values=PRODUCT, json={}).body is None


@pytest.mark.parametrize("status", [404, 406, 409])
def test_a_retried_finish_that_finds_nothing_to_finish_has_arrived(
    server: Server, connect: Connections, status: int
) -> None:
    server.hangs_up().responds(status, {"message": "no"})
    assert connect(server.url).send("receiver.finish_item", values=ITEM, json={}).status == status


def test_a_call_of_an_earlier_run_counts_as_sent_before(server: Server, connect: Connections) -> None:
    server.responds(409, {"message": "no"})
    assert (
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={}, sent_before=True).status
        == 409
    )


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("receiver.start_launch", 400, {"message": "exists"}),
        ("receiver.finish_item", 404, {"message": "no such item"}),
        ("receiver.finish_item", 406, {"message": "finished"}),
    ],
)
def test_a_first_request_does_not_count_as_sent_before(
    server: Server, connect: Connections, name: str, status: int, body: object
) -> None:
    server.responds(status, body)
    with pytest.raises(ServiceError):
        connect(server.url).send(name, values=ITEM, json={})


def test_after_a_refused_connection_or_a_rate_limit_nothing_counts_as_sent_before(
    server: Server, connect: Connections
) -> None:
    server.responds(429, {"detail": "Slow down"}).responds(400, {"message": "exists"})
    with pytest.raises(ServiceError) as caught:
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    assert caught.value.code == "rejected"


def test_other_errors_of_a_retry_stay_errors(server: Server, connect: Connections) -> None:
    server.hangs_up().responds(400, {"message": "Incorrect request"})
    with pytest.raises(ServiceError, match="Incorrect request"):
        connect(server.url).send("receiver.start_launch", values=PRODUCT, json={})
    server.hangs_up().responds(401, {"message": "no"})
    with pytest.raises(ServiceError, match="refuses the API key"):
        connect(server.url).send("receiver.finish_item", values=ITEM, json={})


def test_time_spent_in_requests_counts_against_the_deadline(server: Server, connect: Connections) -> None:
    server.hangs_up()
    server.before_response = lambda: connect.clock.sleep(10)
    with pytest.raises(Unreachable):
        connect(server.url, deadline_seconds=10).send("receiver.start_launch", values=PRODUCT, json={})
    assert len(server.requests) == 1
