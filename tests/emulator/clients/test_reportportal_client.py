"""ReportPortal's own Python client.

Its asynchronous kinds drop the path of the endpoint, and so cannot report to OneTest at all.
"""

import sys
from collections.abc import Callable

from emulator.clients.conftest import ReadBack, Run
from emulator.conftest import Running

SCRIPT = """
import sys
from reportportal_client import RPClient

url, product, key = sys.argv[1:]
client = RPClient(url, product, api_key=key)
attributes = [{"key": "branch", "value": "main"}]
launch = client.start_launch("Client launch", "1700000000000", attributes=attributes)
suite = client.start_test_item("Suite", "1700000000000", "SUITE")
for number in range(30):
    step = client.start_test_item(
        f"step {number}",
        "1700000000000",
        "STEP",
        parent_item_id=suite,
        code_ref=f"tests/test_a.py:test_{number}",
        parameters={"n": number},
    )
    attachment = {"name": f"{number}.bin", "data": bytes(range(number)), "mime": "application/octet-stream"}
    client.log("1700000000500", f"line {number}", level="INFO", item_id=step)
    client.log("1700000000600", "a file", level="WARN", attachment=attachment, item_id=step)
    issue = {"issue_type": "pb001", "comment": "boom"} if number % 3 == 0 else None
    client.finish_test_item(step, "1700000001000", status="FAILED" if issue else "PASSED")
client.finish_test_item(suite, "1700000002000")
client.finish_launch("1700000003000")
client.close()
"""


def test_the_whole_launch_is_read_back(
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    emulator: Running,
    product: str,
) -> None:
    write({"report.py": SCRIPT})
    url = f"{emulator.url}/api/receiver"
    output = run(sys.executable, "report.py", url, product, emulator.announced["api_key"])
    assert "rror" not in output

    read = read_back()
    assert (read.launch["name"], read.launch["status"]) == ("Client launch", "failed")
    assert read.launch["statistics"].items() >= {"total": 30, "passed": 20, "failed": 10}.items()
    expected = {("Suite",): ("SUITE", "failed", None)} | {
        ("Suite", f"step {number}"): (
            "STEP",
            "passed" if number % 3 else "failed",
            f"tests/test_a.py:test_{number}",
        )
        for number in range(30)
    }
    assert read.summaries == expected
    for number in range(30):
        read_item = read.one(f"step {number}")
        assert read_item.logs == [("INFO", f"line {number}"), ("WARN", "a file")]
        assert read_item.files == {f"{number}.bin": bytes(range(number))}
        assert read_item.item["parameters"] == [{"key": "n", "value": str(number)}]
