from collections.abc import Callable

import httpx
import pytest

from emulator.conftest import Running


@pytest.fixture
def cases(product: str) -> str:
    return f"/api/test-management/api/v1/products/{product}/test-cases"


def test_the_documented_example_creates_a_case(api: httpx.Client, cases: str, product: str) -> None:
    made = api.post(cases, json={"title": "Login works", "test_type": "manual", "priority": "p2"})
    assert made.status_code == 201
    case = made.json()
    assert case["title"] == "Login works"
    assert (case["identifier"], case["number"]) == ("TC-0001", 1)
    assert case["execution_type"] == "manual"
    assert case["priority"] == "p2"
    assert case["version"] == 1
    assert case["product_id"] == product
    assert api.get(cases).json() == {"items": [case], "total": 1, "next": None}


def test_an_update_changes_only_its_fields_and_creates_a_version(api: httpx.Client, cases: str) -> None:
    case = api.post(cases, json={"title": "Login works", "description": "d"}).json()
    reference = "test_login.py:TestLogin.test_valid_login"
    response = api.put(
        f"/api/test-management/api/v1/test-cases/{case['id']}",
        json={"execution_type": "automated", "automation_test_id": reference},
    )
    assert response.status_code == 200
    changed = response.json()
    assert changed["automation_test_id"] == reference
    assert changed["execution_type"] == "automated"
    assert changed["description"] == "d"
    assert changed["version"] == 2


def test_a_value_that_does_not_fit_is_refused(api: httpx.Client, cases: str) -> None:
    assert api.post(cases, json={}).json()["detail"][0]["type"] == "missing"
    wrong = api.post(cases, json={"title": "t", "execution_type": "robotic"})
    assert wrong.status_code == 422
    assert "'manual' or 'automated'" in wrong.json()["detail"][0]["msg"]
    missing = api.put("/api/test-management/api/v1/test-cases/none", json={"title": "t"})
    assert (missing.status_code, missing.json()) == (404, {"detail": "Test case not found"})


def test_numbers_count_per_product(api: httpx.Client, cases: str) -> None:
    numbers = [api.post(cases, json={"title": f"t{n}"}).json()["identifier"] for n in range(3)]
    assert numbers == ["TC-0001", "TC-0002", "TC-0003"]
    first = api.get(f"{cases}?limit=2").json()
    assert [case["number"] for case in first["items"]] == [1, 2]
    assert [case["number"] for case in api.get(first["next"]).json()["items"]] == [3]


@pytest.mark.parametrize(
    ("field", "word", "allowed"),
    [
        ("status", "done", "'draft', 'ready', 'deprecated' or 'archived'"),
        ("execution_type", "robotic", "'manual' or 'automated'"),
        ("test_category", "smoke", "'functional', 'performance', 'security', 'accessibility', "),
    ],
)
def test_the_refusal_of_a_wrong_word_lists_the_allowed_ones(
    api: httpx.Client, cases: str, field: str, word: str, allowed: str
) -> None:
    response = api.post(cases, json={"title": "t", field: word})
    assert response.status_code == 422
    assert allowed in response.json()["detail"][0]["msg"]


# --- automation coverage

CASE = "/api/test-management/api/v1/test-cases"
LAUNCHES = [
    "test_login.py:TestLogin.test_valid_login",
    "tests/test_cart.py::TestCart::test_add",
    "com.acme.LoginTest.valid",
    "test_flat.py:test_function",
]


@pytest.fixture
def reported(start_launch: Callable[..., str], start_item: Callable[..., str]) -> str:
    launch = start_launch()
    for code_ref in LAUNCHES:
        start_item(launch, codeRef=code_ref)
    return launch


@pytest.mark.parametrize(
    ("reference", "linked"),
    [
        ("test_login.py:TestLogin.test_valid_login", True),
        ("test_login.py::TestLogin::test_valid_login", True),
        ("tests/test_cart.py:TestCart.test_add", True),
        ("tests/test_cart.py::TestCart::test_add", True),
        ("com.acme.LoginTest.valid", True),
        ("test_flat.py::test_function", True),
        ("none.py:none\ntest_flat.py:test_function", True),
        ("none.py:none test_flat.py:test_function", True),
        ("test_cart.py:TestCart.test_add", False),
        ("Test_login.py:TestLogin.test_valid_login", False),
        ("test_login.py:TestLogin:test_valid_login", False),
        ("none.py:none", False),
    ],
)
def test_a_case_is_linked_if_one_of_its_references_has_a_result(
    api: httpx.Client, cases: str, reported: str, reference: str, linked: bool
) -> None:
    assert reported
    body = {"title": "t", "execution_type": "automated", "automation_test_id": reference}
    assert api.post(cases, json=body).status_code == 201
    report = api.get(f"{cases}/automation-coverage?no_cache=true").json()
    assert (report["linked_to_results"], report["automation_gap"]) == (int(linked), int(not linked))


