"""The release workflow changes the tree by tools/release.py."""

import importlib
import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
DIGEST = "ghcr.io/onetest/report-action@sha256:" + "5" * 64

sys.path.insert(0, str(ROOT / "tools"))
release = importlib.import_module("release")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("action.yml", "CHANGELOG.md", "src/onetest_ci/__init__.py", "templates", "vars"):
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, target)
    return tmp_path


def test_the_commit_of_a_release_names_the_image_by_its_digest(tree: Path) -> None:
    release.pin(tree, DIGEST)
    action = yaml.safe_load((tree / "action.yml").read_text(encoding="utf-8"))
    assert action["runs"] == {"using": "docker", "image": f"docker://{DIGEST}", "args": ["report"]}
    header = next(iter(yaml.safe_load_all((tree / "templates/report/template.yml").read_text())))
    assert header["spec"]["inputs"]["image"]["default"] == DIGEST
    assert f"'{DIGEST}'" in (tree / "vars/onetestReport.groovy").read_text(encoding="utf-8")


def test_the_tree_contains_no_digest() -> None:
    for name in ("action.yml", "templates/report/template.yml", "vars/onetestReport.groovy", "Dockerfile"):
        assert "sha256:" not in (ROOT / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("image", ["ghcr.io/onetest/report-action:1", "ghcr.io/x/y@sha256:" + "5" * 64])
def test_an_image_without_its_digest_is_refused(tree: Path, image: str) -> None:
    before = (tree / "action.yml").read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="is not"):
        release.pin(tree, image)
    assert (tree / "action.yml").read_text(encoding="utf-8") == before


def test_a_version_that_the_tree_does_not_contain_is_refused(tree: Path) -> None:
    version = re.findall(r'"([0-9.]+)"', (tree / "src/onetest_ci/__init__.py").read_text())[0]
    with pytest.raises(ValueError, match="does not contain"):
        release.check(tree, "9.9.9")
    with pytest.raises(ValueError, match="not a version"):
        release.check(tree, "v1")
    with pytest.raises(ValueError, match="nothing under"):
        release.check(tree, version)
    log = tree / "CHANGELOG.md"
    text = log.read_text(encoding="utf-8")
    log.write_text(text.replace("## [Unreleased]", f"## [Unreleased]\n\n## [{version}] - 2026-12-01"))
    release.check(tree, version)
    assert release.notes(tree, version).startswith("### Added")
