"""The quarantine through the installed command, in repositories that git made."""

import json
import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from support.running import GREEN, Ended, ended

LIST: Final = ".onetest-quarantine.yml"
TODAY: Final = datetime.now(UTC).date()
LATER: Final = TODAY + timedelta(days=30)
PAST: Final = TODAY - timedelta(days=2)
RED: Final = (
    "<testsuite name='s'><testcase classname='c' name='slow'><failure message='no'/></testcase>"
    "<testcase classname='c' name='good'/><testcase classname='c' name='fine'/></testsuite>"
)
TWO_RED: Final = RED.replace("name='good'/>", "name='good'><failure/></testcase>")
FORK: Final = "head.example/fork"


def entry(name: str = "slow", *, expires: object = LATER, reason: str = "slow network") -> str:
    return f"  - name: '{name}'\n    reason: '{reason}'\n    owner: shop\n    expires: {expires}\n"


def listing(*entries: str) -> str:
    return "tests:\n" + "".join(entries)


def git(place: Path, *args: str) -> str:
    settings = ("-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    done = subprocess.run(
        ["git", *settings, *args], cwd=place, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


def commit(place: Path, text: str | None) -> str:
    """Commit the list; return the commit's id."""
    if text is not None:
        (place / LIST).write_text(text, encoding="utf-8")
    else:
        (place / LIST).unlink(missing_ok=True)
    git(place, "add", "-A")
    git(place, "commit", "-qm", "m", "--allow-empty")
    return git(place, "rev-parse", "HEAD")


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    place = tmp_path / "shop"
    place.mkdir()
    git(place, "init", "-q", "-b", "main")
    (place / "out").mkdir()
    (place / "out" / "r.xml").write_text(RED, encoding="utf-8")
    return place


def pull_request(place: Path, base: str, *, fork: bool = False) -> Mapping[str, str]:
    """Return the environment of a pull request whose base is this commit."""
    event = place.parent / "event.json"
    repository = {"full_name": "o/shop"}
    payload = {
        "pull_request": {
            "number": 7,
            "head": {
                "sha": git(place, "rev-parse", "HEAD"),
                "repo": {"full_name": FORK} if fork else repository,
            },
            "base": {"sha": base, "ref": "main", "repo": repository},
        }
    }
    event.write_text(json.dumps(payload), encoding="utf-8")
    return {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REPOSITORY": "o/shop",
        "GITHUB_BASE_REF": "main",
        "GITHUB_REF": "refs/pull/7/merge",
        "GITHUB_OUTPUT": str(place.parent / "outputs"),
    }


def reported(place: Path, *args: str, env: Mapping[str, str] | None = None) -> Ended:
    return ended(place, "report", "out", "--fail-on", "any", *args, env=env, here=True)


def texts(done: Ended) -> str:
    return " ".join((*done.outcome["warnings"], *done.outcome["notes"]))


def test_a_test_in_quarantine_does_not_fail_the_gate_and_is_shown(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    done = reported(shop)
    assert (done.code, done.outcome["totals"]["failures"]) == (0, 1)
    held = done.outcome["quarantined"]
    assert held["total"] == 1
    entry_of_it = {"reason": "slow network", "owner": "shop", "expires": f"{LATER}"}
    assert held["tests"] == [{"name": "slow", "suite": "c"} | entry_of_it]
    assert f"(slow network (shop, until {LATER}))" in done.stdout
    assert "0 of 3 tests failed, besides 1 in quarantine (--fail-on any)." in done.stdout


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        (listing(entry(expires=TODAY)), 0, ""),
        (listing(entry(expires=PAST)), 1, f"expired on {PAST}"),
        (listing(entry("c > slow")), 0, ""),
        (listing(entry("sl?w")), 0, ""),
        (listing(entry("SLOW")), 1, "matches no test"),
        (listing(entry("gone*")), 1, "matches no test"),
        (listing(entry("*")), 1, "nearly everything"),
        (listing(entry("c > *")), 1, "nearly everything"),
        (listing(entry("k > a")), 1, "is too short: k > a; it needs at least 3 letters or digits"),
        (listing(entry("*?*o?*")), 1, "nearly everything"),
        (listing("  - code_ref: 'c.slow'\n    reason: r\n    expires: 2999-01-01\n"), 0, ""),
        (listing("  - name: slow\n    expires: 2999-01-01\n"), 1, "has no `reason`"),
        (listing("  - name: slow\n    reason: r\n"), 1, "has no date"),
        (listing("  - name: slow\n    reason: r\n    expires: 2999-02-30\n"), 1, "has no date"),
        (listing("  - name: slow\n    reason: r\n    expire: 2999-02-03\n"), 1, "unknown key expire"),
        (listing("  - reason: r\n    expires: 2999-01-01\n"), 1, "either `code_ref` or `name`"),
        (listing("  - slow\n"), 1, "is not a mapping"),
        ("", 1, ""),
        ("tests:\n", 1, ""),
        ("tests: [\n", 1, "is not valid YAML (line 2"),
        ("a: &a [x]\ntests: *a\n", 1, "aliases are not read"),
        (f"tests: []\n{listing(entry())}", 1, "a key is there twice"),
        (listing(entry()[:-1] + "\n    expires: 2999-01-01\n"), 1, "a key is there twice"),
        ("tests: " + "[" * 5000, 1, "is not valid YAML"),
        ("[1, 2]\n", 1, "is not a mapping with the one key"),
        ("tests: x\n", 1, "has no list under"),
        ("version: 1\n" + listing(entry()), 1, "is not a mapping with the one key"),
        (listing(*(entry(f"test{n}") for n in range(501))), 1, "has more than 500 entries"),
        ("# " + "x" * 300_000 + "\n" + listing(entry()), 1, "is larger than"),
        ("\udcff", 1, "is not valid YAML"),
    ],
)
def test_the_entries_that_count(shop: Path, text: str, code: int, told: str) -> None:
    (shop / LIST).write_bytes(text.encode("utf-8", "surrogateescape"))
    done = reported(shop)
    assert (done.code, told in texts(done)) == (code, True), texts(done)
    assert bool(texts(done).replace("A dry run: nothing was sent.", "")) == bool(told)


