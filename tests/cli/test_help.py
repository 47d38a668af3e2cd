"""Help, versions, wrong usage, and what is not imported."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from onetest_ci import __version__
from onetest_ci.cli.app import COMMANDS as COMMANDS_WITH_GROUPS
from onetest_ci.cli.app import RunState, group
from onetest_ci.cli.exits import EXITS
from onetest_ci.exit_codes import ExitCode
from onetest_ci.settings import options
from onetest_ci.settings.option import Group
from support.command import COMMAND, environment, run
from support.waiting import GIVE_UP

COMMANDS = ["report", "run", "collect", "push", "inspect", "doctor", "api"]
REPORT = '<testsuite name="s"><testcase name="t"/></testsuite>'


@pytest.mark.parametrize("command", COMMANDS)
def test_help_lists_each_option_with_its_variable(command: str, tmp_path: Path) -> None:
    done = run(command, "--help", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    text = " ".join(done.stdout.split())
    for name, option in options(command).items():
        if option.secret:
            assert f"--{name} " not in text
        elif option.positional:
            assert f"[{option.metavar}]..." in text
        else:
            assert re.search(rf"--{name}[ /]", text)
            assert f"[ONETEST_{name.upper().replace('-', '_')}]" in text
            assert option.help in text


@pytest.mark.parametrize("command", [*COMMANDS, "emulator"])
def test_help_has_examples(command: str, tmp_path: Path) -> None:
    done = run(command, "-h", cwd=tmp_path)
    assert "Examples:" in done.stdout
    assert f"  onetest-ci {command} " in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_use_what_exists(command: str, tmp_path: Path) -> None:
    shown = run(command, "--help", cwd=tmp_path).stdout.partition("Examples:")[2]
    examples = re.findall(r"onetest-ci ([a-z]+)(.*)", shown)
    assert command in {name for name, _ in examples}
    for name, arguments in examples:
        declared = run(name, "--help", cwd=tmp_path).stdout
        own = arguments.partition(" -- ")[0]
        for flag in re.findall(r"--[a-z-]+", own):
            assert f"{flag} " in declared


@pytest.mark.parametrize(
    "command",
    [
        "launch start",
        "launch finish",
        "cases list",
        "cases create",
        "cases update",
        "cases match",
        "cases sync",
    ],
)
def test_help_of_commands_in_groups(command: str, tmp_path: Path) -> None:
    done = run(*command.split(), "--help", cwd=tmp_path)
    assert re.search(rf"Examples:\n +onetest-ci {command}\b", done.stdout)
    text = " ".join(done.stdout.split())
    for name, option in options(command).items():
        has_no_option = option.secret or option.positional
        assert has_no_option or f"[ONETEST_{name.upper().replace('-', '_')}]" in text
    assert max(map(len, done.stdout.splitlines())) <= 100


@pytest.mark.parametrize(
    ("command", "own"),
    [
        ("api", "--field"),
        ("cases list", "--text"),
        ("cases create", "--title"),
        ("cases update", "--title"),
        ("cases match", "--format"),
        ("cases sync", "--apply"),
    ],
)
def test_help_begins_with_what_only_this_command_has(command: str, own: str, tmp_path: Path) -> None:
    shown = run(*command.split(), "--help", cwd=tmp_path).stdout.partition("Options:")[2]
    assert -1 < shown.find(own) < shown.find("--base-url")


def test_help_of_the_local_onetest_leads_to_a_report(tmp_path: Path) -> None:
    text = " ".join(run("emulator", "--help", cwd=tmp_path).stdout.split())
    for name, member in (("BASE_URL", "url"), ("PRODUCT_ID", "product_id"), ("API_KEY", "api_key")):
        assert f"ONETEST_{name} to {member}" in text


def test_help_of_the_whole(tmp_path: Path) -> None:
    done = run("--help", cwd=tmp_path)
    assert done.returncode == 0
    for command in (*COMMANDS, "emulator"):
        assert f"  {command} " in done.stdout
    # The help of a group has no exit codes, which the help of the whole must not promise.
    groups = sorted({name.split()[0] for name in EXITS if " " in name})
    assert f"in `{groups[0]}` and `{groups[1]}`, each of their commands has its own" in " ".join(
        done.stdout.split()
    )


@pytest.mark.parametrize(
    "args",
    [
        ("deliver",),
        ("--no-such-option",),
        ("help", "bad-comand-line"),
        ("completion",),
        ("completion", "tcsh"),
        ("api",),
        ("report", "--no-such-option"),
        ("report", "--mode"),
        ("run", "r.xml", "--mode", "--", "true"),
        ("inspect", "--format", "yaml", "r.xml"),
        ("push",),
        ("push", "one", "two"),
        ("emulator", "--port", "99999"),
        ("cases", "delete"),
        ("cases", "create"),
        ("cases", "list", "--format", "yaml"),
        ("cases", "sync", "--format", "yaml"),
    ],
)
def test_wrong_usage(args: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    lines = done.stderr.splitlines()
    assert re.match("Usage: onetest-ci |onetest-ci: error", lines[0])
    (error,) = (line for line in lines if line.startswith("onetest-ci: error["))
    (code,) = re.findall(r"error\[([a-z-]+)\]: [A-Z]", error)
    assert code in {"bad-command-line", "missing-option", "bad-option"}
    assert lines[-1] == f"  More: onetest-ci help {code}"
    assert not re.search(r"^Error:|^Try ", done.stderr, re.MULTILINE)


@pytest.mark.parametrize("args", [(), ("cases",), ("launch",)], ids=str)
def test_without_a_command_a_group_shows_its_help(args: tuple[str, ...], tmp_path: Path) -> None:
    done = run(*args, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == run(*args, "--help", cwd=tmp_path).stdout


def test_the_version(tmp_path: Path) -> None:
    assert run("--version", cwd=tmp_path).stdout == f"onetest-ci {__version__}\n"
    done = subprocess.run(
        [sys.executable, "-m", "onetest_ci", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"onetest-ci {__version__}\n"


def imported(*args: str, cwd: Path) -> set[str]:
    """Top-level modules that a command imports."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "onetest_ci", *args],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        line.rpartition("|")[2].strip().partition(".")[0]
        for line in done.stderr.splitlines()
        if line.startswith("import time:")
    }


