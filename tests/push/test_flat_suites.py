"""A flat suite whose tests have one name in several places: OneTest shows them apart."""

import subprocess
import sys
from typing import Any

import pytest

from onetest_ci.collect import flat_suites
from onetest_ci.collect.flat_suites import FlatSuites
from support.command import environment
from support.onetest import LocalOneTest
from support.project import Project

TESTS = "class TestCart:\n    def test_adds(self): pass\n\ndef test_adds(): pass\n\ndef test_own_{}(): pass\n"


def paths(items: list[dict[str, Any]]) -> set[str]:
    """Each test with the suites around it."""
    by_id = {item["id"]: item for item in items}

    def path(item: dict[str, Any]) -> str:
        parent = item["parent_id"]
        return f"{path(by_id[parent])} > {item['name']}" if parent else str(item["name"])

    return {path(item) for item in items if item["item_type"] != "SUITE"}


@pytest.fixture
def ran(project: Project) -> Project:
    """A project in which pytest has run two modules with tests of the same names."""
    for name in ("a", "b"):
        project.write(f"tests/test_{name}.py", TESTS.format(name))
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "--junit-xml=out/r.xml",
        "tests",
    ]
    subprocess.run(command, cwd=project.path, env=environment(), check=True, capture_output=True)
    return project


def test_what_pytest_wrote_in_a_launch(onetest: LocalOneTest, ran: Project) -> None:
    done = ran.report("--mode", "launch")
    assert paths(onetest.items(done.launch_id)) == {
        f"pytest > tests/test_{module}.py{place} > {name}"
        for module in "ab"
        for place, name in ((":TestCart", "test_adds"), ("", "test_adds"), ("", f"test_own_{module}"))
    }
    estimate = done.delivery["api_calls"]["estimate"]
    assert estimate >= done.delivery["api_calls"]["total"]
    # Suite, four places and six tests are each started and finished.
    assert sum("/item" in request.path for request in ran.proxy.requests) == 22


def test_what_pytest_wrote_in_an_import(ran: Project) -> None:
    ran.report("--mode", "import")
    (document,) = (one.body for one in ran.proxy.requests if "/import/" in one.path)
    for module in "ab":
        assert f'<testsuite name="tests/test_{module}.py:TestCart">'.encode() in document
        assert f'<testcase classname="tests.test_{module}" name="test_adds"'.encode() in document


def test_what_was_sent_before_an_outage_is_not_sent_again(onetest: LocalOneTest, ran: Project) -> None:
    """The suites that are made have the same numbers each time."""
    ran.proxy.hang_up_from(8)
    first = ran.report("--mode", "launch")
    assert first.status in {"failed", "partial"}
    ran.proxy.rule = None
    done = ran.push(first.bundle)
    assert done.status == "delivered"
    assert len(paths(onetest.items(done.launch_id))) == 6


def test_suites_with_one_place_and_names_of_their_own_stay_as_they_are(
    onetest: LocalOneTest, project: Project
) -> None:
    project.write(
        "out/r.xml",
        """<testsuites>
        <testsuite name="one"><testcase classname="A" name="x"/><testcase classname="A" name="x"/></testsuite>
        <testsuite name="two"><testcase classname="A" name="x"/><testcase classname="B" name="y"/></testsuite>
        <testsuite name="three"><testcase classname="B" name="x"/></testsuite></testsuites>""",
    )
    found = paths(onetest.items(project.report("--mode", "launch").launch_id))
    assert found == {"one > x", "two > x", "two > y", "three > x"}


def test_files_tell_places_apart_as_well(onetest: LocalOneTest, project: Project) -> None:
    project.write(
        "out/r.xml",
        """<testsuite name="all"><testcase classname="cart" file="test/a.js" name="adds"/>
        <testcase classname="cart" file="test/b.js" name="adds"/></testsuite>""",
    )
    found = paths(onetest.items(project.report("--mode", "launch").launch_id))
    assert found == {"all > test/a.js:cart > adds", "all > test/b.js:cart > adds"}


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where too many names are there to compare them, a suite with several places is shown by places."""
    monkeypatch.setattr(flat_suites, "MAX_NAMES", 10)
    suites = FlatSuites()
    for number in range(11):
        suites.add(1, (f"C{number % 2}", ""), [f"a{number}"])
        suites.add(2, ("C", ""), [f"b{number}"])
    assert set(suites.places) == {1}
    assert suites.count == 2
