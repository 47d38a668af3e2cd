"""``onetest-ci help``: error codes and commands explained, and the pointer below each error."""

import re
from pathlib import Path

import pytest

from onetest_ci.cli.app import COMMANDS, RunState, group
from onetest_ci.error_codes import ERROR_CODES
from onetest_ci.exit_codes import ExitCode
from onetest_ci.settings import options
from onetest_ci.settings.option import variable_name
from support.command import run


def shown(*topic: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the help on a topic, made in this process: a process for each code would take minutes."""
    group.main(["help", *topic], prog_name="onetest-ci", standalone_mode=False, obj=RunState())
    return capsys.readouterr().out


def test_the_command_below_an_error_explains_it(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text("<testsuite><testcase name='a'", encoding="utf-8")
    (tmp_path / "also.xml").write_text("<testsuite><testcase name='a'", encoding="utf-8")
    failed = run("inspect", "r.xml", "also.xml", "gone.xml", cwd=tmp_path)
    pointers = [line.strip() for line in failed.stderr.splitlines() if "More:" in line]
    assert pointers == [f"More: onetest-ci help {code}" for code in ("broken-xml", "file-not-found")]
    done = run(*pointers[0].removeprefix("More: onetest-ci ").split(), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    for part in (
        "broken-xml: The XML is broken",
        "What happened\n  ",
        "Why\n  ",
        "What to do\n  ",
        "\n  3: ",
    ):
        assert part in done.stdout
    assert "\x1b" not in done.stdout


def test_an_error_that_ends_a_command_has_the_pointer(tmp_path: Path) -> None:
    done = run("push", "nothing", cwd=tmp_path)
    assert done.stderr.splitlines()[-1] == "  More: onetest-ci help missing-option"


def test_an_error_that_doctor_finds_has_the_pointer(tmp_path: Path) -> None:
    done = run("doctor", "--offline", "gone.xml", cwd=tmp_path)
    assert "            More: onetest-ci help missing-key\n" in done.stdout
    assert "            More: onetest-ci help file-not-found\n" in done.stdout


@pytest.mark.parametrize("topic", ["error[broken-xml]:", "onetest-ci: error[broken-xml]", "Broken-XML."])
def test_a_code_may_be_copied_from_a_log(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(*topic.split(), capsys=capsys).startswith("broken-xml: ")


@pytest.mark.parametrize(
    ("wrong", "meant"), [("brokn-xml", "broken-xml"), ("repor", "report"), ("--fial-on", "--fail-on")]
)
def test_a_misspelt_topic_is_answered_with_the_nearest(wrong: str, meant: str, tmp_path: Path) -> None:
    done = run("help", wrong, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.search(rf"'{wrong}'\. Did you mean {meant}( or |\?)", done.stderr)


def test_every_exit_code_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for number in ExitCode:
        text = shown(str(int(number)), capsys=capsys)
        assert text.startswith(f"Exit code {int(number)}\n  ")
        assert number.meaning in " ".join(text.split())
        listed = re.findall(r"^  ([a-z-]+)  ", text.partition("Errors that end so")[2], re.MULTILINE)
        assert listed == [code for code, entry in ERROR_CODES.items() if number in entry.exit_codes]
        assert max(map(len, text.splitlines())) <= 100
    done = run("help", "77", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no exit code 77 of onetest-ci: it has 0, 1, 2, 3, " in done.stderr


def test_every_setting_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, option in options().items():
        text = shown(f"--{name}", capsys=capsys)
        flat = " ".join(text.split())
        assert text.startswith(f"{name} (")
        assert shown(variable_name(name), capsys=capsys) == text
        for part in (option.help, f"Variable: {variable_name(name)}", ", ".join(sorted(option.commands))):
            assert " ".join(part.split()) in flat
    # The width of the terminal may differ between this process and the command.
    done = run("help", "fail-on", cwd=tmp_path)
    assert done.stdout.split() == shown("--fail-on", capsys=capsys).split()


def test_help_does_not_quote_a_key(tmp_path: Path) -> None:
    for words in (("--api-key", "hunter2hunter2"), ("--token=hunter2hunter2",)):
        done = run("help", *words, cwd=tmp_path)
        assert done.returncode == 2
        assert "error[secret-on-command-line]" in done.stderr
        assert "hunter2" not in done.stderr


def test_every_code_is_shown_and_listed(capsys: pytest.CaptureFixture[str]) -> None:
    listed = shown("errors", capsys=capsys)
    for code, entry in ERROR_CODES.items():
        assert f"\n  {code} " in listed
        text = shown(code, capsys=capsys)
        assert text.startswith(f"{code}: {entry.title}\n  ({entry.area.title})\n")
        assert " ".join(entry.what_to_do.split()) in " ".join(text.split())
        assert max(map(len, text.splitlines())) <= 100
        for number in entry.exit_codes:
            assert f"\n  {number}: " in text


def test_help_on_a_command_is_its_help(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert "--apply" in shown("cases", "sync", capsys=capsys)
    assert shown("launch", capsys=capsys).startswith("Usage: onetest-ci launch ")
    text = shown(capsys=capsys)
    assert text.startswith(run("--help", cwd=tmp_path).stdout)
    assert text.rstrip().endswith("onetest-ci help errors")
    for name in COMMANDS:
        assert shown(name, capsys=capsys).startswith(f"Usage: onetest-ci {name} ")
    # Else one of them could not be shown.
    assert not {*COMMANDS, "errors"} & ERROR_CODES.keys()
