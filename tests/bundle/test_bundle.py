"""The bundle: a reader gets what was written, and damage is an error."""

import json
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import fields, replace

from onetest_ci.bundle.bundle import MANIFEST, Bundle
from onetest_ci.bundle.items import ITEMS, ItemWriter
from onetest_ci.bundle.records import TOTALS, Failure, FileDigest, Manifest, StoredCase, StoredFile
from onetest_ci.errors import BundleError
from onetest_ci.model import FAILED, Attachment, Attempt, Case, Suite
from onetest_ci.notices import Notice
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.reports.counts import Counts
from support.bundles import write_manifest

UUID = "11111111-2222-4333-8444-555555555555"
FILE = StoredFile("shot.png", "attachments/0123.png", "image/png", 9)
CASE = Case(
    7,
    3,
    "näme \U0001f6d2",
    "c",
    FAILED,
    1.5,
    1.0e9,
    "m",
    "k",
    "d",
    "o",
    "e",
    "f.py",
    5,
    (("p", "v"),),
    (Attachment("a", "n"),),
    (Attempt(FAILED, "m"),),
    6,
)


def bundle(directory: Path, *records: Suite | StoredCase, **manifest: Any) -> Bundle:
    writer = ItemWriter(directory)
    writer.write(records)
    writer.close()
    fields: dict[str, Any] = {"launch_uuid": UUID, "launch_name": "n", "start_ms": 1, "end_ms": 2} | manifest
    return Bundle.write(directory, Manifest(**fields))


def test_items_come_back_as_they_were(tmp_path: Path) -> None:
    suites = [Suite(0, None, "s"), Suite(3, 0, "", 1.5, "f", (("a", "b"),))]
    cases = [StoredCase(CASE, "ref", (FILE,)), StoredCase(Case(8, None, "bare"), "", ())]
    written = bundle(tmp_path, *suites, *cases)
    assert list(written.items()) == [*suites, *cases]
    assert written.items_size() == (tmp_path / ITEMS).stat().st_size


def test_the_manifest_comes_back_as_it_was(tmp_path: Path) -> None:
    failure = Failure(name="n", suite="s", status="failed", message="m", file="f", line=None)
    written = bundle(
        tmp_path,
        attributes=(("a", "b"),),
        artifacts=(FILE,),
        failures=(failure,),
        notices=(Notice("k", "w", "s", "note", 2),),
        reports=({"path": "x"},),
        superseded=(1, 2),
        totals={"tests": 3},
    )
    assert Bundle.open(tmp_path) == written
    assert written.manifest.artifacts == (FILE,)
    assert written.manifest.failures == (failure,)


KEY = "ak_0123456789ABCDEFGHIJKLMNOPQRSTUV"


def test_a_bundle_from_elsewhere_is_read_without_the_keys_of_this_run(tmp_path: Path) -> None:
    stored = StoredCase(Case(0, None, f"n {KEY}"), KEY, (FILE._replace(name=KEY),))
    bundle(tmp_path, Suite(0, None, KEY), stored, launch_name=KEY, cases=1)
    read = Bundle.open(tmp_path, Redactor([Secret(KEY)]))
    assert read.manifest.launch_name == "***"
    assert KEY not in repr((list(read.items()), list(read.results()), read.manifest))


# What each field of a manifest holds: a text that is redacted, or what must stay as it is.
REDACTED = {
    "launch_name": KEY,
    "launch_description": KEY,
    "attributes": ((KEY, KEY),),
    "environment": KEY,
    "environment_url": f"http://{KEY}",
    "build_version": KEY,
    "reports": (
        {
            "path": KEY,
            "format": "junit",
            "warnings": [KEY],
            "error": {"code": "broken-xml", "message": KEY, "hint": KEY},
        },
    ),
    "not_reports": ({"path": KEY, "reason": KEY},),
    "artifacts": (StoredFile(KEY, "artifacts/a.log", "text/plain", 1),),
    "failures": (Failure(name=KEY, suite=KEY, status="failed", message=KEY, file=KEY, line=1),),
    "notices": (Notice("attachment", KEY, KEY),),
}
KEPT = {
    "launch_uuid": UUID,
    "start_ms": 1,
    "end_ms": 2,
    "commit": "c" * 40,
    "untrusted": "pull request from a fork",
    "totals": {"tests": 1},
    "files": (FileDigest("items.jsonl", 1, "0" * 64),),
    "skipped_files": 1,
    "left_out_directories": 1,
    "suites": 1,
    "flat_suites": (1,),
    "cases": 1,
    "log_entries": 1,
    "attachment_bytes": 1,
    "superseded": (1,),
}
WORDS = ("junit", "broken-xml", "failed", "artifacts/a.log", "text/plain")


def test_each_field_of_a_manifest_is_redacted_or_kept() -> None:
    assert {one.name for one in fields(Manifest)} == REDACTED.keys() | KEPT.keys()
    manifest = Manifest(**REDACTED, **KEPT)  # type: ignore[arg-type]
    redacted = manifest.redacted(Redactor([Secret(KEY)]))
    assert {name: getattr(redacted, name) for name in KEPT} == KEPT
    assert KEY not in repr(redacted)
    for name in REDACTED:
        assert "***" in repr(getattr(redacted, name))
    # Our own words stay, even if a secret is equal to one.
    secrets = [Secret(word) for word in (*WORDS, "totals", UUID, "c" * 40, "pull request from a fork")]
    assert manifest.redacted(Redactor(secrets)) == manifest


