"""The search of the documentation site finds options by the way that they are typed."""

import json
import subprocess

import pytest

from support.host_tools import tool
from support.snippets import ROOT

_HARNESS = """
    const sent = [];
    globalThis.Worker = class { postMessage(message) { sent.push(message.data); } };
    eval(process.argv[1]);
    for (const data of JSON.parse(process.argv[2])) new Worker().postMessage({ type: 2, data });
    new Worker().postMessage({ type: 0, data: { docs: "--as-it-is" } });
    console.log(JSON.stringify(sent));
"""


@pytest.fixture(scope="module")
def script() -> str:
    """The script that the site loads."""
    path = "javascripts/search.js"
    assert f"  - {path}\n" in (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    return (ROOT / "docs" / path).read_text(encoding="utf-8")


def test_dashes_of_options_do_not_exclude_them(script: str) -> None:
    typed = ["--fail-on", "run --fail-on new", "tests -jest", "a--b", "--", "--fail-on --baseline"]
    done = subprocess.run(
        [tool("node"), "-e", _HARNESS, script, json.dumps(typed)], capture_output=True, check=True
    )
    *sent, untouched = json.loads(done.stdout)
    assert sent == ["fail-on", "run fail-on new", "tests -jest", "a--b", "--", "fail-on baseline"]
    assert untouched == {"docs": "--as-it-is"}
