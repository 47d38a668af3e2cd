"""The matrix of faults: what it is made of, and how much of it a run of the tests takes."""

from pathlib import Path

import pytest

pytest.register_assert_rewrite("faults.rig")

from faults.calls import CALLS  # noqa: E402
from faults.faults import FAULTS  # noqa: E402
from faults.matrix import MATRIX  # noqa: E402
from faults.rig import collect  # noqa: E402 - its assertions explain themselves from here on
from support.onetest import LocalOneTest  # noqa: E402


@pytest.fixture(scope="session")
def collected(onetest: LocalOneTest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of all that can be delivered."""
    return collect(tmp_path_factory.mktemp("collected"), onetest)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how large the matrix is, and how much of it was run."""
    ran = {
        outcome: sum("test_matrix.py::test_a_fault[" in report.nodeid for report in reports)
        for outcome in ("passed", "failed", "error")
        if (reports := terminalreporter.stats.get(outcome, []))
    }
    if any(ran.values()):
        size = f"{len(FAULTS)} faults x {len(CALLS)} kinds of call x once and lasting = {len(MATRIX)} runs"
        counts = ", ".join(f"{count} {outcome}" for outcome, count in ran.items() if count)
        terminalreporter.write_line(f"fault matrix: {size}; of these {counts}")
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {name}: {value}")
