"""Another report in the text beside a report, wherever the text is divided."""

import pytest

from onetest_ci.reports.detection import report_beside

LOG = b"all is well, nothing is not ok here\n" * 20
SIGNS = {
    "TAP": b"not ok 1 - adds\n",
    "XML": b"<testsuite name='s'>\n",
    "CTRF JSON": b'{"results": {"tests": []}}\n',
}


def divided(text: bytes, size: int) -> list[bytes]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 7, 36, 255, 256, 257, 300, 10_000])
def test_a_line_is_found_at_its_start_and_nowhere_else(size: int) -> None:
    assert report_beside(iter(divided(LOG, size))) == ""
    for start in range(0, 600, 37):
        # Every part of such a line may be the first that is kept of a piece.
        assert report_beside(iter([LOG[:start], LOG[start:]])) == ""
    for kind, sign in SIGNS.items():
        assert report_beside(iter(divided(LOG + sign + LOG, size))) == kind
        assert report_beside(iter(divided(sign + LOG, size))) == kind
