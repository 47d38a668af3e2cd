"""code_refs, from what tools really write (contract §9)."""

from pathlib import Path

import pytest

from onetest_ci.model import Case
from onetest_ci.refs import LONGEST, Style, code_ref, problem_of


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "tests" / "auth").mkdir(parents=True)
    (tmp_path / "tests" / "auth" / "test_login.py").touch()
    (tmp_path / "test_top.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("classname", "name", "file", "ref"),
    [
        # pytest, junit_family=xunit1: with a file
        ("tests.test_a.TestA", "test_x", "tests/test_a.py", "tests/test_a.py:TestA.test_x"),
        ("tests.test_a.TestA.TestB", "test_x[1-a]", "tests/test_a.py", "tests/test_a.py:TestA.TestB.test_x"),
        ("tests.test_a", "test_x[a[0]-b c]", "tests/test_a.py", "tests/test_a.py:test_x"),
        (
            "pkg.tests.test_a.TestA",
            "test_x",
            "src/pkg/tests/test_a.py",
            "src/pkg/tests/test_a.py:TestA.test_x",
        ),
        ("", "tests/test_a.py::TestA::test_x", "tests/test_a.py", "tests/test_a.py:TestA.test_x"),
        # pytest, xunit2: no file; the checkout knows
        (
            "tests.auth.test_login.TestLogin",
            "test_valid",
            "",
            "tests/auth/test_login.py:TestLogin.test_valid",
        ),
        ("tests.auth.test_login", "test_valid", "", "tests/auth/test_login.py:test_valid"),
        ("test_top", "test_x[1]", "", "test_top.py:test_x"),
        ("elsewhere.test_b.TestB", "test_x", "", "elsewhere.test_b.TestB.test_x"),
        # Surefire, Gradle, JUnit 5
        ("com.acme.LoginTest", "valid", "", "com.acme.LoginTest.valid"),
        ("com.acme.Outer$Inner", "adds(int, int)[2]", "", "com.acme.Outer.Inner.adds"),
        ("com.acme.LoginTest", "valid()", "", "com.acme.LoginTest.valid"),
        ("com.acme.LoginTest", "adds{int}[1]", "", "com.acme.LoginTest.adds"),
        (
            "com.acme.LoginTest$Deep",
            "valid",
            "src/test/java/com/acme/LoginTest.java",
            "src/test/java/com/acme/LoginTest.java:LoginTest.Deep.valid",
        ),
        # PHPUnit
        (
            "App.Tests.LoginTest",
            'testAdds with data set "a" (1, 2)',
            "tests/LoginTest.php",
            "tests/LoginTest.php:LoginTest.testAdds",
        ),
        ("App.Tests.LoginTest", "testAdds with data set #0", "", "App.Tests.LoginTest.testAdds"),
        # Rust (nextest), C++, Go
        ("crate::module", "tests::it_works", "", "crate.module.tests.it_works"),
        ("FooTest/0", "DoesBar", "test/foo.cc", "test/foo.cc:FooTest/0.DoesBar"),
        ("example.com/pkg", "TestX/sub_case", "", "example.com/pkg.TestX/sub_case"),
        # Titles stay as they are
        (
            "login form",
            "shows an error [sic]",
            "src/login.test.js",
            "src/login.test.js:login form.shows an error [sic]",
        ),
        ("login shows", "login shows", "", "login shows"),
        ("", "standalone", "", "standalone"),
        ("a", "[1]", "", "a.[1]"),
        # Windows
        ("", "test_x", "tests\\test_a.py", "tests/test_a.py:test_x"),
    ],
)
def test_refs_of_tools(checkout: Path, classname: str, name: str, file: str, ref: str) -> None:
    assert code_ref(Case(0, None, name, classname, file=file), root=checkout) == ref


@pytest.mark.parametrize(
    ("style", "ref"),
    [
        ("file", "tests/auth/test_login.py:TestLogin.test_valid"),
        ("dotted", "tests.auth.test_login.TestLogin.test_valid"),
        ("raw", "tests.auth.test_login.TestLogin.test_valid[1]"),
    ],
)
def test_styles(checkout: Path, style: Style, ref: str) -> None:
    case = Case(0, None, "test_valid[1]", "tests.auth.test_login.TestLogin")

    assert code_ref(case, root=checkout, style=style) == ref


def test_a_file_in_the_checkout_is_relative_to_it(checkout: Path) -> None:
    inside = Case(0, None, "test_x", file=f"{checkout}/tests/test_a.py")
    outside = Case(0, None, "test_x", file="/other/tests/test_a.py")

    assert code_ref(inside, root=checkout) == "tests/test_a.py:test_x"
    assert code_ref(outside, root=checkout) == "/other/tests/test_a.py:test_x"
    assert code_ref(inside) == f"{checkout}/tests/test_a.py:test_x"


def test_the_suite_names_the_file_when_the_case_does_not(checkout: Path) -> None:
    assert code_ref(Case(0, None, "x", "A"), root=checkout, suite_file="a/A.php") == "a/A.php:A.x"


@pytest.mark.parametrize(
    ("ref", "says"),
    [("a.py:A.b", ""), ("a.py:A b", "white space"), ("x\u00a0y", "white space"), ("x" * LONGEST, "1024")],
)
def test_what_no_automation_test_id_can_equal(ref: str, says: str) -> None:
    problem = problem_of(ref)

    assert bool(problem) == bool(says)
    assert says in problem


def test_a_ref_is_never_longer_than_the_column() -> None:
    assert len(code_ref(Case(0, None, "x" * 5000, "y" * 5000))) == LONGEST
