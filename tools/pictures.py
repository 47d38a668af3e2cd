"""Make the pictures of the documentation, in Debian's Chromium.

    python tools/pictures.py

The summary is rendered with a style sheet like GitHub's. Install Debian's packages chromium, fonts-noto-cjk
and fonts-noto-color-emoji first. No test compares pictures, since the fonts of machines differ.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from markdown_it import MarkdownIt
from playwright.sync_api import Browser, sync_playwright

ROOT: Final = Path(__file__).parents[1]
IMAGES: Final = ROOT / "docs" / "images"
COMMAND: Final = str(Path(sys.executable).parent / "onetest-ci")
WIDTH: Final = 960
STYLE: Final = """
body { font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; margin: 24px; color: #1f2328; background: #fff }
h3, h4 { line-height: 1.25; margin: 16px 0 }
code, pre { font: 13px/1.45 "DejaVu Sans Mono", monospace; background: #f0f1f3; border-radius: 6px }
code { padding: 2px 5px } pre { padding: 12px; overflow: auto } pre code { padding: 0; background: none }
a { color: #0969da; text-decoration: none } details { margin: 8px 0 }
table { border-collapse: collapse } td, th { border: 1px solid #d0d7de; padding: 6px 13px }
"""


@contextmanager
def local_onetest() -> Iterator[dict[str, Any]]:
    """Run a local OneTest and yield what it printed."""
    process = subprocess.Popen(
        [COMMAND, "emulator", "--port", "0", "--seed"], stdout=subprocess.PIPE, text=True
    )
    try:
        yield json.loads(process.stdout.readline() if process.stdout else "")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def report(onetest: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Report the sample project and return the outcome."""
    variables = {
        "PATH": os.environ["PATH"],
        "ONETEST_API_KEY": onetest["api_key"],
        "ONETEST_BASE_URL": onetest["url"],
        "ONETEST_PRODUCT_ID": onetest["product_id"],
    }
    arguments = ["--launch-name", "Sample project", "--environment", "staging", "--build-version", "1.4.2"]
    files = ["--summary", str(folder / "summary.md"), "--json", str(folder / "outcome.json")]
    subprocess.run(
        [COMMAND, "report", *arguments, *files, "examples/sample-project/reports/**/*.xml"],
        cwd=ROOT,
        env=variables,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    outcome: dict[str, Any] = json.loads((folder / "outcome.json").read_text(encoding="utf-8"))
    return outcome


def picture_summary(browser: Browser, markdown: str) -> None:
    """Take the picture of a summary, with one failure unfolded."""
    body = MarkdownIt("commonmark").enable("table").render(markdown)
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.5)
    page.set_content(f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{body}")
    page.locator("details", has_text="test_discount").first.evaluate("details => details.open = true")
    page.screenshot(path=IMAGES / "summary.png", full_page=True)
    page.close()


def picture_launch(browser: Browser, address: str) -> None:
    """Take the picture of a launch in the local OneTest."""
    page = browser.new_page(viewport={"width": WIDTH, "height": 900}, device_scale_factor=1.5)
    page.goto(address)
    page.screenshot(path=IMAGES / "local-onetest.png")
    page.close()


def main() -> int:
    """Make all pictures."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("Install Debian's package chromium.")
        return 1
    IMAGES.mkdir(exist_ok=True)
    # As root in a container, Chromium cannot start its own sandbox.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with tempfile.TemporaryDirectory() as place, local_onetest() as onetest, sync_playwright() as playwright:
        folder = Path(place)
        outcome = report(onetest, folder)
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        picture_summary(browser, (folder / "summary.md").read_text(encoding="utf-8"))
        picture_launch(browser, outcome["launch_url"])
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
