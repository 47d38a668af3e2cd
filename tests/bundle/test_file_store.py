"""Files that travel: found within the roots, copied once, without the keys."""

import hashlib
import os
from pathlib import Path
from typing import IO

import pytest

from onetest_ci.bundle.file_store import FileStore, NotStored, safe_name
from onetest_ci.errors import BundleError
from onetest_ci.limits import MAX_FILE_BYTES
from onetest_ci.redaction import Redactor, Secret
from onetest_ci.redaction.files import Readable

KEY = "ak_abcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    place = tmp_path / "bundle"
    place.mkdir()
    return place


@pytest.fixture
def root(tmp_path: Path) -> Path:
    place = tmp_path / "root"
    (place / "deep").mkdir(parents=True)
    return place


@pytest.fixture
def store(bundle: Path, root: Path) -> FileStore:
    return FileStore(bundle, "attachments", [root], Redactor([Secret(KEY)]))


def test_the_first_base_that_has_the_file(store: FileStore, root: Path) -> None:
    (root / "a.txt").write_text("outer", encoding="utf-8")
    (root / "deep" / "a.txt").write_text("inner", encoding="utf-8")
    assert store.find("a.txt", [root / "deep", root]) == root / "deep" / "a.txt"
    assert store.find("./deep/../a.txt", [root / "deep", root]) == root / "a.txt"
    assert store.find("../a.txt", [root / "deep"]) == root / "a.txt"


@pytest.mark.parametrize("path", ["", "a\0b"])
def test_a_text_that_is_not_a_path(path: str, store: FileStore, root: Path) -> None:
    with pytest.raises(NotStored, match="not a path"):
        store.find(path, [root])


def test_a_link_within_the_roots_is_followed(store: FileStore, root: Path) -> None:
    (root / "a.txt").write_text("text", encoding="utf-8")
    (root / "deep" / "link.txt").symlink_to("../a.txt")
    assert store.find("link.txt", [root / "deep"]) == root / "a.txt"


def test_a_root_that_is_a_link_itself(bundle: Path, root: Path, tmp_path: Path) -> None:
    (root / "a.txt").write_text("text", encoding="utf-8")
    link = tmp_path / "link"
    link.symlink_to(root)
    store = FileStore(bundle, "attachments", [link], Redactor.none())
    assert store.find("a.txt", [link]) == root / "a.txt"


def test_a_folder_whose_name_begins_like_the_root(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "root-2").mkdir()
    (tmp_path / "root-2" / "a.txt").write_text("text", encoding="utf-8")
    with pytest.raises(NotStored, match="outside"):
        store.find("../root-2/a.txt", [tmp_path / "root"])


def test_the_same_content_is_kept_once(store: FileStore, bundle: Path, root: Path) -> None:
    for name in ("a.txt", "b.txt", "c.log"):
        (root / name).write_text("same", encoding="utf-8")
    first, second, third = (store.add(root / name, name) for name in ("a.txt", "b.txt", "c.log"))
    assert first.file == second.file != third.file
    assert (first.name, second.name, first.size) == ("a.txt", "b.txt", 4)
    assert len(list((bundle / "attachments").iterdir())) == 2


def test_a_file_that_changed_is_copied_again(store: FileStore, bundle: Path, root: Path) -> None:
    stored = []
    for content in ("first", "other", "other", "longer"):
        (root / "a.txt").write_text(content, encoding="utf-8")
        stored.append(store.add(root / "a.txt", "a.txt"))
    assert [(bundle / one.file).read_text(encoding="utf-8") for one in stored] == [
        *("first", "other", "other", "longer")
    ]
    assert {digest.file: digest.size for digest in store.digests} == {one.file: one.size for one in stored}


class Counting(Redactor):
    """Counts the files that are copied."""

    copies = 0

    def copy(self, source: Readable, target: IO[bytes]) -> None:
        self.copies += 1
        super().copy(source, target)


def test_a_file_that_many_tests_name_is_copied_once(bundle: Path, root: Path) -> None:
    counting = Counting([])
    settled = Path(os.__file__).resolve()
    store = FileStore(bundle, "attachments", [settled.parent, root], counting)
    first = store.add(settled, "a.py")
    assert [store.add(settled, name) for name in ("a.py", "b.py", "a.py")] == [
        *(first, first._replace(name="b.py"), first)
    ]
    assert counting.copies == 2
    # A file that was just written may be changed again without a trace.
    (root / "new.txt").write_text("new", encoding="utf-8")
    store.add(root / "new.txt", "new.txt")
    store.add(root / "new.txt", "new.txt")
    assert counting.copies == 4


