"""``--comment``: one comment, a section for each job, and nothing but a warning where it fails."""

import json
import re
from pathlib import Path
from typing import Final

import pytest

from comments.conftest import TOKEN, HostKind, Jobs
from onetest_ci.error_codes import ERROR_CODES
from support.command import run
from support.comments_api import OTHER, OTHER_MEMBER, Answer, CommentsApi

FAILED: Final = "<testcase name='b'><failure message='it broke'/></testcase>"
MARK: Final = "<!-- onetest-ci:comment:1 -->"


def heads(body: str) -> list[str]:
    """The first line of each section."""
    return re.findall(r"<!-- onetest-ci:section .* -->\n(.*)", body)


def test_a_job_makes_a_comment_and_changes_nothing_else(jobs: Jobs) -> None:
    done = jobs.run(cases=FAILED)
    assert done.returncode == 0, done.stderr
    body = jobs.body()
    assert "it broke" in body
    assert "1 failed" in heads(body)[0]
    assert "unit" in heads(body)[0]
    assert "comment" not in done.stderr.lower()
    # One is written, and read back.
    assert jobs.api.methods().count("POST") == (2 if jobs.host.name == "github" else 1)


def test_it_is_off_by_default(jobs: Jobs) -> None:
    assert jobs.run("unit", "--no-comment").returncode == 0
    assert jobs.api.seen == []


@pytest.mark.parametrize("existing", [False, True], ids=["both create", "both update"])
def test_two_jobs_at_the_same_moment_keep_both_sections(jobs: Jobs, *, existing: bool) -> None:
    jobs.more = {}  # a pause is longer than what another job does between reading and writing
    if existing:
        jobs.run("lint")
        # Both have read the comment before one of them writes it.
        jobs.api.hold(jobs.host.write, jobs.host.one)
    else:
        jobs.api.hold("POST", jobs.host.many)
    started = [jobs.start(job, cases=FAILED) for job in ("unit", "e2e")]
    for process in started:
        done = jobs.finish(process)
        assert (done.returncode, "comment" in done.stderr.lower()) == (0, False), done.stderr
    found = " ".join(heads(jobs.body()))
    assert [name in found for name in ("unit", "e2e", "lint")] == [True, True, existing]
    assert len(jobs.api.comments) == 1


def test_a_job_that_runs_again_replaces_its_section(jobs: Jobs) -> None:
    jobs.run("e2e", cases=FAILED)
    jobs.run("unit", cases=FAILED)
    jobs.run("unit", attempt=2)
    first, second = heads(jobs.body())
    assert ("e2e" in first, "1 failed" in first) == (True, True)
    assert ("unit" in second, "0 failed" in second) == (True, True)
    if jobs.host.name == "github":
        assert "attempt 2" in second
    jobs.run("unit", run=101, cases=FAILED)
    assert "run 101" in heads(jobs.body())[1]


def test_results_of_an_earlier_run_do_not_replace_those_of_a_later_one(jobs: Jobs) -> None:
    jobs.run(run=101)
    before = jobs.body()
    done = jobs.run(run=100, cases=FAILED)
    assert "later run of this job" in done.stderr
    assert jobs.body() == before


def test_two_reports_of_one_job_keep_both_sections(jobs: Jobs) -> None:
    jobs.run(cases=FAILED)
    jobs.run()
    assert [("1 failed" in head) for head in heads(jobs.body())] == [True, False]
    jobs.run(attempt=2)
    jobs.run(attempt=2)
    assert [("0 failed" in head) for head in heads(jobs.body())] == [True, True]


def test_a_fork_gets_no_comment(jobs: Jobs) -> None:
    done = jobs.run(fork=True)
    assert done.returncode == 0, done.stderr
    assert "from a fork" in done.stderr
    assert jobs.api.seen == []


def test_a_fork_gets_no_comment_from_a_run_with_secrets(jobs: Jobs) -> None:
    if jobs.host.name != "github":
        pytest.skip("only GitHub has pull_request_target")
    for fork in (True, False):
        env = jobs.env(fork=fork) | {
            "GITHUB_EVENT_NAME": "pull_request_target",
            "GITHUB_REF": "refs/heads/main",
        }
        done = jobs.finish(jobs.start(env=env))
        assert (done.returncode, "from a fork" in done.stderr) == (0, fork), done.stderr
        assert bool(jobs.api.seen) != fork


