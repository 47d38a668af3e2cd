"""Rules of TestNG's reports that the kept ones do not show, on the smallest documents that do."""

import pytest

from support.reading import read_report


def test_testng_retries_of_version_7() -> None:
    exception = '<exception class="E"><message>m</message></exception>'
    retried = f'<test-method status="SKIP" name="a" retried="true">{exception}</test-method>'
    read = read_report(
        f"""<testng-results total="3"><suite name="s"><test name="t"><class name="C">{retried}{retried}
        <test-method status="PASS" name="a" started-at="2026-01-02T03:04:05 UTC"/></class></test></suite>
        </testng-results>"""
    )
    assert [attempt.status for attempt in read.case.attempts] == ["failed", "failed"]
    assert (read.case.status, read.case.start) == ("passed", 1767323045.0)
    assert read.path(read.case) == ["s", "t", "C"]
    assert read.reading.warnings == ()


TESTNG = (
    '<testng-results {}><suite name="s"><test name="t"><class name="C">{}</class></test></suite>'
    "</testng-results>"
)


def method(status: str, name: str, attributes: str = "", inside: str = "") -> str:
    return f'<test-method status="{status}" name="{name}" {attributes}>{inside}</test-method>'


def test_a_retried_run_of_testng_whose_last_one_is_missing_is_a_failure() -> None:
    read = read_report(TESTNG.format("", method("SKIP", "a", 'retried="true"')))
    assert read.statuses == [("a", "failed")]


def test_a_testng_file_that_breaks_off_keeps_the_results_of_its_last_class() -> None:
    methods = method("PASS", "a") + method("FAIL", "b") + method("SKIP", "c", 'retried="true"')
    read = read_report(TESTNG.format('failed="3"', methods).partition("</class>")[0])
    assert read.reading.truncated
    assert read.statuses == [("a", "passed"), ("b", "failed")]


def test_a_testng_file_that_has_to_be_repaired_contains_each_result_once() -> None:
    methods = "".join(method("PASS", f"a{number}") for number in range(150))
    methods += method("PASS", "b") + method("SKIP", "b", 'retried="true"') + method("FAIL", "c", 'x="&#2;"')
    read = read_report(TESTNG.format("", methods))
    assert len(read.cases) == 152
    assert [len(case.attempts) for case in read.cases[149:]] == [0, 1, 0]
    assert read.cases[-1].status == "failed"


def test_a_skip_of_testng_7_is_not_a_retry_without_its_mark() -> None:
    exception = '<exception class="E"><message>m</message></exception>'
    time = 'started-at="2026-01-02T03:04:05 UTC"'
    methods = method("SKIP", "a", time, exception) + method("PASS", "a", time)
    assert read_report(TESTNG.format("", methods)).statuses == [("a", "skipped"), ("a", "passed")]
    # Earlier versions have no other mark.
    read = read_report(TESTNG.format("", methods.replace(" UTC", "Z")))
    assert [attempt.status for attempt in read.case.attempts] == ["failed"]


@pytest.mark.parametrize(
    ("frame", "statuses"),
    [
        ("at org.testng.internal.Invoker.invokeConfigurationMethod(Invoker.java:458)", ["skipped", "passed"]),
        ("at org.testng.internal.MethodInvocationHelper.invokeDataProvider(M.java:131)", ["error", "passed"]),
        ("at org.testng.Assert.fail(Assert.java:94)", ["passed"]),
    ],
)
def test_a_skip_of_testng_6_is_a_retry_only_if_the_test_itself_threw(frame: str, statuses: list[str]) -> None:
    exception = f'<exception class="E"><full-stacktrace>E\n{frame}</full-stacktrace></exception>'
    time = 'started-at="2026-01-02T03:04:05Z"'
    methods = method("SKIP", "a", time, exception) + method("PASS", "a", time)
    assert [case.status for case in read_report(TESTNG.format("", methods)).cases] == statuses


def test_a_testng_set_up_that_failed_is_an_error_and_one_that_was_skipped_is_nothing() -> None:
    methods = method("SKIP", "open", 'is-config="true"') + method("FAIL", "open", 'is-config="TRUE"')
    assert read_report(TESTNG.format("", methods)).statuses == [("open", "error")]


def test_testng_skips_that_nothing_follows_stay_skips() -> None:
    read = read_report(
        """<testng-results><suite name="s"><test name="t"><class name="C"><test-method status="SKIP"
        name="a"><exception class="java.lang.Throwable"><message>depends on b</message></exception>
        </test-method>
        </class>        </test></suite></testng-results>"""
    )
    assert (read.case.status, read.case.message) == ("skipped", "depends on b")


def test_a_failure_within_the_success_percentage_is_a_failure_that_the_run_does_not_count() -> None:
    methods = method("PASS", "a") + method("SUCCESS_PERCENTAGE_FAILURE", "a")
    read = read_report(TESTNG.format('total="1" passed="1" failed="0"', methods))
    assert read.statuses == [("a", "passed"), ("a", "failed")]
    assert read.reading.warnings == ()
    # A failure that the run counts besides is not explained by it.
    read = read_report(TESTNG.format('total="1" passed="1" failed="1"', methods))
    assert read.statuses[2:] == [("(run)", "error")]
