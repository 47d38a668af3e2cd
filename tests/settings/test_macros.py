"""A reference that the host did not replace is ignored, in every source that the host fills."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from onetest_ci.ci import detect
from onetest_ci.ci.context import CIContext
from onetest_ci.settings import Settings, options
from support.command import run

Load = Callable[..., Settings]

UNREPLACED = [
    ("azure", "$(SECRET)"),
    ("azure", "$(Build.Reason)"),
    ("azure", "$[variables.secret]"),
    ("appveyor", "%SECRET%"),
    ("bitbucket", "$SECRET"),
    ("buildkite", "$SECRET"),
    ("circleci", "${SECRET}"),
    ("codefresh", "${{SECRET}}"),
    ("drone", "${SECRET}"),
    ("gitlab", "$SECRET"),
    ("gitlab", "${SECRET}"),
    ("gitlab", "%SECRET%"),
    ("jenkins", "${env.SECRET}"),
    ("teamcity", "%env.SECRET%"),
    ("tekton", "$(params.secret)"),
    ("woodpecker", "${SECRET}"),
]


def on(host: str) -> CIContext:
    return CIContext(host=host, host_name=host.capitalize())


@pytest.mark.parametrize(("host", "text"), UNREPLACED)
def test_it_is_ignored_in_every_variable(settings: Load, host: str, text: str) -> None:
    for name, option in options("report").items():
        variable = "ONETEST_" + name.upper().replace("-", "_")
        given = f"key={text}" if option.is_pair else text
        made = settings(environ={variable: given}, context=on(host))
        empty = settings(context=on(host))
        field = name.replace("-", "_")
        assert getattr(made, field) == getattr(empty, field), name
        assert f"{variable} holds {given}, which {host.capitalize()} did not replace" in made.warnings[0]


@pytest.mark.parametrize(
    ("host", "text"),
    [("azure", "$SECRET"), ("jenkins", "$(x)"), ("github", "$(x)"), ("", "$X"), ("gitlab", "a $X")],
)
def test_a_text_that_is_not_a_reference_of_that_host_is_a_value(settings: Load, host: str, text: str) -> None:
    made = settings(environ={"ONETEST_LAUNCH_NAME": text}, context=on(host))
    assert (made.launch_name, made.warnings) == (text, ())


def test_the_next_source_counts_and_other_lines_stay(settings: Load) -> None:
    made = settings(
        environ={
            "ONETEST_FILES": "a.xml\n$(MORE)",
            "ONETEST_MODE": "$(MODE)",
            "ONETEST_LAUNCH_NAME": "n $(X)",
        },
        config="mode: import",
        context=on("azure"),
    )
    assert (made.files, made.mode, made.launch_name) == (("a.xml",), "import", "n $(X)")
    number = "pr=$(System.PullRequest.PullRequestNumber)"
    made = settings(environ={"ONETEST_ATTRIBUTE": f"{number}\nteam=shop"}, context=on("azure"))
    assert made.attribute == (("team", "shop"),)
    assert f"holds {number}, which" in made.warnings[0]


@pytest.mark.parametrize(
    "given",
    [
        {"environ": {"ONETEST_ATTRIBUTE": "pr=\nteam=shop"}},
        {"flags": {"attribute": ["pr= ", "team=shop"]}},
        {"config": "attribute: {pr: '', team: shop}"},
    ],
)
def test_an_attribute_without_a_value_is_left_out(settings: Load, given: dict[str, Any]) -> None:
    made = settings(context=on("azure"), **given)
    assert made.attribute == (("team", "shop"),)
    assert "pr has no value and is left out" in made.warnings[-1]


def test_it_is_ignored_in_variables_about_the_run_too(tmp_path: Path) -> None:
    told = {"TF_BUILD": "True", "BUILD_SOURCEBRANCH": "refs/heads/main", "ONETEST_CI_BRANCH": "$(Branch)"}
    context = detect(told | {"BUILD_DEFINITIONNAME": "$(Name)"}, tmp_path)
    assert (context.branch, context.workflow) == ("main", "")


def test_the_command_warns(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_text("<testsuite><testcase name='t'/></testsuite>", encoding="utf-8")
    azure = {"TF_BUILD": "True", "ONETEST_API_KEY": "$(ONETEST_API_KEY)"}
    product = {"ONETEST_PRODUCT_ID": "4f1c2a9e-0c55-4c1b-9a51-5d0f6f1f6a10"}
    done = run("report", "a.xml", "--attribute", "pr=", cwd=tmp_path, env=azure | product)
    assert "error[missing-key]" in done.stderr
    assert "holds $(ONETEST_API_KEY), which Azure Pipelines did not replace" in done.stderr
    assert "--attribute: pr has no value and is left out (the command line)." in done.stdout
    done = run("report", "a.xml", cwd=tmp_path, env=azure | {"ONETEST_PRODUCT_ID": "$(PRODUCT)"})
    assert done.returncode == 2
    assert "holds $(PRODUCT), which Azure Pipelines did not replace" in done.stderr
    # A fork's run has no secrets, which is no error.
    fork = azure | {"SYSTEM_PULLREQUEST_ISFORK": "True", "ONETEST_PRODUCT_ID": "$(PRODUCT)"}
    done = run("report", "a.xml", cwd=tmp_path, env=fork)
    assert done.returncode == 0
    assert "pull request from a fork" in done.stdout
