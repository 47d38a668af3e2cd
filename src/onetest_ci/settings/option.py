"""One setting: its names, parser and commands, as metadata of a field; and where values came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from onetest_ci.settings.config_policy import NOT_THE_RUN, ConfigPolicy
from onetest_ci.settings.values import Parser, attribute, pair, path, pattern

_KEY: Final = "option"

INSPECT: Final = ("inspect",)
RUN: Final = ("run",)
REPORT: Final = ("report", *RUN)
COLLECT: Final = (*REPORT, "collect")
PUSH: Final = (*REPORT, "push")
PUSH_ONLY: Final = ("push",)
SENDING: Final = (*COLLECT, "push")
START: Final = ("launch start",)
FINISH: Final = ("launch finish",)
LAUNCH: Final = (*START, *FINISH)
API: Final = ("api",)
DOCTOR: Final = ("doctor",)
CASES: Final = ("cases list", "cases create", "cases update", "cases match", "cases sync")
MATCH: Final = ("cases match",)
MATCHING: Final = (*MATCH, "cases sync")
CALLING: Final = (*API, *DOCTOR, *CASES)
"""Commands that call OneTest and deliver no results."""


class Group(StrEnum):
    """What settings are for, in the order of help. The value is the title."""

    READ = "Read reports"
    NAME = "Name the launch"
    DELIVER = "Deliver"
    CONNECT = "Connect to OneTest"
    COMPARE = "Compare"
    WRITE = "Write files and comments"
    FAIL = "Fail the run"


class Option(NamedTuple):
    """One setting, for all of its sources.

    Attributes:
        help: one sentence for ``--help``, ``action.yml`` and the README.
        parse: returns the value of a text; for a ``multiple`` option that of one element.
        commands: names of the commands that have it.
        group: what it is for; help and the reference show the settings of a group together.
        metavar: stands for the value in ``--help``.
        hint: what to do about a bad or missing value, besides using an allowed one.
        multiple: may be repeated; one value a line in variables and inputs.
        flag: a switch without a value on the command line.
        positional: an argument on the command line.
        default: the default for people; empty if the help explains it or there is none.
        own_defaults: values for commands that have a default of their own.
        secret: cannot be set on the command line, and its value is never shown.
        config_policy: whether ``.onetest.yml`` may hold it, and why.
        judges: whether it decides between red and green. On the command line, an empty text for it is an
            error; in other sources it is a setting that is not set.
        in_wrappers: whether actions, components and steps of CI hosts may have it. All other settings are set
            by variables and ``.onetest.yml`` there.
    """

    help: str
    parse: Parser
    commands: frozenset[str]
    group: Group
    metavar: str
    hint: str = ""
    multiple: bool = False
    flag: bool = False
    positional: bool = False
    secret: bool = False
    default: str = ""
    own_defaults: Mapping[str, Any] = MappingProxyType({})
    config_policy: ConfigPolicy = NOT_THE_RUN
    judges: bool = False
    in_wrappers: bool = True

    @property
    def is_path(self) -> bool:
        """Whether it is a path or a pattern, which may name a place outside of the container."""
        return self.parse in {path, pattern}

    @property
    def is_pair(self) -> bool:
        """Whether it is ``KEY=VALUE``."""
        return self.parse in {attribute, pair}

    def described(self, command: str = "") -> str:
        """Return the help with the default of a command."""
        default = self.own_defaults.get(command, self.default)
        return self.help if default == "" else f"{self.help} Default: {default}."


@dataclass(frozen=True, kw_only=True, init=False, repr=False, eq=False)  # only made as part of Settings
class Provenance:
    """What the sources of the settings left besides the values.

    Attributes:
        warnings: values that were set and do not count, in sentences for people.
        from_config: names of the options whose value ``.onetest.yml`` holds.
        config_root: the resolved directory that the paths of ``.onetest.yml`` stay below; None without one.
        sources: the name of each option that a source holds, with the source's name for people.
    """

    warnings: tuple[str, ...] = ()
    from_config: frozenset[str] = frozenset()
    config_root: Path | None = None
    sources: tuple[tuple[str, str], ...] = ()

    def root_of(self, name: str) -> Path | None:
        """Return the directory that an option's paths must stay below; None if a person chose them."""
        return self.config_root if name in self.from_config else None


def setting(
    summary: str,
    parse: Parser,
    commands: Iterable[str],
    *,
    group: Group,
    default: Any = None,
    metavar: str = "",
    **more: Any,
) -> Any:
    """Declare a field of ``Settings`` together with its ``Option``."""
    shown = str(default) if isinstance(default, (str, int)) and not isinstance(default, bool) else ""
    option = Option(
        help=summary,
        parse=parse,
        commands=frozenset(commands),
        group=group,
        metavar=metavar,
        default=shown,
        **more,
    )
    return field(default=default, metadata={_KEY: option})


def option_of(metadata: Any) -> Option | None:
    """Return the option in a field's metadata; None for a field that is not a setting."""
    found = metadata.get(_KEY)
    return found if isinstance(found, Option) else None


def variable_name(name: str) -> str:
    """Return the name of an option's environment variable."""
    return "ONETEST_" + name.upper().replace("-", "_")


def input_name(name: str) -> str:
    """Return the variable of an action input. The runner keeps hyphens (actions/runner, ActionRunner.cs)."""
    return "INPUT_" + name.upper()


def plugin_name(name: str) -> str:
    """Return the variable of a plugin step's setting."""
    return "PLUGIN_" + name.upper().replace("-", "_")
