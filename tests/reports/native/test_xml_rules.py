"""Rules of the native XML dialects that the kept reports do not show, on the smallest documents that do."""

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


def test_a_verdict_that_nobody_knows_is_an_error_and_told() -> None:
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


@pytest.mark.parametrize(
    ("site", "inside", "statuses"),
    [
        ("Child", "", [("a", "passed")]),
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
    assert (
        read_report(f'<test-results><test-case name="a" {attributes}/></test-results>').case.status == status
    )


def test_a_test_of_old_nunit_that_is_written_wrongly_explains_its_suites() -> None:
    case = '<test-case name="A.b" executed="False" result="NotRunnable"/>'
    fixture = f'<test-suite name="A" result="Failure"><results>{case}</results></test-suite>'
    read = read_report(
        f'<test-results><test-suite name="a.dll" result="Failure">{fixture}</test-suite></test-results>'
    )
    assert read.statuses == [("b", "skipped")]


def test_counts_that_a_file_declares_are_held_against_its_cases() -> None:
    read = read_report('<test-run total="3"><test-case name="a" result="Passed"/></test-run>')
    assert read.reading.warnings == ("the file declares 3 tests, it has 1; the cases count",)


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


def test_testng_skips_that_nothing_follows_stay_skips() -> None:
    read = read_report(
        """<testng-results><suite name="s"><test name="t"><class name="C"><test-method status="SKIP"
        name="a"><exception class="java.lang.Throwable"><message>depends on b</message></exception>
        </test-method>
        </class>        </test></suite></testng-results>"""
    )
    assert (read.case.status, read.case.message) == ("skipped", "depends on b")


def test_robot_before_version_7() -> None:
    read = read_report(
        """<robot generator="Robot 6.1"><suite name="Top" source="/a/top"><suite name="Cart"
        source="/a/top/cart.robot">
        <kw name="x"><status status="FAIL"/></kw><test id="1" name="Adds" line="3"><kw name="Log">
        <msg level="INFO"
        html="true">&lt;a href="http://x/y.png"&gt; &lt;img src='shots/1.png'&gt;</msg>
        </kw><tag>smoke</tag>
        <status status="FAIL" starttime="20260102 03:04:05.500" endtime="20260102 03:04:07.000">no</status>
        </test>        </suite></suite><statistics><suite><stat name="x">1</stat></suite>
        </statistics></robot>"""
    )
    case = read.case
    assert (case.status, case.message, case.seconds, case.start) == ("failed", "no", 1.5, 1767323045.5)
    assert (case.file, case.line, case.classname) == ("/a/top/cart.robot", 3, "Top.Cart")
    assert case.attachments == (Attachment("shots/1.png"),)
    assert case.properties == (("tag", "smoke"),)
    assert [suite.name for suite in read.suites] == ["Top", "Cart"]


def test_a_robot_test_without_status_is_an_error() -> None:
    read = read_report('<robot><suite name="s"><test name="a"/></suite></robot>')
    assert read.case.status == "error"
    assert "no status" in read.reading.warnings[0]


def test_packed_output_of_ctest_that_is_damaged_or_a_bomb() -> None:
    value = '<Value encoding="base64" compression="gzip">{}</Value>'
    test = (
        '<Site><Testing><Test Status="failed"><Name>a</Name><Results><Measurement>{}</Measurement></Results>'
        "</Test></Testing></Site>"
    )
    read = read_report(test.format(value.format("bm90IHBhY2tlZA==")))
    assert (read.case.status, read.case.details) == ("failed", "")
    assert "left out" in read.reading.warnings[0]

    import base64  # noqa: PLC0415 - here only
    import zlib  # noqa: PLC0415

    bomb = base64.b64encode(zlib.compress(b"x" * 10_000_000)).decode()
    read = read_report(test.format(value.format(bomb)))
    assert len(read.case.details) < 70_000


def test_boost_counts_cases_inside_cases_and_global_fixtures() -> None:
    read = read_report(
        """<TestLog><FatalError file="f.cpp" line="1">no database</FatalError><TestSuite name="M">
        <TestCase name="outer">
        <TestSuite name="inner"><TestCase name="a"><Error file="a.cpp" line="2">bad</Error></TestCase>
        </TestSuite>
        <TestingTime>2000000</TestingTime></TestCase></TestSuite></TestLog>"""
    )
    assert read.statuses == [("(suite)", "error"), ("a", "failed"), ("outer", "passed")]
    assert read.cases[2].seconds == 2.0
    assert read.path(read.cases[1]) == ["M", "inner"]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("xpass", "failed"),
        ("xfail", "passed"),
        ("bfail", "skipped"),
        ("bpass", "passed"),
        ("skip", "skipped"),
    ],
)
def test_qt_incidents(kind: str, status: str) -> None:
    document = (
        f'<TestCase name="C"><TestFunction name="f"><Incident type="{kind}"/></TestFunction></TestCase>'
    )
    assert read_report(document).case.status == status


def test_a_skip_in_catch2_and_a_case_in_which_the_process_died() -> None:
    read = read_report(
        """<Catch2TestRun name="t"><TestCase name="a"><Skip>not on CI</Skip>
        <OverallResult success="true" skips="1"/>
        </TestCase><TestCase name="b"><FatalErrorCondition>SIGSEGV</FatalErrorCondition></TestCase>
        </Catch2TestRun>"""
    )
    assert read.statuses == [("a", "skipped"), ("b", "error")]
    assert [case.message for case in read.cases] == ["not on CI", "SIGSEGV"]


def test_doctest_before_it_had_a_verdict_for_a_case() -> None:
    case = '<TestCase name="{}"><OverallResultsAsserts failures="{}" expected_failures="{}"/></TestCase>'
    document = "".join(case.format(*row) for row in (("a", 0, 0), ("b", 1, 0), ("c", 1, 1)))
    assert read_report(f"<doctest><TestSuite>{document}</TestSuite></doctest>").statuses == [
        ("a", "passed"),
        ("b", "failed"),
        ("c", "passed"),
    ]


def test_a_test_that_holds_more_than_is_kept_keeps_its_verdict() -> None:
    keywords = "<kw><msg>x</msg></kw>" * 15_000
    read = read_report(
        f'<robot><suite name="s"><test name="a">{keywords}<status status="FAIL">why</status></test></suite>'
        "</robot>"
    )
    assert (read.case.status, read.case.message) == ("failed", "why")
    assert "says more than is kept" in read.reading.warnings[0]


def test_nesting_in_one_test_is_bounded() -> None:
    document = f'<TestLog><TestSuite name="s"><TestCase name="a"/><TestCase name="b">{"<TestCase>" * 400}'
    read = read_report(document)
    assert read.reading.error is not None
    assert read.reading.error.code == "too-deep"
    assert read.statuses == [("a", "passed")]


def test_a_repeat_after_a_failure_is_its_next_try_and_a_repeat_after_a_pass_is_none() -> None:
    result = '<test-case name="{}" result="{}"/>'
    rows = (
        ("a", "Failed"),
        ("a", "Failed"),
        ("a", "Passed"),
        ("b", "Passed"),
        ("b", "Failed"),
        ("b", "Skipped"),
    )
    document = "".join(result.format(*row) for row in rows)
    read = read_report(f'<test-run><test-suite name="s">{document}</test-suite></test-run>')
    assert [case.retry_of for case in read.cases] == [None, 0, 1, None, None, None]
