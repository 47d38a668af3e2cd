"""How much all files of saved results together may contain; each file alone has limits of its own."""

from typing import Final

MOST_TESTS: Final = 2_000_000
"""Each takes memory while the files are merged."""
MOST_REPORTS: Final = 500_000
MOST_BYTES: Final = 4 * 1024 * 1024 * 1024
"""Unpacked."""


class Exhausted(Exception):
    """The files contain more. The text completes "All files together …"."""


class Allowance:
    """What is left for the files that are still to be read.

    Args:
        tests: the limit of tests.
        reports: the limit of reports.
        size: the limit of bytes, unpacked.
    """

    def __init__(self, tests: int = MOST_TESTS, reports: int = MOST_REPORTS, size: int = MOST_BYTES) -> None:
        self._limits = {"tests": tests, "reports": reports, "bytes": size}
        self._left = dict(self._limits)

    def take_tests(self, number: int) -> None:
        """Take the tests of a file. Raises ``Exhausted``."""
        self._take("tests", number)

    def take_reports(self, number: int) -> None:
        """Take the reports of a file. Raises ``Exhausted``."""
        self._take("reports", number)

    def take_bytes(self, number: int) -> None:
        """Take a part of a file. Raises ``Exhausted``."""
        self._take("bytes", number)

    def _take(self, kind: str, number: int) -> None:
        self._left[kind] -= number
        if self._left[kind] < 0:
            raise Exhausted(f"contain more than {self._limits[kind]:,} {kind}")
