"""Find options that are set and that this run would ignore, since they need another option.

A gate or a file that a person asks for on the command line is never dropped: that is an error. From another
source, which may serve several commands, it is a warning.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Final, NamedTuple

from onetest_ci.errors import UsageProblem
from onetest_ci.settings import Settings
from onetest_ci.settings.option import COLLECT, FINISH, PUSH, PUSH_ONLY, START, variable_name

_COMMAND_LINE: Final = "the command line"
_GATES: Final = ("fail-on", "max-failures", "min-tests", "min-pass-rate", "max-flaky")


class _Need(NamedTuple):
    """What some options need to have an effect.

    Attributes:
        commands: that have the options.
        names: of the options.
        is_met: returns whether the options have an effect.
        needs: completes "--OPTION has no effect: …".
        is_error: whether the options may not be dropped.
    """

    commands: tuple[str, ...]
    names: tuple[str, ...]
    is_met: Callable[[Settings], bool]
    needs: str
    is_error: bool = False


_NEEDS: Final = (
    _Need(
        FINISH,
        (*_GATES, "baseline", "save-results", "json", "summary", "quarantine", "base-commit"),
        lambda settings: bool(settings.results),
        "`launch finish` looks at tests only with --results",
        is_error=True,
    ),
    _Need(PUSH_ONLY, ("state",), lambda settings: settings.untrusted, "it needs --untrusted"),
    _Need(
        (*COLLECT, *START),
        ("environment-url",),
        lambda settings: bool(settings.environment),
        "it is the address of the environment that --environment names",
    ),
    _Need(
        PUSH,
        ("deployment", "finish", "item-type"),
        lambda settings: settings.mode != "import",
        "an import has no such thing; leave out --mode import",
    ),
)


def check_effects(
    command: str, settings: Settings, flags: Mapping[str, object], environ: Mapping[str, str]
) -> Iterator[str]:
    """Yield a warning for each option that this run ignores.

    Args:
        command: its name.
        settings: of the command.
        flags: values from the command line by option name.
        environ: environment variables.

    Raises:
        UsageProblem: such an option was set for this very command, and must not be dropped.
    """
    sources = dict(settings.sources)
    for need in _NEEDS:
        if command not in need.commands or need.is_met(settings):
            continue
        ignored = [name for name in need.names if name in sources and not _is_off(name, settings)]
        for name in ignored:
            if need.is_error and (sources[name] == _COMMAND_LINE or _has_empty_results(flags, environ)):
                raise UsageProblem(
                    "option-without-effect",
                    f"--{name} from {sources[name]} has no effect: {need.needs}.",
                    "Name the files that the runners wrote with --save-results, or leave the option out.",
                )
            yield f"--{name} from {sources[name]} has no effect: {need.needs}."


def _is_off(name: str, settings: Settings) -> bool:
    """Return whether the option is set to what holds without it."""
    value = getattr(settings, name.replace("-", "_"))
    return value is False or (name == "fail-on" and value == "never")


def _has_empty_results(flags: Mapping[str, object], environ: Mapping[str, str]) -> bool:
    """Return whether somebody set ``--results`` from a variable that is empty."""
    return bool(flags.get("results")) or variable_name("results") in environ
