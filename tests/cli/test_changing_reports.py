"""Reports that vanish, become unreadable or change after they were read: a warning, and nothing is lost."""

import gzip
import io
import json
import zipfile
from pathlib import Path
from typing import Final

import pytest

from support.bundles import read_manifest
from support.collected import Collected
from support.command import run
from support.onetest import LocalOneTest

MEANWHILE: Final = Path(__file__).parents[1] / "support" / "meanwhile"


def suite(*names: str) -> bytes:
    cases = "".join(
        f"<testcase classname='c' name='{name}'>{'<failure/>' if 'bad' in name else ''}</testcase>"
        for name in names
    )
    return f"<testsuite name='s'>{cases}</testsuite>".encode()


def archive(*contents: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packing:
        for number, content in enumerate(contents):
            packing.writestr(f"{number}.xml", content)
    return buffer.getvalue()


OTHER: Final = b"neither XML nor an archive, and not a report"
CONTENTS: Final = {
    "b.xml": suite("good", "bad"),
    "b.xml.gz": gzip.compress(suite("good", "bad")),
    "b.zip": archive(suite("good"), suite("bad")),
}
GONE: Final = (
    *("remove", "replace by a directory", "replace by a FIFO", "replace by a loop"),
    # Another file is not packed in its place.
    *("replace by a link", "replace by a hard link", "replace"),
)
CHANGED: Final = {
    "b.xml": ("append", "cut"),
    "b.xml.gz": ("append", "compress other content"),
    "b.zip": ("cut", "empty the archive"),
}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    """Reports on both sides of the one that changes."""
    place = tmp_path / "shop"
    (place / "out").mkdir(parents=True)
    (place / "out" / "a.xml").write_bytes(suite("first"))
    (place / "out" / "c.xml").write_bytes(suite("third"))
    (place / "out" / "z.xml").write_bytes(suite("last"))
    return place


def env(reports: Path, victim: str, action: str) -> dict[str, str]:
    (reports / "out" / victim).write_bytes(CONTENTS[victim])
    (reports / "out" / "other").write_bytes(OTHER)
    return {
        "PYTHONPATH": str(MEANWHILE),
        "MEANWHILE_FILE": str(reports / "out" / victim),
        "MEANWHILE_DO": action,
    }


def told_of(found: Collected, victim: str) -> list[str]:
    """Warnings that name the report; others there are none."""
    warnings = [one for one in found.warnings if "MEANWHILE" not in one]
    assert all(f"out/{victim}" in one for one in warnings), warnings
    return warnings


@pytest.mark.parametrize("action", GONE)
@pytest.mark.parametrize("victim", CONTENTS)
def test_a_report_that_is_gone_costs_a_warning(reports: Path, victim: str, action: str) -> None:
    found = Collected(
        reports, "out/a.xml", f"out/{victim}", "out/c.xml", "out/z.xml", env=env(reports, victim, action)
    )
    assert found.done.returncode == 0, found.done.stderr
    assert [case["name"] for case in found.cases] == ["first", "good", "bad", "third", "last"]
    warnings = told_of(found, victim)
    assert len(warnings) == len(["a member"] * (2 if victim == "b.zip" else 1))
    assert all("is not among the raw reports: " in one for one in warnings)
    assert sorted(found.reports()) == ["out/a.xml", "out/c.xml", "out/z.xml"]
    assert OTHER not in found.reports().values()


@pytest.mark.parametrize(
    ("victim", "action"), [(victim, action) for victim, actions in CHANGED.items() for action in actions]
)
def test_a_report_that_changes_costs_a_warning(reports: Path, victim: str, action: str) -> None:
    found = Collected(
        reports, "out/a.xml", f"out/{victim}", "out/c.xml", "out/z.xml", env=env(reports, victim, action)
    )
    assert found.done.returncode == 0, found.done.stderr
    assert [case["name"] for case in found.cases] == ["first", "good", "bad", "third", "last"]
    assert told_of(found, victim)
    members = found.reports()
    assert {"out/a.xml", "out/c.xml", "out/z.xml"} <= set(members)
    assert members["out/c.xml"] == suite("third")


@pytest.mark.parametrize("mode", ["launch", "import"])
def test_the_results_of_a_report_that_is_gone_are_delivered(
    reports: Path, mode: str, onetest: LocalOneTest, tmp_path: Path
) -> None:
    surroundings = env(reports, "b.xml", "remove")
    done = run(
        *("report", "out/*.xml", "--mode", mode, "--json", tmp_path / "outcome.json"),
        cwd=reports,
        env=onetest.env | surroundings,
    )
    outcome = json.loads((tmp_path / "outcome.json").read_bytes())
    assert (done.returncode, outcome["upload_status"]) == (0, "delivered"), done.stderr
    cases = {case["name"]: case["status"] for case in onetest.cases(outcome["launch_id"])}
    assert cases == {
        "first": "passed",
        "good": "passed",
        "bad": "failed",
        "third": "passed",
        "last": "passed",
    }
    assert any("out/b.xml" in warning for warning in outcome["warnings"])


def test_when_the_only_report_is_gone_there_is_no_archive(reports: Path, onetest: LocalOneTest) -> None:
    surroundings = env(reports, "b.xml", "remove")
    found = Collected(reports, "out/b.xml", "--bundle", "b", env=surroundings)
    assert found.done.returncode == 0, found.done.stderr
    assert [case["name"] for case in found.cases] == ["good", "bad"]
    assert told_of(found, "b.xml")
    assert read_manifest(found.place)["artifacts"] == []
    assert found.names("artifacts") == []
    assert run("push", "b", cwd=reports, env=onetest.env).returncode == 0
