"""The pages in a real browser: Debian's Chromium, driven by Playwright."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright

from emulator.conftest import NOON, Running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MARK = "stored-text"
HOSTILE = (
    f"""{MARK}"'><img src=x onerror="window.pwned=1"><script>window.pwned=1</script><svg onload=pwned=1>"""
)
PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d494844520000000100000001080200000090"
    "7753de0000000c49444154789c63f8cfc0000003010100c9fe92ef0000000049454e44ae426082"
)
SCRIPTED_SVG = (
    b'<svg xmlns="http://www.w3.org/2000/svg" onload="pwned=1"><script>parent.pwned=1</script></svg>'
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="NO BROWSER: the pages are not tested; install Debian's package chromium"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # As root in a container, Chromium cannot start its own sandbox.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def seeded() -> Iterator[Running]:
    running = Running("--seed", "--budget", "1000")
    yield running
    assert running.stop() == (0, "")


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """A page with a session. The test fails on a script error, a dialog or a request to another host."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def open_page(running: Running, **options: Any) -> Page:
        context = browser.new_context(**({"viewport": DESKTOP} | options))
        contexts.append(context)
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.on("dialog", lambda dialog: faults.append(f"dialog {dialog.message}"))
        page.on("pageerror", lambda error: faults.append(f"error {error}"))
        page.on("request", lambda request: faults.append(request.url) if foreign(request.url) else None)

        def foreign(url: str) -> bool:
            return not url.startswith((running.url, "data:", "about:", "chrome"))

        page.goto(running.url)
        page.get_by_label("Session token").fill(running.announced["session_token"])
        page.get_by_role("button", name="Sign in").click()
        page.get_by_role("button", name="Sign out").wait_for()
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []


def test_a_person_can_click_from_the_launches_to_a_failures_screenshot(
    visit: Callable[..., Page], seeded: Running
) -> None:
    page = visit(seeded)
    assert page.locator(".launches > li").count() > 20
    page.locator(".launches > li", has=page.locator(".status.failed")).first.click()
    page.locator(".tabs").get_by_role("link", name="Failed").click()
    page.locator(".leaf").first.click()
    assert page.locator("h1 + .status").inner_text() == "failed"
    assert "AssertionError" in page.locator("pre.failure").inner_text()
    picture = page.locator("figure img")
    picture.scroll_into_view_if_needed()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=picture.element_handle())
    assert picture.evaluate("image => [image.naturalWidth, image.naturalHeight]") == [480, 270]
    page.locator(".crumbs a").first.click()
    assert page.locator(".tree summary").count() >= 2


def test_a_key_is_created_shown_once_and_revoked(visit: Callable[..., Page], seeded: Running) -> None:
    page = visit(seeded)
    page.get_by_role("link", name="Keys").click()
    page.get_by_label("Name").fill("From the browser")
    page.get_by_role("button", name="Create key").click()
    key = page.locator(".key").inner_text()
    with seeded.client(key) as client:
        assert client.get("/api/gateway/api/v1/tools").status_code == 200
    page.get_by_role("link", name="Keys").click()
    assert key not in page.content()
    row = page.get_by_role("row", name="From the browser")
    assert key[:8] in row.inner_text()
    row.get_by_role("button").click()
    assert "revoked" in page.get_by_role("row", name="From the browser").inner_text()


def test_all_pages_work_without_scripts(visit: Callable[..., Page], seeded: Running) -> None:
    page = visit(seeded, java_script_enabled=False)
    page.locator(".launches a").first.click()
    page.locator(".tree .leaf").nth(5).wait_for()
    suite = page.locator(".tree details").first
    assert suite.locator(".leaf").first.is_visible()
    suite.locator("summary").click()
    assert not suite.locator(".leaf").first.is_visible()
    page.locator("nav").get_by_role("link", name="Usage").click()
    assert "coins this week of 1000" in page.locator("main").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_pages_fit_the_screen_and_are_legible(
    visit: Callable[..., Page], seeded: Running, scheme: str, viewport: dict[str, int]
) -> None:
    page = visit(seeded, color_scheme=scheme, viewport=viewport)
    home = page.url
    for path in ("", f"products/{seeded.product}/keys", f"products/{seeded.product}/usage"):
        page.goto(home + path)
        check_look(page, scheme)
        assert page.evaluate(f"({BROKEN_TEXTS})()") == [], "a date or a key is on two lines"
    page.goto(home)
    page.locator(".launches > li", has=page.locator(".status.failed")).first.click()
    check_look(page, scheme)
    page.locator(".leaf").first.click()
    check_look(page, scheme)


def check_look(page: Page, scheme: str) -> None:
    """All content fits the screen, the colours are the scheme's, and small text has contrast (WCAG AA)."""
    # A click does not wait for the page that it leads to.
    page.wait_for_load_state()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), page.url
    brightness = page.evaluate(f"({LUMINANCE})(getComputedStyle(document.body).backgroundColor)")
    assert (brightness < 0.05) is (scheme == "dark")
    weak = page.evaluate(f"({WEAK_TEXTS})({LUMINANCE})")
    assert weak == [], page.url


