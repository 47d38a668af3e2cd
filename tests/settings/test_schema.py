"""``docs/schemas/onetest-yml.schema.json`` accepts and refuses what the command does."""

import importlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as how
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from onetest_ci.errors import UsageProblem
from onetest_ci.settings import Settings, options
from support.command import run
from support.running import GREEN

Load = Callable[..., Settings]

ROOT: Final = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
schemas = importlib.import_module("schemas")
SCHEMA: Final[dict[str, Any]] = json.loads((ROOT / schemas.FILE).read_text(encoding="utf-8"))
VALIDATOR: Final = Draft202012Validator(SCHEMA)
OPTIONS: Final = options()

WORDS: Final = (
    *("any", "new", "never", "auto", "launch", "attempts", "file", "dotted", "ANY", "yes", "true", "FALSE"),
    *("", " ", "a", " any ", "1", "007", "200", "1001", "-1", "99.5", "99.5%", "1e3", "0x10", "3" * 13),
    *("a=b", "a = b", "a=", "=b", " =", "=", "a=b=c", "a=b\nc=d", "a=b\n\n", "a=b\nc", "a=b\x85c", "a\nb"),
    *("https://a.example", "http://", "ftp://a", "https://a b", "https://" + "x" * 2041),
    *("reports/**/*.xml", "!old/**", "a\0b", "a\tb", "x" * 255, "x" * 256, "x" * 257, "x" * 2049, "x" * 4097),
)
SCALARS: Final = (
    st.sampled_from(WORDS)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="{/.\\"), max_size=40)
    | st.integers(-2, 12)
    | st.sampled_from([50, 51, 64, 100, 101, 1000, 1001, 65_536, 65_537, 10**9, 10**9 + 1, 0.5, 99.5, 100.5])
    | st.booleans()
    | st.none()
)
VALUES: Final = (
    SCALARS
    | st.lists(SCALARS, max_size=3)
    | st.dictionaries(st.sampled_from(WORDS), SCALARS, max_size=3)
    | st.lists(st.lists(SCALARS, min_size=1, max_size=1), min_size=1, max_size=1)
)


def read(settings: Load, name: str, value: Any) -> str:
    """Read a file with one setting for each command that has it; return the code of the error, if any."""
    text = yaml.safe_dump({name: value}, allow_unicode=True)
    commands = sorted(OPTIONS[name].commands) if name in OPTIONS else ["report"]
    for command in commands:
        try:
            settings(command, config=text)
        except UsageProblem as problem:
            return problem.code
    return ""


def plain(text: str) -> Any:
    """Return the value that the schema describes in place of a text in another spelling."""
    stripped = text.strip()
    if re.fullmatch("[0-9]+", stripped):
        return int(stripped)
    if re.fullmatch(r"[0-9.]+ ?%?", stripped):
        return float(stripped.rstrip("% "))
    return {"true": True, "false": False, "": None}.get(stripped.lower(), stripped)


def test_the_schema_is_up_to_date_and_is_a_schema() -> None:
    written = (ROOT / schemas.FILE).read_text(encoding="utf-8")
    assert written == schemas.generated(), "run make wrappers"
    Draft202012Validator.check_schema(json.loads(written))


def test_a_change_of_a_setting_or_its_policy_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    written = (ROOT / schemas.FILE).read_text(encoding="utf-8")
    for change in ({"help": "Something new."}, {"config_policy": OPTIONS["api-key"].config_policy}):
        changed = options()
        changed["mode"] = changed["mode"]._replace(**change)
        monkeypatch.setattr(schemas, "options", lambda changed=changed: changed)
        assert schemas.generated() != written


def test_every_setting_that_the_file_may_hold_is_described() -> None:
    held = {name: option for name, option in OPTIONS.items() if not option.config_policy.refused}
    described = SCHEMA["properties"]
    assert list(described) == list(held)
    for name, option in held.items():
        assert described[name]["description"].startswith(option.help.replace("`", "'"))


@pytest.mark.parametrize("name", [*OPTIONS, "proxy", "no-such-setting"])
@how(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(value=VALUES)
def test_a_value_is_accepted_by_both_or_refused_by_both(name: str, value: Any, settings: Load) -> None:
    code = read(settings, name, value)
    if VALIDATOR.is_valid({name: value}):
        assert code == "", (name, value)
    elif code == "":
        assert isinstance(value, str), (name, value)
        assert VALIDATOR.is_valid({name: plain(value)}), (name, value)


@pytest.mark.parametrize("text", ["", "# nothing", "{}", "mode:"])
def test_a_file_without_settings_is_accepted(text: str, settings: Load) -> None:
    assert VALIDATOR.is_valid(yaml.safe_load(text))
    settings(config=text)


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        ("files: ['r.xml']\nmax-api-calls: 200\nfail-on: any\nattribute: {team: shop, level: 7}", True),
        ("files: r.xml\nbuild-version: 1.10\nmode: import\nfail-on-upload-error: true", True),
        ("fail-on: never", False),
        ("fail-on-upload-error: false", False),
        ("max-api-calls: 1001", False),
        ("api-key: ak_000000000000", False),
        ("mode: [launch]", False),
        ("no-such-setting: 1", False),
        ("[]", False),
    ],
)
def test_the_command_and_the_schema_agree(text: str, accepted: bool, tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text(GREEN, encoding="utf-8")
    (tmp_path / ".onetest.yml").write_text(text, encoding="utf-8")
    done = run("report", "r.xml", "--dry-run", cwd=tmp_path)
    assert VALIDATOR.is_valid(yaml.safe_load(text)) is accepted
    assert done.returncode == (0 if accepted else 2), done.stderr
