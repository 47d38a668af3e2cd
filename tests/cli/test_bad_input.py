"""What goes wrong around a run: one clear error each, the documented exit code, and no result lost."""

import json
import os
import re
import shlex
import socket
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from uuid import uuid4

import pytest

from support.command import COMMAND, QUICK_PAUSES, environment, run
from support.in_process import run_here
from support.onetest import LocalOneTest

Answering = Callable[[int, str, str], str]
Done = subprocess.CompletedProcess[str]

CASES = {"test_adds": "passed", "test_total": "failed"}
WHOLE = '<testsuite name="s"><testcase name="whole"/>'
POM = '<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion></project>'

# What the file holds, and the error's code.
CONTENTS = {
    "truncated": (f'{WHOLE}<testcase name="cut"><fail', "broken-xml"),
    "junk": ('<?xml version="1.0"?>\njunk', "broken-xml"),
    "junk after": (f"{WHOLE}</testsuite><more/>", "broken-xml"),
    "mismatched": (f"{WHOLE}</testcase></testsuite>", "broken-xml"),
    "empty": ("", "empty-file"),
    "blank": ("\n \n", "empty-file"),
    "json": ('{"tests": []}', "unknown-format"),
    "html": ("<!DOCTYPE html><html><body>404</body></html>", "unknown-format"),
    "png": ("\x89PNG\r\n\x1a\n\0\0", "unknown-format"),
    "pom": (POM, "unknown-format"),
    "other root": ("<coverage line-rate='1'/>", "unknown-format"),
    "entities": (
        '<!DOCTYPE t [<!ENTITY a "b">]><testsuite><testcase name="&a;"/></testsuite>',
        "xml-entities",
    ),
}
# What is named, and the error's code.
NAMED = {
    "no/*.xml": "no-reports",
    "**/*.trx": "no-reports",
    "empty": "no-reports",
    "folder.xml": "no-reports",
    "pictures": "no-reports",
    "gone.xml": "file-not-found",
    "dangling.xml": "file-not-found",
    "pipe.xml": "unreadable-file",
    "r.xml/deeper.xml": "file-not-found",
}


def told(done: Done, code: str) -> str:
    """The one error of a run, and its text."""
    errors = re.findall(r"^onetest-ci: error\[([a-z-]+)\]: (.+)\n  (\S.+)$", done.stderr, re.MULTILINE)
    assert [found for found, _, _ in errors] == [code], done.stderr
    return f"{errors[0][1]}\n{errors[0][2]}"


def kept(done: Done) -> list[str]:
    """The arguments of the command that the run names for delivering what it kept."""
    (command,) = set(re.findall(r"onetest-ci (push .+)$", done.stdout, re.MULTILINE))
    return shlex.split(command)


def delivered(onetest: LocalOneTest, command: list[str], cwd: Path) -> dict[str, str]:
    """Run the command in a message; return names and statuses of the cases in OneTest."""
    done = run(*command, cwd=cwd, env=onetest.env | {"ONETEST_JSON": "pushed.json"})
    assert done.returncode == 0, done.stderr
    outcome = json.loads((cwd / "pushed.json").read_text(encoding="utf-8"))
    assert outcome["upload_status"] == "delivered"
    cases = onetest.cases(outcome["launch_id"])
    found = {case["name"].rpartition(".")[2]: case["status"] for case in cases}
    assert len(found) == len(cases)
    return found


def closed_port() -> str:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{taken.getsockname()[1]}"


