"""What is removed as a secret, and that nothing else changes: verdicts, counts, names, references, files."""

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from onetest_ci.ci.host_table import HOSTS
from support.collected import Collected
from support.command import run
from support.people import MARKS, TEXTS, says
from support.project import Project
from support.secrets import Search

KEY = "ak_ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
PARTS = [KEY[start : start + 4].encode() for start in range(len(KEY) - 3)]
TESTS = (
    '<testsuite name="s"><testcase classname="c" name="t1"><failure message="red">trace</failure></testcase>'
    '<testcase classname="tests.test_password" name="test_reset_password" file="tests/test_password.py"/>'
    '<testcase classname="c" name="later"><skipped message="why"/></testcase>'
    '<testcase classname="c" name="f"><failure/></testcase><testcase classname="c" name="f"/></testsuite>'
)

PEOPLE_SAY = {
    "a verdict": 'http://a:","status":"@',
    "a verdict of a host": 'http://a:","status":"@host/',
    "a count": "http://x:failures@y",
    "by accident": "docs: use https://user:password@host",
    "a whole URL": "https://user:password@host/path",
    "names": "https://u:test_reset_password@h https://u:tests/test_password.py@h",
    "elements": "http://u:testcase@h and http://u:testsuite@h and http://u:classname@h",
    "members": "http://u:launch_uuid@h\nhttp://u:superseded@h http://u:attributes@h",
    "a token for a user": "https://test_reset_password@host",
    "Markdown": "http://u:| ---: |@h",
}


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "r.xml").write_text(TESTS, encoding="utf-8")
    return tmp_path


OF_THE_RUN = frozenset(
    {
        *("launch_uuid", "launch_name", "attributes", "build_version", "start_ms", "end_ms", "untrusted"),
        # Digests follow from the content of the files, which is compared itself.
        *("sha256", "files"),
    }
)
IDS = ("ONETEST_LAUNCH", "ONETEST_BUNDLE", "ONETEST_API_CALLS")


def what_is_read(found: Collected) -> dict[str, Any]:
    """All that a bundle contains of the reports."""
    manifest = {name: value for name, value in found.manifest.items() if name not in OF_THE_RUN}
    # The size of an archive depends on the time.
    manifest["artifacts"] = [file[:3] for file in manifest["artifacts"]]
    return manifest | {"rows": found.rows(), "reports.zip": found.reports()}


def test_each_host_has_its_texts() -> None:
    assert TEXTS.keys() == MARKS.keys() == {host.key for host in HOSTS}
    for host in TEXTS:
        assert [one.key for one in HOSTS if one.is_here(MARKS[host])][:1] == [host]


@pytest.mark.parametrize("said", PEOPLE_SAY.values(), ids=PEOPLE_SAY)
@pytest.mark.parametrize("host", ["gitlab", "jenkins", "github", "woodpecker"])
def test_what_people_write_changes_no_result(shop: Path, host: str, said: str) -> None:
    calm = Collected(shop, "r.xml", "--bundle", "calm", env=says(host, "main"), here=True)
    found = Collected(shop, "r.xml", "--bundle", "found", env=says(host, said), here=True)
    assert found.done.returncode == 0
    assert what_is_read(found) == what_is_read(calm)
    assert [case.get("status", "passed") for case in found.cases] == [
        "failed",
        "passed",
        "skipped",
        "failed",
        "passed",
    ]
    assert found.cases[1]["code_ref"] == "tests/test_password.py:test_reset_password"


# Passwords of 8 characters and more that are words of reports, bundles, requests and outputs.
WORDS = (
    '","status":"',
    "failures",
    "testcase",
    "testsuite",
    "classname",
    "launch_uuid",
    "artifacts",
    "attachments",
    "items.jsonl",
    "delivered",
    "upload_status",
    "application/json",
    "startTime",
    "***failed",
    "| ---: |",
    "::error ",
)


@pytest.mark.parametrize("word", WORDS)
def test_a_password_that_is_a_word_of_a_format_changes_no_result(project: Project, word: str) -> None:
    """Read, sent and shown: the same verdicts and counts, and all of it arrives."""
    project.write("out/a.xml", TESTS)
    url = f"https://ci:{quote(word, safe='')}@gitlab.example/a.git"
    login = {"GITLAB_CI": "true", "CI_REPOSITORY_URL": url}
    said = {}
    for name, env in (("calm", {"GITLAB_CI": "true"}), ("found", login)):
        done = project.report(
            *("--mode", "launch", "--bundle", project.path / name, "--dotenv", project.path / f"{name}.env"),
            *("--summary", project.path / f"{name}.md", "--environment", "e", "--build-version", "1"),
            env=env,
        )
        assert (done.code, done.status) == (0, "delivered"), done.stderr
        items = project.onetest.items(done.launch_id)
        values = (project.path / f"{name}.env").read_text(encoding="utf-8").splitlines()
        said[name] = (
            done.outcome["totals"],
            sorted((item["status"], item["item_type"]) for item in items),
            [value for value in values if "-ID" not in value and not value.startswith(IDS)],
            (project.path / f"{name}.md").read_text(encoding="utf-8").splitlines()[2:5],
        )
    assert said["found"] == said["calm"]


