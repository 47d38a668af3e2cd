"""``onetest-ci collect``: what is in a bundle, and what may not be."""

import base64
import os
from pathlib import Path

import pytest

from support.collected import Collected
from support.command import run
from support.onetest import LocalOneTest

KEY = "ak_abcdefghijklmnopqrstuvwxyz012345"
LIMIT = 10 * 1024 * 1024
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


def report(*attachments: str, said: str = "") -> str:
    """A report of one test that names files."""
    lines = "\n".join(f"[[ATTACHMENT|{path}]]" for path in attachments)
    return (
        '<testsuite name="s"><testcase classname="c" name="t">'
        f"<failure>no</failure><system-out>{said}\n{lines}\n</system-out></testcase></testsuite>"
    )


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    place = tmp_path / "checkout"
    (place / "out").mkdir(parents=True)
    return place


def test_the_bundle(shop: Path) -> None:
    (shop / "out" / "r.xml").write_text(report("a.png"), encoding="utf-8")
    (shop / "out" / "a.png").write_bytes(PNG)
    found = Collected(shop, "out")
    assert found.done.returncode == 0
    assert found.place.parent == shop
    assert found.names() == ["artifacts", "attachments", "bundle.json", "items.jsonl"]
    assert [next(iter(row)) for row in found.rows()] == ["suite", "case"]
    assert found.files == [("a.png", "image/png")]
    (stored,) = found.names("attachments")
    assert (found.place / "attachments" / stored).read_bytes() == PNG
    assert found.reports() == {"out/r.xml": (shop / "out" / "r.xml").read_bytes()}
    assert found.manifest["totals"]["failures"] == found.manifest["cases"] == found.manifest["suites"] == 1


def test_it_needs_nothing_else(shop: Path) -> None:
    (shop / "r.xml").write_text(report(), encoding="utf-8")
    env = {"ONETEST_PRODUCT_ID": "no id", "ONETEST_BASE_URL": "no url", "HTTPS_PROXY": "http://127.0.0.1:1"}
    assert Collected(shop, "r.xml", env=env).done.returncode == 0


def test_only_the_directory_is_on_standard_output(shop: Path) -> None:
    (shop / "r.xml").write_text(report("gone.png"), encoding="utf-8")
    (shop / "cut.xml").write_text(report()[:60], encoding="utf-8")
    found = Collected(shop, ".", "--bundle", "my bundle")
    assert found.done.returncode == 3
    assert found.place == shop / "my bundle"
    assert "error[broken-xml]" in found.done.stderr
    assert "gone.png" in found.done.stderr


@pytest.mark.parametrize("name", ["ONETEST_API_KEY", "ONETEST_RECEIVER_API_KEY"])
def test_a_key_in_the_environment_is_nowhere_in_the_bundle(name: str, shop: Path) -> None:
    basic = base64.b64encode(f"ci:{KEY}".encode()).decode()
    said = f"Bearer {KEY} Basic {basic}"
    (shop / f"{KEY}.xml").write_text(
        report("app.log", f"{KEY}.log", said=said).replace("<failure>", f'<failure message="{KEY}">'),
        encoding="utf-8",
    )
    (shop / "app.log").write_text(said, encoding="utf-8")
    (shop / "trace.log").write_text(said, encoding="utf-8")
    found = Collected(
        shop, f"{KEY}.xml", "--artifacts", "*.log", "--launch-description", said, env={name: KEY}
    )
    assert found.done.returncode == 0
    packed = {f"member {name}": content for name, content in found.reports().items()}
    files = {str(path): path.read_bytes() for path in found.place.rglob("*") if path.is_file()}
    assert len(files) == 5
    for where, content in (files | packed).items():
        if not where.endswith(".zip"):
            assert KEY.encode() not in content, where
            assert basic.encode()[8:-8] not in content, where
            assert b"***" in content or where.endswith("bundle.json"), where
    assert KEY not in found.done.stderr


