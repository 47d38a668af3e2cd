import pytest

from onetest_ci.reports.engine.values import duration, timestamp
from support.reading import read_report


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1.5", 1.5),
        (" 2 ", 2.0),
        ("1e-3", 0.001),
        (".25", 0.25),
        ("1,234.5", 1234.5),
        ("1,234,567", 1234567.0),
        ("0,014", 0.014),
        ("12,5", 12.5),
        ("0:12.5", 12.5),
        ("1:02:03", 3723.0),
        ("01:02,5", 62.5),
        ("00:00:18", 18.0),
        ("1.02:03:04.5000000", 93784.5),
        ("1.02:03:04", 93784.0),
        ("10.00:00:00", 864000.0),
        ("PT1M2.5S", 62.5),
        ("PT0.250S", 0.25),
        ("P1DT2H", 93600.0),
        ("pt2h", 7200.0),
        ("1 day, 2:03:04", 93784.0),
        ("2 days, 0:00:01.5", 172801.5),
        ("26:03:04", 93784.0),
        ("PT26H3M4.5S", 93784.5),
        ("1h2m3.5s", 3723.5),
        ("1d 2h 3m 4s", 93784.0),
        ("1m0.25s", 60.25),
        ("2sec", 2.0),
        ("1.5min", 90.0),
        ("350µs", 0.00035),
        ("12ns", 0.000000012),
        ("250 ms", 0.25),
        ("3s", 3.0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-1",
        "nan",
        "-inf",
        "inf",
        "1e300",
        "P",
        "PT",
        "soon",
        "1.2.3",
        "<<computed>>",
        ":",
        "1:2:3:4",
        "1.2:3",
        "1 day",
        "1 day, 2",
        "2s1m",
        "1s2s",
        "1h2",
        "h",
        "٣s",
        "-1.02:03:04",
        "9" * 5000,
    ],
)
def test_texts_that_are_not_durations(text: str) -> None:
    assert duration(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-23T10:00:00Z",
        "2026-11-23T10:00:00",
        "2026-11-23 10:00:00Z",
        "2026-11-23T12:00:00+02:00",
        "2026-11-23T10:00:00.000000000",
        "20261123T100000",
        "Mon, 23 Nov 2026 10:00:00 GMT",
        " 23 Nov 2026 12:00:00 +0200 ",
    ],
)
def test_timestamps_without_a_zone_are_utc(text: str) -> None:
    assert timestamp(text) == 1795428000.0


@pytest.mark.parametrize(
    "text", ["", " ", "YYYY-MM-DDTHH:MM:SS", "99.999", "yesterday", "0001-01-01T00:00:00+14:00", "2" * 500]
)
def test_texts_that_are_not_timestamps(text: str) -> None:
    moment = timestamp(text)

    assert moment is None or moment < 0


A_DAY_AND_MORE = {
    "junit": '<testsuite name="s"><testcase name="a" time="%s"/></testsuite>',
    "trx": """<TestRun xmlns="http://microsoft.com/schemas/VisualStudio/TeamTest/2010"><Results>
        <UnitTestResult testName="a" outcome="Passed" duration="%s"/></Results></TestRun>""",
    "xunit.net": """<assemblies><assembly name="a.dll"><collection>
        <test name="a" type="A" method="a" result="Pass" time="%s"/></collection></assembly></assemblies>""",
    "nunit3": """<test-run id="2"><test-suite type="TestFixture" name="A">
        <test-case name="a" fullname="A.a" result="Passed" duration="%s"/></test-suite></test-run>""",
    "nunit2": """<test-results name="a" total="1"><test-suite name="A"><results>
        <test-case name="A.a" executed="True" success="True" result="Success" time="%s"/>
        </results></test-suite></test-results>""",
    "tap": "TAP version 13\n1..1\nok 1 - a # time=%s\n",
}


@pytest.mark.parametrize(
    ("report_format", "text"),
    [
        *((report_format, "93784.5") for report_format in A_DAY_AND_MORE if report_format != "tap"),
        *(
            (report_format, "1.02:03:04.5000000")
            for report_format in A_DAY_AND_MORE
            if report_format != "tap"
        ),
        ("tap", "93784.5s"),
        ("tap", "93784500ms"),
    ],
)
def test_a_duration_of_more_than_a_day(report_format: str, text: str) -> None:
    read = read_report(A_DAY_AND_MORE[report_format] % text)
    assert read.format == report_format
    assert read.case.seconds == pytest.approx(93784.5)
    assert read.reading.warnings == ()


def test_durations_of_bats() -> None:
    read = read_report("TAP version 13\n1..2\nok 1 adds in 12ms\nok 2 sends in 2sec\n")
    assert [(case.name, case.seconds) for case in read.cases] == [("adds", 0.012), ("sends", 2.0)]
