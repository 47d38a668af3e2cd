"""Rules of the native XML formats that the kept reports do not show, on the smallest documents that do."""

import pytest

from onetest_ci.model import Attachment
from support.reading import read_report


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
    assert "has more elements or text than is kept" in read.reading.warnings[0]


def test_nesting_in_one_test_is_bounded() -> None:
    document = f'<TestLog><TestSuite name="s"><TestCase name="a"/><TestCase name="b">{"<TestCase>" * 400}'
    read = read_report(document)
    assert read.reading.error is not None
    assert read.reading.error.code == "too-deep"
    assert read.statuses == [("a", "passed")]
