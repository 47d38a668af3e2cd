"""curl, with the examples of OneTest's documentation. Only URL, key and product are replaced."""

import json
import shlex
import shutil
from collections.abc import Callable

import httpx
import pytest

from emulator.clients.conftest import ReadBack, Run
from emulator.conftest import Running
from support.waiting import wait_for

pytestmark = pytest.mark.skipif(
    shutil.which("curl") is None, reason="NO CURL: the pages' examples are not run"
)

TOOLS = """
curl -X GET https://tms.onetest.ai/api/gateway/api/v1/tools \\
  -H "Authorization: Bearer ak_R2HSAH1DBQ8Q9B8PKSR165V7W0BVDRQP" \\
  -H "Content-Type: application/json"
"""
LIST = """
curl https://tms.onetest.ai/api/test-management/api/v1/products/{product_id}/test-cases \\
  -H "Authorization: Bearer ak_YOUR_KEY_HERE"
"""
CREATE = """
curl -X POST https://tms.onetest.ai/api/test-management/api/v1/products/{product_id}/test-cases \\
  -H "Authorization: Bearer ak_YOUR_KEY_HERE" \\
  -H "Content-Type: application/json" \\
  -d '{"title": "Login test", "test_type": "manual", "priority": "p2"}'
"""
UPDATE = """
curl -X PUT \\
  https://tms.onetest.ai/api/test-management/api/v1/test-cases/{id} \\
  -H "Authorization: Bearer ak_YOUR_KEY" \\
  -H "Content-Type: application/json" \\
  -d '{
    "execution_type": "automated",
    "automation_test_id": "test_login.py:TestLogin.test_valid_login"
  }'
"""
IMPORT = """
curl -X POST \\
  https://tms.onetest.ai/api/receiver/api/v1/products/${{ vars.PRODUCT_ID }}/import/junit/upload \\
  -H "Authorization: Bearer ${{ secrets.ONETEST_API_KEY }}" \\
  -F "file=@test-results.xml"
"""
OTHER_IMPORT = """
curl -X POST "https://tms.onetest.ai/api/v1/products/{product_uuid}/import/junit" \\
  -H "Authorization: Bearer {api_key}" \\
  -F "file=@test-results.xml"
"""
REPORT = """<testsuite name="shop"><testcase classname="shop.Cart" name="adds"/>
<testcase classname="shop.Cart" name="removes"><failure message="one is not two">trace</failure></testcase>
</testsuite>"""

Curl = Callable[..., dict[str, object]]


@pytest.fixture
def curl(run: Run, emulator: Running, product: str) -> Curl:
    def example(text: str, **values: str) -> dict[str, object]:
        key = emulator.announced["api_key"]
        for word in ("ak_R2HSAH1DBQ8Q9B8PKSR165V7W0BVDRQP", "ak_YOUR_KEY_HERE", "ak_YOUR_KEY", "{api_key}"):
            text = text.replace(word, key)
        text = text.replace("${{ secrets.ONETEST_API_KEY }}", key).replace(
            "https://tms.onetest.ai", emulator.url
        )
        for word in ("{product_id}", "{product_uuid}", "${{ vars.PRODUCT_ID }}"):
            text = text.replace(word, product)
        for word, value in values.items():
            text = text.replace(f"{{{word}}}", value)
        command, *arguments = shlex.split(text.replace("\\\n", " "))
        return dict(
            json.loads(run(command, "--silent", "--show-error", "--fail", "--noproxy", "*", *arguments))
        )

    return example


def test_the_first_example_lists_tools(curl: Curl) -> None:
    tools = curl(TOOLS)["tools"]
    assert isinstance(tools, list)
    assert "list_test_cases" in [tool["name"] for tool in tools]


def test_test_cases_are_created_listed_and_linked(curl: Curl, product: str) -> None:
    made = curl(CREATE)
    assert (made["title"], made["priority"], made["execution_type"]) == ("Login test", "p2", "manual")
    assert made["product_id"] == product
    assert curl(LIST)["items"] == [made]
    changed = curl(UPDATE, id=str(made["id"]))
    assert changed["execution_type"] == "automated"
    assert changed["automation_test_id"] == "test_login.py:TestLogin.test_valid_login"


@pytest.mark.parametrize("example", [IMPORT, OTHER_IMPORT])
def test_a_junit_file_is_imported(
    *,
    curl: Curl,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    session: httpx.Client,
    native: str,
    example: str,
) -> None:
    write({"test-results.xml": REPORT})
    job = curl(example)
    state = f"{native}/import/jobs/{job['job_id']}"
    wait_for(lambda: session.get(state).json()["status"], lambda status: status == "completed")
    assert read_back().summaries == {
        ("adds",): ("STEP", "passed", "shop.Cart.adds"),
        ("removes",): ("STEP", "failed", "shop.Cart.removes"),
    }
