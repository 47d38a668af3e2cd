"""Rules of the .NET formats that the kept reports do not show, on the smallest documents that do."""

import pytest

from onetest_ci.model import Attachment
from support.reading import read_report

TRX = '<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010">{}</TestRun>'


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ('outcome="Passed"', "passed"),
        ('outcome="PassedButRunAborted"', "passed"),
        ('outcome="Warning"', "passed"),
        ('outcome="Failed"', "failed"),
        ('outcome="Error"', "error"),
        ('outcome="Timeout"', "error"),
        ('outcome="Aborted"', "error"),
        ("", "error"),
        ('outcome="NotExecuted"', "skipped"),
        ('outcome="Inconclusive"', "skipped"),
        ('outcome="NotRunnable"', "skipped"),
    ],
)
def test_trx_outcomes(outcome: str, status: str) -> None:
    read = read_report(TRX.format(f'<Results><UnitTestResult testName="a" {outcome}/></Results>'))
    assert read.case.status == status
    assert read.reading.warnings == ()


def test_an_unknown_verdict_is_an_error_with_a_warning() -> None:
    read = read_report(TRX.format('<Results><UnitTestResult testName="a" outcome="Sideways"/></Results>'))
    assert read.case.status == "error"
    assert "'Sideways'" in read.reading.warnings[0]


def test_trx_definitions_may_stand_before_the_results() -> None:
    method = '<TestMethod className="A.B" name="C"/>'
    definition = f'<TestDefinitions><UnitTest id="1">{method}</UnitTest></TestDefinitions>'
    result = '<Results><UnitTestResult testId="1" testName="A.B.C(1)" outcome="Passed"/></Results>'
    for order in (definition + result, result + definition):
        case = read_report(TRX.format(order)).case
        assert (case.classname, case.name, case.method) == ("A.B", "C(1)", "C")


@pytest.mark.parametrize(
    ("attributes", "file"),
    [
        ('codeBase="src\\a.test.js" className="A" name="b"', "src/a.test.js"),
        ('codeBase="/bin/Shop.Tests" adapterTypeName="executor://mstest/4" className="A" name="b"', ""),
        ('codeBase="a.dll" className="A" name="b"', ""),
    ],
)
def test_trx_of_other_runners_tells_the_file_of_a_test(attributes: str, file: str) -> None:
    definition = f'<TestDefinitions><UnitTest id="1"><TestMethod {attributes}/></UnitTest></TestDefinitions>'
    result = '<Results><UnitTestResult testId="1" testName="b" outcome="Passed"/></Results>'
    assert read_report(TRX.format(definition + result)).case.file == file


def test_a_data_driven_result_that_fails_by_itself_is_kept_beside_its_rows() -> None:
    rows = '<InnerResults><UnitTestResult testName="a (0)" outcome="Passed"/></InnerResults>'
    document = f'<Results><UnitTestResult testName="a" outcome="Failed">{rows}</UnitTestResult></Results>'
    assert read_report(TRX.format(document)).statuses == [("a (0)", "passed"), ("a", "failed")]


def test_result_files_lie_under_the_deployment_root_unless_they_are_absolute() -> None:
    files = '<ResultFiles><ResultFile path="PC\\a.txt"/><ResultFile path="C:\\b.txt"/></ResultFiles>'
    document = (
        '<TestSettings><Deployment runDeploymentRoot="out"/></TestSettings><Results><UnitTestResult '
        f'testName="a" relativeResultsDirectory="r" outcome="Passed">{files}</UnitTestResult></Results>'
    )
    assert read_report(TRX.format(document)).case.attachments == (
        Attachment("out/In/r/PC/a.txt", "a.txt"),
        Attachment("C:/b.txt", "b.txt"),
    )


