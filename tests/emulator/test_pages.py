import re
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from emulator.conftest import NOON, Running

Start = Callable[..., str]


@pytest.fixture
def person(emulator: Running) -> Iterator[httpx.Client]:
    """A browser with a session. Its forms come from the server's own pages."""
    with emulator.client(None) as client:
        client.headers["origin"] = emulator.url
        response = client.post("/sign-in", data={"token": emulator.announced["session_token"], "next": "/"})
        assert response.status_code == 303
        yield client


def test_without_a_session_only_the_sign_in_page_is_shown(
    anonymous: httpx.Client, product: str, start_launch: Start
) -> None:
    launch = start_launch(name="Secret launch")
    for path in (
        "",
        f"products/{product}",
        f"products/{product}/keys",
        f"products/{product}/usage",
        f"products/{product}/cases",
    ):
        page = anonymous.get(f"/{path}")
        assert page.status_code == 200
        assert "session_token" in page.text
        assert "Product of one test" not in page.text
    for path in (f"/launches/{product}/{launch}", f"/launches/{product}/{launch}?share=0123"):
        assert "Secret launch" not in anonymous.get(path).text


def test_sign_in_accepts_only_a_session_token_and_redirects_only_to_this_server(
    emulator: Running, person: httpx.Client
) -> None:
    headers = {"origin": emulator.url}
    for token in ("", "wrong", emulator.announced["api_key"]):
        assert person.post("/sign-in", data={"token": token}, headers=headers).status_code == 401
    token = emulator.announced["session_token"]
    for target, led in (
        ("/products/x", "/products/x"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("https://evil.example", "/"),
        ("", "/"),
    ):
        response = person.get("/sign-in", params={"token": token, "next": target})
        assert (response.status_code, response.headers["location"]) == (303, led)
        cookie = response.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie


def test_the_printed_url_signs_in_one_browser_once(start: Callable[..., Running]) -> None:
    running = start()
    assert running.sign_in_url.startswith("http://127.0.0.1:")
    with running.client(None) as first, running.client(None) as second:
        # A preview of the link does not use it up.
        assert first.head(running.sign_in_url).status_code == 401
        response = first.get(running.sign_in_url)
        assert (response.status_code, response.headers["location"]) == (303, "/")
        assert "HttpOnly" in response.headers["set-cookie"]
        assert "Sign out" in first.get("/").text
        assert first.get(running.sign_in_url).status_code == 303, "a second click of the same person"
        refused = second.get(running.sign_in_url)
        assert refused.status_code == 401
        assert "This link signs in once" in refused.text
        assert "Sign out" not in second.get("/").text
    code = running.sign_in_url.partition("code=")[2]
    with running.client(code) as client:
        assert client.get("/api/gateway/api/v1/tools").status_code == 401
    assert running.stop() == (0, "")


def test_on_a_phone_each_figure_has_the_label_of_its_column(start: Callable[..., Running]) -> None:
    running = start("--seed")
    with running.client(None) as person:
        person.get(running.sign_in_url)
        for name in ("keys", "usage", "cases", "cases/2"):
            text = person.get(f"/products/{running.product}/{name}").text
            tables = re.findall(r"<table.*?</table>", text, re.DOTALL)
            assert len(tables) == {"keys": 2, "usage": 3, "cases": 1, "cases/2": 2}[name]
            for table in tables:
                heads = re.findall(r"<th[^>]*>([^<]*)</th>", table)
                for row in re.findall(r"<tr[^>]*>\s*<td.*?</tr>", table, re.DOTALL):
                    cells = re.findall(r"<td([^>]*)>", row)
                    labels = [re.search('data-label="([^"]+)"', cell) for cell in cells if "act" not in cell]
                    assert [label and label[1] for label in labels] == [head for head in heads if head]


def test_another_sites_form_is_refused(emulator: Running, person: httpx.Client, product: str) -> None:
    before = person.get(f"/products/{product}/keys").text
    for origin in ("https://evil.example", "null", None):
        headers = {"origin": origin} if origin else {}
        for path in (
            f"/products/{product}/keys",
            "/sign-in",
            "/sign-out",
            f"/products/{product}/keys/1/revoke",
        ):
            request = person.build_request("POST", path, data={"name": "n"}, headers=headers)
            if origin is None:
                del request.headers["origin"]
            assert person.send(request).status_code == 403
    assert person.get(f"/products/{product}/keys").text == before
    assert emulator.announced["api_key"]


def test_sign_out_ends_the_session_in_this_browser(person: httpx.Client) -> None:
    assert "Sign out" in person.get("/").text
    assert person.post("/sign-out").status_code == 303
    assert "Sign out" not in person.get("/").text


def test_launches_are_listed_with_branch_build_and_environment(
    *,
    api: httpx.Client,
    person: httpx.Client,
    product: str,
    membership: str,
    start_launch: Start,
    start_item: Start,
    finish_item: Callable[..., None],
    finish_launch: Callable[..., Any],
) -> None:
    page = person.get(f"/products/{product}").text
    assert "No launches yet" in page
    assert f"/products/{product}/import/junit/upload" in page
    api.post(f"{membership}/releases", json={"name": "R", "status": "active"})
    api.post(f"{membership}/environments", json={"name": "staging", "endpoint_url": "u", "is_default": True})
    launch = ""
    for number in range(51):
        launch = start_launch(
            name=f"Nightly {number}", build_version="9.8.7", attributes=[{"key": "branch", "value": "topic"}]
        )
    finish_item(launch, start_item(launch), status="failed")
    finish_launch(launch)
    page = person.get(f"/products/{product}").text
    for text in ("Nightly 50", "Nightly 1 ", "topic", "9.8.7", "staging", "<b>1</b> failed"):
        assert text in page, text
    assert "Nightly 0 " not in page
    (older,) = re.findall(r'href="(\?before=\d+)"', page)
    assert "Nightly 0 " in person.get(f"/products/{product}{older}").text


def test_the_page_of_a_launch_shows_its_tree_and_links_to_its_items(
    *,
    api: httpx.Client,
    person: httpx.Client,
    product: str,
    rp: str,
    start_launch: Start,
    start_item: Start,
    finish_item: Callable[..., None],
) -> None:
    launch = start_launch(name="L", description="about it")
    suite = start_item(launch, type="SUITE", name="suite one")
    good = start_item(launch, suite, name="good test")
    bad = start_item(
        launch, suite, name="bad test", codeRef="a.py:T.bad", parameters=[{"key": "n", "value": "7"}]
    )
    finish_item(launch, good, status="passed")
    finish_item(launch, bad, status="failed", issue={"comment": "one is not two"})
    entry = {
        "launchUuid": launch,
        "itemUuid": bad,
        "time": NOON + 1500,
        "message": "Traceback",
        "level": "ERROR",
    }
    api.post(f"{rp}/log", json=[entry, {"launchUuid": launch, "time": NOON, "message": "of the launch"}])

    path = f"/launches/{product}/{launch}"
    page = person.get(path).text
    for text in ("about it", "suite one", "good test", "bad test", "one is not two", "of the launch"):
        assert text in page, text
    assert 'http-equiv="refresh"' in page, "it is still in progress"
    failed = person.get(f"{path}?status=failed").text
    assert "bad test" in failed
    assert "suite one" in failed
    assert "good test" not in failed
    (item,) = re.findall(rf'href="({path}/items/\d+)"', failed)
    page = person.get(item).text
    for text in (
        "suite one",
        "bad test",
        "a.py:T.bad",
        "one is not two",
        "Traceback",
        "ERROR",
        "+1.5 s",
        ">n</span> 7",
    ):
        assert text in page, text
    assert person.get(f"{path}/items/999999").status_code == 404


def test_many_items_are_shown_in_pages_each_below_its_ancestors(
    api: httpx.Client, person: httpx.Client, product: str, start_launch: Start, start_item: Start
) -> None:
    launch = start_launch()
    suite = start_item(launch, type="SUITE", name="the suite")
    for number in range(501):
        start_item(launch, suite, name=f"case {number}!")
    first = person.get(f"/launches/{product}/{launch}").text
    assert "case 498!" in first
    assert "case 499!" not in first
    (following,) = re.findall(r'href="([^"]+after=\d+)"', first)
    second = person.get(following.replace("&amp;", "&")).text
    assert "case 500!" in second
    assert "case 498!" not in second
    assert "the suite" in second
    assert api.headers


def test_the_reporters_link_opens_only_its_launch(
    anonymous: httpx.Client,
    product: str,
    start_launch: Start,
    start_item: Start,
    finish_launch: Callable[..., Any],
) -> None:
    launch, other = start_launch(name="Mine"), start_launch(name="Other")
    start_item(launch, name="an item")
    link = finish_launch(launch)["link"]
    page = anonymous.get(link)
    assert page.status_code == 200
    assert "Mine" in page.text
    (item,) = re.findall(r'href="(/launches/[^"]+/items/[^"]+)"', page.text)
    assert "an item" in anonymous.get(item).text
    assert "Keys</a>" not in page.text
    path = urlsplit(link).path
    assert "Other" not in anonymous.get(link.replace(path, f"/launches/{product}/{other}")).text
    for wrong in (link[:-1], path):
        assert "Mine" not in anonymous.get(wrong).text


def test_keys_are_created_shown_once_and_revoked(
    emulator: Running, person: httpx.Client, session: httpx.Client, product: str
) -> None:
    path = f"/products/{product}/keys"
    key = ""
    for kind, prefix in (("personal", "ak_"), ("product", "octo_")):
        made = person.post(path, data={"name": f"Key for {kind}", "kind": kind})
        (key,) = re.findall(rf">({prefix}[A-Z0-9]{{32}})<", made.text)
        assert made.headers["cache-control"] == "no-store"
        with emulator.client(key) as client:
            assert client.get(f"/api/receiver/api/v1/{product}/settings").status_code == 200
        listed = person.get(path).text
        assert f"Key for {kind}" in listed
        assert key not in listed
        assert f"{key[:8]}…" in listed
    of_product = session.get(f"/api/receiver/api/v1/products/{product}/api-keys").json()["items"]
    assert person.post(f"{path}/{of_product[0]['id']}/revoke").status_code == 303
    with emulator.client(key) as client:
        assert client.get(f"/api/receiver/api/v1/{product}/settings").status_code == 401
    for name in ("", " ", "n" * 101):
        assert "A key needs a name" in person.post(path, data={"name": name}).text


def test_usage_is_shown(api: httpx.Client, person: httpx.Client, product: str, membership: str) -> None:
    assert "No call with a key yet" in person.get(f"/products/{product}/usage").text
    for _ in range(3):
        api.get(f"{membership}/environments")
    page = person.get(f"/products/{product}/usage").text
    assert "<b>3</b> coins this week" in page
    assert page.count(f"GET {membership}/environments") == 3


def test_a_missing_page_is_reported_as_a_page(person: httpx.Client, product: str) -> None:
    for path in (f"/launches/{product}/none", "/products/00000000-0000-4000-8000-000000000000"):
        page = person.get(path)
        assert page.status_code == 404
        assert page.headers["content-type"].startswith("text/html")
        assert "not found" in page.text


def test_no_page_allows_scripts(person: httpx.Client, product: str, start_launch: Start) -> None:
    for path in (
        "/",
        f"/products/{product}/keys",
        f"/products/{product}/usage",
        f"/launches/{product}/{start_launch()}",
    ):
        page = person.get(path)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert "<script" not in page.text
        assert " style=" not in page.text
        assert " on" not in re.sub(r">[^<]*<", "><", page.text).replace(" on ", "")


def test_a_test_cases_page_shows_its_results_and_versions(
    *,
    api: httpx.Client,
    person: httpx.Client,
    product: str,
    start_launch: Start,
    start_item: Start,
    finish_item: Callable[..., None],
) -> None:
    base = "/api/test-management/api/v1"
    page = person.get(f"/products/{product}/cases").text
    assert "No test cases yet" in page
    hostile = "<script>alert(1)</script>"
    made = [
        api.post(f"{base}/products/{product}/test-cases", json={"title": f"Case {n} {hostile}"}).json()
        for n in range(101)
    ]
    api.put(f"{base}/test-cases/{made[0]['id']}", json={"automation_test_id": "cart.py:add"})
    launch = start_launch(name="Nightly cart")
    finish_item(launch, start_item(launch, codeRef="cart.py:add"), status="failed")
    page = person.get(f"/products/{product}/cases").text
    assert "TC-0001" in page
    assert 'class="status failed"' in page
    assert hostile not in page
    assert "TC-0101" not in page
    (more,) = re.findall(r'href="(\?after=\d+)"', page)
    assert "TC-0101" in person.get(f"/products/{product}/cases{more}").text
    page = person.get(f"/products/{product}/cases/1").text
    for text in ("Nightly cart", f"/launches/{product}/{launch}", "cart.py:add", 'class="status failed"'):
        assert text in page, text
    assert hostile not in page
    assert person.get(f"/products/{product}/cases/102").status_code == 404
    assert "No result yet" in person.get(f"/products/{product}/cases/2").text
