"""The settings, the action's inputs and outputs, and the exit codes."""

from collections.abc import Iterator

from onetest_ci.ci import OVERRIDABLE
from onetest_ci.exit_codes import ExitCode
from onetest_ci.outputs.github import OUTPUTS
from onetest_ci.settings import options
from onetest_ci.settings.option import Group, Option, variable_name
from pages.markdown import table
from wrappers import IDENTITY, INPUTS, camel, described


def overview() -> Iterator[str]:
    """Yield a row for each setting, in the order of the sections."""
    rows = (
        (
            f"[{name}](#{name})",
            _option(name, option),
            f"`{variable_name(name)}`",
            _default(option),
            _line(option),
        )
        for group in Group
        for name, option in options().items()
        if option.group is group
    )
    yield from table(("Setting", "Command line", "Variable", "Default", "What it is"), rows)


def _option(name: str, option: Option) -> str:
    if option.positional:
        return f"`{option.metavar}...`"
    return "" if option.secret else f"`--{name}`"


def _default(option: Option) -> str:
    return f"`{option.default}`" if option.default else ""


def _line(option: Option) -> str:
    """Return the first sentence of the help."""
    return f"{option.help.partition('. ')[0].rstrip('.')}."


def settings() -> Iterator[str]:
    """Yield a section for each setting, by group."""
    for group in Group:
        yield from ("", f"## {group.value}")
        for name, option in options().items():
            if option.group is group:
                yield from ("", f"### {name}", "", option.described())
                if option.hint:
                    yield option.hint
                yield from ("", *table(("Where", "How"), _places(name, option)))
    yield ""


def _places(name: str, option: Option) -> Iterator[tuple[str, str]]:
    if option.positional:
        yield "command line", f"`{option.metavar}...`"
    elif option.flag:
        yield "command line", f"`--{name}`, `--no-{name}`"
    elif not option.secret:
        more = "; may be repeated" if option.multiple else ""
        yield "command line", f"`--{name} {option.metavar}`{more}"
    lines = "; one value a line" if option.multiple else ""
    yield "variable", f"`{variable_name(name)}`{lines}"
    if name in INPUTS:
        yield "GitHub action, GitLab component", f"`{name}`{lines}"
    if option.in_wrappers and not option.secret and "report" in option.commands:
        yield "Jenkins step", f"`{camel(name)}`"
    policy = option.config_policy
    yield "`.onetest.yml`", policy.allowed if policy.allowed == "yes" else f"{policy.allowed}: {policy.why}"
    yield "commands", ", ".join(f"`{command}`" for command in sorted(option.commands))


def inputs() -> Iterator[str]:
    """Yield the table of the GitHub action's inputs."""
    rows = [(f"[`{name}`](settings.md#{name})", described(options()[name])) for name in INPUTS]
    rows += [(f"`{name}`", text) for name, (text, _) in IDENTITY.items()]
    yield from table(("Input", "What for"), rows)


def outputs() -> Iterator[str]:
    """Yield the table of outputs, with the names that they have on each host."""
    rows = ((f"`{name}`", f"`{variable_name(name)}`", text) for name, text in OUTPUTS.items())
    yield from table(("GitHub output", "GitLab variable", "What it holds"), rows)


def jenkins() -> Iterator[str]:
    """Yield the table of the Jenkins step's keys that are settings."""
    rows = (
        (f"`{camel(name)}`", f"[{name}](settings.md#{name})")
        for name, option in options("report").items()
        if option.in_wrappers and not option.secret
    )
    yield from table(("Key", "Setting"), rows)


def ci_variables() -> Iterator[str]:
    """Yield the table of variables that replace what the CI host provides."""
    rows = ((f"`ONETEST_CI_{field.upper()}`", field.replace("_", " ")) for field in OVERRIDABLE)
    yield from table(("Variable", "Overrides"), rows)


def exit_codes() -> Iterator[str]:
    """Yield the table of exit codes."""
    yield from table(("Code", "Meaning"), ((str(int(each)), each.meaning) for each in ExitCode))
