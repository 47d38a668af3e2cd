"""What a sync would do about each test: create, link, or leave it to a person."""

import pytest

from onetest_ci.case_links import ManagedCase, ReportedTest
from onetest_ci.cases.sync_plan import Selection, SyncPlan, plan
from onetest_ci.cases.title_template import TitleTemplate
from onetest_ci.errors import UsageProblem

ADD = "tests/test_cart.py:TestCart.test_add"
EVERYTHING = Selection()


def reported(*references: str) -> list[ReportedTest]:
    return [ReportedTest(one, one.rpartition(".")[2]) for one in references]


def planned(
    cases: list[ManagedCase],
    tests: list[ReportedTest],
    selection: Selection = EVERYTHING,
    title: str = "{name}",
) -> SyncPlan:
    return plan(cases, tests, selection, TitleTemplate.parse(title))


def left(made: SyncPlan) -> list[tuple[str, str]]:
    return [(one.reference, one.why) for one in (*made.ambiguous, *made.unlinkable)]


def test_a_test_without_a_case_gets_one() -> None:
    made = planned([], reported(ADD))
    assert [tuple(one) for one in made.creations] == [(ADD, "test_add")]
    assert (made.links, left(made), made.linked, made.tests) == ((), [], 0, 1)


@pytest.mark.parametrize(
    "references", [ADD, f"old.py:old {ADD}", f"old.py:old\n{ADD}", "tests/test_cart.py::TestCart::test_add"]
)
def test_a_test_with_a_case_needs_nothing(references: str) -> None:
    made = planned([ManagedCase("1", "any", references)], reported(ADD))
    assert (made.linked, made.parts, left(made)) == (1, (), [])


def test_an_unlinked_case_of_the_title_is_linked() -> None:
    case = ManagedCase("1", " test_add\n", execution_type="manual")
    made = planned([case, ManagedCase("2", "Test_add")], reported(ADD))
    assert (made.creations, left(made)) == ((), [])
    assert [(one.reference, one.case) for one in made.links] == [(ADD, case)]