def test_a_pattern_that_matches_nearly_all_tests_of_the_run_does_not_count(shop: Path) -> None:
    cases = "".join(
        f"<testcase classname='c' name='test {n}'>{'<failure/>' if n == 1 else ''}</testcase>"
        for n in range(10)
    )
    (shop / "out" / "r.xml").write_text(f"<testsuite name='s'>{cases}</testsuite>", encoding="utf-8")
    (shop / LIST).write_text(listing(entry("test *")), encoding="utf-8")
    done = reported(shop)
    assert done.code == 1
    assert "matches 10 of 10 tests, which is nearly all; it does not count" in texts(done)
    (shop / LIST).write_text(listing(entry("test 1*")), encoding="utf-8")
    assert reported(shop).code == 0


def test_a_hostile_name_stays_on_its_line(shop: Path) -> None:
    (shop / LIST).write_text(
        listing('  - name: "a\\n::error::x\\u202e<img>|"\n    reason: r\n    expires: 2999-01-01\n'),
        encoding="utf-8",
    )
    done = reported(shop, "--summary", "s.md")
    assert "\n::error::x" not in done.stdout
    assert "<img>" not in (shop / "s.md").read_text(encoding="utf-8").replace("\\<img", "")


ROWS: Final = {
    # In the base and in the change: what the run ends with, and what is explained.
    "same": (listing(entry()), listing(entry()), 0, ""),
    "added": (None, listing(entry()), 1, "was added by this change"),
    "added to others": (
        listing(entry("other")),
        listing(entry("other"), entry()),
        1,
        "was added by this change",
    ),
    "widened": (listing(entry("slo")), listing(entry("slo*")), 1, "was added by this change"),
    "extended": (listing(entry(expires=PAST)), listing(entry()), 1, "was extended by this change"),
    "shortened": (listing(entry()), listing(entry(expires=PAST)), 1, f"expired on {PAST}"),
    "removed": (listing(entry()), None, 1, ""),
    "reworded": (listing(entry()), listing(entry(reason="another")), 0, ""),
    "base is broken": ("tests: [", listing(entry()), 1, "the list of the base commit"),
    "change is broken": (listing(entry()), "tests: [", 1, "is not valid YAML"),
}


