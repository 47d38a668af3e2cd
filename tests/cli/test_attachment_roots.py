"""Where attachments may come from: no link in the checkout, and no file beside it, opens the file system."""

import os
import zipfile
from pathlib import Path
from typing import Final

import pytest

from onetest_ci.bundle.file_store import FileStore, NotStored
from onetest_ci.collect.attachments import AttachmentRoots
from onetest_ci.redaction import Redactor
from onetest_ci.reports import FoundFile, ReadOptions, find
from support.collected import Collected

HIDDEN: Final = "not for others"
GREEN: Final = "<testsuite name='s'><testcase classname='c' name='t'/></testsuite>"


def naming(*paths: str | Path) -> str:
    marks = " ".join(f"[[ATTACHMENT|{path}]]" for path in paths)
    return (
        "<testsuite name='s'><testcase classname='c' name='t'>"
        f"<system-out>{marks}</system-out></testcase></testsuite>"
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A directory outside of the checkout, with a secret, and a file that is not a report."""
    place = tmp_path / "home"
    (place / "deep").mkdir(parents=True)
    (place / "token").write_text(HIDDEN, encoding="utf-8")
    (place / "deep" / "token").write_text(HIDDEN, encoding="utf-8")
    (place / "settings.xml").write_text("<settings/>", encoding="utf-8")
    return place


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    (place / "reports").mkdir(parents=True)
    return place


def taken(shop: Path, *patterns: str | Path, env: dict[str, str] | None = None) -> list[str]:
    """Names of the attachments that were collected; the secret is nowhere else either."""
    found = Collected(shop, *map(str, patterns), env=env)
    inside = [path for path in found.place.rglob("*") if path.is_file() and path.suffix != ".zip"]
    names = [name for name, _ in found.files]
    if "token" not in names:
        assert HIDDEN.encode() not in b"".join(path.read_bytes() for path in inside)
    return names


@pytest.mark.parametrize("pattern", ["reports", "reports/**/*.xml", "**/*.xml"])
@pytest.mark.parametrize("also", ["settings.xml", "real.xml"])
def test_a_link_below_what_was_named_opens_nothing(shop: Path, home: Path, pattern: str, also: str) -> None:
    # Even if what it leads to is a report.
    (home / also).write_text(GREEN if also == "real.xml" else "<settings/>", encoding="utf-8")
    (shop / "reports" / "r.xml").write_text(naming(home / "token", home / "deep" / "token"))
    (shop / "reports" / "l").symlink_to(home)
    assert taken(shop, pattern, "reports/r.xml") == []


def test_a_link_in_what_was_named_is_the_users(shop: Path, home: Path) -> None:
    (home / "deep" / "r.xml").write_text(naming("token"), encoding="utf-8")
    (shop / "results").symlink_to(home)
    for pattern in ("results/deep/r.xml", "results/deep", "results/**/r.xml", "results/deep/*.xml"):
        assert taken(shop, pattern) == ["token"]


def test_a_file_that_is_a_link_opens_its_own_directory_alone(shop: Path, home: Path) -> None:
    (home / "r.xml").write_text(naming("token", home / "token", "beside"), encoding="utf-8")
    (shop / "reports" / "r.xml").symlink_to(home / "r.xml")
    (shop / "reports" / "beside").write_text("beside", encoding="utf-8")
    for pattern in ("reports/r.xml", "reports", "reports/*.xml"):
        assert taken(shop, pattern) == ["beside"]


@pytest.mark.parametrize("pattern", ["/*", "", "/settings.xml"])
def test_a_file_that_is_not_a_report_opens_nothing(shop: Path, home: Path, pattern: str) -> None:
    (shop / "r.xml").write_text(naming(home / "token"), encoding="utf-8")
    assert taken(shop, "r.xml", f"{home}{pattern}") == []
    # The format that the user names does not make it one.
    assert taken(shop, "r.xml", f"{home}{pattern}", "--report-format", "tap") == []


@pytest.mark.parametrize("order", [("r.xml", "HOME"), ("HOME", "r.xml")])
def test_a_report_opens_its_directory_in_any_order(shop: Path, home: Path, order: tuple[str, ...]) -> None:
    (shop / "r.xml").write_text(naming(home / "deep" / "token"), encoding="utf-8")
    (home / "real.xml").write_text(GREEN, encoding="utf-8")
    assert taken(shop, *(pattern.replace("HOME", str(home / "*.xml")) for pattern in order)) == ["token"]


def test_a_report_in_an_archive_opens_the_directory_of_the_archive(shop: Path, home: Path) -> None:
    contents = (("reports.zip", naming("deep/token")), ("others.zip", "text"))
    for name, content in contents:
        with zipfile.ZipFile(home / name, "w") as archive:
            archive.writestr("a/member", content)
            link = zipfile.ZipInfo("a/link.xml")
            link.external_attr = 0o120777 << 16
            archive.writestr(link, str(home / "settings.xml"))
    assert taken(shop, home / "reports.zip") == ["token"]
    (shop / "r.xml").write_text(naming(home / "deep" / "token"), encoding="utf-8")
    assert taken(shop, "r.xml", home / "others.zip") == []


def test_a_directory_in_the_tree_is_entered_by_its_own_path(shop: Path, home: Path) -> None:
    # Outside of the checkout, where a link would open nothing.
    for name in ("a-latest", "z-latest"):
        (home / name).symlink_to("deep")
    (home / "deep" / "r.xml").write_text(naming("token"), encoding="utf-8")
    for pattern in (home, home / "**" / "*.xml", home / "*" / "r.xml"):
        assert taken(shop, pattern) == ["token"]


def test_outside_ci_the_workspace_is_the_checkout(shop: Path, home: Path) -> None:
    (shop / ".git").mkdir()
    (shop / ".git" / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (shop / "module").mkdir()
    (shop / "top.log").write_text("top", encoding="utf-8")
    (shop / "module" / "r.xml").write_text(naming("../top.log", "top.log", home / "token"))
    assert taken(shop / "module", "r.xml") == ["top.log"]
    (shop / ".git" / "HEAD").unlink()
    assert taken(shop / "module", "r.xml") == []


@pytest.mark.parametrize("place", [".git/config", ".GIT/config", "sub/.hg/hgrc", ".svn/entries", "CVS/Root"])
def test_version_control_holds_no_attachments(shop: Path, place: str) -> None:
    path = shop / place
    path.parent.mkdir(parents=True)
    path.write_text(HIDDEN, encoding="utf-8")
    (shop / "link").symlink_to(place)
    (shop / "r.xml").write_text(naming(place, "link"), encoding="utf-8")
    assert taken(shop, "r.xml") == []


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc")
def test_the_process_itself_is_outside(shop: Path, home: Path) -> None:
    (shop / "environ").symlink_to("/proc/self/environ")
    (shop / "root").symlink_to("/proc/self/root")
    paths = ("/proc/self/environ", "environ", f"root{home}/token", f"/proc/self/root{home}/token")
    (shop / "r.xml").write_text(naming(*paths, f"/proc/self/cwd/../{home.name}/token"), encoding="utf-8")
    assert taken(shop, "r.xml") == []


def test_artifacts_follow_no_link_out_of_the_workspace(shop: Path, home: Path) -> None:
    (shop / "r.xml").write_text(GREEN, encoding="utf-8")
    (shop / "logs").symlink_to(home)
    (shop / "token.log").symlink_to(home / "token")
    found = Collected(
        shop, "r.xml", "--artifacts", "logs/*", "--artifacts", "*.log", "--artifacts", str(home)
    )
    assert [name for name, *_ in found.manifest["artifacts"]] == ["reports.zip"]
    assert sum("it lies outside the workspace" in warning for warning in found.warnings) == 6


def _swap(folder: Path, target: Path) -> None:
    """Put a link in the place of a directory."""
    folder.rename(folder.with_name("moved"))
    folder.symlink_to(target)


@pytest.fixture
def results(tmp_path: Path, home: Path) -> Path:
    """A directory of reports outside of the checkout; ``home`` has files of the same names."""
    place = tmp_path / "results"
    for top, text in ((place, "public"), (home, HIDDEN)):
        (top / "unit").mkdir(parents=True)
        (top / "unit" / "token").write_text(text, encoding="utf-8")
        (top / "unit" / "r.xml").write_text(GREEN, encoding="utf-8")
    return place


def test_a_link_put_there_after_the_search(results: Path, home: Path) -> None:
    (file,) = find(["results/**/r.xml"], root=results.parent).files
    _swap(results / "unit", home / "unit")
    assert file.own_folder() is None


@pytest.mark.parametrize("swapped", ["", "unit"])
def test_a_link_put_there_after_its_directory_was_opened(results: Path, home: Path, swapped: str) -> None:
    bundle = results.parent / "bundle"
    bundle.mkdir()
    (file,) = find(["results/**/r.xml"], root=results.parent).files
    store = FileStore(bundle, "attachments", [bundle], Redactor.none())
    AttachmentRoots(store).add_all([file], ReadOptions())
    found = store.find("token", [file.path.parent])
    _swap(results / swapped, home / swapped)
    with pytest.raises(NotStored, match="outside"):
        store.find("token", [file.path.parent])
    with pytest.raises(NotStored, match="cannot be read"):
        store.add(found, "token")


def test_a_file_of_no_search_has_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    named = FoundFile(tmp_path / "link" / "r.xml", "link/r.xml", explicit=True)
    assert named.own_folder() == tmp_path / "real"
    assert FoundFile(named.path, "link/r.xml", searched=os.fspath(tmp_path)).own_folder() is None
    assert FoundFile(named.path, "link/r.xml", searched=f"{tmp_path}/link").own_folder() == tmp_path / "real"