def test_durations_of_trx_are_those_of_a_time_span() -> None:
    result = '<UnitTestResult testName="a" outcome="Passed" {}/>'
    durations = ('duration="00:00:18"', "", 'duration="1.02:03:04.5000000"')
    read = read_report(TRX.format(f"<Results>{''.join(map(result.format, durations))}</Results>"))
    assert [case.seconds for case in read.cases] == [18.0, None, 93784.5]


def trx_summary(outcome: str, counters: str = "", *errors: str) -> str:
    infos = "".join(f'<RunInfo outcome="Error"><Text>{text}</Text></RunInfo>' for text in errors)
    run = f' outcome="{outcome}"' if outcome else ""
    return f"<ResultSummary{run}><Counters {counters}/><RunInfos>{infos}</RunInfos></ResultSummary>"


TWICE = (
    '<Results><UnitTestResult testId="1" testName="a" outcome="Failed"/>'
    '<UnitTestResult testId="1" testName="a" outcome="{}"/></Results>'
)


@pytest.mark.parametrize(
    ("summary", "merged"),
    [
        ("", True),
        (trx_summary("Completed"), True),
        (trx_summary("Passed", 'failed="1"'), False),
        (trx_summary("", 'failed="0"'), True),
        (trx_summary("", 'failed="1"'), False),
        (trx_summary("Failed"), False),
        (trx_summary("Failed", 'failed="1" passed="1"'), False),
        (trx_summary("Error", 'aborted="1"'), False),
        (trx_summary("Sideways"), False),
    ],
)
def test_trx_has_a_retry_only_if_the_run_does_not_count_the_failure(summary: str, *, merged: bool) -> None:
    results = TWICE.format("Passed")
    for order in (results + summary, summary + results):
        read = read_report(TRX.format(order))
        assert [case.status for case in read.cases] == ["failed", "passed"]
        assert (read.cases[1].retry_of == 0) == merged


def test_data_rows_of_trx_are_not_retries_of_each_other() -> None:
    row = '<UnitTestResult testId="2" testName="b" outcome="{}"/>'
    rows = f"<InnerResults>{row.format('Failed')}{row.format('Passed')}</InnerResults>"
    held = (
        f'<Results><UnitTestResult testId="2" testName="b" outcome="Failed">{rows}</UnitTestResult></Results>'
    )
    summary = trx_summary("Failed", 'failed="1"')
    read = read_report(TRX.format(TWICE.format("Passed") + held + summary))
    assert [case.retry_of for case in read.cases] == [None, 0, None, None]


def test_a_trx_file_that_breaks_off_has_no_retries() -> None:
    read = read_report(TRX.format(TWICE.format("Passed"))[:-3])
    assert read.reading.truncated
    assert [case.retry_of for case in read.cases] == [None, None]


def test_a_trx_result_that_was_not_run_is_not_a_retry() -> None:
    read = read_report(TRX.format(TWICE.format("NotExecuted")))
    assert [case.retry_of for case in read.cases] == [None, None]


@pytest.mark.parametrize("failed", [0, 1, 2])
def test_trx_counters_count_data_rows_with_the_result_that_holds_them_or_without(failed: int) -> None:
    rows = (
        '<InnerResults><UnitTestResult testName="a (0)" outcome="Passed"/>'
        '<UnitTestResult testName="a (1)" outcome="Failed"/></InnerResults>'
    )
    document = f'<Results><UnitTestResult testName="a" outcome="Failed">{rows}</UnitTestResult></Results>'
    read = read_report(TRX.format(document + trx_summary("Failed", f'total="3" failed="{failed}"')))
    assert read.statuses == [("a (0)", "passed"), ("a (1)", "failed")]