@pytest.mark.parametrize("fork", [False, True])
@pytest.mark.parametrize("name", ROWS)
def test_a_change_cannot_put_its_own_failures_in_quarantine(name: str, shop: Path, *, fork: bool) -> None:
    before, after, code, told = ROWS[name]
    base = commit(shop, before)
    commit(shop, after)
    done = reported(shop, env=pull_request(shop, base, fork=fork))
    assert (done.code, told in texts(done)) == (code, True), texts(done)
    outputs = (shop.parent / "outputs").read_text(encoding="utf-8")
    assert f"\n{int(code == 0)}\nonetest_" in outputs[outputs.index("quarantined<<") :]


@pytest.mark.parametrize("fork", [False, True])
@pytest.mark.parametrize("depth", [1, 2])
def test_a_shallow_clone_of_a_trial_merge(shop: Path, tmp_path: Path, depth: int, *, fork: bool) -> None:
    base = commit(shop, listing(entry()))
    git(shop, "checkout", "-qb", "change")
    head = commit(shop, listing(entry(), entry("good")))
    git(shop, "checkout", "-q", "main")
    git(shop, "merge", "-q", "--no-ff", "-m", "merge", "change")
    git(tmp_path, "clone", "-q", f"--depth={depth}", f"file://{shop}", "clone")
    clone = tmp_path / "clone"
    (clone / "out" / "r.xml").write_text(TWO_RED, encoding="utf-8")
    env = dict(pull_request(shop, "0" * 40, fork=fork)) | {"GITHUB_SHA": git(shop, "rev-parse", "HEAD")}
    event = json.loads(Path(env["GITHUB_EVENT_PATH"]).read_text(encoding="utf-8"))
    event["pull_request"]["head"]["sha"] = head
    Path(env["GITHUB_EVENT_PATH"]).write_text(json.dumps(event), encoding="utf-8")
    done = reported(clone, "--max-failures", "1", env=env)
    # The entry of the base counts; the one that the change adds does not.
    total = 1 if depth == 2 else 0
    assert (done.code, done.outcome["quarantined"]["total"]) == (1, total), (base, texts(done))
    assert ("does not contain the commit that this change starts from" in texts(done)) == (depth == 1)


def test_on_a_push_the_list_of_the_checkout_counts(shop: Path) -> None:
    commit(shop, listing(entry()))
    env = {"GITHUB_ACTIONS": "true", "GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main"}
    assert reported(shop, env=env).code == 0


GITLAB: Final = {
    "GITLAB_CI": "true",
    "CI_MERGE_REQUEST_IID": "7",
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "2",
    "CI_MERGE_REQUEST_PROJECT_ID": "1",
    "CI_PROJECT_ID": "1",
}


