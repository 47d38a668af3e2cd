"""The journal of a sync: what it keeps over a kill, and which files it refuses."""

import os
from pathlib import Path

import pytest

from onetest_ci.bundle.hash_chain import HashChain
from onetest_ci.cases import journal as module
from onetest_ci.cases.journal import Entry, open_journal
from onetest_ci.errors import JournalError

SEED = "https://onetest.example 11111111-2222-4333-8444-555555555555"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A journal with one case that was created, and one whose response is missing."""
    path = tmp_path / "state" / "cases.jsonl"
    with open_journal(path, SEED) as journal:
        assert dict(journal.earlier) == {}
        journal.intend("a.py:a", "Ä title")
        journal.record("a.py:a", "1")
        journal.intend("b.py:b", "b")
    return path


def read(path: Path) -> dict[str, Entry]:
    with open_journal(path, SEED) as journal:
        return dict(journal.earlier)


def refusal(path: Path, seed: str = SEED) -> str:
    with pytest.raises(JournalError) as caught, open_journal(path, seed):
        pass
    return caught.value.code


WHOLE = {"a.py:a": Entry("Ä title", "1"), "b.py:b": Entry("b")}


def test_a_later_run_reads_what_an_earlier_one_left(path: Path) -> None:
    assert read(path) == WHOLE
    with open_journal(path, SEED) as journal:
        journal.record("b.py:b", "2")
        journal.intend("c.py:c", "c")
    assert read(path) == {
        "a.py:a": Entry("Ä title", "1"),
        "b.py:b": Entry("b", "2"),
        "c.py:c": Entry("c"),
    }


def test_a_complete_run_leaves_an_empty_journal_that_can_be_used_again(path: Path) -> None:
    with open_journal(path, SEED) as journal:
        journal.complete()
        assert path.stat().st_size == 0
        journal.intend("d.py:d", "d")
    assert read(path) == {"d.py:d": Entry("d")}


def test_after_a_kill_within_a_line_the_lines_before_it_count(path: Path) -> None:
    content = path.read_bytes()
    start_of_last = content[:-1].rindex(b"\n") + 1
    for end in range(start_of_last, len(content)):
        path.write_bytes(content[:end])
        assert read(path) == {"a.py:a": WHOLE["a.py:a"]}
    path.write_bytes(content[: start_of_last + 5])
    with open_journal(path, SEED) as journal:
        journal.intend("b.py:b", "b")
    assert path.read_bytes() == content


def test_a_changed_byte_is_refused(path: Path) -> None:
    content = path.read_bytes()
    for place in range(len(content) - 1):
        changed = bytearray(content)
        changed[place] ^= 1
        path.write_bytes(changed)
        assert refusal(path) == "bad-journal", place


@pytest.mark.parametrize("line", [b"[]\n", b"\n", b"x" * 20_000 + b"\n", b"\xff\n", b"9" * 5000 + b"\n"])
def test_a_line_that_was_not_written_by_a_journal_is_refused(path: Path, line: bytes) -> None:
    path.write_bytes(path.read_bytes() + line)
    assert refusal(path) == "bad-journal"


def test_a_line_that_is_nested_too_deep_is_refused(path: Path) -> None:
    path.write_bytes(HashChain(SEED).link(b"[" * 16_000 + b"}"))
    assert refusal(path) == "bad-journal"


def test_a_missing_or_moved_line_is_refused(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    for changed in (lines[1:], [lines[0], lines[2]], [lines[1], lines[0], lines[2]]):
        path.write_bytes(b"".join(changed))
        assert refusal(path) == "bad-journal"


def test_another_products_journal_is_refused(path: Path) -> None:
    assert refusal(path, SEED + "x") == "bad-journal"


def test_a_journal_has_a_maximum_size(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = path.stat().st_size
    monkeypatch.setattr(module, "MAX_BYTES", size)
    with open_journal(path, SEED) as journal, pytest.raises(JournalError, match="cannot be used"):
        journal.intend("c.py:c", "c")
    assert path.stat().st_size == size
    monkeypatch.setattr(module, "MAX_BYTES", size - 1)
    assert refusal(path) == "bad-journal"


def test_a_second_run_at_the_same_time_is_refused(path: Path) -> None:
    with open_journal(path, SEED):
        assert refusal(path) == "journal-in-use"
    assert read(path) == WHOLE


@pytest.mark.skipif(os.name == "nt", reason="links and pipes of POSIX")
def test_a_link_and_a_pipe_are_refused(path: Path) -> None:
    link, pipe = path.with_name("link"), path.with_name("pipe")
    link.symlink_to(path)
    os.mkfifo(pipe)
    for other in (link, pipe, path.parent):
        assert refusal(other) == "journal-not-written"
    assert read(path) == WHOLE


def test_a_directory_that_cannot_be_made_is_an_error(path: Path) -> None:
    assert refusal(path / "below" / "a-file.jsonl") == "journal-not-written"