BROKEN_TEXTS = """() => {
  const lines = node => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return new Set([...range.getClientRects()].map(box => Math.round(box.top))).size;
  };
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  const broken = [];
  while (texts.nextNode()) {
    const text = texts.currentNode;
    const whole = /^\\s*(\\d{4}-\\d\\d-\\d\\d[ :\\d]*|(ak|octo)_[A-Z0-9]+…)\\s*$/.test(text.data);
    if (whole && lines(text) > 1) broken.push(text.data);
  }
  return broken;
}"""
LUMINANCE = """colour => {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d');
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const parts = [...context.getImageData(0, 0, 1, 1).data].slice(0, 3).map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
}"""
WEAK_TEXTS = """luminance => {
  const backdrop = element => {
    for (let each = element; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      // Tints are near what lies under them.
      if (/^rgb\\(/.test(colour)) return colour;
    }
    return 'white';
  };
  const texts = [...document.querySelectorAll('main *')].filter(element => element.offsetParent
    && [...element.childNodes].some(node => node.nodeType === 3 && node.data.trim()));
  return texts.filter(element => {
    const [one, two] = [getComputedStyle(element).color, backdrop(element)].map(luminance);
    return (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05) < 4.5;
  }).map(element => element.outerHTML.slice(0, 100));
}"""


def test_no_text_of_a_report_runs_as_a_script(
    visit: Callable[..., Page], start: Callable[..., Running]
) -> None:
    emulator = start()
    with emulator.client(emulator.announced["session_token"]) as session:
        hostile_product(session, emulator)
    page = visit(emulator)
    saved: list[str] = []
    page.on("download", lambda download: saved.append(download.url))
    seen: set[str] = set()
    waiting = [emulator.url + "/"]
    marked = 0
    while waiting:
        address = waiting.pop()
        path = urlsplit(address).path
        if path in seen:
            continue
        seen.add(path)
        # The browser saves the file and does not show it, which Playwright reports as an error.
        with suppress(Error):
            page.goto(address)
        if path.startswith("/files/"):
            continue
        assert page.evaluate("window.pwned") is None, address
        marked += MARK in page.locator("body").inner_text()
        links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
        assert all(link.startswith(emulator.url + "/") for link in links), links
        waiting += [link for link in links if "/openapi.json" not in link]
    assert marked >= 6, "the texts were shown"
    files = {path for path in seen if path.startswith("/files/")}
    assert len(files) == 3
    assert {urlsplit(url).path for url in saved} == files, "no file was opened as a page"


def hostile_product(session: httpx.Client, emulator: Running) -> None:
    """A product in which every text that can be sent is an attack."""
    made = session.post("/api/membership/api/v1/products", json={"name": HOSTILE, "description": HOSTILE})
    product = made.json()["id"]
    membership = f"/api/membership/api/v1/products/{product}"
    session.post(f"{membership}/releases", json={"name": HOSTILE, "status": "active"})
    environment = {"name": HOSTILE, "endpoint_url": "javascript:pwned=1", "is_default": True}
    session.post(f"{membership}/environments", json=environment)
    for path in ("/api/membership/api/v1/api-keys", f"/api/receiver/api/v1/products/{product}/api-keys"):
        key = session.post(path, json={"name": HOSTILE[:100]}).json()["key"]
        with emulator.client(key) as client:
            client.get(f"/api/receiver/api/v1/{product}/<script>pwned=1</script>")
    rp = f"/api/receiver/api/v2/{product}"
    tags = [{"key": HOSTILE, "value": HOSTILE}, {"key": "branch", "value": HOSTILE}]
    launch = {"name": HOSTILE, "startTime": NOON, "uuid": HOSTILE.replace("/", "")[:100]}
    launch |= {"attributes": tags, "build_version": HOSTILE, "description": HOSTILE}
    session.post(f"{rp}/launch", json=launch).raise_for_status()
    item = {"name": HOSTILE, "startTime": NOON, "type": "STEP", "launchUuid": launch["uuid"], "uuid": "i"}
    item |= {"codeRef": HOSTILE, "description": HOSTILE, "attributes": tags, "testCaseId": HOSTILE}
    item |= {"parameters": [{"key": HOSTILE, "value": HOSTILE}]}
    suite = item | {"type": "SUITE", "uuid": "s"}
    session.post(f"{rp}/item", json=suite).raise_for_status()
    session.post(f"{rp}/item/s", json=item).raise_for_status()
    # In the part's header, a double quote would be escaped.
    plain = HOSTILE.replace('"', "'")
    names = [f"{plain[:80]}{number}" for number in range(3)]
    files = [
        (names[0], b"<script>pwned=1</script>", "text/html"),
        (names[1], SCRIPTED_SVG, "image/svg+xml"),
        (names[2], PICTURE, "image/png"),
    ]
    entries: list[dict[str, Any]] = [
        {
            "launchUuid": launch["uuid"],
            "itemUuid": "i",
            "time": NOON,
            "message": HOSTILE,
            "file": {"name": name},
        }
        for name in names
    ]
    entries.append({"launchUuid": launch["uuid"], "time": NOON, "message": HOSTILE, "level": HOSTILE})
    parts: list[Any] = [("json_request_part", (None, json.dumps(entries), "application/json"))]
    saved = session.post(f"{rp}/log", files=parts + [("file", file) for file in files]).json()["responses"]
    assert all("id" in response for response in saved), saved
    finish = {
        "endTime": NOON,
        "launchUuid": launch["uuid"],
        "status": "failed",
        "issue": {"comment": HOSTILE},
    }
    session.put(f"{rp}/item/i", json=finish).raise_for_status()
    report = f"""<testsuite><testcase classname='{MARK}' name='&lt;script&gt;pwned=1&lt;/script&gt;'>
      <failure message='&lt;img src=x onerror=pwned=1&gt;'>&lt;script&gt;pwned=1&lt;/script&gt;</failure>
      <system-out>&lt;script&gt;pwned=1&lt;/script&gt;</system-out></testcase></testsuite>"""
    upload = {"file": (f"{HOSTILE}.xml", report.encode())}
    session.post(f"/api/v1/products/{product}/import/junit", files=upload).raise_for_status()
