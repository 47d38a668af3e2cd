"""Match tests and test cases by the rule that OneTest links them by."""

import pytest

from onetest_ci.case_links import WHY, CaseLinks, ManagedCase, Nearest, ReportedTest, canonical
from onetest_ci.cases import matching
from onetest_ci.cases.matching import match
from onetest_ci.cases.nearest import MOST_SIMILAR

REF = "tests/test_login.py:TestLogin.test_valid"


def case(number: int, reference: str = "", title: str = "", **more: str) -> ManagedCase:
    return ManagedCase(f"id-{number}", title or f"Case {number}", reference, f"TC-{number:04}", **more)


def reported(reference: str, name: str = "") -> ReportedTest:
    return ReportedTest(reference, name or reference.rpartition(".")[2], "suite", "passed")


def nearest(links: CaseLinks) -> Nearest | None:
    (row,) = links.tests_without_case
    return row.nearest


@pytest.mark.parametrize(
    "held",
    [
        REF,
        "tests/test_login.py::TestLogin::test_valid",
        f"other.py:T.m {REF}",
        f"other.py:T.m\n{REF}\r\n",
        f"\t{REF}\u00a0x.py:T.m",
    ],
)
def test_a_case_holds_one_or_more_references(held: str) -> None:
    links = match([case(1, held)], [reported(REF)])
    assert [(link.test.code_ref, link.cases[0].id) for link in links.linked] == [(REF, "id-1")]
    assert (links.totals.linked_cases, links.tests_without_case, links.cases_without_result) == (1, (), ())


def test_the_same_reference_in_two_cases_links_both_and_is_listed() -> None:
    links = match(
        [case(1, REF), case(2, f"{REF} {REF}"), case(3, "a.py:T.m")], [reported(REF), reported(REF)]
    )
    assert [len(link.cases) for link in links.linked] == [2, 2]
    (shared,) = links.ambiguous
    assert (shared.reference, [one.id for one in shared.cases], shared.tests) == (REF, ["id-1", "id-2"], 2)
    assert [row.case.id for row in links.cases_without_result] == ["id-3"]


def test_one_reference_twice_in_a_case_is_not_ambiguous() -> None:
    assert match([case(1, f"{REF}\n{canonical(REF)}")], [reported(REF)]).ambiguous == ()


def test_a_case_that_is_listed_twice_counts_once() -> None:
    links = match([case(1, REF), case(1, REF)], [reported(REF)])
    assert (links.totals.cases, links.ambiguous) == (1, ())


def test_cases_without_an_id_are_different_cases() -> None:
    lone = ManagedCase("", "", REF)
    assert match([lone, lone], []).totals.cases == 2


def test_which_cases_are_expected_to_have_a_result() -> None:
    links = match(
        [
            case(1, "gone.py:T.m"),
            case(2, execution_type="automated"),
            case(3, execution_type="manual"),
            case(4, "old.py:T.m", status="archived"),
            case(5, " \n", execution_type="automated"),
        ],
        [],
    )
    assert [(row.case.id, row.why) for row in links.cases_without_result] == [
        ("id-1", "no-test"),
        ("id-2", "no-reference"),
        ("id-5", "no-reference"),
    ]


