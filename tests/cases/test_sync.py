"""``cases sync`` by the installed command against a local OneTest in a process of its own."""

import json
from pathlib import Path
from xml.sax.saxutils import quoteattr

import pytest

from support.command import run
from support.hostile import HOSTILE
from support.log_commands import FOUND_BY
from support.test_cases import CasesProject, code_ref

ENVIRONMENTS = Path(__file__).parents[1] / "ci" / "environments"
LIST, CREATE, UPDATE = "GET test-cases", "POST test-cases", "PUT ID"


def test_without_apply_nothing_is_changed(shop: CasesProject) -> None:
    case_id = shop.add("remove")
    before = shop.cases()
    made = shop.synced()
    assert made["applied"] is False
    (created,), (linked,) = made["create"], made["link"]
    assert created == {"code_ref": code_ref("add"), "status": "planned", "why": "", "title": "add", "id": ""}
    assert (linked["code_ref"], linked["case"]["id"]) == (code_ref("remove"), case_id)
    text = shop.sync().stdout
    assert "1 to create, 1 to link" in text
    assert f"up to {made['api_calls']['estimate']} API calls" in text
    assert shop.cases() == before
    assert set(shop.requests) == {LIST}
    assert not (shop.place / "state").exists()


def test_the_counts_are_those_of_references(shop: CasesProject) -> None:
    """Rows of a parametrized test share a test case, so the counts do not add up to the tests."""
    shop.write("add[1]", "add[2]", "pay", "log in")
    text = shop.sync("--exclude", "*pay").stdout
    line = "4 tests with 3 code_refs: 1 to create, 1 cannot be linked, 1 left out by --include and --exclude."
    assert line in text.splitlines()
    applied = shop.sync("--apply").stdout
    assert applied.splitlines()[-1] == "4 tests with 3 code_refs: 2 created, 1 cannot be linked."
    shop.write("add", "pay")
    assert "2 tests: 2 linked already." in shop.sync().stdout


@pytest.mark.parametrize("word", ["code_ref", "already_linked", "ambiguous", "white-space"])
def test_a_secret_that_is_one_of_our_words_changes_no_member(word: str, shop: CasesProject) -> None:
    shop.write("add", "log in", f"has_{word}")
    plain = shop.synced()
    done = shop.sync("--format", "json", ONETEST_RECEIVER_API_KEY=word)
    found = json.loads(done.stdout)
    assert (found.keys(), found["totals"]) == (plain.keys(), plain["totals"])
    assert [(row.keys(), row["status"]) for row in found["create"]] == [
        (row.keys(), row["status"]) for row in plain["create"]
    ]
    assert [row["why"] for row in found["unlinkable"]] == ["white-space"]
    assert f"has_{word}" not in done.stdout


def test_from_reports_to_linked_results(shop: CasesProject) -> None:
    """A full sync, then a push: every test is linked, and each case shows its result."""
    shop.write("add", "remove", "pay", "log_in", failed=["pay"])
    shop.add("pay", execution_type="automated")
    made = shop.synced("--apply", "--priority", "p1", "--test-category", "functional")
    assert made["totals"]["created"] == 3
    assert made["totals"]["linked"] == 1
    pushed = run("report", "report.xml", cwd=shop.place, env=shop.env)
    assert pushed.returncode == 0, pushed.stderr
    coverage = shop.coverage()
    assert coverage["total_test_cases"] == coverage["marked_automated"] == coverage["linked_to_results"] == 4
    assert coverage["automation_gap"] == 0
    results = {case["title"]: case["last_result"]["status"] for case in shop.cases()}
    assert results == {"add": "passed", "remove": "passed", "log_in": "passed", "pay": "failed"}
    assert {(case["priority"], case["test_category"]) for case in shop.cases() if case["title"] != "pay"} == {
        ("p1", "functional")
    }
    again = shop.synced("--apply")
    assert again["totals"]["already_linked"] == 4
    assert (again["create"], again["link"]) == ([], [])


def test_nothing_of_an_existing_case_changes_but_its_references(shop: CasesProject) -> None:
    texts = {"description": "by hand", "priority": "p3", "status": "ready", "test_category": "api"}
    case_id = shop.add("add", **texts)
    assert shop.synced("--apply", "--priority", "p0", "--test-category", "security")["totals"]["linked"] == 1
    after, before = shop.versions(case_id)
    changed = {name for name in after if after[name] != before[name]} - {"version", "created_at"}
    assert changed == {"automation_test_id"}
    assert after["automation_test_id"] == code_ref("add")


