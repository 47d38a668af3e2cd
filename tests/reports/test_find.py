import os
import re
from pathlib import Path

import pytest

from onetest_ci.reports import globs
from onetest_ci.reports.braces import MOST, expanded
from onetest_ci.reports.find import FoundFiles, find


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in [
        "a.xml",
        "b.txt",
        "report[1].xml",
        "{x,y}.xml",
        "build/TEST-1.xml",
        "build/TEST-2.xml",
        "build/deep/er/TEST-3.xml",
        "build/deep/legacy/TEST-4.xml",
        "build/.hidden/TEST-5.xml",
        ".git/config.xml",
    ]:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<testsuite/>")
    return tmp_path


def names(found: FoundFiles) -> list[str]:
    return [file.display for file in found.files]


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        (["a.xml"], ["a.xml"]),
        (["./a.xml"], ["./a.xml"]),
        (["a.xml", "a.xml", "*.xml"], ["a.xml", "report[1].xml", "{x,y}.xml"]),
        (["report[1].xml"], ["report[1].xml"]),
        (["report[[]1].xml"], ["report[1].xml"]),
        (["{x,y}.xml"], ["{x,y}.xml"]),
        (["build/*.xml"], ["build/TEST-1.xml", "build/TEST-2.xml"]),
        (["build/TEST-[!1].xml", "build/TEST-?.xml"], ["build/TEST-2.xml", "build/TEST-1.xml"]),
        (["build/**/TEST-3.xml"], ["build/deep/er/TEST-3.xml"]),
        (["**/TEST-1.xml"], ["build/TEST-1.xml"]),
        (["**/deep/**/*.xml"], ["build/deep/er/TEST-3.xml", "build/deep/legacy/TEST-4.xml"]),
        (["build/d*/**"], ["build/deep/er/TEST-3.xml", "build/deep/legacy/TEST-4.xml"]),
        (["bui*/deep/"], ["build/deep/er/TEST-3.xml", "build/deep/legacy/TEST-4.xml"]),
        (["build/deep"], ["build/deep/er/TEST-3.xml", "build/deep/legacy/TEST-4.xml"]),
        (["build/deep/", "!**/legacy/**"], ["build/deep/er/TEST-3.xml"]),
        (["!build/deep/legacy", "build/deep"], ["build/deep/er/TEST-3.xml"]),
        (["*", "!*.txt", "!a.xml"], ["report[1].xml", "{x,y}.xml"]),
        (["build", "!**/TEST-[1-4].xml"], ["build/.hidden/TEST-5.xml"]),
        (["a.xml", "!a.xml"], []),
    ],
)
def test_patterns(tree: Path, patterns: list[str], expected: list[str]) -> None:
    assert names(find(patterns, root=tree)) == expected


def test_a_directory_is_searched_to_the_bottom_but_for_git(tree: Path) -> None:
    found = find(["."], root=tree)

    assert "build/.hidden/TEST-5.xml" in names(found)
    assert ".git/config.xml" not in names(found)
    assert len(names(found)) == 9


