"""A file is written below the root, over no other file, through no link; also without open directories."""

from pathlib import Path

import pytest

from onetest_ci.errors import UsageProblem
from onetest_ci.init import writing
from onetest_ci.init.writing import write_new


@pytest.fixture(params=[True, False], ids=["by steps", "by paths"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A root, on systems that open files relative to directories and on those that do not."""
    assert writing.BY_STEPS
    monkeypatch.setattr(writing, "BY_STEPS", request.param)
    place = tmp_path / "root"
    place.mkdir()
    return place.resolve()


def content(root: Path) -> dict[str, str]:
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in paths}


def refused(root: Path, path: str, *, backup: bool) -> str:
    with pytest.raises(UsageProblem) as caught:
        write_new(root, path, "new", backup=backup)
    return caught.value.code


def test_a_new_file(root: Path) -> None:
    assert write_new(root, "a/b/c.yml", "größe\n", backup=False) == ""
    assert content(root) == {"a/b/c.yml": "größe\n"}


def test_another_file_is_kept(root: Path) -> None:
    assert write_new(root, "a/c.yml", "first", backup=True) == ""
    assert refused(root, "a/c.yml", backup=False) == "file-exists"
    assert write_new(root, "a/c.yml", "second", backup=True) == "a/c.yml.bak"
    (root / "a" / "c.yml.bak.1").mkdir()
    assert write_new(root, "a/c.yml", "third", backup=True) == "a/c.yml.bak.2"
    assert content(root) == {"a/c.yml": "third", "a/c.yml.bak": "first", "a/c.yml.bak.2": "second"}


@pytest.mark.parametrize("backup", [True, False])
@pytest.mark.parametrize("linked", ["a", "a/b", "a/b/c.yml"])
@pytest.mark.parametrize("target", ["../outside", "gone", "."])
def test_no_link_is_followed(linked: str, target: str, backup: bool, root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir()
    (root / linked).parent.mkdir(parents=True, exist_ok=True)
    (root / linked).symlink_to(root.parent / target if target == "../outside" else target)
    assert refused(root, "a/b/c.yml", backup=backup) == "link-in-path"
    assert content(root) == {}
    assert list(outside.iterdir()) == []


@pytest.mark.parametrize("backup", [True, False])
def test_a_directory_in_its_place_stays(backup: bool, root: Path) -> None:
    (root / "c.yml").mkdir()
    assert refused(root, "c.yml", backup=backup) == "link-in-path"
    assert content(root) == {}


def test_a_file_in_place_of_a_directory_stays(root: Path) -> None:
    (root / "a").write_text("mine", encoding="utf-8")
    assert refused(root, "a/c.yml", backup=True) in {"link-in-path", "output-not-written"}
    assert content(root) == {"a": "mine"}
