"""Reports that real test runners wrote, through the commands, against what their suites hold.

``tests/data/produced/README.md`` says what is there and how it was made. What is expected was written from
the suites.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.code_ref.parameters import parameters_of
from support.command import run
from support.in_process import run_here

DATA = Path(__file__).parents[1] / "data"
PRODUCED = DATA / "produced"
WRITTEN = DATA / "written"
"""Reports of tools that run nowhere near, after their published schemas; ``tool`` names the schema."""

REPORTS = frozenset({".xml", ".json", ".jsonl", ".ndjson", ".tap", ".trx", ".txt", ""})
OTHERS = frozenset({"base", "files", "ci_agent_2026", "test-results", "cart.txt"})
"""What stands beside the reports, as the files that tests attach."""
SHOP = b"/srv/shop"
"""Where the suites ran; absolute paths in the reports begin with it."""


def entries() -> list[tuple[Path, str, dict[str, Any]]]:
    """Return the suite, the name and what is expected of each report."""
    return [
        (path.parent, name, wanted)
        for path in sorted((*PRODUCED.glob("*/expected.json"), *WRITTEN.glob("*/expected.json")))
        for name, wanted in json.loads(path.read_text(encoding="utf-8")).items()
    ]


def reports() -> list[Any]:
    """Return those of which each case is expected; of others test_runs.py looks at the failed ones."""
    return [
        pytest.param(tool, name, wanted, id=f"{tool.name}-{name}")
        for tool, name, wanted in entries()
        if "counts" in wanted
    ]


class Shop:
    """A checkout with the suite and its reports, as after the run, and what is read from the reports."""

    def __init__(self, place: Path, tool: Path) -> None:
        self.place = place
        _check_out(place, tool)
        names = [
            f"reports/{name}" for suite, name, wanted in entries() if suite == tool and "counts" in wanted
        ]
        self.rows = self._inspected(names) if names else []

    def _inspected(self, names: list[str]) -> list[dict[str, Any]]:
        done = run("inspect", "--format", "json", *names, cwd=self.place)
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout)["files"])


def _check_out(place: Path, tool: Path) -> None:
    """Make the checkout; absolute paths of the reports lead into it."""
    if (tool / "suite").is_dir():
        shutil.copytree(tool / "suite", place)
    shutil.copytree(tool / "reports", place / "reports")
    for path in (place / "reports").rglob("*.*"):
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(SHOP, str(place).encode()))


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Shop]:
    return cache(lambda tool: Shop(tmp_path_factory.mktemp("produced") / "shop", tool))


@pytest.fixture
def shop(shops: Callable[[Path], Shop], tool: Path) -> Shop:
    return shops(tool)


@pytest.mark.parametrize(("tool", "name", "wanted"), reports())
def test_counts(shop: Shop, tool: Path, name: str, wanted: dict[str, Any]) -> None:
    # A report may be a directory.
    path = f"reports/{name}"
    (row,) = (row for row in shop.rows if row["path"] == path or row["path"].startswith(f"{path}/"))
    assert {key: row[key] for key in wanted["counts"]} == wanted["counts"], tool
    assert (row["error"], row["truncated"]) == (None, False)


@pytest.mark.parametrize(("tool", "name", "wanted"), reports())
def test_cases(shop: Shop, tool: Path, name: str, wanted: dict[str, Any], tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    done = run_here("collect", "--allow-empty", "--bundle", bundle, f"reports/{name}", cwd=shop.place)
    assert done.returncode == 0, done.stderr
    assert "no such file" not in done.stderr
    results = list(Result.of(bundle))
    cases = [Expected(*case) for case in wanted["cases"]]
    assert Counter(result.row for result in results) == Counter(case.row for case in cases), tool
    for case in cases:
        alike = [result for result in results if result.row == case.row]
        assert any(result.says(case.more) for result in alike), (case.row, case.more, alike)
        if "parameters" in case.more:
            assert parameters_of(case.name) == case.more["parameters"]


def test_each_report_has_its_expectations() -> None:
    there = {
        (path.parents[1].name, path.name)
        for path in DATA.glob("*/*/reports/*")
        if path.suffix in REPORTS and path.name not in OTHERS
    }
    written = {(tool.name, name) for tool, name, _ in entries() if (tool / "reports" / name).exists()}
    assert there == written
    assert len({tool for tool, _ in there}) >= 40


class Expected:
    """A case as the suite has it: what ``expected.json`` holds in a row."""

    def __init__(self, name: str, status: str, code_ref: str, more: dict[str, Any] | None = None) -> None:
        self.name = name
        self.more = more or {}
        self.row = (
            name,
            status,
            code_ref,
            self.more.get("attempts", 1),
            self.more.get("flaky", False),
            tuple(self.more.get("files", ())),
        )


class Result:
    """A case as the bundle has it, with the cases that it repeats."""

    def __init__(self, case: dict[str, Any], earlier: int) -> None:
        status = case.get("status", "passed")
        attempts = 1 + len(case.get("attempts", ())) + earlier
        self.case = case
        self.row = (
            case["name"],
            status,
            case.get("code_ref", ""),
            attempts,
            attempts > 1 and status == "passed",
            tuple(file[0] for file in case.get("files", ())),
        )

    def says(self, more: dict[str, Any]) -> bool:
        failure = f"{self.case.get('message', '')}\n{self.case.get('details', '')}"
        told = (
            (failure, "says"),
            (self.case.get("system_out", ""), "out"),
            (self.case.get("system_err", ""), "err"),
        )
        return all(more.get(key, "") in text for text, key in told)

    def __repr__(self) -> str:
        return repr(self.case)

    @classmethod
    def of(cls, bundle: Path) -> "list[Result]":
        rows = [
            json.loads(line) for line in (bundle / "items.jsonl").read_text(encoding="utf-8").splitlines()
        ]
        cases = {row["case"]["ordinal"]: row["case"] for row in rows if "case" in row}
        repeated = {case["retry_of"] for case in cases.values() if case.get("retry_of") is not None}
        return [
            cls(case, len(list(_before(case, cases))))
            for ordinal, case in cases.items()
            if ordinal not in repeated
        ]


def _before(case: dict[str, Any], cases: dict[int, dict[str, Any]]) -> list[dict[str, Any]]:
    earlier = []
    while (ordinal := case.get("retry_of")) is not None:
        case = cases[ordinal]
        earlier.append(case)
    return earlier
