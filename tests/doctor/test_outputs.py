"""Console, JSON, step summary; settings with their sources; no key anywhere."""

import json
import re
from pathlib import Path

import pytest

from support.command import run
from support.diagnosis import SCHEMA, diagnose
from support.project import Project
from support.proxy import Answer
from support.secrets import Search

ROOT = Path(__file__).parents[2]


def test_each_setting_has_a_value_and_a_source(project: Project) -> None:
    project.write(".onetest.yml", "launch-name: Nightly\n")
    env = project.env | {"ONETEST_MODE": "import"}
    done = diagnose("--timeout", "77", "--offline", cwd=project.path, env=env)
    rows = {row["name"]: (row["value"], row["source"]) for row in done.document["settings"]}
    assert rows["mode"] == ("import", "the environment variable ONETEST_MODE")
    assert rows["launch-name"] == ("Nightly", ".onetest.yml")
    assert rows["timeout"] == ("77", "the command line")
    assert rows["connections"] == ("50", "default")
    end = project.onetest.api_key[-4:]
    key = (f"a personal key (ak_) that ends in {end}", "the environment variable ONETEST_API_KEY")
    assert rows["api-key"] == key


def test_a_key_from_standard_input(project: Project) -> None:
    env = {name: value for name, value in project.env.items() if name != "ONETEST_API_KEY"}
    key = project.onetest.api_key
    done = diagnose("--api-key-file", "-", cwd=project.path, env=env, stdin=key)
    rows = {row["name"]: row["source"] for row in done.document["settings"]}
    assert (done.code, rows["api-key"]) == (0, "the file that api-key-file names")


def test_the_verdict_without_a_product(project: Project) -> None:
    done = run("doctor", "--offline", cwd=project.path)
    assert done.returncode == 2
    verdict, calls = done.stdout.splitlines()[-2:]
    assert re.fullmatch(r"A report would not be delivered from here \(2 errors, .*; exit code 2\)\.", verdict)
    assert calls.startswith("0 API calls")


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        ("abcdefghijkl", "a key of no known family"),
        ("abcdefghijklm", "a key of no known family that ends in jklm"),
        ("ak_45678", "a personal key (ak_)"),
    ],
)
def test_a_short_key_shows_nothing(project: Project, key: str, shown: str) -> None:
    done = diagnose("--offline", cwd=project.path, env=project.env | {"ONETEST_API_KEY": key})
    value = next(row["value"] for row in done.document["settings"] if row["name"] == "api-key")
    assert value == shown


def test_the_paths_pin_what_was_found(project: Project) -> None:
    done = diagnose(cwd=project.path, env=project.env)
    pins = [f"{one['name']}={one['path']}" for one in done.document["endpoints"]]
    assert any(pin.startswith("membership.environments=") for pin in pins)
    hints = [text for text in done.texts("path-exists") if "--endpoint" in text]
    assert len(hints) == len(pins)
    options = [part for pin in pins for part in ("--endpoint", pin)]
    assert diagnose(*options, cwd=project.path, env=project.env).code == 0


def test_limits_of_responses_are_shown(project: Project) -> None:
    headers = {"X-RateLimit-Remaining": "7", "X-Coins": "993", "X-Other": "1"}
    body = b'{"usage": {"coins_used": 12, "other": 3}}'
    project.proxy.answer("/api/gateway/", Answer(200, body, headers=headers))
    (text,) = diagnose(cwd=project.path, env=project.env).texts("limits")
    assert "x-ratelimit-remaining: 7" in text.lower()
    assert "x-coins: 993" in text.lower()
    assert "coins_used: 12" in text
    assert "other" not in text.lower()


