"""Launch mode: OneTest gets the content of the reports."""

from datetime import datetime
from typing import Any

from support.onetest import LocalOneTest
from support.project import Project

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def by_name(items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    assert len({item["name"] for item in items}) == len(items)
    return {item["name"]: item for item in items}


def test_suites_nest_as_in_the_report(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/a.xml",
        "<testsuites><testsuite name='outer'><testsuite name='middle'><testsuite name='inner'>"
        "<testcase classname='c' name='deep'/></testsuite><testcase classname='c' name='half'/></testsuite>"
        "<testsuite name='empty'/></testsuite></testsuites>",
    )
    items = by_name(onetest.items(project.report().launch_id))
    assert set(items) == {"outer", "middle", "inner", "deep", "half"}
    parents = {name: item["parent_id"] for name, item in items.items()}
    assert parents == {
        "outer": None,
        "middle": items["outer"]["id"],
        "inner": items["middle"]["id"],
        "deep": items["inner"]["id"],
        "half": items["middle"]["id"],
    }
    assert {item["status"] for item in items.values()} == {"passed"}


def test_equal_suite_names_of_two_reports_stay_two_suites(onetest: LocalOneTest, project: Project) -> None:
    for name in ("a", "b"):
        project.write(
            f"out/{name}.xml",
            f"<testsuite name='same'><testcase classname='c' name='of_{name}'/></testsuite>",
        )
    items = onetest.items(project.report().launch_id)
    suites = [item for item in items if item["item_type"] == "SUITE"]
    assert [suite["name"] for suite in suites] == ["same", "same"]
    assert {item["parent_id"] for item in items if item["item_type"] == "STEP"} == {s["id"] for s in suites}


def test_cases_outside_any_suite_stand_in_one_named_after_the_report(
    onetest: LocalOneTest, project: Project
) -> None:
    project.write("out/loose.xml", "<testsuites><testcase classname='c' name='alone'/></testsuites>")
    items = by_name(onetest.items(project.report().launch_id))
    assert items["alone"]["parent_id"] == items["loose.xml"]["id"]


def test_times_keep_to_those_around_them(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/a.xml",
        "<testsuites>"
        "<testsuite name='late' timestamp='2026-03-01T10:00:00Z'>"
        "<testcase classname='c' name='l1' time='9'/>"
        "<testcase classname='c' name='l2' time='1'/></testsuite>"
        "<testsuite name='early' timestamp='2026-03-01T09:00:00Z'>"
        "<testcase classname='c' name='e1' time='2'/>"
        "<testsuite name='within'><testcase classname='c' name='w1' time='3'/></testsuite></testsuite>"
        "</testsuites>",
    )
    launch_id = project.report().launch_id
    launch, items = onetest.launch(launch_id), by_name(onetest.items(launch_id))
    spans = {name: (item["start_time"][11:19], item["end_time"][11:19]) for name, item in items.items()}
    assert spans == {
        "late": ("10:00:00", "10:00:10"),
        "l1": ("10:00:00", "10:00:09"),
        "l2": ("10:00:09", "10:00:10"),
        "early": ("09:00:00", "09:00:05"),
        "e1": ("09:00:00", "09:00:02"),
        "within": ("09:00:02", "09:00:05"),
        "w1": ("09:00:02", "09:00:05"),
    }
    assert launch["start_time"][11:19] == "09:00:00"
    assert launch["end_time"][11:19] == "10:00:10"


def test_tests_of_one_time_keep_the_order_of_the_report(onetest: LocalOneTest, project: Project) -> None:
    names = [f"t{number}" for number in (5, 3, 9, 1, 7, 2, 8)]
    cases = "".join(f"<testcase classname='c' name='{name}' time='0'/>" for name in names)
    at = "timestamp='2026-03-01T10:00:00Z'"
    project.write(
        "out/a.xml",
        f"<testsuites><testsuite name='z' {at}>{cases}</testsuite><testsuite name='m' "
        "timestamp='2026-03-01T11:00:00Z'><testcase name='b' time='1'/></testsuite>"
        f"<testsuite name='a' {at}>{cases}</testsuite></testsuites>",
    )
    items = onetest.items(project.report().launch_id)
    suites = {item["name"]: item for item in items if item["item_type"] == "SUITE"}
    assert sorted(suites, key=lambda name: start_of(suites[name])) == ["z", "a", "m"]
    assert start_of(suites["z"]) != start_of(suites["a"])
    for suite in ("z", "a"):
        children = [item for item in items if item["parent_id"] == suites[suite]["id"]]
        assert [item["name"] for item in sorted(children, key=start_of)] == names
        assert len({start_of(item) for item in children}) == len(names)


def start_of(item: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(item["start_time"])


def test_without_timestamps_tests_follow_one_another(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/a.xml",
        "<testsuites><testsuite name='one'><testcase classname='c' name='a' time='2'/>"
        "<testcase classname='c' name='b'/></testsuite>"
        "<testsuite name='two'><testcase classname='c' name='d' time='3'/></testsuite></testsuites>",
    )
    launch_id = project.report().launch_id
    launch, items = onetest.launch(launch_id), by_name(onetest.items(launch_id))
    assert items["one"]["start_time"] == items["a"]["start_time"] == launch["start_time"]
    assert items["b"]["start_time"] == items["b"]["end_time"] == items["a"]["end_time"]
    assert items["two"]["start_time"] == items["d"]["start_time"] == items["one"]["end_time"]
    assert launch["end_time"] == items["two"]["end_time"] == items["d"]["end_time"]


def test_a_long_name_is_cut_and_kept_whole_in_the_description(
    onetest: LocalOneTest, project: Project
) -> None:
    name, suite = "test_" + "ü" * 700, "suite " + "s" * 700
    project.write(
        "out/a.xml", f"<testsuite name='{suite}'><testcase classname='c' name='{name}'/></testsuite>"
    )
    suite_item, case = onetest.items(project.report().launch_id)
    assert len(case["name"]) == len(suite_item["name"]) == 500
    assert case["name"][:-1] == name[:499]
    assert case["description"] == name
    assert suite_item["description"] == suite


def test_attributes_keep_to_the_limits(onetest: LocalOneTest, project: Project) -> None:
    many = "".join(f"<property name='p{n}' value='v{n}'/>" for n in range(300))
    project.write(
        "out/a.xml",
        "<testsuite name='s'><testcase classname='c' name='t'><failure message='first'/></testcase>"
        "<testcase classname='c' name='t'>"
        f"<properties><property name='{'k' * 200}' value='{'v' * 200}'/>{many}"
        "</properties></testcase></testsuite>",
    )
    done = project.report(*(f"--attribute=a{n}={'x' * 200}" for n in range(3)))
    (case,) = onetest.cases(done.launch_id)
    pairs = {one["key"]: one["value"] for one in case["attributes"]}
    assert len(case["attributes"]) == 256
    assert (pairs["flaky"], pairs["attempts"], pairs["p0"]) == ("true", "2", "v0")
    assert all(len(key) <= 128 and len(value) <= 128 for key, value in pairs.items())
    launch = {one["key"]: one["value"] for one in onetest.launch(done.launch_id)["attributes"]}
    assert {launch[f"a{n}"] for n in range(3)} == {"x" * 128}


def test_a_failed_a_skipped_and_a_repeated_test(onetest: LocalOneTest, project: Project) -> None:
    (project.path / "out" / "shot.png").write_bytes(PNG)
    project.write(
        "out/a.xml",
        """<testsuite name='s'>
        <testcase classname='c' name='failed' file='tests/c.py' line='7'>
          <failure message='1 != 2' type='AssertionError'>stack of it
AssertionError: 1 != 2</failure><system-out>printed
[[ATTACHMENT|shot.png]]</system-out></testcase>
        <testcase classname='c' name='skipped'><skipped message='not on Mondays'/></testcase>
        <testcase classname='c' name='skipped too'><skipped>only in the text</skipped></testcase>
        <testcase classname='c' name='flaky'><failure message='try one'/></testcase>
        <testcase classname='c' name='flaky'><failure message='try two'/></testcase>
        <testcase classname='c' name='flaky'/>
        <testcase classname='c' name='rerun'><flakyFailure message='was red'/></testcase>
        <testcase classname='c' name='passed'><system-out>chatter</system-out></testcase>
        </testsuite>""",
    )
    items = by_name(onetest.cases(project.report().launch_id))
    failed = items["failed"]
    assert failed["failure_message"] == "AssertionError: 1 != 2"
    assert failed["issue"]["issueType"] == "ti001"
    assert "tests/c.py:7" in failed["description"]
    logs = onetest.logs(failed["id"])
    assert ("ERROR", "stack of it\nAssertionError: 1 != 2") in [
        (log["level"], log["message"]) for log in logs
    ]
    assert any(log["level"] == "INFO" and "printed" in log["message"] for log in logs)
    (attachment,) = [log["attachment"] for log in logs if log["attachment"]]
    assert (attachment["content_type"], attachment["size"]) == ("image/png", len(PNG))
    assert onetest.download(attachment["url"]) == PNG
    assert items["skipped"]["status"] == "skipped"
    assert items["skipped"]["issue"] == {"issueType": "NOT_ISSUE", "comment": "not on Mondays"}
    assert items["skipped too"]["issue"]["comment"] == "only in the text"

    def item_of(name: str) -> tuple[str, dict[str, str], list[tuple[str, str]]]:
        item = items[name]
        attributes = {one["key"]: one["value"] for one in item["attributes"]}
        return (
            item["status"],
            attributes,
            [(log["level"], log["message"]) for log in onetest.logs(item["id"])],
        )

    assert item_of("flaky") == (
        "passed",
        {"flaky": "true", "attempts": "3"},
        [("WARN", "Attempt 1 failed: try one"), ("WARN", "Attempt 2 failed: try two")],
    )
    assert item_of("rerun") == (
        "passed",
        {"flaky": "true", "attempts": "2"},
        [("WARN", "Attempt 1 failed: was red")],
    )
    assert item_of("passed") == ("passed", {}, [])


def test_code_refs(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/a.xml",
        "<testsuite name='s'>"
        "<testcase classname='tests.test_a.TestA' file='tests/test_a.py' name='test_m[1-x]'/>"
        "<testcase classname='com.acme.OuterTest$Inner' name='valid'/></testsuite>",
    )
    refs = {item["name"]: item["code_ref"] for item in onetest.cases(project.report().launch_id)}
    assert refs == {
        "test_m[1-x]": "tests/test_a.py:TestA.test_m",
        "valid": "com.acme.OuterTest.Inner.valid",
    }


def test_the_item_type_can_be_test(onetest: LocalOneTest, project: Project) -> None:
    project.write("out/a.xml", "<testsuite name='s'><testcase classname='c' name='t'/></testsuite>")
    items = onetest.items(project.report("--item-type", "test").launch_id)
    assert [item["item_type"] for item in items] == ["SUITE", "TEST"]


def test_odd_characters_arrive_or_are_left_out(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/a.xml",
        "<testsuite name=' '><testcase classname='c' name='größe \U0001f6d2 &lt;b>'>"
        "<failure message='a\x1b[31mred&#9;tab'/></testcase><testcase classname='c' name=' '/></testsuite>",
    )
    done = project.report()
    suite, *cases = onetest.items(done.launch_id)
    unnamed, case = sorted(cases, key=lambda item: str(item["name"]))
    assert (suite["name"], case["name"]) == ("(unnamed suite)", "größe \U0001f6d2 <b>")
    assert unnamed["name"].strip()
    assert "\x1b" not in case["failure_message"]
    assert done.status == "delivered"


def test_parameters_travel_beside_the_code_ref_that_is_without_them(
    onetest: LocalOneTest, project: Project
) -> None:
    project.write(
        "out/a.xml",
        "<testsuite name='s'><testcase classname='c' name='test_x[1-a]' file='tests/c.py'/>"
        "<testcase classname='c' name='test_y' file='tests/c.py'/></testsuite>",
    )
    items = by_name(onetest.items(project.report().launch_id))
    assert items["test_x[1-a]"]["code_ref"] == "tests/c.py:test_x"
    assert items["test_x[1-a]"]["parameters"] == [{"key": "parameters", "value": "1-a"}]
    assert items["test_y"]["parameters"] == []