def test_the_event_counts_as_it_was_before_the_tests(jobs: Jobs) -> None:
    if jobs.host.name != "github":
        pytest.skip("only GitHub has an event file")
    env = jobs.env(fork=True) | {"GITHUB_EVENT_NAME": "pull_request_target", "GITHUB_REF": "refs/heads/main"}
    forged = Path(jobs.env()["GITHUB_EVENT_PATH"])
    (jobs.folder / "later.xml").write_text("<testsuite><testcase name='a'/></testsuite>", encoding="utf-8")
    tests = ("sh", "-c", 'cp later.xml r.xml && cp "$1" "$GITHUB_EVENT_PATH"', "sh", str(forged))
    done = run("run", "r.xml", "--comment", "--", *tests, cwd=jobs.folder, env=env)
    assert done.returncode == 0, done.stderr
    assert Path(env["GITHUB_EVENT_PATH"]).read_bytes() == forged.read_bytes()
    assert "No comment: this is a pull request from a fork" in done.stderr
    assert jobs.api.seen == []


def test_a_comment_on_a_pull_request_starts_no_comment_of_ours(jobs: Jobs) -> None:
    if jobs.host.name != "github":
        pytest.skip("only GitHub has runs after comments")
    event = jobs.folder / "comment.json"
    # The head's repository is not in it.
    issue = {"number": 7, "pull_request": {"url": "https://api.github.com/repos/acme/shop/pulls/7"}}
    event.write_text(json.dumps({"action": "created", "issue": issue}), encoding="utf-8")
    env = {
        "GITHUB_EVENT_NAME": "issue_comment",
        "GITHUB_EVENT_PATH": str(event),
        "GITHUB_REF": "refs/heads/main",
    }
    done = jobs.finish(jobs.start(env=env))
    assert (done.returncode, "comment on a pull request, which may be from a fork" in done.stderr) == (
        0,
        True,
    )
    assert jobs.api.seen == []


def test_the_comment_of_another_person_is_not_ours(jobs: Jobs) -> None:
    author = OTHER if jobs.host.name == "github" else OTHER_MEMBER
    section = "<!-- onetest-ci:section 0123456789abcdef 1 1 1 0123456789abcdef 0 0 -->\nall is well\n"
    foreign = jobs.api.add(f"{MARK}\n\n{section}<!-- onetest-ci:end -->\n", author)
    before = dict(foreign)
    jobs.run(cases=FAILED)
    assert foreign == before
    mine = jobs.api.comments[-1]
    assert mine is not foreign
    assert "it broke" in mine["body"]
    assert "all is well" not in mine["body"]


def test_a_comment_of_ours_with_the_mark_elsewhere_is_left_alone(jobs: Jobs) -> None:
    quoted = jobs.api.add(f"> somebody wrote\n{MARK}\n", jobs.host.bot)
    before = dict(quoted)
    jobs.run()
    assert quoted == before
    assert len(jobs.api.comments) == 2


def test_comments_on_further_pages_are_found(jobs: Jobs) -> None:
    for _ in range(250):
        jobs.api.add("a talk", jobs.host.bot)
    jobs.run("unit")
    jobs.run("e2e")
    assert len(heads(jobs.body())) == 2
    assert len(jobs.api.comments) == 251


def test_too_many_comments_are_a_warning(jobs: Jobs) -> None:
    for _ in range(3001):
        jobs.api.add("a talk", jobs.host.bot)
    done = jobs.run()
    assert done.returncode == 0
    assert "more than 3,000 comments" in done.stderr
    assert len(jobs.api.comments) == 3001


def test_a_comment_that_is_deleted_while_it_is_written_is_made_anew(jobs: Jobs) -> None:
    jobs.run("unit")
    jobs.api.on(jobs.host.write, jobs.host.one, jobs.api.comments.clear)
    done = jobs.run("e2e")
    assert "comment" not in done.stderr.lower()
    assert "e2e" in heads(jobs.body())[0]