@pytest.mark.parametrize(
    "text",
    [
        "[xUnit.net 00:00:01.01]     Shop.CartTests.Total(expected: False) [FAIL]",
        "Exit code indicates failure: '2'. Please refer to the documentation.",
    ],
)
def test_a_message_of_a_trx_run_that_repeats_a_failed_test_is_not_a_case(text: str) -> None:
    failed = '<Results><UnitTestResult testName="a" outcome="Failed"/></Results>'
    assert read_report(TRX.format(failed + trx_summary("Failed", "", text))).statuses == [("a", "failed")]
    # There is nothing to repeat.
    passed = failed.replace("Failed", "Passed")
    read = read_report(TRX.format(passed + trx_summary("Failed", "", text)))
    assert (read.cases[1].name, read.cases[1].details) == ("(run)", text)
    # More tests failed than the file contains.
    read = read_report(TRX.format(failed + trx_summary("Failed", "", text, text)))
    assert read.statuses == [("a", "failed"), ("(run)", "error")]


def test_a_trx_test_whose_host_ended_contains_the_reason() -> None:
    aborted = '<Results><UnitTestResult testName="a" outcome="Aborted"/></Results>'
    read = read_report(TRX.format(aborted + trx_summary("Error", 'aborted="1"', "the host ended")))
    assert (read.case.status, read.case.message) == ("error", "the host ended")


def test_messages_of_a_trx_run_are_bounded() -> None:
    errors = [f"error {number}" for number in range(25)]
    read = read_report(TRX.format("<Results/>" + trx_summary("Failed", "", *errors)))
    assert read.case.details.splitlines() == [*errors[:20], "(5 more)"]


@pytest.mark.parametrize(
    ("site", "inside", "statuses"),
    [
        ("Child", "", [("a", "passed"), ("F", "error")]),
        ("Child", '<test-case name="b" result="Failed"/>', [("a", "passed"), ("b", "failed")]),
        ("SetUp", "", [("a", "passed"), ("F", "error")]),
        ("SetUp", '<test-case name="b" result="Failed"/>', [("a", "passed"), ("b", "failed")]),
        (
            "TearDown",
            '<test-case name="b" result="Failed"/>',
            [("a", "passed"), ("b", "failed"), ("F", "error")],
        ),
    ],
)
def test_nunit_set_up_and_tear_down(site: str, inside: str, statuses: list[tuple[str, str]]) -> None:
    read = read_report(
        f"""<test-run total="{1 + bool(inside)}"><test-suite name="F" result="Failed" label="Error"
        site="{site}">        <failure><message>why</message></failure>
        <test-case name="a" result="Passed"/>{inside}
        </test-suite></test-run>"""
    )
    assert read.statuses == statuses
    assert read.reading.warnings == ()


def test_nunit_class_out_of_the_full_name() -> None:
    read = read_report(
        """<test-run><test-case name="C(&quot;a.b&quot;)" fullname="A.B(42).C(&quot;a.b&quot;)"
        result="Passed"/>        </test-run>"""
    )
    assert (read.case.classname, read.case.method) == ("A.B", "C")


@pytest.mark.parametrize(
    ("attributes", "status"),
    [
        ('executed="True" success="True"', "passed"),
        ('executed="True" success="False"', "failed"),
        ('executed="False"', "skipped"),
        ('executed="True" result="NotRunnable"', "skipped"),
        ('executed="True" result="Cancelled"', "error"),
    ],
)
def test_old_nunit_tells_a_verdict_by_attributes(attributes: str, status: str) -> None:
    read = read_report(f'<test-results><test-case name="a" {attributes}/></test-results>')
    assert read.cases[0].status == status


def test_a_test_of_old_nunit_that_cannot_be_run_fails_its_fixture_once() -> None:
    case = '<test-case name="A.b" executed="False" result="NotRunnable"/>'
    fixture = f'<test-suite name="A" result="Failure"><results>{case}</results></test-suite>'
    read = read_report(
        f'<test-results><test-suite name="a.dll" result="Failure">{fixture}</test-suite></test-results>'
    )
    assert read.statuses == [("b", "skipped"), ("A", "error")]


