import httpx
import pytest


@pytest.fixture
def cases(product: str) -> str:
    return f"/api/test-management/api/v1/products/{product}/test-cases"


def test_the_pages_own_example_creates_a_case(api: httpx.Client, cases: str, product: str) -> None:
    made = api.post(cases, json={"title": "Login works", "test_type": "manual", "priority": "p2"})
    assert made.status_code == 201
    case = made.json()
    assert case["title"] == "Login works"
    assert case["number"] == "TC-1"
    assert case["execution_type"] == "manual"
    assert case["priority"] == "p2"
    assert case["version"] == 1
    assert case["product_id"] == product
    assert api.get(cases).json() == {"items": [case], "total": 1}


def test_an_update_changes_what_is_given_and_makes_a_version(api: httpx.Client, cases: str) -> None:
    case = api.post(cases, json={"title": "Login works", "description": "d"}).json()
    reference = "test_login.py:TestLogin.test_valid_login"
    answer = api.put(
        f"/api/test-management/api/v1/test-cases/{case['id']}",
        json={"execution_type": "automated", "automation_test_id": reference},
    )
    assert answer.status_code == 200
    changed = answer.json()
    assert changed["automation_test_id"] == reference
    assert changed["execution_type"] == "automated"
    assert changed["description"] == "d"
    assert changed["version"] == 2


def test_what_does_not_fit_is_refused(api: httpx.Client, cases: str) -> None:
    assert api.post(cases, json={}).json()["detail"][0]["type"] == "missing"
    wrong = api.post(cases, json={"title": "t", "execution_type": "robotic"})
    assert wrong.status_code == 422
    assert "'manual' or 'automated'" in wrong.json()["detail"][0]["msg"]
    missing = api.put("/api/test-management/api/v1/test-cases/none", json={"title": "t"})
    assert (missing.status_code, missing.json()) == (404, {"detail": "Test case not found"})


def test_numbers_count_per_product(api: httpx.Client, cases: str) -> None:
    numbers = [api.post(cases, json={"title": f"t{n}"}).json()["number"] for n in range(3)]
    assert numbers == ["TC-1", "TC-2", "TC-3"]