def test_a_password_in_a_url_is_removed_from_names_and_texts(shop: Path) -> None:
    secret = "squidward-7f3c"  # noqa: S105 - made up
    (shop / "r.xml").write_text(
        TESTS.replace("t1", f"t1 {secret}").replace("trace", f"https://ci:{secret}@gitlab.example"),
        encoding="utf-8",
    )
    env = {"GITLAB_CI": "true", "CI_REPOSITORY_URL": f"https://ci:{secret}@gitlab.example/a.git"}
    found = Collected(shop, "r.xml", "--bundle", "b", env=env)
    assert found.cases[0]["name"] == "t1 ***"
    assert found.cases[0]["code_ref"] == "c.t1 ***"
    assert found.cases[0]["details"] == "https://ci:***@gitlab.example"
    assert list(Search(secret).in_files([shop / "b"])) == []


def test_a_short_password_stays_in_names_and_goes_from_texts(shop: Path) -> None:
    text = "https://user:login@proxy.example:3128 login"
    (shop / "r.xml").write_text(
        f'<testsuite name="login"><testcase classname="test_login" name="test_login" file="login.py">'
        f'<failure message="{text}">{text}</failure></testcase></testsuite>',
        encoding="utf-8",
    )
    found = Collected(
        shop, "r.xml", "--bundle", "b", env={"https_proxy": "http://user:login@proxy.example:3128"}
    )
    assert found.cases[0] == {
        "ordinal": 0,
        "suite": 0,
        "name": "test_login",
        "classname": "test_login",
        "status": "failed",
        "message": "https://***proxy.example:3128 login",
        "details": "https://***proxy.example:3128 login",
        "file": "login.py",
        "code_ref": "login.py:test_login",
    }
    (raw,) = found.reports().values()
    assert b"user:login@" not in raw
    assert b"test_login" in raw


@pytest.mark.parametrize("line_break", ["\n", "\r\n"])
@pytest.mark.parametrize("width", [64, 76])
@pytest.mark.parametrize("before", ["", "a", "ab", "PATH=/usr/local/bin:/usr/bin\nONETEST_API_KEY="])
def test_the_key_in_base64_with_line_breaks(shop: Path, before: str, width: int, line_break: str) -> None:
    encoded = base64.b64encode(f"{before}{KEY}\nHOME=/home/u\n".encode()).decode()
    written = line_break.join(encoded[start : start + width] for start in range(0, len(encoded), width))
    report = {
        "results": {
            "tool": {"name": "t"},
            "tests": [{"name": "t", "status": "failed", "duration": 1, "message": "m", "trace": written}],
        }
    }
    (shop / "r.json").write_text(json.dumps(report), encoding="utf-8")
    (shop / "r.xml").write_text(TESTS.replace("trace", f"<![CDATA[{written}]]>"), encoding="utf-8")
    found = Collected(shop, "r.json", "r.xml", "--bundle", "b", env={"ONETEST_API_KEY": KEY}, here=True)
    assert "***" in found.cases[0]["details"]
    assert "***" in found.cases[1]["details"]
    texts = [found.cases[0]["details"], found.cases[1]["details"]]
    raw = found.reports()
    texts.append(json.loads(raw["r.json"])["results"]["tests"][0]["trace"])
    texts.append(raw["r.xml"].decode().partition("<![CDATA[")[2].partition("]]>")[0])
    for text in texts:
        decoded = base64.b64decode(text)
        assert not [part for part in PARTS if part in decoded]
        assert decoded.endswith(b"OME=/home/u\n")


def test_a_password_of_bytes_that_are_no_text(shop: Path) -> None:
    """The environment may hold any bytes; they are a secret, too."""
    (shop / "r.xml").write_bytes(
        b"<?xml version='1.0' encoding='iso-8859-1'?>"
        + TESTS.replace("trace", "p\xe4ssword1 squidward").encode("iso-8859-1")
    )
    odd = b"http://me:p\xe4ssword1@proxy.example".decode(errors="surrogateescape")
    env = {"HTTPS_PROXY": odd, "CI_REPOSITORY_URL": "https://ci:squidward@gitlab.example/a.git"}
    found = Collected(shop, "r.xml", "--bundle", "b", env=env)
    assert found.cases[0]["details"] == "p\xe4ssword1 ***"
    (raw,) = found.reports().values()
    assert b">********* *********<" in raw