FAULTS: Final = {
    "401": (Answer.of(401, "Bad credentials"), "does not accept the token"),
    "403": (Answer.of(403, "Resource not accessible by integration"), "does not let the token comment"),
    "404": (Answer.of(404, "Not Found"), "does not show the pull or merge request"),
    "locked": (Answer.of(403, "Unable to create comment because issue is locked."), "is locked"),
    "422": (Answer.of(422, "Validation Failed"), "does not accept the comment"),
    "rate": (Answer.of(429, "slow down"), "limits the rate"),
    "secondary rate": (Answer.of(403, "You have exceeded a secondary rate limit"), "limits the rate"),
    "500": (Answer.of(502, "Bad Gateway"), "failed with status 502"),
    "html": (Answer(200, b"<html>log in</html>", "text/html"), "a web page in place of JSON"),
    "html 404": (Answer(404, b"<html>no</html>", "text/html"), "does not show"),
    "redirect": (
        Answer(307, b"", headers=(("Location", "https://elsewhere.invalid/"),)),
        "elsewhere.invalid",
    ),
    "other JSON": (Answer(200, b'{"a": 1}'), "does not describe comments"),
}


OF_WRITING: Final = ("403", "locked", "422", "500", "html")


@pytest.mark.parametrize(
    ("method", "fault"), [*(("GET", fault) for fault in FAULTS), *(("POST", fault) for fault in OF_WRITING)]
)
def test_a_refusal_is_one_warning_and_nothing_else_changes(jobs: Jobs, method: str, fault: str) -> None:
    answer, text = FAULTS[fault]
    jobs.api.answer(method, jobs.host.many, answer)
    done = jobs.run("unit", "--fail-on", "any", "--json", "o.json", cases=FAILED)
    assert done.returncode == 1
    assert '"upload_status": "delivered"' in (jobs.folder / "o.json").read_text(encoding="utf-8")
    (warning,) = [line for line in done.stderr.splitlines() if "No comment" in line]
    assert text in warning
    assert warning.rpartition("More: onetest-ci help ")[2] in ERROR_CODES
    assert TOKEN not in warning
    if jobs.host.name == "github":
        assert done.stdout.count("::warning title=onetest-ci%3A comment::") == 1
    if fault in {"403", "404", "401"}:
        assert ("pull-requests: write" in warning) == (jobs.host.name == "github")
        assert ("scope `api`" in warning) == (jobs.host.name == "gitlab")


def test_a_passing_fault_is_overcome(jobs: Jobs) -> None:
    jobs.api.answer("GET", jobs.host.many, Answer.of(503, "later"), times=1)
    jobs.api.answer("POST", jobs.host.many, Answer.of(502, "later"), times=1)
    done = jobs.run()
    assert "comment" not in done.stderr.lower()
    assert len(heads(jobs.body())) == 1


def test_without_a_token_the_warning_names_variable_and_permission(jobs: Jobs) -> None:
    name = f"ONETEST_{jobs.host.name.upper()}_TOKEN"
    done = jobs.run(env={name: ""})
    assert done.returncode == 0
    assert f"{name} is not set" in done.stderr
    assert ("pull-requests: write" if jobs.host.name == "github" else "scope `api`") in done.stderr
    assert jobs.api.seen == []


@pytest.mark.parametrize(
    "address", ["", "http://api.example.com", "https://user@example.com", "ftp://x", "x"]
)
def test_the_token_goes_nowhere_without_tls(jobs: Jobs, address: str) -> None:
    variable = "GITHUB_API_URL" if jobs.host.name == "github" else "CI_API_V4_URL"
    done = jobs.run(env={variable: address})
    assert done.returncode == 0
    assert f"{variable} is not an https address" in done.stderr


def test_the_token_is_in_its_header_and_nowhere_else(jobs: Jobs, api: CommentsApi) -> None:
    hostile = f"<testcase name='{TOKEN}'><failure message='x {TOKEN}'>{TOKEN}</failure></testcase>"
    done = jobs.run("unit", "--debug", "--bundle", "kept", "--json", "o.json", cases=hostile)
    mask = f"::add-mask::{TOKEN}\n"
    assert done.stdout.count(mask) == (jobs.host.name == "github")
    (jobs.folder / "unit.xml").unlink()
    texts = [done.stdout.replace(mask, ""), done.stderr, str([one.body for one in api.seen])]
    texts += [one.read_text(errors="replace") for one in jobs.folder.rglob("*") if one.is_file()]
    assert [text for text in texts if TOKEN in text] == []
    names = ("Authorization", "PRIVATE-TOKEN")
    for one in api.seen:
        assert [value for name, value in one.headers.items() if TOKEN in value] == [
            one.headers[name] for name in names if name in one.headers
        ]
        assert TOKEN not in str((one.path, one.query))