def test_lost_failures_of_a_collection_are_not_counted_again_for_its_assembly() -> None:
    test = '<test name="a" result="Pass"/>'
    read = read_report(
        f"""<assemblies><assembly name="x.dll" total="5" failed="4"><collection name="c" failed="3">{test}
        </collection></assembly></assemblies>"""
    )
    assert read.statuses == [("a", "passed"), ("c", "error"), ("x.dll", "error")]
    assert read.cases[2].message.startswith("the report counts 4 failed tests")
    read = read_report(
        f"""<assemblies><assembly name="x.dll" failed="3"><collection name="c" failed="3">{test}
        </collection></assembly></assemblies>"""
    )
    assert read.statuses == [("a", "passed"), ("c", "error")]


def test_errors_of_an_assembly_are_counted_beside_its_failed_tests() -> None:
    error = '<errors><error type="fatal"/></errors>'
    test = '<collection name="c" failed="0"><test name="a" result="Pass"/></collection>'
    read = read_report(f'<assembly name="x.dll" failed="1" errors="1">{error}{test}</assembly>')
    assert read.statuses == [("x.dll", "error"), ("a", "passed"), ("x.dll", "error")]
    assert read.cases[0].message == "fatal, without a message"
    # Fixie has no count of errors.
    read = read_report(f'<assembly name="x.dll" failed="1">{error}{test}</assembly>')
    assert read.statuses == [("x.dll", "error"), ("a", "passed"), ("x.dll", "error")]


@pytest.mark.parametrize("result", ["Failed(Child)", "Failed:Error(TearDown)", " failed "])
def test_unity_writes_a_state_as_one_text(result: str) -> None:
    read = read_report(f'<test-run result="{result}"><test-case name="a" result="Passed"/></test-run>')
    assert read.statuses == [("a", "passed"), ("(run)", "error")]
    assert read.reading.warnings == ()


def test_a_suite_of_nunit_that_its_outer_suite_failed_leaves_the_reason_to_that() -> None:
    inner = '<test-suite name="I" result="Failed" site="Parent"/>'
    read = read_report(
        f"""<test-run><test-suite name="O" result="Failed" site="SetUp"><failure><message>no store</message>
        </failure>{inner}</test-suite></test-run>"""
    )
    assert [(case.name, case.message) for case in read.cases] == [("O", "no store")]
    assert read_report(f"<test-run>{inner}</test-run>").statuses == [("(run)", "error")]


def test_tests_of_nunit_3_that_cannot_be_run_fail_a_run_without_failures() -> None:
    reason = "<reason><message>m</message></reason>"
    case = f'<test-case name="a" result="Skipped" label="Invalid">{reason}</test-case>'
    read = read_report(f"<test-run>{case}</test-run>")
    assert [(one.status, one.message) for one in read.cases] == [
        ("skipped", "m"),
        ("error", "tests cannot be run: m"),
    ]


def test_a_warning_of_nunit_3_explains_suites_of_its_old_format_that_did_not_succeed() -> None:
    case = '<test-case name="A.b" executed="True" result="Success" success="False"/>'
    suite = f'<test-suite name="A" result="Success" success="False">{case}</test-suite>'
    assert read_report(f"<test-results>{suite}</test-results>").statuses == [("b", "passed")]


def test_counts_that_a_file_declares_are_held_against_its_cases() -> None:
    read = read_report('<test-run total="3"><test-case name="a" result="Passed"/></test-run>')
    assert read.reading.warnings == ("the file declares 3 tests, it has 1; the cases count",)


def test_a_second_result_is_a_test_of_its_own_if_the_format_has_no_retries() -> None:
    result = '<test-case name="a" result="{}"/>'
    document = "".join(map(result.format, ("Failed", "Failed", "Passed", "Failed", "Skipped")))
    read = read_report(f'<test-run><test-suite name="s">{document}</test-suite></test-run>')
    assert [case.retry_of for case in read.cases] == [None] * 5