def test_where_an_attachment_is_looked_for(shop: Path, tmp_path: Path) -> None:
    cwd = shop / "module"
    (cwd / "out").mkdir(parents=True)
    beside, in_workspace, in_cwd = cwd / "out" / "b.txt", shop / "w.txt", cwd / "c.txt"
    absolute = shop / "abs" / "größe-注文.txt"
    absolute.parent.mkdir()
    for path in (beside, in_workspace, in_cwd, absolute, shop / "b.txt", cwd / "w.txt"):
        path.write_text(str(path), encoding="utf-8")
    (cwd / "out" / "r.xml").write_text(
        report("b.txt", "w.txt", "c.txt", str(absolute), f"file://{absolute}", "..\\c.txt"), encoding="utf-8"
    )
    env = {"GITHUB_ACTIONS": "true", "GITHUB_WORKSPACE": str(shop), "RUNNER_TEMP": str(tmp_path)}
    found = Collected(cwd, "out/r.xml", env=env)
    assert found.warnings == []
    contents = {(found.place / file).read_text(encoding="utf-8") for _, file in found.places}
    assert contents == {str(path) for path in (beside, in_workspace, in_cwd, absolute)}
    # A file that is named twice is there once.
    assert [name for name, _ in found.files] == ["b.txt", "w.txt", "c.txt", "größe-注文.txt"]
    assert len(found.names("attachments")) == 4


