"""Files of commits, read from clones that git itself made."""

import subprocess
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from onetest_ci.ci.checkout import git_directories
from onetest_ci.ci.git_objects import NotAFile, ObjectMissing, parents, read_file

LIMIT = 1 << 20


def git(place: Path, *args: str) -> str:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", *settings, *args], cwd=place, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


def commit(place: Path, path: str, text: str) -> str:
    (place / path).parent.mkdir(parents=True, exist_ok=True)
    (place / path).write_text(text, encoding="utf-8")
    git(place, "add", "-A")
    git(place, "commit", "-qm", "m")
    return git(place, "rev-parse", "HEAD")


def versions(place: Path, form: str) -> dict[str, str]:
    """Make a repository with many versions of a large file; return the text of each commit."""
    place.mkdir()
    git(place, "init", "-q", f"--object-format={form}")
    body = "".join(f"line {number} of a text\n" for number in range(4000))
    return {
        commit(
            place, "sub/deep/list.yml", body.replace("line 7 ", f"line {number} times ") + f"{number}\n"
        ): (body.replace("line 7 ", f"line {number} times ") + f"{number}\n")
        for number in range(20)
    }


def loose(place: Path) -> None:
    """Leave the objects as they are."""


def packed(place: Path) -> None:
    git(place, "gc", "-q", "--aggressive", "--prune=now")
    assert not list((place / ".git" / "objects").glob("[0-9a-f][0-9a-f]"))


def packed_by_id(place: Path) -> None:
    git(place, "config", "repack.useDeltaBaseOffset", "false")
    git(place, "repack", "-qadf")


def packed_with_large_offsets(place: Path) -> None:
    git(place, "config", "pack.indexVersion", "2")
    packed(place)
    (index,) = (place / ".git" / "objects" / "pack").glob("*.idx")
    pack = index.with_suffix(".pack")
    index.chmod(0o644)
    git(place, "index-pack", "--index-version=2,0x40", "-o", str(index), str(pack))


@pytest.mark.parametrize("form", ["sha1", "sha256"])
@pytest.mark.parametrize("store", [loose, packed, packed_by_id, packed_with_large_offsets])
def test_each_version_of_a_file(store: Callable[[Path], None], form: str, tmp_path: Path) -> None:
    place = tmp_path / "shop"
    made = versions(place, form)
    store(place)
    found = git_directories(place)
    assert found is not None
    for one, text in made.items():
        assert read_file(found.common, one, "sub/deep/list.yml", LIMIT) == text.encode()
    one, *_, last = made
    assert read_file(found.common, last, "sub/deep/list.yml", 5) == b"line "
    assert read_file(found.common, last, "sub/other.yml", LIMIT) is None
    assert read_file(found.common, last, "sub/deep/list.yml/x", LIMIT) is None
    assert (len(parents(found.common, last)), parents(found.common, one)) == (1, ())


def test_a_worktree_and_a_clone_that_borrows_objects(tmp_path: Path) -> None:
    place = tmp_path / "shop"
    made = versions(place, "sha1")
    git(place, "worktree", "add", "-q", str(tmp_path / "tree"))
    git(tmp_path, "clone", "-q", "--shared", str(place), "copy")
    for name in ("tree", "copy"):
        found = git_directories(tmp_path / name)
        assert found is not None
        for one, text in made.items():
            assert read_file(found.common, one, "sub/deep/list.yml", LIMIT) == text.encode()


def test_a_shallow_clone_lacks_earlier_commits_and_has_their_ids(tmp_path: Path) -> None:
    place = tmp_path / "shop"
    *_, before, last = versions(place, "sha1")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{place}", "copy")
    common = tmp_path / "copy" / ".git"
    assert read_file(common, last, "sub/deep/list.yml", LIMIT)
    assert parents(common, last) == (before,)
    with pytest.raises(ObjectMissing):
        read_file(common, before, "sub/deep/list.yml", LIMIT)


def test_a_link_and_a_folder_are_not_files(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "link").symlink_to("/etc/passwd")
    one = commit(tmp_path, "folder/file", "text")
    for path in ("link", "folder"):
        with pytest.raises(NotAFile):
            read_file(tmp_path / ".git", one, path, LIMIT)


