from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx

XSS = "\"'><img src=x onerror=alert(1)>"


def test_the_root_says_what_this_is(anonymous: httpx.Client) -> None:
    page = anonymous.get("/")
    assert page.status_code == 200
    assert "OneTest" in page.text


def test_a_launchs_page_shows_it_and_runs_nothing(
    *,
    api: httpx.Client,
    anonymous: httpx.Client,
    membership: str,
    start_launch: Callable[..., str],
    start_item: Callable[..., str],
    finish_item: Callable[..., None],
    finish_launch: Callable[..., Any],
) -> None:
    api.post(f"{membership}/releases", json={"name": "R", "status": "active"})
    environment = {"name": XSS, "endpoint_url": XSS, "is_default": True}
    api.post(f"{membership}/environments", json=environment)
    launch = start_launch(
        name=XSS, description=XSS, build_version=XSS, attributes=[{"key": XSS, "value": XSS}]
    )
    suite = start_item(launch, type="SUITE", name=XSS)
    finish_item(
        launch, start_item(launch, suite, name="a failing test"), status="failed", issue={"comment": XSS}
    )
    page = anonymous.get(finish_launch(launch)["link"])
    assert page.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
    assert "<img" not in page.text
    assert page.text.count("&lt;img") >= 7
    assert "a failing test" in page.text
    assert "1 total, 1 failed" in page.text
    assert page.text.count('class="failed"') == 3


def test_only_the_first_items_are_shown(api: httpx.Client, anonymous: httpx.Client, product: str) -> None:
    cases = "".join(f"<testcase name='case {number}'/>" for number in range(501))
    answer = api.post(
        f"/api/v1/products/{product}/import/junit",
        files={"file": ("r.xml", f"<testsuite>{cases}</testsuite>".encode())},
    )
    page = anonymous.get(f"/launches/{product}/{answer.json()['launch_id']}").text
    assert "case 499" in page
    assert "case 500" not in page
    assert "first 500 items" in page


def test_a_page_is_found_by_its_uuid_only(
    anonymous: httpx.Client, start_launch: Callable[..., str], finish_launch: Callable[..., Any]
) -> None:
    launch = start_launch()
    path = urlsplit(finish_launch(launch)["link"]).path
    assert anonymous.get(path).status_code == 200
    for wrong in (path[:-1], path.replace(launch, "1"), path.replace(launch, "")):
        assert anonymous.get(wrong).status_code == 404