def test_a_page_for_people_and_the_step_summary(project: Project) -> None:
    project.write("out/a.xml", "<testsuite name='s'><testcase name='t'/></testsuite>")
    env = project.env | {"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(project.path / "step.md")}
    done = run("doctor", "out", "--summary", "own.md", cwd=project.path, env=env)
    assert (done.returncode, "\nservices\n" in done.stdout) == (0, True)
    calls = len(project.proxy.requests)
    assert done.stdout.splitlines()[-1] == f"{calls} API calls (--max-api-calls allows 15)."
    step = (project.path / "step.md").read_text(encoding="utf-8")
    assert step == (project.path / "own.md").read_text(encoding="utf-8")
    assert "### ✅ onetest-ci doctor" in step
    path = "/api/membership/api/v1/products/{product_id}/releases"
    assert done.stdout.count(f"--endpoint membership.releases={path}\n") == 1
    assert f"membership.releases exists: {path}" not in done.stdout
    assert "The Receiver accepts the key" in step


def test_a_document_on_github_is_only_the_document(project: Project) -> None:
    done = diagnose(cwd=project.path, env=project.env | {"GITHUB_ACTIONS": "true", "ONETEST_MODE": "import"})
    assert f"::add-mask::{project.onetest.api_key}\n" in done.stderr


def test_an_error_is_an_annotation(project: Project) -> None:
    project.proxy.answer("/api/receiver/", Answer(401))
    done = run("doctor", cwd=project.path, env=project.env | {"GITHUB_ACTIONS": "true"})
    assert "::error title=onetest-ci doctor%3A key-refused::" in done.stderr


def test_a_summary_that_cannot_be_written(project: Project) -> None:
    project.write("file", "")
    done = run("doctor", "--offline", "--summary", "file/own.md", cwd=project.path, env=project.env)
    assert (done.returncode, "error[output-not-written]" in done.stderr) == (2, True)


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_secret_is_shown(project: Project, form: str) -> None:
    key, own = project.onetest.api_key, "octo_SECRETSECRETSECRETSECRET9876"
    password = "correct-horse-battery"  # noqa: S105 - made up
    body = json.dumps({"detail": f"who is {key}?", key: own}).encode()
    project.proxy.answer("/api/membership/", Answer(422, body, headers={"X-RateLimit-For": key}))
    project.write("out/a.xml", f"<testsuite name='{key}'><testcase classname='{own}' name='t'/></testsuite>")
    output = project.path / "given"
    output.mkdir()
    env = project.env | {
        "ONETEST_RECEIVER_API_KEY": own,
        "ONETEST_LAUNCH_NAME": f"{'n' * 190}{key}",
        "ONETEST_ATTRIBUTE": f"token={own}",
        "HTTPS_PROXY": f"http://ci:{password}@proxy.example:1",
        "GITHUB_ACTIONS": "true",
        "GITHUB_STEP_SUMMARY": str(output / "step.md"),
    }
    done = run("doctor", "out", "--debug", "--format", form, cwd=project.path, env=env)
    stderr = done.stderr.replace(f"::add-mask::{key}\n", "").replace(f"::add-mask::{own}\n", "")
    (output / "log").write_text(done.stdout + stderr, encoding="utf-8")
    assert (output / "step.md").exists()
    assert list(Search(key, own, password).in_files([output])) == []


def test_a_long_value_shows_no_part_of_a_key(project: Project) -> None:
    key = "zz0123456789abcdefghij"
    env = project.env | {"ONETEST_API_KEY": key, "ONETEST_LAUNCH_NAME": f"{'n' * 190}{key}"}
    done = diagnose("--offline", cwd=project.path, env=env)
    assert key[:8] not in done.stdout


@pytest.mark.parametrize("word", ["findings", "settings", "requests", "services", "accepted"])
def test_a_secret_that_is_one_of_our_words_changes_no_member(project: Project, word: str) -> None:
    project.write("out/a.xml", "<testsuite name='s'><testcase classname='accepted' name='t'/></testsuite>")
    done = diagnose("out", "--offline", cwd=project.path, env=project.env | {"ONETEST_API_KEY": word})
    assert done.code == 0


def test_the_block_for_an_issue_holds_no_ids(project: Project) -> None:
    block = diagnose(cwd=project.path, env=project.env).document["for_issue"]
    assert project.onetest.product_id not in block
    assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", block)
    questions = (ROOT / "docs" / "onetest-api.md").read_text(encoding="utf-8")
    asked = re.findall(r"^\d+\. ", questions.partition("## Open questions")[2], re.MULTILINE)
    assert re.findall(r"^\d+\. ", block, re.MULTILINE) == asked


def test_the_page_describes_each_member_of_the_document() -> None:
    page = (ROOT / "docs" / "how-to" / "doctor.md").read_text(encoding="utf-8").partition("## JSON")[2]
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    named = set(re.findall(r"`(\w+)`", page))
    assert named >= set(schema["properties"])
    assert named >= set(schema["properties"]["reports"]["oneOf"][1]["properties"])
    areas = schema["properties"]["findings"]["items"]["properties"]["area"]["enum"]
    whole = (ROOT / "docs" / "how-to" / "doctor.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)` \|", whole.partition("## Requests")[0], re.MULTILINE) == areas


@pytest.mark.parametrize("options", [(), ("--format", "json")])
def test_offline_needs_no_network(project: Project, options: tuple[str, ...]) -> None:
    done = run("doctor", "--offline", *options, cwd=project.path, env=project.env)
    assert (done.returncode, project.proxy.requests) == (0, [])
    assert "--offline was set" in done.stdout