@pytest.mark.parametrize("store", [loose, packed])
def test_no_change_of_a_stored_byte_changes_what_is_read(
    store: Callable[[Path], None], tmp_path: Path
) -> None:
    git(tmp_path, "init", "-q")
    one = commit(tmp_path, "list.yml", "tests: []\n")
    store(tmp_path)
    objects = tmp_path / ".git" / "objects"
    assert read_file(tmp_path / ".git", one, "list.yml", LIMIT) == b"tests: []\n"
    outcomes: set[bytes | None] = set()
    for file in [path for path in objects.rglob("*") if path.is_file() and path.suffix != ".rev"]:
        file.chmod(0o644)
        whole = file.read_bytes()
        changed = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(len(whole))]
        for content in (*changed, *(whole[:end] for end in range(0, len(whole), 7))):
            file.write_bytes(content)
            try:
                outcomes.add(read_file(tmp_path / ".git", one, "list.yml", LIMIT))
            except ObjectMissing:
                outcomes.add(b"missing")
        file.write_bytes(whole)
    assert b"missing" in outcomes
    assert outcomes <= {b"missing", b"tests: []\n"}


def test_an_object_of_another_content_does_not_count(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    one = commit(tmp_path, "list.yml", "tests: []\n")
    other = commit(tmp_path, "list.yml", "tests: [forged]\n")
    blobs = [git(tmp_path, "rev-parse", f"{name}:list.yml") for name in (one, other)]
    kept, forged = (tmp_path / ".git" / "objects" / blob[:2] / blob[2:] for blob in blobs)
    kept.unlink()
    forged.rename(kept)
    with pytest.raises(ObjectMissing):
        read_file(tmp_path / ".git", one, "list.yml", LIMIT)


def hostile_pack(place: Path, deltas: int, size: int) -> str:
    """Write a pack whose object is a chain of large deltas; return the id under which its index lists it."""
    wanted = "ab" * 20
    pack, offsets = bytearray(b"PACK" + (2).to_bytes(4) + (deltas + 1).to_bytes(4)), []
    content = zlib.compress(bytes(size))
    for number in range(deltas + 1):
        offsets.append(len(pack))
        kind, left = (6 if number else 1), size >> 4
        pack.append(128 | kind << 4 | size & 15)
        while left:
            pack.append((left & 127) | (128 if left > 127 else 0))
            left >>= 7
        if number:
            distance = offsets[-1] - offsets[-2]
            spelled = [distance & 127]
            while distance := distance >> 7:
                distance -= 1
                spelled.insert(0, 128 | distance & 127)
            pack += bytes(spelled)
        pack += content
    folder = place / ".git" / "objects" / "pack"
    (folder / "pack-x.pack").write_bytes(pack)
    fanout = b"".join(int(first >= 0xAB).to_bytes(4) for first in range(256))
    index = b"\xfftOc\x00\x00\x00\x02" + fanout + bytes.fromhex(wanted) + bytes(4) + offsets[-1].to_bytes(4)
    (folder / "pack-x.idx").write_bytes(index)
    return wanted


def test_a_chain_of_large_deltas_takes_little_memory(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    wanted = hostile_pack(tmp_path, deltas=12, size=16 << 20)
    tracemalloc.start()
    with pytest.raises(ObjectMissing):
        read_file(tmp_path / ".git", wanted, "list.yml", LIMIT)
    assert tracemalloc.get_traced_memory()[1] < 120 << 20
    tracemalloc.stop()


def test_replaced_objects_and_grafts_do_not_count(tmp_path: Path) -> None:
    """They are part of the clone, and not of the commit."""
    git(tmp_path, "init", "-q")
    first = commit(tmp_path, "list.yml", "tests: []\n")
    last = commit(tmp_path, "list.yml", "tests: [forged]\n")
    git(tmp_path, "replace", first, last)
    (tmp_path / ".git" / "info" / "grafts").write_text(f"{last}\n", encoding="utf-8")
    git(tmp_path, "commit-graph", "write", "--reachable")
    assert read_file(tmp_path / ".git", first, "list.yml", LIMIT) == b"tests: []\n"
    assert parents(tmp_path / ".git", last) == (first,)
