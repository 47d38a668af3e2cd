import httpx


def test_tools_answer_to_a_good_key(api: httpx.Client) -> None:
    assert api.get("/api/gateway/api/v1/tools").json() == {"tools": []}


def test_usage_is_of_one_week(session: httpx.Client, product: str) -> None:
    usage = session.get(f"/api/gateway/api/v1/products/{product}/usage").json()
    assert usage["window_start"] < usage["window_end"]