def test_a_merge_request_and_its_fork(shop: Path) -> None:
    base = commit(shop, listing(entry()))
    commit(shop, listing(entry(), entry("good")))
    of_fork = GITLAB | {"CI_PROJECT_ID": "2"}
    named = {"CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    assert reported(shop, env=GITLAB | named).code == 0
    assert reported(shop, env=of_fork | named).code == 0
    assert reported(shop, env=of_fork).code == 1
    # A branch of the clone is named by the code under test, so it counts in a trusted run only.
    git(shop, "update-ref", "refs/remotes/origin/main", base)
    branch = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main"}
    assert reported(shop, env=GITLAB | branch).code == 0
    assert reported(shop, env=of_fork | branch).code == 1
    assert reported(shop, env=GITLAB | {"ONETEST_BASE_COMMIT": base}).code == 0
    assert reported(shop, env=GITLAB | {"ONETEST_BASE_COMMIT": "f" * 40} | named).code == 1


def test_a_submodule_has_no_base_branch_of_its_own(shop: Path, tmp_path: Path) -> None:
    """The change may choose the repository of the submodule."""
    commit(shop, listing(entry()))
    (tmp_path / "all").mkdir()
    git(tmp_path / "all", "init", "-q", "-b", "main")
    git(tmp_path / "all", "submodule", "add", "-q", str(shop), "shop")
    git(tmp_path / "all", "commit", "-qm", "m")
    git(tmp_path / "all", "worktree", "add", "-qb", "topic", "inner")
    inside = tmp_path / "all" / "shop"
    assert git(inside, "rev-parse", "origin/main")
    env = GITLAB | {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_COMMIT_SHA": "a" * 40}
    done = reported(inside, env=env)
    assert (done.code, "does not contain the commit that this change starts from" in texts(done)) == (1, True)
    assert reported(inside, env=env | {"ONETEST_BASE_COMMIT": git(inside, "rev-parse", "HEAD")}).code == 0
    # A worktree is of the same repository.
    git(
        tmp_path / "all", "update-ref", "refs/remotes/origin/main", commit(tmp_path / "all", listing(entry()))
    )
    inner = tmp_path / "all" / "inner"
    commit(inner, listing(entry()))
    (inner / "out").mkdir()
    (inner / "out" / "r.xml").write_text(RED, encoding="utf-8")
    assert reported(inner, env=env).code == 0


def test_a_list_elsewhere(shop: Path, tmp_path: Path) -> None:
    base = commit(shop, None)
    (tmp_path / "list.yml").write_text(listing(entry()), encoding="utf-8")
    named = ("--quarantine", str(tmp_path / "list.yml"))
    assert reported(shop, *named, env=pull_request(shop, base)).code == 0
    done = reported(shop, *named, env=pull_request(shop, base, fork=True))
    assert (done.code, "the list is outside of the checkout" in texts(done)) == (1, True)
    done = reported(shop, "--quarantine", "missing.yml")
    assert (done.code, "missing.yml cannot be read" in texts(done)) == (1, True)


FROM_OUTSIDE: Final[Mapping[str, tuple[str, object]]] = {
    "pull_request_target": ("pull_request_target", {}),
    "comment": ("issue_comment", {"issue": {"number": 7, "pull_request": {"url": "u"}}}),
    "unreadable comment": ("issue_comment", []),
    "after a fork": (
        "workflow_run",
        {"workflow_run": {"event": "pull_request", "head_repository": {"full_name": FORK}}},
    ),
}


@pytest.mark.parametrize("kind", FROM_OUTSIDE)
def test_a_run_with_secrets_that_may_be_of_a_fork_reads_no_list_that_the_fork_may_choose(
    shop: Path, tmp_path: Path, kind: str
) -> None:
    base = commit(shop, listing(entry()))
    commit(shop, listing(entry()))
    git(shop, "update-ref", "refs/remotes/origin/main", base)
    event, payload = FROM_OUTSIDE[kind]
    env = {
        **pull_request(shop, "0" * 40, fork=True),
        "GITHUB_EVENT_NAME": event,
        "GITHUB_REF": "refs/heads/main",
    }
    if payload != {}:
        Path(env["GITHUB_EVENT_PATH"]).write_text(json.dumps(payload), encoding="utf-8")
    # The clone, which the tests of the fork may have changed, has a branch of the name.
    assert reported(shop, env=env).code == 1
    (tmp_path / "list.yml").write_text(listing(entry()), encoding="utf-8")
    done = reported(shop, "--quarantine", str(tmp_path / "list.yml"), env=env)
    assert (done.code, "and the list is outside of the checkout" in texts(done)) == (1, True)
    # The commit of the base that GitHub provides counts as before.
    assert reported(shop, env={**env, "GITHUB_SHA": base}).code == 0


def test_a_folder_that_leads_out_of_the_checkout_does_not_hide_that_the_change_names_the_list(
    shop: Path, tmp_path: Path
) -> None:
    base = commit(shop, None)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "list.yml").write_text(listing(entry()), encoding="utf-8")
    (shop / "ci").symlink_to("../elsewhere")
    commit(shop, None)
    for path in ("ci/list.yml", str(shop / "ci" / "list.yml"), "ci/../elsewhere/list.yml"):
        done = reported(shop, "--quarantine", path, env=pull_request(shop, base))
        assert (done.code, "a link in the checkout leads to the list" in texts(done)) == (1, True), path
    # Without a link, the list is in the hands of the CI configuration.
    outside = "../elsewhere/list.yml"
    assert reported(shop, "--quarantine", outside, env=pull_request(shop, base)).code == 0


@pytest.mark.parametrize("event", ["pull_request", "pull_request_target", "issue_comment", "push"])
def test_a_run_after_another_one_takes_the_list_of_the_default_branch(shop: Path, event: str) -> None:
    base = commit(shop, listing(entry("good")))
    tested = commit(shop, listing(entry("good"), entry("slow")))
    # As for the pull request of a fork, which has no number here.
    payload = {
        "workflow_run": {"event": event, "head_sha": tested, "head_branch": "fix", "pull_requests": []}
    }
    env = {**pull_request(shop, base), "GITHUB_EVENT_NAME": "workflow_run", "GITHUB_REF": "refs/heads/main"}
    Path(env["GITHUB_EVENT_PATH"]).write_text(json.dumps(payload), encoding="utf-8")
    done = reported(shop, env={**env, "GITHUB_SHA": base})
    assert (done.code, "The entry slow was added by this change" in texts(done)) == (1, True)
    # The commit of the default branch is unknown or missing.
    assert reported(shop, env=env).code == reported(shop, env={**env, "GITHUB_SHA": "1" * 40}).code == 1
    # The tested commit is that of the default branch.
    assert reported(shop, env={**env, "GITHUB_SHA": tested}).code == 0


def test_a_list_that_is_a_link_or_a_pipe_is_not_read(shop: Path, tmp_path: Path) -> None:
    (tmp_path / "list.yml").write_text(listing(entry()), encoding="utf-8")
    (shop / LIST).symlink_to(tmp_path / "list.yml")
    done = reported(shop)
    assert (done.code, "Nothing is in quarantine" in texts(done)) == (1, True)
    (shop / LIST).unlink()
    os.mkfifo(shop / LIST)
    done = reported(shop)
    assert (done.code, "Nothing is in quarantine" in texts(done)) == (1, True)


def test_the_file_of_settings_may_not_choose_the_list(shop: Path) -> None:
    for name in ("quarantine: list.yml", f"base-commit: {'a' * 40}"):
        (shop / ".onetest.yml").write_text(name, encoding="utf-8")
        done = ended(shop, "report", "out")
        assert (done.code, "config-refused" in done.stderr) == (2, True)


WRITES: Final = 'printf %s "$1" > out/r.xml; exit "$2"'


def ran(shop: Path, text: str, code: int, *more: str) -> Ended:
    return ended(shop, "run", "out", *more, "--", "sh", "-c", WRITES, "sh", text, str(code))


DECLARED_RED: Final = RED.replace("<testsuite ", "<testsuite failures='1' tests='3' ")
GREEN_CASE: Final = "<testcase classname='d' name='green'/>"
DECLARING_MORE: Final = (
    RED.replace("<testsuite ", "<testsuite failures='1' errors='1' "),
    f"<testsuites failures='2'>{RED}</testsuites>",
    f"<testsuites errors='1' failures='1'>{DECLARED_RED}</testsuites>",
    f"<testsuites>{DECLARED_RED}<testsuite name='e' tests='0' errors='1'/></testsuites>",
    f"<testsuites><testsuite name='e' errors='1'/>{DECLARED_RED}</testsuites>",
    f"<testsuites><testsuite><testsuite tests='0' errors='1'/></testsuite>{DECLARED_RED}</testsuites>",
    # It may be a summary of the other suite.
    f"<testsuites>{DECLARED_RED}<testsuite name='e' tests='1' failures='1'/></testsuites>",
    f"<testsuites>{DECLARED_RED}<testsuite name='d' errors='1'>{GREEN_CASE}</testsuite></testsuites>",
    f"<testsuite failures='1'>{RED}<testsuite name='d' errors='1'>{GREEN_CASE}</testsuite></testsuite>",
)
"""Reports with failures beside that of a test in quarantine, which they declare and do not contain."""
DECLARING_ALL: Final = (
    DECLARED_RED,
    f"<testsuites failures='1'>{DECLARED_RED}</testsuites>",
    f"<testsuite name='o' failures='1'>{DECLARED_RED}</testsuite>",
    # Catch2 counts failed checks.
    DECLARED_RED.replace("failures='1'", "failures='2'").replace("<failure ", "<failure/><failure "),
)


@pytest.mark.parametrize(
    ("text", "code"), [*((text, 1) for text in DECLARING_MORE), *((text, 0) for text in DECLARING_ALL)]
)
def test_a_gate_passes_no_failure_that_a_report_only_declares(shop: Path, text: str, code: int) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    (shop / "out" / "r.xml").write_text(text, encoding="utf-8")
    done = reported(shop)
    assert (done.code, done.outcome["quarantined"]["total"]) == (code, 1), done.outcome


@pytest.mark.parametrize(
    ("text", "code", "more", "expected"),
    [
        (RED, 1, (), 0),
        (RED, 1, ("--fail-on", "any"), 0),
        (RED, 1, ("--min-tests", "4"), 1),
        (RED, 0, (), 0),
        (TWO_RED, 1, (), 1),
        (GREEN, 1, (), 1),
        *((RED, code, (), code) for code in (2, 3, 5, 101, 126, 127, 130, 137, 143, 255)),
        (RED, 1, ("--allow-stale",), 1),
        (RED[:-20], 1, (), 1),
        (RED.replace("<testsuite ", "<testsuite tests='9' failures='4' "), 1, (), 1),
        *((text, 1, (), 1) for text in DECLARING_MORE[:4]),
        (DECLARED_RED, 1, (), 0),
    ],
)
def test_the_exit_code_of_a_test_command(
    shop: Path, text: str, code: int, more: tuple[str, ...], expected: int
) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    done = ran(shop, text, code, *more)
    assert done.code == expected, texts(done)
    excused = "for which 1 failed test in quarantine account" in texts(done)
    assert excused == (code == 1 and (expected == 0 or "--min-tests" in more))
    (shop / "out" / "r.xml").write_text(text, encoding="utf-8")
    if code and "--allow-stale" not in more:
        assert ended(shop, "report", "out", "--test-exit-code", str(code), *more).code == expected


def test_absent_tests_of_the_baseline_leave_a_doubt(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    assert ran(shop, RED, 0, "--save-results", "base.gz").code == 0
    excused = ran(shop, RED, 1, "--baseline", "base.gz")
    assert excused.code == 0
    assert any("in quarantine account" in text for text in excused.outcome["warnings"])
    # As after the option to stop at the first failure.
    first, end, _ = RED.partition("</testcase>")
    (shop / "out" / "r.xml").unlink()
    stopped = ran(shop, f"{first}{end}</testsuite>", 1, "--baseline", "base.gz")
    assert stopped.code == 1
    assert "of the baseline did not run" in texts(stopped)


def test_tests_cannot_change_the_list_that_is_read(shop: Path) -> None:
    base = commit(shop, listing(entry("other")))
    env = pull_request(shop, base)
    (shop / "new.yml").write_text(listing(entry(), entry("other")), encoding="utf-8")
    adds = f"cp new.yml {LIST}; " + WRITES
    # As if no change was under test, in no checkout.
    hides = "echo '{}' > \"$GITHUB_EVENT_PATH\"; rm .git/HEAD; " + adds
    for change, environment in ((adds, None), (hides, env)):
        git(shop, "checkout", "-qf", base)
        done = ended(shop, "run", "out", "--", "sh", "-c", change, "sh", RED, "1", env=environment)
        assert (done.code, done.outcome["quarantined"]["total"]) == (1, 0), texts(done)


def test_a_report_without_tests_leaves_a_doubt(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    script = 'printf %s "$1" > out/r.xml; echo "<testsuite/>" > out/empty.xml; exit 1'
    done = ended(shop, "run", "out", "--", "sh", "-c", script, "sh", RED)
    assert done.code == 1
    assert "a report contains no test" in texts(done)


def test_a_file_that_is_not_a_report_leaves_a_doubt(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    for_people = 'echo "<!DOCTYPE html><html>1 failed</html>" > out/index.html; echo "1 failed" > out/o.txt; '
    writes = for_people + 'printf %s "$1" > out/r.xml; '
    command = (
        "--",
        "sh",
        "-c",
        writes + 'echo \'{"stats": {"failures": 1}}\' > out/m.json; exit 1',
        "sh",
        RED,
    )
    done = ended(shop, "run", "out", *command)
    doubt = "out/m.json is not a report and may contain another failure; if it cannot, exclude it with '!out/"
    assert (done.code, doubt in texts(done)) == (1, True), texts(done)
    assert ended(shop, "run", "out", "!out/m.json", *command).code == 0
    # What the command did not write does not contain its failure.
    assert ended(shop, "run", "out", "--", "sh", "-c", writes + "exit 1", "sh", RED).code == 0
    done = ended(shop, "report", "out", "--test-exit-code", "1")
    assert (done.code, doubt in texts(done)) == (1, True), texts(done)


def test_a_report_that_a_link_leads_to_in_vain_leaves_a_doubt(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    (shop / "out" / "other.xml").symlink_to("gone.xml")
    assert ran(shop, RED, 1).code == 1
    assert ended(shop, "run", "out/*.xml", "--", "sh", "-c", "exit 1").code == 1
    assert ran(shop, RED, 1, "!out/other.xml").code == 0


def test_a_directory_that_cannot_be_searched_leaves_a_doubt(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry()), encoding="utf-8")
    # Its path is too long, which stops the superuser too.
    script = (
        'printf %s "$1" > out/r.xml; cd out; name=$(printf %0200d 0); '
        "for n in $(seq 25); do mkdir $name && cd -P ./$name || exit 9; done; exit 1"
    )
    done = ended(shop, "run", "out", "--", "sh", "-c", script, "sh", RED)
    assert (done.code, "is not a report and may contain another failure" in texts(done)) == (1, True)
    assert "a directory that cannot be searched: File name too long" in str(done.outcome["not_reports"])
    assert ended(shop, "run", "out", "!out/000*/", "--", "sh", "-c", WRITES, "sh", RED, "1").code == 0


def test_without_a_list_nothing_changes(shop: Path) -> None:
    done = ran(shop, RED, 1)
    assert (done.code, done.outcome["quarantined"]) == (1, {"total": 0, "flaky": 0, "tests": []})
    assert done.outcome["notes"][-1] == "The exit code 1 is that of the test command."


def test_the_case_of_the_test_command_is_never_in_quarantine(shop: Path) -> None:
    (shop / LIST).write_text(listing(entry("(test command)"), entry("*test command*")), encoding="utf-8")
    assert ran(shop, GREEN, 1).code == 1
