"""What ExUnit's text shows that no table of all formats has."""

import pytest

from support.reading import read_report
from support.samples import sample

MODULE = "\nCartTest [test/cart_test.exs]\n"
END = "\nFinished in 0.1 seconds (0.00s async, 0.1s sync)\n"


def ended(name: str, result: str = "0.01ms", *, printed: str = "") -> str:
    """Return the lines of a test."""
    return f"  * {name} [L#4]{printed}\r  * {name} ({result}) [L#4]\n"


def block(title: str) -> str:
    """Return the block of a failure."""
    return f"\n  1) {title}\n     test/cart_test.exs:4\n     it is wrong\n\n"


def test_a_text_without_the_names_of_the_tests_is_incomplete() -> None:
    text = f"Excluding tests: [:slow]\n\n..\n{block('test adds (CartTest)')}{END}3 tests, 1 failure\n"
    read = read_report(text)
    assert read.statuses == [("test adds", "failed")]
    assert read.reading.error is not None
    assert read.reading.error.code == "incomplete-report"
    assert "--trace" in read.reading.error.hint


def test_tests_that_pass_are_not_green_without_their_names() -> None:
    read = read_report(f"Running ExUnit with seed: 1, max_cases: 2\n\n...\n{END}3 tests, 0 failures\n")
    assert read.reading.error is not None


def test_a_machine_that_ends_leaves_an_error() -> None:
    read = read_report(f"{MODULE}{ended('test adds', '1.0ms')}  * test ends the machine [L#9]now\nand then\n")
    assert read.statuses == [("test ends the machine", "error"), ("test adds", "passed")]
    assert read.reading.error is not None
    assert read.reading.truncated


@pytest.mark.parametrize(
    "printed",
    [
        "now\n",
        "\n  * test fake (1.0ms)\n",
        "\n  1) a list (of things)\n  2) test sells (OrderTest)\n",
        "\n1 test, 1 failure\n",
        "\n\x1b[31mred\x1b[0m\rover it",
        "\n[info] GET /carts [ok]\n",
    ],
)
def test_the_output_of_a_test_is_not_taken_for_results(printed: str) -> None:
    text = MODULE + ended("test adds", printed=printed) + ended("test sells") + END + "2 tests, 0 failures\n"
    read = read_report(text)
    assert sorted(read.statuses) == [("test adds", "passed"), ("test sells", "passed")]
    assert (read.reading.error, read.reading.notices) == (None, ())


@pytest.mark.parametrize(
    "counts",
    [
        "1 doctest, 1 property, 2 tests, 1 failure, 1 excluded",
        "1 doctest, 1 property, 1 test, 1 failure, 1 excluded",
        "1 doctest, 1 property, 2 features, 1 failure, 1 excluded",
        "Result: 2/3 passed (1/1 doctest, 1/1 property, 0/1 test), 1 excluded\nFailed: 1 test",
    ],
)
def test_the_counts_of_each_version_are_those_of_the_tests(counts: str) -> None:
    tests = (
        ended("doctest Cart (1)") + ended("property grows") + ended("test b", "excluded") + ended("test c")
    )
    read = read_report(MODULE + tests + block("test c (CartTest)") + END + counts + "\n")
    assert sorted(status for _, status in read.statuses) == ["failed", "passed", "passed", "skipped"]
    assert (read.reading.error, read.reading.notices) == (None, ())


def test_a_name_of_several_lines_that_failed_does_not_pass_unseen() -> None:
    text = MODULE + ended("test a b") + "\n  1) test a\nb (CartTest)\n     it is wrong\n" + END
    read = read_report(text + "1 test, 1 failure\n")
    assert ("(run)", "error") in read.statuses


@pytest.mark.parametrize(
    ("printed", "atom"),
    [
        ("Shop.CartTest", "Elixir.Shop.CartTest"),
        (":cart_test", "cart_test"),
        (':"cart-test"', "cart-test"),
        (':"Elixir.cart"', "Elixir.cart"),
    ],
)
def test_a_test_is_the_same_as_in_the_report_of_junit_formatter(printed: str, atom: str) -> None:
    """``generate_testcases`` in lib/formatter.ex of junit_formatter 3.4, with the file and its line."""
    text = f"\n{printed} [test/cart_test.exs]\n{ended('test adds')}{END}1 test, 0 failures\n"
    case = f'<testcase file="test/cart_test.exs:4" classname="{atom}" name="test adds" time="0.0000"/>'
    suite = f'<testsuite errors="0" failures="0" skipped="0" name="{atom}" tests="1">{case}</testsuite>'
    ours, theirs = read_report(text).case, read_report(f"<testsuites>{suite}</testsuites>").case
    for field in ("name", "classname", "file", "line"):
        assert getattr(ours, field) == getattr(theirs, field)


def test_colours_change_nothing() -> None:
    coloured = sample("exunit").replace(b"\r", b"\x1b[32m\r").replace(b"]\n", b"]\x1b[0m\n")
    assert read_report(coloured).statuses == read_report(sample("exunit")).statuses
