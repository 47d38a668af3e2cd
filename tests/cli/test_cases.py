"""The commands about test cases, against a local OneTest and servers that fail."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from onetest.scripted_server import PRODUCT, Server
from support.command import run
from support.onetest import LocalOneTest
from support.outcomes import read_outcome

KEY = "ak_0123456789abcdef"
REPORT = """<testsuite name="cart">
  <testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py" name="test_adds"/>
  <testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py" name="test_rows[a-1]"/>
  <testcase classname="tests.test_cart.TestCart" file="tests/test_cart.py" name="test_total">
    <failure message="1 != 2"/>
  </testcase>
  <testcase classname="" file="cart.spec.ts" name="adds an item"/>
</testsuite>
"""
ADDS = "tests/test_cart.py:TestCart.test_adds"


@pytest.fixture
def own_onetest() -> Iterator[LocalOneTest]:
    """A local OneTest whose product no other test changes."""
    with LocalOneTest() as running:
        yield running


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.close()


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    return tmp_path


def environment_of(server: Server) -> dict[str, str]:
    return {
        "ONETEST_BASE_URL": server.url,
        "ONETEST_API_KEY": KEY,
        "ONETEST_PRODUCT_ID": PRODUCT,
        "ONETEST_WAIT_FOR_SERVICE": "0",
    }


def write_cases(folder: Path, *cases: dict[str, Any]) -> None:
    (folder / "cases.json").write_text(json.dumps({"cases": cases}), encoding="utf-8")


def matched(folder: Path, *options: str) -> dict[str, Any]:
    done = run("cases", "match", "r.xml", "--cases", "cases.json", "--format", "json", *options, cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(json.loads(done.stdout))


def error_of(stderr: str) -> str:
    found = re.search(r"error\[([a-z-]+)\]", stderr)
    return found[1] if found else ""


# --- one product, from nothing to a linked result


def test_from_no_case_to_linked_tests(own_onetest: LocalOneTest, shop: Path) -> None:
    env = own_onetest.env

    def cases(*args: str) -> str:
        done = run("cases", *args, cwd=shop, env=env)
        assert (done.returncode, error_of(done.stderr)) == (0, "")
        assert "API call" in done.stderr
        return done.stdout

    assert json.loads(cases("list", "--format", "json")) == {"cases": []}
    assert cases("list") == "0 test cases\n"
    first = cases("create", "--title", "Adds", "--priority", "p1", "--test-category", "api").strip()
    assert cases("create", "--title", " Adds ", "--unless-exists").strip() == first
    cases("update", first, "--execution-type", "automated", "--automation-test-id", f"x.py:X.y\n{ADDS}")
    by_reference = ("--title", "Other", "--unless-exists", "--automation-test-id", ADDS.replace(":", "::"))
    assert cases("create", *by_reference).strip() == first
    second = cases("create", "--title", "=1+1", "--execution-type", "manual").strip()
    assert second != first
    (shop / "cases.json").write_text(cases("list", "--format", "json"), encoding="utf-8")
    listed = json.loads((shop / "cases.json").read_text(encoding="utf-8"))["cases"]
    assert [(one["id"], one["title"], one["priority"], one["execution_type"]) for one in listed] == [
        (first, "Adds", "p1", "automated"),
        (second, "=1+1", "", "manual"),
    ]
    assert first in cases("list", "--automated", "--linked")
    whole, a_part = cases("list").splitlines()[-1], cases("list", "--automated").splitlines()[-1]
    assert (whole, a_part) == ("2 test cases", "1 of 2 test cases")
    assert second not in cases("list", "--automated")
    assert first not in cases("list", "--text", "=1")
    assert first in cases("list", "--text", "TEST_adds")
    from_file, from_list = matched(shop), json.loads(cases("match", "r.xml", "--format", "json"))
    assert from_file == from_list
    (link,) = from_file["linked"]
    assert (link["test"]["code_ref"], [case["id"] for case in link["cases"]]) == (ADDS, [first])
    assert [row["test"]["name"] for row in from_file["tests_without_case"]] == [
        "test_rows[a-1]",
        "test_total",
        "adds an item",
    ]
    assert from_file["tests_without_case"][0]["test"]["parameters"] == "a-1"


def test_a_match_agrees_with_onetest(own_onetest: LocalOneTest, shop: Path) -> None:
    """A match and OneTest count the same test cases as linked."""
    spelled = "tests/test_cart.py::TestCart::test_total"
    fields = ("--title", spelled, "--execution-type", "automated", "--automation-test-id", spelled)
    assert run("cases", "create", *fields, cwd=shop, env=own_onetest.env).returncode == 0
    done = run("report", "r.xml", "--match-cases", "--json", "o.json", cwd=shop, env=own_onetest.env)
    assert done.returncode == 0
    outcome = read_outcome(shop / "o.json")
    coverage = own_onetest.get(
        f"/api/test-management/api/v1/products/{own_onetest.product_id}/test-cases/automation-coverage"
        "?no_cache=true"
    )
    assert outcome["cases"]["totals"]["linked_cases"] > 0
    assert outcome["cases"]["totals"]["linked_cases"] == coverage["linked_to_results"]
    assert outcome["delivery"]["api_calls"]["by_service"]["test-management"] == 1


def test_a_pull_request_from_a_fork_changes_no_case(shop: Path) -> None:
    event = {
        "pull_request": {"head": {"repo": {"full_name": "a/fork"}}, "base": {"repo": {"full_name": "b/x"}}}
    }
    (shop / "event.json").write_text(json.dumps(event), encoding="utf-8")
    env = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(shop / "event.json"),
        "ONETEST_API_KEY": KEY,
        "ONETEST_PRODUCT_ID": PRODUCT,
    }
    for args in (("create", "--title", "t"), ("update", "id", "--title", "t")):
        done = run("cases", *args, cwd=shop, env=env)
        assert (done.returncode, error_of(done.stderr)) == (2, "untrusted-run")


# --- failures


@pytest.mark.parametrize(
    ("missing", "ended"),
    [("ONETEST_API_KEY", (5, "missing-key")), ("ONETEST_PRODUCT_ID", (2, "missing-option"))],
)
@pytest.mark.parametrize(
    "args", [("list",), ("match", "r.xml"), ("create", "--title", "t"), ("update", "1", "--priority", "p1")]
)
def test_what_is_needed(
    args: tuple[str, ...], missing: str, ended: tuple[int, str], shop: Path, server: Server
) -> None:
    env = environment_of(server)
    del env[missing]
    done = run("cases", *args, cwd=shop, env=env)
    assert (done.returncode, error_of(done.stderr), done.stdout) == (*ended, "")
    assert server.requests == []


@pytest.mark.parametrize(
    ("response", "ended"),
    [
        ((401, {"detail": "Invalid API key"}), (5, "key-refused")),
        ((403, {"detail": "Forbidden"}), (5, "forbidden")),
        ((404, {"detail": "Product not found"}), (5, "unknown-product")),
        ((404, {"detail": "Not Found"}), (4, "unknown-endpoint")),
        ((200, b"<!doctype html><title>Sign in</title>"), (4, "html-answer")),
        ((200, {"test_cases": 7}), (4, "bad-json")),
        ((200, {"items": [{"id": 1}], "next": "?page=1", "total": 99}), (6, "over-max-api-calls")),
        ((200, {"items": [{"id": 1}], "next": ""}), (0, "")),
    ],
)
@pytest.mark.parametrize(
    "args", [("list",), ("match", "r.xml"), ("create", "--title", "t", "--unless-exists")]
)
def test_a_list_that_fails(
    args: tuple[str, ...], response: tuple[int, object], ended: tuple[int, str], shop: Path, server: Server
) -> None:
    status, body = response
    content_type = "text/html" if isinstance(body, bytes) else "application/json"
    server.responds(status, body, Content_Type=content_type).responds(201, {"id": "new"})
    done = run("cases", *args, "--max-api-calls", "9", cwd=shop, env=environment_of(server))
    assert (done.returncode, error_of(done.stderr)) == ended
    if ended[1]:
        assert done.stdout == ""
        assert len(server.requests) == 1
        assert "1 API call" in done.stderr


def test_pages_that_never_end_are_bounded(shop: Path, server: Server) -> None:
    for page in range(9):
        server.responds(200, {"items": [{"id": page}], "next": f"?page={page + 2}"})
    done = run("cases", "list", "--max-api-calls", "4", cwd=shop, env=environment_of(server))
    assert (done.returncode, error_of(done.stderr), done.stdout) == (6, "max-api-calls-reached", "")
    assert len(server.requests) == 4


def test_a_page_that_repeats_is_an_error(shop: Path, server: Server) -> None:
    for _ in range(2):
        server.responds(200, {"items": [{"id": 1}], "next": "?page=2"})
    done = run("cases", "match", "r.xml", cwd=shop, env=environment_of(server))
    assert (done.returncode, error_of(done.stderr), done.stdout) == (4, "endless-list", "")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "No such file"),
        (b"", "does not contain test cases"),
        (b"[]", "does not contain test cases"),
        (b'{"cases": {}}', "does not contain test cases"),
        (b'{"cases": [7]}', "does not contain test cases"),
        (b'{"cases": [{"id": []}]}', "does not contain test cases"),
        (b'{"cases": [{"title": 7}]}', "does not contain test cases"),
        (b'{"cases": [{"x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}]}", "does not contain test cases"),
        (b'{"cases": [{"title": "\xff"}]}', "does not contain test cases"),
        (b"\xff\xfe{", "does not contain test cases"),
    ],
    ids=range(10),
)
def test_a_file_that_holds_no_test_cases(content: bytes | None, reason: str, shop: Path) -> None:
    if content is not None:
        (shop / "cases.json").write_bytes(content)
    done = run("cases", "match", "r.xml", "--cases", "cases.json", cwd=shop)
    assert (done.returncode, error_of(done.stderr), done.stdout) == (2, "bad-cases-file", "")
    assert reason in done.stderr
    assert "cases list --format json" in done.stderr


def test_a_folder_in_place_of_the_file(shop: Path) -> None:
    (shop / "cases.json").mkdir()
    done = run("cases", "match", "r.xml", "--cases", "cases.json", cwd=shop)
    assert (done.returncode, error_of(done.stderr)) == (2, "bad-cases-file")


@pytest.mark.parametrize("args", [(), ("--title", " "), ("--title", "x" * 501), ("--priority", "x" * 51)])
def test_wrong_fields(args: tuple[str, ...], shop: Path, server: Server) -> None:
    done = run("cases", "update", "1", *args, cwd=shop, env=environment_of(server))
    assert done.returncode == 2
    assert error_of(done.stderr) in {"missing-option", "bad-option"}
    assert server.requests == []


def test_references_are_removed_by_an_empty_text(shop: Path, server: Server) -> None:
    server.responds(200, {"id": "1"})
    done = run("cases", "update", "1", "--automation-test-id", "", cwd=shop, env=environment_of(server))
    assert done.returncode == 0
    assert server.requests[0].json() == {"automation_test_id": ""}


def test_an_update_says_what_it_changed(shop: Path, server: Server) -> None:
    server.responds(200, {"id": "1"})
    args = ("update", "1", "--priority", "p1", "--automation-test-id", "a.A.t")
    done = run("cases", *args, cwd=shop, env=environment_of(server))
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.splitlines()[0] == (
        "onetest-ci: Changed --priority, --automation-test-id of the test case 1."
    )


def test_an_update_by_number_leads_to_the_id(shop: Path, server: Server) -> None:
    server.responds(404, {"detail": "Test case not found"})
    done = run("cases", "update", "TC-0001", "--priority", "p1", cwd=shop, env=environment_of(server))
    assert (done.returncode, done.stdout) == (4, "")
    assert "error[not-found]" in done.stderr
    assert "Changed" not in done.stderr
    assert "`onetest-ci cases list` shows both" in done.stderr


def test_a_lost_response_is_not_retried(shop: Path, server: Server) -> None:
    server.hangs_up()
    done = run("cases", "create", "--title", "t", cwd=shop, env=environment_of(server))
    assert (done.returncode, error_of(done.stderr)) == (4, "connection-lost")
    assert "OneTest may have done it" in done.stderr
    assert len(server.requests) == 1


def test_50_000_test_cases_in_pages(shop: Path, server: Server) -> None:
    total, size = 50_000, 2_000
    for first in range(0, total, size):
        entries = [{"id": f"{number}", "title": "t"} for number in range(first, first + size)]
        following = f"?page={first}" if first + size < total else None
        server.responds(200, {"items": entries, "total": total, "next": following})
    done = run("cases", "match", "r.xml", "--format", "json", cwd=shop, env=environment_of(server))
    assert done.returncode == 0
    assert json.loads(done.stdout)["totals"]["cases"] == total
    assert "The list of 50,000 test cases takes about 25 API calls." in done.stderr
    assert done.stderr.endswith("25 API calls.\n")


def test_a_list_with_half_a_character_is_read_back(shop: Path, server: Server) -> None:
    server.responds(200, [{"id": "1", "title": "a\ud800b", "automation_test_id": ADDS}])
    listed = run("cases", "list", "--format", "json", cwd=shop, env=environment_of(server))
    (shop / "cases.json").write_text(listed.stdout, encoding="utf-8")
    assert matched(shop)["linked"][0]["cases"] == [{"id": "1", "identifier": "", "title": "a?b"}]


# --- match


def test_a_file_that_powershell_wrote(shop: Path) -> None:
    text = json.dumps({"cases": [{"id": "1", "title": "T", "automation_test_id": ADDS}]})
    (shop / "cases.json").write_bytes(b"\xff\xfe" + text.encode("utf-16-le"))
    assert matched(shop)["totals"]["linked_tests"] == 1


def test_cases_without_title_and_references_with_line_breaks(shop: Path) -> None:
    write_cases(
        shop,
        {"id": "1", "title": None, "automation_test_id": f"\r\n{ADDS}\n\nx.py:X.y\t"},
        {"id": 2, "automation_test_id": ADDS},
        {"id": "3"},
        {},
    )
    found = matched(shop)
    assert found["totals"]["cases"] == 4
    assert [case["id"] for case in found["linked"][0]["cases"]] == ["1", "2"]
    (shared,) = found["ambiguous"]
    assert (shared["reference"], shared["tests"], len(shared["cases"])) == (ADDS, 1, 2)


def test_the_style_of_code_refs_is_that_of_a_report(shop: Path) -> None:
    write_cases(shop, {"id": "1", "automation_test_id": "tests.test_cart.TestCart.test_adds"})
    assert matched(shop)["linked"] == []
    assert matched(shop)["tests_without_case"][0]["nearest"]["why"] == ["style"]
    assert matched(shop, "--code-ref-style", "dotted")["totals"]["linked_tests"] == 1


def test_a_retry_is_one_test(shop: Path) -> None:
    case = '<testcase classname="a.A" name="t">{}</testcase>'
    report = f"<testsuite>{case.format('<failure/>')}{case.format('')}</testsuite>"
    (shop / "r.xml").write_text(report, encoding="utf-8")
    write_cases(shop, {"id": "1", "automation_test_id": "a.A.t"})
    found = matched(shop)
    assert found["totals"]["tests"] == 1
    assert found["linked"][0]["test"]["status"] == "passed"


def test_a_report_that_breaks_off_is_matched_and_an_error(shop: Path) -> None:
    (shop / "r.xml").write_text(REPORT.partition('<testcase classname=""')[0], encoding="utf-8")
    write_cases(shop, {"id": "1", "automation_test_id": ADDS})
    done = run("cases", "match", "r.xml", "--cases", "cases.json", cwd=shop)
    assert done.returncode == 3
    assert done.stdout.startswith("1 of 3 tests is linked to 1 test case; 2 have no case.\n")


@pytest.mark.parametrize(
    "word", ["code_ref", "automation_test_id", "linked_tests", "no-reference", "test_total"]
)
def test_a_secret_that_is_one_of_our_words_changes_no_member(word: str, shop: Path) -> None:
    write_cases(shop, {"id": "1", "title": "test_total"}, {"id": "2", "title": f"has {word}"})
    plain = matched(shop)
    done = run(
        *("cases", "match", "r.xml", "--cases", "cases.json", "--format", "json"),
        cwd=shop,
        env={"ONETEST_API_KEY": word},
    )
    found = json.loads(done.stdout)
    assert found["totals"] == plain["totals"]
    assert found.keys() == plain.keys()
    rows, plain_rows = found["tests_without_case"], plain["tests_without_case"]
    assert [row.keys() for row in rows] == [row.keys() for row in plain_rows]
    assert [row["test"]["status"] for row in rows] == [row["test"]["status"] for row in plain_rows]
    if word != "no-reference":
        assert f'"{word}"' not in done.stdout.replace(f'"{word}":', "")


def test_without_tests_nothing_is_listed(shop: Path, server: Server) -> None:
    done = run("cases", "match", "none.xml", cwd=shop, env=environment_of(server))
    assert (done.returncode, done.stdout, server.requests) == (3, "", [])


def test_the_summary_of_a_match(shop: Path) -> None:
    write_cases(
        shop, {"id": "1", "identifier": "TC-1", "title": "<b>|`", "automation_test_id": "gone.py:X.y"}
    )
    (shop / "step.md").write_text("", encoding="utf-8")
    env = {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(shop / "step.md")}
    done = run(
        *("cases", "match", "r.xml", "--cases", "cases.json", "--summary", "s/s.md"), cwd=shop, env=env
    )
    assert done.returncode == 0
    text = (shop / "s/s.md").read_text(encoding="utf-8")
    assert "0 of 4 tests are linked to a test case; 4 have no case." in text
    assert "TC-1 &lt;b&gt;\\|\\`" in text
    assert (shop / "step.md").read_text(encoding="utf-8") == text


@pytest.mark.parametrize(
    ("classes", "cases", "line"),
    [
        ("a", [], "0 of 1 test is linked to a test case; 1 has no case."),
        ("ab", [], "0 of 2 tests are linked to a test case; 2 have no case."),
        ("ab", ["a"], "1 of 2 tests is linked to 1 test case; 1 has no case."),
        (
            "abc",
            ["a", "a b"],
            "2 of 3 tests are linked to 2 test cases; 1 has no case; 1 reference of several cases.",
        ),
        ("ab", ["a", "b"], "2 of 2 tests are linked to 2 test cases."),
    ],
)
def test_the_first_line_of_a_match(classes: str, cases: list[str], line: str, shop: Path) -> None:
    tests = "".join(f'<testcase classname="p.{one}" name="t"/>' for one in classes)
    (shop / "r.xml").write_text(f"<testsuite>{tests}</testsuite>", encoding="utf-8")
    references = [" ".join(f"p.{one}.t" for one in case.split()) for case in cases]
    write_cases(shop, *({"id": str(n), "automation_test_id": ref} for n, ref in enumerate(references)))
    done = run("cases", "match", "r.xml", "--cases", "cases.json", cwd=shop)
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, line)


NEXT_STEP = "`onetest-ci cases sync`"


def test_a_match_explains_a_reference_with_white_space_and_leads_to_a_sync(shop: Path) -> None:
    write_cases(shop, {"id": "1", "automation_test_id": ADDS})
    done = run("cases", "match", "r.xml", "--cases", "cases.json", "--summary", "s.md", cwd=shop)
    lines = done.stdout.splitlines()
    explained = lines[lines.index("  cart.spec.ts:adds an item") + 1]
    assert explained.strip().startswith("cannot be linked: the test's code_ref contains white space")
    assert explained.strip() in (shop / "s.md").read_text(encoding="utf-8").replace("\\", "")
    assert done.stdout.count("cannot be linked") == 1
    assert NEXT_STEP in lines[-1]


def test_a_match_leads_to_no_sync_that_could_create_nothing(shop: Path) -> None:
    titled = '<testcase file="cart.spec.ts" name="adds an item"/>'
    (shop / "r.xml").write_text(f"<testsuite>{titled}</testsuite>", encoding="utf-8")
    write_cases(shop)
    done = run("cases", "match", "r.xml", "--cases", "cases.json", cwd=shop)
    assert "cannot be linked" in done.stdout
    assert NEXT_STEP not in done.stdout


# --- CSV


def test_no_cell_is_a_formula(shop: Path, server: Server) -> None:
    starts = ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\uff1d", "\x00=", '"=', "a,b\n=c", "'="]
    cases = [
        {"id": f"{number}", "title": f"{start}cmd|' /C calc'!A0", "automation_test_id": f"{start}x\ny"}
        for number, start in enumerate(starts)
    ]
    server.responds(200, cases)
    done = run("cases", "list", "--format", "csv", cwd=shop, env=environment_of(server))
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [row["id"] for row in rows] == [case["id"] for case in cases]
    for row in rows:
        for cell in row.values():
            assert not cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d"))
            assert cell.isprintable()
    assert rows[0]["title"] == "'=cmd|' /C calc'!A0"


def test_a_secret_in_a_title_is_not_shown(shop: Path, server: Server) -> None:
    server.responds(200, [{"id": "1", "title": f"uses {KEY}", "automation_test_id": KEY}])
    for form in ("table", "json", "csv"):
        server.responds(200, [{"id": "1", "title": f"uses {KEY}", "automation_test_id": KEY}])
        done = run("cases", "list", "--format", form, cwd=shop, env=environment_of(server))
        assert "uses ***" in done.stdout
        assert KEY not in done.stdout + done.stderr