OTHER = "tests/test_cart.py:TestOther.test_add"
AMBIGUOUS = {
    "two unlinked cases": ([("1", "test_add", ""), ("2", "test_add", "")], "shared-title"),
    "an unlinked case, and one of a test that is not reported": (
        [("1", "test_add", ""), ("2", "test_add", "gone.py:gone")],
        "shared-title",
    ),
    "an unlinked case, and one of a reported test": (
        [("1", "test_add", ""), ("2", "test_add", OTHER)],
        "shared-title",
    ),
    "two cases with the reference": ([("1", "a", ADD), ("2", "b", f"x {ADD}")], "shared-reference"),
    "a case of a test that is not reported": ([("1", "test_add", "gone.py:gone")], "other-reference"),
    "a case without an id": ([("", "test_add", "")], "no-id"),
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_an_ambiguous_case_is_left(name: str) -> None:
    rows, why = AMBIGUOUS[name]
    made = planned([ManagedCase(*row) for row in rows], reported(ADD, OTHER))
    assert (ADD, why) in left(made)
    assert all(one.reference != ADD for one in made.parts)


def test_a_case_without_a_title_is_no_tests_case() -> None:
    made = planned([ManagedCase("1", ""), ManagedCase("2", " ")], reported(ADD))
    assert [one.reference for one in made.creations] == [ADD]
    assert (made.links, left(made)) == ((), [])


def test_an_archived_case_is_left() -> None:
    made = planned([ManagedCase("1", "test_add", status="archived")], reported(ADD))
    assert (made.parts, left(made)) == ((), [(ADD, "archived")])


def test_an_unlinked_case_with_the_title_of_two_tests_is_left() -> None:
    made = planned([ManagedCase("1", "test_add")], reported(ADD, OTHER))
    assert (made.parts, left(made)) == ((), [(ADD, "shared-by-tests"), (OTHER, "shared-by-tests")])


def test_tests_of_one_title_get_a_case_each_and_keep_it() -> None:
    tests = reported(ADD, OTHER, "tests/test_cart.py:TestThird.test_add")
    made = planned([], tests)
    assert [one.reference for one in made.creations] == [test.code_ref for test in tests]
    cases = [ManagedCase(str(n), one.title, one.reference) for n, one in enumerate(made.creations, 1)]
    assert planned(cases, tests).linked == len(tests)
    again = planned(cases[:2], tests)
    assert [one.reference for one in again.creations] == [tests[2].code_ref]


def test_a_case_that_is_listed_twice_counts_once() -> None:
    case = ManagedCase("1", "test_add")
    assert [one.case for one in planned([case, case], reported(ADD)).links] == [case]


def test_parameters_share_a_case() -> None:
    tests = [ReportedTest(ADD, f"test_add[{n}]", parameters=f"{n}") for n in range(3)]
    made = planned([], tests)
    assert [tuple(one) for one in made.creations] == [(ADD, "test_add")]
    assert made.tests == 3


@pytest.mark.parametrize(
    ("reference", "why"),
    [
        ("", "no-reference"),
        ("login.spec.ts:Login page works", "white-space"),
        ("a.py:a\nb.py:b", "white-space"),
        ("a.py:a\r", "white-space"),
        ("a.py:a\u2028b", "white-space"),
        ("a.py:a\0", "control-characters"),
        ("a.py:a\ud800", "control-characters"),
        ("a.py:" + "a" * 1020, "too-long"),
    ],
)
def test_a_reference_that_cannot_be_written_is_listed(reference: str, why: str) -> None:
    made = planned([ManagedCase("1", "t")], [ReportedTest(reference, "t"), *reported(ADD)])
    assert left(made) == [(reference, why)]
    assert [one.reference for one in made.parts] == [ADD]


@pytest.mark.parametrize(
    ("include", "exclude", "selected"),
    [
        ((), (), "abc"),
        (("*",), (), "abc"),
        (("tests/*",), (), "ab"),
        (("tests/a.py::*",), (), "a"),
        (("tests/a.py:A.one", "other/*"), (), "ac"),
        (("tests/[b]*",), (), "b"),
        ((), ("*:A.*",), "c"),
        (("tests/*",), ("*b.py*",), "a"),
        (("TESTS/*",), (), ""),
        (("tests",), (), ""),
    ],
)
def test_globs_select_tests(include: tuple[str, ...], exclude: tuple[str, ...], selected: str) -> None:
    references = {"a": "tests/a.py:A.one", "b": "tests/b.py:A.two", "c": "other/c.py:C.three"}
    made = planned([], reported(*references.values()), Selection.of(include, exclude))
    assert [one.reference for one in made.creations] == [references[one] for one in selected]
    assert made.left_out == 3 - len(selected)


def test_a_glob_takes_no_notice_of_its_length() -> None:
    hard = "*a" * 40 + "b"
    assert planned([], reported("a" * 1000), Selection.of((hard,), ())).left_out == 1


@pytest.mark.parametrize(
    ("template", "title"),
    [
        ("{name}", "test_add"),
        ("{class}: {name}", "TestCart: test_add"),
        ("{file} {name}", "tests/test_cart.py test_add"),
        ("{code_ref}", ADD),
        ("{suite}\n> {name}", "Shop > Cart > test_add"),
        ("{{{name}}}", "{test_add}"),
        ("Case", "Case"),
    ],
)
def test_a_title_is_made_of_the_tests_fields(template: str, title: str) -> None:
    test = ReportedTest(ADD, "test_add[1]", "Shop > Cart", parameters="1")
    assert [one.title for one in planned([], [test], title=template).creations] == [title]


def test_a_dotted_reference_has_a_class_and_no_file() -> None:
    test = ReportedTest("com.acme.LoginTest.valid", "valid()")
    assert TitleTemplate.parse("{class}|{file}|{name}").title_of(test) == "com.acme.LoginTest||valid"


@pytest.mark.parametrize("name", ["\0a\x1b[2J\nb", "x" * 3000, "\ud800z"])
def test_a_title_can_be_stored_whatever_the_name_is(name: str) -> None:
    (made,) = planned([], [ReportedTest(ADD, name)]).creations
    assert 0 < len(made.title) <= 500
    assert made.title == " ".join(made.title.split())
    assert made.title.encode().decode().isprintable()


def test_an_empty_title_is_listed() -> None:
    made = planned([], [ReportedTest(ADD, "t")], title="{suite}")
    assert (made.parts, left(made)) == ((), [(ADD, "no-title")])


@pytest.mark.parametrize(
    "template",
    ["{unknown}", "{}", "{name", "name}", "{name!r}", "{name:>10}", "{name.a}", "{name[0]}", " ", ""],
)
def test_a_wrong_template_is_a_usage_error(template: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        TitleTemplate.parse(template)
    assert caught.value.code == "bad-title"
    assert "{code_ref}" in caught.value.hint
