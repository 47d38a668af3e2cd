"""``onetest-ci run``: what becomes of the test command's end."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from onetest_ci.settings import options
from support.command import COMMAND, environment, run
from support.onetest import LocalOneTest
from support.running import FLAKY, GREEN, NAME, RED, ended, writing
from support.secrets import Search

BROKE = "<testsuite name='s'><testcase classname='c' name='bad'><error message='no'/></testcase></testsuite>"
SKIPPED = "<testsuite name='s'><testcase classname='c' name='k'><skipped/></testcase></testsuite>"
CUT = "<testsuite name='s'><testcase classname='c' name='good'/><testcase"
NO_TESTS = "<testsuite name='s'/>"
KEY = "ak_abcdefghijklmnopqrstuvwxyz012345"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path


# What the reports contain, the command's exit code, the options; whether there is a case, and the exit code.
ENDS: dict[str, tuple[str, int, tuple[str, ...], bool, int]] = {
    "all is well": (GREEN, 0, (), False, 0),
    "failed, green reports": (GREEN, 3, (), True, 3),
    "failed, green reports, gate": (GREEN, 3, ("--fail-on", "any"), True, 3),
    "failed, green reports, no gate": (GREEN, 3, ("--fail-on", "never"), True, 3),
    "failed, flaky tests": (FLAKY, 1, (), True, 1),
    "failed, skipped tests": (SKIPPED, 1, (), True, 1),
    "failed, a report that breaks off": (CUT, 1, (), True, 1),
    "failed, no tests": (NO_TESTS, 5, (), True, 5),
    "failed, red reports": (RED, 1, (), False, 1),
    "failed, red reports, gate": (RED, 7, ("--fail-on", "any"), False, 7),
    "failed, reports with errors": (BROKE, 1, (), False, 1),
    "red reports": (RED, 0, (), False, 0),
    "red reports, gate": (RED, 0, ("--fail-on", "any"), False, 1),
    "a report that breaks off": (CUT, 0, (), False, 3),
    "no tests": (NO_TESTS, 0, (), False, 3),
    "no tests, accepted": (NO_TESTS, 0, ("--allow-empty",), False, 0),
    "an empty report": ("", 0, (), True, 3),
    "failed, an empty report": ("", 9, (), True, 9),
    "highest exit code": (GREEN, 255, (), True, 255),
}


@pytest.mark.parametrize(("text", "code", "more", "case", "expected"), ENDS.values(), ids=ENDS)
def test_the_ends_of_a_command(
    shop: Path, text: str, code: int, more: tuple[str, ...], *, case: bool, expected: int
) -> None:
    done = ended(shop, "run", "out", *more, "--", *writing(text, code))
    assert (done.code, len(done.said)) == (expected, case)
    counted = sum(row["errors"] + row["failures"] for row in done.outcome["files"])
    assert done.outcome["totals"]["errors"] + done.outcome["totals"]["failures"] == counted + case


@pytest.mark.parametrize(
    ("code", "more", "ends"),
    [(0, (), (3, 1)), (4, (), (4, 1)), (0, ("--allow-empty",), (0, 0)), (4, ("--allow-empty",), (4, 1))],
)
@pytest.mark.parametrize("named", ["out", "out/*.xml", "out/r.xml", "nowhere"])
def test_a_command_that_writes_no_report(
    shop: Path, named: str, code: int, more: tuple[str, ...], ends: tuple[int, int]
) -> None:
    done = ended(shop, "run", named, *more, "--", "sh", "-c", f"exit {code}")
    expected, case = ends
    assert (done.code, len(done.said)) == (expected, case)
    assert done.outcome["totals"]["tests"] == case
    for message in done.said:
        assert "no report was written" in message


def test_without_a_path_the_end_of_the_command_is_all_there_is(shop: Path) -> None:
    done = ended(shop, "run", "--", "sh", "-c", "exit 8")
    assert (done.code, done.errors, len(done.said)) == (8, ["no-reports"], 1)


def test_the_case_of_the_command_shows_how_it_ended(shop: Path) -> None:
    (shop / "green.xml").write_text(GREEN, encoding="utf-8")
    command = ("sh", "-c", "cp green.xml out/r.xml; exit 3")
    done = ended(
        shop, "run", "out", "--fail-on", "any", "--summary", "s.md", "--junit", "j.xml", "--", *command
    )
    message = (
        "The test command `sh -c 'cp green.xml out/r.xml; exit 3'` ended with exit code 3, although no "
        "report contains a failed test."
    )
    assert done.said == [message]
    assert f"  x {NAME}\n      - {message}\n" in done.stdout
    assert "2 tests: 1 passed, 1 in error in 1 report" in done.stdout
    assert "The exit code 3 is that of the test command" in done.stdout
    gate = done.outcome["gate"]
    assert (gate["fail_on"], gate["passed"], gate["why"]) == ("any", False, "1 of 2 tests failed")
    assert done.outcome["totals"]["errors"] == 1
    summary = (shop / "s.md").read_text(encoding="utf-8")
    assert "### ❌" in summary
    assert f"<summary><code>{NAME}</code><br><code>The test command" in summary
    merged = (shop / "j.xml").read_text(encoding="utf-8")
    assert f'name="{NAME}"' in merged
    assert "ended with exit code 3" in merged
    assert not done.outcome["warnings"]


@pytest.mark.parametrize("mode", ["launch", "import"])
def test_onetest_gets_the_case(onetest: LocalOneTest, shop: Path, mode: str) -> None:
    args = ("run", "out", "--mode", mode, "--", *writing(GREEN, 3))
    done = ended(shop, *args, env=onetest.env, dry=False)
    assert (done.code, done.outcome["upload_status"]) == (3, "delivered")
    cases = {case["name"]: case for case in onetest.cases(done.outcome["launch_id"])}
    assert {name: case["status"] for name, case in cases.items()} == {"good": "passed", NAME: "failed"}
    (log,) = onetest.logs(cases[NAME]["id"])
    assert log["message"].startswith(done.said[0])
    assert cases[NAME]["code_ref"].endswith(NAME)
    assert not cases[NAME].get("parameters")


def test_onetest_gets_a_launch_when_there_is_no_report(onetest: LocalOneTest, shop: Path) -> None:
    done = ended(shop, "run", "out", "--", "false", env=onetest.env, dry=False)
    assert (done.code, done.outcome["upload_status"], done.errors) == (1, "delivered", ["no-reports"])
    (case,) = onetest.cases(done.outcome["launch_id"])
    assert (case["name"], case["status"]) == (NAME, "failed")
    assert onetest.launch(done.outcome["launch_id"])["status"] == "failed"


def shell_code(*command: str, cwd: Path) -> int:
    return subprocess.run(
        ["bash", "-c", '"$@"; exit $?', "bash", *command],
        cwd=cwd,
        env=environment(),
        check=False,
        capture_output=True,
    ).returncode


@pytest.mark.parametrize(
    ("command", "words"),
    {
        "not found": (("no-such-command", "-x"), "was not found"),
        "no such file": (("./no-such-file",), "was not found"),
        "an empty name": (("",), "was not found"),
        "not executable": (("./plain.txt",), "cannot be executed (Permission denied)"),
        "a directory": (("./out",), "cannot be executed (Permission denied)"),
        "no program": (("./garbage",), "cannot be executed (Exec format error)"),
        "below a file": (("./plain.txt/x",), "cannot be executed (Not a directory)"),
        "an exit code": (("sh", "-c", "exit 42"), "ended with exit code 42"),
        "killed": (("sh", "-c", "kill -KILL $$"), "was ended by SIGKILL"),
        "terminated": (("sh", "-c", "kill -TERM $$"), "was ended by SIGTERM"),
        "a real-time signal": (("sh", "-c", "kill -40 $$"), "was ended by signal 40"),
        "a child of it killed": (("sh", "-c", "sh -c 'kill -9 $$'; exit $?"), "exit code 137 (SIGKILL)"),
    }.values(),
)
def test_the_exit_code_is_that_of_a_shell(shop: Path, command: tuple[str, ...], words: str) -> None:
    (shop / "plain.txt").write_text("true\n", encoding="utf-8")
    (shop / "garbage").write_bytes(b"\x00\x01\x02garbage")
    (shop / "garbage").chmod(0o755)
    done = ended(shop, "run", "out", "--", *command)
    assert done.code == shell_code(*command, cwd=shop)
    assert words in done.said[0]


def test_a_script_is_started_by_what_its_first_line_names(shop: Path) -> None:
    (shop / "script").write_text(f"#!{sys.executable}\nimport sys\nsys.exit(6)\n", encoding="utf-8")
    (shop / "script").chmod(0o755)
    assert ended(shop, "run", "out", "--", "./script").code == 6


def test_input_and_output_are_the_command_s(shop: Path) -> None:
    program = (
        "import os, sys; data = sys.stdin.buffer.read(); sys.stdout.buffer.write(b'out ' + data[::-1]);"
        "os.write(2, b'err ' + data); open('out/r.xml', 'w').write(sys.argv[1])"
    )
    given = bytes(range(256)) * 1000
    done = subprocess.run(
        [COMMAND, "run", "out", "--dry-run", "--", sys.executable, "-c", program, GREEN],
        cwd=shop,
        env=environment(),
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0
    assert done.stdout.startswith(b"out " + given[::-1])
    assert done.stderr == b"err " + given
    assert b"1 test: 1 passed" in done.stdout


def test_other_open_files_are_the_command_s_too(shop: Path) -> None:
    reading, writing_end = os.pipe()
    program = f"import os; os.write({writing_end}, b'job')"
    subprocess.run(
        [COMMAND, "run", "out", "--dry-run", "--", sys.executable, "-c", program],
        cwd=shop,
        env=environment(),
        pass_fds=(writing_end,),
        check=False,
        capture_output=True,
    )
    os.close(writing_end)
    assert os.read(reading, 10) == b"job"
    os.close(reading)


def test_arguments_arrive_as_they_are(shop: Path) -> None:
    program = "import json, os, sys; open('seen', 'wb').write(b'\\0'.join(map(os.fsencode, sys.argv[1:])))"
    odd = ["", "a b", "$HOME", "*", "--", "--mode", "it's", "ü", "new\nline", "\udcff"]
    run("run", "out", "--dry-run", "--", sys.executable, "-c", program, *odd, cwd=shop)
    assert (shop / "seen").read_bytes().split(b"\0") == [os.fsencode(one) for one in odd]


def test_what_python_does_to_itself_is_not_the_command_s(shop: Path) -> None:
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("the system has no /proc")
    # Not by a shell, which unblocks signals itself.
    done = ended(shop, "run", "out", "--", "grep", "-E", "^(SigBlk|SigIgn)", status)
    masks = [line.split()[1] for line in done.stdout.splitlines()[:2]]
    # Those above are the C library's own.
    assert [int(mask, 16) & 0x7FFFFFFF for mask in masks] == [0, 0]


def test_the_command_does_not_get_the_keys(onetest: LocalOneTest, shop: Path) -> None:
    (shop / "key").write_text(onetest.api_key, encoding="utf-8")
    env = onetest.env | {
        "ONETEST_RECEIVER_API_KEY": onetest.api_key,
        "ONETEST_API_KEY_FILE": str(shop / "key"),
        "INPUT_API-KEY": onetest.api_key,
        "GITHUB_ACTIONS": "true",
        "MINE": "kept",
        "INPUT_MINE": "kept",
    }
    program = "import json, os; json.dump(dict(os.environ), open('env.json', 'w'))"
    done = ended(shop, "run", "out", "--", sys.executable, "-c", program, env=env, dry=False)
    assert done.outcome["upload_status"] == "delivered"
    seen = json.loads((shop / "env.json").read_text(encoding="utf-8"))
    assert onetest.api_key not in "".join(seen.values())
    taken = {"ONETEST_API_KEY", "ONETEST_RECEIVER_API_KEY", "ONETEST_API_KEY_FILE", "INPUT_API-KEY"}
    assert set(env) - set(seen) == taken
    assert (seen["MINE"], seen["ONETEST_PRODUCT_ID"]) == ("kept", onetest.product_id)


def test_a_plugin_s_key_is_taken_away_too(shop: Path) -> None:
    env = {"CI": "woodpecker", "PLUGIN_API_KEY": KEY, "PLUGIN_MINE": "kept"}
    ended(shop, "run", "out", "--", "sh", "-c", "env > seen", env=env)
    seen = (shop / "seen").read_text(encoding="utf-8")
    assert ("PLUGIN_API_KEY" in seen, "PLUGIN_MINE=kept" in seen) == (False, True)
    # Elsewhere that name may be anybody's.
    ended(shop, "run", "out", "--", "sh", "-c", "env > seen", env={"PLUGIN_API_KEY": KEY})
    assert "PLUGIN_API_KEY" in (shop / "seen").read_text(encoding="utf-8")


@pytest.mark.parametrize("key", [KEY, "ak_with'quote`and$more_0123456"])
def test_a_key_in_the_command_line_is_nowhere(shop: Path, key: str) -> None:
    done = ended(
        *(shop, "run", "out", "--summary", "s.md", "--bundle", "kept", "--"),
        *("sh", "-c", "exit 3", f"--token={key}", key),
        env={"ONETEST_API_KEY": key},
    )
    assert done.code == 3
    assert "--token=***" in done.said[0]
    places = [("o.json", json.dumps(done.outcome).encode()), ("stdout", done.stdout.encode())]
    places += [("stderr", done.stderr.encode()), ("s.md", (shop / "s.md").read_bytes())]
    search = Search(key)
    assert not [hit for place in places for hit in search.in_bytes(*place)]
    assert not list(search.in_files([shop / "kept"]))


def test_a_long_command_line_is_cut(shop: Path) -> None:
    done = ended(shop, "run", "out", "--", "sh", "-c", "exit 3\n" + "# " * 5000, "\udcff\x1b[31m")
    (message,) = done.said
    assert len(message) < 300
    assert "…`" in message
    assert "\n" not in message


@pytest.mark.parametrize("args", [("out",), ("out", "--"), ("--",), ("out", "sh")])
def test_no_command_is_wrong_usage(shop: Path, args: tuple[str, ...]) -> None:
    done = run("run", *args, "--dry-run", cwd=shop) if "--" not in args else run("run", *args, cwd=shop)
    assert done.returncode == 2
    assert "error[no-command]" in done.stderr
    assert "onetest-ci run reports/ -- pytest" in done.stderr


# Options, variables, the exit code and what standard error names.
SETTINGS: dict[str, tuple[tuple[str, ...], dict[str, str], int, str]] = {
    "no such mode": (("--mode", "fast"), {}, 2, "bad-option"),
    "no such option": (("--no-such",), {}, 2, "No such option"),
    "a variable": ((), {"ONETEST_FAIL_ON": "sometimes"}, 2, "bad-option"),
    "no product": ((), {"ONETEST_PRODUCT_ID": ""}, 2, "missing-option"),
    "no key": ((), {"ONETEST_API_KEY": ""}, 5, "missing-key"),
    "a key file": (("--api-key-file", "gone"), {}, 2, "bad-key-file"),
    "two launches": (("--launch-key", "k", "--launch", "0" * 32), {}, 2, "two-launches"),
    "an endpoint": (("--endpoint", "no.such=/x"), {}, 2, "bad-endpoint"),
    "authorities": (
        ("--ca-bundle", "green.xml"),
        {"ONETEST_BASE_URL": "https://127.0.0.1:9"},
        2,
        "bad-ca-bundle",
    ),
    "a proxy": ((), {"HTTP_PROXY": "nonsense://x"}, 2, "bad-proxy"),
    "the place": (("--bundle", "full"), {}, 4, "bundle-exists"),
}


@pytest.mark.parametrize("wrong", SETTINGS)
def test_wrong_settings_are_found_before_the_tests_run(onetest: LocalOneTest, shop: Path, wrong: str) -> None:
    more, env, code, error = SETTINGS[wrong]
    (shop / "full").mkdir()
    (shop / "full" / "mine.txt").touch()
    done = run("run", "out", *more, "--", "touch", "ran", cwd=shop, env=onetest.env | env)
    assert done.returncode == code, done.stderr
    assert error in done.stderr
    assert not (shop / "ran").exists()


def test_a_fork_without_secrets_runs_its_tests(shop: Path) -> None:
    event = {"pull_request": {"head": {"repo": {"fork": True, "full_name": "x/y"}}}, "repository": {}}
    (shop / "event.json").write_text(json.dumps(event), encoding="utf-8")
    env = {
        "GITHUB_ACTIONS": "true",
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_EVENT_PATH": str(shop / "event.json"),
        "GITHUB_REPOSITORY": "a/b",
    }
    done = ended(shop, "run", "out", "--", *writing(GREEN, 0), env=env, dry=False)
    assert (done.code, done.outcome["upload_status"]) == (0, "skipped"), done.stderr
    assert done.outcome["bundle_path"]


@pytest.mark.parametrize(("code", "expected"), [(0, 4), (9, 9)])
def test_what_fails_after_the_command_does_not_hide_its_exit_code(
    shop: Path, code: int, expected: int
) -> None:
    # The place for the bundle was free when the command started.
    command = ("sh", "-c", f"mkdir kept; touch kept/mine; exit {code}")
    done = ended(shop, "run", "out", "--bundle", "kept", "--", *command)
    assert (done.code, "bundle-exists" in done.stderr) == (expected, True)


def test_an_outage_does_not_hide_the_exit_code(shop: Path) -> None:
    env = {
        "ONETEST_BASE_URL": "http://127.0.0.1:9",
        "ONETEST_PRODUCT_ID": "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10",
        "ONETEST_API_KEY": KEY,
    }
    done = ended(shop, "run", "out", "--fail-on-upload-error", "--", *writing(GREEN, 9), env=env, dry=False)
    assert (done.code, done.outcome["upload_status"]) == (9, "failed")


def test_every_option_of_report_is_one_of_run() -> None:
    assert set(options("run")) == set(options("report")) | {"allow-stale"}


def test_it_can_be_imported_where_signals_are_few(shop: Path) -> None:
    # What Windows lacks is taken away once Python's own modules have what they need. What only Windows has,
    # the lock of a file, is added.
    program = """
