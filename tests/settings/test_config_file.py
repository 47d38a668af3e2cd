"""``.onetest.yml``: what it may set, and that it may not choose where the key goes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from onetest_ci.errors import UsageProblem
from onetest_ci.settings import Settings
from support.command import run

Load = Callable[..., Settings]

REFUSED = [
    *("base-url", "ca-bundle", "api-key-file", "api-key", "receiver-api-key"),
    *("proxy", "proxies", "http-proxy", "https-proxy", "no-proxy"),
]

FULL = """
# settings of this repository
files:
  - reports/**/*.xml
  - "!reports/old/**"
environment: staging
environment-url: https://staging.example
build-version: 1.10
launch-name: 2026-03-01
launch-description: |
  two
  lines
attribute:
  team: shop
  level: 007
artifacts: |
  logs/*.log
  shots/**
max-api-calls: 200
fail-on-upload-error: true
mode: ~
"""


def test_values_stay_as_they_are_written(settings: Load) -> None:
    given = settings(config=FULL)
    assert given.files == ("reports/**/*.xml", "!reports/old/**")
    assert (given.environment, given.environment_url) == ("staging", "https://staging.example")
    assert (given.build_version, given.launch_name) == ("1.10", "2026-03-01")
    assert given.launch_description == "two\nlines"
    assert given.attribute == (("team", "shop"), ("level", "007"))
    assert given.artifacts == ("logs/*.log", "shots/**")
    assert (given.max_api_calls, given.fail_on_upload_error, given.mode) == (200, True, "auto")


@pytest.mark.parametrize("form", ["attribute: {a.b: /x}", "attribute: [a.b=/x]", "attribute: a.b=/x"])
def test_three_ways_to_write_pairs(form: str, settings: Load) -> None:
    assert settings(config=form).attribute == (("a.b", "/x"),)


@pytest.mark.parametrize(
    "text", ["", "# nothing", "---", "~", "{}", "mode:", "mode: ''", "files: []", "files: ['']"]
)
def test_a_file_without_settings(text: str, settings: Load) -> None:
    assert vars(settings(config=text)) == vars(settings())


@pytest.mark.parametrize("name", REFUSED)
def test_it_may_not_choose_where_the_key_goes(name: str, settings: Load) -> None:
    with pytest.raises(UsageProblem, match=f"may not set {name}") as raised:
        settings(config=f"{name}: https://evil.example")
    assert raised.value.code == "config-refused"
    assert "evil" not in raised.value.message + raised.value.hint


def test_the_command_refuses_a_base_url_in_it_before_anything_is_sent(tmp_path: Path) -> None:
    (tmp_path / ".onetest.yml").write_text("base-url: https://evil.example\n", encoding="utf-8")
    for command in ("report", "collect", "push", "inspect"):
        done = run(command, "r.xml", cwd=tmp_path)
        assert done.returncode == 2
        assert "error[config-refused]: .onetest.yml may not set base-url" in done.stderr
        assert "ONETEST_BASE_URL" in done.stderr


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("colour: red", "config-unknown", "'colour'"),
        ("Mode: launch", "config-unknown", "'Mode'"),
        ("build_version: 1", "config-unknown", "'build_version'"),
        ("? [a]\n: b", "bad-config", "line 1"),
        ("- mode", "bad-config", "not a mapping"),
        ("launch", "bad-config", "not a mapping"),
        ("mode: [launch", "bad-config", "line 1"),
        ("a: b\n\tc: d", "bad-config", "line 2"),
        ("mode: launch\n---\nmode: import", "bad-config", "line 2"),
        ("mode: [launch]", "bad-config", "sets mode to a value of the wrong kind"),
        ("mode: {a: b}", "bad-config", "sets mode to a value of the wrong kind"),
        ("files: {a: b}", "bad-config", "sets files to a value of the wrong kind"),
        ("files: [[a]]", "bad-config", "sets files to a value of the wrong kind"),
        ("files: [a, ~]", "bad-config", "sets files to a value of the wrong kind"),
        ("attribute: {a: [b]}", "bad-config", "sets attribute to a value of the wrong kind"),
        ("attribute: {a: ~}", "bad-config", "sets attribute to a value of the wrong kind"),
        ("mode: yes", "bad-option", "'yes' from .onetest.yml"),
        ("deployment: yes", "config-refused", "may not set deployment"),
        ("environment: &a x\nlaunch-name: *a", "bad-config", "line 2: aliases are not read"),
        ("? !!python/object/apply:os.system [true]\n: x", "bad-config", "line 1"),
        ("environment: " + "[" * 5000, "bad-config", "not valid YAML"),
        ("environment: " + "x" * 300_000, "bad-config", "larger than"),
    ],
)
def test_the_message_shows_what_is_wrong_in_it(text: str, code: str, said: str, settings: Load) -> None:
    with pytest.raises(UsageProblem) as raised:
        settings(config=text)
    assert raised.value.code == code
    assert ".onetest.yml" in raised.value.message
    assert said in raised.value.message
    assert raised.value.hint


@pytest.mark.parametrize(
    "content", [b"mode: \xff\xfe", b"mode: a\0b", b"\xff\xfe\x00", b"mode: \xed\xa0\x80"]
)
def test_bytes_that_are_no_text(content: bytes, settings: Load) -> None:
    with pytest.raises(UsageProblem) as raised:
        settings(config=content)
    assert raised.value.code == "bad-config"


def test_no_tag_makes_an_object(settings: Load, tmp_path: Path) -> None:
    target = tmp_path / "made"
    with pytest.raises(UsageProblem, match="wrong kind"):
        settings(config=f"environment: !!python/object/apply:os.mkdir ['{target}']")
    assert not target.exists()
    assert settings(config="environment: !!int 12").environment == "12"


def _bomb(key: str) -> str:
    """Nine levels of ten references each: a thousand million texts if they were followed."""
    levels = "\n".join(f"l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 10)}]" for n in range(1, 10))
    return f"l0: &l0 boom\n{levels}\n{key}: *l9"


@pytest.mark.parametrize("key", ["attribute", "files", "environment"])
def test_a_bomb_is_not_lit(key: str, settings: Load) -> None:
    with pytest.raises(UsageProblem, match="aliases are not read"):
        settings(config=_bomb(key))
    merged = "a: &a {x: y}\nb: &b\n  <<: [*a, *a]\n"
    with pytest.raises(UsageProblem, match="aliases are not read"):
        settings(config=merged)


@pytest.mark.parametrize("kind", ["directory", "dangling link"])
def test_a_file_that_cannot_be_read(kind: str, settings: Load, tmp_path: Path) -> None:
    path = tmp_path / ".onetest.yml"
    path.mkdir() if kind == "directory" else path.symlink_to("gone")
    with pytest.raises(UsageProblem, match=r"cannot be read|not a regular file") as raised:
        settings()
    assert raised.value.code == "bad-config"
