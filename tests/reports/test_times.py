import pytest

from onetest_ci.reports.times import duration, timestamp


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
        "-1.02:03:04",
        "9" * 5000,
    ],
)
def test_what_is_no_duration(text: str) -> None:
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
def test_what_is_no_timestamp(text: str) -> None:
    moment = timestamp(text)

    assert moment is None or moment < 0