@pytest.fixture
def place(shop: Path) -> Path:
    (shop / "empty").mkdir()
    (shop / "folder.xml").mkdir()
    (shop / "pictures").mkdir()
    (shop / "pictures" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (shop / "dangling.xml").symlink_to("nowhere.xml")
    os.mkfifo(shop / "pipe.xml")
    return shop


@pytest.mark.parametrize("named", NAMED)
@pytest.mark.parametrize("command", ["report", "collect", "inspect"])
def test_nothing_to_read(command: str, named: str, place: Path, onetest: LocalOneTest) -> None:
    done = run_here(command, named, cwd=place, env=onetest.env)
    assert done.returncode == 3
    said = told(done, NAMED[named])
    assert named in said or named == "pictures"


@pytest.mark.parametrize("content", CONTENTS)
@pytest.mark.parametrize("command", ["report", "collect", "inspect"])
def test_a_file_that_cannot_be_read_to_its_end(
    command: str, content: str, shop: Path, onetest: LocalOneTest
) -> None:
    text, code = CONTENTS[content]
    (shop / "bad.xml").write_text(text, encoding="latin-1")
    done = run_here(command, "bad.xml", cwd=shop, env=onetest.env)
    assert done.returncode == 3
    said = told(done, code)
    assert "bad.xml" in said


def test_what_was_read_before_the_break_is_delivered(shop: Path, onetest: LocalOneTest) -> None:
    (shop / "bad.xml").write_text(CONTENTS["truncated"][0], encoding="utf-8")
    done = run("report", "bad.xml", "--json", "o.json", cwd=shop, env=onetest.env)
    outcome = json.loads((shop / "o.json").read_text(encoding="utf-8"))
    assert (done.returncode, outcome["upload_status"]) == (3, "delivered")
    assert [case["name"] for case in onetest.cases(outcome["launch_id"])] == ["whole"]


@pytest.mark.parametrize("named", ["no/*.xml", "empty", "gone.xml", "pictures"])
@pytest.mark.parametrize("command", ["report", "collect"])
def test_there_may_be_no_reports_when_asked(
    command: str, named: str, place: Path, onetest: LocalOneTest
) -> None:
    done = run(command, "--allow-empty", named, cwd=place, env=onetest.env)
    assert done.returncode == 0
    assert "error[" not in done.stderr


@pytest.mark.parametrize("command", ["report", "collect"])
def test_reports_without_tests(command: str, shop: Path, onetest: LocalOneTest) -> None:
    (shop / "none.xml").write_text("<testsuites/>", encoding="utf-8")
    done = run(command, "none.xml", cwd=shop, env=onetest.env)
    assert done.returncode == 3
    assert "--allow-empty" in told(done, "no-tests")
    assert run(command, "--allow-empty", "none.xml", cwd=shop, env=onetest.env).returncode == 0


def test_a_pattern_beside_others_that_matches_nothing_is_a_warning(shop: Path, onetest: LocalOneTest) -> None:
    done = run("report", "r.xml", "typo/*.xml", cwd=shop, env=onetest.env)
    assert done.returncode == 0
    assert "typo/*.xml" in done.stdout


@pytest.mark.parametrize("command", ["report", "collect", "inspect"])
def test_a_file_whose_name_looks_like_a_glob(command: str, shop: Path, onetest: LocalOneTest) -> None:
    (shop / "r.xml").rename(shop / "report[1].xml")
    (shop / "report1.xml").write_text("no report", encoding="utf-8")
    done = run(command, "report[1].xml", cwd=shop, env=onetest.env)
    assert done.returncode == 0, done.stderr
    assert "2 tests: 1 passed, 1 failed" in done.stdout + done.stderr


def _without(env: Mapping[str, str], name: str) -> dict[str, str]:
    return {key: value for key, value in env.items() if key != name}


@pytest.mark.parametrize("command", ["report", "push"])
def test_a_product_id_that_is_not_a_uuid(command: str, shop: Path, onetest: LocalOneTest) -> None:
    done = run(command, "r.xml", cwd=shop, env=onetest.env | {"ONETEST_PRODUCT_ID": "4711"})
    assert done.returncode == 2
    said = told(done, "bad-option")
    assert "'4711' from the environment variable ONETEST_PRODUCT_ID" in said
    assert "a UUID" in said


@pytest.mark.parametrize("command", ["report", "push"])
def test_no_product_id(command: str, shop: Path, onetest: LocalOneTest) -> None:
    done = run(command, "r.xml", cwd=shop, env=_without(onetest.env, "ONETEST_PRODUCT_ID"))
    assert done.returncode == 2
    assert "ONETEST_PRODUCT_ID" in told(done, "missing-option")


@pytest.mark.parametrize("mode", ["launch", "import"])
def test_no_key(mode: str, shop: Path, onetest: LocalOneTest) -> None:
    env = _without(onetest.env, "ONETEST_API_KEY")
    done = run("report", "r.xml", "--mode", mode, cwd=shop, env=env)
    assert done.returncode == 5
    assert "ONETEST_API_KEY" in told(done, "missing-key")
    command = kept(done)
    again = run(*command, cwd=shop, env=env)
    assert (again.returncode, kept(again)) == (5, command)
    assert delivered(onetest, command, shop) == CASES


# What stands in for the good settings, and the error's code.
REFUSALS = {
    "refused key": ({"ONETEST_API_KEY": "ak_abcdefghijklmnopqrstuvwxyz012345"}, "key-refused"),
    "unknown product": ({"ONETEST_PRODUCT_ID": str(uuid4())}, "unknown-product"),
}


@pytest.mark.parametrize("mode", ["launch", "import"])
@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_key_or_product_that_onetest_refuses(
    refusal: str, mode: str, shop: Path, onetest: LocalOneTest
) -> None:
    wrong, code = REFUSALS[refusal]
    done = run("report", "r.xml", "--mode", mode, cwd=shop, env=onetest.env | wrong)
    assert done.returncode == 5
    said = told(done, code)
    assert next(iter(wrong)) in said
    command = kept(done)
    again = run(*command, cwd=shop, env=onetest.env | wrong)
    assert again.returncode == 5
    told(again, code)
    assert delivered(onetest, command, shop) == CASES


# Status, content type and body of a server's every response, and the error's code.
ANSWERS = {
    "html": (200, "text/html", "<html><title>Log in</title></html>", "html-answer"),
    "html not found": (404, "text/html", "<html>404</html>", "html-answer"),
    "server error": (500, "application/json", '{"detail": "broken"}', "server-error"),
    "bad gateway": (502, "text/html", "<html>502</html>", "server-error"),
    "not found": (404, "application/json", '{"detail": "Not Found"}', "unknown-endpoint"),
    "no json": (200, "application/json", "hello", "bad-json"),
    "empty": (200, "application/json", "", "bad-json"),
}
# An import accepts any 2xx: its response is not documented, and a second path could import twice.
ANY_MODE = [name for name, (_, _, _, code) in ANSWERS.items() if code != "bad-json"]


@pytest.mark.parametrize(
    ("answer", "mode"), [*((name, "launch") for name in ANSWERS), *((name, "import") for name in ANY_MODE)]
)
def test_a_server_that_is_not_onetest_or_is_out_of_order(
    answer: str, mode: str, shop: Path, onetest: LocalOneTest, answering: Answering
) -> None:
    status, content_type, body, code = ANSWERS[answer]
    env = onetest.env | QUICK_PAUSES | {"ONETEST_BASE_URL": answering(status, content_type, body)}
    done = run("report", "r.xml", "--mode", mode, cwd=shop, env=env)
    assert done.returncode == 0
    told(done, code)
    # An error of the server may have come after the import.
    repeat = ["--unanswered-import", "repeat"] if mode == "import" and status >= 500 else []
    assert delivered(onetest, [*kept(done), *repeat], shop) == CASES


@pytest.mark.parametrize("mode", ["launch", "import"])
def test_no_server_there(mode: str, shop: Path, onetest: LocalOneTest) -> None:
    env = onetest.env | {"ONETEST_BASE_URL": closed_port()}
    done = run("report", "r.xml", "--mode", mode, cwd=shop, env=env)
    assert done.returncode == 0
    assert "ONETEST_BASE_URL" in told(done, "no-server")
    command = kept(done)
    again = run(*command, cwd=shop, env=env)
    assert (again.returncode, kept(again)) == (4, command)
    assert delivered(onetest, command, shop) == CASES


def test_what_was_not_delivered_moves_from_the_temporary_place_to_the_workspace(
    shop: Path, onetest: LocalOneTest, tmp_path: Path
) -> None:
    temporary = tmp_path / "runner-temp"
    temporary.mkdir()
    env = {
        "ONETEST_BASE_URL": closed_port(),
        "GITHUB_ACTIONS": "true",
        "GITHUB_WORKSPACE": str(shop),
        "RUNNER_TEMP": str(temporary),
        "GITHUB_OUTPUT": str(tmp_path / "outputs"),
    }
    done = run("report", "r.xml", cwd=shop, env=onetest.env | env)
    command = kept(done)
    assert list(temporary.iterdir()) == []
    assert Path(command[-1]).parent == shop
    assert command[-1] in (tmp_path / "outputs").read_text(encoding="utf-8")
    assert delivered(onetest, command, shop) == CASES


def test_an_outage_fails_the_run_when_asked(shop: Path, onetest: LocalOneTest, answering: Answering) -> None:
    env = onetest.env | {"ONETEST_FAIL_ON_UPLOAD_ERROR": "true"}
    for url in (closed_port(), answering(200, "text/html", "<html/>")):
        done = run("report", "r.xml", cwd=shop, env=env | {"ONETEST_BASE_URL": url})
        assert done.returncode == 4
        assert delivered(onetest, kept(done), shop) == CASES


def test_a_kept_bundle_is_not_a_report_of_the_next_run(shop: Path, onetest: LocalOneTest) -> None:
    env = onetest.env | {"ONETEST_BASE_URL": closed_port(), "ONETEST_MODE": "import"}
    kept(run("report", ".", cwd=shop, env=env))
    done = run("report", "**/*.xml", "--artifacts", "**", "--json", "o.json", cwd=shop, env=onetest.env)
    outcome = json.loads((shop / "o.json").read_text(encoding="utf-8"))
    assert done.returncode == 0
    assert [row["path"] for row in outcome["files"]] == ["r.xml"]
    assert outcome["delivery"]["artifacts_sent"] == 2  # the report itself, and all reports packed


def test_a_config_file_that_names_a_base_url(shop: Path, onetest: LocalOneTest) -> None:
    (shop / ".onetest.yml").write_text("base-url: http://127.0.0.1:1\n", encoding="utf-8")
    for command in ("report", "push", "collect", "inspect"):
        done = run(command, "r.xml", cwd=shop, env=onetest.env)
        assert done.returncode == 2
        assert "base-url" in told(done, "config-refused")


@pytest.mark.parametrize("command", ["report", "collect"])
def test_a_bundle_directory_that_holds_other_files(command: str, shop: Path, onetest: LocalOneTest) -> None:
    (shop / "mine").mkdir()
    (shop / "mine" / "notes.txt").write_text("precious", encoding="utf-8")
    for target in ("mine", "r.xml"):
        done = run(command, "r.xml", "--bundle", target, cwd=shop, env=onetest.env)
        assert done.returncode == 4
        assert target in told(done, "bundle-exists" if target == "mine" else "bundle-not-written")
    assert [path.name for path in (shop / "mine").iterdir()] == ["notes.txt"]


def _collected(shop: Path) -> Path:
    bundle = shop / "bundle"
    assert run("collect", "r.xml", "--bundle", "bundle", cwd=shop).returncode == 0
    return bundle


MANIFESTS = {
    "no json": "{",
    "empty": "",
    "list": "[]",
    "null": "null",
    "no fields": '{"schema": 2}',
    "no digest": '{"schema": 2, "launch_uuid": "x"}',
}


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_a_damaged_manifest(manifest: str, shop: Path, onetest: LocalOneTest) -> None:
    (_collected(shop) / "bundle.json").write_text(MANIFESTS[manifest], encoding="utf-8")
    done = run("push", "bundle", cwd=shop, env=onetest.env)
    assert done.returncode == 4
    told(done, "bad-bundle")


@pytest.mark.parametrize(
    "damage", ["junk\n", '{"case": 1}\n', "[]\n", '{"case": {"colour": 1}}\n', "1\n", None]
)
@pytest.mark.parametrize("mode", ["launch", "import"])
def test_damaged_items(damage: str | None, mode: str, shop: Path, onetest: LocalOneTest) -> None:
    items = _collected(shop) / "items.jsonl"
    items.unlink() if damage is None else items.write_text(damage, encoding="utf-8")
    done = run("push", "bundle", "--mode", mode, cwd=shop, env=onetest.env)
    assert done.returncode == 4
    assert "items.jsonl" in told(done, "bad-bundle")


@pytest.mark.parametrize(("schema", "code"), [(1, "older-bundle"), (99, "newer-bundle")])
def test_a_bundle_of_another_version(schema: int, code: str, shop: Path, onetest: LocalOneTest) -> None:
    manifest = _collected(shop) / "bundle.json"
    document = json.loads(manifest.read_text(encoding="utf-8")) | {"schema": schema}
    manifest.write_text(json.dumps(document), encoding="utf-8")
    done = run("push", "bundle", cwd=shop, env=onetest.env)
    assert done.returncode == 4
    assert f"has schema {schema}; this version reads 2" in told(done, code)


@pytest.mark.parametrize("named", ["gone", "empty"])
def test_no_bundle(named: str, place: Path, onetest: LocalOneTest) -> None:
    done = run("push", named, cwd=place, env=onetest.env)
    assert done.returncode == 4
    assert named in told(done, "no-bundle")


def test_a_file_is_not_a_bundle(shop: Path, onetest: LocalOneTest) -> None:
    done = run("push", "r.xml", cwd=shop, env=onetest.env)
    assert done.returncode == 4
    assert "r.xml" in done.stderr


@pytest.mark.parametrize("option", ["--json", "--junit", "--summary"])
def test_an_output_that_cannot_be_written(option: str, shop: Path, onetest: LocalOneTest) -> None:
    before = len(onetest.launches())
    done = run("report", "r.xml", option, "r.xml/deeper", cwd=shop, env=onetest.env)
    assert done.returncode == 2
    assert "r.xml/deeper" in told(done, "output-not-written")
    assert len(onetest.launches()) == before + 1


def test_outputs_of_the_host_that_cannot_be_written(shop: Path, onetest: LocalOneTest) -> None:
    env = onetest.env | {"GITHUB_ACTIONS": "true", "GITHUB_OUTPUT": "r.xml/o", "GITHUB_STEP_SUMMARY": "s.md"}
    done = run("report", "r.xml", cwd=shop, env=env)
    assert done.returncode == 2
    told(done, "output-not-written")
    assert "Failed test" in (shop / "s.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("where", ["r.xml/bundle", "/proc/onetest-ci/bundle"])
@pytest.mark.parametrize("command", ["report", "collect"])
def test_a_bundle_that_cannot_be_written(command: str, where: str, shop: Path, onetest: LocalOneTest) -> None:
    done = run(command, "r.xml", "--bundle", where, cwd=shop, env=onetest.env)
    assert done.returncode == 4
    assert where in told(done, "bundle-not-written")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps the directory of a running process")
@pytest.mark.parametrize(
    "args",
    [("inspect", "x.xml"), ("doctor", "--offline"), ("api", "GET", "/api/x"), ("cases", "match", "x.xml")],
    ids=lambda args: args[0],
)
def test_a_working_directory_that_was_removed_is_named(tmp_path: Path, args: tuple[str, ...]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    script = 'rmdir "$PWD" && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", script, "sh", COMMAND, *args],
        cwd=gone,
        env=environment({}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "The working directory cannot be used: No such file or directory." in done.stdout + done.stderr
