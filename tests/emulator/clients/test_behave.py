"""Behave with ReportPortal's agent."""

from collections.abc import Callable

from emulator.clients.conftest import ReadBack, Run, tool
from emulator.conftest import Running

FEATURE = """
@shop
Feature: Signing in
  People come in with a password.

  Scenario: A valid password
    Given a person
    When the password is "right"
    Then they are in

  Scenario Outline: Other passwords
    Given a person
    When the password is "<word>"
    Then they are in

    Examples:
      | word  |
      | wrong |

  @skip
  Scenario: Not today
    Given a person
"""
STEPS = """
from behave import given, then, when


@given("a person")
def person(context):
    context.rp_agent.post_log("Grüße, 世界", item_id=context.rp_agent._step_id)


@when('the password is "{word}"')
def password(context, word):
    context.word = word
    note = {"name": "note.txt", "data": b"attached \\xff", "mime": "text/plain"}
    context.rp_client.log(
        "1700000000000", "attached", level="INFO", attachment=note, item_id=context.rp_agent._step_id
    )


@then("they are in")
def inside(context):
    assert context.word == "right", "one is not two"
"""
ENVIRONMENT = """
from behave_reportportal.behave_agent import BehaveAgent, create_rp_service
from behave_reportportal.config import read_config


def before_all(context):
    config = read_config(context)
    context.rp_client = create_rp_service(config)
    context.rp_client.start()
    context.rp_agent = BehaveAgent(config, context.rp_client)
    context.rp_agent.start_launch(context)


def after_all(context):
    context.rp_agent.finish_launch(context)
    context.rp_client.terminate()


def before_feature(context, feature):
    context.rp_agent.start_feature(context, feature)


def after_feature(context, feature):
    context.rp_agent.finish_feature(context, feature)


def before_scenario(context, scenario):
    context.rp_agent.start_scenario(context, scenario)
    if "skip" in scenario.tags:
        scenario.skip("no card for it")


def after_scenario(context, scenario):
    context.rp_agent.finish_scenario(context, scenario)


def before_step(context, step):
    context.rp_agent.start_step(context, step)


def after_step(context, step):
    context.rp_agent.finish_step(context, step)
"""
SETTINGS = """
[report_portal]
enabled = True
endpoint = {url}/api/receiver
api_key = {key}
project = {product}
launch_name = Behave launch
launch_attributes = branch:main nightly
log_layout = Nested
"""


def test_the_whole_behave_suite_is_read_back(
    run: Run,
    write: Callable[[dict[str, str]], None],
    read_back: Callable[[], ReadBack],
    emulator: Running,
    product: str,
) -> None:
    settings = SETTINGS.format(url=emulator.url, key=emulator.announced["api_key"], product=product)
    write(
        {
            "behave.ini": settings,
            "features/login.feature": FEATURE,
            "features/steps/login.py": STEPS,
            "features/environment.py": ENVIRONMENT,
        }
    )
    run(tool("behave"), "--no-capture", code=1)
    read = read_back()
    assert (read.launch["name"], read.launch["status"]) == ("Behave launch", "failed")
    assert read.launch["statistics"].items() >= {"passed": 1, "failed": 1, "skipped": 1}.items()
    feature, valid, other = ("Signing in",), "A valid password", "Other passwords -- @1.1 "
    where = "features/login.feature"
    # A reference of Behave is a line of the feature file; for an outline, the row of its table.
    assert read.summaries == {
        feature: ("SUITE", "failed", f"{where}:3"),
        (*feature, valid): ("STEP", "passed", f"{where}:6"),
        (*feature, valid, "[Given]: a person"): ("STEP", "passed", f"{where}:7"),
        (*feature, valid, '[When]: the password is "right"'): ("STEP", "passed", f"{where}:8"),
        (*feature, valid, "[Then]: they are in"): ("STEP", "passed", f"{where}:9"),
        (*feature, other): ("STEP", "failed", f"{where}:18"),
        (*feature, other, "[Given]: a person"): ("STEP", "passed", f"{where}:12"),
        (*feature, other, '[When]: the password is "wrong"'): ("STEP", "passed", f"{where}:13"),
        (*feature, other, "[Then]: they are in"): ("STEP", "failed", f"{where}:14"),
        (*feature, "Not today"): ("STEP", "skipped", f"{where}:21"),
    }
    nested = {read_item.path[-1] for read_item in read.items if not read_item.item["has_stats"]}
    assert nested == {name for *_, name in read.summaries if name.startswith("[")}
    assert read.one(other).item["parameters"] == [{"key": "word", "value": "wrong"}]
    (failed,) = [
        read_item for read_item in read.items if read_item.path[1:] == (other, "[Then]: they are in")
    ]
    ((level, message),) = failed.logs
    assert level == "ERROR"
    assert "AssertionError: one is not two" in message
    assert [read_item.logs for read_item in read.items if read_item.path[-1] == "[Given]: a person"] == [
        [("INFO", "Grüße, 世界")]
    ] * 2
    (step,) = [
        read_item for read_item in read.items if read_item.path[-1] == '[When]: the password is "right"'
    ]
    assert step.files == {"note.txt": b"attached \xff"}
