from uuid import uuid4

import pytest

from onetest.scripted_server import PRODUCT, Connections, Server
from onetest_ci.onetest.test_management import TestCase, TestManagement
from support.onetest import LocalOneTest


@pytest.fixture
def real(onetest: LocalOneTest, connect: Connections) -> TestManagement:
    return TestManagement(connect(onetest.url, onetest.api_key), onetest.product_id)


def test_a_test_case_is_created_linked_and_listed(real: TestManagement) -> None:
    reference = f"test_login.py:TestLogin.test_{uuid4().hex}"
    made = real.create_test_case("Login works", priority="p2", execution_type="manual")
    assert made == TestCase(made.id, "Login works", "")
    real.update_test_case(made.id, execution_type="automated", automation_test_id=reference)
    assert [case for case in real.test_cases() if case.id == made.id] == [
        TestCase(made.id, "Login works", reference)
    ]


def test_only_fields_with_a_value_are_sent(server: Server, connect: Connections) -> None:
    server.responds(201, {"id": 7, "title": "T"})
    cases = TestManagement(connect(server.url), PRODUCT)
    assert cases.create_test_case("T", test_category="smoke").id == "7"
    assert server.requests[0].json() == {"title": "T", "test_category": "smoke"}
