"""Rules of Go's events that the kept reports do not show."""

import json
from typing import Any

import pytest

from support.reading import Read, read_report


def go(*events: dict[str, Any]) -> Read:
    return read_report("".join(json.dumps({"Package": "p", **event}) + "\n" for event in events))


def test_go_tests_that_did_not_end_when_their_package_failed() -> None:
    read = go(
        {"Action": "run", "Test": "TestA"},
        {"Action": "output", "Test": "TestA", "Output": "panic: no database\n"},
        {"Action": "fail", "Elapsed": 0.5},
    )
    assert (read.case.status, read.case.message) == ("error", "panic: no database")
    assert read.reading.error is None


def test_a_go_package_that_does_not_build_or_fails_outside_its_tests() -> None:
    read = read_report(
        '{"ImportPath":"p [p.test]","Action":"build-output","Output":"a.go:1: undefined: x\\n"}\n'
        '{"Action":"output","Package":"p","Output":"FAIL\\tp [build failed]\\n"}\n'
        '{"Action":"fail","Package":"p","Elapsed":0,"FailedBuild":"p [p.test]"}\n'
    )
    assert (read.case.name, read.case.status) == ("p", "error")
    assert "undefined: x" in read.case.details
    read = go({"Action": "output", "Output": "exit status 3\n"}, {"Action": "fail"})
    assert (read.case.status, read.case.details) == ("error", "exit status 3\n")


def run_of_go(*results: tuple[str, str], ends: str) -> list[dict[str, Any]]:
    """Return the events of a run of a package, as Go 1.20 and later write it."""
    events = [{"Action": action, "Test": test} for test, end in results for action in ("run", end)]
    return [{"Action": "start"}, *events, {"Action": ends}]


FIRST = run_of_go(("T", "pass"), ("A", "fail"), ("A/x", "fail"), ends="fail")


@pytest.mark.parametrize(
    ("again", "merged"),
    [
        (run_of_go(("A", "pass"), ("A/x", "pass"), ends="pass"), 2),
        # gotestsum --rerun-fails-run-root-test also has the subtests that passed.
        (run_of_go(("A", "pass"), ("A/x", "pass"), ("A/y", "pass"), ends="pass"), 2),
        (run_of_go(("A", "fail"), ("A/x", "pass"), ends="fail") + run_of_go(("A", "pass"), ends="pass"), 3),
        # Another run of the package: it has tests that did not fail.
        (run_of_go(("T", "pass"), ("A", "pass"), ("A/x", "pass"), ends="pass"), 0),
        (run_of_go(("A", "pass"), ("A/x", "pass"), ("U", "skip"), ends="pass"), 0),
        # With -count: nothing says which of the two failed before.
        (run_of_go(("A", "fail"), ("A", "pass"), ends="fail"), 0),
        (run_of_go(("A", "skip"), ends="pass"), 0),
    ],
)
def test_go_retries_are_further_runs_of_failed_tests_alone(again: list[dict[str, Any]], merged: int) -> None:
    read = go(*FIRST, *again)
    assert sum(case.retry_of is not None for case in read.cases) == merged
    assert read.reading.error is None


def test_go_results_of_different_runs_of_many_packages_are_not_retries() -> None:
    one = [{**event, "Package": "q"} for event in run_of_go(("B", "pass"), ends="pass")]
    again = run_of_go(("A", "pass"), ends="pass")
    read = go(*run_of_go(("A", "fail"), ends="fail"), *one, *again, *one)
    assert [case.retry_of for case in read.cases] == [None] * 4


def test_a_go_test_that_is_run_again_although_it_did_not_end_is_an_error() -> None:
    begun = ({"Action": "start"}, {"Action": "run", "Test": "A"})
    read = go(*begun, *run_of_go(("A", "pass"), ends="pass"))
    assert read.statuses == [("A", "error"), ("A", "passed")]
    read = go(begun[1], *run_of_go(("A", "pass"), ends="pass")[1:])
    assert read.statuses == [("A", "error"), ("A", "passed")]


