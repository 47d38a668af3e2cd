"""Completion: what is offered, and that real shells put it into the line."""

import os
import pty
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest
from click.shell_completion import ShellComplete, get_completion_class

from onetest_ci.cli.app import COMMANDS, RunState, group
from onetest_ci.error_codes import ERROR_CODES
from onetest_ci.reports.formats.table import FORMATS
from onetest_ci.settings import options
from support.command import COMMAND, environment, run
from support.waiting import wait_for

BUNDLE: Final = "onetest-bundle-5f0c2a7b9d31"
HOSTILE: Final = ("onetest-$(touch pwned)", "onetest-;touch pwned", "onetest-a b", "onetest-\n")


def offered(*words: str) -> dict[str, str]:
    """Return what is offered for the last word, with its type."""
    found = ShellComplete(group, {"obj": RunState()}, "onetest-ci", "_").get_completions(
        list(words[:-1]), words[-1]
    )
    return {item.value: item.type for item in found}


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in (BUNDLE, *HOSTILE):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bundle.json").write_text("{}", encoding="utf-8")
    (tmp_path / "onetest-other").mkdir()
    (tmp_path / "reports.xml").write_text("<testsuite/>", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


COMMANDS_OF_SETTINGS: Final = sorted({name for option in options().values() for name in option.commands})


@pytest.mark.parametrize("command", COMMANDS_OF_SETTINGS)
def test_each_setting_offers_its_words_or_files(command: str) -> None:
    for name, option in options(command).items():
        if option.secret or option.flag:
            continue
        before = [] if option.positional else [f"--{name}"]
        found = offered(*command.split(), *before, "")
        # Words that help shows.
        words = {word for word in option.metavar.split("|") if re.fullmatch("[a-z]+", word)}
        if "|" in option.metavar:
            assert words <= found.keys(), name
            assert set(found.values()) == {"plain"}, name
        elif option.metavar in {"FILE", "GLOB", "PATH"}:
            assert found == {"": "file"}, name
        elif option.metavar == "DIR":
            assert found == {"": "dir"}, name
        else:
            assert found == {}, name


def test_commands_formats_and_codes_are_offered() -> None:
    assert offered("").keys() == COMMANDS.keys()
    assert offered("cases", "m") == {"match": "plain"}
    assert offered("report", "--report-format", "").keys() == {"auto", *(row.name for row in FORMATS)}
    assert offered("inspect", "--format", "j") == {"json": "plain"}
    assert offered("emulator", "--import-path", "a").keys() == {"all", "a"}
    assert "--fail-on" in offered("run", "--fail")
    assert offered("help", "") == dict.fromkeys([*COMMANDS, "errors", *ERROR_CODES], "plain")
    assert offered("help", "broken-x") == {"broken-xml": "plain"}
    assert offered("help", "launch", "") == {"start": "plain", "finish": "plain"}
    assert offered("help", "report", "") == {}
    assert offered("completion", "") == {"bash": "plain", "zsh": "plain", "fish": "plain"}


def test_bundles_are_offered_for_push_but_no_name_with_a_meaning_for_a_shell(place: Path) -> None:
    assert offered("push", "") == {BUNDLE: "plain"}
    assert offered("push", "one") == {BUNDLE: "plain"}
    assert offered("push", f"{place}/one") == {f"{place}/{BUNDLE}": "plain"}
    assert offered("push", "onetest-o") == {"onetest-o": "dir"}
    assert offered("push", "missing/") == {"missing/": "dir"}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_script_is_click_s_own(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["completion", shell]
    group.main(arguments, prog_name="onetest-ci", standalone_mode=False, obj=RunState())
    script = get_completion_class(shell)
    assert script is not None
    expected = script(group, {}, "onetest-ci", "_ONETEST_CI_COMPLETE").source()
    assert capsys.readouterr().out.rstrip("\n") == expected.rstrip("\n")


def test_no_other_shell(tmp_path: Path) -> None:
    done = run("completion", "tcsh", cwd=tmp_path)
    assert (done.returncode, "'bash', 'zsh', 'fish'" in done.stderr) == (2, True)


TYPED: Final = {
    "rep\t": ["report"],
    "report --mode la\t": ["report", "--mode", "launch"],
    "report --report-format ctr\t": ["report", "--report-format", "ctrf"],
    "help broken-x\t": ["help", "broken-xml"],
    "cases sy\t": ["cases", "sync"],
    "push onetest-b\t": ["push", BUNDLE],
    "inspect rep\t": ["inspect", "reports.xml"],
    "emulator --metering r\t": ["emulator", "--metering", "run"],
}
"""What a person types after the command's name, and what the command is called with."""

SHELLS: Final = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], "source {script}"),
    "zsh": (["zsh", "-f", "-i"], "autoload -U compinit; compinit -u -D; source {script}"),
}


def needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")


@pytest.fixture(params=SHELLS)
def shell(request: pytest.FixtureRequest, place: Path) -> Iterator[tuple[int, Path]]:
    """An interactive shell with the script, and the file for the arguments of the command called there."""
    name = str(request.param)
    arguments, set_up = SHELLS[name]
    needs(name)
    (place / "script").write_text(run("completion", name, cwd=place).stdout, encoding="utf-8")
    called = place / "called"
    (place / "bin").mkdir()
    (place / "bin" / "onetest-ci").write_text(
        f'#!/bin/sh\nif [ -n "$_ONETEST_CI_COMPLETE" ]; then exec {COMMAND} "$@"; fi\n'
        f"printf '%s\\n' \"$@\" > '{called}.new'\nmv '{called}.new' '{called}'\n",
        encoding="utf-8",
    )
    (place / "bin" / "onetest-ci").chmod(0o755)
    keyboard, terminal = pty.openpty()
    with subprocess.Popen(
        arguments,
        cwd=place,
        env=_environment(place),
        stdin=terminal,
        stdout=terminal,
        stderr=terminal,
        start_new_session=True,
    ) as process:
        os.close(terminal)
        os.set_blocking(keyboard, False)
        _type(keyboard, f"{set_up.format(script='./script')}; onetest-ci ready\n")
        wait_for(lambda: _called(called, keyboard), lambda found: found == ["ready"])
        yield keyboard, called
        process.kill()
    os.close(keyboard)


def _environment(place: Path) -> Mapping[str, str]:
    path = os.pathsep.join((str(place / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]))
    return environment({"PATH": path, "TERM": "dumb", "HOME": str(place)})


def _type(keyboard: int, keys: str) -> None:
    os.write(keyboard, keys.encode())


def _called(path: Path, keyboard: int) -> list[str]:
    """Return the arguments of the last call. Read what the shell prints, else it would wait for that."""
    with suppress(OSError):
        os.read(keyboard, 65536)
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def test_a_shell_completes_what_is_typed(shell: tuple[int, Path]) -> None:
    keyboard, called = shell
    for keys, expected in TYPED.items():
        called.unlink()
        _type(keyboard, f"onetest-ci {keys}\n")
        assert wait_for(lambda: _called(called, keyboard), bool) == expected, keys


def test_fish_offers_what_completes_it(place: Path) -> None:
    needs("fish")
    (place / "script").write_text(run("completion", "fish", cwd=place).stdout, encoding="utf-8")
    path = os.pathsep.join((str(Path(COMMAND).parent), os.environ["PATH"]))
    asked = "; ".join(f"complete -C 'onetest-ci {keys.strip()}'" for keys in TYPED)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source script; {asked}"],
        cwd=place,
        env=environment({"PATH": path, "HOME": str(place)}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    found = [line.partition("\t")[0] for line in done.stdout.splitlines()]
    assert found == [expected[-1] for expected in TYPED.values()]
