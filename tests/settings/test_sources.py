"""Where settings come from: every option from every source, in order."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem
from onetest_ci.exit_codes import ExitCode
from onetest_ci.redaction import Secret
from onetest_ci.settings import Settings, options
from onetest_ci.settings.option import Option
from onetest_ci.settings.values import NotAllowed
from support.command import run

Load = Callable[..., Settings]
Valid = Callable[[Option, int], str]
Bad = Callable[[Option], str]

REPORT = options("report")
# A key file is not a value of its own: its tests are below.
VALUES = [name for name in REPORT if name != "api-key-file"]
# A token of a CI host must not stop a delivery, so any text is accepted: tests/comments has what follows.
CHECKED = [name for name in VALUES if name not in {"github-token", "gitlab-token"}]
# One option for each kind of value that a process can receive.
KINDS = {
    "mode": "fastest",
    "max-api-calls": "many",
    "timeout": "0",
    "dry-run": "yes",
    "product-id": "4711",
    "base-url": "ftp://onetest.example",
    "environment-url": "staging",
    "attribute": "team",
    "environment": "x" * 300,
    "launch-description": "x" * 3000,
    "endpoint": "=",
}


def variable(name: str) -> str:
    return "ONETEST_" + name.upper().replace("-", "_")


def _may_be_in_the_file(option: Option, text: str) -> bool:
    try:
        return option.config_policy.accepts(option.parse(text))
    except NotAllowed:
        # It is an error like that of the other sources.
        return not option.config_policy.refused


def sources(name: str, option: Option, text: str) -> dict[str, dict[str, Any]]:
    """The sources that the option has, the first wins, each giving the text."""
    flag: Any = [text] if option.multiple else text == "true" if option.flag else text
    found: dict[str, dict[str, Any]] = {
        "the command line": {"flags": {name: flag}},
        f"the action input {name}": {"inputs": {name: text}},
        f"the environment variable {variable(name)}": {"environ": {variable(name): text}},
        ".onetest.yml": {"config": f"{name}: {json.dumps(text)}"},
    }
    if option.secret:
        del found["the command line"]
    if not _may_be_in_the_file(option, text):
        del found[".onetest.yml"]
    return found


def value(settings: Settings, name: str) -> Any:
    found = getattr(settings, name.replace("-", "_"))
    return found.reveal() if isinstance(found, Secret) else found


@pytest.mark.parametrize("name", VALUES)
def test_each_source_wins_over_those_after_it(
    name: str, settings: Load, valid: Valid, tmp_path: Path
) -> None:
    option = REPORT[name]
    first, second = valid(option, 0), valid(option, 1)
    winning, losing = sources(name, option, first), sources(name, option, second)
    expected = option.parse(first)
    assert expected != option.parse(second)
    for at, source in enumerate(winning):
        given = winning[source]
        for later in list(losing)[at + 1 :]:
            given = given | losing[later]
        assert value(settings(**given), name) == ((expected,) if option.multiple else expected), source
        (tmp_path / ".onetest.yml").unlink(missing_ok=True)


@pytest.mark.parametrize("name", REPORT)
def test_an_empty_value_is_ignored(name: str, settings: Load) -> None:
    default = value(settings(), name)
    flags = {name: [" "] if REPORT[name].multiple else " "}
    if REPORT[name].judges:
        with pytest.raises(UsageProblem, match="from the command line is not allowed"):
            settings(flags=flags)
    else:
        assert value(settings(flags=flags), name) == default
    for text in ("", " ", "\n\n"):
        assert value(settings(inputs={name: text}), name) == default
        assert value(settings(environ={variable(name): text}), name) == default


def test_an_empty_source_leaves_the_word_to_the_next(settings: Load) -> None:
    given = settings(
        flags={"environment": ""},
        inputs={"environment": " "},
        environ={"ONETEST_ENVIRONMENT": ""},
        config="environment: from the file",
    )
    assert given.environment == "from the file"


@pytest.mark.parametrize("name", CHECKED)
def test_a_bad_value_names_option_value_source_and_what_is_allowed(
    name: str, settings: Load, bad: Bad, tmp_path: Path
) -> None:
    option = REPORT[name]
    text = bad(option)
    for source, given in sources(name, option, text).items():
        if option.flag and source == "the command line":
            continue
        with pytest.raises(UsageProblem) as raised:
            settings(**given)
        problem = raised.value
        assert (problem.code, problem.exit_code) == ("bad-option", ExitCode.USAGE)
        assert name in problem.message
        assert f"from {source} is not allowed" in problem.message
        assert (repr(text[:200]) in problem.message) is not option.secret
        assert problem.hint.startswith("Allowed: ")
        (tmp_path / ".onetest.yml").unlink(missing_ok=True)


@pytest.mark.parametrize(
    ("name", "text", "meant"),
    [
        ("report-format", "jst", " Did you mean jest?"),
        ("report-format", "JUnit", " Did you mean junit"),
        ("mode", "lauch", " Did you mean launch?"),
        ("mode", "fastest", ""),
    ],
)
def test_a_misspelt_word_is_answered_with_the_nearest(
    name: str, text: str, meant: str, settings: Load
) -> None:
    with pytest.raises(UsageProblem) as raised:
        settings(flags={name: text})
    assert f"{text!r} from the command line is not allowed.{meant}" in raised.value.message
    assert ("Did you mean" in raised.value.message) is bool(meant)


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("source", ["flag", "input", "variable", "file"])
def test_a_bad_value_ends_the_command_with_2(name: str, source: str, tmp_path: Path) -> None:
    text = KINDS[name]
    args, env, where = ["report", "no.xml"], {}, "the command line"
    if source == "flag" and not REPORT[name].flag:
        args += [f"--{name}", text]
    elif source == "input":
        env = {"GITHUB_ACTIONS": "true", f"INPUT_{name.upper()}": text}
        where = f"the action input {name}"
    elif source == "file" and not REPORT[name].config_policy.refused:
        (tmp_path / ".onetest.yml").write_text(f"{name}: '{text}'", encoding="utf-8")
        where = ".onetest.yml"
    else:
        env = {variable(name): text}
        where = f"the environment variable {variable(name)}"
    done = run(*args, cwd=tmp_path, env=env)
    assert done.returncode == 2
    assert f"error[bad-option]: --{name}: {text[:200]!r} from {where} is not allowed" in done.stderr
    assert "\n  Allowed: " in done.stderr
    assert done.stdout == ""


def test_inputs_are_read_on_github_only(settings: Load) -> None:
    inputs = {"INPUT_ENVIRONMENT": "anybody's", "INPUT_BUILD-VERSION": "1"}
    assert settings(environ=inputs).environment == ""
    assert settings(environ=inputs | {"GITHUB_ACTIONS": "false"}).environment == ""
    given = settings(environ=inputs | {"GITHUB_ACTIONS": "true"})
    assert (given.environment, given.build_version) == ("anybody's", "1")


def test_an_input_keeps_its_hyphens(settings: Load) -> None:
    environ = {"GITHUB_ACTIONS": "true", "INPUT_BUILD_VERSION": "1"}
    assert settings(environ=environ).build_version == ""


@pytest.mark.parametrize("source", ["inputs", "environ"])
def test_a_list_has_one_value_a_line(source: str, settings: Load) -> None:
    text = "\r\n  reports/**/*.{xml,trx}\n\n!reports/old, kept/*.xml\n"
    name = "files" if source == "inputs" else "ONETEST_FILES"
    assert settings(**{source: {name: text}}).files == ("reports/**/*.{xml,trx}", "!reports/old, kept/*.xml")


def test_a_flag_may_be_repeated(settings: Load) -> None:
    given = settings(flags={"attribute": ["team = shop", "", "formula=a=b"]})
    assert given.attribute == (("team", "shop"), ("formula", "a=b"))


@pytest.mark.parametrize(("text", "expected"), [("true", True), ("True", True), ("TRUE", True)])
def test_booleans_as_the_runner_writes_them(text: str, expected: bool, settings: Load) -> None:
    assert settings(inputs={"dry-run": text}).dry_run is expected
    assert settings(inputs={"dry-run": text.replace("true", "false")}).dry_run is (text != "true")


@pytest.mark.parametrize("text", ["yes", "on", "1", "tRUE", "0", "no"])
def test_a_text_that_is_not_a_boolean(text: str, settings: Load) -> None:
    with pytest.raises(UsageProblem, match="dry-run") as raised:
        settings(environ={"ONETEST_DRY_RUN": text})
    assert raised.value.hint == "Allowed: true, false."


def test_a_flag_overrides_a_variable(tmp_path: Path, settings: Load) -> None:
    assert settings(flags={"dry-run": False}, environ={"ONETEST_DRY_RUN": "true"}).dry_run is False
    (tmp_path / "r.xml").write_text("<testsuite><testcase name='a'/></testsuite>", encoding="utf-8")
    env = {"ONETEST_ALLOW_EMPTY": "true"}
    assert run("collect", "gone.xml", cwd=tmp_path, env=env).returncode == 0
    assert run("collect", "--no-allow-empty", "gone.xml", cwd=tmp_path, env=env).returncode == 3


def test_ci_names_the_launch_and_the_build_by_default(settings: Load) -> None:
    context = CIContext(host="github", workflow="nightly " + "x" * 300, build_number="17")
    given = settings(context=context)
    assert given.launch_name == context.workflow[:255]
    assert given.build_version == "17"
    given = settings(context=context, config="launch-name: mine\nbuild-version: 1.10")
    assert (given.launch_name, given.build_version) == ("mine", "1.10")


def test_a_command_looks_at_its_own_options_only(settings: Load) -> None:
    environ = {"ONETEST_PRODUCT_ID": "no uuid", "ONETEST_API_KEY": "no key", "ONETEST_FILES": "a.xml"}
    assert settings("inspect", environ=environ).files == ("a.xml",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://me:secret-word@onetest.example", "https://***@onetest.example"),
        ("https://onetest.example/?q=1", "https://onetest.example/?q=1"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("https://host:0x1", "https://host:0x1"),
    ],
)
def test_a_bad_address_is_shown_without_its_password(text: str, shown: str, settings: Load) -> None:
    with pytest.raises(UsageProblem) as raised:
        settings(environ={"ONETEST_BASE_URL": text})
    assert repr(shown) in raised.value.message


def test_a_base_url_may_have_a_path(settings: Load) -> None:
    given = settings(environ={"ONETEST_BASE_URL": "http://127.0.0.1:8087/onetest/"})
    assert given.base_url == "http://127.0.0.1:8087/onetest"


@pytest.mark.parametrize(("command", "default"), [("push", 1000), ("api", 100), ("doctor", 15)])
def test_a_command_may_have_a_default_of_its_own(command: str, default: int, settings: Load) -> None:
    assert settings(command).max_api_calls == default
    assert options(command)["max-api-calls"].described(command).endswith(f" Default: {default}.")
    assert settings(command, environ={"ONETEST_MAX_API_CALLS": "500"}).max_api_calls == 500
    assert settings(command, flags={"max-api-calls": "7"}).max_api_calls == 7


@pytest.mark.parametrize(
    ("command", "of_the_file", "limit"),
    [("push", 900, 900), ("api", 900, 100), ("doctor", 900, 15), ("api", 7, 7), ("doctor", 7, 7)],
)
def test_the_file_can_only_lower_a_default_of_a_command(
    command: str, of_the_file: int, limit: int, settings: Load
) -> None:
    assert settings(command, config=f"max-api-calls: {of_the_file}").max_api_calls == limit
