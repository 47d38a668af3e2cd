"""Documents at a small limit: trimmed in order, split last, never over the limit."""

from pathlib import Path

import junitparser
import pytest

from onetest_ci.bundle.bundle import Bundle
from onetest_ci.bundle.items import ItemWriter
from onetest_ci.bundle.records import Manifest, StoredCase
from onetest_ci.model import FAILED, Case, Suite
from onetest_ci.push.import_documents import Trim, write_documents

LIMIT = 20_000


def bundle_of(directory: Path, *cases: Case, suites: int = 2, name: str = "suite") -> Bundle:
    """A bundle of these cases, spread over suites in turn."""
    writer = ItemWriter(directory)
    writer.write([Suite(number, None, f"{name} {number}") for number in range(suites)])
    numbered = [case._replace(ordinal=number, suite=number % suites) for number, case in enumerate(cases)]
    writer.write([StoredCase(case, "", ()) for case in numbered])
    writer.close()
    manifest = Manifest(
        launch_uuid="11111111-2222-4333-8444-555555555555",
        launch_name="n",
        start_ms=0,
        end_ms=0,
        cases=len(cases),
    )
    return Bundle.write(directory, manifest)


def passed(output: int = 0) -> Case:
    return Case(0, 0, "test_passed", "c", system_out="p" * output)


def failed(output: int = 0, trace: int = 0, message: int = 5) -> Case:
    return Case(
        0, 0, "test_failed", "c", FAILED, message="m" * message, details="d" * trace, system_err="e" * output
    )


def checked(documents: list[Path]) -> int:
    """Each is read by junitparser and within the limit; how many cases they hold."""
    for path in documents:
        assert path.stat().st_size <= LIMIT
    return sum(1 for path in documents for suite in junitparser.JUnitXml.fromfile(str(path)) for _ in suite)


@pytest.mark.parametrize(
    ("cases", "trim", "documents"),
    [
        ([passed(100), failed(100)], Trim.NOTHING, 1),
        ([passed(15_000), failed(10_000)], Trim.OUTPUT_OF_PASSED, 1),
        ([passed(15_000), failed(30_000)], Trim.ALL_OUTPUT, 1),
        ([passed(15_000), failed(30_000, trace=30_000)], Trim.LONG_TRACES, 1),
        ([passed(), failed(message=30_000)], Trim.LONG_TRACES, 1),
        ([failed(trace=1_900) for _ in range(30)], Trim.LONG_TRACES, 4),
    ],
)
def test_trimmed_in_order_before_it_is_split(
    tmp_path: Path, cases: list[Case], trim: Trim, documents: int
) -> None:
    written, trimmed = write_documents(bundle_of(tmp_path, *cases), tmp_path / "import", LIMIT)
    assert (trimmed, len(written)) == (trim, documents)
    assert checked([document.path for document in written]) == len(cases)
    assert sum(document.cases for document in written) == len(cases)


def test_every_size_around_the_limit_ends_in_whole_documents(tmp_path: Path) -> None:
    for extra in range(0, 400, 7):
        directory = tmp_path / str(extra)
        directory.mkdir()
        cases = [passed(2_000), *(failed(200, trace=1_500) for _ in range(8)), passed(1_900 + extra)]
        written, _ = write_documents(bundle_of(directory, *cases), directory / "import", LIMIT)
        assert len(written) == 1
        assert checked([written[0].path]) == len(cases)


def test_what_stands_around_the_cases_counts_too(tmp_path: Path) -> None:
    for extra in range(0, 400, 7):
        directory = tmp_path / str(extra)
        directory.mkdir()
        cases = [failed(trace=1_500) for _ in range(30)]
        bundle = bundle_of(directory, *cases, name="s" * (600 + extra))
        written, _ = write_documents(bundle, directory / "import", LIMIT)
        assert len(written) > 1
        assert checked([document.path for document in written]) == len(cases)


def test_a_case_over_the_limit_goes_alone(tmp_path: Path) -> None:
    huge = Case(0, 0, "n" * 400, "c" * 900, FAILED, message="&" * 30_000)
    written, trim = write_documents(
        bundle_of(tmp_path, *[huge] * 3), tmp_path / "import", limit=len("n" * 900)
    )
    assert (trim, [document.cases for document in written]) == (Trim.LONG_TRACES, [1, 1, 1])


def test_documents_of_an_earlier_try_are_gone(tmp_path: Path) -> None:
    folder = tmp_path / "import"
    folder.mkdir()
    (folder / "import-7.xml").write_text("old", encoding="utf-8")
    written, _ = write_documents(bundle_of(tmp_path, passed()), folder, LIMIT)
    assert sorted(folder.iterdir()) == [document.path for document in written]


def test_no_tests_make_one_empty_document(tmp_path: Path) -> None:
    ((document,), _) = write_documents(bundle_of(tmp_path), tmp_path / "import", LIMIT)
    assert (document.cases, checked([document.path])) == (0, 0)


def test_characters_that_no_xml_may_hold_are_replaced(tmp_path: Path) -> None:
    case = Case(
        0, 0, "a\x00b\x1b\ufffe", "c", FAILED, message="m\x0b\x85", details="d\x08", system_out="o\x01"
    )
    written, _ = write_documents(bundle_of(tmp_path, case), tmp_path / "import", LIMIT)
    ((read,),) = junitparser.JUnitXml.fromfile(str(written[0].path))
    assert read.name == "ab\ufffd"
    assert read.result[0].message == "m\ufffd\x85"