def test_a_manual_case_that_is_linked_is_pointed_out(shop: CasesProject) -> None:
    shop.add("add")
    shop.add("remove", execution_type="automated")
    assert "1 of the test cases to link is not automated" in shop.sync("--apply").stdout


def test_a_second_sync_writes_nothing(shop: CasesProject) -> None:
    shop.synced("--apply")
    before = shop.cases()
    shop.proxy.requests.clear()
    shop.synced("--apply")
    assert shop.requests == [LIST]
    assert shop.cases() == before


def test_ambiguous_and_unlinkable_tests_are_listed_and_left(shop: CasesProject) -> None:
    shop.add("add")
    shop.add("add")
    shop.add("one", automation_test_id=code_ref("remove"))
    shop.add("two", automation_test_id=f"x {code_ref('remove')}")
    shop.write("add", "remove", "with a space", "line&#10;break", "fine")
    before = shop.cases()
    made = shop.synced("--apply")
    assert {row["code_ref"]: row["why"] for row in made["ambiguous"]} == {
        code_ref("add"): "shared-title",
        code_ref("remove"): "shared-reference",
    }
    assert [len(row["cases"]) for row in made["ambiguous"]] == [2, 2]
    assert {row["why"] for row in made["unlinkable"]} == {"white-space"}
    assert len(made["unlinkable"]) == 2
    assert [case for case in shop.cases() if case["title"] != "fine"] == before
    assert shop.references()[code_ref("fine")] == 1


def test_options_select_tests_and_make_titles(shop: CasesProject) -> None:
    options = ("--include", "shop.py::*", "--exclude", "*remove", "--title", "{class}: {name}")
    made = shop.synced("--apply", *options)
    assert (made["totals"]["created"], made["totals"]["left_out"]) == (1, 1)
    assert [case["title"] for case in shop.cases()] == ["TestShop: add"]
    assert [case["execution_type"] for case in shop.cases()] == ["automated"]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("--title", "{unknown}"), "bad-title"),
        (("--priority", " "), "bad-option"),
        (("--test-category", "x" * 51), "bad-option"),
        (("--execution-type", ""), "bad-option"),
    ],
)
def test_a_wrong_option_is_a_usage_error(shop: CasesProject, options: tuple[str, ...], code: str) -> None:
    done = shop.sync("--apply", *options)
    assert (done.returncode, f"error[{code}]" in done.stderr) == (2, True), done.stderr
    assert shop.requests == []


def test_a_report_that_cannot_be_read_is_an_error_and_the_others_are_synchronized(shop: CasesProject) -> None:
    (shop.place / "broken.xml").write_text("<testsuite><testcase name='lost'", encoding="utf-8")
    done = run("cases", "sync", "--apply", ".", cwd=shop.place, env=shop.env)
    assert (done.returncode, "broken.xml" in done.stderr) == (3, True), done.stderr
    assert shop.references() == {code_ref("add"): 1, code_ref("remove"): 1}
    (shop.place / "report.xml").unlink()
    shop.proxy.requests.clear()
    done = run("cases", "sync", "--apply", ".", cwd=shop.place, env=shop.env)
    assert done.returncode == 3
    assert shop.requests == []


def test_a_run_from_a_fork_is_refused(shop: CasesProject) -> None:
    recorded = ENVIRONMENTS / "github-pull-request-fork.json"
    github = json.loads(recorded.read_text(encoding="utf-8"))["env"]
    event = shop.place / "event.json"
    event.write_text(json.dumps({"pull_request": {"head": {"repo": {"fork": True}}}}), encoding="utf-8")
    github |= {"GITHUB_EVENT_PATH": str(event), "GITHUB_WORKSPACE": str(shop.place)}
    for options in ((), ("--apply",)):
        done = shop.sync(*options, **github)
        assert (done.returncode, "error[untrusted-run]" in done.stderr) == (2, True), done.stderr
    assert shop.requests == []


@pytest.mark.parametrize("missing", ["ONETEST_API_KEY", "ONETEST_PRODUCT_ID"])
def test_without_key_or_product_nothing_is_requested(shop: CasesProject, missing: str) -> None:
    done = shop.sync("--apply", **{missing: ""})
    assert done.returncode == (5 if "KEY" in missing else 2), done.stderr
    assert shop.requests == []


