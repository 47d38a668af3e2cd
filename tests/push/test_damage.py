"""A bundle that lost something, or was changed on its way: refused before the first call, by name."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from support.bundles import digests, edit_manifest, list_again, read_manifest
from support.onetest import LocalOneTest
from support.project import Project, Reported

FAILED: Final = "<failure/><system-out>[[ATTACHMENT|shot.png]]</system-out>"
REPORT: Final = "<testsuite name='s'>{}</testsuite>".format(
    "".join(
        f"<testcase classname='c' name='t{number}'>{FAILED if number % 4 == 0 else ''}</testcase>"
        for number in range(12)
    )
)
WAYS: Final = (
    ("--mode", "launch"),
    ("--mode", "import"),
    ("--mode", "launch", "--untrusted"),
    ("--mode", "import", "--untrusted"),
)


@pytest.fixture
def bundle(project: Project) -> Path:
    project.write("out/a.xml", REPORT)
    project.write("out/shot.png", "a picture")
    project.write("app.log", "a log")
    done = project.report("--dry-run", "--bundle", "kept", "--artifacts", "*.log")
    assert done.code == 0, done.stderr
    return project.path / "kept"


def lines(bundle: Path, change: Callable[[list[bytes]], list[bytes]]) -> None:
    items = bundle / "items.jsonl"
    items.write_bytes(b"".join(change(items.read_bytes().splitlines(keepends=True))))


def one(bundle: Path, folder: str) -> Path:
    return next(path for path in sorted((bundle / folder).iterdir()) if path.suffix != ".zip")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGES: Final[dict[str, tuple[str, Callable[[Path], object]]]] = {
    "the last tests gone": ("items.jsonl has ", lambda b: lines(b, lambda rows: rows[:-2])),
    "a test twice": ("items.jsonl has ", lambda b: lines(b, lambda rows: [*rows, rows[-1]])),
    "two tests swapped": (
        "items.jsonl has the SHA-256 ",
        lambda b: lines(b, lambda rows: [*rows[:-2], rows[-1], rows[-2]]),
    ),
    "a verdict changed": (
        "items.jsonl has ",
        lambda b: lines(b, lambda rows: [row.replace(b'"status":"failed",', b"") for row in rows]),
    ),
    "no tests": ("items.jsonl has 0 bytes, and ", lambda b: lines(b, lambda _: [])),
    "items gone": ("items.jsonl is missing, and ", lambda b: (b / "items.jsonl").unlink()),
    "an attachment gone": ("is missing, and 9 bytes are expected", lambda b: one(b, "attachments").unlink()),
    "an attachment cut": (
        "has 3 bytes, and 9 are expected",
        lambda b: one(b, "attachments").write_bytes(b"a p"),
    ),
    "a bit of an attachment": ("has the SHA-256 ", lambda b: flip(one(b, "attachments"))),
    "a bit of an artifact": ("has the SHA-256 ", lambda b: flip(one(b, "artifacts"))),
    "an artifact gone": ("is missing, and 5 bytes are expected", lambda b: one(b, "artifacts").unlink()),
    "the reports gone": (
        "artifacts/reports.zip is missing, and ",
        lambda b: (b / "artifacts" / "reports.zip").unlink(),
    ),
    "two files swapped": (
        "has the SHA-256 ",
        lambda b: [
            path.write_bytes(content)
            for path, content in zip(
                (one(b, "attachments"), one(b, "artifacts")),
                [one(b, "artifacts").read_bytes().ljust(9), one(b, "attachments").read_bytes()[:5]],
                strict=True,
            )
        ],
    ),
    "a file of another bundle": (
        "attachments/0.png is not listed in bundle.json",
        lambda b: (b / "attachments" / "0.png").write_bytes(b"other"),
    ),
    "a bit of the manifest": ("bundle.json ", lambda b: flip(b / "bundle.json")),
    "the manifest cut": (
        "bundle.json cannot be read",
        lambda b: (b / "bundle.json").write_bytes((b / "bundle.json").read_bytes()[:-9]),
    ),
    "a name changed by hand": (
        "bundle.json is damaged",
        lambda b: (b / "bundle.json").write_text(
            (b / "bundle.json").read_text().replace('"launch_name": "', '"launch_name": "other ')
        ),
    ),
}


def assert_refused(project: Project, done: Reported, what: str) -> None:
    assert (done.code, done.outcome) == (4, {}), done.stderr
    (message, hint) = re.findall(
        r"^onetest-ci: error\[bad-bundle\]: (.+)\n  (.+)$", done.stderr, re.MULTILINE
    )[0]
    assert what in message
    assert "collect the reports again" in hint
    assert project.proxy.requests == []


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize(("what", "damage"), DAMAGES.values(), ids=DAMAGES)
def test_damage_is_named_before_the_first_call(
    project: Project, bundle: Path, way: tuple[str, ...], what: str, damage: Callable[[Path], object]
) -> None:
    damage(bundle)
    assert_refused(project, project.push("kept", *way), what)


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
@pytest.mark.parametrize(("status", "what"), [("failed", "failures"), ("passed", "passed")])
def test_verdicts_are_counted(
    project: Project, bundle: Path, way: tuple[str, ...], status: str, what: str
) -> None:
    # A manifest that fits its files and not what is in them.
    totals = read_manifest(bundle)["totals"]
    edit_manifest(bundle, totals=totals | {what: totals[what] + 1})
    done = project.push("kept", *way)
    expected = f"{totals[what]} tests with the verdict {status}, and {totals[what] + 1} are expected"
    assert_refused(project, done, f"items.jsonl contains {expected}")


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_tests_are_counted(project: Project, bundle: Path, way: tuple[str, ...]) -> None:
    lines(bundle, lambda rows: rows[:-2])
    list_again(bundle)
    assert_refused(
        project, project.push("kept", *way), "items.jsonl contains 10 tests, and bundle.json counts 12"
    )


def without(place: str) -> Callable[[list[list[str | int]]], list[list[str | int]]]:
    return lambda files: [file for file in files if place not in str(file[0])]


LISTS: Final[dict[str, tuple[str, Callable[[list[list[str | int]]], list[list[str | int]]]]]] = {
    "nothing": ("items.jsonl is not listed", lambda _: []),
    "no items": ("items.jsonl is not listed", without("items")),
    "no attachment": ("is not listed in bundle.json", without("attachments")),
    "no artifact": ("artifacts/reports.zip is not listed in bundle.json", without("artifacts")),
    "a file twice": ("lists a file twice", lambda files: [*files, files[0]]),
    "a file elsewhere": (
        "the place '../a' is not one of a bundle",
        lambda files: [*files, ["../a", 1, "0" * 64]],
    ),
    "no digest": ("the digest of items.jsonl is not one", lambda files: [[*files[0][:2], "x"], *files[1:]]),
    "a size below 0": ("the digest of items.jsonl is not one", lambda files: [[files[0][0], -1, "0" * 64]]),
}


@pytest.mark.parametrize(("what", "change"), LISTS.values(), ids=LISTS)
def test_what_a_bundle_refers_to_is_listed(
    project: Project,
    bundle: Path,
    what: str,
    change: Callable[[list[list[str | int]]], list[list[str | int]]],
) -> None:
    edit_manifest(bundle, files=change(digests(bundle)))
    assert_refused(project, project.push("kept"), what)


def test_many_misfits_are_summed_up(project: Project, bundle: Path) -> None:
    for number in range(600):
        (bundle / "attachments" / f"{number}.txt").touch()
    assert_refused(project, project.push("kept"), "; and 590 more")


@pytest.mark.parametrize("way", WAYS, ids=" ".join)
def test_files_beside_those_of_the_bundle_are_not_read(
    project: Project, bundle: Path, onetest: LocalOneTest, way: tuple[str, ...]
) -> None:
    for name in (".DS_Store", "outcome.json", "import/import-7.xml", "notes/items.jsonl"):
        (bundle / name).parent.mkdir(exist_ok=True)
        (bundle / name).write_text("not of the bundle", encoding="utf-8")
    done = project.push("kept", *way)
    assert (done.code, done.status) == (0, "delivered"), done.stderr
    assert len(onetest.cases(done.launch_id)) == 12


def test_the_manifest_lists_each_file(bundle: Path) -> None:
    manifest = read_manifest(bundle)
    assert sorted(manifest["files"]) == sorted(digests(bundle))
    assert len(manifest["files"]) == 4
    assert (manifest["totals"]["passed"], manifest["totals"]["failures"]) == (9, 3)


def test_an_outcome_is_written_when_what_was_collected_is_damaged_at_once(project: Project) -> None:
    project.write("out/a.xml", REPORT)
    # What is written between collecting and sending may hit the bundle itself.
    done = project.report("--bundle", "kept", "--junit", "kept/items.jsonl", "--fail-on-upload-error")
    assert (done.code, done.status, done.error) == (4, "failed", "bad-bundle")
    assert done.outcome["totals"]["failures"] == 3
    assert project.proxy.requests == []
    assert json.loads((project.path / "kept" / "bundle.json").read_bytes())["schema"] == 2