def test_the_report_counts_by_priority_and_category(api: httpx.Client, cases: str, reported: str) -> None:
    assert reported
    automated = {"execution_type": "automated", "test_category": "api", "priority": "p0"}
    for body in (
        automated | {"automation_test_id": LAUNCHES[0]},
        automated | {"automation_test_id": "gone.py:gone"},
        automated | {"priority": "p1"},
        {"test_category": "functional", "priority": "p0"},
        {"status": "archived"},
        {},
    ):
        api.post(cases, json={"title": "t"} | body)
    assert api.get(f"{cases}/automation-coverage").json() == {
        "total_test_cases": 5,
        "execution_type_distribution": {"manual": 2, "automated": 3},
        "marked_automated": 3,
        "linked_to_results": 1,
        "no_automation_ref": 1,
        "automation_gap": 1,
        "automation_gap_percentage": 33.3,
        "coverage_by_priority": [
            {"priority": "p0", "total": 3, "automated": 2, "gap_percentage": 50.0},
            {"priority": "p1", "total": 1, "automated": 1, "gap_percentage": 0.0},
            {"priority": None, "total": 1, "automated": 0, "gap_percentage": 0.0},
        ],
        "coverage_by_category": [
            {"category": "api", "total": 3, "automated": 3, "gap_percentage": 33.3},
            {"category": "functional", "total": 1, "automated": 0, "gap_percentage": 0.0},
            {"category": None, "total": 1, "automated": 0, "gap_percentage": 0.0},
        ],
    }


def test_the_report_is_cached_until_no_cache_is_sent(api: httpx.Client, cases: str) -> None:
    report = f"{cases}/automation-coverage"
    assert api.get(report).json()["total_test_cases"] == 0
    api.post(cases, json={"title": "t"})
    assert api.get(report).json()["total_test_cases"] == 0
    assert api.get(report, params={"no_cache": "true"}).json()["total_test_cases"] == 1
    assert api.get(report).json()["total_test_cases"] == 1


# --- versions


def test_each_change_keeps_the_earlier_versions(api: httpx.Client, cases: str) -> None:
    case = api.post(cases, json={"title": "First"}).json()
    path = f"{CASE}/{case['id']}"
    api.put(path, json={"title": "Second"})
    api.put(path, json={"title": "Second"})
    api.put(path, json={"automation_test_id": "a.py:a"})
    versions = api.get(f"{path}/versions").json()
    assert [(each["version"], each["title"], each["automation_test_id"]) for each in versions["items"]] == [
        (3, "Second", "a.py:a"),
        (2, "Second", None),
        (1, "First", None),
    ]
    first = api.get(f"{path}/versions?limit=2").json()
    assert [each["version"] for each in first["items"]] == [3, 2]
    assert [each["version"] for each in api.get(first["next"]).json()["items"]] == [1]


def test_a_deleted_case_is_gone_with_its_versions(api: httpx.Client, cases: str, reported: str) -> None:
    assert reported
    body = {"title": "t", "execution_type": "automated", "automation_test_id": LAUNCHES[0]}
    path = f"{CASE}/{api.post(cases, json=body).json()['id']}"
    assert api.delete(path).status_code == 200
    for suffix in ("", "/versions", "/execution-history"):
        assert api.get(path + suffix).json() == {"detail": "Test case not found"}
    assert api.delete(path).status_code == 404
    assert api.get(cases).json() == {"items": [], "total": 0, "next": None}
    assert api.get(f"{cases}/automation-coverage?no_cache=true").json()["linked_to_results"] == 0