def test_a_raw_report_whose_results_would_differ_is_left_out(shop: Path) -> None:
    """The password is a word of its format; the results are complete all the same."""
    (shop / "a.xml").write_text('<testsuite name="s"><testcase name="good"/></testsuite>', encoding="utf-8")
    env = {"CI_REPOSITORY_URL": "https://ci:testcase@gitlab.example/a.git"}
    calm = Collected(shop, "a.xml", "r.xml", "--bundle", "calm")
    found = Collected(shop, "a.xml", "r.xml", "--bundle", "found", env=env)
    assert found.manifest["totals"] == calm.manifest["totals"]
    assert found.rows() == calm.rows()
    assert [warning for warning in found.warnings if "r.xml is not among the raw reports" in warning]
    assert [warning for warning in found.warnings if "a.xml is not among the raw reports" in warning]
    assert found.manifest["artifacts"] == []
    assert found.names("artifacts") == []


def test_a_password_in_the_values_of_a_raw_report_is_covered(shop: Path) -> None:
    env = {"CI_REPOSITORY_URL": "https://ci:password@gitlab.example/a.git"}
    found = Collected(shop, "r.xml", "--bundle", "found", env=env)
    assert found.warnings == []
    assert found.reports()["r.xml"].decode() == TESTS.replace("password", "********")
    done = run("inspect", "--format", "json", "found/artifacts/reports.zip", cwd=shop)
    totals = json.loads(done.stdout)["totals"]
    assert {name: totals[name] for name in found.manifest["totals"]} == found.manifest["totals"]


def test_inspect_shows_no_password_either(shop: Path) -> None:
    (shop / "squidward.xml").write_text(TESTS, encoding="utf-8")
    (shop / "squidward").mkdir()
    (shop / "squidward" / "other.json").write_text('{"results": "squidward"}', encoding="utf-8")
    env = {"HTTPS_PROXY": "http://me:squidward@proxy.example"}
    for form in ("text", "json"):
        done = run(
            "inspect", "--format", form, "squidward.xml", "no-squidward.xml", "squidward", cwd=shop, env=env
        )
        assert "squidward" not in done.stdout + done.stderr
        assert "***.xml" in done.stdout


def test_push_removes_secrets_that_the_collecting_run_did_not_have(project: Project) -> None:
    """A bundle that was collected without the key, of tests that printed it."""
    key = project.onetest.api_key
    project.write("out/a.xml", TESTS.replace("red", key).replace("t1", key).replace("trace", key))
    done = run("collect", "out", "--bundle", "b", "--launch-name", f"run {key}", cwd=project.path)
    assert done.returncode == 0
    assert key in (project.path / "b" / "items.jsonl").read_text(encoding="utf-8")
    for mode in ("launch", "import"):
        pushed = project.push("b", "--mode", mode)
        assert pushed.status == "delivered"
        assert key not in pushed.stdout + pushed.stderr + json.dumps(pushed.outcome)
        for log in ("delivery.jsonl", "delivery.count"):
            (project.path / "b" / log).unlink()
    # Files of the bundle go out as they are.
    sent = [one for one in project.proxy.requests if "reports.zip" not in one.path]
    search = Search(key)
    assert [found for one in sent for found in search.in_bytes(one.path, one.without_authorization())] == []
    assert len(sent) > 10


def test_a_launch_that_is_started_alone_is_named_without_the_key(project: Project) -> None:
    key = project.onetest.api_key
    options = ("--launch-name", f"run {key}", "--launch-description", f"by {key}", "--attribute", f"k={key}")
    done = run("launch", "start", *options, cwd=project.path, env=project.env)
    assert done.returncode == 0, done.stderr
    assert [one for one in project.proxy.requests if key.encode() in one.without_authorization()] == []


@pytest.mark.parametrize("form", ["text", "json"])
def test_inspect_shows_no_secret_of_the_environment(tmp_path: Path, form: str) -> None:
    secrets = {
        "ONETEST_API_KEY": "apikeyapikeyapikey0123456",
        "ONETEST_RECEIVER_API_KEY": "octo_receiverreceiver0123",
        "ONETEST_GITHUB_TOKEN": "ghp_ghghghghghghghghgh0123",
        "ONETEST_GITLAB_TOKEN": "glpat-lablablablab0123456",
    }
    texts = " ".join(secrets.values())
    (tmp_path / "r.xml").write_text(
        f"<testsuite name='s'><testcase classname='c' name='{texts}'><failure message='{texts}'>{texts}"
        "</failure></testcase></testsuite>",
        encoding="utf-8",
    )
    done = run("inspect", "--format", form, "r.xml", cwd=tmp_path, env=secrets)
    assert done.returncode == 0, done.stderr
    assert not [name for name, secret in secrets.items() if secret in done.stdout + done.stderr]
    assert form == "json" or "c > " in done.stdout
