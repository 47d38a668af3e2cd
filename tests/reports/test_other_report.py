"""Another report in the text beside a report, wherever the text is divided."""

import pytest

from onetest_ci.reports.detection import report_beside

LOG = b"all is well, nothing is not ok here\n" * 20
SIGNS = (
    ("TAP", b"not ok 1 - adds\n"),
    ("XML", b"<testsuite name='s'>\n"),
    # Reporters of SonarQube's format write no declaration.
    ("XML", b'<testExecutions version="1">\n'),
    ("XML", b'<unitTest version="1">\n'),
    ("XML", b'<test-suite type="TestFixture" id="1" name="Cart" testcasecount="3" result="Failed">\n'),
    ("XML", b'<assembly name="Shop.dll" run-date="2026-11-25">\n'),
    ("XML", b'<robot generator="Robot 7.5">\n'),
    ("XML", b'<doctest binary="cart_test">\n'),
    ("CTRF JSON", b'{"results": {"tests": []}}\n'),
)
OTHERS = b"<test-suite name='a'>\n<assembly name='a'>\n<robot name='r2'>\n<unitTest>\n<doctest>\n"


def divided(text: bytes, size: int) -> list[bytes]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 7, 36, 255, 256, 257, 300, 10_000])
def test_a_line_is_found_at_its_start_and_nowhere_else(size: int) -> None:
    assert report_beside(iter(divided(LOG, size))) == ""
    assert report_beside(iter(divided(OTHERS, size))) == ""
    for start in range(0, 600, 37):
        # Every part of such a line may be the first that is kept of a piece.
        assert report_beside(iter([LOG[:start], LOG[start:]])) == ""
    for kind, sign in SIGNS:
        assert report_beside(iter(divided(LOG + sign + LOG, size))) == kind
        assert report_beside(iter(divided(sign + LOG, size))) == kind
