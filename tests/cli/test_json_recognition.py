"""JSON reports whose first part hides what they are."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from support.command import run
from support.samples import JSON, sample

COUNTS = ("tests", "passed", "failures", "errors", "skipped", "flaky")


def inspected(place: Path, *paths: str, code: int = 0) -> list[dict[str, Any]]:
    done = run("inspect", "--format", "json", *paths, cwd=place)
    assert done.returncode == code, done.stderr
    return list(json.loads(done.stdout)["files"])


def write(place: Path, name: str, value: Any) -> None:
    (place / name).parent.mkdir(parents=True, exist_ok=True)
    (place / name).write_text(json.dumps(value), encoding="utf-8")


def allure(number: int, **members: Any) -> dict[str, Any]:
    whole = {
        "uuid": f"u{number}",
        "historyId": f"h{number}",
        "name": f"test {number}",
        "fullName": f"cart.test_{number}",
        "status": "passed",
        "statusDetails": {},
        "stage": "finished",
        "steps": [],
        "labels": [],
        "start": 1704067200000 + number,
        "stop": 1704067200100 + number,
    }
    return {name: value for name, value in (whole | members).items() if value is not None}


@pytest.mark.parametrize("status", [None, "unknown", "", "odd", 7])
@pytest.mark.parametrize("first", [True, False])
def test_an_allure_result_without_a_known_status_is_an_error(
    status: Any,
    first: bool,
    tmp_path: Path,
) -> None:
    odd = allure(1, status=status, stage="pending")
    results = [odd, allure(2)] if first else [allure(2), odd]
    for number, result in enumerate(results):
        write(tmp_path, f"allure-results/{number}-result.json", result)
    for paths in (["allure-results"], ["."]):
        (row,) = inspected(tmp_path, *paths)
        assert [row[name] for name in COUNTS] == [2, 1, 0, 1, 0, 0]


@pytest.mark.parametrize(
    "missing",
    [["historyId"], ["fullName", "historyId"], ["status", "historyId"], ["status", "start", "stop"]],
)
def test_an_allure_result_may_lack_members(missing: list[str], tmp_path: Path) -> None:
    write(tmp_path, "a-result.json", allure(1, **dict.fromkeys(missing)))
    (row,) = inspected(tmp_path, ".")
    assert (row["format"], row["tests"]) == ("allure", 1)
    assert row["errors"] == ("status" in missing)


@pytest.mark.parametrize(
    "content", ["", " \n", "{", '{"uuid": "u1", "name": "test', '{"name": "a", "links": [']
)
def test_an_allure_result_that_breaks_off_is_an_error_among_others(content: str, tmp_path: Path) -> None:
    write(tmp_path, "r/2-result.json", allure(2))
    (tmp_path / "r/1-result.json").write_text(content, encoding="utf-8")
    (row,) = inspected(tmp_path, ".", code=3)
    assert (row["path"], row["tests"], row["passed"]) == ("r", 1, 1)
    assert "1-result.json breaks off" in row["error"]["message"]


def test_other_files_beside_allure_results_are_not_results(tmp_path: Path) -> None:
    write(tmp_path, "r/1-result.json", allure(1))
    write(tmp_path, "r/2-result.json", allure(2))
    write(tmp_path, "r/lighthouse-result.json", {"score": 1})
    write(
        tmp_path, "r/3-container.json", {"uuid": "c", "children": ["u1"], "start": 1, "stop": 2, "name": "f"}
    )
    (row,) = inspected(tmp_path, ".")
    assert (row["format"], row["tests"]) == ("allure", 2)


def feature(name: str, *statuses: str) -> dict[str, Any]:
    elements = [
        {
            "type": "scenario",
            "keyword": "Scenario",
            "name": f"{name} {number}",
            "line": number + 3,
            "steps": [{"keyword": "Given ", "name": "x", "result": {"status": status, "duration": 1}}],
        }
        for number, status in enumerate(statuses)
    ]
    of_feature = {"uri": f"{name}.feature", "keyword": "Feature", "name": name, "line": 1}
    return of_feature | ({"elements": elements} if elements else {})


@pytest.mark.parametrize("place", range(4))
def test_features_without_scenarios_do_not_hide_the_others(place: int, tmp_path: Path) -> None:
    features = [feature(f"empty {number}") for number in range(3)]
    features.insert(place, feature("full", "passed", "failed"))
    write(tmp_path, "r.json", features)
    (row,) = inspected(tmp_path, ".")
    assert (row["format"], [row[name] for name in COUNTS]) == ("cucumber", [2, 1, 1, 0, 0, 0])


def test_features_without_scenarios_alone_are_a_report_without_tests(tmp_path: Path) -> None:
    write(tmp_path, "r.json", [feature("a"), feature("b")])
    behave = {"keyword": "Feature", "location": "a.feature:1", "name": "a", "status": "passed", "tags": []}
    write(tmp_path, "s.json", [behave])
    rows = inspected(tmp_path, ".")
    assert [(row["format"], row["tests"]) for row in rows] == [("cucumber", 0)] * 2


EMPTY_PARTS: dict[str, tuple[Any, int]] = {
    "playwright": (
        {
            "config": {"metadata": {"gitDiff": "+x\n" * 50_000}},
            "suites": [
                {"title": "empty.spec.ts"},
                {"title": "a.spec.ts", "specs": []},
                {
                    "title": "b.spec.ts",
                    "specs": [
                        {"title": "none"},
                        {
                            "title": "pays",
                            "file": "b.spec.ts",
                            "tests": [{"status": "unexpected", "results": [{"status": "failed"}]}],
                        },
                    ],
                },
            ],
            "errors": [],
        },
        1,
    ),
    "ctrf": ({"results": {"tool": {"name": "x"}, "summary": {"tests": 0}, "tests": []}}, 0),
    "ctrf ": (
        {"results": {"tests": [{}, {"name": "a", "status": "failed"}], "extra": "y" * 200_000, "tool": {}}},
        2,
    ),
    "mocha": (
        {
            "tests": [{"title": "a", "fullTitle": "s a", "duration": 1, "err": {"message": "no" * 100_000}}],
            "pending": [],
            "failures": [{"title": "a", "fullTitle": "s a", "err": {"message": "no" * 100_000}}],
            "passes": [],
            "stats": {"suites": 1, "tests": 1, "passes": 0, "pending": 0, "failures": 1},
        },
        1,
    ),
    "rspec": (
        {
            "seed": 1,
            "messages": ["z" * 200_000],
            "summary_line": "1 example, 1 failure",
            "examples": [{"id": "a", "description": "a", "full_description": "a", "status": "failed"}],
        },
        1,
    ),
    "rspec ": ({"version": "3.13.0", "examples": [], "summary": {"example_count": 0}, "summary_line": ""}, 0),
}


@pytest.mark.parametrize("name", EMPTY_PARTS)
def test_empty_parts_and_other_orders_do_not_hide_a_report(name: str, tmp_path: Path) -> None:
    document, tests = EMPTY_PARTS[name]
    write(tmp_path, "r.json", document)
    (row,) = inspected(tmp_path, ".")
    assert (row["format"], row["tests"]) == (name.strip(), tests)
    assert row["failures"] + row["errors"] == tests


@pytest.mark.parametrize("report_format", JSON)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_other_json_before_a_report_is_left_out(report_format: str, encoding: str, tmp_path: Path) -> None:
    (tmp_path / "plain.json").write_bytes(sample(report_format))
    log = "".join(
        f'{{"level": "info", "msg": "réquest {n}", "tests": []}}\n[INFO] done\n' for n in range(5000)
    )
    (tmp_path / "r.json").write_text(log + sample(report_format).decode(), encoding=encoding)
    plain, row = inspected(tmp_path, ".")
    assert (row["format"], row["error"]) == (report_format, None)
    assert [row[name] for name in COUNTS] == [plain[name] for name in COUNTS]
    assert any("text before the JSON document" in warning for warning in row["warnings"])


def test_a_second_report_in_one_file_is_an_error(tmp_path: Path) -> None:
    whole = sample("mocha").decode()
    (tmp_path / "r.json").write_text(f"{whole}\n{whole}", encoding="utf-8")
    (row,) = inspected(tmp_path, ".", code=3)
    assert (row["tests"] > 0, row["truncated"]) == (True, True)
    assert row["error"]["code"] == "several-documents"
    (tmp_path / "r.json").write_text(f'{whole}\n{{"level": "info"}}\ndone\n', encoding="utf-8")
    (row,) = inspected(tmp_path, ".")
    assert row["error"] is None


def test_a_report_that_packs_well_is_not_taken_for_a_bomb(tmp_path: Path) -> None:
    # 290 MB: with what is read again to recognise it, over the bound for an archive of this size.
    line = f'"k%d": "{"x" * 100_000}",'
    with gzip.open(tmp_path / "r.json.gz", "wt", compresslevel=1) as stream:
        stream.write("{")
        for number in range(2600):
            stream.write(line % number)
        stream.write(sample("mocha").decode().strip()[1:])
    (row,) = inspected(tmp_path, "r.json.gz")
    assert (row["format"], row["error"]) == ("mocha", None)


def test_go_output_without_packages_has_a_hint(tmp_path: Path) -> None:
    (tmp_path / "go.json").write_text('{"Action":"run","Test":"T"}\n{"Action":"fail","Test":"T"}\n')
    (row,) = inspected(tmp_path, ".", code=3)
    assert "go tool test2json" in row["error"]["message"]