def test_a_run_that_is_not_of_a_pull_request_has_a_note(jobs: Jobs, host: HostKind) -> None:
    variables = {"GITHUB_EVENT_NAME": "push", "GITHUB_REF": "refs/heads/main", "GITHUB_EVENT_PATH": ""}
    done = jobs.run(env=variables if host.name == "github" else {"CI_MERGE_REQUEST_IID": ""})
    assert done.returncode == 0
    assert re.search("No comment: this (run|pipeline) is not of a (pull|merge) request", done.stderr)
    assert jobs.api.seen == []


def test_a_dry_run_does_not_comment(jobs: Jobs) -> None:
    assert "this is a dry run" in jobs.run("unit", "--dry-run").stderr
    assert jobs.api.seen == []


def test_the_test_command_gets_no_token(jobs: Jobs) -> None:
    (jobs.folder / "r.xml").write_text("<testsuite><testcase name='a'/></testsuite>", encoding="utf-8")
    done = run(
        *("run", "r.xml", "--comment", "--allow-stale", "--", "sh", "-c", "env > seen.txt"),
        cwd=jobs.folder,
        env=jobs.env(),
    )
    assert done.returncode == 0, done.stderr
    assert TOKEN not in (jobs.folder / "seen.txt").read_text(encoding="utf-8")
    assert len(heads(jobs.body())) == 1


def test_the_repository_cannot_switch_it_on_or_hold_a_token(jobs: Jobs) -> None:
    for setting in ("comment: true", f"github-token: {TOKEN}", f"gitlab-token: {TOKEN}"):
        (jobs.folder / ".onetest.yml").write_text(setting, encoding="utf-8")
        done = run("report", "r.xml", cwd=jobs.folder, env=jobs.env())
        assert (done.returncode, TOKEN in done.stderr) == (2, False)
        assert f"may not set {setting.partition(':')[0]}" in done.stderr


def test_no_option_takes_a_token(jobs: Jobs) -> None:
    for name in ("github", "gitlab"):
        done = jobs.run("unit", f"--{name}-token", TOKEN)
        assert (done.returncode, TOKEN in done.stderr) == (2, False)


@pytest.mark.parametrize("token", ["two words", "x\ny", "schlüssel-schlüssel"])
def test_a_text_that_is_not_a_token_is_a_warning(jobs: Jobs, token: str) -> None:
    name = f"ONETEST_{jobs.host.name.upper()}_TOKEN"
    done = jobs.run(env={name: token})
    assert done.returncode == 0, done.stderr
    assert f"{name} is not a token" in done.stderr
    assert token not in done.stderr
    assert jobs.api.seen == []


def test_an_api_that_does_not_respond_is_a_warning(jobs: Jobs) -> None:
    variable = "GITHUB_API_URL" if jobs.host.name == "github" else "CI_API_V4_URL"
    done = jobs.run(env={variable: "http://127.0.0.1:9"})
    assert done.returncode == 0, done.stderr
    assert "no server listens there" in done.stderr
    assert "--base-url" not in done.stderr


def test_a_token_of_another_app_finds_its_own_comment(jobs: Jobs) -> None:
    if jobs.host.name != "github":
        pytest.skip("GitLab names the owner of every token")
    jobs.api.viewer = "acme-bot[bot]"
    jobs.api.answer("POST", "/graphql", Answer.of(403, "Resource not accessible by integration"))
    jobs.run("unit")
    jobs.run("e2e")
    assert len(heads(jobs.body())) == 2
    assert len(jobs.api.comments) == 1


@pytest.mark.parametrize("host", ["github"], indirect=True)  # the limit is the client's, which both share
def test_a_host_that_hangs_is_a_warning(jobs: Jobs) -> None:
    jobs.api.hold("GET", jobs.host.many, parties=100)
    done = jobs.run("unit", "--fail-on", "any", cases=FAILED)
    assert done.returncode == 1, done.stderr
    assert "did not respond within 20 seconds" in done.stderr
