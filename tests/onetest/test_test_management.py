from uuid import uuid4

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.case_links import ManagedCase
from onetest_ci.errors import BudgetExhausted, NotOneTest
from onetest_ci.onetest.test_management import TestManagement
from support.onetest import LocalOneTest


@pytest.fixture
def real(onetest: LocalOneTest, connect: Connections) -> TestManagement:
    return TestManagement(connect(onetest.url, onetest.api_key), onetest.product_id)


def test_a_test_case_is_created_linked_and_listed(real: TestManagement) -> None:
    reference = f"test_login.py:TestLogin.test_{uuid4().hex}"
    made = real.create_test_case("Login works", priority="p2", execution_type="manual")
    assert (made.title, made.automation_test_id, made.priority) == ("Login works", "", "p2")
    real.update_test_case(made.id, execution_type="automated", automation_test_id=reference)
    (listed,) = [case for case in real.test_cases() if case.id == made.id]
    assert (listed.title, listed.references, listed.execution_type) == (
        "Login works",
        (reference,),
        "automated",
    )
    assert listed.identifier.startswith("TC-")


def test_only_fields_with_a_value_are_sent(server: Server, connect: Connections) -> None:
    server.responds(201, {"id": 7, "title": "T"})
    cases = TestManagement(connect(server.url), PRODUCT)
    assert cases.create_test_case("T", test_category="smoke").id == "7"
    assert server.requests[0].json() == {"title": "T", "test_category": "smoke"}


def test_a_response_without_an_id_is_not_a_test_case(server: Server, connect: Connections) -> None:
    server.responds(201, {"title": "T"})
    with pytest.raises(NotOneTest) as caught:
        TestManagement(connect(server.url), PRODUCT).create_test_case("T")
    assert caught.value.code == "bad-json"


def test_cases_may_lack_a_title_and_hold_other_types(server: Server, connect: Connections) -> None:
    server.responds(200, [{"id": 1}, {"id": "b", "title": None, "automation_test_id": 7, "priority": ["p1"]}])
    cases = TestManagement(connect(server.url), PRODUCT).test_cases()
    assert cases == [ManagedCase("1", ""), ManagedCase("b", "")]


def test_a_list_that_is_too_long_costs_one_request(server: Server, connect: Connections) -> None:
    server.responds(200, {"items": [{"id": 1}, {"id": 2}], "total": 21, "next": "?page=2"})
    with pytest.raises(BudgetExhausted) as caught:
        TestManagement(connect(server.url), PRODUCT).test_cases(max_calls=10)
    assert caught.value.code == "over-max-api-calls"
    assert "21 test cases takes 11 API calls" in caught.value.message
    assert len(server.requests) == 1


def test_the_plan_is_passed_on_before_the_second_request(server: Server, connect: Connections) -> None:
    server.responds(200, {"items": [{"id": 1}], "total": 2, "next": "?page=2"})
    server.responds(200, {"items": [{"id": 2}], "total": 2, "next": None})
    plans = []
    cases = TestManagement(connect(server.url), PRODUCT).test_cases(
        max_calls=2, planned=lambda total, calls: plans.append((total, calls, len(server.requests)))
    )
    assert [case.id for case in cases] == ["1", "2"]
    assert plans == [(2, 2, 1)]


@pytest.mark.parametrize(
    ("pages", "code"),
    [
        (
            [{"items": [{"id": 1}], "next": "?page=1"}, {"items": [{"id": 2}], "next": "?page=1"}],
            "endless-list",
        ),
        (
            [{"items": [{"id": 1}], "next": "?page=1"}, {"items": [{"id": 1}], "next": "?page=2"}],
            "endless-list",
        ),
        ([{"items": [{"id": 1}], "next": "?page=1"}, {"items": [7], "next": "?page=2"}], "endless-list"),
        ([{"items": [{"id": 1}], "total": 2}], "incomplete-list"),
        ([{"items": [], "total": 2, "next": "?page=2"}], "incomplete-list"),
        ([{"items": [{"id": 1}], "total": 2, "next": "?p=2"}, {"items": []}], "incomplete-list"),
        ([{"items": [{"id": 1}], "total": True}], ""),
        ([{"items": [{"id": 1}], "total": 10**4000}], ""),
        ([{"items": [{"id": 1}], "page": 1, "pages": 2, "size": 1}, {"items": [{"id": 2}]}], ""),
    ],
)
def test_only_a_whole_list_is_used(
    server: Server, connect: Connections, pages: list[dict[str, object]], code: str
) -> None:
    for page in pages:
        server.responds(200, page)
    management = TestManagement(connect(server.url), PRODUCT)
    if not code:
        assert management.test_cases()
        return
    with pytest.raises(NotOneTest) as caught:
        management.test_cases()
    assert caught.value.code == code
