"""Settings of a plugin step of Woodpecker and Drone, which arrive as PLUGIN_* variables."""

from collections.abc import Callable
from typing import Any

import pytest

from onetest_ci.ci.context import CIContext
from onetest_ci.errors import UsageProblem

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
    made = settings(environ=environ, context=CIContext(host=host))
    assert made.files == ("out/*.xml", "!out/old.xml")
    assert (made.launch_name, made.fail_on) == ("a, b", "any")
    assert made.api_key.reveal() == "ak_secretsecret"


@pytest.mark.parametrize("host", ["woodpecker", "drone"])
@pytest.mark.parametrize(
    ("text", "attributes"),
    [
        ('{"team":"shop","tier":2,"nightly":true}', [("team", "shop"), ("tier", "2"), ("nightly", "true")]),
        ('{"who":"a, b"}', [("who", "a, b")]),
        ('[{"team":"shop"},"tier=2,3"]', [("team", "shop"), ("tier", "2,3")]),
        ("team=shop,tier=2", [("team", "shop"), ("tier", "2")]),
        ("who=a, b\n team=shop\n", [("who", "a, b"), ("team", "shop")]),
    ],
)
def test_a_mapping_and_values_with_commas(
    settings: Load, host: str, text: str, attributes: list[tuple[str, str]]
) -> None:
    made = settings(environ={"PLUGIN_ATTRIBUTE": text}, context=CIContext(host=host))
    assert list(made.attribute) == attributes


def test_a_pattern_in_brackets_is_not_json(settings: Load) -> None:
    made = settings(environ={"PLUGIN_FILES": "[ab]*.xml,{x}.xml"}, context=CIContext(host="drone"))
    assert made.files == ("[ab]*.xml", "{x}.xml")


def test_a_list_with_commas_in_its_values_is_explained(settings: Load) -> None:
    with pytest.raises(UsageProblem) as problem:
        settings(environ={"PLUGIN_ATTRIBUTE": "who=a,b"}, context=CIContext(host="drone"))
    assert "the plugin setting attribute" in problem.value.message
    assert "write values that contain commas as a mapping" in problem.value.hint


def test_elsewhere_such_a_variable_is_somebody_else_s(settings: Load) -> None:
    made = settings(environ={"PLUGIN_FILES": "x"}, context=CIContext(host="gitlab"))
    assert made.files == ()


def test_verbose_ci_logs_are_verbose_here_too(settings: Load) -> None:
    assert settings(context=CIContext(host="github", debug="true")).debug
    assert not settings(environ={"ONETEST_DEBUG": "false"}, context=CIContext(debug="true")).debug


def test_a_launch_that_the_legs_of_a_matrix_share_has_one_name(settings: Load) -> None:
    context = CIContext(host="github", workflow="tests", leg="(linux)")
    assert settings(context=context).launch_name == "tests (linux)"
    assert settings(context=context, environ={"ONETEST_LAUNCH_KEY": "unit"}).launch_name == "tests"
    assert (
        settings("launch start", context=context, environ={"ONETEST_LAUNCH_KEY": "u"}).launch_name == "tests"
    )


def test_commas_in_the_braces_of_a_pattern_part_nothing(settings: Load) -> None:
    text = "out/*.{xml,trx},{a,{b,c}}/x,{open,d"
    made = settings(environ={"PLUGIN_FILES": text}, context=CIContext(host="drone"))
    assert made.files == ("out/*.{xml,trx}", "{a,{b,c}}/x", "{open", "d")