@pytest.mark.parametrize(
    ("code_ref", "held", "why"),
    [
        (REF, "tests.test_login.TestLogin.test_valid", ["style"]),
        (REF, "tests/test_login:TestLogin.test_valid", ["style"]),
        (REF, "tests/test_login.py:TestLogin:test_valid", ["style"]),
        (REF, "test_login.py:TestLogin.test_valid", ["prefix"]),
        (REF, "src/tests/test_login.py:TestLogin.test_valid", ["prefix"]),
        (REF, "other/test_login.py:TestLogin.test_valid", ["prefix"]),
        (REF, f"{REF}[chrome-1]", ["parameters"]),
        (REF, f"{REF}(int,int)", ["parameters"]),
        (f"{REF}[a]", REF, ["parameters"]),
        (REF, "Tests/test_login.py:TestLogin.test_valid", ["letters"]),
        (REF, "tests/test_login.py:testlogin.TEST_VALID", ["letters"]),
        (REF, "test_login.TestLogin.test_valid[x]", ["parameters", "prefix", "style"]),
        ("src/CartTest.java:CartTest.adds", "com.shop.CartTest.adds", ["prefix", "style"]),
        (REF, "tests/test_login.py:TestLogin.test_vaild", ["similar"]),
        (REF, "tests/test_lgoin.py:TestLogin.test_valid", ["prefix"]),
        (REF, "tests/test_login.py:TestLoign.test_valid", ["similar"]),
    ],
)
def test_why_the_nearest_case_does_not_match(code_ref: str, held: str, why: list[str]) -> None:
    links = match([case(1, held), case(2, "far/away.py:Other.thing")], [reported(code_ref)])
    found = nearest(links)
    assert found is not None
    assert (found.case.id, found.reference, list(found.why)) == ("id-1", held, why)
    assert links.cases_without_result[0].nearest == reported(code_ref)
    assert set(found.why) <= set(WHY)


def test_a_title_with_spaces_cannot_be_a_reference() -> None:
    title = "cart.spec.ts:adds an item"
    links = match([case(1, title)], [reported(title, "adds an item")])
    found = nearest(links)
    assert found is not None
    assert (found.reference, found.why) == (title, ("spaces",))


@pytest.mark.parametrize(
    ("held", "why"), [("", ("no-reference",)), ("elsewhere.py:X.y", ("other-reference",))]
)
def test_a_case_whose_title_is_the_name_of_the_test(held: str, why: tuple[str, ...]) -> None:
    found = nearest(match([case(1, held, "Test  VALID")], [reported(REF, "test valid")]))
    assert found is not None
    assert found.why == why


def test_a_case_without_a_result_is_nearer_than_one_with() -> None:
    held = "old/test_login.py:TestLogin.test_valid"
    links = match(
        [case(1, held), case(2, "new.test_login.TestLogin.test_valid")],
        [reported(held), reported(f"new/{REF}")],
    )
    found = nearest(links)
    assert found is not None
    assert found.case.id == "id-2"


@pytest.mark.parametrize("code_ref", ["", " ", ":", "::", "...", "[", "()", "a b", "\n", "x", "[x]", ".[x"])
def test_references_without_names(code_ref: str) -> None:
    links = match([case(1, code_ref), case(2, "t.py:T.m")], [ReportedTest(code_ref, "n")])
    assert links.totals.tests == 1
    assert links.totals.cases == 2


def test_comparisons_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matching, "MOST_COMPARED", 3)
    tests = [reported(f"tests/test_a.py:T.test_{number}") for number in (0, 0, 1, 2, 3, 4)]
    links = match([case(1, "test_a.T.test_4")], tests)
    assert links.totals.not_compared == 2
    assert len(links.tests_without_case) == 6
    assert all(row.nearest is None for row in links.tests_without_case[-2:])


def test_similar_references_are_searched_for_a_bounded_number_of_tests() -> None:
    tests = [reported(f"a.py:T.something_{number}") for number in range(MOST_SIMILAR + 5)]
    links = match([case(1, "a.py:T.something_x")], tests)
    assert sum(row.nearest is not None for row in links.tests_without_case) == MOST_SIMILAR


def test_many_cases_of_one_reference_take_time_in_proportion() -> None:
    count = 20_000
    links = match([case(number, REF) for number in range(count)], [reported(REF)] * count)
    assert links.totals._asdict() == {
        "tests": count,
        "linked_tests": count,
        "tests_without_case": 0,
        "cases": count,
        "linked_cases": count,
        "cases_without_result": 0,
        "ambiguous": 1,
        "not_compared": 0,
    }
