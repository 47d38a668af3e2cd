import httpx
from jsonschema import Draft202012Validator

from emulator.conftest import Running


def test_tools_are_listed_for_a_valid_key(api: httpx.Client) -> None:
    tools = api.get("/api/gateway/api/v1/tools").json()["tools"]
    assert {"list_test_cases", "create_test_case"} <= {tool["name"] for tool in tools}
    for tool in tools:
        Draft202012Validator.check_schema(tool["input_schema"])
        assert set(tool["input_schema"]["required"]) <= set(tool["input_schema"]["properties"])


def test_the_tools_of_the_emulator_are_marked_as_assumed(emulator: Running) -> None:
    operation = emulator.document.content["paths"]["/api/gateway/api/v1/tools"]["get"]
    assert "x-assumed" not in operation
    assert operation["responses"]["200"]["x-assumed"] is True


def test_usage_covers_one_week(session: httpx.Client, product: str) -> None:
    usage = session.get(f"/api/gateway/api/v1/products/{product}/usage").json()
    assert usage["window_start"] < usage["window_end"]
