"""Real reports through the installed command into a local OneTest; what it then holds equals the oracle."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from support.command import run
from support.corpus import JUNIT_FAMILY
from support.onetest import LocalOneTest

SINGLE_RUNS = 12
MOST_CASES = 2000


def undisputed(corpus: Path) -> dict[str, dict[str, Any]]:
    """JUnit reports that the oracle is sure of, small enough for a call per case."""
    oracle = json.loads((corpus / "oracle.json").read_text(encoding="utf-8"))["files"]
    chosen = {}
    for name, entry in oracle.items():
        expect = entry.get("expect", {})
        sure = "bad" in expect and not expect["confidence"].startswith("conflict")
        repeats = "duplicate-names" in entry["tags"]
        if sure and entry["dialect"] in JUNIT_FAMILY and not repeats and 0 < expect["tests"] <= MOST_CASES:
            chosen[name] = expect
    return chosen


def expected(expects: list[dict[str, Any]]) -> dict[str, int]:
    tests, failed, skipped = (sum(one[key] for one in expects) for key in ("tests", "bad", "skipped"))
    counts = {"failed": failed, "skipped": skipped, "passed": tests - failed - skipped}
    return {status: number for status, number in counts.items() if number}


def read_back(onetest: LocalOneTest, outcome_file: Path) -> Counter[str]:
    outcome = json.loads(outcome_file.read_text(encoding="utf-8"))
    return Counter(case["status"] for case in onetest.cases(outcome["launch_id"]))


@pytest.mark.parametrize("mode", ["launch", "import"])
def test_many_reports_in_one_run(corpus: Path, onetest: LocalOneTest, tmp_path: Path, mode: str) -> None:
    expects = undisputed(corpus)
    assert len(expects) >= 30
    files = [str(corpus / "files" / name) for name in expects]
    done = run(
        *("report", "--mode", mode, "--max-api-calls", "1000000", "--json", "o.json", *files),
        cwd=tmp_path,
        env=onetest.env,
    )
    assert done.returncode == 0, done.stderr
    assert read_back(onetest, tmp_path / "o.json") == expected(list(expects.values()))


def test_each_report_in_a_run_of_its_own(corpus: Path, onetest: LocalOneTest, tmp_path: Path) -> None:
    expects = undisputed(corpus)
    for name in list(expects)[:: max(1, len(expects) // SINGLE_RUNS)]:
        done = run(
            *("report", "--mode", "launch", "--max-api-calls", "10000", "--json", "o.json"),
            str(corpus / "files" / name),
            cwd=tmp_path,
            env=onetest.env,
        )
        assert done.returncode == 0, done.stderr
        assert read_back(onetest, tmp_path / "o.json") == expected([expects[name]]), name
