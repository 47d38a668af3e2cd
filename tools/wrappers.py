"""Write the settings into the wrappers for CI hosts and the documents.

    python tools/wrappers.py          write the generated parts
    python tools/wrappers.py --check  exit with 1 if one of them is out of date

``generated_parts.py`` describes how a file marks its parts.
"""

import html
import json
import re
import sys
from collections.abc import Iterable
from typing import Final

from generated_parts import Parts, write
from onetest_ci.cli.app import COMMANDS
from onetest_ci.outcome import UploadStatus
from onetest_ci.outputs.github import OUTPUTS
from onetest_ci.settings import options
from onetest_ci.settings.option import Option, input_name, variable_name

# Inputs of the action and of the GitLab component, the most used first. Users set all other settings as
# variables or in .onetest.yml. The Jenkins step has these and more: all settings of `report` but those that
# are declared with `in_wrappers=False`, which cannot be inputs either.
INPUTS: Final = (
    "files",
    "api-key",
    "product-id",
    "base-url",
    "mode",
    "launch-name",
    "launch-key",
    "attribute",
    "environment",
    "environment-url",
    "build-version",
    "artifacts",
    "bundle",
    "baseline",
    "save-results",
    "fail-on",
    "fail-on-upload-error",
    "annotate",
    "repeats",
    "allow-empty",
    "test-exit-code",
    "comment",
)
# GitHub evaluates these defaults. Otherwise a container cannot find its leg of a matrix or its job's page.
IDENTITY: Final = {
    "matrix": ("Set automatically: distinguishes the legs of a matrix.", "${{ toJson(matrix) }}"),
    "job-id": ("Set automatically: links to the page of the job.", "${{ job.check_run_id }}"),
}
# All other outputs are texts for their readers: an id, an address, or a number that may be missing.
COUNTS: Final = frozenset({"tests", "passed", "failed", "skipped", "flaky", "api-calls"})


def camel(name: str) -> str:
    """Convert ``launch-name`` to ``launchName``."""
    first, *rest = name.split("-")
    return first + "".join(part.capitalize() for part in rest)


def described(option: Option) -> str:
    """Return an option's help, adapted to an input, which is one text."""
    if option.secret:
        return f"{option.help.partition('.')[0]}. Take it from a secret."
    text = option.help.replace("--", "").replace("may be repeated", "one per line")
    if option.multiple and "one per line" not in text:
        text = f"{text.rstrip('.')}; one per line."
    return f"{text.rstrip('.')}; true or false." if option.flag else text


def action_inputs() -> Iterable[str]:
    """Yield the inputs of the container action."""
    for name in INPUTS:
        yield from (f"  {name}:", f"    description: {json.dumps(described(options()[name]))}")
    for name, (text, default) in IDENTITY.items():
        yield from (f"  {name}:", f"    description: {json.dumps(text)}", f"    default: {default}")


def action_outputs() -> Iterable[str]:
    """Yield the outputs of the container action."""
    for name, text in OUTPUTS.items():
        yield from (f"  {name}:", f"    description: {json.dumps(text)}")


def composite_inputs() -> Iterable[str]:
    """Yield the inputs of the composite action. Its step evaluates the identity itself."""
    for name in INPUTS:
        yield from (f"  {name}:", f"    description: {json.dumps(described(options()[name]))}")


def composite_outputs() -> Iterable[str]:
    """Yield the outputs of the composite action."""
    for name, text in OUTPUTS.items():
        yield from (
            f"  {name}:",
            f"    description: {json.dumps(text)}",
            f"    value: ${{{{ steps.report.outputs.{name} }}}}",
        )


def composite_env() -> Iterable[str]:
    """Yield the variables of the composite action's step, as a runner sets them for a container."""
    for name in INPUTS:
        yield f"        {input_name(name)}: ${{{{ inputs.{name} }}}}"
    for name, (_, value) in IDENTITY.items():
        yield f"        {input_name(name)}: {value}"


def _choices(option: Option) -> list[str]:
    return option.metavar.split("|") if "|" in option.metavar else []


def _typed(name: str, kind: str, *more: str) -> Iterable[str]:
    yield from (f"  {name}:", f"    type: {kind}", *(f"    {line}" for line in more))


def _enum(name: str, values: Iterable[str]) -> Iterable[str]:
    return _typed(name, "enum", "allowed-values:", *(f"  - {value}" for value in values))


def input_types() -> Iterable[str]:
    """Yield the types of the inputs that both actions have."""
    for name in INPUTS:
        option = options()[name]
        if option.flag:
            yield from _typed(name, "boolean")
        elif option.multiple:
            yield from _typed(name, "list", r'separator: "\n"', "list-item:", "  type: string")
        elif words := _choices(option):
            yield from _enum(name, words)
        else:
            yield from _typed(name, "integer" if option.metavar == "N" else "string")


