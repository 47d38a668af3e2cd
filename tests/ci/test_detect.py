"""Detection on any host: fields from the checkout, odd values, order of hosts, cost."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onetest_ci.ci import CIContext, detect

COMMIT = "8835b862b2ea33cc1eded69c3b091a31950d3f1e"
OTHER = "c0ffee2b4d6f8091a3b5c7d9e1f2031425364758"
GITHUB = {"GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "CI", "GITHUB_JOB": "unit", "GITHUB_RUN_NUMBER": "7"}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    git = root / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/local\n")
    (git / "refs" / "heads" / "local").write_text(f"{COMMIT}\n")
    (git / "config").write_text('[remote "origin"]\n\turl = https://token@git.example.org/shop/project.git\n')
    return root


def test_a_plain_folder(tmp_path: Path) -> None:
    context = detect({}, tmp_path)
    assert context == CIContext(folder=tmp_path.name)
    assert context.default_launch_name == tmp_path.name
    assert context.default_build_version == ""
    assert context.attributes() == []


def test_a_plain_checkout(checkout: Path) -> None:
    context = detect({}, checkout)
    assert context == CIContext(
        branch="local",
        commit=COMMIT,
        repository="shop/project",
        repository_url="https://git.example.org/shop/project.git",
        folder="project",
        checkout=checkout,
    )
    assert context.default_launch_name == "project"
    assert context.attributes() == [("repository", "shop/project"), ("branch", "local"), ("commit", COMMIT)]


def test_the_checkout_fills_only_fields_that_ci_does_not_set(checkout: Path) -> None:
    context = detect(GITHUB | {"GITHUB_REF_NAME": "main"}, checkout)
    assert (context.branch, context.commit, context.repository) == ("main", COMMIT, "shop/project")


def test_the_checkout_adds_no_branch_to_a_tag(checkout: Path) -> None:
    context = detect(GITHUB | {"GITHUB_REF_TYPE": "tag", "GITHUB_REF_NAME": "v1"}, checkout)
    assert (context.branch, context.tag) == ("", "v1")


def test_the_workspace_is_read_when_the_current_folder_is_outside(checkout: Path, tmp_path: Path) -> None:
    context = detect(GITHUB | {"GITHUB_WORKSPACE": str(checkout)}, tmp_path)
    assert (context.commit, context.folder) == (COMMIT, "project")


@pytest.mark.parametrize(
    ("environ", "host"),
    [
        ({}, ""),
        ({"CI": "true"}, ""),
        ({"GITHUB_ACTIONS": ""}, ""),
        ({"GITHUB_ACTIONS": "false"}, ""),
        ({"GITHUB_ACTIONS": "true", "GITLAB_CI": "true", "JENKINS_URL": "http://j/"}, "github"),
        ({"GITLAB_CI": "true", "JENKINS_URL": "http://j/"}, "gitlab"),
        ({"JENKINS_URL": "http://j/"}, "jenkins"),
        ({"JENKINS_HOME": "/var/jenkins_home"}, ""),
        ({"JENKINS_HOME": "/var/jenkins_home", "BUILD_TAG": "jenkins-x-1"}, "jenkins"),
    ],
)
def test_which_host(environ: dict[str, str], host: str, tmp_path: Path) -> None:
    assert detect(environ, tmp_path).host == host


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    environ = GITHUB | {
        "GITHUB_WORKFLOW": "",
        "GITHUB_RUN_ID": "9",
        "GITHUB_SERVER_URL": "",
        "GITHUB_SHA": " ",
    }
    context = detect(environ, tmp_path)
    assert context.default_launch_name == "unit"
    assert (context.run_url, context.commit) == ("", "")


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("CI\n::set-output name=x::y", "CI::set-output name=x::y"),
        ("\x1b[31mred\x1b[0m\x07", "[31mred[0m"),
        ("a\u202eb\u2028c\u200bd\ufeff", "abcd"),
        ("Grüße 🎉 日本", "Grüße 🎉 日本"),
        ("bad byte \udcff", "bad byte"),
        ("x" * 1000, "x" * 255),
        (" \t ", ""),
    ],
)
def test_text_is_one_safe_line(value: str, kept: str, tmp_path: Path) -> None:
    context = detect(GITHUB | {"GITHUB_WORKFLOW": value}, tmp_path)
    assert context.workflow == kept
    context.default_launch_name.encode()


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (
            "https://user:secret@jenkins.example.org/job/x/1/?a=b#c",
            "https://jenkins.example.org/job/x/1/?a=b#c",
        ),
        ("https://[::1]:8080/job/x/1/", "https://[::1]:8080/job/x/1/"),
        ("https://jenkins/job/Gr%C3%BC%C3%9Fe/1/", "https://jenkins/job/Gr%C3%BC%C3%9Fe/1/"),
        ("https://user:se/cret@jenkins.example.org/", ""),
        ("javascript:alert(1)", ""),
        ("file:///etc/passwd", ""),
        ("unset", ""),
        ("https://jenkins/a b", ""),
        ("https://jenkins/" + "x" * 3000, ""),
    ],
)
def test_an_address_without_credentials_is_kept_whole_or_left_out(
    value: str, kept: str, tmp_path: Path
) -> None:
    assert detect({"JENKINS_URL": "http://j/", "BUILD_URL": value}, tmp_path).run_url == kept


@pytest.mark.parametrize(
    ("url", "kept", "repository"),
    [
        ("https://git.example.org/a/b/c.git", "https://git.example.org/a/b/c.git", "a/b/c"),
        ("https://git.example.org/a/b/?private_token=x", "https://git.example.org/a/b/", "a/b"),
        ("ssh://git@git.example.org:22/a/b.git", "ssh://git@git.example.org:22/a/b.git", "a/b"),
        ("git@git.example.org:a/b.git", "git@git.example.org:a/b.git", "a/b"),
        ("me:secret@git.example.org:a/b.git", "git.example.org:a/b.git", "a/b"),
        ("/srv/git/b.git", "/srv/git/b.git", "b"),
        ("/srv/git/b/.git", "/srv/git/b/.git", "b"),
        ("file:///srv/git/b.git", "file:///srv/git/b.git", "b"),
        ("C:\\git\\b.git", "C:\\git\\b.git", "b"),
        ("https://me:sec/ret@git.example.org/a/b.git", "", ""),
    ],
)
def test_address_of_a_repository(url: str, kept: str, repository: str, tmp_path: Path) -> None:
    context = detect({"JENKINS_URL": "http://j/", "GIT_URL": url}, tmp_path)
    assert (context.repository_url, context.repository) == (kept, repository)


@pytest.mark.parametrize("value", ["main", COMMIT[:12], "g" * 40, COMMIT + "0"])
def test_without_a_full_commit_id_the_commit_is_that_of_the_checkout(value: str, checkout: Path) -> None:
    assert detect(GITHUB | {"GITHUB_SHA": value}, checkout).commit == COMMIT


def test_sha1_and_sha256_ids_become_lower_case(tmp_path: Path) -> None:
    assert detect(GITHUB | {"GITHUB_SHA": OTHER.upper()}, tmp_path).commit == OTHER
    assert detect(GITHUB | {"GITHUB_SHA": "a" * 64}, tmp_path).commit == "a" * 64


@pytest.mark.parametrize("value", ["relative/dir", "", "/a\0b"])
def test_an_invalid_path_is_left_out(value: str, tmp_path: Path) -> None:
    context = detect(GITHUB | {"GITHUB_WORKSPACE": value, "RUNNER_TEMP": value}, tmp_path)
    assert (context.workspace, context.temp_dir) == (None, None)


@pytest.mark.parametrize(
    "event",
    [
        "",
        "{",
        "[]",
        "null",
        "[" * 200_000,
        json.dumps({"pull_request": []}),
        json.dumps({"pull_request": {"number": "5; rm", "head": {"sha": 5, "ref": {}}, "base": None}}),
    ],
    ids=["empty", "cut", "list", "null", "deep", "wrong-kind", "wrong-kinds"],
)
def test_with_a_broken_event_file_the_variables_count(event: str, tmp_path: Path) -> None:
    event_path = tmp_path / "event.json"
    event_path.write_text(event)
    environ = GITHUB | {
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(event_path),
        "GITHUB_HEAD_REF": "patch-1",
        "GITHUB_REF": "refs/pull/5/merge",
        "GITHUB_REF_NAME": "5/merge",
        "GITHUB_SHA": COMMIT,
    }
    context = detect(environ, tmp_path)
    assert (context.pull_request, context.branch, context.commit) == ("5", "patch-1", COMMIT)


def test_a_commit_set_by_a_person_removes_the_trial_merge(tmp_path: Path) -> None:
    pull_request = {
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": COMMIT,
        "CI_COMMIT_SHA": OTHER,
    }
    environ = {"GITLAB_CI": "true", **pull_request}
    assert detect(environ, tmp_path).merge_commit == OTHER
    named = detect(environ | {"ONETEST_CI_COMMIT": "a" * 40}, tmp_path)
    assert (named.commit, named.merge_commit) == ("a" * 40, "")


def test_the_checkout_adds_no_branch_to_a_pull_request(checkout: Path) -> None:
    environ = {"CIRCLECI": "true", "CIRCLE_SHA1": COMMIT, "CIRCLE_BRANCH": "pull/7", "CIRCLE_PR_NUMBER": "7"}
    assert detect(environ, checkout).branch == ""


def test_attributes_are_cut_but_addresses_are_kept_whole_or_left_out() -> None:
    context = CIContext(
        host="jenkins", workflow="w" * 200, run_url="https://j/" + "x" * 119, branch="b" * 128
    )
    assert context.attributes() == [("ci", "jenkins"), ("workflow", "w" * 128), ("branch", "b" * 128)]
    fitting = "https://j/" + "x" * 118
    assert CIContext(run_url=fitting).attributes() == [("run_url", fitting)]


def test_detection_imports_little() -> None:
    program = (
        "import os, sys; from pathlib import Path; from onetest_ci.ci import detect; "
        "detect(os.environ, Path.cwd()); "
        "print([name for name in ('httpx', 'yaml', 'json', 'junitparser', 'click') if name in sys.modules])"
    )
    environ = {"PATH": os.environ["PATH"], **GITHUB, "GITHUB_EVENT_NAME": "push"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environ, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"


LEGS = {
    "github": (
        {"GITHUB_ACTIONS": "true", "GITHUB_WORKFLOW": "w", "GITHUB_JOB": "unit"},
        "INPUT_MATRIX",
        ['{"os":"a"}', '{"os":"b"}'],
    ),
    "azure": (
        {
            "TF_BUILD": "True",
            "BUILD_DEFINITIONNAME": "w",
            "AGENT_JOBNAME": "j",
            "SYSTEM_TOTALJOBSINPHASE": "2",
        },
        "SYSTEM_JOBPOSITIONINPHASE",
        ["1", "2"],
    ),
    "bitbucket": (
        {
            "BITBUCKET_BUILD_NUMBER": "1",
            "BITBUCKET_REPO_FULL_NAME": "a/w",
            "BITBUCKET_PARALLEL_STEP_COUNT": "2",
        },
        "BITBUCKET_PARALLEL_STEP",
        ["0", "1"],
    ),
    "buildkite": (
        {
            "BUILDKITE": "true",
            "BUILDKITE_PIPELINE_NAME": "w",
            "BUILDKITE_LABEL": "j",
            "BUILDKITE_PARALLEL_JOB_COUNT": "2",
        },
        "BUILDKITE_PARALLEL_JOB",
        ["0", "1"],
    ),
    "circleci": (
        {"CIRCLECI": "true", "CIRCLE_JOB": "w", "CIRCLE_NODE_TOTAL": "2"},
        "CIRCLE_NODE_INDEX",
        ["0", "1"],
    ),
    "codebuild": (
        {"CODEBUILD_BUILD_ARN": "a", "CODEBUILD_BUILD_ID": "w:1"},
        "CODEBUILD_BATCH_BUILD_IDENTIFIER",
        ["a", "b"],
    ),
    "gitlab": ({"GITLAB_CI": "true"}, "CI_JOB_NAME", ["w: [a]", "w: [b]"]),
    "jenkins": ({"JENKINS_URL": "https://j.example"}, "JOB_NAME", ["f/w/OS=a,JDK=21", "f/w/OS=b,JDK=21"]),
    "travis": ({"TRAVIS": "true", "TRAVIS_REPO_SLUG": "a/w"}, "TRAVIS_JOB_NUMBER", ["12.1", "12.2"]),
}


@pytest.mark.parametrize("host", LEGS)
def test_each_leg_of_a_matrix_has_its_own_launch_name(host: str, tmp_path: Path) -> None:
    env, variable, values = LEGS[host]
    contexts = [detect(env | {variable: value}, tmp_path) for value in values]
    names = [context.default_launch_name for context in contexts]
    assert len({*names}) == len(names)
    assert all("w" in name for name in names)
    # A launch that the legs share bears the name of none of them, where the host has such a name.
    if contexts[1].leg:
        assert len({context.shared_launch_name for context in contexts}) == 1
