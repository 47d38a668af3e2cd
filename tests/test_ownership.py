"""Whose the files are that root writes into somebody else's workspace."""

import os
from pathlib import Path

import pytest

from onetest_ci.ownership import set_workspace_owner, workspace_owned

OWNER = (12345, 54321)

pytestmark = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away"
)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    place = tmp_path / "workspace"
    place.mkdir()
    os.chown(place, *OWNER)
    return place


def owner(path: Path) -> tuple[int, int]:
    status = path.lstat()
    return status.st_uid, status.st_gid


def test_what_is_made_and_its_new_directories_go_to_the_owner(workspace: Path) -> None:
    old = workspace / "old"
    old.mkdir()
    with workspace_owned(old / "new" / "deep" / "file", workspace):
        (old / "new" / "deep").mkdir(parents=True)
        (old / "new" / "deep" / "file").touch()
    assert owner(old) == (0, 0)
    assert {owner(place) for place in old.rglob("*")} == {OWNER}


def test_also_when_it_ends_badly(workspace: Path) -> None:
    def interrupted() -> None:
        with workspace_owned(workspace / "file", workspace):
            (workspace / "file").touch()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert owner(workspace / "file") == OWNER


def test_nothing_outside_is_touched_through_links_either(workspace: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "file").touch()
    (workspace / "bundle").mkdir()
    (workspace / "bundle" / "link").symlink_to(outside)
    (workspace / "leads out").symlink_to(outside)
    set_workspace_owner(workspace / "bundle", workspace)
    set_workspace_owner(workspace / "leads out" / "file", workspace)
    set_workspace_owner(outside / "file", workspace)
    assert owner(outside / "file") == owner(outside) == (0, 0)
    assert owner(workspace / "bundle" / "link") == OWNER


def test_root_s_own_workspace_and_none_at_all(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    os.chown(tmp_path / "file", *OWNER)
    set_workspace_owner(tmp_path / "file", tmp_path)
    set_workspace_owner(tmp_path / "file", None)
    assert owner(tmp_path / "file") == OWNER
