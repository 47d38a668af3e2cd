"""Checkouts made by the git program, read without it."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from onetest_ci.ci.checkout import Checkout, read_checkout

Git = Callable[..., str]
ENVIRON = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_SYSTEM": os.devnull,
    "GIT_AUTHOR_NAME": "Mona",
    "GIT_AUTHOR_EMAIL": "mona@example.org",
    "GIT_COMMITTER_NAME": "Mona",
    "GIT_COMMITTER_EMAIL": "mona@example.org",
}


def git_in(folder: Path) -> Git:
    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments], env=ENVIRON, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    return git


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    root.mkdir()
    git = git_in(root)
    git("init", "--quiet", "--initial-branch=main")
    git("commit", "--quiet", "--allow-empty", "--message=first")
    git("commit", "--quiet", "--allow-empty", "--message=second")
    return root


@pytest.fixture
def git(repository: Path) -> Git:
    return git_in(repository)


def read(folder: Path) -> Checkout:
    checkout = read_checkout(folder)
    assert checkout is not None
    return checkout


def test_branch(repository: Path, git: Git) -> None:
    git("switch", "--quiet", "--create", "feature/Grüße-🎉")
    assert read(repository) == Checkout(
        root=repository, branch="feature/Grüße-🎉", commit=git("rev-parse", "HEAD")
    )


@pytest.mark.skipif(sys.platform != "linux", reason="other systems keep names of files as Unicode")
@pytest.mark.parametrize("packed", [False, True])
def test_branch_whose_name_is_not_utf8(repository: Path, git: Git, packed: bool) -> None:
    git("switch", "--quiet", "--create", os.fsdecode(b"caf\xe9"))
    if packed:
        git("pack-refs", "--all")
    assert read(repository) == Checkout(root=repository, branch="caf", commit=git("rev-parse", "HEAD"))


def test_from_a_folder_inside(repository: Path, git: Git) -> None:
    inside = repository / "a" / "b"
    inside.mkdir(parents=True)
    assert read(inside) == Checkout(root=repository, branch="main", commit=git("rev-parse", "HEAD"))


def test_detached_head_has_no_branch(repository: Path, git: Git) -> None:
    git("checkout", "--quiet", "--detach", "HEAD~1")
    assert read(repository) == Checkout(root=repository, commit=git("rev-parse", "main~1"))


def test_packed_refs(repository: Path, git: Git) -> None:
    git("tag", "--annotate", "v1", "--message=one")
    for name in ("main2", "not-main", "x/refs/heads/main"):
        git("branch", name, "HEAD~1")
    git("pack-refs", "--all")
    assert not (repository / ".git" / "refs" / "heads" / "main").exists()
    assert read(repository) == Checkout(root=repository, branch="main", commit=git("rev-parse", "HEAD"))


def test_a_loose_ref_is_newer_than_a_packed_one(repository: Path, git: Git) -> None:
    git("pack-refs", "--all")
    git("commit", "--quiet", "--allow-empty", "--message=third")
    assert read(repository).commit == git("rev-parse", "HEAD")


@pytest.mark.parametrize("packed", [False, True])
def test_worktree(git: Git, tmp_path: Path, packed: bool) -> None:
    git("remote", "add", "origin", "https://git.example.org/shop/project.git")
    worktree = tmp_path / "worktree"
    git("worktree", "add", "--quiet", "-b", "side", str(worktree), "HEAD~1")
    if packed:
        git("pack-refs", "--all")
    assert (worktree / ".git").is_file()
    assert read(worktree) == Checkout(
        root=worktree,
        branch="side",
        commit=git_in(worktree)("rev-parse", "HEAD"),
        remote_url="https://git.example.org/shop/project.git",
    )


def test_submodule(repository: Path, git: Git, tmp_path: Path) -> None:
    outer = tmp_path / "outer"
    outer.mkdir()
    git_in(outer)("init", "--quiet")
    git_in(outer)(
        "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repository), "vendored"
    )
    assert (outer / "vendored" / ".git").read_text().startswith("gitdir: ../.git/modules/")
    assert read(outer / "vendored") == Checkout(
        root=outer / "vendored", branch="main", commit=git("rev-parse", "HEAD"), remote_url=str(repository)
    )


def test_sha256_repository(tmp_path: Path) -> None:
    git = git_in(tmp_path)
    git("init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    git("commit", "--quiet", "--allow-empty", "--message=first")
    commit = git("rev-parse", "HEAD")
    assert len(commit) == 64
    assert read(tmp_path) == Checkout(root=tmp_path, branch="main", commit=commit)


def test_no_commit_yet(tmp_path: Path) -> None:
    git_in(tmp_path)("init", "--quiet", "--initial-branch=trunk")
    assert read(tmp_path) == Checkout(root=tmp_path, branch="trunk")


def test_symbolic_branch(repository: Path, git: Git) -> None:
    git("symbolic-ref", "refs/heads/alias", "refs/heads/main")
    git("symbolic-ref", "HEAD", "refs/heads/alias")
    assert read(repository) == Checkout(root=repository, branch="alias", commit=git("rev-parse", "HEAD"))


def test_no_checkout(tmp_path: Path) -> None:
    assert read_checkout(tmp_path) is None


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://git.example.org/shop/project.git", "https://git.example.org/shop/project.git"),
        ("https://ghp_token@github.com/shop/project", "https://github.com/shop/project"),
        ("https://user:pass%40word@git.example.org:8443/x.git", "https://git.example.org:8443/x.git"),
        ("ssh://git:password@git.example.org:2222/x.git", "ssh://git@git.example.org:2222/x.git"),
        ("git@git.example.org:shop/project.git", "git@git.example.org:shop/project.git"),
        ('https://git.example.org/a b#c;d"e\\f.git', "https://git.example.org/a b"),
        ("../elsewhere.git", "../elsewhere.git"),
    ],
)
def test_remote_url(repository: Path, git: Git, url: str, shown: str) -> None:
    git("remote", "add", "other", "https://other.example.org/y.git")
    git("remote", "add", "origin", url)
    git("config", "remote.pushDefault", "other")
    git("config", "remote.Origin.url", "https://wrong-case.example.org/y.git")
    assert git("config", "--get", "remote.origin.url") == url
    assert read(repository).remote_url == shown


def test_a_config_written_by_hand(repository: Path, git: Git) -> None:
    (repository / ".git" / "config").write_text(
        "[core]\n\trepositoryformatversion = 0\n"
        '; [remote "origin"]\n'
        '[Remote "origin"] fetch = +refs/heads/*:refs/remotes/origin/*\n'
        '  URL = "https://git.example.org\\\n/shop/"project.git # ours\n'
        "url = https://git.example.org/second.git\n"
    )
    assert read(repository).remote_url == git("config", "--get-all", "remote.origin.url").splitlines()[0]


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\n",
        b"ref:\n",
        b"ref: ../../../secret\n",
        b"ref: refs/heads/../../../../secret\n",
        b"ref: /etc/passwd\n",
        b"ref: refs/heads/main.lock\n",
        b"ref: refs/heads/.invalid\n",
        b"ref: refs/heads/a\x1b[31mb\n",
        b"ref: refs/heads/\xff\xfe\x00\n",
        b"not a commit\n",
        b"deadbeef\n",
        b"\x00" * 100_000,
    ],
)
def test_a_head_that_git_would_refuse_is_ignored(repository: Path, head: bytes) -> None:
    (repository.parent / "secret").write_text("0" * 40)
    (repository / ".git" / "HEAD").write_bytes(head)
    checkout = read(repository)
    assert (checkout.branch, checkout.commit) == ("", "")


def test_refs_that_name_each_other(repository: Path) -> None:
    heads = repository / ".git" / "refs" / "heads"
    (heads / "main").write_text("ref: refs/heads/loop\n")
    (heads / "loop").write_text("ref: refs/heads/main\n")
    assert read(repository) == Checkout(root=repository, branch="main")


def test_a_ref_without_a_commit_id_is_ignored(repository: Path) -> None:
    (repository / ".git" / "refs" / "heads" / "main").write_text("AKIA-something-secret\n")
    assert read(repository) == Checkout(root=repository, branch="main")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are a Unix thing")
@pytest.mark.parametrize("name", ["config", "packed-refs", "commondir", "refs/heads/main"])
def test_a_pipe_in_place_of_a_file_is_not_waited_for(repository: Path, name: str) -> None:
    file = repository / ".git" / name
    file.unlink(missing_ok=True)
    os.mkfifo(file)
    assert read(repository).branch == "main"


@pytest.mark.parametrize(
    "content", ["", "gitdir:", "gitdir: /nowhere\n", "gitdir: \0\n", "hello", "gitdir: " + "a" * 9999]
)
def test_a_git_file_that_leads_nowhere_is_not_a_checkout(tmp_path: Path, content: str) -> None:
    (tmp_path / ".git").write_text(content)
    assert read_checkout(tmp_path) is None


def test_an_empty_git_folder_is_passed_over_as_git_does(repository: Path) -> None:
    inside = repository / "inside"
    (inside / ".git").mkdir(parents=True)
    assert read(inside).root == repository
    assert git_in(inside)("rev-parse", "--show-toplevel") == str(repository.resolve())
