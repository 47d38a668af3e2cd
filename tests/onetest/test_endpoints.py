import pytest

from onetest_ci.errors import ServiceError, UsageProblem
from onetest_ci.onetest.endpoints import ENDPOINTS, Endpoints, Retry

PRODUCT = "11111111-2222-4333-8444-555555555555"


def test_documented_paths_are_spelled_as_onetest_spells_them() -> None:
    paths = Endpoints()
    assert paths.path("gateway.tools") == "/api/gateway/api/v1/tools"
    assert paths.path("receiver.start_launch", product_id=PRODUCT) == f"/api/receiver/api/v2/{PRODUCT}/launch"
    assert paths.path("test_management.test_cases", product_id=PRODUCT) == (
        f"/api/test-management/api/v1/products/{PRODUCT}/test-cases"
    )


def test_import_candidates_are_in_the_order_of_their_likelihood() -> None:
    paths = Endpoints()
    assert [
        paths.path("receiver.import_junit", number, product_id="P")
        for number in range(paths.candidates("receiver.import_junit"))
    ] == [
        "/api/receiver/api/v1/products/P/import/junit/upload",
        "/api/receiver/api/v1/products/P/import/junit",
        "/api/v1/products/P/import/junit",
    ]


def test_every_path_has_a_label() -> None:
    for endpoint in ENDPOINTS.values():
        assert endpoint.label in {"documented", "assumed"}
        assert set(endpoint.derived) < set(endpoint.templates)
        assert all(template.startswith("/api/") for template in endpoint.templates)


def test_a_call_that_may_act_twice_is_never_retried() -> None:
    never = {name for name, endpoint in ENDPOINTS.items() if endpoint.retry is Retry.NEVER}
    assert never == {
        "membership.create_environment",
        "membership.create_release_build",
        "membership.create_sprint_build",
        "membership.record_deployment",
        "receiver.import_junit",
        "test_management.create_test_case",
    }


def test_values_stay_within_their_segment() -> None:
    paths = Endpoints()
    path = paths.path("artifacts.put_object", product_id="P", bucket="a/b ?#", key="runs/ü%/x y.png")
    assert path == "/api/artifacts/api/v1/products/P/buckets/a%2Fb%20%3F%23/objects/runs/%C3%BC%25/x%20y.png"


@pytest.mark.parametrize("field", ["bucket", "key"])
@pytest.mark.parametrize("value", ["../x", "a/../../x", "a//x", "", "."])
def test_a_value_that_leads_to_another_path_is_refused(field: str, value: str) -> None:
    values = {"product_id": "P", "bucket": "b", "key": "k", field: value}
    with pytest.raises(ServiceError) as caught:
        Endpoints().path("artifacts.put_object", **values)
    assert caught.value.code == "bad-path-value"


def test_an_override_pins_one_path() -> None:
    pinned = Endpoints({"receiver.import_junit": "/api/v1/products/{product_id}/import/junit"})
    assert pinned.candidates("receiver.import_junit") == 1
    assert pinned.path("receiver.import_junit", product_id="P") == "/api/v1/products/P/import/junit"


def test_an_override_may_nest_a_call_below_the_product() -> None:
    nested = Endpoints({"test_management.update_test_case": "/v1/products/{product_id}/cases/{test_case_id}"})
    path = nested.path("test_management.update_test_case", product_id="P", test_case_id="7")
    assert path == "/v1/products/P/cases/7"


@pytest.mark.parametrize(
    ("name", "template"),
    [
        ("receiver.nothing", "/x"),
        ("gateway.tools", "https://elsewhere.example/tools"),
        ("gateway.tools", "//elsewhere.example/tools"),
        ("gateway.tools", "api/tools"),
        ("gateway.tools", "/api/../tools"),
        ("gateway.tools", "/api/%2e%2e/tools"),
        ("gateway.tools", "/api%2f..%2ftools"),
        ("gateway.tools", "/api//tools"),
        ("gateway.tools", "/tools?key=1"),
        ("gateway.tools", "/tools#x"),
        ("gateway.tools", "/to ols"),
        ("gateway.tools", "/tools\r\nX: y"),
        ("gateway.tools", "/tools\\x"),
        ("gateway.tools", "/tools@elsewhere.example:80%"),
        ("gateway.tools", "/{product_id}/tools"),
        ("gateway.tools", ""),
        ("gateway.tools", "/{0}"),
        ("gateway.tools", "/{a.b}"),
        ("receiver.start_launch", "/launch"),
        ("receiver.start_launch", "/{product_id!r}/launch"),
        ("receiver.start_launch", "/{product_id}/{launch_uuid}"),
    ],
)
def test_an_override_that_is_not_a_plain_path_is_a_usage_problem(name: str, template: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        Endpoints({name: template})
    assert caught.value.code == "bad-endpoint"
    assert repr(name) in caught.value.message or name in caught.value.message
    assert caught.value.hint
