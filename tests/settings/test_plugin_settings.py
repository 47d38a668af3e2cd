"""Settings of a plugin step of Woodpecker and Drone, which arrive as PLUGIN_* variables."""

from collections.abc import Callable
from typing import Any

import pytest

from onetest_ci.ci.context import CIContext

Load = Callable[..., Any]


@pytest.mark.parametrize("host", ["woodpecker", "drone"])
def test_a_plugin_s_settings_are_read_and_lists_split(settings: Load, host: str) -> None:
    environ = {
        "PLUGIN_FILES": "out/*.xml,!out/old.xml",
        "PLUGIN_LAUNCH_NAME": "a, b",
        "PLUGIN_FAIL_ON": "any",
        "PLUGIN_API_KEY": "ak_secretsecret",
        "ONETEST_LAUNCH_NAME": "not this",
    }
    made = settings(environ=environ, context=CIContext(provider=host))
    assert made.files == ("out/*.xml", "!out/old.xml")
    assert (made.launch_name, made.fail_on) == ("a, b", "any")
    assert made.api_key.reveal() == "ak_secretsecret"


def test_elsewhere_such_a_variable_is_somebody_else_s(settings: Load) -> None:
    made = settings(environ={"PLUGIN_FILES": "x"}, context=CIContext(provider="gitlab"))
    assert made.files == ()


def test_verbose_ci_logs_are_verbose_here_too(settings: Load) -> None:
    assert settings(context=CIContext(provider="github", debug="true")).debug
    assert not settings(environ={"ONETEST_DEBUG": "false"}, context=CIContext(debug="true")).debug