def test_a_go_file_whose_package_did_not_end_is_cut_short() -> None:
    read = go({"Action": "run", "Test": "A"}, {"Action": "pass", "Test": "A"})
    assert read.reading.error is not None
    assert read.statuses == [("A", "passed")]


def benchmarks_of_go(*results: str, ends: str) -> Read:
    output = [{"Action": "run", "Test": "BenchmarkA"}, {"Action": "run", "Test": "BenchmarkA/x"}]
    return go(
        *output,
        *({"Action": "output", "Test": "BenchmarkA/x", "Output": one} for one in results),
        {"Action": ends},
    )


def test_go_benchmarks_that_pass_have_no_end() -> None:
    passed = [("BenchmarkA", "passed"), ("BenchmarkA/x", "passed")]
    assert benchmarks_of_go(ends="pass").statuses == passed
    assert benchmarks_of_go("BenchmarkA/x-2  10  28.80 ns/op\n", ends="fail").statuses[:2] == passed
    read = benchmarks_of_go("panic: no database\n", ends="fail")
    assert read.statuses == [("BenchmarkA", "error"), ("BenchmarkA/x", "error")]


def test_an_unknown_action_of_go_is_a_warning_and_ends_no_test() -> None:
    read = go({"Action": "run", "Test": "A"}, {"Action": "crash", "Test": "A"}, {"Action": "pass"})
    assert read.statuses == [("A", "error")]
    assert "'crash'" in read.reading.warnings[0]


def failing(test: str, *outputs: str) -> list[dict[str, Any]]:
    printed = [{"Action": "output", "Test": test, "Output": one} for one in outputs]
    return [*printed, {"Action": "fail", "Test": test}]


def test_a_go_test_names_the_subtests_that_failed_right_below_it() -> None:
    # Titles may hold slashes: A/x/y is a subtest of A where there is no A/x.
    begun = [{"Action": "run", "Test": test} for test in ("A", "A/b", "A/b/c", "A/x/y", "A/z")]
    ended = [event for test in ("A/b/c", "A/b", "A/x/y") for event in failing(test)]
    read = go(*begun, *ended, {"Action": "pass", "Test": "A/z"}, *failing("A"), {"Action": "fail"})
    told = {case.name: case.message for case in read.cases}
    assert told["A"] == "failed subtests: A/b, A/x/y"
    assert told["A/b"] == "failed subtests: A/b/c"
    assert told["A/x/y"] == told["A/z"] == ""


def test_a_go_test_that_also_failed_by_itself() -> None:
    own = failing("A", "    a_test.go:7: 7 is not 8\n")
    begun = [{"Action": "run", "Test": test} for test in ("A", "A/b")]
    case = go(*begun, *failing("A/b"), *own, {"Action": "fail"}).cases[-1]
    assert (case.message, case.file, case.line) == ("7 is not 8 (failed subtests: A/b)", "a_test.go", 7)


def test_many_failed_subtests_of_go_are_counted() -> None:
    tests = [f"A/{number}" for number in range(13)]
    begun = [{"Action": "run", "Test": test} for test in ("A", *tests)]
    ended = [event for test in (*tests, "A") for event in failing(test)]
    message = go(*begun, *ended, {"Action": "fail"}).cases[-1].message
    assert message.startswith("failed subtests: A/0, A/1,")
    assert message.endswith("A/9 and 3 more")


@pytest.mark.parametrize(
    "output",
    [
        "a_test.go:7: not indented",
        "    no file:7: x",
        "    a_test.go:x: y",
        "goroutine 1\n\t/a_test.go:7 +0x1",
    ],
)
def test_output_that_is_not_a_place_of_a_go_test(output: str) -> None:
    case = go({"Action": "run", "Test": "A"}, *failing("A", f"{output}\n"), {"Action": "fail"}).case
    assert (case.file, case.line) == ("", None)