# --- filters


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Login works", "Cart adds", "login fails"]),
        ("execution_type=automated", ["Cart adds", "login fails"]),
        ("execution_type=manual", ["Login works"]),
        ("priority=p1", ["Login works", "Cart adds"]),
        ("priority=", []),
        ("status=ready", ["Cart adds"]),
        ("test_category=api", ["login fails"]),
        ("search=LOGIN", ["Login works", "login fails"]),
        ("search=%25", []),
        ("linked=true", ["Cart adds"]),
        ("linked=false", ["Login works", "login fails"]),
        ("linked=false&search=login&execution_type=automated", ["login fails"]),
    ],
)
def test_a_list_is_filtered(
    api: httpx.Client, cases: str, reported: str, query: str, titles: list[str]
) -> None:
    assert reported
    automated = {"execution_type": "automated"}
    for body in (
        {"title": "Login works", "priority": "p1"},
        {"title": "Cart adds", "priority": "p1", "status": "ready", "automation_test_id": LAUNCHES[2]}
        | automated,
        {"title": "login fails", "test_category": "api", "automation_test_id": "gone.py:gone"} | automated,
    ):
        api.post(cases, json=body)
    listed = api.get(f"{cases}?{query}").json()
    assert [case["title"] for case in listed["items"]] == titles
    assert listed["total"] == len(titles)


@pytest.mark.parametrize("name", ["execution_type", "status", "test_category", "linked"])
def test_a_filter_with_a_wrong_word_is_refused(api: httpx.Client, cases: str, name: str) -> None:
    response = api.get(cases, params={name: "robotic"})
    assert response.status_code == 422
    problem = response.json()["detail"][0]
    assert problem["loc"] == ["query", name]
    assert "should be '" in problem["msg"]


def test_filters_of_the_documented_list_are_marked_as_assumed(emulator: Running) -> None:
    listing = emulator.document.content["paths"][
        "/api/test-management/api/v1/products/{product_id}/test-cases"
    ]["get"]
    assert "x-assumed" not in listing
    queries = {each["name"]: each["schema"] for each in listing["parameters"] if each["in"] == "query"}
    assert {"limit", "cursor", "linked", "search", "status"} <= set(queries)
    assert all(schema.get("x-assumed") for schema in queries.values())


# --- results


def test_a_case_shows_the_results_of_its_references_by_launch(
    *,
    api: httpx.Client,
    cases: str,
    start_launch: Callable[..., str],
    start_item: Callable[..., str],
    finish_item: Callable[..., None],
) -> None:
    reference = "test_cart.py::TestCart::test_add"
    body = {"title": "t", "automation_test_id": f"{reference} test_cart.py:old"}
    path = f"{CASE}/{api.post(cases, json=body).json()['id']}"
    assert api.get(path).json()["last_result"] is None

    def launch(*statuses: str, name: str) -> str:
        started = start_launch(name=name)
        for status in statuses:
            item = start_item(started, codeRef="test_cart.py:TestCart.test_add")
            if status != "in_progress":
                finish_item(started, item, status=status)
        start_item(started, codeRef="test_cart.py:TestCart.other")
        return started

    first = launch("passed", name="First")
    assert api.get(path).json()["last_result"]["status"] == "passed"
    launch("passed", "failed", "skipped", name="Second")
    third = launch("in_progress", "passed", name="Third")
    history = api.get(f"{path}/execution-history").json()["items"]
    assert [(each["launch_name"], each["status"], each["results"]) for each in history] == [
        ("Third", "in_progress", 2),
        ("Second", "failed", 3),
        ("First", "passed", 1),
    ]
    assert [history[0]["launch_id"], history[2]["launch_id"]] == [third, first]
    assert api.get(path).json()["last_result"] == history[0]
    assert api.get(cases).json()["items"][0]["last_result"] == history[0]
    newest = api.get(f"{path}/execution-history?limit=1").json()
    assert [each["launch_name"] for each in api.get(newest["next"]).json()["items"]] == ["Second"]


def test_a_changed_reference_changes_the_results(api: httpx.Client, cases: str, reported: str) -> None:
    case = api.post(cases, json={"title": "t", "automation_test_id": LAUNCHES[0]}).json()
    assert case["last_result"]["launch_id"] == reported
    changed = api.put(f"{CASE}/{case['id']}", json={"automation_test_id": "gone.py:gone"}).json()
    assert changed["last_result"] is None


def test_another_products_results_do_not_count(
    api: httpx.Client, session: httpx.Client, reported: str
) -> None:
    assert reported
    product = session.post("/api/membership/api/v1/products", json={"name": "Other"}).json()["id"]
    cases = f"/api/test-management/api/v1/products/{product}/test-cases"
    body = {"title": "t", "execution_type": "automated", "automation_test_id": LAUNCHES[0]}
    assert api.post(cases, json=body).json()["last_result"] is None
    assert api.get(f"{cases}?linked=true").json()["total"] == 0
    assert api.get(f"{cases}/automation-coverage").json()["linked_to_results"] == 0
