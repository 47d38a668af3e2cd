"""The API key: where it may come from, and that no message shows it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onetest_ci.errors import UsageProblem
from onetest_ci.redaction import Secret
from onetest_ci.settings import Settings, options
from support.command import run

Load = Callable[..., Settings]

KEY = "ak_abcdefghijklmnopqrstuvwxyz012345"
OTHER = "ak_ZYXWVUTSRQPONMLKJIHGFEDCBA543210"
NO_PREFIX = "5d0f6f1f-6a10-no-known-prefix/+="


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"{KEY}\n", encoding="utf-8")
    return path


def test_from_a_variable_or_an_input(settings: Load) -> None:
    assert settings(environ={"ONETEST_API_KEY": f"{KEY}\n"}).api_key == Secret(KEY)
    given = settings(environ={"ONETEST_API_KEY": OTHER}, inputs={"api-key": KEY})
    assert given.api_key == Secret(KEY)


def test_from_a_file(settings: Load, key_file: Path) -> None:
    assert settings(flags={"api-key-file": str(key_file)}).api_key == Secret(KEY)
    assert settings(environ={"ONETEST_API_KEY_FILE": "key.txt"}).api_key == Secret(KEY)
    assert settings(inputs={"api-key-file": "key.txt"}).api_key == Secret(KEY)


def test_from_standard_input(settings: Load) -> None:
    assert settings(flags={"api-key-file": "-"}, stdin=f"{KEY}\r\n").api_key == Secret(KEY)


def test_key_and_file_are_one_setting_of_which_the_earlier_source_counts(
    settings: Load, key_file: Path
) -> None:
    name = key_file.name
    from_variable = {"ONETEST_API_KEY": OTHER}
    assert settings(flags={"api-key-file": name}, environ=from_variable).api_key == Secret(KEY)
    assert settings(inputs={"api-key-file": name}, environ=from_variable).api_key == Secret(KEY)
    both = from_variable | {"ONETEST_API_KEY_FILE": name}
    assert settings(environ=both).api_key == Secret(OTHER)
    given = settings(inputs={"api-key": OTHER}, environ={"ONETEST_API_KEY_FILE": name})
    assert given.api_key == Secret(OTHER)


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"two words", b"ak_\xff\xfe\xfa", b"short", KEY.encode() * 99]
)
def test_a_file_that_holds_no_key(content: bytes, settings: Load, key_file: Path) -> None:
    key_file.write_bytes(content)
    with pytest.raises(UsageProblem) as raised:
        settings(flags={"api-key-file": "key.txt"})
    assert raised.value.code == "bad-key-file"
    assert "key.txt" in raised.value.message
    assert KEY not in raised.value.message + raised.value.hint


def test_a_file_that_is_not_there(settings: Load) -> None:
    with pytest.raises(UsageProblem, match="No such file") as raised:
        settings(flags={"api-key-file": "gone.txt"})
    assert raised.value.code == "bad-key-file"


@pytest.mark.parametrize("key", [KEY, NO_PREFIX])
@pytest.mark.parametrize(
    "name", [name for name, option in options("report").items() if not option.secret and not option.multiple]
)
def test_a_key_in_the_wrong_place_is_not_shown(name: str, key: str, settings: Load) -> None:
    variable = "ONETEST_" + name.upper().replace("-", "_")
    told = ""
    try:
        settings(environ={variable: key, "ONETEST_API_KEY": key})
    except UsageProblem as problem:
        told = problem.message + problem.hint
    assert key not in told


def test_what_looks_like_a_key_is_not_shown_even_when_none_is_set(settings: Load) -> None:
    with pytest.raises(UsageProblem) as raised:
        settings(environ={"ONETEST_PRODUCT_ID": KEY})
    assert "'ak_***'" in raised.value.message


@pytest.mark.parametrize(
    "key", ["two words here", "tab\there-it-is", "short", "schlüssel-schlüssel", "x" * 513]
)
@pytest.mark.parametrize("name", ["api-key", "receiver-api-key"])
def test_a_text_that_is_not_a_key(key: str, name: str, settings: Load) -> None:
    with pytest.raises(UsageProblem) as raised:
        settings(inputs={name: key})
    assert raised.value.message == f"{name}: the value from the action input {name} is not allowed."
    assert key not in raised.value.hint


def test_the_command_never_prints_the_key(tmp_path: Path) -> None:
    env = {"ONETEST_API_KEY": KEY, "ONETEST_PRODUCT_ID": KEY}
    reports = tmp_path / KEY
    reports.mkdir()
    for args in (
        ("report", "gone.xml"),
        ("report", "--debug", "--base-url", KEY, "gone.xml"),
        ("report", f"--api-key={KEY}", "gone.xml"),
        ("report", "--bundle", KEY, KEY),
        ("report", "--product-id", "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10", "--endpoint", f"{KEY}=/x", KEY),
        ("push", "--product-id", "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10", KEY),
        ("push", KEY),
        ("collect", KEY),
        ("collect", "--bundle", f"{KEY}/x/y", f"{KEY}/*.xml"),
    ):
        done = run(*args, cwd=tmp_path, env=env)
        assert done.returncode != 0, args
        assert KEY not in done.stderr, args


def test_no_flag_takes_the_key_itself(tmp_path: Path) -> None:
    done = run("report", f"--api-key={KEY}", "r.xml", cwd=tmp_path)
    assert done.returncode == 2
    assert "There is no option --api-key" in done.stderr
    assert KEY not in done.stderr


def test_settings_do_not_show_the_key(settings: Load) -> None:
    assert KEY not in repr(settings(environ={"ONETEST_API_KEY": KEY}))


def test_the_command_takes_the_key_from_standard_input(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text("<testsuite><testcase name='a'/></testsuite>", encoding="utf-8")
    env = {"ONETEST_PRODUCT_ID": "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10", "GITHUB_ACTIONS": "true"}
    done = run("report", "--dry-run", "--api-key-file", "-", "r.xml", cwd=tmp_path, env=env, stdin=f"{KEY}\n")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"::add-mask::{KEY}")