import os, signal, subprocess, sys, click, multiprocessing
from types import SimpleNamespace
import onetest_ci.cli.app
for name in ("SIGHUP", "SIGQUIT", "SIGTSTP", "SIGCHLD", "SIGCONT", "SIGWINCH", "SIGTTIN", "SIGTTOU"):
    delattr(signal, name)
for name in ("sigwait", "sigpending", "pthread_sigmask"):
    delattr(signal, name)
for name in ("posix_spawnp", "getpgrp", "killpg", "tcgetpgrp", "tcsetpgrp"):
    delattr(os, name)
sys.platform = "win32"
sys.modules["msvcrt"] = SimpleNamespace(locking=lambda *_: None, LK_NBLCK=2, LK_UNLCK=0)
sys.argv = ["onetest-ci", "run", "out", "--dry-run", "--", sys.executable, "-c", "raise SystemExit(3)"]
from onetest_ci.cli import main
main()
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=shop,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr.count("Traceback")) == (3, 0), done.stderr
    assert "ended with exit code 3" in done.stdout


def test_the_command_that_a_hint_ends_with_can_be_copied(shop: Path) -> None:
    done = run("run", "reports/", cwd=shop)
    assert done.returncode == 2
    assert done.stderr.splitlines()[1].endswith(
        ": onetest-ci run reports/ -- pytest --junitxml=reports/junit.xml"
    )