def test_absolute_patterns(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")

    assert names(find([f"{tree}/build/*-1.xml"], root=elsewhere)) == [f"{tree}/build/TEST-1.xml"]
    assert names(find([f"{tree}/a.xml", f"!{tree}/*.xml"], root=elsewhere)) == []


def test_only_named_files_are_explicit(tree: Path) -> None:
    found = find(["a.xml", "build", "*.txt"], root=tree)

    assert [file.display for file in found.files if file.explicit] == ["a.xml"]


def test_a_named_file_that_is_missing_is_an_error_of_its_own(tree: Path) -> None:
    (file,) = find(["gone.xml"], root=tree).files

    assert file.error is not None
    assert file.error.code == "file-not-found"
    assert str(tree) in file.error.message


def test_a_pattern_that_matches_nothing_is_an_error(tree: Path) -> None:
    found = find(["*.json", "build/deep/er", "!**/*.xml"], root=tree)

    assert [error.code for error in found.unmatched] == ["no-reports", "no-reports"]
    assert "*.json" in found.unmatched[0].message
    assert str(tree) in found.unmatched[0].message


def test_a_link_to_a_directory_that_was_searched_for_something_else_is_followed(tree: Path) -> None:
    (tree / "results").mkdir()
    (tree / "results" / "TEST-9.xml").touch()
    (tree / "legs").mkdir()
    (tree / "legs" / "out").symlink_to(tree / "results")
    # The first part of these patterns enters "results" in search of "out".
    for pattern in ("*/out/*.xml", "**/out/TEST-9.xml"):
        assert names(find([pattern], root=tree)) == ["legs/out/TEST-9.xml"], pattern


def test_link_loops_end_and_links_are_followed(tree: Path) -> None:
    (tree / "build" / "loop").symlink_to(tree / "build")
    (tree / "linked").symlink_to(tree / "build" / "deep")

    assert names(find(["build"], root=tree)) == names(find(["build/**"], root=tree))
    assert len(names(find(["build"], root=tree))) == 5
    assert names(find(["linked/**/*.xml"], root=tree)) == ["linked/er/TEST-3.xml", "linked/legacy/TEST-4.xml"]


def test_pipes_are_counted_but_never_opened(tree: Path) -> None:
    os.mkfifo(tree / "build" / "pipe.xml")
    (tree / "build" / "dangling.xml").symlink_to(tree / "gone")
    found = find(["build/*.xml"], root=tree)

    assert names(found) == ["build/TEST-1.xml", "build/TEST-2.xml"]
    assert sorted((one.path, one.reason) for one in found.skipped) == [
        ("build/dangling.xml", "not a regular file"),
        ("build/pipe.xml", "not a regular file"),
    ]
    (named,) = find(["build/pipe.xml"], root=tree).files
    assert named.error is not None
    assert named.error.code == "unreadable-file"


def test_on_windows_patterns_take_no_notice_of_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("Out/TEST-a.XML", "Out/old.xml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    patterns = ["out*/test-*.xml", "**/*.xml", "!**/OLD.xml"]
    monkeypatch.setattr(globs, "_CASE", re.IGNORECASE)
    assert [file.display for file in find(patterns, root=tmp_path).files] == ["Out/TEST-a.XML"]
    monkeypatch.setattr(globs, "_CASE", re.NOFLAG)
    assert [file.display for file in find(patterns, root=tmp_path).files] == ["Out/old.xml"]


LITERAL = (
    "out [linux]/x/TEST-a.xml",
    "out l/x/TEST-b.xml",
    "deep/a/[1]/r.xml",
    "deep/b/1/r.xml",
    "{x,y}/r.xml",
    "x/r.xml",
    "y/sub/r.trx",
    "y/r-2.xml",
    "y/r-03.xml",
)


@pytest.fixture
def literal(tmp_path: Path) -> Path:
    for name in LITERAL:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<testsuite/>")
    return tmp_path


@pytest.mark.parametrize(
    ("patterns", "expected"),
    [
        # A part that exists is taken literally, wherever it stands.
        (["out [linux]/**/*.xml"], ["out [linux]/x/TEST-a.xml"]),
        (["out [linux]/"], ["out [linux]/x/TEST-a.xml"]),
        (["out [kl]/**/*.xml"], ["out l/x/TEST-b.xml"]),
        (["deep/*/[1]/*.xml"], ["deep/a/[1]/r.xml", "deep/b/1/r.xml"]),
        (["{x,y}/*.xml"], ["{x,y}/r.xml"]),
        # What matches its own name is a pattern all the same.
        (["o*/x/*.xml"], ["out [linux]/x/TEST-a.xml", "out l/x/TEST-b.xml"]),
        # Braces expand: in a name, across names, nested, empty, as a range; alone they may be directories.
        (["x/*.{xml,trx}"], ["x/r.xml"]),
        (["y/**/*.{xml,trx}"], ["y/r-03.xml", "y/r-2.xml", "y/sub/r.trx"]),
        (["{x,y/sub}/r.*"], ["x/r.xml", "y/sub/r.trx"]),
        (["{x,y/{gone,sub}}/r.{trx,xml}"], ["x/r.xml", "y/sub/r.trx"]),
        (["y/r{,-2}.xml"], ["y/r-2.xml"]),
        (["y/r-{1..3}.xml"], ["y/r-2.xml"]),
        (["y/r-{01..10}.xml"], ["y/r-03.xml"]),
        (["{deep/a,y/sub}"], ["deep/a/[1]/r.xml", "y/sub/r.trx"]),
        (["{x/r.xml,y/sub}"], ["x/r.xml", "y/sub/r.trx"]),
        # The same for what is taken away.
        (["out*", "out*/**", "!out [linux]"], ["out l/x/TEST-b.xml"]),
        (["out*/**", "!**/TEST-{a,b}.xml"], []),
        (["{x,y}", "x", "y", "!{x,y}/*.xml"], ["x/r.xml", "y/r-03.xml", "y/r-2.xml", "y/sub/r.trx"]),
        (["y", "!y/{sub,r-{2,3}.xml}"], ["y/r-03.xml"]),
    ],
)
def test_an_existing_name_is_literal_and_braces_expand(
    literal: Path, patterns: list[str], expected: list[str]
) -> None:
    assert names(find(patterns, root=literal)) == expected


def test_a_root_with_brackets_is_not_a_pattern(tmp_path: Path) -> None:
    root = tmp_path / "build [1]"
    root.mkdir()
    (root / "a.xml").touch()
    (root / "b.xml").touch()
    assert names(find(["*.xml", "!b.xml"], root=root)) == ["a.xml"]
    assert names(find([f"{root}/*.xml", f"!{root}/a.xml"], root=tmp_path)) == [f"{root}/b.xml"]


@pytest.mark.parametrize(
    ("pattern", "reading"),
    [
        ("out [linux]/*.xml", "`out [linux]` as that very name, `*` as any text within a name"),
        (
            "out [x]/**/?.xml",
            "`[x]` as one character of x, `**` as any directories, `?` as any one character",
        ),
        ("[!a-c].xml", "`[!a-c]` as one character not of a-c"),
        ("gone/*.{xml,trx}", "`*` as any text within a name, `{xml,trx}` as `xml` or `trx`"),
        ("gone-{1..9}", "`{1..9}` as `1` or `2` or `3` or `4` or 5 more"),
        ("*.{json", "`*` as any text within a name, `{` as an ordinary character"),
    ],
)
def test_a_pattern_that_matches_nothing_is_explained(literal: Path, pattern: str, reading: str) -> None:
    (error,) = find([pattern], root=literal).unmatched
    searched = f"searched from {literal}; it was read with {reading}"
    assert error.message == f"Nothing matches {pattern} ({searched})."


def test_a_directory_without_files_is_named_as_such(tmp_path: Path) -> None:
    for name in ("empty", "nested/below", "tools/node_modules/x", "[odd]"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "gone.xml").symlink_to("nowhere")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "out.xml").touch()
    search = find(["empty", "nested/", "[odd]", "tools", "links"], root=tmp_path)
    assert [error.message for error in search.unmatched] == [
        "The directory empty contains no files.",
        "The directory nested/ contains no files.",
        "The directory [odd] contains no files.",
        "The directory tools contains no files to read (directories left out: 1).",
        "The directory links contains no files to read.",
    ]
    (error,) = find(["other", "!**/out.xml"], root=tmp_path).unmatched
    assert error.message == "The directory other contains no files to read."


@pytest.mark.parametrize("pattern", ["{a}", "{}", "{a", "a}", "{a,b", "${HOME}", "{1..99999}"])
def test_braces_that_do_not_expand_are_ordinary(tmp_path: Path, pattern: str) -> None:
    (tmp_path / f"{pattern}.xml").touch()
    assert names(find([f"{pattern}.x*"], root=tmp_path)) == [f"{pattern}.xml"]


def test_braces_expand_to_a_bounded_number_of_patterns() -> None:
    assert len(expanded("{a/,b/}" * 40)) == MOST