def test_half_characters_are_no_fault(tmp_path: Path) -> None:
    written = bundle(
        tmp_path, StoredCase(Case(0, None, "half \ud800"), "", ()), notices=(Notice("k", "\udcff"),)
    )
    (item,) = written.items()
    assert isinstance(item, StoredCase)
    assert item.case.name == "half ?"


def test_repeats_come_with_their_last(tmp_path: Path) -> None:
    first, second, third = (
        StoredCase(Case(n, None, "n", retry_of=n - 1 if n else None), "", ()) for n in range(3)
    )
    other = StoredCase(Case(3, None, "other"), "", ())
    written = bundle(tmp_path, first, second, other, third, cases=2, superseded=(0, 1))
    assert [(one.stored, one.earlier) for one in written.results() if not isinstance(one, Suite)] == [
        (other, ()),
        (third, (first, second)),
    ]


def test_uuids_follow_from_the_launch(tmp_path: Path) -> None:
    written = bundle(tmp_path)
    ids = {written.item_uuid(f"{kind}/{n}") for kind in ("case", "suite") for n in range(-3, 3)}
    assert len(ids) == 12
    assert written.item_uuid("case/1") == Bundle.open(tmp_path).item_uuid("case/1")


DAMAGES = {
    "no json": "{",
    "a list": "[]",
    "a number": "7",
    "nothing of ours": "{}",
    "no digest": json.dumps({"schema": 2, "launch_uuid": UUID}),
    "no digits": '{\n "schema": 2,\n "sha256": "x",\n "launch_uuid": "x"}',
    "another digest": '{\n "schema": 2,\n "sha256": "' + "0" * 64 + '",\n "launch_uuid": "x"}',
    "empty": "",
    "no text": "\udcff",
}


@pytest.mark.parametrize("content", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_manifest(tmp_path: Path, content: str) -> None:
    bundle(tmp_path)
    (tmp_path / MANIFEST).write_text(content, encoding="utf-8", errors="surrogateescape")
    with pytest.raises(BundleError) as caught:
        Bundle.open(tmp_path)
    assert caught.value.code == "bad-bundle"


@pytest.mark.parametrize("fields", [{"launch_uuid": "x"}, {"files": [["x", 1, "0" * 64]]}, {}])
def test_a_manifest_that_is_sealed_and_says_nothing_of_use(tmp_path: Path, fields: dict[str, Any]) -> None:
    bundle(tmp_path)
    write_manifest(tmp_path, fields)
    with pytest.raises(BundleError) as caught:
        Bundle.open(tmp_path)
    assert caught.value.code == "bad-bundle"


@pytest.mark.parametrize(("schema", "code"), [(0, "older-bundle"), (1, "older-bundle"), (99, "newer-bundle")])
def test_a_bundle_of_another_schema(tmp_path: Path, schema: int, code: str) -> None:
    bundle(tmp_path)
    (tmp_path / MANIFEST).write_text(f'{{"schema": {schema}}}', encoding="utf-8")
    with pytest.raises(BundleError) as caught:
        Bundle.open(tmp_path)
    assert caught.value.code == code
    assert f"has schema {schema}; this version reads 2" in caught.value.message
    assert "with the version of onetest-ci that collected it" in caught.value.hint


def test_a_missing_bundle(tmp_path: Path) -> None:
    with pytest.raises(BundleError) as caught:
        Bundle.open(tmp_path)
    assert caught.value.code == "no-bundle"


def test_fewer_and_more_tests_than_were_counted(tmp_path: Path) -> None:
    written = bundle(tmp_path, *(StoredCase(Case(n, None, "n"), "", ()) for n in range(3)), cases=3)
    assert len(list(written.results())) == 3
    for counted in (2, 4):
        with pytest.raises(BundleError) as caught:
            list(written._replace(manifest=replace(written.manifest, cases=counted)).results())
        assert f"contains 3 tests, and {MANIFEST} counts {counted}" in caught.value.message


def test_an_attempt_whose_repeat_is_missing(tmp_path: Path) -> None:
    written = bundle(tmp_path, StoredCase(Case(7, None, "n", status=FAILED), "", ()), superseded=(7,))
    with pytest.raises(BundleError) as caught:
        list(written.results())
    assert "lacks the repeat of the test 7" in caught.value.message


@pytest.mark.parametrize("line", [b"{", b"[]", b"7", b'{"case":{}}', b'{"case":7}', b'{"suite":[]}', b"\xff"])
def test_damaged_items(tmp_path: Path, line: bytes) -> None:
    written = bundle(tmp_path, Suite(0, None, "s"))
    with (tmp_path / ITEMS).open("ab") as items:
        items.write(line + b"\n")
    with pytest.raises(BundleError) as caught:
        list(written.items())
    assert "line 2" in caught.value.message
    (tmp_path / ITEMS).unlink()
    with pytest.raises(BundleError):
        list(written.items())
    with pytest.raises(BundleError):
        written.items_size()


@pytest.mark.parametrize(
    "place",
    ["/etc/passwd", "attachments/../../x", "attachments/.x", "attachments/a/b", "bundle.json", "", "x/y"],
)
def test_a_stored_file_never_lies_outside(tmp_path: Path, place: str) -> None:
    with pytest.raises(BundleError):
        bundle(tmp_path).path_of(FILE._replace(file=place))


def test_a_stored_file_is_no_link(tmp_path: Path) -> None:
    written = bundle(tmp_path)
    (tmp_path / "attachments").mkdir()
    (tmp_path / FILE.file).symlink_to("/etc/hostname")
    with pytest.raises(BundleError):
        written.path_of(FILE)


def test_the_totals_are_the_counts_of_reports() -> None:
    assert Counts().as_dict() == TOTALS