TEXTS = [
    *HOSTILE,
    "::error file=x,line=1::pwned",
    "##vso[task.complete]x",
    "##[group]b",
    "\n::stop-commands::t",
]


@pytest.mark.parametrize("form", ["text", "json"])
def test_hostile_texts_are_only_texts(shop: CasesProject, form: str) -> None:
    rows = "".join(
        f"<testcase classname={text} name={text} file={text}/>"
        f"<testcase classname='c' name={text} file='c{n}.py'/>"
        for n, text in enumerate(quoteattr(text, {"\n": "&#10;", "\r": "&#13;"}) for text in TEXTS)
    )
    (shop.place / "report.xml").write_text(f"<testsuite name='s'>{rows}</testsuite>", encoding="utf-8")
    for title in TEXTS[:2]:
        shop.add(title)
        shop.add(title)
    for options in ((), ("--apply",), ("--apply",)):
        done = shop.sync("--format", form, *options)
        assert done.returncode == 0, done.stderr
        assert all(found(done.stdout + done.stderr) == [] for found in FOUND_BY.values())
        if form == "json":
            assert json.loads(done.stdout)["totals"]["tests"] == 2 * len(TEXTS)
    assert max(shop.references().values()) <= 4


def test_the_key_is_printed_nowhere(shop: CasesProject) -> None:
    key = shop.onetest.api_key
    shop.write("add", f"test_{key}")
    done = shop.sync("--apply", "--debug", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert "POST" in done.stderr
    for text in (done.stdout, done.stderr, *(json.dumps(case) for case in shop.cases())):
        assert key not in text
    assert not any(key.encode() in path.read_bytes() for path in shop.place.rglob("*.jsonl"))


# --- costs


@pytest.mark.parametrize(("existing", "tests"), [(0, 1), (0, 230), (130, 3), (99, 5), (250, 120)])
def test_the_estimate_is_never_exceeded(shop: CasesProject, existing: int, tests: int) -> None:
    for number in range(existing):
        shop.add(f"other {number}", automation_test_id=f"other.py:{number}" if number else "")
    shop.write(*(f"test_{number}" for number in range(tests)))
    planned = shop.synced()["api_calls"]["estimate"]
    shop.proxy.requests.clear()
    made = shop.synced("--apply", "--max-api-calls", str(planned))
    assert made["totals"]["created"] == tests
    assert made["api_calls"]["total"] == len(shop.requests) <= planned
    assert len(shop.requests) > planned / 2 - 10


def test_a_plan_over_the_maximum_changes_nothing(shop: CasesProject) -> None:
    planned = shop.synced()["api_calls"]["estimate"]
    shop.proxy.requests.clear()
    done = shop.sync("--apply", "--max-api-calls", str(planned - 1))
    assert (done.returncode, "error[over-max-api-calls]" in done.stderr) == (6, True), done.stderr
    assert shop.requests == [LIST]
    assert shop.cases() == []


# --- the journal


def test_the_journal_is_empty_after_a_complete_sync(shop: CasesProject) -> None:
    made = shop.synced("--apply")
    journal = Path(made["journal"])
    assert journal.is_relative_to(shop.place / "state")
    assert journal.stat().st_size == 0
    assert shop.synced("--apply", "--journal", "own/journal.jsonl")["journal"] == str(
        shop.place / "own" / "journal.jsonl"
    )


@pytest.mark.parametrize("content", [b"damaged\n", b'{"intent":"a","title":"b","sum":"0123456789abcdef"}\n'])
def test_with_a_damaged_journal_nothing_is_changed(shop: CasesProject, content: bytes) -> None:
    (shop.place / "journal").write_bytes(content)
    done = shop.sync("--apply", "--journal", "journal")
    assert (done.returncode, "error[bad-journal]" in done.stderr) == (4, True), done.stderr
    assert shop.requests == []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_without_a_journal_nothing_is_changed(shop: CasesProject) -> None:
    place = shop.place / "closed"
    place.write_text("a file", encoding="utf-8")
    for journal in ("/dev/full", str(place / "journal"), str(shop.place)):
        done = shop.sync("--apply", "--journal", journal)
        assert done.returncode in {2, 4}, done.stderr
        assert CREATE not in shop.requests
    (shop.place / "link").symlink_to(place)
    assert shop.sync("--apply", "--journal", "link").returncode == 4
    assert place.read_text(encoding="utf-8") == "a file"