def test_the_digest_is_that_of_the_copy(store: FileStore, bundle: Path, root: Path) -> None:
    (root / "a.log").write_text(f"Bearer {KEY}\n", encoding="utf-8")
    stored = store.add(root / "a.log", "a.log")
    (digest,) = store.digests
    assert digest == (
        stored.file,
        stored.size,
        hashlib.sha256((bundle / stored.file).read_bytes()).hexdigest(),
    )
    assert digest.sha256.startswith(Path(stored.file).stem)


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="no file that cannot be read")
def test_a_file_that_breaks_off_leaves_nothing(bundle: Path) -> None:
    # A regular file by its status, whose first byte cannot be read.
    memory = Path("/proc/self/mem").resolve()
    store = FileStore(bundle, "attachments", [memory.parent], Redactor.none())
    with pytest.raises(NotStored, match="cannot be read: Input/output error"):
        store.add(memory, "a.bin")
    assert list((bundle / "attachments").iterdir()) == []
    assert store.digests == ()


def test_a_copy_is_without_the_key(store: FileStore, bundle: Path, root: Path) -> None:
    (root / "a.log").write_text(f"Bearer {KEY}\n", encoding="utf-8")
    for _ in range(2):
        stored = store.add(root / "a.log", "a.log")
        copy = (bundle / stored.file).read_bytes()
        assert (copy, stored.size) == (f"Bearer {'*' * len(KEY)}\n".encode(), len(copy))


def test_a_pipe_put_in_the_place_of_a_file(store: FileStore, root: Path) -> None:
    os.mkfifo(root / "pipe")
    with pytest.raises(NotStored, match="not a regular file"):
        store.add(root / "pipe", "pipe")


def test_a_file_that_is_gone_meanwhile(store: FileStore, root: Path) -> None:
    with pytest.raises(NotStored, match="cannot be read"):
        store.add(root / "gone", "gone")


def test_a_bundle_that_cannot_be_written(root: Path, tmp_path: Path) -> None:
    (root / "a.txt").write_text("text", encoding="utf-8")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    store = FileStore(tmp_path / "file", "attachments", [root], Redactor.none())
    with pytest.raises(BundleError):
        store.add(root / "a.txt", "a.txt")


def test_paths_of_the_machine_that_ran_the_tests(store: FileStore, root: Path) -> None:
    (root / "a.txt").write_text("text", encoding="utf-8")

    def translate(path: str) -> str:
        return path.replace("/home/runner/work/shop", str(root)).replace("C:\\shop\\", f"{root}/")

    for spelled in ("/home/runner/work/shop/a.txt", "file:///home/runner/work/shop/a.txt", "C:\\shop\\a.txt"):
        assert store.find(spelled, [], translate) == root / "a.txt"
    assert store.find(str(root / "a.txt"), [], translate) == root / "a.txt"


def test_a_link_put_in_the_place_of_what_was_found(store: FileStore, root: Path, tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "a.txt").write_text("do not take", encoding="utf-8")
    (root / "deep" / "a.txt").write_text("text", encoding="utf-8")
    found = store.find("deep/a.txt", [root])

    (root / "deep" / "a.txt").unlink()
    (root / "deep" / "a.txt").symlink_to(tmp_path / "secrets" / "a.txt")
    with pytest.raises(NotStored, match="cannot be read"):
        store.add(found, "a.txt")

    (root / "deep" / "a.txt").unlink()
    (root / "deep").rmdir()
    (root / "deep").symlink_to(tmp_path / "secrets")
    with pytest.raises(NotStored, match="cannot be read"):
        store.add(found, "a.txt")


def test_a_path_that_was_not_found_by_the_store(store: FileStore, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("do not take", encoding="utf-8")
    with pytest.raises(NotStored, match="outside"):
        store.add(tmp_path / "a.txt", "a.txt")


class GrowingFile(Redactor):
    """Copies a file that its writer goes on with."""

    def __init__(self, path: Path) -> None:
        super().__init__([])
        self._path = path

    def copy(self, source: Readable, target: IO[bytes]) -> None:
        with self._path.open("ab") as file:
            file.truncate(MAX_FILE_BYTES + 1)
        super().copy(source, target)


def test_a_file_that_grows_while_it_is_copied(bundle: Path, root: Path) -> None:
    (root / "a.log").write_text("first line", encoding="utf-8")
    store = FileStore(bundle, "attachments", [root], GrowingFile(root / "a.log"))
    with pytest.raises(NotStored, match="OneTest takes"):
        store.add(root / "a.log", "a.log")
    assert list((bundle / "attachments").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "a.txt"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\x\\a.txt", "C:_x_a.txt"),
        ("", "file"),
        ("..", "file"),
        ("a\r\nb\0c", "a__b_c"),
        ("größe-注文.log", "größe-注文.log"),
        (os.fsdecode(b"a\xff.log"), "a_.log"),
        ("x" * 300 + ".png", "x" * 251 + ".png"),
    ],
)
def test_safe_names(name: str, expected: str) -> None:
    assert safe_name(name) == expected