@pytest.mark.unmeasured
@pytest.mark.parametrize(
    "args",
    [
        ("--version",),
        ("--help",),
        ("inspect", "r.xml"),
        ("inspect", "--format", "json", "r.xml"),
        ("cases", "--help"),
        ("cases", "list", "--help"),
        ("cases", "match", "--cases", "c.json", "r.xml"),
        ("cases", "sync", "--help"),
        ("collect", "r.xml"),
        ("report", "--dry-run", "r.xml"),
        ("run", "--dry-run", "--allow-stale", "r.xml", "--", "true"),
        ("doctor", "--help"),
    ],
    ids=" ".join,
)
def test_a_command_imports_only_what_it_needs(args: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(REPORT, encoding="utf-8")
    (tmp_path / "c.json").write_text('{"cases": []}', encoding="utf-8")
    found = imported(*args, cwd=tmp_path)
    assert "onetest_ci" in found
    assert not found & {
        "httpx",
        "httpcore",
        "yaml",
        "junitparser",
        "starlette",
        "uvicorn",
        "sqlite3",
        "ssl",
    }


def test_what_every_start_imports_has_no_settings() -> None:
    program = "import sys, onetest_ci.cli.app; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found = {name for name in done.stdout.split() if name.startswith("onetest_ci.")}
    assert "onetest_ci.cli.command" in found
    assert not found & {"onetest_ci.settings", "onetest_ci.error_codes", "onetest_ci.cli.exits"}


@pytest.mark.parametrize("missing", ["uvicorn", "starlette"])
def test_the_emulator_without_its_extra_shows_how_to_install_it(missing: str, tmp_path: Path) -> None:
    program = (
        f"import sys; sys.modules[{missing!r}] = None; sys.argv = ['onetest-ci', 'emulator', '--port', '0']; "
        "from onetest_ci.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=GIVE_UP,  # an emulator that does start would serve for ever
    )
    assert done.returncode == 2
    assert "error[emulator-not-installed]" in done.stderr
    assert missing in done.stderr
    assert "pip install 'onetest-ci[emulator]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_does_not_fail_the_gate(tmp_path: Path) -> None:
    for number in range(2000):
        (tmp_path / f"r{number}.xml").write_text(REPORT, encoding="utf-8")
    with subprocess.Popen(
        [COMMAND, "inspect", "."],
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout
        assert process.stderr
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, "")


GROUPED = [
    *("report", "run", "collect", "push", "inspect", "doctor", "api", "launch start", "launch finish"),
    *("cases list", "cases create", "cases update", "cases match", "cases sync", "emulator", "init"),
    "help",
    "completion",
]


def help_of(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    group.main([*command.split(), "--help"], prog_name="onetest-ci", standalone_mode=False, obj=RunState())
    return capsys.readouterr().out


@pytest.mark.parametrize("command", GROUPED)
def test_help_has_options_by_group_then_exit_codes_then_examples(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = help_of(command, capsys)
    titles = re.findall(r"^ *([A-Z][\w ]+):$", text, re.MULTILINE)
    groups = [title for title in titles if title in set(Group)]
    own = {name: option for name, option in options(command).items() if not option.secret}
    assert groups == [
        group.value
        for group in Group
        if any(option.group is group for option in own.values() if not option.positional)
    ]
    assert titles[-2:] == ["Exit codes", "Examples"]
    assert titles.count("Options") == 1
    for title, part in re.findall(r"^([A-Z][\w ]+):\n((?:  .*\n)+)", text, re.MULTILINE):
        if title in groups:
            shown = set(re.findall(r"^  --([a-z-]+)", part, re.MULTILINE))
            assert shown == {
                name for name, option in own.items() if option.group.value == title and not option.positional
            }
    assert max(map(len, text.splitlines())) <= 100


def test_each_command_has_exit_codes() -> None:
    names = set(COMMANDS_WITH_GROUPS) - {"launch", "cases"}
    assert set(EXITS) == names | {name for name in GROUPED if " " in name}
    assert set(GROUPED) == set(EXITS)
    for exits in EXITS.values():
        assert ExitCode.OK in exits
        assert ExitCode.USAGE in exits


@pytest.mark.parametrize(
    ("arguments", "instead"),
    [
        (("report", "--api-key=hunter2hunter2", "r.xml"), "ONETEST_API_KEY_FILE"),
        (("run", "--token", "hunter2hunter2", "r.xml", "--", "true"), "ONETEST_API_KEY_FILE"),
        (("cases", "list", "--api_key", "hunter2hunter2"), "ONETEST_API_KEY_FILE"),
        (("--api-key", "hunter2hunter2", "push", "bundle"), "ONETEST_API_KEY_FILE"),
        (("inspect", "--api-key=hunter2hunter2", "r.xml"), "This command needs no key."),
        (("emulator", "--api-key=hunter2hunter2"), "Name a file"),
        (("report", "--comment-token=hunter2hunter2"), "ONETEST_GITHUB_TOKEN or ONETEST_GITLAB_TOKEN"),
        (("push", "--receiver-api-key=hunter2hunter2", "x"), "ONETEST_RECEIVER_API_KEY"),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else None,
)
def test_an_option_for_a_secret_is_refused_with_what_to_use(
    arguments: tuple[str, ...], instead: str, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "error[secret-on-command-line]: There is no option --" in done.stderr
    assert instead in done.stderr
    assert "hunter2" not in done.stderr


def test_what_stands_behind_the_dashes_is_the_test_command_s(tmp_path: Path) -> None:
    done = run("run", "--", "sh", "-c", "exit 0", "--token", "x", cwd=tmp_path)
    assert "secret-on-command-line" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "meant"),
    [
        (("reprot",), "Did you mean report?"),
        (("cases", "snyc"), "Did you mean sync?"),
        (("launch", "strat"), "Did you mean start?"),
        (
            ("report", "--moed", "launch"),
            "error[bad-command-line]: No such option '--moed'. Did you mean '--mode'",
        ),
        (("cases", "sync", "--aply"), "--apply"),
    ],
    ids=str,
)
def test_a_misspelt_command_or_option_is_answered_with_the_nearest(
    arguments: tuple[str, ...], meant: str, tmp_path: Path
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert meant in done.stderr