def container_input_types() -> Iterable[str]:
    """Yield the types of the container action's inputs."""
    yield from input_types()
    for name in IDENTITY:
        yield from _typed(name, "string")


def output_types() -> Iterable[str]:
    """Yield the types of the outputs."""
    for name in OUTPUTS:
        if name == "upload-status":
            yield from _enum(name, UploadStatus)
        else:
            yield from _typed(name, "integer" if name in COUNTS else "string")


def _component_settings() -> Iterable[tuple[str, Option]]:
    # The key is a CI/CD variable. The component itself chooses the paths of bundle and outcome.
    return ((name, options()[name]) for name in INPUTS if name not in {"api-key", "bundle"})


def component_inputs() -> Iterable[str]:
    """Yield the inputs of the GitLab component. An empty one counts as not set."""
    for name, option in _component_settings():
        yield from (
            f"    {name}:",
            f"      description: {json.dumps(described(option))}",
            "      type: string",
        )
        if name != "files":
            yield '      default: ""'
        words = _component_choices(option)
        if words:
            yield f"      options: {json.dumps(['', *words])}"


def _component_choices(option: Option) -> list[str]:
    return ["true", "false"] if option.flag else _choices(option)


def component_table() -> Iterable[str]:
    """Yield the table of the GitLab component's inputs that are settings."""
    yield "| Input | Values | What for |"
    yield "| :--- | :--- | :--- |"
    for name, option in _component_settings():
        words = ", ".join(f"`{word}`" for word in _component_choices(option))
        yield f"| `{name}` | {words or 'text'} | {described(option)} |"


def component_outputs() -> Iterable[str]:
    """Yield the table of the variables that the GitLab component gives to later jobs."""
    yield "| Variable | What it holds |"
    yield "| :--- | :--- |"
    for name, text in OUTPUTS.items():
        yield f"| `{variable_name(name)}` | {text} |"


def component_variables() -> Iterable[str]:
    """Yield the variables of the GitLab component's job."""
    for name, _ in _component_settings():
        yield f"    {variable_name(name)}: $[[ inputs.{name} ]]"


def _step_settings() -> Iterable[tuple[str, Option]]:
    return (
        (name, option)
        for name, option in options("report").items()
        if option.in_wrappers and not option.secret
    )


def jenkins_settings() -> Iterable[str]:
    """Yield the map of the Jenkins step: its keys and their variables."""
    for name, _ in _step_settings():
        yield f"        {camel(name)}: '{variable_name(name)}',"


def jenkins_help() -> Iterable[str]:
    """Yield the list of the Jenkins step's keys, as HTML."""
    for name, option in _step_settings():
        text = re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(described(option), quote=False))
        kind = "A list, or text. " if option.multiple else ""
        yield f"  <dt><code>{camel(name)}</code></dt><dd>{kind}{text}</dd>"


def entrypoint_commands() -> Iterable[str]:
    """Yield the pattern by which the image's entrypoint recognises arguments of onetest-ci."""
    yield f"  '' | -* | {' | '.join(COMMANDS)})"


def file_settings() -> Iterable[str]:
    """Yield the table of settings that ``.onetest.yml`` may contain."""
    yield "| Setting | In `.onetest.yml` | Why |"
    yield "| :--- | :--- | :--- |"
    for name, option in options().items():
        why = (
            option.config_policy.why
            if option.config_policy.allowed == "yes"
            else f"the file {option.config_policy.why}"
        )
        yield f"| `{name}` | {option.config_policy.allowed} | {why} |"


PARTS: Final[Parts] = {
    "action.yml": {"inputs": action_inputs, "outputs": action_outputs},
    "composite/action.yml": {
        "inputs": composite_inputs,
        "outputs": composite_outputs,
        "env": composite_env,
    },
    "action-types.yml": {"inputs": container_input_types, "outputs": output_types},
    "composite/action-types.yml": {"inputs": input_types, "outputs": output_types},
    "templates/report/README.md": {"inputs": component_table, "outputs": component_outputs},
    "templates/report/template.yml": {"inputs": component_inputs, "variables": component_variables},
    "vars/onetestReport.groovy": {"settings": jenkins_settings},
    "vars/onetestReport.txt": {"settings": jenkins_help},
    "docker/entrypoint.sh": {"commands": entrypoint_commands},
    "docs/reference/onetest-yml.md": {"settings": file_settings},
}


if __name__ == "__main__":
    sys.exit(write(PARTS, check=sys.argv[1:] == ["--check"]))
