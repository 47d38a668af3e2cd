"""Robot Framework with ReportPortal's agent."""

from collections.abc import Callable

from emulator.clients.conftest import ReadBack, Run, tool
from emulator.conftest import Running

SUITE = """
*** Settings ***
Documentation    Signing in.
Library          Attaching.py

*** Test Cases ***
Valid Login
    [Documentation]    The usual way.
    [Tags]    smoke
    Log    Grüße, 世界
    Attach A Note

Wrong Password
    Should Be Equal    1    2    one is not two

Not Today
    Skip    no card for it
"""
LIBRARY = """
from robotframework_reportportal import logger


def attach_a_note():
    logger.info("a file", attachment={"name": "note.txt", "data": b"attached \\xff", "mime": "text/plain"})
"""


def test_the_whole_robot_suite_is_read_back(
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    emulator: Running,
    product: str,
) -> None:
    write({"login.robot": SUITE, "Attaching.py": LIBRARY})
    variables = {
        "RP_ENDPOINT": f"{emulator.url}/api/receiver",
        "RP_API_KEY": emulator.announced["api_key"],
        "RP_PROJECT": product,
        "RP_LAUNCH": "Robot launch",
        "RP_LAUNCH_ATTRIBUTES": "branch:main nightly",
    }
    options = [part for name, value in variables.items() for part in ("--variable", f"{name}:{value}")]
    listener = ("--listener", "robotframework_reportportal.listener", "--output", "NONE")
    output = run(tool("robot"), *options, *listener, "login.robot", code=1)
    assert "Traceback" not in output

    read = read_back()
    assert (read.launch["name"], read.launch["status"]) == ("Robot launch", "failed")
    assert read.launch["statistics"].items() >= {"passed": 1, "failed": 1, "skipped": 1}.items()
    tags = [(tag["key"], tag["value"]) for tag in read.launch["attributes"] if not tag.get("system")]
    assert tags == [("branch", "main"), (None, "nightly")]
    summaries = {path: summary for path, summary in read.summaries.items() if len(path) <= 2}
    # A reference of this agent is a file and a line; a suite has none.
    assert summaries == {
        ("Login",): ("SUITE", "failed", None),
        ("Login", "Valid Login"): ("STEP", "passed", "login.robot:7"),
        ("Login", "Wrong Password"): ("STEP", "failed", "login.robot:13"),
        ("Login", "Not Today"): ("STEP", "skipped", "login.robot:16"),
    }
    logs = [log for item in read.items for log in item.logs]
    assert ("INFO", "Grüße, 世界") in logs
    assert any(level == "ERROR" and "one is not two" in message for level, message in logs)
    files = {name: content for item in read.items for name, content in item.files.items()}
    assert list(files.values()) == [b"attached \xff"]