@pytest.fixture
def refused(shop: Path, tmp_path: Path) -> dict[str, str]:
    """Attachments that may not travel, and why."""
    (tmp_path / "secret.txt").write_text("do not take", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.txt").write_text("do not take", encoding="utf-8")
    (shop / "out" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (shop / "out" / "linked").symlink_to(tmp_path / "folder")
    (shop / "out" / "loop.txt").symlink_to("loop.txt")
    (shop / "out" / "dangling.txt").symlink_to("nowhere.txt")
    (shop / "out" / "folder").mkdir()
    os.mkfifo(shop / "out" / "pipe")
    with (shop / "out" / "large.bin").open("wb") as large:
        large.truncate(LIMIT + 1)
    outside, absent, irregular = "outside", "no such file", "not a regular file"
    return {
        "../../secret.txt": outside,
        "../../../../../../../../../etc/passwd": outside,
        str(tmp_path / "secret.txt"): outside,
        "/etc/passwd": outside,
        "file:///etc/passwd": outside,
        "link.txt": outside,
        "linked/inner.txt": outside,
        "..\\..\\secret.txt": outside,
        "loop.txt": absent,
        "dangling.txt": absent,
        "gone.png": absent,
        "x" * 300: absent,
        "folder": irregular,
        "pipe": irregular,
        "/dev/zero": outside,
        "large.bin": f"{LIMIT + 1:,} bytes",
    }


def test_what_may_not_travel_is_one_warning_each(shop: Path, refused: dict[str, str]) -> None:
    with (shop / "out" / "just.bin").open("wb") as allowed:
        allowed.truncate(LIMIT)
    (shop / "out" / "r.xml").write_text(report(*refused, "just.bin"), encoding="utf-8")
    found = Collected(shop, "out/r.xml")
    assert found.done.returncode == 0
    assert [name for name, _ in found.files] == ["just.bin"]
    assert len(found.warnings) == len(refused)
    for (path, reason), warning in zip(refused.items(), found.warnings, strict=True):
        assert warning.startswith(f"Attachment {path[:300]!r} of out/r.xml: ")
        assert reason in warning
    assert b"do not take" not in b"".join(
        path.read_bytes() for path in found.place.rglob("*") if path.is_file() and path.suffix != ".zip"
    )


def test_many_warnings_of_a_kind_are_one_line_and_all_in_the_bundle(shop: Path) -> None:
    (shop / "r.xml").write_text(report(*(f"gone-{n}.png" for n in range(612))), encoding="utf-8")
    found = Collected(shop, "r.xml")
    assert len(found.warnings) == 612
    (line,) = [line for line in found.done.stderr.splitlines() if "gone-" in line]
    assert line.startswith(
        "onetest-ci: warning: Attachments left out (612): Attachment 'gone-0.png' of r.xml: "
    )
    assert "gone-1.png" in line
    assert "gone-2.png" not in line
    assert line.endswith(f"; 610 more: {found.place}/bundle.json has all")


def test_artifacts(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("do not take", encoding="utf-8")
    for name in ("logs/a.log", "logs_a.log", "logs/größe.log", "reports.zip"):
        path = shop / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, encoding="utf-8")
    (shop / "link.log").symlink_to(tmp_path / "secret.txt")
    (shop / "r.xml").write_text(report(), encoding="utf-8")
    found = Collected(
        shop, "r.xml", "--artifacts", "**/*.log", "--artifacts", "reports.zip", "--artifacts", "no/*"
    )
    assert found.done.returncode == 0
    stored = {name: (found.place / file).read_bytes() for name, file, _, _ in found.manifest["artifacts"]}
    del stored["reports.zip"]
    assert stored == {
        "logs_a.log": b"logs/a.log",
        "logs_größe.log": "logs/größe.log".encode(),
        "2_logs_a.log": b"logs_a.log",
        "2_reports.zip": b"reports.zip",
    }
    assert any("link.log: it lies outside" in warning for warning in found.warnings)
    assert any("no/*" in warning for warning in found.warnings)


def test_reports_with_one_name(shop: Path) -> None:
    (shop / "r.xml").write_text(report(said="inner"), encoding="utf-8")
    (shop.parent / "r.xml").write_text(report(said="outer"), encoding="utf-8")
    found = Collected(shop, "r.xml", "../r.xml")
    members = found.reports()
    assert len(members) == 2
    assert sorted(b"inner" in content for content in members.values()) == [False, True]
    assert not any(name.startswith(("/", "..")) for name in members)
    assert "Duplicate" not in found.done.stderr


def test_names_that_are_no_utf_8(shop: Path) -> None:
    name = os.fsdecode(b"r\xff.xml")
    (shop / name).write_text("<testsuites><testcase name='t'/></testsuites>", encoding="utf-8")
    (shop / os.fsdecode(b"a\xff.log")).write_text("log", encoding="utf-8")
    found = Collected(shop, ".", "--artifacts", "*.log")
    assert found.done.returncode == 0, found.done.stderr
    assert [row["path"] for row in found.manifest["reports"]] == ["r?.xml"]
    assert len(found.manifest["artifacts"]) == 2


def test_a_bundle_takes_no_bundle_in(shop: Path) -> None:
    (shop / "r.xml").write_text(report(), encoding="utf-8")
    first = Collected(shop, "r.xml", "--artifacts", "**")
    (first.place / "import").mkdir()
    (first.place / "import" / "old.xml").write_text(report(), encoding="utf-8")
    second = Collected(shop, ".", "--artifacts", "**", "--bundle", "b[1]")
    third = Collected(shop, "**/*.xml", "b*/**", "--artifacts", "r.xml", "--bundle", "c")
    for found in (first, second, third):
        assert [row["path"] for row in found.manifest["reports"]] == ["r.xml"]
    assert [name for name, *_ in first.manifest["artifacts"]] == ["reports.zip", "r.xml"]


def test_a_delivered_bundle_is_replaced_and_no_other(shop: Path, onetest: LocalOneTest) -> None:
    (shop / "r.xml").write_text(report(), encoding="utf-8")
    first = Collected(shop, "r.xml", "--bundle", "b").manifest["launch_uuid"]
    done = run("collect", "r.xml", "--bundle", "b", cwd=shop)
    assert done.returncode == 4
    assert "error[bundle-exists]" in done.stderr
    assert f"onetest-ci push {shop}/b" in done.stderr
    assert run("push", "b", cwd=shop, env=onetest.env).returncode == 0
    assert Collected(shop, "r.xml", "--bundle", "b").manifest["launch_uuid"] != first


def test_what_a_killed_run_left_is_replaced(shop: Path) -> None:
    (shop / "r.xml").write_text(report(), encoding="utf-8")
    left = Collected(shop, "r.xml", "--bundle", "b").place
    (left / "bundle.json").unlink()
    assert Collected(shop, "r.xml", "--bundle", "b").done.returncode == 0


def test_a_bundle_beside_other_files_is_not_removed(shop: Path, onetest: LocalOneTest) -> None:
    (shop / "r.xml").write_text(report(), encoding="utf-8")
    place = Collected(shop, "r.xml", "--bundle", "b").place
    assert run("push", "b", cwd=shop, env=onetest.env).returncode == 0
    (place / "notes.txt").write_text("precious", encoding="utf-8")
    done = run("collect", "r.xml", "--bundle", "b", cwd=shop)
    assert done.returncode == 4
    assert "contains other files" in done.stderr
    assert (place / "notes.txt").is_file()
