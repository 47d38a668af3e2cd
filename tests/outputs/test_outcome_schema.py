"""``docs/schemas/outcome.schema.json`` describes each member of the JSON outcome.

All other tests that read an outcome check it against the schema too (``support.outcomes``).
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, Final

import pytest
from jsonschema import Draft202012Validator, ValidationError

from support.command import run
from support.outcomes import PUBLISHED, VALIDATOR, read_outcome
from support.project import Project
from support.proxy import Answer
from support.running import GREEN, ended, writing

PRODUCED: Final = Path(__file__).parents[1] / "data" / "produced"
SUITE: Final = (
    "<testsuite name='s'><testcase classname='c' name='bad' file='c.py' line='3'><failure message='red'/>"
    "</testcase><testcase classname='c' name='f'><failure/></testcase><testcase classname='c' name='f'/>"
    "<testcase classname='c' name='later'><skipped message='why'/></testcase></testsuite>"
)


def test_it_is_a_schema_of_its_own() -> None:
    Draft202012Validator.check_schema(PUBLISHED)
    assert PUBLISHED["$id"].endswith("/docs/schemas/outcome.schema.json")


def test_a_member_without_a_schema_is_noticed_and_readers_may_ignore_it(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(SUITE, encoding="utf-8")
    outcome = ended(tmp_path, "report", "r.xml", "--build-version", "1").outcome
    assert list(outcome) == [name for name in PUBLISHED["properties"] if name in outcome]
    places = [
        (),
        ("delivery",),
        ("delivery", "api_calls"),
        ("gate",),
        ("files", 0),
        ("failures", 0),
        ("totals",),
    ]
    for place in places:
        changed: Any = deepcopy(outcome)
        part = changed
        for step in place:
            part = part[step]
        part["added"] = 1
        with pytest.raises(ValidationError, match="added"):
            VALIDATOR.validate(changed)
        Draft202012Validator(PUBLISHED).validate(changed)
        del part["added"]
        del part[next(iter(part))]
        assert not Draft202012Validator(PUBLISHED).is_valid(changed)


def test_reports_of_all_tools(tmp_path: Path) -> None:
    run("report", "--dry-run", "--json", "o.json", str(PRODUCED), cwd=tmp_path)
    outcome = read_outcome(tmp_path / "o.json")
    assert len({row["format"] for row in outcome["files"]}) > 10
    assert outcome["failures"]


REPORTS: Final = {
    "damaged": "<testsuite name='s'><testcase name='a'/><testcase name='b'>",
    "empty": "<testsuite name='s'/>",
    "not a report": "<html/>",
    "red": SUITE,
    "green": GREEN,
}


@pytest.mark.parametrize("kind", ["damaged", "red"])
@pytest.mark.parametrize("answer", [None, 401, 402, 500], ids=str)
@pytest.mark.parametrize("mode", ["launch", "import"])
def test_deliveries_that_fail_and_succeed(project: Project, kind: str, answer: int | None, mode: str) -> None:
    project.write("out/r.xml", REPORTS[kind])
    if answer is not None:
        project.proxy.answer("/api/", Answer(answer))
    done = project.report(
        *("--mode", mode, "--fail-on", "any", "--max-failures", "0", "--wait-for-service", "0"),
        *("--attribute", "a=b", "--environment", "stage", "--bundle", "kept"),
    )
    assert done.outcome["gate"]["verdicts"] or done.code
    assert bool(done.delivery["error"]) is (answer is not None)


@pytest.mark.parametrize("kind", REPORTS)
def test_dry_runs(tmp_path: Path, kind: str) -> None:
    (tmp_path / "r.xml").write_text(REPORTS[kind], encoding="utf-8")
    outcome = ended(tmp_path, "report", "r.xml", "--min-tests", "1").outcome
    assert outcome["upload_status"] == "skipped"
    assert bool(outcome["errors"]) is (kind not in {"red", "green"})


def test_a_delivery_that_is_continued(project: Project) -> None:
    project.write("out/r.xml", SUITE)
    project.proxy.answer("/api/", Answer(500))
    project.report("--mode", "launch", "--bundle", "kept", "--wait-for-service", "0")
    assert project.push("kept").outcome["gate"]["fail_on"]


def test_a_comparison(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(SUITE, encoding="utf-8")
    first = ended(tmp_path, "report", "r.xml", "--save-results", "old.gz").outcome
    assert first["comparison"] is None
    changed = SUITE.replace("'bad'", "'worse'").replace("<skipped message='why'/>", "")
    (tmp_path / "r.xml").write_text(changed, encoding="utf-8")
    comparison = ended(tmp_path, "report", "r.xml", "--baseline", "old.gz").outcome["comparison"]
    assert comparison["baselines"]
    assert comparison["new_failure"]["tests"]


def test_a_command_without_reports(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert ended(tmp_path, "run", "out", "--", "sh", "-c", "exit 3").outcome["exit_code"] == 3
    done = ended(tmp_path, "run", "out", "--max-flaky", "0", "--", *writing(SUITE, 200))
    assert done.outcome["exit_code"] == 200


def test_texts_that_are_not_text(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(
        SUITE.replace("bad", "b&#x202e;d").replace("red", "r&#x1b;"), encoding="utf-8"
    )
    done = ended(tmp_path, "report", "r.xml")
    assert json.dumps(done.outcome)
