import httpx


def test_tools_are_listed_for_a_valid_key(api: httpx.Client) -> None:
    assert api.get("/api/gateway/api/v1/tools").json() == {"tools": []}


def test_usage_covers_one_week(session: httpx.Client, product: str) -> None:
    usage = session.get(f"/api/gateway/api/v1/products/{product}/usage").json()
    assert usage["window_start"] < usage["window_end"]
