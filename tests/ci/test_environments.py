"""Environments of CI jobs and the context read from them: one file for each case in ``environments/``."""

import json
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.ci import detect, teamcity
from onetest_ci.ci.context import MAX_ATTRIBUTE
from onetest_ci.ci.host_table import HOSTS

CASES = sorted((Path(__file__).parent / "environments").glob("*.json"))
SECRETS = ("SECRETtoken", "s3cretPassw0rd")


@pytest.fixture(params=CASES, ids=lambda path: path.stem)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """A case whose event file, if it has one, stands where its environment says."""
    loaded: dict[str, Any] = json.loads(request.param.read_text(encoding="utf-8"))
    if "GITHUB_EVENT_PATH" in loaded["env"]:
        event_path = tmp_path / "event.json"
        loaded["env"]["GITHUB_EVENT_PATH"] = str(event_path)
        if "event" in loaded:
            event_path.write_text(json.dumps(loaded["event"]), encoding="utf-8")
    for name, text in loaded.get("files", {}).items():
        (tmp_path / name).write_text(text.replace("{files}", str(tmp_path)), encoding="latin-1")
    loaded["env"] = {name: value.replace("{files}", str(tmp_path)) for name, value in loaded["env"].items()}
    return loaded


def test_environment(case: dict[str, Any], tmp_path: Path) -> None:
    context = detect(case["env"], tmp_path)
    apart = {"folder", "path_map"}
    found = {field: str(value) for field, value in context._asdict().items() if value and field not in apart}
    found |= {
        "default_launch_name": context.default_launch_name,
        "default_build_version": context.default_build_version,
    }
    assert found == case["expected"]


def test_no_secret_of_the_environment_is_kept(case: dict[str, Any], tmp_path: Path) -> None:
    shown = repr(detect(case["env"], tmp_path))
    assert not [secret for secret in SECRETS if secret in shown]


def test_attributes_are_the_fields_that_are_not_empty(case: dict[str, Any], tmp_path: Path) -> None:
    attributes = dict(detect(case["env"], tmp_path).attributes())
    expected = case["expected"]
    assert attributes["ci"] == expected["host"]
    assert attributes.get("build", "") == expected.get("build_number", "")
    assert all(attributes.values())
    same_name = ("branch", "tag", "commit", "pull_request", "job", "workflow", "run_url", "job_url", "actor")
    assert {name: attributes.get(name, "") for name in same_name} == {
        # A cut address leads nowhere, so one that is too long is left out.
        name: value if len(value := expected.get(name, "")) <= MAX_ATTRIBUTE else ""
        for name in same_name
    }


@pytest.mark.parametrize("host", HOSTS, ids=lambda host: host.key)
def test_each_host_has_environments(host: Any) -> None:
    assert [path for path in CASES if path.stem.startswith(f"{host.key}-")]


def test_lines_of_teamcity_files_continue_after_a_backslash(tmp_path: Path) -> None:
    path = tmp_path / "build.properties"
    path.write_text("a=1\\\n   2\\\\\nb : c\\\nd = e\\\\\\\n f\n\\\ng=h\\", encoding="latin-1")
    assert teamcity._read(str(path)) == {"a": "12\\", "b": "cd = e\\f", "g": "h\\"}  # noqa: SLF001
